"""What text lines, drawn rules and ink say about a page, without any network.

`measure` looks at a page once; `find_pictures` and `layout.table_finder` read from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from layout import limits
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
class Ink:
    """Where a page is neither paper nor text nor rule, on a reduced picture.

    Attributes:
        mask: (h, w) uint8, 1 for ink.
        rough: (h, w) uint8, 1 where it is no plain fill with straight edges: curves, photos.
        step: Pixels of the page per pixel of the masks.
    """

    mask: NDArray[np.uint8]
    rough: NDArray[np.uint8]
    step: float

    def shares(self, box: Box) -> tuple[float, float]:
        """Shares of `box` that are ink and rough ink, 0 to 1."""
        height, width = self.mask.shape
        part = box.scaled(1 / self.step).clipped(width, height)
        x0, y0, x1, y1 = map(round, part.as_tuple())
        if x1 <= x0 or y1 <= y0:
            return 0.0, 0.0
        place = np.s_[y0:y1, x0:x1]
        return float(self.mask[place].mean()), float(self.rough[place].mean())


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
        ink=_find_ink(pixels, lines, rules, em),
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


def find_pictures(page: PageGeometry, taken: Iterable[Box] = ()) -> list[Box]:
    """Photos, logos, stamps: ink outside text, rules and the boxes in `taken`.

    Scratches, dirt, the black border of a scan and plain fills behind text are left out.
    """
    ink, em = page.ink, page.em / page.ink.step
    mask = ink.mask.copy()
    for box in taken:
        x0, y0, x1, y1 = (max(0, round(v / ink.step)) for v in box.as_tuple())
        mask[y0:y1, x0:x1] = 0
    reach = max(1, round(0.6 * em))
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    pictures = []
    for x, y, w, h, _ in stats[1:count].tolist():
        box = Box(x * ink.step, y * ink.step, (x + w) * ink.step, (y + h) * ink.step)
        if _is_picture(page, box, int(mask[y : y + h, x : x + w].sum()) / (w * h)):
            pictures.append(box)
    return sorted(pictures, key=lambda b: (b.y0, b.x0))


def _is_picture(page: PageGeometry, box: Box, fill: float) -> bool:
    em = page.em
    long, short = max(box.width, box.height), min(box.width, box.height)
    edge = 0.5 * em
    touching = sum(
        (box.x0 <= edge, box.y0 <= edge, box.x1 >= page.width - edge, box.y1 >= page.height - edge)
    )
    inside = sum(
        line.box.area for line in page.lines if line.box.covered_by(box) > limits.LINE_IN_REGION
    )
    return (
        short >= limits.PICTURE_SIDE * em
        and box.area >= limits.PICTURE_AREA * em * em
        and fill >= limits.PICTURE_FILL
        and long <= limits.PICTURE_ASPECT * short
        and box.area <= limits.PICTURE_PAGE_SHARE * page.width * page.height
        and (touching == 0 or short >= limits.PICTURE_AT_EDGE * em)
        and inside <= limits.PICTURE_TEXT * box.area
    )


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
    words = np.mean([_words(lines[i]) for i in block])
    full = np.mean([b.width >= limits.PROSE_FULL * widest for b in boxes])
    height = float(np.median([b.height for b in boxes]))
    return bool(
        widest >= limits.PROSE_WIDTH * height
        and words >= limits.PROSE_WORDS
        and full >= limits.PROSE_FULL_SHARE
    )


def _words(line: TextLine) -> float:
    """Number of words of letters; in a script without spaces, three characters count as one."""
    ideographs = sum("\u3040" <= c <= "\u9fff" for c in line.text)
    return ideographs / 3 + sum(any(c.isalpha() for c in word) for word in line.text.split())


# --- Ink


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


def _find_ink(pixels: RGBImage, lines: Sequence[TextLine], rules: Rules, em: float) -> Ink:
    """Ink outside text lines and rules, on a picture where a line is about 6 pixels high."""
    height, width = pixels.shape[:2]
    step = max(1, min(int(em / 6), width, height))
    size = (width // step, height // step)
    whole = pixels[: size[1] * step, : size[0] * step]  # OpenCV is three times as fast so.
    red, green, blue = cv2.split(cv2.resize(whole, size, interpolation=cv2.INTER_AREA))
    dark = cv2.min(cv2.min(red, green), blue)
    paper = float(np.percentile(dark[:: max(1, size[1] // 200)], 75))
    mask = (dark < paper - max(30.0, 0.18 * paper)).astype(np.uint8)
    rough = _rough(dark)
    boxes = [line.box.padded(0.25 * line.box.height, 0.15 * line.box.height) for line in lines]
    boxes += [
        Box(r.start, r.at, r.end, r.at).padded(step, r.thickness / 2 + 1.5 * step)
        for r in rules.horizontal
    ]
    boxes += [
        Box(r.at, r.start, r.at, r.end).padded(r.thickness / 2 + 1.5 * step, step)
        for r in rules.vertical
    ]
    for box in boxes:
        _erase(mask, box, step)
        _erase(rough, box, step)
    return Ink(mask, rough, step)


def _rough(dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where the picture changes, but not along a straight edge between two plain fills."""
    square = np.ones((3, 3), np.uint8)
    edges = cv2.threshold(cv2.morphologyEx(dark, cv2.MORPH_GRADIENT, square), 24, 1, 0)[1]
    long = np.ones((1, 15), np.uint8)
    straight = cv2.max(
        cv2.morphologyEx(edges, cv2.MORPH_OPEN, long),
        cv2.morphologyEx(edges, cv2.MORPH_OPEN, long.T),
    )
    dense = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((6, 6), np.uint8))
    return np.asarray(cv2.max(edges - straight, dense))


def _erase(mask: NDArray[np.uint8], box: Box, step: float) -> None:
    x0, y0, x1, y1 = box.scaled(1 / step).as_tuple()
    mask[max(0, round(y0)) : max(0, round(y1)), max(0, round(x0)) : max(0, round(x1))] = 0
