"""What text lines, drawn rules and ink say about a page, without any network.

`measure` looks at a page once; `layout.pictures` and `layout.table_finder` read from that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layout import limits
from layout.ink import Ink, find_ink
from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box, union
from structure.core.images import RGBImage
from structure.core.rules import Rule, Rules, find_rules

_LEADER = re.compile(r"[.·…_‥]{3,}|[.·…_‥]")
_NUMBER = re.compile(r"\W*[A-Z]{0,3}\W*\d[\d\W]*[A-Za-z]{0,3}\W*")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a text line without a column gap: what may be the text of a cell.

    Attributes:
        line: Index of the line that it is a part of.
    """

    box: Box
    text: str
    line: int

    @property
    def numeric(self) -> bool:
        """Whether it is a number, an amount, a date or the like."""
        return _NUMBER.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """A measured page; lengths in its pixels.

    Attributes:
        em: Height of a usual line of text.
        chunks: Parts of the upright lines, from top to bottom.
        prose: Indices of the lines that are running text.
    """

    lines: tuple[TextLine, ...]
    width: float
    height: float
    em: float
    rules: Rules
    ink: Ink
    chunks: tuple[Chunk, ...]
    prose: frozenset[int]


def measure(lines: Sequence[TextLine], pixels: RGBImage) -> PageGeometry:
    """Look at a page: rules, ink, chunks of text, running text.

    Args:
        lines: Text lines in pixels of the page, in any order.
        pixels: (H, W, 3) uint8.
    """
    height, width = pixels.shape[:2]
    em = line_height(lines, height)
    rules = _without_letters(find_rules(pixels, em=em), lines)
    prose = frozenset(i for block in text_blocks(lines) if _is_prose(lines, block) for i in block)
    return PageGeometry(
        lines=tuple(lines),
        width=float(width),
        height=float(height),
        em=em,
        rules=rules,
        ink=find_ink(pixels, lines, rules, em),
        chunks=tuple(chunks(lines)),
        prose=prose,
    )


def line_height(lines: Sequence[TextLine], height: float) -> float:
    """Height of a usual line: the median over all characters; 1/80 of a page without text."""
    if not lines:
        return max(1.0, height / 80)
    sizes = np.array([_thickness(line) for line in lines])
    weights = np.array([max(1, len(line.text)) for line in lines])
    order = np.argsort(sizes, kind="stable")
    total = np.cumsum(weights[order])
    return max(1.0, float(sizes[order][np.searchsorted(total, total[-1] / 2)]))


def chunks(lines: Sequence[TextLine]) -> list[Chunk]:
    """Cut upright lines at column gaps; leaders (dots that lead to a number) are left out.

    Returns:
        From top to bottom, those at one height from left to right.
    """
    parts: list[Chunk] = []
    for index, line in enumerate(lines):
        if _is_upright(line):
            parts += _split(line, index)
    return sorted(parts, key=lambda c: (c.box.center[1], c.box.x0, c.box.x1, c.text))


def text_blocks(lines: Sequence[TextLine], rules: Rules | None = None) -> list[list[int]]:
    """Group lines that stand below each other like those of a paragraph.

    Args:
        lines: Text lines, in any order.
        rules: Horizontal rules between two lines keep them apart.

    Returns:
        Indices into `lines`; blocks from top to bottom, in each the lines from top to bottom.
    """
    order = sorted(range(len(lines)), key=lambda i: (lines[i].box.y0, lines[i].box.x0, i))
    follows = _follows([lines[i] for i in order], rules)
    block_of: list[list[int]] = []
    taken = np.zeros(len(order), bool)  # Lines that already have one below.
    blocks: list[list[int]] = []
    for place, index in enumerate(order):
        above = np.flatnonzero(follows[:place, place] & ~taken[:place])
        if len(above):
            boxes = [lines[order[j]].box for j in above]
            left = lines[index].box.x0
            nearest = min(range(len(above)), key=lambda k: (-boxes[k].y1, abs(boxes[k].x0 - left)))
            taken[above[nearest]] = True
            block = block_of[above[nearest]]
        else:
            block = []
            blocks.append(block)
        block.append(index)
        block_of.append(block)
    return blocks


# --- Lines and chunks


def _is_upright(line: TextLine) -> bool:
    return abs(line.angle) < 20 and (line.box.height <= 2 * line.box.width or len(line.text) <= 2)


def _thickness(line: TextLine) -> float:
    return min(line.box.width, line.box.height) if len(line.text) > 2 else line.box.height


def _split(line: TextLine, index: int) -> list[Chunk]:
    words = sorted(
        (w for w in line.words if not _LEADER.fullmatch(w.text)), key=lambda w: (w.box.x0, w.box.x1)
    )
    if not words:
        return [Chunk(line.box, line.text, index)] if not _LEADER.fullmatch(line.text) else []
    groups: list[list[Word]] = [[words[0]]]
    for word in words[1:]:
        if word.box.x0 - groups[-1][-1].box.x1 > limits.CHUNK_GAP * line.box.height:
            groups.append([word])
        else:
            groups[-1].append(word)
    return [
        Chunk(union(w.box for w in group), " ".join(w.text for w in group), index)
        for group in groups
    ]


def _follows(lines: Sequence[TextLine], rules: Rules | None) -> NDArray[np.bool_]:
    """(n, n): whether line j is the next line of a block after line i."""
    boxes = np.array([line.box.as_tuple() for line in lines]).reshape(-1, 4)
    x0, y0, x1, y1 = boxes.T
    upright = np.array([_is_upright(line) for line in lines], bool)
    height, width, middle, center = y1 - y0, x1 - x0, (y0 + y1) / 2, (x0 + x1) / 2
    small = np.minimum(height[:, None], height[None])
    alike = np.maximum(height[:, None], height[None]) <= limits.BLOCK_HEIGHT_RATIO * small
    gap = y0[None] - y1[:, None]
    near = (-limits.BLOCK_OVERLAP * small <= gap) & (gap <= limits.BLOCK_GAP * small)
    below = middle[None] > middle[:, None] + 0.5 * small
    narrow = np.minimum(width[:, None], width[None])
    common = np.minimum(x1[:, None], x1[None]) - np.maximum(x0[:, None], x0[None])
    flush = (abs(x0[:, None] - x0[None]) <= limits.BLOCK_INDENT * small) | (
        abs(x1[:, None] - x1[None]) <= 0.5 * small
    )
    flush |= abs(center[:, None] - center[None]) <= small
    follows = alike & near & below & (common >= 0.5 * narrow) & flush
    follows &= upright[:, None] & upright[None]
    for rule in rules.horizontal if rules else ():
        over = np.minimum(rule.end, x1) - np.maximum(rule.start, x0) > 0.5 * width
        follows &= ~((over & (middle < rule.at))[:, None] & (over & (middle > rule.at))[None])
    return np.asarray(follows)


def _is_prose(lines: Sequence[TextLine], block: Sequence[int]) -> bool:
    """Whether a block is running text: several long lines with many words that mostly run full."""
    if len(block) < limits.PROSE_LINES:
        return False
    boxes = [lines[i].box for i in block]
    widest = max(b.width for b in boxes)
    words = np.mean([words_in(lines[i]) for i in block])
    full = np.mean([b.width >= limits.PROSE_FULL * widest for b in boxes])
    height = float(np.median([b.height for b in boxes]))
    return bool(
        widest >= limits.PROSE_WIDTH * height
        and words >= limits.PROSE_WORDS
        and full >= limits.PROSE_FULL_SHARE
    )


def words_in(line: TextLine) -> float:
    """Number of words of letters; in a script without spaces, three characters count as one."""
    ideographs = sum("\u3040" <= c <= "\u9fff" for c in line.text)
    return ideographs / 3 + sum(any(c.isalpha() for c in word) for word in line.text.split())


# --- Rules


def _without_letters(rules: Rules, lines: Sequence[TextLine]) -> Rules:
    """Without strokes that lie inside one line of text: parts of its letters."""
    boxes = np.array([line.box.as_tuple() for line in lines]).reshape(-1, 4)

    def keep(rule: Rule, near: int) -> bool:
        # near: column of `boxes` with the lower edge across the rule.
        low, high, start, end = (
            boxes[:, near],
            boxes[:, near + 2],
            boxes[:, 1 - near],
            boxes[:, 3 - near],
        )
        slack = 0.15 * np.minimum(high - low, end - start)
        inside = (low + slack * (near == 1) < rule.at) & (rule.at < high - slack * (near == 1))
        inside &= (start - slack < rule.start) & (rule.end < end + slack)
        return not bool(inside.any())

    return Rules(
        tuple(r for r in rules.horizontal if keep(r, 1)),
        tuple(r for r in rules.vertical if keep(r, 0)),
    )
