"""Pages with true blocks: where they stand, what they are, in which order they are read."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from structure.core.geometry import Box, union

TEXT, HEADING, LIST, CAPTION, TABLE, PICTURE, FORMULA, FOOT = KINDS = (
    "text", "heading", "list", "caption", "table", "picture", "formula", "foot"
)  # fmt: skip
"""`foot` is all that stands outside the flow: page headers and footers, page numbers, footnotes."""

_DOCBANK = {
    "abstract": TEXT,
    "author": None,
    "caption": CAPTION,
    "date": None,
    "equation": FORMULA,
    "figure": PICTURE,
    "footer": FOOT,
    "list": LIST,
    "paragraph": TEXT,
    "reference": None,
    "section": HEADING,
    "table": TABLE,
    "title": HEADING,
}
_CVAT = {
    "text": TEXT,
    "section_header": HEADING,
    "list_item": LIST,
    "picture": PICTURE,
    "table": TABLE,
    "caption": CAPTION,
    "page_header": FOOT,
    "page_footer": FOOT,
    "checkbox_unselected": None,
}
_WORD = re.compile(r"[^\W\d_]{2}")
_MIN_FIGURE = 1e-3
"""Share of the page below which a drawing of DocBank is an ornament or a sign."""


@dataclass(frozen=True, slots=True)
class TrueBlock:
    """A block as the labels have it.

    Attributes:
        box: In pixels of the picture.
        kind: One of `KINDS`; None where the label says nothing that a document could be held to
            (references may be a list or text).
        rank: Its place in the reading order; None where it has none.
    """

    box: Box
    kind: str | None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    box: Box
    kind: str
    text: str = ""


def docbank(path: Path, width: int, height: int) -> list[TrueBlock]:
    """The blocks of a DocBank page, whose labels are tokens from the top of the page to its bottom.

    That is no reading order where a page has two columns. So the order is that of LaTeX's classes:
    the left column, then the right one, each from the top down; what crosses the gutter is read
    before all that stands below it. In a column tokens make rows, and the class of most of a row is
    that of the row: words such as "Figure 3." before a caption have that of the text. Rows of one
    class without a wide gap between them make a block; blocks without a word, such as page numbers,
    which have the class of the text, are left out. Drawings have no place in the order, because
    LaTeX moves them; nor have footnotes.

    Args:
        path: Lines of token, x0, y0, x1, y1 (thousandths of the page), colour, font, class.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
    """
    tokens, figures = [], []
    for row in path.read_text("utf-8").splitlines():
        token, x0, y0, x1, y1, *_, kind = row.split("\t")
        box = Box(*map(float, (x0, y0, x1, y1))).scaled(width / 1000, height / 1000)
        if token == "##LTFigure##":
            figures.append(box)
        elif not token.startswith("##LT") and box.area > 0:
            tokens.append(_Token(box, kind, token))
    line_height = median(token.box.height for token in tokens) if tokens else 0.0
    blocks = [
        TrueBlock(union(row.box for row in part), _DOCBANK[part[0].kind])
        for column in _in_columns(_rows(tokens, line_height), line_height)
        for part in _blocks(column, line_height)
        if part[0].kind in ("equation", "table") or _WORD.search(" ".join(x.text for x in part))
    ]
    drawings = [
        TrueBlock(box, PICTURE) for box in figures if box.area > _MIN_FIGURE * width * height
    ]
    ranked = [block for block in blocks if block.kind != FOOT]
    feet = [block for block in blocks if block.kind == FOOT]
    return [*(replace(block, rank=n) for n, block in enumerate(ranked)), *feet, *drawings]


def _rows(tokens: Sequence[_Token], line_height: float) -> list[list[_Token]]:
    """Tokens at one height, over the whole page; indices and large signs join the nearest row."""
    rows: list[list[_Token]] = []
    usual, odd = [], []
    for token in tokens:
        fits = 0.7 * line_height <= token.box.height <= 1.5 * line_height
        (usual if fits else odd).append(token)
    for token in sorted(usual, key=lambda token: token.box.center[1]):
        middle = rows[-1][-1].box.center[1] if rows else float("-inf")
        if token.box.center[1] - middle <= 0.3 * line_height:
            rows[-1].append(token)
        else:
            rows.append([token])
    centers = [median(token.box.center[1] for token in row) for row in rows]
    for token in odd:
        y = token.box.center[1]
        nearest = min(range(len(rows)), key=lambda i: abs(centers[i] - y), default=None)
        if nearest is None or abs(centers[nearest] - y) > line_height:
            rows.append([token])
            centers.append(y)
        else:
            rows[nearest].append(token)
    return [rows[i] for i in sorted(range(len(rows)), key=lambda i: centers[i])]


def _in_columns(rows: Sequence[Sequence[_Token]], line_height: float) -> list[list[_Token]]:
    """Rows of each column in reading order, each as one token."""
    gutter = _gutter(rows, line_height)
    if gutter is None:
        return [[_row(row, line_height) for row in rows]]
    found: list[list[_Token]] = []
    left: list[_Token] = []
    right: list[_Token] = []
    for row in rows:
        if _crosses(row, gutter):
            found += [left, right, [_row(row, line_height)]]
            left, right = [], []
            continue
        for side, column in ((0, left), (1, right)):
            own = [token for token in row if (token.box.center[0] > gutter.center[0]) == side]
            if own:
                column.append(_row(own, line_height))
    return _joined([*found, left, right])


def _joined(columns: Iterable[list[_Token]]) -> list[list[_Token]]:
    """Columns without empty ones; rows over the whole width that follow each other are one."""
    result: list[list[_Token]] = []
    single = False
    for column in columns:
        if not column:
            continue
        if len(column) == 1 and single:
            result[-1] += column
        else:
            result.append(list(column))
        single = len(column) == 1
    return result


def _gutter(rows: Sequence[Sequence[_Token]], line_height: float) -> Box | None:
    """The strip near the middle that few rows cross and that has text on both sides of it."""
    everything = [token.box for row in rows for token in row]
    if not everything:
        return None
    page = union(everything)
    texts = [row for row in rows if _row(row, line_height).kind != "table"]
    best: tuple[int, Box] | None = None
    for step in range(40, 61):
        x = page.x0 + step / 100 * page.width
        strip = Box(x - 0.4 * line_height, page.y0, x + 0.4 * line_height, page.y1)
        free = [row for row in texts if not _crosses(row, strip)]
        sides = [
            sum(any((token.box.center[0] > x) == side for token in row) for row in free)
            for side in (False, True)
        ]
        crossed = len(texts) - len(free)
        if min(sides) >= 8 and crossed < 0.3 * len(free) and (best is None or crossed < best[0]):
            best = crossed, strip
    return best[1] if best else None


def _crosses(row: Sequence[_Token], strip: Box) -> bool:
    """Whether a row goes on over the gutter; that of a table does if it stands on both sides."""
    x = strip.center[0]
    cells = [token.box for token in row if token.kind == "table"]
    return any(token.box.x0 < strip.x1 and token.box.x1 > strip.x0 for token in row) or (
        any(box.x1 < x for box in cells) and any(box.x0 > x for box in cells)
    )


def _row(tokens: Sequence[_Token], line_height: float) -> _Token:
    widths = Counter[str]()
    for token in tokens:
        widths[token.kind] += round(100 * token.box.width)
    # The boxes of large signs are those of their fonts and reach far beyond what one sees.
    seen = [token.box for token in tokens if token.box.height <= 1.5 * line_height]
    return _Token(
        union(seen or [token.box for token in tokens]),
        widths.most_common(1)[0][0],
        " ".join(token.text for token in tokens),
    )


def _blocks(rows: Sequence[_Token], line_height: float) -> list[list[_Token]]:
    parts: list[list[_Token]] = []
    for row in rows:
        last = parts[-1][-1] if parts else None
        if last and last.kind == row.kind and row.box.y0 - last.box.y1 < 1.2 * line_height:
            parts[-1].append(row)
        else:
            parts.append([row])
    return parts


def cvat(path: Path) -> dict[str, list[TrueBlock]]:
    """The blocks of each picture of a CVAT file, by the picture's name.

    A chain of reading order inside a picture or table follows upon that; what stands in a table is
    part of it. Empty places of a form have no text and are left out.
    """
    return {
        image.get("name", ""): _cvat_page(image)
        for image in ElementTree.parse(path).getroot().iter("image")
    }


def _cvat_page(image: ElementTree.Element) -> list[TrueBlock]:
    boxes: list[TrueBlock] = []
    for element in image.iter("box"):
        label = element.get("label", "")
        if label in _CVAT:
            corners = (float(element.get(name, 0)) for name in ("xtl", "ytl", "xbr", "ybr"))
            boxes.append(TrueBlock(Box(*corners), _CVAT[label]))
    tables = [block.box for block in boxes if block.kind == TABLE]
    boxes = [
        b
        for b in boxes
        if b.kind == TABLE or all(b.box.covered_by(table) < 0.8 for table in tables)
    ]
    order: list[int] = []
    for _, points in sorted(_chains(image), key=lambda chain: chain[0]):
        visited = [i for i in (_smallest(point, boxes) for point in points) if i is not None]
        fresh = [i for i in dict.fromkeys(visited) if i not in order]
        if not fresh:
            continue
        around = [
            order.index(i)
            for i in order
            if all(boxes[k].box.covered_by(boxes[i].box) > 0.5 for k in fresh)
        ]
        place = max(around) + 1 if around else len(order)
        order[place:place] = fresh
    return [
        replace(block, rank=order.index(i) if i in order else None) for i, block in enumerate(boxes)
    ]


def _chains(image: ElementTree.Element) -> list[tuple[int, list[tuple[float, float]]]]:
    """(level, points) of the lines that tell the order."""
    found = []
    for line in image.iter("polyline"):
        if line.get("label") != "reading_order":
            continue
        level = next((a.text for a in line.iter("attribute") if a.get("name") == "level"), None)
        pairs = (point.split(",") for point in line.get("points", "").split(";"))
        found.append((int(level or 1), [(float(x), float(y)) for x, y in pairs]))
    return found


def _smallest(point: tuple[float, float], boxes: Sequence[TrueBlock]) -> int | None:
    around = [i for i, block in enumerate(boxes) if block.box.contains(*point)]
    return min(around, key=lambda i: boxes[i].box.area, default=None)
