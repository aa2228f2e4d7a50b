"""Other ways to a docx, for comparison; each is skipped where its program is not installed."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from recovery import render
from structure.core.document import Document, TextBlock


@dataclass(frozen=True, slots=True)
class Input:
    """What a peer may start from.

    Attributes:
        pdf: The source.
        truth: The document as it was written.
        ours: The document as we restored it.
    """

    pdf: bytes
    truth: Document
    ours: Document


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to a docx.

    Attributes:
        package: What has to be installed.
        make: The docx; None where the program gives none.
    """

    package: str
    make: Callable[[Input], bytes | None]

    def missing(self) -> str | None:
        """The package that is not installed; None where all is there."""
        return None if find_spec(self.package) else self.package


def _pdf2docx(given: Input) -> bytes | None:
    from pdf2docx import Converter

    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "in.pdf", Path(name) / "out.docx"
        source.write_bytes(given.pdf)
        converter = Converter(str(source))
        try:
            converter.convert(str(target))
        finally:
            converter.close()
        return target.read_bytes() if target.is_file() else None


def _by_pandoc(document: Document, ending: str, form: str) -> bytes:
    """A document as pandoc's docx, by way of another format."""
    import pypandoc

    rendered = render(document, ending)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = folder / f"document{ending}", folder / "out.docx"
        source.write_bytes(rendered.data)
        assets = folder / "document_assets"
        assets.mkdir()
        for file, data in rendered.side_files.items():
            (assets / file).write_bytes(data)
        options = [f"--resource-path={folder}"]
        if any(isinstance(block, TextBlock) and block.type == "title" for block in document.body):
            # There the title is the heading above all; pandoc's own title is no heading.
            options.append("--shift-heading-level-by=-1")
        pypandoc.convert_file(
            str(source), "docx", format=form, outputfile=str(target), extra_args=options
        )
        return target.read_bytes()


def _markdown(given: Input) -> bytes:
    return _by_pandoc(given.ours, ".md", "gfm")


def _html(given: Input) -> bytes:
    return _by_pandoc(given.truth, ".html", "html")


PEERS: dict[str, Peer] = {
    "pdf2docx": Peer("pdf2docx", _pdf2docx),
    "our markdown, pandoc": Peer("pypandoc", _markdown),
    "perfect html, pandoc": Peer("pypandoc", _html),
}
"""pdf2docx reads the PDF itself; the last one starts from the truth, as no program could."""
