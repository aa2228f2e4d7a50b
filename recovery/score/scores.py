"""The scores of one document: structure, fidelity and hygiene."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from recovery.score import fidelity_scores, render_scores, structure_scores
from recovery.score.document_reader import read_document
from recovery.score.docx_reader import read_docx
from recovery.score.drawn_words import read_drawing
from recovery.score.matching import Matches, match
from recovery.score.reading import Paragraph, Picture, Reading, Table, bare
from recovery.score.structure_scores import mean
from recovery.writers.docx_check import check_bytes
from structure.core.document import Document

STRUCTURE = ("text", "order", "para_f1", "type_f1", "head", "teds", "list", "furn")
FIDELITY = ("page", "pages", "cols", "size", "widths", "placed", "box_iou", "ssim", "fig")
MORE = ("kendall", "teds_s", "margins", "align", "bold")
HYGIENE = ("opens", "valid", "converts", "direct", "lost")
_GRAM = 3
_FOUND = 0.5


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores, each 0 to 1; None where there was nothing to measure.

    Attributes:
        values: By the names in `STRUCTURE`, `FIDELITY`, `MORE` and `HYGIENE`. All are the better
            the higher, but for `lost`, the share of truth blocks that are nowhere.
        faults: What the checker of docx files finds wrong.
        lost: What is nowhere, in the words of the truth.
    """

    values: Mapping[str, float | None]
    faults: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def structure(self) -> float | None:
        """Mean of the scores of structure that say something."""
        return mean([self.values[name] for name in STRUCTURE])

    @property
    def fidelity(self) -> float | None:
        """Mean of the scores of fidelity that say something."""
        return mean([self.values[name] for name in FIDELITY])

    def as_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {
            "structure": self.structure,
            "fidelity": self.fidelity,
            **asdict(self),
        }


def score(truth: Document, truth_pdf: bytes, out_docx: bytes, out_pdf: bytes | None) -> Scores:
    """Compare a docx with the document that it was made from.

    Args:
        truth: What the document is.
        truth_pdf: Its clean rendering.
        out_docx: What restoration made of it.
        out_pdf: The rendering of that; None where LibreOffice is absent or fails.
    """
    wanted = read_document(truth)
    try:
        found = read_docx(out_docx)
    except ValueError:
        found = Reading((), ())
    matches = match(wanted, found)
    lost = tuple(_lost(matches))
    faults = tuple(_faults(out_docx))
    values: dict[str, float | None] = {
        **compare(matches),
        **_rendered(truth, truth_pdf, out_pdf),
        "opens": float(_opens(out_docx)),
        "valid": float(not faults),
        "converts": float(out_pdf is not None),
        "direct": fidelity_scores.direct(found),
        "lost": len(lost) / len(wanted.items) if wanted.items else 0.0,
    }
    return Scores(values, faults, lost)


def compare(matches: Matches) -> dict[str, float | None]:
    """The scores that need no rendering, by name."""
    truth, found = matches.truth, matches.found
    return {
        "text": structure_scores.text(truth, found),
        "order": structure_scores.order(matches),
        "kendall": structure_scores.kendall(matches),
        "para_f1": structure_scores.para_f1(truth, found),
        "type_f1": structure_scores.type_f1(matches),
        "head": structure_scores.head(truth, found),
        "teds": structure_scores.table_likeness(matches),
        "teds_s": structure_scores.table_likeness(matches, structure_only=True),
        "list": structure_scores.listed(matches),
        "furn": structure_scores.furniture(matches),
        "page": fidelity_scores.page(matches),
        "margins": fidelity_scores.margins(matches),
        "cols": fidelity_scores.cols(matches),
        "size": fidelity_scores.size(matches),
        "align": fidelity_scores.align(matches),
        "bold": fidelity_scores.bold(matches),
        "widths": fidelity_scores.widths(matches),
        "fig": fidelity_scores.fig(matches),
    }


def _rendered(truth: Document, truth_pdf: bytes, out_pdf: bytes | None) -> dict[str, float | None]:
    if out_pdf is None:
        return dict.fromkeys(("pages", "placed", "box_iou", "ssim"))
    own, other = read_drawing(truth_pdf), read_drawing(out_pdf)
    pairs = render_scores.align_words(own, other)
    return {
        "pages": render_scores.pages(own, other),
        "placed": render_scores.placed(own, other, pairs),
        "box_iou": render_scores.box_iou(truth, own, other, pairs),
        "ssim": render_scores.ssim(truth_pdf, out_pdf),
    }


def _opens(data: bytes) -> bool:
    try:
        docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, etree.LxmlError):
        return False
    return True


def _faults(data: bytes) -> list[str]:
    try:
        return check_bytes(data)
    except (zipfile.BadZipFile, etree.LxmlError) as error:
        return [str(error)]


def _lost(matches: Matches) -> list[str]:
    """The texts of blocks of which less than half stands anywhere, and names of lost pictures."""
    said = [*matches.found.texts(), *(item.text for item in matches.found.running)]
    whole = bare("".join(said))
    grams = _grams(whole)
    lost: list[str] = []
    for n, item in enumerate(matches.truth.items):
        if n in matches.items:
            continue
        if isinstance(item, Picture):
            lost.append(f"picture {item.id}")
        elif not _stands(item, whole, grams):
            lost.append(item.text)
    return lost


def _stands(item: Paragraph | Table, whole: str, grams: set[str]) -> bool:
    text = bare(item.text)
    if len(text) <= _GRAM:
        return text in whole
    own = [text[n : n + _GRAM] for n in range(len(text) - _GRAM + 1)]
    return sum(gram in grams for gram in own) >= _FOUND * len(own)


def _grams(text: str) -> set[str]:
    return {text[n : n + _GRAM] for n in range(len(text) - _GRAM + 1)}
