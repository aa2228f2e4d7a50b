"""A document with a known truth: generated, written, rendered, and measured on the rendering."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recovery.score.families.books import chapter, handbook, manual, minutes
from recovery.score.families.eastern import chinese, form, japanese, right_to_left
from recovery.score.families.flowing import news, paper_in_columns, report
from recovery.score.families.office_papers import brochure, invoice, letter, statement
from recovery.score.manuscript import Manuscript
from recovery.score.placing import place
from recovery.score.rendering import to_pdf
from recovery.score.truth_docx import write_truth
from recovery.score.twin import Tints, read_rendering, shift
from structure.core.document import Document, Source, TableBlock

FAMILIES: dict[str, Callable[[int], Manuscript]] = {
    "report": report,
    "paper": paper_in_columns,
    "news": news,
    "letter": letter,
    "manual": manual,
    "statement": statement,
    "invoice": invoice,
    "chinese": chinese,
    "japanese": japanese,
    "form": form,
    "rtl": right_to_left,
    "chapter": chapter,
    "minutes": minutes,
    "brochure": brochure,
    "handbook": handbook,
}
"""What is generated, by name: a manuscript for every seed."""

_SAME = 0.011
"""Glyphs of the twin stand where they stand in the plain rendering, up to the PDF's rounding."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A document, its truth and its clean rendering.

    Attributes:
        name: Family and seed ("report-1").
        document: The truth: every block, line and word with its place. A footnote has its mark in
            its lines, not in its text; a table on several pages is one block for each page, the
            later ones with `continued_from` and without the header rows repeated there.
        docx: The source it was rendered from.
        pdf: The rendering.
        printed: By block id, every part of a table as it stands on its page, with repeated header
            rows.
        running_size: Type size of headers and footers in points.
    """

    family: str
    seed: int
    name: str
    document: Document
    docx: bytes
    pdf: bytes
    printed: Mapping[str, TableBlock]
    running_size: float


def make_sample(family: str, seed: int, *, cache: Path | None = None) -> Sample:
    """Generate, render and measure one document.

    Args:
        family: A key of `FAMILIES`.
        seed: Any number; the same one gives the same document.
        cache: Folder that keeps renderings by a digest of their source.

    Raises:
        KeyError: there is no such family.
        RuntimeError: LibreOffice is missing or fails.
        ValueError: the rendering does not show what was written, or the twin differs from it.
    """
    manuscript = FAMILIES[family](seed)
    name = f"{family}-{seed}"
    tints = Tints()
    docx = write_truth(manuscript)
    colored = write_truth(manuscript, tint=tints, fill=tints)
    plain_pdf, twin_pdf = _rendered(docx, colored, cache)
    plain, twin = read_rendering(plain_pdf), read_rendering(twin_pdf)
    moved = shift(plain, twin)
    if moved > _SAME:
        raise ValueError(f"{name}: the twin differs from the plain rendering by {moved} points")
    source = Source(
        f"{name}.pdf",
        "application/pdf",
        hashlib.sha256(docx).hexdigest(),
        len(plain.sizes),
    )
    layout = place(manuscript, tints, twin, source)
    size = manuscript.look.running_size
    return Sample(family, seed, name, layout.document, docx, plain_pdf, layout.printed, size)


def _rendered(plain: bytes, twin: bytes, cache: Path | None) -> tuple[bytes, bytes]:
    if cache is None:
        pdfs = to_pdf({"plain.docx": plain, "twin.docx": twin})
        if len(pdfs) < 2:
            raise RuntimeError("LibreOffice (soffice) is not installed, or could not render")
        return pdfs["plain.docx"], pdfs["twin.docx"]
    digest = hashlib.sha256(plain + twin).hexdigest()[:32]
    paths = [cache / f"{digest}.{name}.pdf" for name in ("plain", "twin")]
    if not all(path.is_file() for path in paths):
        cache.mkdir(parents=True, exist_ok=True)
        for path, data in zip(paths, _rendered(plain, twin, None), strict=True):
            # A reader beside us never sees half a file.
            with tempfile.NamedTemporaryFile(dir=cache, delete=False) as file:
                file.write(data)
            Path(file.name).replace(path)
    return paths[0].read_bytes(), paths[1].read_bytes()
