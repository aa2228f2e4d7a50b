"""Where a paragraph ends and the next one begins inside a stack of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from recovery.restore import facts, markers
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Row
from structure.core.analysis import Label
from structure.core.text import is_unspaced

_NOTE = re.compile(r"\s*(\d{1,3})\s?(?=[^\W\d_])")
_DEFINITION = re.compile(r"\s*[^\W\d_][\w.&/-]{0,7}\s*=\s*\S")
_TERMINAL = tuple(".!?:;。\uff01\uff1f\uff1a\uff1b…")
_CLOSING = "\"'”\u2019»)\uff09]」』"
_SHORT_LINE = 0.35
"""Free share of the column after a line without punctuation that still ends its paragraph."""
_HALF = 0.5
"""Free share of the column after a line that ends its paragraph whatever follows."""
_SURE_CHARS = 12
"""From so many characters on the type size of a line is known well."""
_ADDRESS_ROWS = range(3, 9)
"""So many lines of an address are one paragraph."""
_UNSPACED_EM = 3.0
"""Chinese letters and the marks that cannot open a line or end one need so much room."""
_LEFT, _RIGHT = 0.1, 0.9
"""Quantiles of the lines' ends that stand for the edges of their column."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the lines of one stack have in common.

    Attributes:
        left: x of the left edge.
        right: x of the right edge.
        pitch: Median step between lines; 0 for a single line.
        gap: Multiple of the pitch that starts a paragraph.
        indents: Whether an indented line starts a paragraph.
        hanging: Whether a line at the left edge does, the others being indented.
    """

    left: float
    right: float
    pitch: float
    gap: float
    indents: bool
    hanging: bool


def split_paragraphs(rows: Sequence[Row], options: RestoreOptions) -> list[tuple[Row, ...]]:
    """Cut the rows of one stack into paragraphs; every row stays, in its order."""
    if not rows:
        return []
    shape = measure(rows, options)
    # Blocks of paragraphs that nothing but the length of their lines tells apart.
    blocks: list[list[list[Row]]] = [[[rows[0]]]]
    for k, (a, b) in enumerate(pairwise(rows), start=2):
        after = rows[k] if k < len(rows) else None
        paragraph = blocks[-1][-1]
        if _starts(paragraph, a, b, shape, options) or (
            after is not None and _leaves_item(paragraph, b, after, shape, options)
        ):
            blocks.append([[b]])
        elif _ends_early(paragraph, a, b, shape, options):
            blocks[-1].append([b])
        else:
            paragraph.append(b)
    return [paragraph for block in blocks for paragraph in _whole(block)]


def _whole(block: Sequence[Sequence[Row]]) -> list[tuple[Row, ...]]:
    """The paragraphs of a block, or all as one where it is an address."""
    rows = tuple(row for paragraph in block for row in paragraph)
    if len(block) > 1 and len(rows) in _ADDRESS_ROWS and facts.are_facts(rows, 0.0):
        return [rows]
    return [tuple(paragraph) for paragraph in block]


def measure(rows: Sequence[Row], options: RestoreOptions) -> Shape:
    """The shape of a stack of at least one row."""
    lefts = np.array([row.box.x0 for row in rows])
    left = float(np.quantile(lefts, _LEFT, method="lower"))
    right = float(np.quantile([row.box.x1 for row in rows], _RIGHT, method="higher"))
    steps = [b.box.center[1] - a.box.center[1] for a, b in pairwise(rows)]
    pitch = median(steps) if steps else 0.0
    spread = median(abs(step - pitch) for step in steps) / pitch if pitch > 0 else 0.0
    loose = spread > options.pitch_spread
    em = median(row.em for row in rows)
    indented = float(np.mean(lefts > left + options.indent_em * em))
    first_out = lefts[0] <= left + options.edge_em * em
    return Shape(
        left,
        right,
        pitch,
        options.loose_paragraph_gap if loose else options.paragraph_gap,
        0 < indented <= options.indented_share,
        bool(first_out and indented > options.indented_share and len(rows) > 2),
    )


def _starts(
    paragraph: Sequence[Row], a: Row, b: Row, shape: Shape, options: RestoreOptions
) -> bool:
    """Whether row `b`, which follows `a`, the last row of `paragraph`, starts a new one."""
    if b.box.center[1] - a.box.center[1] > shape.gap * shape.pitch:
        return True
    if _starts_by_text(paragraph[0], a, b, shape, options):
        return True
    if _other_type(a, b, shape.right, options):
        return True
    if _inside_item(paragraph[0], b, options):
        return False
    out = b.box.x0 <= shape.left + options.edge_em * b.em
    if shape.hanging and out:
        return True
    centred = a.label == b.label == Label.TITLE and _same_middle(a, b, options)
    if shape.indents and not centred and b.box.x0 >= shape.left + options.indent_em * b.em:
        return not _same_edge(a, b, options) or fits(a, b, shape.right, options)
    runs_on = not ends_sentence(a.text) and not fits(a, b, shape.right, options)
    return a.region is not None and b.region is not None and a.region != b.region and not runs_on


def _ends_early(
    paragraph: Sequence[Row], a: Row, b: Row, shape: Shape, options: RestoreOptions
) -> bool:
    """Whether row `a` leaves so much room for `b` that it ends its paragraph."""
    return not _inside_item(paragraph[0], b, options) and _next_word_fits(a, b, shape, options)


def _starts_by_text(first: Row, a: Row, b: Row, shape: Shape, options: RestoreOptions) -> bool:
    if markers.is_reference_entry(b.text) or (
        markers.is_note_mark(b.text) and ends_sentence(a.text)
    ):
        return True
    if _DEFINITION.match(first.text) and _DEFINITION.match(b.text):
        return True  # a list of abbreviations
    if _is_next_note(first, b) and ends_sentence(a.text):
        return True
    if markers.caption_kind(b.text) and markers.is_plain_caption(b.text):
        return ends_sentence(a.text) or fits(a, b, shape.right, options)
    marker = markers.list_marker(b.text)
    if marker is None:
        return False
    known = markers.list_marker(first.text)
    if marker.format == "bullet" and marker.label in "-\u2013—*":
        # A dash also opens a line in the middle of a sentence.
        return ends_sentence(a.text) or (known is not None and known.family == marker.family)
    if marker.format == "bullet":
        return True
    grows = known is not None and marker.family == known.family and marker.value == known.value + 1
    return grows or ends_sentence(a.text) or fits(a, b, shape.right, options)


def _is_next_note(first: Row, b: Row) -> bool:
    """Whether two rows begin with bare numbers in series, as footnotes do."""
    own, other = _NOTE.match(first.text), _NOTE.match(b.text)
    return own is not None and other is not None and int(other[1]) == int(own[1]) + 1


def _other_type(a: Row, b: Row, right: float, options: RestoreOptions) -> bool:
    if a.label != b.label and "title" in (a.label, b.label):
        return True
    if a.bold != b.bold:
        stated = all(piece.font is not None for row in (a, b) for piece in row.pieces)
        # On a scan a single heavy line tells little; a heading also ends early.
        if stated or (a.bold and fits(a, b, right, options)) or ends_sentence(a.text):
            return True
    limit = options.size_step
    if min(len(a.text), len(b.text)) < _SURE_CHARS:
        limit **= 2
    if max(a.em, b.em) <= limit * min(a.em, b.em):
        return False
    # Widely set words change what the width says of the size, but not what the height says.
    tall, low = max(a.ink_em, b.ink_em), min(a.ink_em, b.ink_em)
    return tall > (1 + limit) / 2 * low and (a.em > b.em) == (a.ink_em > b.ink_em)


def _inside_item(first: Row, b: Row, options: RestoreOptions) -> bool:
    """Whether `b` is indented below the marker of the list item that `first` opens."""
    if markers.list_marker(first.text) is None and not markers.is_reference_entry(first.text):
        return False
    indent = b.box.x0 - first.box.x0
    return options.edge_em * 0.6 * b.em <= indent <= 4 * b.em


def _leaves_item(
    paragraph: Sequence[Row], b: Row, after: Row, shape: Shape, options: RestoreOptions
) -> bool:
    """Whether `b` is the indented first line of running text below a list item.

    It is not set in as the item's other lines are, and the row `after` it goes on at the margin.
    """
    first, a = paragraph[0], paragraph[-1]
    if not _inside_item(first, b, options) or markers.list_marker(after.text) is not None:
        return False
    if len(paragraph) > 1 and _same_edge(paragraph[1], b, options):
        return False
    back = b.box.x0 - after.box.x0 >= options.indent_em * b.em
    return back and ends_sentence(a.text) and not fits(b, after, shape.right, options)


def _same_edge(a: Row, b: Row, options: RestoreOptions) -> bool:
    return abs(a.box.x0 - b.box.x0) < options.edge_em * b.em


def _same_middle(a: Row, b: Row, options: RestoreOptions) -> bool:
    return abs(a.box.center[0] - b.box.center[0]) < options.edge_em * b.em


def _next_word_fits(a: Row, b: Row, shape: Shape, options: RestoreOptions) -> bool:
    if not fits(a, b, shape.right, options):
        return False
    if ends_sentence(a.text):
        return True
    free = (shape.right - a.box.x1) / max(shape.right - shape.left, 1e-6)
    opens = not b.text[:1].islower()
    if free > _HALF and not _same_middle(a, b, options) and not facts.hyphenated(a.text):
        return True
    return free > _SHORT_LINE and opens and len(b.text) >= 2


def fits(a: Row, b: Row, right: float, options: RestoreOptions) -> bool:
    """Whether the first word of `b` would have found room at the end of `a` before `right`."""
    return right - a.box.x1 > first_word_width(b) + options.fit_em * a.em


def first_word_width(row: Row) -> float:
    """Width of the first word of a row; of a few letters where words are not set apart."""
    piece = row.pieces[0]
    words = piece.line.words
    text = piece.text.strip()
    if text and is_unspaced(text[0]):
        return min(piece.box.width, _UNSPACED_EM * piece.em)
    first = text.split(maxsplit=1)[0] if text else ""
    if words and words[0].text.strip() == first:
        return words[0].box.width
    return piece.box.width * min(1.0, len(first) / max(len(text), 1))


def ends_sentence(text: str) -> bool:
    """Whether `text` ends in terminal punctuation, closing quotes and brackets aside."""
    return text.rstrip().rstrip(_CLOSING).endswith(_TERMINAL)
