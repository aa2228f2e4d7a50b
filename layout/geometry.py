"""What text lines, drawn rules and ink say about a page, without any network.

`measure` looks at a page once; `find_tables`, `find_pictures` and `text_blocks` read from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from layout import limits
from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box, union
from structure.core.images import RGBImage
from structure.core.rules import Rule, Rules, connected, extent, find_rules, lattice

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
        step: Pixels of the page per pixel of `mask`.
        sums: (h + 1, w + 1) integral picture of `mask`.
    """

    mask: NDArray[np.uint8]
    step: float
    sums: NDArray[np.int32] = field(repr=False)

    def share(self, box: Box) -> float:
        """Share of `box` that is ink, 0 to 1."""
        height, width = self.mask.shape
        part = box.scaled(1 / self.step).clipped(width, height)
        x0, y0, x1, y1 = map(round, part.as_tuple())
        if x1 <= x0 or y1 <= y0:
            return 0.0
        s = self.sums
        inside = int(s[y1, x1]) - int(s[y0, x1]) - int(s[y1, x0]) + int(s[y0, x0])
        return inside / ((x1 - x0) * (y1 - y0))


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


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table that geometry shows.

    Attributes:
        ruled: Whether drawn rules separate rows and columns.
    """

    box: Box
    rows: int
    columns: int
    ruled: bool


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
    block_of: dict[int, list[int]] = {}
    taken: set[int] = set()  # Lines that already have one below.
    blocks: list[list[int]] = []
    for place, index in enumerate(order):
        above = [
            j for j in order[:place] if j not in taken and _continues(lines[j], lines[index], rules)
        ]
        if above:
            best = min(
                above, key=lambda j: (-lines[j].box.y1, abs(lines[j].box.x0 - lines[index].box.x0))
            )
            taken.add(best)
            block = block_of[best]
        else:
            block = []
            blocks.append(block)
        block.append(index)
        block_of[index] = block
    return blocks


def find_tables(page: PageGeometry) -> list[FoundTable]:
    """Tables by drawn lattices, by stacked horizontal rules, and by columns that align.

    Running text in columns is never a table, nor is a form of labels and values in two columns.

    Returns:
        From top to bottom, none overlapping another.
    """
    found = [t for group in connected(page.rules, em=page.em) if (t := _ruled_table(page, group))]
    found += _aligned_tables(page, [t.box for t in found])
    return sorted(_merged(found), key=lambda t: (t.box.y0, t.box.x0))


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
# ------------------------------------------------------------------------------------


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


def _continues(above: TextLine, below: TextLine, rules: Rules | None) -> bool:
    """Whether `below` is the next line of the block that `above` ends."""
    a, b = above.box, below.box
    small, large = sorted((a.height, b.height))
    gap = b.y0 - a.y1
    if not (_is_upright(above) and _is_upright(below)) or large > limits.BLOCK_HEIGHT_RATIO * small:
        return False
    if not -0.4 * small <= gap <= limits.BLOCK_GAP * small or b.center[1] <= a.center[1]:
        return False
    centred = abs(a.center[0] - b.center[0]) <= small
    flush = abs(a.x0 - b.x0) <= limits.BLOCK_INDENT * small or abs(a.x1 - b.x1) <= 0.5 * small
    if a.overlap_x(b) < 0.5 * min(a.width, b.width) or not (flush or centred):
        return False
    between = rules.horizontal if rules else ()
    return not any(
        a.center[1] < r.at < b.center[1]
        and min(r.end, a.x1, b.x1) - max(r.start, a.x0, b.x0) > 0.5 * min(a.width, b.width)
        for r in between
    )


def _is_prose(lines: Sequence[TextLine], block: Sequence[int]) -> bool:
    """Whether a block is running text: several long lines with many words that mostly run full."""
    if len(block) < limits.PROSE_LINES:
        return False
    boxes = [lines[i].box for i in block]
    widest = max(b.width for b in boxes)
    words = np.mean(
        [max(line_words(lines[i]), lines[i].box.width / (6 * lines[i].box.height)) for i in block]
    )
    full = np.mean([b.width >= limits.PROSE_FULL * widest for b in boxes])
    height = float(np.median([b.height for b in boxes]))
    return bool(
        widest >= limits.PROSE_WIDTH * height
        and words >= limits.PROSE_WORDS
        and full >= limits.PROSE_FULL_SHARE
    )


def line_words(line: TextLine) -> int:
    """Number of words of letters in a line."""
    return sum(any(c.isalpha() for c in word) for word in line.text.split())


# --- Tables
# ----------------------------------------------------------------------------------------------


def _ruled_table(page: PageGeometry, group: Rules) -> FoundTable | None:
    """The table of a group of crossing rules, if text stands in at least 2 x 2 of its cells."""
    box = extent(group)
    lines = lattice(group, box, em=page.em)
    if lines is None:
        return None
    xs, ys = lines
    inside = [c for c in page.chunks if box.contains(*c.box.center)]
    cells = {
        (int(np.searchsorted(ys, c.box.center[1])), int(np.searchsorted(xs, c.box.center[0])))
        for c in inside
    }
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    prose = sum(c.box.area for c in inside if c.line in page.prose)
    if len(rows) < 2 or len(columns) < 2 or len(cells) < 4:
        return None
    if (len(xs) - 1) * (len(ys) - 1) <= 4 and prose > 0.5 * sum(c.box.area for c in inside):
        return None
    return FoundTable(box, len(ys) - 1, len(xs) - 1, ruled=True)


@dataclass(slots=True)
class _Run:
    """Consecutive rows whose chunks align."""

    rows: list[list[Chunk]]
    singles: list[Chunk]
    waiting: list[Chunk]

    @property
    def bottom(self) -> float:
        return max(c.box.y1 for c in [*self.rows[-1], *self.waiting])


def _aligned_tables(page: PageGeometry, ruled: Sequence[Box]) -> list[FoundTable]:
    """Tables without a lattice: rows of chunks that stand in columns."""
    free = [
        c
        for c in page.chunks
        if c.line not in page.prose and not any(b.contains(*c.box.center) for b in ruled)
    ]
    tables = []
    for run in _runs(visual_rows(free), page.em):
        table = _table_of(page, run)
        if table is not None:
            tables.append(table)
    return tables


def visual_rows(parts: Sequence[Chunk]) -> list[list[Chunk]]:
    """Chunks at one height, from left to right; rows from top to bottom."""
    rows: list[list[Chunk]] = []
    middle = 0.0
    for chunk in sorted(parts, key=lambda c: (c.box.center[1], c.box.x0)):
        y = chunk.box.center[1]
        if rows and abs(y - middle) <= 0.45 * min(
            chunk.box.height, float(np.median([c.box.height for c in rows[-1]]))
        ):
            rows[-1].append(chunk)
            middle = float(np.mean([c.box.center[1] for c in rows[-1]]))
        else:
            rows.append([chunk])
            middle = y
    return [sorted(row, key=lambda c: c.box.x0) for row in rows]


def _runs(rows: Sequence[list[Chunk]], em: float) -> list[_Run]:
    runs: list[_Run] = []
    current: _Run | None = None
    for row in rows:
        top = min(c.box.y0 for c in row)
        if current is not None and top - current.bottom > limits.ROW_GAP * em:
            current = None
        if len(row) == 1:
            if current is not None:
                current.waiting.append(row[0])
        elif current is not None and _fits(row, current.rows, em):
            current.singles += current.waiting
            current.waiting = []
            current.rows.append(row)
        else:
            current = _Run([row], [], [])
            runs.append(current)
    return runs


def _fits(row: Sequence[Chunk], rows: Sequence[Sequence[Chunk]], em: float) -> bool:
    """Whether at least two chunks of `row`, and half of it, align with chunks of the last rows."""
    recent = [c.box for other in rows[-3:] for c in other]
    slack = limits.ALIGNED * em
    aligned = sum(
        any(
            b.overlap_x(c.box) > 0
            and min(abs(b.x0 - c.box.x0), abs(b.x1 - c.box.x1), abs(b.center[0] - c.box.center[0]))
            <= slack
            for b in recent
        )
        for c in row
    )
    return aligned >= 2 and aligned >= 0.5 * min(len(row), len(rows[-1]))


def _table_of(page: PageGeometry, run: _Run) -> FoundTable | None:
    """The table of a run of rows, if the evidence is good enough."""
    box = union(c.box for row in run.rows for c in row)
    rules = _rules_of(page, box)
    least = limits.RULED_ROWS if len(rules) >= 2 else limits.TABLE_ROWS
    columns = _columns(run.rows, page.em)
    if len(run.rows) < least or len(columns) < 2:
        return None
    cells = [c for row in run.rows for c in row]
    body = [c for row in run.rows[1:] for c in row]
    numeric = sum(c.numeric for c in body) / len(body)
    filled = len(cells) / (len(run.rows) * len(columns))
    if filled < limits.FILLED_COLUMNS:
        return None
    if len(columns) == 2:
        right = [row[-1] for row in run.rows]
        share = sum(c.numeric for c in right) / len(right)
        labels = sum(row[0].text.rstrip().endswith((":", "\uff1a")) for row in run.rows)
        strong = (
            len(run.rows) >= limits.NUMERIC_PAIR_ROWS
            and share >= limits.NUMERIC_PAIR_SHARE
            and labels < 0.3 * len(run.rows)
        )
        if not strong and not (len(rules) >= 3 and share >= 0.5):
            return None
    elif numeric < limits.NUMERIC_SHARE and len(rules) < 2:
        return None
    whole = union([box, *(c.box for c in run.singles)])
    return FoundTable(_to_rules(page, whole, rules), len(run.rows), len(columns), ruled=False)


def _columns(rows: Sequence[Sequence[Chunk]], em: float) -> list[tuple[float, float]]:
    """Intervals in x that several rows fill, with gaps between them that hardly a row bridges."""
    step = em / 4
    left = min(c.box.x0 for row in rows for c in row)
    right = max(c.box.x1 for row in rows for c in row)
    counts = np.zeros(int((right - left) / step) + 2)
    for row in rows:
        for c in row:
            counts[int((c.box.x0 - left) / step + 0.5) : int((c.box.x1 - left) / step + 0.5)] += 1
    bridged = 0.0 if len(rows) < 5 else max(1.0, 0.12 * len(rows))
    filled = np.concatenate([[False], counts > bridged, [False]])
    edges = np.flatnonzero(filled[1:] != filled[:-1])
    return [
        (left + a * step, left + b * step)
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if counts[a:b].max() >= max(2.0, 0.25 * len(rows))
    ]


def _rules_of(page: PageGeometry, box: Box) -> list[Rule]:
    """Horizontal rules in or near a table that run along most of it."""
    area = box.padded(0, limits.RULE_REACH * page.em)
    return [
        r
        for r in page.rules.horizontal
        if area.y0 <= r.at <= area.y1
        and min(r.end, box.x1) - max(r.start, box.x0) >= 0.7 * box.width
    ]


def _to_rules(page: PageGeometry, box: Box, rules: Sequence[Rule]) -> Box:
    """`box`, up to the rules that close it above and below."""
    like = [r for r in rules if r.length <= 1.3 * box.width]
    if len(like) < 2:
        return box
    return union([box, *(Box(r.start, r.at, r.end, r.at) for r in like)])


def _merged(tables: Iterable[FoundTable]) -> list[FoundTable]:
    """Overlapping tables as one: the ruled one, else the one with more cells, grown over both."""
    kept: list[FoundTable] = []
    for table in sorted(tables, key=lambda t: (-t.ruled, -t.rows * t.columns, t.box.as_tuple())):
        for i, other in enumerate(kept):
            small = min(table.box.area, other.box.area)
            if table.box.intersection(other.box).area > 0.3 * small:
                kept[i] = FoundTable(
                    union([table.box, other.box]), other.rows, other.columns, other.ruled
                )
                break
        else:
            kept.append(table)
    return kept


# --- Ink
# -------------------------------------------------------------------------------------------------


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
    step = max(1.0, em / 6)
    size = (max(1, round(width / step)), max(1, round(height / step)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    dark = small.min(axis=2)
    paper = float(np.percentile(dark[:: max(1, size[1] // 200)], 75))
    mask = (dark < paper - max(30.0, 0.18 * paper)).astype(np.uint8)
    for line in lines:
        box = line.box.padded(0.25 * line.box.height, 0.15 * line.box.height)
        _erase(mask, box, step)
    for r in rules.horizontal:
        _erase(
            mask, Box(r.start, r.at, r.end, r.at).padded(step, r.thickness / 2 + 1.5 * step), step
        )
    for r in rules.vertical:
        _erase(
            mask, Box(r.at, r.start, r.at, r.end).padded(r.thickness / 2 + 1.5 * step, step), step
        )
    return Ink(mask, step, cv2.integral(mask))


def _erase(mask: NDArray[np.uint8], box: Box, step: float) -> None:
    x0, y0, x1, y1 = box.scaled(1 / step).as_tuple()
    mask[max(0, round(y0)) : max(0, round(y1)), max(0, round(x0)) : max(0, round(x1))] = 0
