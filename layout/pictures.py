"""Pictures that no network was asked about: photographs, logos, stamps, barcodes, signatures.

Every mass of ink outside text, tables and rules is a picture, unless it is known to be none: the
black border and the shadows of a scan, punch holes, scratches, fills behind text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from layout import limits
from layout.geometry import PageGeometry, words_in
from structure.core.geometry import Box, union
from structure.core.lines import is_sideways


def find_pictures(page: PageGeometry, taken: Iterable[Box] = ()) -> list[Box]:
    """Photos, logos, stamps: ink outside text, rules and the boxes in `taken`.

    Scratches, dirt, the black border of a scan and plain fills behind text are left out.
    """
    used = list(taken)
    if not used and _is_photo(page):
        return [page.ink.frame]
    found = masses(page, used)
    pictures = [m.box for m in found if _is_picture(page, m) and not _is_dirt(page, m)]
    pictures = grown(page, pictures, found, used)
    return sorted(_drawings(page, pictures, used), key=lambda b: (b.y0, b.x0))


def masses(page: PageGeometry, taken: Sequence[Box]) -> list[Mass]:
    """Ink outside text, rules and the boxes in `taken`: what hangs together, gaps bridged."""
    ink, em = page.ink, page.em / page.ink.step
    mask = ink.loose.copy()
    for box in taken:
        x0, y0, x1, y1 = (max(0, round(v / ink.step)) for v in box.as_tuple())
        mask[y0:y1, x0:x1] = 0
    reach = max(1, round(0.6 * em))
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for x, y, w, h, _ in stats[1:count].tolist():
        box = Box(x * ink.step, y * ink.step, (x + w) * ink.step, (y + h) * ink.step)
        fill = int(mask[y : y + h, x : x + w].sum()) / (w * h)
        found.append(Mass(box, fill, ink.shares(box)[1]))
    return found


def find_photos(page: PageGeometry, taken: Iterable[Box] = ()) -> list[Box]:
    """Of the pictures, those that stay photographs even inside a table: large, dense, untidy."""
    return [
        box
        for box in find_pictures(page, taken)
        if box.area >= limits.TABLE_PHOTO_AREA * page.em**2
        and box.area < limits.TABULAR_PAGE * page.width * page.height
        and page.ink.shares(box)[0] >= limits.TABLE_PHOTO_INK
        and page.ink.shares(box)[1] >= limits.TABLE_PHOTO_ROUGH
        and sum(line.box.intersection(box).area for line in page.lines)
        <= limits.CHART_TEXT * box.area
    ]


def find_in_cells(page: PageGeometry, cells: Iterable[Box]) -> list[Box]:
    """Ink in the cells of a form that nobody read: signatures, handwriting, stamps, photos.

    A stamp that lies on its side is a picture also where some of its lines were read.

    Args:
        page: The measured page.
        cells: Drawn cells, in pixels of the page.
    """
    ink, em = page.ink, page.em
    found: list[Box] = []
    for cell in cells:
        x0, y0, x1, y1 = (
            max(0, round(v))
            for v in cell.padded(-limits.CELL_EDGE * em).scaled(1 / ink.step).as_tuple()
        )
        part = ink.mask[y0:y1, x0:x1]
        if not part.size:
            continue
        reach = max(1, round(limits.STROKE_REACH * em / ink.step))
        joined = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        strokes = [
            Box(x0 + x, y0 + y, x0 + x + w, y0 + y + h).scaled(ink.step)
            for x, y, w, h, _ in stats[1:count].tolist()
        ]
        long = [s for s in strokes if max(s.width, s.height) >= limits.STROKE_LONG * em]
        if any(_is_script(page, stroke) or _is_textured(page, stroke) for stroke in long):
            whole = union(long)
            inside = [line for line in page.lines if line.box.covered_by(whole) > 0.5]
            read = sum(line.box.area for line in inside if not is_sideways(line))
            if read <= limits.STAMP_READ * whole.area:
                found.append(_with_sideways(page, whole, cell))
    return found


def _with_sideways(page: PageGeometry, picture: Box, cell: Box) -> Box:
    """A stamp with those of its lines beside it that were read."""
    reach = limits.CRUMB_GAP * page.em
    beside = [
        line.box
        for line in page.lines
        if is_sideways(line)
        and cell.contains(*line.box.center)
        and line.box.intersection(picture.padded(reach)).area > 0
    ]
    return union([picture, *beside])


def _is_script(page: PageGeometry, stroke: Box) -> bool:
    """Whether strokes that hang together are as large as a word written by hand."""
    return (
        stroke.width >= limits.SCRIPT_WIDTH * page.em
        and stroke.height >= limits.SCRIPT_HEIGHT * page.em
        and limits.PICTURE_FILL <= page.ink.shares(stroke)[0] <= limits.SCRIPT_FILL
    )


def _is_textured(page: PageGeometry, ink: Box) -> bool:
    """Whether ink is a photo or drawing, as high as two lines; a plain ground is none."""
    side = min(ink.width, ink.height)
    return side >= limits.CELL_PICTURE * page.em and page.ink.shares(ink)[1] >= limits.TEXTURED


def _is_photo(page: PageGeometry) -> bool:
    """Whether one photograph fills the page, with a title on it at most."""
    text = sum(line.box.area for line in page.lines)
    return (
        page.ink.blank < limits.FULL_PHOTO_BLANK
        and page.ink.shares(page.ink.frame)[1] >= limits.FULL_PHOTO_INK
        and len(page.lines) <= limits.FULL_PHOTO_LINES
        and text <= limits.FULL_PHOTO_TEXT * page.ink.frame.area
    )


@dataclass(frozen=True, slots=True)
class Mass:
    """Ink that hangs together.

    Attributes:
        fill: Share of the box that is ink.
        rough: Share that is no plain fill.
    """

    box: Box
    fill: float
    rough: float

    @property
    def long(self) -> float:
        """The longer side."""
        return max(self.box.width, self.box.height)

    @property
    def short(self) -> float:
        """The shorter side."""
        return min(self.box.width, self.box.height)


def _is_picture(page: PageGeometry, mass: Mass) -> bool:
    """Whether ink is large and dense enough, and neither a bar nor something behind text."""
    em, box = page.em, mass.box
    inside = [line for line in page.lines if line.box.covered_by(box) > limits.LINE_IN_REGION]
    whole = box.area > limits.PICTURE_PAGE_SHARE * page.width * page.height
    return (
        mass.short >= limits.PICTURE_SIDE * em
        and box.area >= limits.PICTURE_AREA * em * em
        and mass.fill >= limits.PICTURE_FILL
        and mass.long <= limits.PICTURE_ASPECT * mass.short
        and (not whole or (mass.rough >= limits.PHOTO_INK and mass.fill >= limits.PHOTO_INK))
        and sum(line.box.area for line in inside) <= limits.PICTURE_TEXT * box.area
    )


def _is_dirt(page: PageGeometry, mass: Mass) -> bool:
    """Whether ink is what a scanner or a puncher adds: shadows along an edge, punch holes."""
    box, frame, edge = mass.box, page.ink.frame, 0.5 * page.em
    sides = (
        box.x0 <= frame.x0 + edge,
        box.y0 <= frame.y0 + edge,
        box.x1 >= frame.x1 - edge,
        box.y1 >= frame.y1 - edge,
    )
    if any(sides):
        strip = mass.long >= limits.SHADOW_ASPECT * mass.short and (
            box.height >= limits.SHADOW_LENGTH * page.height
            or box.width >= limits.SHADOW_LENGTH * page.width
        )
        return (
            mass.short < limits.PICTURE_AT_EDGE * page.em
            or mass.rough < limits.ROUGH_AT_EDGE
            or strip
            or _is_surroundings(page, mass, sum(sides))
        )
    if mass.fill < limits.SOLID_FILL and mass.rough < limits.ROUGH_INK * mass.fill:
        return True  # A tint of old paper, the frame around something.
    margin = limits.PUNCH_MARGIN * min(page.width, page.height)
    x, y = box.center
    near = min(x - frame.x0, frame.x1 - x, y - frame.y0, frame.y1 - y) <= margin
    small = mass.long <= limits.PUNCH_SIZE * min(page.width, page.height)
    round_and_solid = mass.long <= 1.3 * mass.short and mass.fill >= limits.PUNCH_FILL
    return near and small and round_and_solid and mass.rough < limits.PUNCH_ROUGH


def _is_surroundings(page: PageGeometry, mass: Mass, sides: int) -> bool:
    """Whether ink on three sides lies around the text: the table under a photographed page."""
    inside = sum(line.box.covered_by(mass.box) > limits.LINE_IN_REGION for line in page.lines)
    return sides >= 3 and inside > max(limits.FIGURE_LINES, 0.5 * len(page.lines))


def grown(
    page: PageGeometry, pictures: Sequence[Box], pieces: Sequence[Mass], taken: Sequence[Box]
) -> list[Box]:
    """Pictures with the small pieces beside them."""
    crumbs = [
        mass.box
        for mass in pieces
        if mass.long >= limits.CRUMB_SIDE * page.em
        and mass.box not in pictures
        and mass.fill >= limits.PICTURE_FILL
    ]
    return [_with_crumbs(page, box, crumbs, taken) for box in pictures]


def _with_crumbs(
    page: PageGeometry, picture: Box, crumbs: Sequence[Box], taken: Sequence[Box]
) -> Box:
    """A picture with the small pieces beside it: the other bars of a barcode, dots, serifs."""
    left = list(crumbs)
    most = limits.CRUMB_GROWTH * picture.area
    while True:
        near = [
            c
            for c in left
            if union([picture, c]).area <= most
            and _is_beside(picture, c, limits.CRUMB_GAP * page.em)
            and not _between(page, union([picture, c]), (picture, c), taken)
        ]
        if not near:
            return picture
        picture = union([picture, near[0]])
        left.remove(near[0])


def joined(page: PageGeometry, boxes: Sequence[Box]) -> list[Box]:
    """Boxes with those close to each other as one, unless text stands between them."""
    return _drawings(page, boxes, ())


def _drawings(page: PageGeometry, pictures: Sequence[Box], taken: Sequence[Box]) -> list[Box]:
    """Pictures with the parts of one drawing put together: pieces close to each other.

    Large pictures stay apart; so do pieces with running text or something taken between them.
    """
    parts = list(pictures)
    place = 0
    while place < len(parts):
        near = next(
            (i for i in range(place) if _one_drawing(page, parts[i], parts[place], taken)), None
        )
        if near is None:
            place += 1
        else:
            parts[near] = union([parts[near], parts.pop(place)])
            place = 0
    return parts


def _one_drawing(page: PageGeometry, a: Box, b: Box, taken: Sequence[Box]) -> bool:
    piece = min(a.area, b.area) <= limits.PIECE_AREA * page.em**2
    near = _is_beside(a, b, limits.PIECE_GAP * page.em if piece else 0.0)
    return near and not _between(page, union([a, b]), (a, b), taken)


def _is_beside(a: Box, b: Box, most: float) -> bool:
    """Whether two boxes meet, or stand side by side or stacked at most so far from each other."""
    gap_x = max(a.x0, b.x0) - min(a.x1, b.x1)
    gap_y = max(a.y0, b.y0) - min(a.y1, b.y1)
    beside = gap_y <= -0.5 * min(a.height, b.height) and gap_x <= most
    stacked = gap_x <= -0.5 * min(a.width, b.width) and gap_y <= most
    return max(gap_x, gap_y) <= 0 or beside or stacked


def _between(page: PageGeometry, whole: Box, parts: Sequence[Box], taken: Sequence[Box]) -> bool:
    """Whether `whole` holds running text, or more text than its parts did, or something taken."""
    if any(whole.intersection(box).area > 0 for box in taken):
        return True
    added = [
        i
        for i, line in enumerate(page.lines)
        if line.box.covered_by(whole) > limits.LINE_IN_REGION
        and not any(line.box.covered_by(part) > limits.LINE_IN_REGION for part in parts)
    ]
    within = [x for x in page.lines if x.box.covered_by(whole) > limits.LINE_IN_REGION]
    if sum(words_in(x) >= limits.SPOKEN_WORDS for x in within) > limits.SPOKEN_LINES:
        return True
    text = sum(page.lines[i].box.area for i in added)
    return any(i in page.prose for i in added) or text > limits.CHART_TEXT * whole.area
