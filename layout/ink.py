"""Ink of a page outside its text and rules; what of it is the border of a scan or a background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from layout import limits
from structure.core.analysis import TextLine
from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.core.lines import with_room
from structure.core.rules import Rules


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a page is neither paper nor text nor rule, on a reduced picture.

    Attributes:
        mask: (h, w) uint8, 1 for ink.
        rough: (h, w) uint8, 1 where it is no plain fill with straight edges: curves, photos.
        loose: (h, w) uint8, the ink without the black border of a scan and without fills behind
            text.
        frame: The page inside that border, pixels of the page.
        blank: Share of the page that is as light as its paper, 0 to 1.
        step: Pixels of the page per pixel of the masks.
    """

    mask: NDArray[np.uint8]
    rough: NDArray[np.uint8]
    loose: NDArray[np.uint8]
    frame: Box
    blank: float
    step: float

    def shares(self, box: Box) -> tuple[float, float]:
        """Shares of `box` that are ink and rough ink, 0 to 1."""
        return share(self.mask, box, self.step), share(self.rough, box, self.step)


def find_ink(pixels: RGBImage, lines: Sequence[TextLine], rules: Rules, em: float) -> Ink:
    """Ink outside text lines and rules, on a picture where a line is about 6 pixels high."""
    height, width = pixels.shape[:2]
    step = max(1, min(int(em / 6), width, height))
    size = (width // step, height // step)
    whole = pixels[: size[1] * step, : size[0] * step]  # OpenCV is three times as fast so.
    small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    dark, paper = _levels(small)
    top, left, bottom, right = _border(dark, paper)
    even = _without_shadow(dark, paper)
    mask = (even < paper - max(30.0, 0.18 * paper)).astype(np.uint8)
    loose = cv2.subtract(mask, _panels(small, mask, lines, em / step, step))
    inner = np.zeros_like(mask)
    inner[top : size[1] - bottom, left : size[0] - right] = 1
    cv2.multiply(loose, inner, loose)
    frame = Box(left * step, top * step, width - right * step, height - bottom * step)
    blank = float((cv2.absdiff(even, round(paper)) <= limits.BLANK_LEVELS).mean())
    rough = _rough(dark)
    masks = (mask, rough, loose)
    for line in lines:
        _erase(masks, with_room(line, 0.25, 0.15), step)
    strokes = _strokes(rules, step)
    for box in [box for box, sides in strokes if not _is_stripe(loose, sides, step)]:
        _erase(masks, box, step)
    return Ink(mask, _without_dust(rough), loose, frame, blank, step)


def share(mask: NDArray[np.uint8], box: Box, step: float) -> float:
    """Share of `box` (in pixels of the page) that a mask with `step` pixels a cell marks."""
    height, width = mask.shape
    part = box.scaled(1 / step).clipped(width, height)
    x0, y0, x1, y1 = map(round, part.as_tuple())
    return float(mask[y0:y1, x0:x1].mean()) if x1 > x0 and y1 > y0 else 0.0


def _strokes(rules: Rules, step: float) -> list[tuple[Box, tuple[Box, Box]]]:
    """Where the strokes of the rules lie, edges included, and what is on both sides of each."""
    strokes = []
    reach = limits.STRIPE_REACH * step
    for r in rules.horizontal:
        box = Box(r.start, r.at, r.end, r.at).padded(step, r.thickness / 2 + 1.5 * step)
        above = Box(box.x0, box.y0 - reach, box.x1, box.y0)
        strokes.append((box, (above, above.shifted(0, box.height + reach))))
    for r in rules.vertical:
        box = Box(r.at, r.start, r.at, r.end).padded(r.thickness / 2 + 1.5 * step, step)
        left = Box(box.x0 - reach, box.y0, box.x0, box.y1)
        strokes.append((box, (left, left.shifted(box.width + reach, 0))))
    return strokes


def _is_stripe(mask: NDArray[np.uint8], sides: Sequence[Box], step: float) -> bool:
    """Whether a stroke stands among others: a bar of a barcode, a line of hatching."""
    return all(share(mask, side, step) >= limits.STRIPES for side in sides)


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


def _erase(masks: Sequence[NDArray[np.uint8]], box: Box, step: float) -> None:
    x0, y0, x1, y1 = (max(0, round(v)) for v in box.scaled(1 / step).as_tuple())
    for mask in masks:
        mask[y0:y1, x0:x1] = 0


def _levels(small: RGBImage) -> tuple[NDArray[np.uint8], float]:
    """How light each pixel is (ink is dark, whatever its colour), and how light the paper is.

    A page in light type on a dark ground is turned into its negative.
    """
    red, green, blue = cv2.split(small)
    dark = cv2.min(cv2.min(red, green), blue)
    rows = max(1, small.shape[0] // 200)
    paper = float(np.percentile(dark[::rows], 75))
    if paper < limits.DARK_PAPER:
        dark = cv2.bitwise_not(cv2.max(cv2.max(red, green), blue))
        paper = float(np.percentile(dark[::rows], 75))
    return np.asarray(dark), paper


def _without_shadow(dark: NDArray[np.uint8], paper: float) -> NDArray[np.uint8]:
    """The page in even light, where its paper darkens gently towards a side, as over a fold.

    The paper of a strip is the median of its tiles, so that pictures in it do not count; a strip
    that is darker at once is no shadow but a fill, and nothing is done.
    """
    height, width = dark.shape
    parts = limits.SHADOW_STRIPS
    if min(height, width) < 2 * parts:
        return dark
    y, x = height // parts, width // parts
    tiled = dark[: y * parts, : x * parts].reshape(parts, y, parts, x)[:, ::2, :, ::2]
    tiles = np.percentile(tiled, 75, axis=(1, 3))
    across, down = (_light(np.median(tiles, axis=axis), paper) for axis in (0, 1))
    if across is None and down is None:
        return dark
    light = np.ones((parts, parts))
    light *= 1.0 if across is None else across[None, :]
    light *= 1.0 if down is None else down[:, None]
    spread = cv2.resize(light.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(dark / spread, 0, 255).astype(np.uint8)


def _light(strips: NDArray[np.float64], paper: float) -> NDArray[np.float64] | None:
    """How light the paper of each strip is against all paper; None where that is no shadow."""
    light = np.minimum(strips / paper, 1.0)
    steps = np.abs(np.diff(light))
    if light.min() < limits.DEEP_SHADOW or steps.max() > limits.SHADOW_STEP:
        return None
    return light if light.min() < limits.FAINT_SHADOW else None


def _without_dust(rough: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rough ink without what is left around text that was erased, and without dust.

    Specks are dust where they lie all over the page; those in one place are the dots of a chart.
    """
    clean = cv2.morphologyEx(rough, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(clean, connectivity=8)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    specks = np.flatnonzero(sides[1:count] <= limits.DUST_SIDE) + 1
    parts = limits.DUST_TILES
    tiles = (centres[specks] * parts / (rough.shape[1], rough.shape[0])).astype(int)
    if len(np.unique(tiles, axis=0)) < limits.DUSTY * parts**2:
        return np.asarray(clean)
    dusty = np.zeros(count, bool)
    dusty[specks] = True
    clean[dusty[labels]] = 0
    return np.asarray(clean)


def _border(dark: NDArray[np.uint8], paper: float) -> tuple[int, int, int, int]:
    """How far the black border of a scan reaches in from the top, left, bottom and right.

    Only evenly black bars along most of a side are border; a picture that bleeds off the page
    is not, nor what hangs on to the border.
    """
    black = (dark < limits.BORDER_DARK * paper).astype(np.uint8)
    edges = cv2.morphologyEx(dark, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    black[edges > 40] = 0
    top, bottom = _bar(black), _bar(black[::-1])
    rest = black[top : len(black) - bottom].T
    return top, _bar(rest), bottom, _bar(rest[::-1])


def _bar(black: NDArray[np.uint8]) -> int:
    """Number of leading rows that are a bar along most of their length; 0 for none."""
    if not black.size:
        return 0
    most = int(limits.BORDER_DEPTH * len(black))
    filled = black[:most].mean(axis=1) >= limits.BORDER_LENGTH
    # The outermost rows may be white again; the innermost are an edge and not evenly black.
    rows = np.flatnonzero(filled)
    if not len(rows) or rows[0] > limits.BORDER_START * len(black):
        return 0
    ends = np.flatnonzero(np.diff(rows) > 3)
    last = int(rows[ends[0]] if len(ends) else rows[-1])
    return 0 if last >= most - 1 else last + 4  # its soft edge goes with it


def _panels(
    small: RGBImage, mask: NDArray[np.uint8], lines: Sequence[TextLine], em: float, step: float
) -> NDArray[np.uint8]:
    """(h, w) uint8, 1 for fills behind text: of one colour, straight edges, text on them."""
    square = np.ones((3, 3), np.uint8)
    change = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, square).max(axis=2)
    plain = cv2.bitwise_and(mask, (change < limits.PANEL_CHANGE).astype(np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(plain, connectivity=4)
    panels = np.zeros_like(mask)
    large = [i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] >= limits.PANEL_AREA * em**2]
    for i in large:
        x, y, w, h = stats[i, : cv2.CC_STAT_AREA].tolist()
        part = (labels[y : y + h, x : x + w] == i).astype(np.uint8)
        box = Box(x * step, y * step, (x + w) * step, (y + h) * step)
        own = [line for line in lines if box.contains(*line.box.center)]
        if any(_lies_on(line, part, box, step) for line in own) and _is_rectangular(part):
            # The soft edge of the fill goes with it.
            grown = cv2.dilate(cv2.copyMakeBorder(part, 2, 2, 2, 2, cv2.BORDER_CONSTANT), square)
            grown = cv2.dilate(grown, square)
            top, left = max(0, 2 - y), max(0, 2 - x)
            place = panels[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2]
            np.maximum(
                place,
                grown[top : top + place.shape[0], left : left + place.shape[1]],
                out=place,
            )
    return cv2.bitwise_and(panels, mask)


def _lies_on(line: TextLine, part: NDArray[np.uint8], box: Box, step: float) -> bool:
    """Whether the surroundings of a line are mostly this fill."""
    around = line.box.padded(0.5 * line.box.height).shifted(-box.x0, -box.y0).scaled(1 / step)
    x0, y0, x1, y1 = (max(0, round(v)) for v in around.as_tuple())
    near = part[y0:y1, x0:x1]
    return bool(near.size) and float(near.mean()) >= limits.PANEL_AROUND_TEXT


def _is_rectangular(part: NDArray[np.uint8]) -> bool:
    """Whether the outline of a fill is mostly long straight edges along the axes."""
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    edge = np.zeros_like(part)
    cv2.drawContours(edge, outlines, -1, 1, 1)
    run = np.ones((1, 15), np.uint8)
    straight = cv2.max(
        cv2.morphologyEx(edge, cv2.MORPH_OPEN, run), cv2.morphologyEx(edge, cv2.MORPH_OPEN, run.T)
    )
    return float(straight.sum()) >= limits.PANEL_STRAIGHT * float(edge.sum())
