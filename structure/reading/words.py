"""Characters to words: where spaces are, which characters count, and how they are spelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Box
from structure.core.text import is_unspaced
from structure.reading.characters import Characters, Style
from structure.reading.leftward import (
    leftward,
    ligatures_in_order,
    number_as_read,
    runs_leftward,
)

# Lengths are multiples of the font size (em).
# A gap that counts as a space though the file has none there: the space of most fonts; kerning
# opens 0.1 at most.
SPACE_GAP = 0.25
# A number so wide may follow a word from right to left.
_NUMBER_GAP = 6.0
# Where pdfium saw a space, half of that is enough; but in text that is spaced out by more than
# 0.04 em a character pdfium sees spaces everywhere.
_HINTED_GAP = 0.13
_SPACED_OUT = 0.04
# Wider spacing than this is not subtracted: it would swallow real spaces.
_MAX_SPACING = 0.15
# Chinese characters have their paper around them.
UNSPACED_GAP = 0.4
# Overprinted and kerned characters go back by less than this.
BACK_GAP = -0.6
# Raised and lowered characters stand 0.3 em off their line; from 0.6 em on it is another line.
_SAME_BASELINE = 0.3
_SAME_LINE = 0.6
# Where letters reach above and below the baseline, in most fonts.
ASCENT, DESCENT = 0.8, 0.22
# Text drawn twice to look bold is shifted by a few hundredths.
_DUPLICATE_SHIFT = 0.15
_HYPHEN_MARK = 2
"""What pdfium gives for a hyphen at the end of a line."""

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# The private codes under which Symbol and Wingdings bullets are stored.
_SYMBOLS = {
    "\uf0b7": "\u2022",
    "\uf0a7": "\u25aa",
    "\uf0d8": "\u25b8",
    "\uf0fc": "\u2713",
    "\uf0fe": "\u2612",
    "\uf0a8": "\u25a1",
    "\uf06f": "\u25a1",
    "\uf0e0": "\u2192",
    "\uf02d": "\u2212",
}
# Spacing accents, as TeX draws them over a letter, and their combining forms.
_ACCENTS = {
    0x00A8: "\u0308",
    0x00AF: "\u0304",
    0x00B4: "\u0301",
    0x00B8: "\u0327",
    0x02C6: "\u0302",
    0x02C7: "\u030c",
    0x02D8: "\u0306",
    0x02D9: "\u0307",
    0x02DA: "\u030a",
    0x02DB: "\u0328",
    0x02DC: "\u0303",
    0x02DD: "\u030b",
}
_MAX_ACCENTS = 2000


@dataclass(slots=True)
class Run:
    """Characters that form one word, in the frame of its writing direction.

    Attributes:
        members: Indices into the characters.
        text: The word.
        start: Where it begins along the direction, pixels.
        end: Where it ends.
        baseline: Place of the baseline across the direction.
        style: The first character's.
        em: Largest font size in it.
        spacing: Sum of the gaps between its characters.
        glued: Whether no space stands between it and the run before.
        leftward: Whether letters of it run from right to left.
    """

    members: list[int]
    text: str
    start: float
    end: float
    baseline: float
    style: Style
    em: float
    spacing: float = 0.0
    glued: bool = False
    leftward: bool = False


class _Space(IntEnum):
    """What stands between two characters in the file."""

    NONE = 0
    INFERRED = 1
    REAL = 2


def is_bad(char: str) -> bool:
    """Whether no person can have meant `char`: private, control, unassigned, replacement."""
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cc", "Cn", "Cs")


def _clean(text: str) -> str:
    """Ligatures taken apart, known symbols named, NFC; invisible marks are dropped."""
    shown = "".join(
        _LIGATURES.get(char) or _SYMBOLS.get(char) or char
        for char in text
        if char == "\u00ad" or unicodedata.category(char) != "Cf"
    )
    return unicodedata.normalize("NFC", shown)


def printable(characters: Characters) -> NDArray[np.bool_]:
    """(N,) whether a character stands for something to see, and is not a repeat of another.

    Some programs draw text twice, slightly shifted, to make it look bold.
    """
    codes = characters.codes
    shown = (characters.styles >= 0) & ~np.isin(codes, _blank_codes(codes))
    for index in _repeats(characters, np.flatnonzero(shown)):
        shown[index] = False
    return shown


def _blank_codes(codes: NDArray[np.int64]) -> list[int]:
    return [
        code
        for code in np.unique(codes).tolist()
        if _is_space(code) or (code != _HYPHEN_MARK and unicodedata.category(chr(code)) == "Cc")
    ]


def _is_space(code: int) -> bool:
    return code == 0 or code > 0x10FFFF or chr(code).isspace()


def _repeats(characters: Characters, indices: NDArray[np.int64]) -> list[int]:
    """Those of `indices` that repeat an earlier character in (nearly) the same place."""
    em = np.array([look.em for look in characters.looks] or [1.0])[characters.styles[indices]]
    reach = _DUPLICATE_SHIFT * np.maximum(em, 1.0)
    step = max(float(np.median(reach)), 0.5) if len(reach) else 1.0
    codes, places = characters.codes[indices], characters.origins[indices]
    suspects: set[int] = set()
    # Two grids, shifted by half a step each way: neighbours share a square of one of them.
    for shift_x, shift_y in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)):
        squares = np.floor(places / (2 * step) + (shift_x, shift_y)).astype(np.int64)
        keyed = (squares[:, 0] * 1_000_003 + squares[:, 1]) * 0x110000 + codes
        _, inverse, counts = np.unique(keyed, return_inverse=True, return_counts=True)
        suspects.update(np.flatnonzero(counts[inverse] > 1).tolist())
    keys = [look.key for look in characters.looks]
    kept: dict[int, list[int]] = {}
    repeats: list[int] = []
    for place in sorted(suspects):
        index = int(indices[place])
        twins = kept.setdefault(int(codes[place]), [])
        own = keys[characters.styles[index]]
        if any(
            keys[characters.styles[twin]] != own
            and np.abs(characters.origins[twin] - places[place]).max() <= reach[place]
            for twin in twins
        ):
            repeats.append(index)
        else:
            twins.append(index)
    return repeats


def words_of(
    characters: Characters, keep: NDArray[np.bool_], groups: NDArray[np.int64] | None = None
) -> list[Run]:
    """Group the characters to keep into words, in the order of the file.

    Raised and lowered characters are words of their own, and so is a part in bold.

    Args:
        characters: Of a page.
        keep: (N,) which of them count.
        groups: (N,) numbers; no word holds characters of two of them.
    """
    runs: list[Run] = []
    current: Run | None = None
    last_style: Style | None = None
    space = _Space.NONE
    styles = characters.styles.tolist()
    starts, ends, baselines = _frame(characters)
    texts = _compose(characters, keep, starts, ends, baselines)
    left = leftward(characters.codes)
    if left.any():
        texts = ligatures_in_order(dict(sorted(texts.items())), characters.origins, left)
    for index, code in enumerate(characters.codes.tolist()):
        style = characters.looks[styles[index]]
        char = texts.get(index)
        if char is None:
            # A dropped character separates nothing, a blank does.
            if _is_space(code):
                # A blank that takes no place was inferred by pdfium, and not always rightly.
                real = styles[index] >= 0 and ends[index] - starts[index] > 0.02 * style.em
                space = max(space, _Space.REAL if real else _Space.INFERRED)
            continue
        start, end, baseline = starts[index], ends[index], baselines[index]
        em = style.font.size
        if current is not None:
            gap = start - current.end
            alike = groups is None or groups[index] == groups[current.members[-1]]
            # The common case first: pages have thousands of characters.
            if not (
                alike
                and space is _Space.NONE
                and style is last_style
                and -0.1 * em < gap < 0.1 * em
                and -0.1 * em < baseline - current.baseline < 0.1 * em
            ):
                if current.leftward or left[index]:
                    place = (start, ends[index], baseline)
                    touches = _touches_leftward(current, style, place, space, letter=left[index])
                else:
                    touches = _touches(current, char, style, start, baseline, space)
                if not (alike and touches and _same_script(current, style, baseline)):
                    current = Run([], "", start, end, baseline, style, em, glued=touches)
                    runs.append(current)
                elif gap > 0:
                    current.spacing += gap
            elif gap > 0:
                current.spacing += gap
        else:
            current = Run([], "", start, end, baseline, style, em)
            runs.append(current)
        current.members.append(index)
        current.text += char
        current.leftward |= bool(left[index])
        if start < current.start:
            current.start = start
        if end > current.end:
            current.end = end
        if em > current.em:
            current.em = em
        last_style, space = style, _Space.NONE
    if left.any():
        _read_numbers(runs, texts, starts)
    for run in runs:
        run.text = _clean(run.text)
    return [run for run in runs if run.text]


def _character(code: int) -> str:
    if code == _HYPHEN_MARK:
        return "-"
    # Of a character beyond the basic plane pdfium gives one half only.
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _compose(
    characters: Characters,
    keep: NDArray[np.bool_],
    starts: Sequence[float],
    ends: Sequence[float],
    baselines: Sequence[float],
) -> dict[int, str]:
    """Text of every character to keep; accents drawn on their own join the letter below them."""
    codes = characters.codes
    texts = {index: _character(int(codes[index])) for index in np.flatnonzero(keep).tolist()}
    accents = np.flatnonzero(keep & np.isin(codes, list(_ACCENTS)))
    if not len(accents):
        return texts
    start, end, baseline = np.array(starts), np.array(ends), np.array(baselines)
    for index in accents[:_MAX_ACCENTS].tolist():
        em = characters.looks[characters.styles[index]].em
        middle = (start[index] + end[index]) / 2
        below = (
            keep
            & (start <= middle)
            & (middle <= end)
            & (np.abs(baseline - baseline[index]) < 0.5 * em)
        )
        for letter in np.flatnonzero(below).tolist():
            base = {"\u0131": "i", "\u0237": "j"}.get(texts.get(letter, ""), texts.get(letter, ""))
            joined = unicodedata.normalize("NFC", base + _ACCENTS[int(codes[index])])
            if letter != index and base.isalpha() and len(joined) == 1:
                texts[letter] = joined
                del texts[index]
                break
    return texts


def _frame(characters: Characters) -> tuple[list[float], list[float], list[float]]:
    """Start, end and baseline of every character along and across its writing direction."""
    ux, uy = np.array([look.along for look in characters.looks] or [(1.0, 0.0)])[
        characters.styles
    ].T
    em = np.array([look.em for look in characters.looks] or [0.0])[characters.styles]
    x0, y0, x1, y1 = characters.cells.T
    along = np.stack([x0 * ux, x1 * ux]), np.stack([y0 * uy, y1 * uy])
    start = along[0].min(axis=0) + along[1].min(axis=0)
    end = along[0].max(axis=0) + along[1].max(axis=0)
    origin_x, origin_y = characters.origins.T
    baseline = origin_y * ux - origin_x * uy
    # A box around an oblique character is too wide: there the baseline's start has to do.
    oblique = np.minimum(np.abs(ux), np.abs(uy)) > 0.05
    at = origin_x * ux + origin_y * uy
    start, end = np.where(oblique, at, start), np.where(oblique, at + 0.5 * em, end)
    return start.tolist(), end.tolist(), baseline.tolist()


def _touches(
    run: Run, char: str, style: Style, start: float, baseline: float, space: _Space
) -> bool:
    """Whether a character follows the word before it without a space."""
    em = max(run.em, style.em)
    if space is _Space.REAL or not parallel(run.style, style):
        return False
    if abs(baseline - run.baseline) > _SAME_LINE * em:
        return False
    gap = max(start - run.end, run.start - start)  # the second for text from right to left
    if gap < BACK_GAP * em:
        # Pieces of one ligature stand on top of each other.
        return start >= run.start - 0.1 * em
    if is_unspaced(char) or is_unspaced(run.text[-1]):
        return gap <= UNSPACED_GAP * em
    # In text that is spaced out, only what exceeds that spacing is a space.
    spacing = run.spacing / (len(run.members) - 1) if len(run.members) > 1 else 0.0
    if space is _Space.INFERRED:
        limit = _HINTED_GAP if spacing > _SPACED_OUT * em else _SPACED_OUT
    else:
        limit = SPACE_GAP
    return gap - min(spacing, _MAX_SPACING * em) <= limit * em


def _touches_leftward(
    run: Run, style: Style, place: tuple[float, float, float], space: _Space, *, letter: bool
) -> bool:
    """Whether a character follows a word without a space, one of them from right to left.

    Args:
        run: The word.
        style: Of the character.
        place: Its start, end and baseline.
        space: What the file has between them.
        letter: Whether the character runs from right to left: a number stands to the left of the
            word, and its first digit further left than its last.
    """
    em = max(run.em, style.em)
    start, end, baseline = place
    if space is _Space.REAL or not parallel(run.style, style):
        return False
    if abs(baseline - run.baseline) > _SAME_LINE * em:
        return False
    gap = max(start - run.end, run.start - end)
    if space is _Space.INFERRED:
        return gap <= _SPACED_OUT * em
    return gap <= (SPACE_GAP if letter else _NUMBER_GAP) * em


def _read_numbers(runs: Sequence[Run], texts: Mapping[int, str], starts: Sequence[float]) -> None:
    """Put the punctuation of numbers on the right side on a page from right to left."""
    mostly, arabic = runs_leftward([run.text for run in runs])
    for run in runs if mostly else []:
        if not any(char.isalpha() for char in run.text) and len(run.members) > 1:
            seen = "".join(texts[i] for i in sorted(run.members, key=lambda i: starts[i]))
            run.text = number_as_read(seen, arabic=arabic)


def _same_script(run: Run, style: Style, baseline: float) -> bool:
    """Whether a character is neither raised nor lowered against a word, and as heavy."""
    if run.style.font.bold != style.font.bold:
        return False
    shift = abs(baseline - run.baseline)
    if shift > _SAME_BASELINE * max(run.em, style.em):
        return False
    sizes = sorted((run.style.em, style.em))
    return shift < 0.1 * sizes[1] or sizes[0] > 0.8 * sizes[1]


def parallel(one: Style, two: Style) -> bool:
    """Whether two styles run in the same direction, within 2.5 degrees."""
    return one.along[0] * two.along[0] + one.along[1] * two.along[1] > 0.999


def word_box(run: Run) -> Box:
    """The box of a word in pixels: its advance, and the height that its size gives it."""
    ux, uy = run.style.along
    top, bottom = run.baseline - ASCENT * run.em, run.baseline + DESCENT * run.em
    corners = [
        (u * ux - v * uy, u * uy + v * ux) for u in (run.start, run.end) for v in (top, bottom)
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))
