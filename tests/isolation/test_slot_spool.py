"""Pages of one file never come into another."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from structure.core.limits import Limits
from structure.isolation import ModelOptions, Task
from structure.isolation.supervisor import Cause, Job, Slot


@pytest.fixture
def slot(monkeypatch: pytest.MonkeyPatch) -> Any:
    channel = SimpleNamespace(send=lambda *_: None)
    monkeypatch.setattr(Slot, "_hire", lambda self: SimpleNamespace(channel=channel))
    slot = Slot(ModelOptions(), Limits(), debug=False)
    os.write(slot._spool.fileno(), b"pages of the last file")
    yield slot
    slot._spool.close()


def size(slot: Slot) -> int:
    return os.fstat(slot._spool.fileno()).st_size


def test_a_new_file_finds_no_pages_of_the_last_one(slot: Slot) -> None:
    # Also when the worker is lost before it has looked at the spool.
    job = Job(Task("b", Path("b.pdf"), ()), 0.0)
    slot.give(job)
    job.cause = Cause.CRASH
    slot.resume()
    assert size(slot) == 0


def test_the_next_worker_finds_the_pages_of_the_same_file(slot: Slot) -> None:
    job = Job(Task("b", Path("b.pdf"), ()), 0.0)
    job.cause = Cause.CRASH
    slot.give(job)
    assert size(slot) > 0
