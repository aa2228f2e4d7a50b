"""hOCR: words with boxes in HTML, which OCRmyPDF, hocr-tools and many viewers read.

Boxes are pixels of the upright page: of the picture file turned by quarters, or of the PDF page
drawn at the resolution of reading. The file is well-formed XML, because some readers ask for that.

Source: hOCR 1.2, http://kba.github.io/hocr-spec/1.2/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from recovery.writers.cleaning import cleaned
from recovery.writers.content import title_of
from recovery.writers.options import Original
from recovery.writers.originals import shown
from recovery.writers.page_frames import Frame, upright_frame
from recovery.writers.placed_words import Area, areas_of, inside_cells, turn_of, words_of
from recovery.writers.rendered import Rendered
from structure.core.document import Document, FigureBlock, FormulaBlock, Line, Page, TableBlock
from structure.core.geometry import Box
from structure.core.text import clean, is_rtl

_FLOATS = {
    "header": "ocr_header",
    "footer": "ocr_footer",
    "page_number": "ocr_pageno",
    "caption": "ocr_caption",
    "table": "ocr_table",
    "figure": "ocr_photo",
    "chart": "ocr_photo",
    "seal": "ocr_photo",
    "handwriting": "ocr_photo",
    "formula": "ocr_display",
}
_CAPABILITIES = " ".join(
    ("ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word", *sorted(set(_FLOATS.values())))
)
_BELOW_BASELINE = 0.2  # share of a line's height


def render_hocr(document: Document, originals: Sequence[Original] = ()) -> Rendered:
    """The document as one hOCR file.

    Args:
        document: What to write.
        originals: What it was made from; they tell the exact size of the pictures and their names.
    """
    document = cleaned(document)
    areas = areas_of(document)
    body = [
        row
        for n, (page, view) in enumerate(
            zip(document.pages, shown(document, originals), strict=True)
        )
        for row in _page(
            n, page, upright_frame(page, view.extent), areas.get(page.n, []), clean(view.name)
        )
    ]
    lines = [*_head(document), "<body>", *body, "</body>", "</html>"]
    return Rendered(("\n".join(lines) + "\n").encode("utf-8"))


def _head(document: Document) -> Iterator[str]:
    producer = f"{document.producer.name} {document.producer.version}".strip()
    lang = escape(document.lang[0]) if document.lang else ""
    attributes = f' xml:lang="{lang}" lang="{lang}"' if lang else ""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<!DOCTYPE html>"
    yield f'<html xmlns="http://www.w3.org/1999/xhtml"{attributes}>'
    yield "<head>"
    yield '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>'
    yield f"<title>{escape(title_of(document))}</title>"
    for name, content in (
        ("ocr-system", producer),
        ("ocr-capabilities", _CAPABILITIES),
        ("ocr-number-of-pages", str(len(document.pages))),
        ("ocr-langs", " ".join(document.lang)),
    ):
        yield f'<meta name="{name}" content="{escape(content)}"/>'
    yield "</head>"


def _page(n: int, page: Page, frame: Frame, areas: Sequence[Area], name: str) -> Iterator[str]:
    name = " ".join(name.replace('"', "'").split())
    x_dpi, y_dpi = (round(value) for value in frame.dpi)
    title = (
        f'image "{name}"; bbox 0 0 {frame.width} {frame.height}; ppageno {n}; '
        f"scan_res {x_dpi} {y_dpi}"
    )
    yield f'<div class="ocr_page" id="page_{n + 1}" title="{escape(title)}">'
    if page.failure is not None:
        yield f"<!-- {escape(page.failure).replace('--', '- -')} -->"
    for k, area in enumerate(areas, start=1):
        yield from _area(f"{n + 1}_{k}", area, frame)
    yield "</div>"


def _area(name: str, area: Area, frame: Frame) -> Iterator[str]:
    kind = _FLOATS.get(area.type, "ocr_carea")
    if not area.lines and not isinstance(area.owner, FigureBlock | FormulaBlock | TableBlock):
        return
    yield f'<div class="{kind}" id="block_{name}" title="{_bbox(frame, area.box)}">'
    parts = [(area.box, area.lines)] if area.lines else []
    if isinstance(area.owner, TableBlock):
        parts = [(box, lines) for _, box, lines in inside_cells(area.owner, area.lines)]
    for k, (box, lines) in enumerate(parts, start=1):
        yield from _paragraph(f"{name}_{k}", box, lines, frame)
    yield "</div>"


def _paragraph(name: str, box: Box, lines: Sequence[Line], frame: Frame) -> Iterator[str]:
    rtl = ' dir="rtl"' if is_rtl(" ".join(line.text for line in lines)) else ""
    yield f'<p class="ocr_par" id="par_{name}"{rtl} title="{_bbox(frame, box)}">'
    for n, line in enumerate(lines, start=1):
        words = words_of(line)
        if not words:
            continue
        yield (
            f'<span class="ocr_line" id="line_{name}_{n}" '
            f'title="{_bbox(frame, line.box)}{_baseline(frame, line)}">'
        )
        row = ""
        for k, word in enumerate(words, start=1):
            sure = f"; x_wconf {round(100 * word.conf)}" if word.conf is not None else ""
            row += (
                f'<span class="ocrx_word" id="word_{name}_{n}_{k}" '
                f'title="{_bbox(frame, word.box)}{sure}">{escape(word.text)}</span>'
            ) + (" " if word.space else "")
        yield row
        yield "</span>"
    yield "</p>"


def _bbox(frame: Frame, box: Box) -> str:
    return "bbox {} {} {} {}".format(*frame.box(box))


def _baseline(frame: Frame, line: Line) -> str:
    """Baseline (slope, and offset at the left bottom corner of the box) and height of the type."""
    box, turn = line.box, turn_of(line)
    unit = (frame.dpi[0] + frame.dpi[1]) / 2 / 72
    if turn:
        return f"; textangle {turn}; x_size {box.width * unit:.2f}"
    y = box.y1 - _BELOW_BASELINE * box.height
    (ax, ay), (bx, by) = (frame.way.point(x, y) for x in (box.x0, box.x1))
    slope = (by - ay) / (bx - ax) if bx > ax else 0.0
    x0, _, _, y1 = frame.box(box)
    offset = ay + slope * (x0 - ax) - y1
    return f"; baseline {slope + 0.0:.3f} {offset:.1f}; x_size {box.height * unit:.2f}"
