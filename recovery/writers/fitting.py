"""How much room a page's content takes in our setting, and how to keep it within its page.

Nothing renders at run time, so lines are counted from advance widths, and distances follow from
where things stand in the source: whatever a block takes too much is taken from the distances below
it, and a page that still runs over is set closer, then smaller. Pure functions, lengths in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from recovery.metrics import text_width
from structure.core.document import Face
from structure.core.text import is_wide

BOLD = 1.06  # bold letters are wider by this factor
TRACKING = (0.0, -0.1, -0.2, -0.3)  # points between letters that are tried, the loosest first
CLOSEST_TRACKING = 0.035  # of the size; what is set closer than that looks squeezed
AUTOSPACE = 0.25  # em
_BESIDE = 0.2  # of the distance that a style has is left to what stands beside the block above it
OVERLAP = 2.0  # points by which one block may begin above the end of the one before it


@dataclass(frozen=True, slots=True)
class Squeeze:
    """What makes a page lower.

    Attributes:
        held: Blocks stand where they stood, even if what is above them has become shorter.
        gap: Share of a distance that stays where the blocks above run longer than they did.
        space: Share of a distance, and of the height of a drawn row, that there is at most.
        line: Factor for the distance of lines.
        size: Points off the size of the type.
        cells: Factor for the size of the type in tables.
    """

    held: bool = True
    gap: float = 0.5
    space: float = 1.0
    line: float = 1.0
    size: float = 0.0
    cells: float = 1.0


SQUEEZES = (
    Squeeze(),
    Squeeze(held=False),
    Squeeze(held=False, gap=0.2),
    Squeeze(held=False, gap=0.2, space=0.9),
    Squeeze(held=False, gap=0.2, space=0.8, line=0.97),
    Squeeze(held=False, gap=0.1, space=0.7, line=0.94),
    Squeeze(held=False, gap=0.0, space=0.6, line=0.94, size=0.5, cells=0.92),
    Squeeze(held=False, gap=0.0, space=0.5, line=0.94, size=1.0, cells=0.84),
    Squeeze(held=False, gap=0.0, space=0.4, line=0.92, size=1.5, cells=0.76),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, table or picture, or what of it stands in one column.

    Attributes:
        top: Where it begins on the page of the source.
        bottom: Where it ends there.
        height: What it takes in our setting, without distances.
        before: Distance above it that its style keeps.
        after: Distance below it that its style keeps.
        begins: False for the rest of a block that began in an earlier column or page.
    """

    top: float
    bottom: float
    height: float
    before: float = 0.0
    after: float = 0.0
    begins: bool = True


def count_lines(
    text: str,
    face: Face,
    size: float,
    widths: tuple[float, float],
    *,
    bold: bool = False,
    tracking: float = 0.0,
) -> int:
    """Lines that `text` takes; at least one.

    Args:
        text: Line feeds start new lines.
        face: Whose advance widths are used.
        size: Of the type.
        widths: Room for the first line, and for all others.
        bold: Whether it is set bold.
        tracking: Added to every letter.
    """
    scale = size * (BOLD if bold else 1.0)
    total = 0
    for paragraph in text.split("\n"):
        lines, at = 1, 0.0
        room = widths[0] if total == 0 else widths[1]
        for em, letters, space in _words(paragraph, face):
            width = em * scale + letters * tracking
            if at and at + width > room:
                lines, at, room = lines + 1, 0.0, widths[1]
            if width > room:  # torn, as no line holds it
                lines, width = lines + int(width / room), width % room
            at += width + (space * scale + tracking if space else 0.0)
        total += lines
    return total


def widest_word(text: str, face: Face, *, bold: bool = False) -> float:
    """Width in em of the widest part of `text` that no line end can divide."""
    parts = [part for line in text.split("\n") for part in _words(line, face)]
    return max((em for em, _, _ in parts), default=0.0) * (BOLD if bold else 1.0)


@lru_cache(maxsize=2048)
def _words(text: str, face: Face) -> tuple[tuple[float, int, float], ...]:
    """(width in em, letters, width of the space behind it) of all that a line may end with."""
    space = text_width(" ", face)
    found: list[tuple[float, int, float]] = []
    for word in text.split():
        runs = [(wide, "".join(run)) for wide, run in groupby(word, is_wide)]
        for n, (wide, run) in enumerate(runs):
            # Word processors part Chinese from Latin letters by a quarter of an em.
            gap = AUTOSPACE if n else 0.0
            if wide:
                found += [(1.0 + gap, 1, 0.0), *[(1.0, 1, 0.0)] * (len(run) - 1)]
            else:
                found.append((text_width(run, face) + gap, len(run), 0.0))
        found[-1] = (*found[-1][:2], space)
    return tuple(found)


def tracking_for(
    text: str,
    lines: int,
    face: Face,
    size: float,
    widths: tuple[float, float],
    *,
    bold: bool = False,
    first: float = 0.0,
) -> float:
    """The loosest distance between letters at which `text` takes no more than `lines`, 0 or less.

    `first` is tried before all others, as it is usual around there. Where no bearable distance
    reaches that, nothing is gained and letters stay as they are.
    """
    for tracking in (first, *TRACKING):
        if -tracking > CLOSEST_TRACKING * size:
            continue
        if count_lines(text, face, size, widths, bold=bold, tracking=tracking) <= lines:
            return tracking
    return 0.0


def settle(
    parts: Sequence[Part], cursor: float, squeeze: Squeeze, *, step: float
) -> tuple[list[float | None], float]:
    """The distance above each part of a column that puts it where it stood.

    Args:
        parts: From top to bottom.
        cursor: Where the column begins, or what is above it ends.
        squeeze: What may become of the distances.
        step: Differences up to this are left to the style.

    Returns:
        For each part the distance above it (None: as its style has it), and where the column ends.
    """
    found: list[float | None] = []
    after, above = 0.0, cursor
    for n, part in enumerate(parts):
        distance = max(0.0, part.top - above)
        needed = part.top - cursor - after
        if n and part.top < above - OVERLAP:
            # Beside the one above: the source says nothing.
            needed = distance = part.before * (1.0 if squeeze.held else _BESIDE)
        elif not squeeze.held:
            needed = min(needed, squeeze.space * distance)
        needed = max(needed, squeeze.gap * distance if n else 0.0, 0.0)
        if not part.begins:
            found.append(None)
            needed = 0.0
        elif abs(needed - part.before) <= step:
            found.append(None)
            needed = part.before
        else:
            found.append(needed)
        cursor += after + needed + part.height
        above, after = part.bottom, part.after
    return found, cursor + after
