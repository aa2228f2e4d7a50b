"""Whether the text layer of a PDF page deserves trust, and what it says where it does.

A text layer may be an old recognition of a scan, may hide things that nobody sees, and may lie
about every character. It is used only where it agrees with what the page shows.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import Notice, TextLine
from structure.core.geometry import Affine, Box
from structure.core.images import RGBImage
from structure.reading.characters import Characters, read_characters
from structure.reading.page_objects import PageObjects
from structure.reading.text_lines import lines_of
from structure.reading.words import Run, is_bad, printable, word_box, words_of

# Fewer visible characters are a stamp or a page number on a scan.
_MIN_CHARACTERS = 20
# Honest layers have a rare private or unassigned character; garbled ones have them everywhere.
_MAX_BAD = 0.03
# Some fonts of honest files have no character map (bullets, formulas), but not so many.
_MAX_UNMAPPED = 0.3
# Pictures over so much of the page are a scan, and the layer is somebody's recognition of it.
_FULL_PAGE = 0.8
# Smaller pictures, by share of the page, are logos and icons; those with more of the layer's text
# on them than this are a background.
_MIN_PICTURE = 0.02
_MAX_TEXT_IN_PICTURE = 0.1
# Of the edges on a scan so many lie in the boxes of a layer's words, where it has all of them;
# the rest are pictures, rules and dirt.
_EXPLAINED = 0.6
# Grey levels between neighbours that make an edge (JPEG noise stays below), and the share of the
# pixels with an edge under which there is nothing to explain.
_EDGE = 40
_MIN_EDGES = 0.002
# Pixels a cell of the mask in which pictures are joined; scanners leave gaps of a few.
_MASK_STEP = 8
# Grey levels: even pale grey text on white differs by more, a solid patch by nothing.
_MIN_STEP = 6
# Nobody can read smaller type.
_MIN_POINTS = 1.0
# A line that OCR reads with some errors is still this much alike; long lines make chance rare.
_AGREEMENT = 0.7
_PROBE_LENGTH = 12
# Scripts that OCR reads, as their letters are named; it can say nothing about lines in others.
_READ_SCRIPTS = ("LATIN", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH")


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What the text layer of a page gives.

    Attributes:
        lines: Its lines in pixels; None where the page must be read by OCR.
        unread: Pictures on the page that may hold text of their own, in pixels.
        notices: Why a layer was refused, and what was left out of it.
    """

    lines: tuple[TextLine, ...] | None = None
    unread: tuple[Box, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_layer(
    page: Any,
    pixels: RGBImage,
    to_source: Affine,
    objects: PageObjects,
    links: Sequence[tuple[Box, str]],
    *,
    number: int,
    dpi: float,
    ocr: Literal["auto", "never"] = "auto",
) -> TextLayer:
    """Read the text layer of a pdfium page and decide whether to trust it.

    Args:
        page: A pdfium page.
        pixels: The page as it is seen.
        to_source: From `pixels` to user space.
        objects: What else the page draws.
        links: Boxes in user space, with their addresses.
        number: 1-based page number, for notices.
        dpi: Of `pixels`.
        ocr: With "never" all of the layer is taken, invisible text too.
    """
    height, width = pixels.shape[:2]
    from_source = to_source.inverse()
    characters = read_characters(page, from_source, objects.text_order)
    keep = printable(characters)
    pictures = [from_source.box(picture.box) for picture in objects.pictures]
    cover = objects.cover(to_source.box(Box(0.0, 0.0, width, height)))
    linked = [(from_source.box(box), target) for box, target in links]
    places = _link_places(characters, linked)
    if ocr == "never":
        runs = words_of(characters, keep & _inside(characters, width, height), places)
        return TextLayer(_with_links(lines_of(runs), linked))
    invisible = keep & ~_flags(characters, [look.visible for look in characters.looks])
    shown = keep & ~invisible & _inside(characters, width, height)
    shown &= _flags(characters, [look.em * 72 / dpi >= _MIN_POINTS for look in characters.looks])
    shown &= ~_covered(characters, objects, pictures, full=cover >= _FULL_PAGE)
    runs = _drawn(pixels, words_of(characters, shown, places))
    good = sum(len(run.members) for run in runs)
    hidden = int(keep.sum()) - good
    refusal = _refusal(runs, characters.unmapped, invisible=int(invisible.sum()), good=good)
    if refusal is None and cover >= _FULL_PAGE:
        boxes = [word_box(run) for run in runs]
        if _explained(pixels, Box(0.0, 0.0, width, height), boxes) < _EXPLAINED:
            refusal = "it covers only a part of what the page shows"
    if refusal is not None:
        if not keep.any():
            return TextLayer()
        message = f"the text layer is not used: {refusal}"
        return TextLayer(notices=(Notice("W_TEXT_LAYER", message, page=number),))
    notices: tuple[Notice, ...] = ()
    if hidden:
        message = f"hidden text was left out of the text layer ({hidden} characters)"
        notices = (Notice("W_HIDDEN_TEXT", message, page=number),)
    unread = _unread(pixels, pictures, runs) if cover < _FULL_PAGE else ()
    return TextLayer(_with_links(lines_of(runs), linked), unread, notices)


def probe_lines(lines: Sequence[TextLine], n: int = 3) -> list[TextLine]:
    """Lines to read by OCR as a test of a text layer: long ones, spread over the page.

    Args:
        lines: Of one page.
        n: How many, at most.

    Returns:
        Lines from top to bottom; fewer than `n` where the page has fewer with at least a dozen
        characters, most letters of which OCR knows. The choice depends on the lines only.
    """
    usable = [
        line
        for line in lines
        if len(line.text) >= _PROBE_LENGTH and abs(line.angle) < 1 and _is_read(line.text)
    ]
    if not usable or n < 1:
        return []
    usable.sort(key=lambda line: (line.box.y0, line.box.x0))
    bands = [usable[len(usable) * i // n : len(usable) * (i + 1) // n] for i in range(n)]
    return [max(band, key=lambda line: len(line.text)) for band in bands if band]


def _is_read(text: str) -> bool:
    """Whether at least half of the letters of `text` are of scripts that OCR reads."""
    letters = [char for char in text if char.isalpha()]
    read = sum(char < "\u0250" or _script(char) in _READ_SCRIPTS for char in letters)
    return 2 * read >= len(letters)


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def layer_agrees(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether a text layer tells the truth, judged by a few of its lines.

    It lies where two lines (or the only one) are less than 70 % alike, spaces and case apart.

    Args:
        pairs: (what the layer says, what OCR reads) for each probe.
    """
    doubts = sum(_similarity(layer, read) < _AGREEMENT for layer, read in pairs)
    return doubts < min(2, len(pairs)) or not pairs


def _similarity(one: str, two: str) -> float:
    a, b = ("".join(text.split()).casefold() for text in (one, two))
    if not a and not b:
        return 1.0
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def _flags(characters: Characters, per_style: list[bool]) -> NDArray[np.bool_]:
    """A property of styles for every character; False where there is no style."""
    return np.array([*per_style, False], dtype=bool)[characters.styles]


def _centers(characters: Characters) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x0, y0, x1, y1 = characters.cells.T
    return (x0 + x1) / 2, (y0 + y1) / 2


def _inside(characters: Characters, width: int, height: int) -> NDArray[np.bool_]:
    x, y = _centers(characters)
    return (x >= 0) & (x < width) & (y >= 0) & (y < height)


def _covered(
    characters: Characters, objects: PageObjects, boxes: list[Box], *, full: bool
) -> NDArray[np.bool_]:
    """Characters over which a picture was painted; on a scan also one that claims to be clear."""
    order = np.array([*(look.order for look in characters.looks), 0])[characters.styles]
    x, y = _centers(characters)
    covered = np.zeros(len(order), dtype=bool)
    last = int(order.min(initial=0))
    for picture, box in zip(objects.pictures, boxes, strict=True):
        if (picture.opaque or full) and picture.order > last:
            inside = (x >= box.x0) & (x < box.x1) & (y >= box.y0) & (y < box.y1)
            covered |= inside & (order < picture.order)
    return covered


def _drawn(pixels: RGBImage, runs: Sequence[Run]) -> list[Run]:
    """Words where something is drawn: neither bare paper nor a solid patch.

    Writing differs from its ground along the line; a rule or the edge of a coloured bar does not.
    """
    if min(pixels.shape[:2]) < 2:
        return []
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    steps = [cv2.absdiff(grey[:, 1:], grey[:, :-1]) >= _MIN_STEP]
    if any(abs(run.style.along[1]) > abs(run.style.along[0]) for run in runs):
        steps.append(cv2.absdiff(grey[1:], grey[:-1]) >= _MIN_STEP)
    drawn: list[Run] = []
    for run in runs:
        box = word_box(run)
        ink = steps[abs(run.style.along[1]) > abs(run.style.along[0])]
        if ink[max(int(box.y0), 0) : int(box.y1) + 1, max(int(box.x0), 0) : int(box.x1) + 1].any():
            drawn.append(run)
    return drawn


def _refusal(runs: list[Run], unmapped: float, *, invisible: int, good: int) -> str | None:
    """Why the layer cannot be used, or None."""
    if good < _MIN_CHARACTERS:
        if invisible >= _MIN_CHARACTERS:
            return "it is invisible, as an older recognition leaves it"
        return f"it has only {good} visible characters"
    bad = sum(is_bad(char) for run in runs for char in run.text)
    if bad >= _MAX_BAD * good:
        return f"{bad} of its {good} characters are meaningless"
    if unmapped >= _MAX_UNMAPPED:
        return f"its fonts do not tell what {unmapped:.0%} of the characters are"
    return None


def _edges(pixels: RGBImage, box: Box) -> NDArray[np.bool_]:
    """Where brightness jumps from one pixel to the next, inside `box`."""
    height, width = pixels.shape[:2]
    part = pixels[
        max(int(box.y0), 0) : min(int(box.y1), height),
        max(int(box.x0), 0) : min(int(box.x1), width),
        1,
    ]
    if part.shape[0] < 1 or part.shape[1] < 2:
        return np.zeros((0, 0), dtype=bool)
    return cv2.absdiff(part[:, 1:], part[:, :-1]) > _EDGE


def _explained(pixels: RGBImage, area: Box, words: Sequence[Box]) -> float:
    """Share of the drawn edges in `area` that lie in the boxes of words; 1 where nothing is."""
    edges = _edges(pixels, area)
    total = int(np.count_nonzero(edges))
    if total < _MIN_EDGES * edges.size or not total:
        return 1.0
    left, top = max(int(area.x0), 0), max(int(area.y0), 0)
    for word in words:
        grown = word.padded(2.0).shifted(-left, -top)
        if grown.x1 > 0 and grown.y1 > 0:
            edges[max(int(grown.y0), 0) : int(grown.y1), max(int(grown.x0), 0) : int(grown.x1)] = (
                False
            )
    return 1.0 - int(np.count_nonzero(edges)) / total


def _unread(pixels: RGBImage, pictures: list[Box], runs: list[Run]) -> tuple[Box, ...]:
    """Pictures that show something and hold hardly any of the layer's words."""
    height, width = pixels.shape[:2]
    mask = np.zeros((height // _MASK_STEP + 1, width // _MASK_STEP + 1), dtype=np.uint8)
    for picture in pictures:
        # Touching pictures are one: scanners cut a page into strips.
        box = picture.clipped(width, height)
        if box.area > 0:
            x0, y0, x1, y1 = (round(value / _MASK_STEP) for value in box.as_tuple())
            mask[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = 1
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    words = [word_box(run) for run in runs]
    unread: list[Box] = []
    for x, y, w, h, area in stats[1:count].tolist():
        box = Box(x, y, x + w, y + h).scaled(_MASK_STEP).clipped(width, height)
        if area * _MASK_STEP**2 < _MIN_PICTURE * width * height:
            continue
        inside = sum(word.intersection(box).area for word in words)
        if inside < _MAX_TEXT_IN_PICTURE * box.area and _explained(pixels, box, words) < 0.5:
            unread.append(box)
    return tuple(unread)


def _link_places(characters: Characters, links: list[tuple[Box, str]]) -> NDArray[np.int64] | None:
    """For every character the number of the link that it lies in, -1 for none."""
    if not links:
        return None
    x, y = _centers(characters)
    places = np.full(len(x), -1, dtype=np.int64)
    for number, (box, _) in enumerate(links):
        places[(x >= box.x0) & (x < box.x1) & (y >= box.y0) & (y < box.y1)] = number
    return places


def _with_links(lines: list[TextLine], links: list[tuple[Box, str]]) -> tuple[TextLine, ...]:
    if not links:
        return tuple(lines)
    result: list[TextLine] = []
    for line in lines:
        near = [(box, target) for box, target in links if box.intersection(line.box).area > 0]
        if near:
            words = tuple(
                replace(word, link=target) if target is not None else word
                for word in line.words
                for target in [next((t for box, t in near if box.contains(*word.box.center)), None)]
            )
            line = replace(line, words=words)
        result.append(line)
    return tuple(result)
