"""Type size, family, weight and alignment of paragraphs, made consistent over the document."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from recovery.metrics import Shape, family_of, named, text_width, word_bearing
from recovery.restore.elements import Paragraph, Part, line_breaks
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, commonest
from recovery.restore.typewriting import is_typewritten
from structure.core.analysis import Font
from structure.core.document import Align, Face, Style
from structure.core.geometry import Box
from structure.core.text import is_unspaced

SIZES = (
    *(4.0, 5.0, 6.0, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5, 12.0, 13.0, 14.0, 15.0),
    *(16.0, 18.0, 20.0, 22.0, 24.0, 26.0, 28.0, 32.0, 36.0, 48.0, 60.0, 72.0),
)
"""Sizes that people set type in, in points."""

_LONG = 25
"""Characters from which the width of a line tells one family from another."""
_SHORT = 8
"""Letters from which the width of a text says anything about its face."""
_LARGE_PT, _BESIDE_LARGE_PT = 14.0, 9.0
"""Larger type than this fills its column sooner: a centred line leaves so much room beside it."""
_WIDEST_INDENT = 6.0
"""A first line is set in or out by at most so many em."""
_FULL_LINE = 60
"""Characters of a line beyond which it counts no more."""
_BOLD_WIDTH = 1.06
"""How much wider bold letters run."""
_FEW, _ODD = 4, 1.4
"""Marks of so few characters that differ by this factor from the body have no size of their own."""
_WIDER = 1.05
"""A scanned line may become so much wider than it was."""
_ROOMY = 1.1
"""An indent leaves a line so much more room than it needs."""
_HAIRLINE = 0.04
"""Strokes of print are thicker than this, in em; a pen's are not, however large it writes."""
_TAB_SLACK_PT = 0.5
"""What a word processor's rounding may take of a line."""
_FAMILY_LINES = 5
"""Fewer pairs of long lines than this tell nothing about the face."""
_SCANNED: tuple[Shape, ...] = ("sans", "serif", "Calibri", "Verdana", "wide serif")
"""The faces that are looked for where no font is stated and it is no typewriter's."""
_NAMED_SHARE = 0.75
"""Type is taken for another than the usual faces only where its lines agree so much better."""
_ALIKE = 1.17
"""The height of letters and the width of lines tell the same size within this factor."""
_STRETCHED = 1.02
"""Lines so much wider than their words are justified: the words alone tell their size."""
_AGREED = 0.011
"""Mean difference of neighbouring lines beyond which the type is none of the known faces."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the document looks as a whole.

    Attributes:
        sizes: Snapped size of every paragraph, in the order they were given.
    """

    body: Style
    sizes: tuple[float, ...]


def survey(paragraphs: Sequence[Paragraph], options: RestoreOptions) -> Look:
    """Find the body style, the one most characters have, and snap all sizes to their clusters."""
    face, sure = face_of(paragraphs)
    sizes = [
        _size(paragraph, "mono" if paragraph.kind == "code" else face, sure=sure)
        for paragraph in paragraphs
    ]
    weights = [max(1, len(paragraph.plain)) for paragraph in paragraphs]
    snapped = cluster_sizes(sizes, weights, options.cluster_size)
    if not paragraphs:
        return Look(Style(size=10.0, family=family_of(face), face=named(face), align="left"), ())
    counted: Counter[float] = Counter()
    aligned: Counter[Align] = Counter()
    for paragraph, size, weight in zip(paragraphs, snapped, weights, strict=True):
        if paragraph.kind in ("paragraph", "key_value"):
            # Each line counts alike, or the fine print of an invoice would be its body.
            counted[size] += sum(min(len(row.text), _FULL_LINE) for row in paragraph.rows)
        for part in paragraph.parts:
            if len(part.rows) >= 3 and not paragraph.ledger:
                aligned[alignment(part, options)] += weight
    size = max(sorted(counted or Counter(snapped)), key=lambda s: (counted or Counter(snapped))[s])
    align: Align = "justify" if aligned["justify"] > aligned["left"] else "left"
    snapped = [
        _fitting(p, s, face) if s > size or p.ledger else s
        for p, s in zip(paragraphs, snapped, strict=True)
    ]
    body = [p for p, s in zip(paragraphs, snapped, strict=True) if s == size]
    pitches = [p.pitch for p in body if p.pitch is not None and not p.ledger for _ in p.rows]
    pitch = round(2 * median(pitches)) / 2 if pitches else None
    style = Style(size=size, family=family_of(face), face=named(face), align=align, pitch=pitch)
    return Look(style, tuple(snapped))


def face_of(paragraphs: Sequence[Paragraph]) -> tuple[Face, bool]:
    """The face of the body, and whether its widths are those of the type.

    It is what the fonts say, else the face whose widths fit the lines best.
    """
    stated: Counter[Face] = Counter()
    for paragraph in paragraphs:
        for piece in paragraph.pieces:
            if piece.font is not None:
                stated[_of_font(piece.font)] += len(piece.text)
    if stated:
        return max(sorted(stated), key=lambda face: stated[face]), True
    if is_typewritten(p.pieces for p in paragraphs if p.kind != "code"):
        return "mono", True
    lines = [[p for p in q.pieces if len(p.text) >= _LONG] for q in paragraphs if not q.ledger]
    likely = [shape for shape in _SCANNED if _tells_height(lines, shape)] or ["serif", "sans"]
    spreads = {shape: _spread(lines, shape) for shape in likely}
    if min(spreads.values()) == 1.0:
        return _face_by_height(paragraphs), True
    usual = min((spreads[shape] for shape in ("sans", "serif") if shape in spreads), default=1.0)
    for shape in likely:
        share = {"sans": 1.0, "serif": 1.0}.get(shape, _NAMED_SHARE)
        if spreads[shape] > share * usual:
            del spreads[shape]
    best = min(spreads, key=lambda shape: spreads[shape])
    if best == "wide serif":
        return "serif", False
    return best, not _AGREED < spreads[best] < 1.0


def _tells_height(paragraphs: Sequence[Sequence[Piece]], shape: Shape) -> bool:
    """Whether the width of most lines, in this shape, tells a size that their height bears out."""
    ratios = [
        _em_of_line(piece, shape) / piece.ink_em
        for pieces in paragraphs
        for piece in pieces
        if piece.ink_em
    ]
    return not ratios or 1 / _ALIKE < median(ratios) < _ALIKE


def _of_font(font: Font) -> Face:
    return font.face or font.family


def _face_by_height(paragraphs: Sequence[Paragraph]) -> Face:
    """The face in which short texts agree best about how their size and their height go together.

    What is measured as the height may be off on a scan, but it is so for all texts alike. Faces
    that are less usual must agree clearly better.
    """
    pieces = [
        piece
        for paragraph in paragraphs
        for piece in paragraph.pieces
        if piece.ink_em and not piece.bold and sum(map(str.isalpha, piece.text)) >= _SHORT
    ]
    if len(pieces) < _FAMILY_LINES:
        return "sans"
    shapes: tuple[Face, ...] = ("sans", "serif", "Calibri", "Verdana")

    def disagreement(shape: Face) -> float:
        sizes = [math.log(_em_with_spaces(p, shape) / (p.ink_em or 1.0)) for p in pieces]
        usual = median(sizes)
        return median(abs(size - usual) for size in sizes)

    found = {shape: disagreement(shape) for shape in shapes}
    usual: Face = min(("sans", "serif"), key=lambda shape: found[shape])
    best = min(shapes, key=lambda shape: found[shape])
    return best if found[best] < _NAMED_SHARE * found[usual] else usual


def _spread(paragraphs: Sequence[Sequence[Piece]], face: Shape) -> float:
    """How much neighbouring lines differ in the size that their width tells; 1 if they are few.

    Justified lines agree only without the spaces between their words, others better with them.
    """
    lines = [
        abs(math.log(_em_with_spaces(a, face) / _em_with_spaces(b, face)))
        for pieces in paragraphs
        for a, b in pairwise(pieces)
    ]
    words = [
        abs(math.log(_em_of_words(a, face) / _em_of_words(b, face)))
        for pieces in paragraphs
        for a, b in pairwise([piece for piece in pieces if piece.line.words])
    ]
    return min(
        (median(found) for found in (lines, words) if len(found) >= _FAMILY_LINES), default=1.0
    )


def _em_of_line(piece: Piece, face: Shape) -> float:
    """Size that the width of a line tells; without the spaces of one that is justified."""
    line = _em_with_spaces(piece, face)
    if len(piece.line.words) < 3:
        return line
    words = _em_of_words(piece, face)
    return words if line > _STRETCHED * words else line


def _em_with_spaces(piece: Piece, face: Shape) -> float:
    return max(piece.box.width, 1e-3) / max(text_width(piece.text, face), 1e-3)


def _em_of_words(piece: Piece, face: Shape) -> float:
    words = piece.line.words
    width = sum(word.box.width for word in words)
    bearing = len(words) * word_bearing(face)
    return max(width, 1e-3) / max(
        sum(text_width(word.text, face) for word in words) - bearing, 1e-3
    )


def _fitting(paragraph: Paragraph, size: float, face: Face) -> float:
    """`size`, or the largest usual one in which the pieces of a scanned line keep their places."""
    pieces = paragraph.pieces
    if len(paragraph.rows) != 1 or any(piece.font is not None for piece in pieces):
        return size
    ends = [piece.box.x0 for piece in pieces[1:]]
    ends.append(paragraph.column[1] if paragraph.ledger else pieces[-1].box.x1)
    most = min(
        max(_WIDER * piece.box.width, end - piece.box.x0)
        / max(text_width(piece.text, face) * (_BOLD_WIDTH if piece.bold else 1.0), 1e-3)
        for piece, end in zip(pieces, ends, strict=True)
    )
    return max((usual for usual in SIZES if usual <= min(size, most)), default=SIZES[0])


def _size(paragraph: Paragraph, face: Face, *, sure: bool) -> float:
    """Size in points where no font states it: as the widths of `face` tell, where they are sure."""
    if paragraph.common_em:
        return paragraph.common_em
    return median(
        size
        for piece in paragraph.pieces
        for size in [_size_of(piece, face, sure=sure)] * max(1, len(piece.text) // 8)
    )


def _size_of(piece: Piece, face: Face, *, sure: bool) -> float:
    if not sure and piece.font is None and piece.ink_em and len(piece.text) >= _LONG:
        return piece.ink_em
    bold = _BOLD_WIDTH if piece.bold else 1.0
    return piece.em_by(piece.box.width / _em_of_line(piece, face) * bold)


def cluster_sizes(
    sizes: Sequence[float], weights: Sequence[float], tolerance: float
) -> list[float]:
    """Snap sizes to usual ones, near sizes to the same one.

    The heaviest cluster is taken out first, so that body text never splits; what remains goes on
    likewise.

    Args:
        sizes: In points, above 0.
        weights: How much each counts (its characters).
        tolerance: Half width of a cluster as a share of its size.
    """
    # The shorter a text, the less sure its size.
    tolerances = [tolerance * min(2.5, 1 + 15 / max(weight, 1)) for weight in weights]
    left = set(range(len(sizes)))
    result = [0.0] * len(sizes)
    while left:
        order = sorted(left, key=lambda i: (sizes[i], i))
        best = max(order, key=lambda i: sum(weights[j] for j in _near(i, left, sizes, tolerances)))
        members = _near(best, left, sizes, tolerances)
        value = snap_size(_weighted_median([(sizes[i], weights[i]) for i in members]))
        for i in members:
            result[i] = value
        left.difference_update(members)
    return result


def _near(i: int, left: set[int], sizes: Sequence[float], tolerances: Sequence[float]) -> list[int]:
    return [j for j in left if abs(sizes[j] - sizes[i]) <= tolerances[j] * sizes[i]]


def _weighted_median(values: Sequence[tuple[float, float]]) -> float:
    total, half = 0.0, sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        total += weight
        if total >= half:
            return value
    return 0.0


def snap_size(size: float) -> float:
    """The nearest usual size, by ratio."""
    return min(SIZES, key=lambda usual: max(usual / size, size / usual)) if size > 0 else SIZES[0]


def alignment(part: Part, options: RestoreOptions) -> Align:
    """How the lines of one part stand in their column."""
    rows = [row.box for row in part.rows]
    em = part.rows[0].em
    x0, x1 = part.column
    left, right = rows[0].x0 - x0, x1 - rows[0].x1
    if len(rows) == 1:
        slack = max(em, min(0.08 * (x1 - x0), 0.2 * (left + right)))
        if left > _least_free(em) and abs(left - right) < slack:
            return "center"
        return "right" if left > 3 * em and right < 0.7 * em else "left"
    edge = options.edge_em * em
    if len(rows) == 2:
        return _of_two(rows[0], rows[1], part.column, edge)
    lefts = [box.x0 for box in rows[1:]]
    if _agree(lefts, edge):
        reach = [box.x1 > x1 - edge for box in rows[:-1]]
        same = _agree([box.x1 for box in rows[:-1]], edge) and len(rows) > 3
        full = sum(reach) >= options.justified_share * len(reach)
        middles = [box.center[0] for box in rows]
        # Justified text that is set in on both sides ends in a short line, or has many full ones.
        centred = _agree(middles, edge) and abs(middles[-1] - median(middles)) <= edge and not same
        if left > 1.5 * em and centred and abs(left - right) < max(em, 0.08 * (x1 - x0)):
            return "justify" if _is_block(rows, edge) else "center"
        return "justify" if (full or same) and len(rows) > 2 else "left"
    if _agree([box.x1 for box in rows], edge):
        return "right"
    if _agree([box.center[0] for box in rows], edge):
        return "center"
    residuals: list[tuple[float, Align]] = [
        (float(np.ptp(lefts)), "left"),
        (float(np.ptp([box.center[0] for box in rows])), "center"),
        (float(np.ptp([box.x1 for box in rows])), "right"),
    ]
    return min(residuals, key=lambda entry: entry[0])[1]


def _is_block(rows: Sequence[Box], edge: float) -> bool:
    """Whether the lines share the left edge much more closely than the right one, or both."""
    lefts = float(np.ptp([box.x0 for box in rows]))
    return lefts <= 0.5 * edge and lefts <= 0.4 * max(float(np.ptp([box.x1 for box in rows])), edge)


def _least_free(em: float) -> float:
    """Room in points that a centred line leaves on its left."""
    return 1.5 * em if em < _LARGE_PT else _BESIDE_LARGE_PT


def _of_two(first: Box, second: Box, column: tuple[float, float], edge: float) -> Align:
    """Alignment of two lines in a column."""
    if abs(first.x0 - second.x0) <= 2 * edge:
        return "left"
    left = first.x0 - column[0]
    set_in = min(left, left + second.x0 - first.x0) > min(2 * edge, _least_free(2 * edge))
    if set_in and abs(first.center[0] - second.center[0]) <= edge:
        return "center"
    return "right" if abs(first.x1 - second.x1) <= edge and left > 6 * edge else "left"


def _agree(values: Sequence[float], tolerance: float) -> bool:
    middle = median(values)
    near = sum(abs(value - middle) <= tolerance for value in values)
    return near >= 0.8 * len(values)


def styled(
    paragraph: Paragraph, size: float, body: Style, above: Paragraph | None, options: RestoreOptions
) -> Paragraph:
    """The paragraph with its style; what the body style says too is left out.

    Args:
        paragraph: Any kind.
        size: Its snapped size in points.
        body: The style of the body.
        above: The paragraph that stands over it in its column, if any.
        options: Thresholds.
    """
    part = paragraph.parts[0]
    heading = paragraph.kind in ("heading", "title")
    fixed = paragraph.ledger or paragraph.kind == "code"
    align = alignment(part, options) if not fixed else "left"
    broken = any(line_breaks(paragraph, options))
    if broken and align == "justify":
        align = "left"  # or Word stretches every line that ends in a break
    inherits = len(part.rows) == 2 and align == "left" and not broken
    pitch = _pitch(paragraph)
    usual = _usual_pitch(size, body)
    fonts = [(len(piece.text), piece.font) for piece in paragraph.pieces if piece.font is not None]
    font = commonest(fonts)
    first, left = _indents(part, align) if not paragraph.ledger else (0.0, _offset(part))
    if len(paragraph.parts) > 1:
        left = min(left, *(_indents(later, align)[1] for later in paragraph.parts[1:]))
    own = _of_font(font) if font else body.face or body.family or "serif"
    if not paragraph.ledger and (broken or len(part.rows) == 1):
        left = min(left, _free(part, size, own))
    if _unsure(paragraph, options) or _stray(paragraph, size, body):
        size = body.size or size  # a stamp or a signature has no type size
    style = Style(
        size=size if heading or size != body.size else None,
        bold=all(piece.bold for piece in paragraph.pieces),
        italic=all(piece.italic for piece in paragraph.pieces),
        family=font.family if font and _of_font(font) != (body.face or body.family) else None,
        face=font.face if font and font.face != body.face else None,
        align=None if inherits or align == body.align else align,
        pitch=pitch if pitch and usual and abs(pitch / usual - 1) > 0.08 else None,
        first_indent=first,
        left_indent=left,
        space_before=_space_before(paragraph, above, body),
        tabs=_tabs(part, size, own) if paragraph.ledger else (),
        color=_color(paragraph, font),
        drop_cap=paragraph.pieces[0].initial,
    )
    return replace(paragraph, style=style)


def _color(paragraph: Paragraph, font: Font | None) -> str | None:
    """The colour of a text that is not black; of a scanned one only where all of it has it."""
    if font is not None:
        return font.color if font.color != "000000" else None
    colors = {piece.color for piece in paragraph.pieces}
    return colors.pop() if len(colors) == 1 else None


def _unsure(paragraph: Paragraph, options: RestoreOptions) -> bool:
    """Whether the lines were read badly, written by hand or upright, so that they tell no size."""
    if all(
        p.font is None and p.box.height > p.box.width > 0 and len(p.text) > 2
        for p in paragraph.pieces
    ):
        return True
    if all(p.stroke and p.ink_em and p.stroke < _HAIRLINE * p.ink_em for p in paragraph.pieces):
        return True
    scores = [p.line.conf for p in paragraph.pieces if p.line.conf is not None]
    return bool(scores) and max(scores) < options.heading_score


def _stray(paragraph: Paragraph, size: float, body: Style) -> bool:
    """Whether this is a scanned mark of a few letters whose box tells an odd size."""
    if not body.size or any(piece.font is not None for piece in paragraph.pieces):
        return False
    return len(paragraph.plain) <= _FEW and not 1 / _ODD < size / body.size < _ODD


def _pitch(paragraph: Paragraph) -> float | None:
    return round(2 * paragraph.pitch) / 2 if paragraph.pitch else None


def _usual_pitch(size: float, body: Style) -> float | None:
    return body.pitch * size / body.size if body.pitch and body.size else None


def _indents(part: Part, align: Align) -> tuple[float, float]:
    """(first line against the others, block against its column) in points."""
    if align in ("center", "right"):
        return 0.0, 0.0
    if part.rows[0].code:
        return 0.0, _half_em(part.box.x0 - part.column[0], part.rows[0].em)
    em = part.rows[0].em
    first = part.rows[0].box.x0
    rest = median(row.box.x0 for row in part.rows[1:]) if len(part.rows) > 1 else None
    x0 = part.column[0]
    if rest is None:
        offset = first - x0
        # A single line set in by a little is the indented first line of a paragraph.
        return (_half_em(offset, em), 0.0) if offset <= 3 * em else (0.0, _half_em(offset, em))
    indent = _half_em(first - rest, em)
    if abs(indent) > _WIDEST_INDENT * em:
        return 0.0, max(0.0, _half_em(min(first, rest) - x0, em))
    return indent, max(0.0, _half_em(rest - x0, em))


def _free(part: Part, size: float, face: Face) -> float:
    """The largest indent that leaves the lines of `part` their room."""
    longest = max(text_width(row.text, face) for row in part.rows) * size
    room = part.column[1] - part.column[0]
    return round(max(0.0, room - _ROOMY * longest), 1)


def _offset(part: Part) -> float:
    offset = part.box.x0 - part.column[0]
    return round(offset, 1) if offset >= 0.5 * part.rows[0].em else 0.0


def _tabs(part: Part, size: float, face: Face) -> tuple[float, ...]:
    """Where the pieces of a row of labels and values begin, the first one aside.

    The last one begins early enough for its letters, which may run wider than the scanned ones.
    """
    pieces, x0 = part.rows[0].pieces, part.column[0]
    tabs = [piece.box.x0 - x0 for piece in pieces[1:]]
    if tabs:
        wide = text_width(pieces[-1].text, face) * (_BOLD_WIDTH if pieces[-1].bold else 1.0)
        latest = part.column[1] - x0 - _TAB_SLACK_PT - wide * size
        tabs[-1] = max(min(tabs[-1], latest), min(tabs[-1], pieces[-2].box.x1 - x0 + size / 4))
    return tuple(round(tab, 1) for tab in tabs)


def _half_em(offset: float, em: float) -> float:
    halves = round(2 * offset / em) if em > 0 else 0
    return round(0.5 * halves * em, 1) if abs(offset) >= 0.5 * em else 0.0


def _space_before(paragraph: Paragraph, above: Paragraph | None, body: Style) -> float:
    if above is None:
        return 0.0
    last, first = above.parts[-1].rows[-1], paragraph.rows[0]
    step = first.box.center[1] - last.box.center[1]
    usual = body.pitch or 1.2 * (body.size or 10.0)
    own = paragraph.pitch or usual * paragraph.em / (body.size or paragraph.em)
    before = above.pitch or usual * above.em / (body.size or above.em)
    space = step - (own + before) / 2
    return round(2 * space) / 2 if space >= 1.5 else 0.0


def has_cjk(text: str) -> bool:
    """Whether at least a fifth of the letters are Chinese or Japanese."""
    letters = [char for char in text if char.isalnum()]
    return bool(letters) and sum(map(is_unspaced, letters)) >= 0.2 * len(letters)
