"""The command `structure`."""

from structure.cli.main import main

__all__ = ["main"]
