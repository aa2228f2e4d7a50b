"""Whole folders: resumable, with a ledger of what has become of every file."""

from structure.batch.engines import Engine, LocalEngine, Work
from structure.batch.ledger import Counts, Job, Ledger, State
from structure.batch.places import Folder, Found, Place
from structure.batch.planning import Plan
from structure.batch.run import BatchOptions, BatchResult, Listener, run_batch
from structure.batch.watching import Watch

__all__ = [
    "BatchOptions",
    "BatchResult",
    "Counts",
    "Engine",
    "Folder",
    "Found",
    "Job",
    "Ledger",
    "Listener",
    "LocalEngine",
    "Place",
    "Plan",
    "State",
    "Watch",
    "Work",
    "run_batch",
]
