from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from structure.core.analysis import PageAnalysis
from structure.isolation.channel import Channel, GoneError, LateError
from structure.isolation.messages import Wanted
from structure.isolation.spool import Spool


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    one, two = os.pipe(), os.pipe()
    channels = Channel(one[0], two[1], largest=1000), Channel(two[0], one[1])
    yield channels
    for channel in channels:
        with suppress(OSError):
            channel.close()


def test_a_message_arrives(ends: tuple[Channel, Channel]) -> None:
    ends[1].send("read", Wanted(7))
    message = ends[0].receive(time.monotonic() + 1)
    assert (message.kind, message.value(Wanted)) == ("read", Wanted(7))


def test_a_message_larger_than_a_pipe_arrives(ends: tuple[Channel, Channel]) -> None:
    text = "x" * 3_000_000
    sender = threading.Thread(target=ends[0].send, args=("text", (text,)))
    sender.start()
    assert ends[1].receive(time.monotonic() + 10).value(tuple[str, ...]) == (text,)
    sender.join()


def test_silence_is_late_and_an_end_is_an_end(ends: tuple[Channel, Channel]) -> None:
    with pytest.raises(LateError):
        ends[0].receive(time.monotonic() + 0.05)
    ends[1].close()
    with pytest.raises(GoneError):
        ends[0].receive(time.monotonic() + 1)
    with pytest.raises(GoneError):
        ends[0].send("read", Wanted(7))


@pytest.mark.parametrize(
    "raw",
    [
        b"error: garbage from a library that prints to the wrong place\n" * 3,
        struct.pack("<16sQI", b"page", 10_000, 0),
        struct.pack("<16sQI", b"page", 2**63, 0),
        struct.pack("<16sQI", b"page", 5, 2**31),
        struct.pack("<16sQIQ", b"page", 5, 1, 2**62),
    ],
)
def test_a_message_that_is_too_long_or_nonsense_is_an_end(raw: bytes) -> None:
    one, two = os.pipe(), os.pipe()
    channel = Channel(one[0], two[1], largest=1000)
    os.write(one[1], raw)
    with pytest.raises(GoneError):
        channel.receive(time.monotonic() + 1)
    for descriptor in (*one, *two):
        os.close(descriptor)


def test_a_message_of_another_type_is_an_end(ends: tuple[Channel, Channel]) -> None:
    ends[1].send("read", ("a", "b"))
    with pytest.raises(GoneError):
        ends[0].receive().value(Wanted)


def page(number: int, text: str = "") -> PageAnalysis:
    return PageAnalysis(number, 10.0, 20.0, 72.0, failure=text or None)


@pytest.fixture
def file() -> Iterator[int]:
    descriptor = os.memfd_create("spool") if hasattr(os, "memfd_create") else -1
    if descriptor < 0:
        pytest.skip("no files without names here")
    yield descriptor
    os.close(descriptor)


def test_the_next_worker_finds_the_pages_of_the_last(file: int) -> None:
    spool = Spool(file, fresh=True)
    for number in (3, 1):
        spool.keep(page(number, f"page {number}"))
    later = Spool(file, fresh=False)
    assert later.recall(1) == page(1, "page 1")
    assert later.recall(3) == page(3, "page 3")
    assert later.recall(2) is None
    assert Spool(file, fresh=True).recall(1) is None


def test_a_page_that_was_half_written_is_not_there(file: int) -> None:
    spool = Spool(file, fresh=True)
    spool.keep(page(1))
    spool.keep(page(2, "long " * 100))
    os.ftruncate(file, os.fstat(file).st_size - 10)
    later = Spool(file, fresh=False)
    assert later.recall(1) == page(1)
    assert later.recall(2) is None
    later.keep(page(2, "again"))
    assert Spool(file, fresh=False).recall(2) == page(2, "again")
