"""Lines of a table of contents whose page numbers text detection left out.

The dots that lead from a title to its page are no text to a detector: it stops in the midst of
them, and the lone figure at the far edge of the page is often lost. There it is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from structure.core.analysis import TextLine, Word
from structure.core.crops import cut
from structure.core.geometry import Box, union
from structure.core.images import RGBImage

ReadLines = Callable[[Sequence[RGBImage]], list[tuple[str, float]]]

LEAST = 3
"""Fewer such lines on a page are no table of contents."""

GAP = 0.8
"""Distance in heights of a line beyond which figures are not of one number."""

MOST_OF_WIDTH = 0.98
"""How far to the right of a page a number may stand; behind it scans have shadows."""

_DOTS = 3
_OPEN = re.compile(r"[^\W\d_].*?(?:[.\u00b7\u2026]\s?){2,}$")
_STOPPED = re.compile(r"[^\W\d_].*[^.]\.$")
_NUMBER = re.compile(r"[.\u00b7\u2026\s]*(\d{1,4})")


def with_page_numbers(
    lines: Sequence[TextLine], pixels: RGBImage, read_lines: ReadLines
) -> list[TextLine]:
    """The lines, those that end in leaders with the number that these lead to.

    Args:
        lines: Text lines in pixels of the page, in any order.
        pixels: (H, W, 3) uint8, the page.
        read_lines: Reads pictures of one line each: text and score 0 to 1.
    """
    entries = [i for i, line in enumerate(lines) if _OPEN.search(line.text)]
    if len(entries) < LEAST:
        return list(lines)
    # Between such lines one dot may be all that was read of the leaders.
    entries += [i for i, line in enumerate(lines) if _STOPPED.search(line.text)]
    entries = [i for i in dict.fromkeys(entries) if lines[i].box.width > 2 * lines[i].box.height]
    edge = MOST_OF_WIDTH * pixels.shape[1]
    numbers: dict[int, int] = {}
    crops: dict[int, tuple[Box, RGBImage]] = {}
    for i in entries:
        box = lines[i].box
        strip = Box(box.x1, box.y0, max(edge, box.x1), box.y1)
        beside = [k for k, line in enumerate(lines) if k != i and strip.contains(*line.box.center)]
        if len(beside) == 1 and _NUMBER.fullmatch(lines[beside[0]].text):
            numbers[i] = beside[0]
        elif not beside and (place := _last_figures(strip, pixels)) is not None:
            crops[i] = place, cut(pixels, place.padded(0.2 * box.height)).pixels
    read = read_lines([picture for _, picture in crops.values()]) if crops else []
    found = {i: Word(lines[k].text, lines[k].box, lines[k].score) for i, k in numbers.items()}
    for (i, (place, _)), (text, score) in zip(crops.items(), read, strict=True):
        if _NUMBER.fullmatch(text.strip()):
            found[i] = Word(text.strip(), place, score)
    if len(found) < LEAST:
        return list(lines)
    taken = set(numbers.values())
    return [
        _led(line, found[i]) if i in found else line
        for i, line in enumerate(lines)
        if i not in taken
    ]


def _last_figures(strip: Box, pixels: RGBImage) -> Box | None:
    """Where the last letters of a strip stand; dots, which are low, are none."""
    height, width = pixels.shape[:2]
    strip = strip.clipped(width, height)
    x0, y0, x1, y1 = (round(side) for side in strip.as_tuple())
    picture = pixels[y0:y1, x0:x1]
    if min(picture.shape[:2]) < 4:
        return None
    grey = picture.min(axis=2)
    paper = float(np.median(grey))
    # A strip of paper has grain, but no ink.
    dark = grey < 0.6 * paper
    middle = dark[: round(0.6 * len(dark))]
    columns = np.flatnonzero(middle.sum(axis=0) >= 2)
    if not len(columns):
        return None
    gaps = np.flatnonzero(np.diff(columns) > GAP * strip.height)
    first = int(columns[gaps[-1] + 1]) if len(gaps) else int(columns[0])
    return Box(x0 + first, y0, x0 + int(columns[-1]) + 1, y1)


def _led(line: TextLine, number: Word) -> TextLine:
    """A line with the number behind its leaders."""
    match = _NUMBER.fullmatch(number.text)
    figures = number.text if match is None else match[1]
    stem = line.text.rstrip()
    dots = len(stem) - len(stem.rstrip(".\u00b7\u2026 "))
    text = f"{stem}{'.' * max(0, _DOTS - dots)} {figures}"
    words = (*line.words, replace(number, text=figures)) if line.words else ()
    return replace(line, text=text, box=union((line.box, number.box)), words=words)
