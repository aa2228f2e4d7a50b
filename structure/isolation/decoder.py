"""The child that opens a file: the only process that touches what strangers have made.

It reads one file, answers one request after the other, and ends with whoever started it.
"""

from __future__ import annotations

import os
from functools import partial
from subprocess import Popen

from structure.core.errors import StructureError
from structure.isolation.channel import Channel, GoneError
from structure.isolation.confine import die_with_parent, limit_decoder
from structure.isolation.messages import Complaint, Facts, OpenRequest, Wanted

MEMORY = 2 << 30
"""Bytes of address space of a decoder, and of each program that it runs."""

_WRITTEN = 4
"""Repaired and changed copies of a file may be so many times as large as it may be."""


def main(reader: int, writer: int, *, debug: bool) -> None:
    """Serve one file."""
    channel = Channel(reader, writer)
    try:
        request = channel.receive().value(OpenRequest)
        limits = request.limits
        limit_decoder(
            MEMORY if limits.memory else 0, limits.file_seconds, _WRITTEN * limits.file_size
        )
        serve(channel, request)
    except GoneError:
        os._exit(0)


def serve(channel: Channel, request: OpenRequest) -> None:
    """Open the file, say what it is, and send its pages as they are asked for."""
    # Imported here: under the limits from the first line of a reader on.
    import pdf2image.pdf2image

    from structure.core.images import PageImage
    from structure.reading import open_source

    # The program that draws pages must not outlive this process either.
    pdf2image.pdf2image.Popen = partial(Popen, preexec_fn=die_with_parent)
    try:
        source = open_source(
            request.path,
            pages=request.pages,
            dpi=request.dpi,
            ocr=request.ocr,
            password=request.password,
            limits=request.limits,
        )
    except (StructureError, MemoryError) as error:
        channel.send("complaint", _complaint(error))
        return
    with source:
        facts = Facts(
            source.media_type,
            source.sha256,
            source.page_count,
            source.numbers,
            source.notices,
            source.outline,
            source.reader,
        )
        channel.send("facts", facts)
        while True:
            page = source.read(channel.receive().value(Wanted).number)
            channel.send("page" if isinstance(page, PageImage) else "failure", page)


def _complaint(error: StructureError | MemoryError) -> Complaint:
    if isinstance(error, StructureError) and not isinstance(error.__cause__, MemoryError):
        return Complaint(type(error).__name__, error.what, error.hint, error.code)
    hint = "scale it down, or split it"
    return Complaint("LimitError", "needs too much memory to be opened", hint, "E_MEMORY")
