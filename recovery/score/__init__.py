"""The round-trip rig: documents with a known truth, and scores of what restoration makes of it."""
