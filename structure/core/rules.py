"""Drawn rules of a page or of a table crop: found by morphology, joined to lattices. No torch.

A rule is a thin dark stroke along one axis: long against the height of the text, thin against it,
dark (or evenly dotted) along its whole length, and with little ink directly beside it. The last
point is what tells it from the serifs and x-heights of a line of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Box
from structure.core.images import RGBImage

EM = 28.0
"""Default height of a line of text in pixels: ten points at 200 dpi; works for 150 to 300 dpi."""

# The search runs on a picture in which text is about this high. Below, hairlines between close rows
# of text fuse with them; above, it only costs time.
_WORKING_EM = 14.0
# A cell narrower than this (in em) has no room for two characters.
_MIN_LENGTH = 1.6
# Thicker strokes are bars, fills or letters of a headline; so are those less than ten times as long
# as thick (the stem of an l is six to eight times as long).
_MAX_THICKNESS = 0.3
_MIN_SLENDERNESS = 10.0
# Grey levels by which a rule must stand out; JPEG and paper noise stay below after the averaging
# along it.
_CONTRAST = 18
# A rule is at least so much darker than its neighbourhood (0.2 to 0.3 em beside it), both averaged
# over 1 em; a line of text is about as dark above its baseline as on it.
_PROMINENCE = 0.8
# Breaks that are bridged along a rule, in em: scratches, crossings with other ink, dashes.
_GAP = 0.8
# Share of the columns of a solid rule that must be dark; a dotted one must be free of ink beside
# it.
_SOLID = 0.9
_BESIDE_DOTTED = 0.1
# Share of the columns with ink directly beside a solid rule. Text has 0.4 to 0.8 beside its
# baseline; a long straight dark stroke is hardly ever text, and may run close to it.
_BESIDE_SHORT = 0.2
_BESIDE_LONG = 0.45
_LONG = 6.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn rule.

    A horizontal one lies at y = `at` from x = `start` to `end`, a vertical one the other way round.

    Attributes:
        at: Middle of the stroke across its direction, pixels.
        start: Where it begins along its direction, pixels.
        end: Where it ends (exclusive).
        thickness: Extent across its direction, pixels.
    """

    at: float
    start: float
    end: float
    thickness: float = 1.0

    @property
    def length(self) -> float:
        """Extent along its direction, pixels."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a picture, ordered from top to bottom and from left to right."""

    horizontal: tuple[Rule, ...] = ()
    vertical: tuple[Rule, ...] = ()

    def within(self, box: Box, slack: float = 0.0) -> Rules:
        """The parts of the rules that lie inside `box`, which is first grown by `slack` pixels."""
        area = box.padded(slack)
        return Rules(
            _cut(self.horizontal, area.y0, area.y1, area.x0, area.x1),
            _cut(self.vertical, area.x0, area.x1, area.y0, area.y1),
        )

    def shifted(self, dx: float, dy: float) -> Rules:
        """Moved by (dx, dy): from a crop to its page, for instance."""
        return Rules(
            tuple(Rule(r.at + dy, r.start + dx, r.end + dx, r.thickness) for r in self.horizontal),
            tuple(Rule(r.at + dx, r.start + dy, r.end + dy, r.thickness) for r in self.vertical),
        )


def find_rules(pixels: RGBImage, *, em: float = EM) -> Rules:
    """Find the drawn rules of a page or crop.

    Solid, grey, dashed and dotted rules up to about 2 degrees off their axis, from 1.6 em of length
    on and up to 0.35 em thick.

    Args:
        pixels: (H, W, 3) uint8, a light background.
        em: Height of a line of body text in pixels; all limits are multiples of it.

    Returns:
        Rules in pixels of `pixels`.

    Raises:
        ValueError: `em` is not positive.
    """
    if not em > 0:
        raise ValueError(f"em must be positive, not {em}")
    if min(pixels.shape[:2]) < 2:
        return Rules()
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return Rules(_along_rows(gray, em), _along_rows(cv2.transpose(gray), em))


def without_strokes(rules: Rules, words: Iterable[Box], *, em: float = EM) -> Rules:
    """The rules without short upright ones through words: stems, brackets in several rows.

    Args:
        rules: Rules of one picture.
        words: Where its words stand.
        em: Height of a line of body text in pixels.
    """
    x0, y0, x1, y1 = np.array([box.as_tuple() for box in words]).reshape(-1, 4).T
    margin = np.minimum(0.12 * (y1 - y0), 0.25 * (x1 - x0))

    def runs_free(rule: Rule) -> bool:
        inside = (x0 + margin < rule.at) & (rule.at < x1 - 0.3 * margin)
        common = np.minimum(y1, rule.end) - np.maximum(y0, rule.start)
        through = float(common[inside].clip(0).sum())
        return rule.length > _LONG * em or through <= 0.5 * rule.length

    return Rules(rules.horizontal, tuple(rule for rule in rules.vertical if runs_free(rule)))


def lattice(
    rules: Rules, box: Box, *, em: float = EM
) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """The grid lines of a ruled table.

    Rules at (nearly) the same place count as one grid line. A grid line must run along at least a
    fifth of the box and cross or touch a rule of the other direction.

    Args:
        rules: Rules of the picture that `box` belongs to.
        box: The table.
        em: Height of a line of body text in pixels.

    Returns:
        x of the vertical and y of the horizontal grid lines, ascending, pixels; None where there
        are not at least 2 x 2 cells (three grid lines each way).
    """
    inside = rules.within(box, slack=0.5 * em)
    joint = 0.6 * em
    horizontal = [r for r in inside.horizontal if any(_meet(r, v, joint) for v in inside.vertical)]
    vertical = [r for r in inside.vertical if any(_meet(h, r, joint) for h in inside.horizontal)]
    ys = _positions(horizontal, 0.4 * em, 0.2 * box.width)
    xs = _positions(vertical, 0.4 * em, 0.2 * box.height)
    return (xs, ys) if len(xs) >= 3 and len(ys) >= 3 else None


def connected(rules: Rules, *, em: float = EM) -> list[Rules]:
    """Groups of rules that cross or touch one another, directly or through others.

    Rules that meet no other are left out.

    Args:
        rules: Rules of one picture.
        em: Height of a line of body text in pixels.

    Returns:
        Groups with at least one rule each way, from top to bottom.
    """
    h, v = rules.horizontal, rules.vertical
    parent = list(range(len(h) + len(v)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in zip(*np.nonzero(_meetings(h, v, 0.6 * em)), strict=True):
        parent[root(int(i))] = root(len(h) + int(j))
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i in range(len(parent)):
        rows, columns = members.setdefault(root(i), ([], []))
        if i < len(h):
            rows.append(h[i])
        else:
            columns.append(v[i - len(h)])
    groups = [Rules(tuple(a), tuple(b)) for a, b in members.values() if a and b]
    return sorted(groups, key=lambda g: (g.horizontal[0].at, g.vertical[0].at))


def extent(rules: Rules) -> Box:
    """The box around all rules.

    Raises:
        ValueError: there are none.
    """
    corners = [(r.start, r.at, r.end, r.at) for r in rules.horizontal]
    corners += [(r.at, r.start, r.at, r.end) for r in rules.vertical]
    if not corners:
        raise ValueError("extent of no rules")
    edges = np.asarray(corners)
    return Box(*map(float, edges[:, :2].min(axis=0)), *map(float, edges[:, 2:].max(axis=0)))


def _cut(
    rules: Iterable[Rule], low: float, high: float, start: float, end: float
) -> tuple[Rule, ...]:
    return tuple(
        Rule(r.at, max(r.start, start), min(r.end, end), r.thickness)
        for r in rules
        if low <= r.at <= high and min(r.end, end) > max(r.start, start)
    )


def _meet(h: Rule, v: Rule, slack: float) -> bool:
    return h.start - slack <= v.at <= h.end + slack and v.start - slack <= h.at <= v.end + slack


def _meetings(h: Sequence[Rule], v: Sequence[Rule], slack: float) -> NDArray[np.bool_]:
    """(len(h), len(v)): whether the two cross or touch."""
    a = np.array([(r.at, r.start, r.end) for r in h]).reshape(-1, 3)[:, None]
    b = np.array([(r.at, r.start, r.end) for r in v]).reshape(-1, 3)[None]
    across = (a[..., 1] - slack <= b[..., 0]) & (b[..., 0] <= a[..., 2] + slack)
    along = (b[..., 1] - slack <= a[..., 0]) & (a[..., 0] <= b[..., 2] + slack)
    return np.asarray(across & along)


def _positions(rules: Sequence[Rule], apart: float, min_total: float) -> tuple[float, ...]:
    """Where rules lie; those closer than `apart` as one, short ones left out."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if groups and rule.at - groups[-1][-1].at <= apart:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return tuple(
        float(np.average([r.at for r in g], weights=[r.length for r in g]))
        for g in groups
        if sum(r.length for r in g) >= min_total
    )


def _reduced(gray: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Smaller by `step`: the darkest of some rows (a hairline stays), the mean of some columns."""
    if step == 1:
        return gray
    height, width = (side // step * step for side in gray.shape)
    if not height or not width:
        return gray
    rows = gray[0:height:step, :width]
    for offset in range(1, step):
        rows = cv2.min(rows, gray[offset:height:step, :width])
    size = (width // step, height // step)
    return np.asarray(cv2.resize(rows, size, interpolation=cv2.INTER_AREA))


def _darker_than_around(gray: NDArray[np.uint8], reach: float) -> NDArray[np.uint8]:
    """How much darker a pixel is than what is above and below; 0 in shapes above `reach`."""
    column = np.ones((2 * max(1, round(reach / 2)) + 1, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, column))


def _along_rows(gray: NDArray[np.uint8], em: float) -> tuple[Rule, ...]:
    """Horizontal rules of a grey picture."""
    step = min(max(1, round(em / _WORKING_EM)), *gray.shape)
    small = _reduced(gray, step)
    scale = em / step
    thin = _darker_than_around(small, 1.3 * _MAX_THICKNESS * scale)
    ink = _darker_than_around(small, 1.1 * scale)
    run = np.ones((1, max(3, round(_MIN_LENGTH * scale))), np.uint8)
    mask = cv2.morphologyEx(_candidates(thin, ink, scale), cv2.MORPH_OPEN, run)
    strokes = [_stroke(thin, ink, *patch, scale) for patch in _patches(mask)]
    joined = _join([s for s in strokes if s is not None], scale)
    return tuple(
        Rule((s.y0 + s.y1) / 2 * step, s.x0 * step, s.x1 * step, s.thickness * step) for s in joined
    )


def _patches(mask: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    """(x, y, width, height) of every connected part of a mask, from top to bottom."""
    # Outlines of the few parts are found in a third of the time that labels for all pixels take.
    outlines, levels = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not len(outlines):
        return []
    outer = [
        cv2.boundingRect(line)
        for line, (*_, parent) in zip(outlines, levels[0], strict=True)
        if parent < 0
    ]
    return sorted(((x, y, w, h) for x, y, w, h in outer), key=lambda p: (p[1], p[0]))


def _candidates(thin: NDArray[np.uint8], ink: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    """255 where a thin stroke stands out from what is above and below; one row of freedom."""
    even = cv2.blur(thin, (max(1, round(0.4 * em)), 1))
    around = cv2.blur(ink, (max(1, round(em)), 1))
    first, last = max(2, round(0.2 * em)), max(3, round(0.3 * em))
    ring = np.ones((2 * last + 1, 1), np.uint8)
    ring[last - first + 1 : last + first] = 0
    near = cv2.dilate(around, ring)
    dark = cv2.threshold(even, _CONTRAST, 255, cv2.THRESH_BINARY)[1]
    alone = cv2.compare(even, cv2.multiply(near, _PROMINENCE), cv2.CMP_GT)
    mask = cv2.min(dark, alone)
    # A rule that leans by a degree changes its row every 60 pixels; the runs must not break there.
    return np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)))


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A nearly horizontal stroke from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float
    thickness: float


def _stroke(
    thin: NDArray[np.uint8], ink: NDArray[np.uint8], x: int, y: int, w: int, h: int, em: float
) -> _Stroke | None:
    """The rule in a patch of the picture, or None where the patch holds something else."""
    if w < 0.8 * _MIN_LENGTH * em or h > _MAX_THICKNESS * em + 0.05 * w + 4:
        return None
    patch = thin[y : y + h, x : x + w].astype(np.float32)
    peak = patch.max(axis=0)
    strength = _upper_quartile(peak)
    if strength < _CONTRAST:
        return None
    dark = peak >= 0.5 * strength
    count = int(np.count_nonzero(dark))
    columns = np.arange(w, dtype=np.float32)
    middle = np.arange(h, dtype=np.float32) @ patch / np.maximum(patch.sum(axis=0), 1)
    slope, offset = _line(columns[dark], middle[dark]) if w > 2 * em else (0.0, middle[dark].mean())
    thickness = np.count_nonzero(patch[:, dark] >= 0.5 * strength) / count
    if thickness > min(_MAX_THICKNESS * em, w / _MIN_SLENDERNESS) or abs(slope) > 0.06:
        return None
    beside = _beside(ink, x, y + offset + slope * columns, thickness, 0.6 * strength, em)
    if count < _SOLID * w:
        limit = _BESIDE_DOTTED
    else:
        limit = _BESIDE_SHORT if w < _LONG * em else _BESIDE_LONG
    if beside > limit:
        return None
    top = y + float(offset) + 0.5
    # The averages along the rule have lengthened it.
    first, last = (int(i) for i in np.flatnonzero(dark)[[0, -1]])
    return _Stroke(
        x + first, top + slope * first, x + last + 1, top + slope * (last + 1), thickness
    )


def _upper_quartile(values: NDArray[np.float32]) -> float:
    """The 75th percentile, in a tenth of the time that numpy's general function takes."""
    place = 0.75 * (len(values) - 1)
    low = int(place)
    ordered = np.partition(values, (low, min(low + 1, len(values) - 1)))
    step = float(ordered[min(low + 1, len(values) - 1)]) - float(ordered[low])
    return float(ordered[low]) + (place - low) * step


def _line(x: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[float, float]:
    """Slope and offset of the line of least squares."""
    dx = x - x.mean()
    slope = float(dx @ (y - y.mean()) / (dx @ dx))
    return slope, float(y.mean() - slope * x.mean())


def _beside(
    ink: NDArray[np.uint8],
    x: int,
    y: NDArray[np.float32],
    thickness: float,
    level: float,
    em: float,
) -> float:
    """Share of the columns with ink directly above or below the curve `y`, whichever is more."""
    first = round(thickness / 2) + 1
    reach = np.arange(first, first + max(2, round(0.15 * em)))
    middle = np.rint(y).astype(np.intp)
    rows = middle + np.stack([-reach, reach])[..., None]  # (2 sides, reach, columns)
    np.minimum(np.maximum(rows, 0, out=rows), ink.shape[0] - 1, out=rows)
    near = ink[rows, np.arange(x, x + len(middle))].max(axis=1) >= level
    return max(np.count_nonzero(side) for side in near) / len(middle)


def _join(strokes: Iterable[_Stroke], em: float) -> list[_Stroke]:
    """Strokes in line with each other, over short breaks, as one; sorted from top to bottom."""
    done: list[_Stroke] = []
    for stroke in sorted(strokes, key=lambda s: (s.x0, s.y0)):
        for i, left in enumerate(done):
            if (
                -em <= stroke.x0 - left.x1 <= _GAP * em
                and abs(stroke.y0 - left.y1) <= 0.25 * em
                and stroke.x1 > left.x1
            ):
                done[i] = _Stroke(
                    left.x0, left.y0, stroke.x1, stroke.y1, max(left.thickness, stroke.thickness)
                )
                break
        else:
            done.append(stroke)
    return sorted(done, key=lambda s: (s.y0 + s.y1, s.x0))
