"""From page analyses to a document."""

from recovery.restore.options import RestoreOptions
from recovery.restore.restoration import restore

__all__ = ["RestoreOptions", "restore"]
