"""The command `structure`."""
