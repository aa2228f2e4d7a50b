"""Faces: told by a font's name, or by the widths of the lines; and written as they are."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from recovery import render, restore
from recovery.metrics import text_width
from structure.core.analysis import PageAnalysis, TextLine, Word
from structure.core.document import Document, Face, Producer, Source
from structure.core.geometry import Box
from structure.reading.characters import face_of

LINES = (
    "Illness will still fill little villages with ill will, it is",
    "said among women and men who mow meadows near Worms and",
    "The quick brown fox jumps over the lazy dog while the",
    "mighty committee summoned my mammoth mummy momentarily; a",
    "Jolly fjord, jilted fillip: a tiff in a lift, till it fits",
    "between the warm summer wind and the swamp we swam across",
    "little by little, filling it till it is full of tiny fish",
    "nobody knows how many months, or what became of them then",
    "if it is ill-lit, I will fit a filter, lift it and tilt it",
    "and who would have known that such a house was so modern?",
    "in the end, a few last words that nobody will ever read on",
)


def scanned(face: Face, size: float) -> Document:
    """A page of one ragged paragraph, read from pixels at 72 dpi."""
    lines = []
    for k, text in enumerate(LINES):
        y, x = 80 + 1.25 * size * k, 72.0
        words = []
        for word in text.split():
            width = size * text_width(word, face)
            words.append(Word(word, Box(x, y, x + width, y + size), 0.99))
            x += width + size * text_width(" ", face)
        end = words[-1].box.x1
        lines.append(
            TextLine(text, Box(72.0, y, end, y + size), 0.99, tuple(words), size=size, stroke=1.0)
        )
    page = PageAnalysis(
        1, 595.28, 841.89, 72.0, lines=tuple(lines), line_regions=(None,) * len(lines)
    )
    source = Source("a.png", "image/png", "0" * 64, 1)
    return restore([page], source=source, producer=Producer("test", "0"))


@pytest.mark.parametrize("face", ["serif", "sans", "Calibri"])
def test_the_widths_of_the_lines_tell_the_face_and_its_size(face: Face) -> None:
    style = scanned(face, 11.0).style
    assert (style.face or style.family) == face
    assert style.size == 11.0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BCDEEE+Calibri-Light", "Calibri"),
        ("Carlito", "Calibri"),
        ("ABCDEF+Cambria-Bold", "Cambria"),
        ("CambriaMath", None),
        ("Verdana-Italic", "Verdana"),
        ("DejaVuSansMono", None),
        ("ArialMT", None),
    ],
)
def test_a_font_of_a_text_layer_names_its_face(name: str, expected: str | None) -> None:
    assert face_of(name, 0, 400, 0).named == expected


def test_the_docx_names_the_face() -> None:
    file = docx.Document(BytesIO(render(scanned("Calibri", 11.0), ".docx").data))
    fonts = file.styles["Normal"].element.find(f".//{qn('w:rFonts')}")
    assert fonts is not None
    assert fonts.get(qn("w:ascii")) == "Calibri"


def labels(face: Face, stated: float) -> Document:
    """Short texts in 10 points, each on its own, whose size was measured as `stated`."""
    lines = []
    for k, line in enumerate(LINES):
        text, y = " ".join(line.split()[:3]), 60.0 + 60 * k
        box = Box(72.0, y, 72.0 + 10 * text_width(text, face), y + 10)
        lines.append(TextLine(text, box, 0.99, (Word(text, box, 0.99),), size=stated, stroke=1.0))
    page = PageAnalysis(
        1, 595.28, 841.89, 72.0, lines=tuple(lines), line_regions=(None,) * len(lines)
    )
    source = Source("a.png", "image/png", "0" * 64, 1)
    return restore([page], source=source, producer=Producer("test", "0"))


@pytest.mark.parametrize("face", ["serif", "sans", "Calibri"])
@pytest.mark.parametrize("stated", [9.0, 10.0, 11.0])
def test_short_texts_tell_their_face_although_heights_are_measured_wrongly(
    face: Face, stated: float
) -> None:
    style = labels(face, stated).style
    assert (style.face or style.family) == face
