"""Header and footer parts of a docx file: lines with tab stops where they are printed, pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from recovery.writers.docx_borders import borders
from recovery.writers.docx_furniture import SlotTexts, Spot, Strip
from recovery.writers.docx_package import Package
from recovery.writers.docx_page_numbers import Text
from recovery.writers.docx_pictures import anchored_picture
from recovery.writers.ooxml import NAMESPACES, Element, field_runs, node, text_nodes, twips, val
from structure.core.document import Asset, Style

_SNAP = 4.0
"""An edge so near to a margin, in points, stands at the margin."""
_CENTRE_SNAP = 8.0
"""A middle so near to that between the margins is the same."""
_ROOM = 1.08
"""Room for centred text, against its width: other fonts are wider."""
_MOST_SPACE = 90.0
"""Space above a line, in points."""
_SET_IN = 0.1
"""A line of text set in by more of the width than this would have too short a border."""
_OTHER_SIZE = 0.12
"""A line has a size of its own where it differs by more than this share."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a header or footer has its place.

    Attributes:
        left: Left margin of its section, in points of the page.
        right: Right margin, likewise from the left edge of the page.
        at: Distance of the strip from the edge of the page, in points.
        height: Of the page.
        size: Of the type of its style.
        line: Distance of its lines.
    """

    left: float
    right: float
    at: float
    height: float
    size: float
    line: float


def strip_height(strip: Strip, frame: Frame, *, top: bool) -> float:
    """Height of a strip in points, with the space that it keeps above and below."""
    before, after = _spaces(strip, frame, top=top)
    line = 0.0 if strip.border is None else strip.border.space + strip.border.width
    return sum(before) + after + frame.line * len(strip.lines) + line


def strip_part(
    name: str, kind: str, strip: Strip, frame: Frame, package: Package, assets: Mapping[str, Asset]
) -> Element:
    """A header part (`kind` "hdr") or footer part ("ftr") with at least one paragraph."""
    style = "Header" if kind == "hdr" else "Footer"
    root = etree.Element(
        f"{{{NAMESPACES['w']}}}{kind}",
        nsmap={prefix: NAMESPACES[prefix] for prefix in ("w", "r")},
    )
    before, after = _spaces(strip, frame, top=kind == "hdr")
    spots = strip.spots or tuple(Spot() for _ in strip.lines)
    for n, (line, spot) in enumerate(zip(strip.lines, spots, strict=True)):
        above = before[n] if before else 0.0
        below = after if n + 1 == len(strip.lines) else 0.0
        ruled = strip.border if n == (len(strip.lines) - 1 if kind == "hdr" else 0) else None
        border = Style(border_below=ruled) if kind == "hdr" else Style(border_above=ruled)
        root.append(_line(line, spot, frame, style, (above, below), borders(border)))
    if not strip.lines:
        # It must have a paragraph, which must not push the text of its pages aside.
        low = node("w:spacing", before=0, after=0, line=twips(1.0), lineRule="exact")
        root.append(node("w:p", node("w:pPr", val("w:pStyle", style), low)))
    root[0].extend(_pictures(name, strip, package, assets))
    return root


def _spaces(strip: Strip, frame: Frame, *, top: bool) -> tuple[list[float], float]:
    """The space above each line and that below the last, in points."""
    before: list[float] = []
    cursor = frame.at if top else None
    for spot in strip.spots:
        room = 0.0
        if spot.y0 is not None:
            room = spot.y0 - cursor if cursor is not None else 0.0
            cursor = max(spot.y0, cursor or 0.0) + frame.line
        before.append(min(max(room, 0.0), _MOST_SPACE))
    last = strip.spots[-1].y1 if strip.spots else None
    after = 0.0 if top or last is None else frame.height - last - frame.at
    return [round(2 * space) / 2 for space in before], min(max(after, 0.0), _MOST_SPACE)


def _pictures(
    name: str, strip: Strip, package: Package, assets: Mapping[str, Asset]
) -> Iterator[Element]:
    for n, (asset, box) in enumerate(zip(strip.pictures, strip.boxes, strict=True), start=1):
        try:
            relation = package.picture(assets[asset], name)
        except (LookupError, ValueError):
            continue  # the text of the strip is all that can be shown
        yield node("w:r", anchored_picture(relation, box, "behind", n, ""))


def _line(
    line: SlotTexts,
    spot: Spot,
    frame: Frame,
    style: str,
    spaces: tuple[float, float],
    border: Element | None,
) -> Element:
    filled = [slot for slot, texts in enumerate(line) if texts]
    left, middle, right = _edges(spot, frame)
    width = frame.right - frame.left
    alone = filled[0] if len(filled) == 1 else 0
    size = _size(spot, frame)
    runs: list[Element] = []
    for slot, texts in enumerate(line):
        if slot and texts and not alone:
            runs.append(node("w:r", node("w:tab")))
        runs += _runs(texts, size)
    tabs = [
        node("w:tab", val=kind, pos=twips(at))
        for kind, at, slot in (("center", middle, 1), ("right", right, 2))
        if line[slot] and not alone
    ]
    indents = (left if line[0] else 0.0, width - right if line[2] else 0.0)
    if alone == 1:
        indents = _around(middle, spot.width, width)
    return node(
        "w:p",
        node(
            "w:pPr",
            val("w:pStyle", style),
            border if max(indents) <= _SET_IN * width else None,
            node("w:tabs", *tabs) if tabs else None,
            _spacing(*spaces),
            _indent(*indents),
            val("w:jc", ("left", "center", "right")[alone]) if alone else None,
        ),
        *runs,
    )


def _around(middle: float, own: float, width: float) -> tuple[float, float]:
    """Indents that centre a text of width `own` at `middle` of a line, and give it room."""
    half = max(_ROOM * own, width - abs(2 * middle - width)) / 2
    left, right = middle - half, width - middle - half
    return (0.0 if abs(left) < 1 else left), (0.0 if abs(right) < 1 else right)


def _edges(spot: Spot, frame: Frame) -> tuple[float, float, float]:
    """Left edge, middle and right edge from the left margin, in points."""
    width = frame.right - frame.left
    usual = (0.0, width / 2, width)
    edges = [
        own if printed is None or abs(printed - frame.left - own) <= slack else printed - frame.left
        for printed, own, slack in zip(spot.edges, usual, (_SNAP, _CENTRE_SNAP, _SNAP), strict=True)
    ]
    return edges[0], max(edges[1], 1.0), max(edges[2], 1.0)


def _size(spot: Spot, frame: Frame) -> float | None:
    """Size of the type where it is not that of the style, in halves of a point."""
    if spot.size is None or not 5.0 <= spot.size <= 30.0:
        return None
    grown = frame.size / spot.size
    if spot.width * grown > frame.right - frame.left:
        return math.floor(2 * spot.size) / 2  # in the type of the style it would take two lines
    if abs(1 / grown - 1) <= _OTHER_SIZE:
        return None
    return round(2 * spot.size) / 2


def _spacing(above: float, below: float) -> Element | None:
    if not above and not below:
        return None
    return node(
        "w:spacing",
        before=twips(above) if above else None,
        after=twips(below) if below else None,
    )


def _indent(left: float, right: float) -> Element | None:
    if not left and not right:
        return None
    return node("w:ind", left=twips(left) or None, right=twips(right) or None)


def _runs(texts: Sequence[Text], size: float | None) -> Iterator[Element]:
    def properties() -> Element | None:
        if size is None:
            return None
        return node("w:rPr", val("w:sz", round(2 * size)), val("w:szCs", round(2 * size)))

    for text in texts:
        if text.field:
            yield from field_runs(text.field, text.text, properties())
        else:
            yield node("w:r", properties(), *text_nodes(text.text))
