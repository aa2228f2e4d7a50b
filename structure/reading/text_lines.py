"""Words to lines: where lines end, and where columns part."""

from __future__ import annotations

import bisect
import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Literal

from structure.core.analysis import TextLine, Word
from structure.core.geometry import union
from structure.core.text import is_unspaced
from structure.reading.characters import Style
from structure.reading.words import (
    ASCENT,
    BACK_GAP,
    DESCENT,
    SPACE_GAP,
    UNSPACED_GAP,
    Run,
    parallel,
    word_box,
)

# Lengths are multiples of the font size (em).
# Words that follow each other in the file may part this far (a justified line); others, that the
# file draws elsewhere, only by a wide space.
_COLUMN_GAP = 2.5
_NEARBY_GAP = 1.0
# A corridor between columns: wider than a space, and white in two lines above or below that are
# not further away than this.
_GUTTER_GAP = 0.65
_GUTTER_REACH = 3.5
_AGREEING = 2
# Full-width punctuation marks that fill only the left half of their square.
_HALF_EMPTY = tuple("\u3002\uff0c\u3001\uff1b\uff1a\uff01\uff1f")
# Share of the lower word's height by which two words of one line overlap.
_LINE_OVERLAP = 0.6
# Raised and lowered words are at most so large as their line, and stand off its baseline so far.
_SCRIPT_SIZE = 0.85
_RAISED, _LOWERED = 0.15, 0.08


@dataclass(slots=True)
class _Segment:
    """Words that follow each other in the file and on the page."""

    runs: list[Run] = field(default_factory=list)

    @property
    def style(self) -> Style:
        return self.runs[0].style

    @property
    def start(self) -> float:
        return min(run.start for run in self.runs)

    @property
    def end(self) -> float:
        return max(run.end for run in self.runs)


def lines_of(runs: Sequence[Run]) -> list[TextLine]:
    """Group words into lines, in the order of the file; a gap between columns ends a line."""
    segments: list[_Segment] = []
    for run in runs:
        if not segments or not _follows(segments[-1].runs[-1], run):
            segments.append(_Segment())
        segments[-1].runs.append(run)
    rows = _join_neighbours(segments)
    return [_line(row) for row in _split_at_gutters(rows)]


def _follows(last: Run, run: Run) -> bool:
    if not parallel(last.style, run.style) or not _level(last, run):
        return False
    em = max(last.em, run.em)
    gap = max(run.start - last.end, last.start - run.end)
    return BACK_GAP * em <= gap <= _COLUMN_GAP * em


def _level(one: Run, two: Run) -> bool:
    """Whether two words overlap across the writing direction as words of one line do."""
    top = max(one.baseline - ASCENT * one.em, two.baseline - ASCENT * two.em)
    bottom = min(one.baseline + DESCENT * one.em, two.baseline + DESCENT * two.em)
    return bottom - top >= _LINE_OVERLAP * (ASCENT + DESCENT) * min(one.em, two.em)


def _join_neighbours(segments: list[_Segment]) -> list[_Segment]:
    """Join segments that stand close on one line though the file draws them apart."""
    joined: dict[int, int] = {}

    def root(index: int) -> int:
        while index in joined:
            index = joined[index]
        return index

    ordered = sorted(
        range(len(segments)),
        key=lambda i: (_angle(segments[i].style), segments[i].runs[0].baseline, segments[i].start),
    )
    for place, index in enumerate(ordered):
        one = segments[index]
        for other in ordered[place + 1 :]:
            two = segments[other]
            reach = max(one.runs[0].em, two.runs[0].em)
            if not parallel(one.style, two.style) or (
                two.runs[0].baseline - one.runs[0].baseline > reach
            ):
                break
            gap = max(two.start - one.end, one.start - two.end)
            # Large type beside a column of small type spans two of its lines and is in neither.
            near = -0.2 * reach <= gap <= _NEARBY_GAP * min(one.runs[0].em, two.runs[0].em)
            if near and _level(one.runs[-1], two.runs[0]) and root(index) != root(other):
                first, second = sorted((root(index), root(other)))
                joined[second] = first
    groups: dict[int, _Segment] = {}
    for index, segment in enumerate(segments):
        groups.setdefault(root(index), _Segment()).runs.extend(segment.runs)
    return [groups[index] for index in sorted(groups)]


def _angle(style: Style) -> int:
    return round(math.degrees(math.atan2(-style.along[1], style.along[0])))


def _split_at_gutters(rows: list[_Segment]) -> list[_Segment]:
    """Cut lines where a corridor of white runs on through the lines above and below."""
    for row in rows:
        _sort_runs(row)
    bands = _bands(rows)
    result: list[_Segment] = []
    for row in rows:
        edges = [0]
        for place, (one, two) in enumerate(pairwise(row.runs), 1):
            em = min(one.em, two.em)  # a heading may stand beside text
            gap = (_ink_end(one), two.start) if two.start >= one.end else (two.end, one.start)
            if gap[1] - gap[0] >= _GUTTER_GAP * em and _is_gutter(
                bands[_angle(row.style)], one.baseline, gap, em
            ):
                edges.append(place)
        edges.append(len(row.runs))
        result += [_Segment(row.runs[a:b]) for a, b in pairwise(edges)]
    return result


def _ink_end(run: Run) -> float:
    """Where a word ends that may hang over its column by the empty half of its last mark."""
    hangs = run.text[-1:] in _HALF_EMPTY and not run.leftward
    return max(run.start, run.end - 0.5 * run.em) if hangs else run.end


@dataclass(slots=True)
class _Band:
    """All words on one height of the page, as sorted intervals."""

    baseline: float
    spans: list[tuple[float, float]]


def _bands(rows: list[_Segment]) -> dict[int, list[_Band]]:
    """For each writing direction, its bands by height."""
    bands: dict[int, list[_Band]] = {}
    runs = [run for row in rows for run in row.runs]
    for run in sorted(runs, key=lambda run: run.baseline):
        own = bands.setdefault(_angle(run.style), [])
        if not own or run.baseline - own[-1].baseline > 0.4 * run.em:
            own.append(_Band(run.baseline, []))
        own[-1].spans.append((run.start, _ink_end(run)))
    for own in bands.values():
        for band in own:
            band.spans.sort()
    return bands


def _is_gutter(bands: list[_Band], baseline: float, gap: tuple[float, float], em: float) -> bool:
    """Whether part of a gap stays white in the neighbouring bands, with words on both sides."""
    here = bisect.bisect_left(bands, baseline - 0.01, key=lambda band: band.baseline)
    agreeing = 0
    for step in (-1, 1):
        white = gap
        place = here + step
        while 0 <= place < len(bands) and agreeing < _AGREEING:
            band = bands[place]
            apart = abs(band.baseline - baseline)
            place += step
            if apart < 0.5 * em:
                continue
            if apart > _GUTTER_REACH * em:
                break
            low, high = _white_around(band, white)
            if high - low < _GUTTER_GAP * em or not math.isfinite(high - low):
                break
            white = max(white[0], low), min(white[1], high)
            if white[1] - white[0] < 0.4 * em:
                break
            agreeing += 1
    return agreeing >= _AGREEING


def _white_around(band: _Band, gap: tuple[float, float]) -> tuple[float, float]:
    """The widest white part of a band that overlaps `gap`; infinite where a side has no words."""
    best = (gap[0], gap[0])
    edge = -math.inf
    for start, end in [*band.spans, (math.inf, math.inf)]:
        low, high = max(edge, gap[0]), min(start, gap[1])
        if high - low > min(best[1], gap[1]) - max(best[0], gap[0]):
            best = (edge, start)
        edge = max(edge, end)
    return best


def _sort_runs(row: _Segment) -> None:
    if _right_to_left(row.runs):
        return
    row.runs.sort(key=lambda run: run.start)
    ordered: list[Run] = []
    for leftward, group in groupby(row.runs, key=lambda run: run.leftward):
        ordered += list(group)[:: -1 if leftward else 1]
    row.runs[:] = ordered


def _right_to_left(runs: Sequence[Run]) -> bool:
    strong = Counter(unicodedata.bidirectional(char) for run in runs for char in run.text)
    return strong["R"] + strong["AL"] > strong["L"]


def _line(row: _Segment) -> TextLine:
    _sort_runs(row)
    scripts = _scripts(row.runs)
    words = tuple(_word(run, script) for run, script in zip(row.runs, scripts, strict=True))
    pieces = [words[0].text]
    for before, after in pairwise(row.runs):
        pieces += ["" if _joined(before, after) else " ", after.text]
    angle = math.degrees(math.atan2(-row.style.along[1], row.style.along[0]))
    return TextLine(
        "".join(pieces),
        union(word.box for word in words),
        words=words,
        angle=0.0 if abs(angle) < 0.05 else angle,
    )


def _joined(before: Run, after: Run) -> bool:
    """Whether no space stands between two neighbours on a line."""
    gap = max(after.start - before.end, before.start - after.end)
    if after.glued and gap <= SPACE_GAP * max(before.em, after.em):
        return True
    return (
        is_unspaced(before.text[-1])
        and is_unspaced(after.text[0])
        and gap <= UNSPACED_GAP * after.em
    )


def _scripts(runs: Sequence[Run]) -> list[Literal["sup", "sub"] | None]:
    """Which words of a line are raised or lowered against those of its usual size."""
    counts: Counter[float] = Counter()
    for run in runs:
        counts[round(run.em, 1)] += len(run.text)
    # Of two sizes that are equally common the larger is that of the line.
    usual = max(counts, key=lambda em: (counts[em], em))
    level = median(run.baseline for run in runs if round(run.em, 1) == usual)
    scripts: list[Literal["sup", "sub"] | None] = []
    for place, run in enumerate(runs):
        raised = (level - run.baseline) / max(usual, 1e-6)
        small = run.em < _SCRIPT_SIZE * usual and not _in_word(runs, place)
        scripts.append(
            "sup" if small and raised > _RAISED else "sub" if small and raised < -_LOWERED else None
        )
    return scripts


def _in_word(runs: Sequence[Run], place: int) -> bool:
    """Whether letters stand between letters, as in the logo of LaTeX."""
    return (
        0 < place < len(runs) - 1
        and runs[place].glued
        and runs[place + 1].glued
        and (runs[place - 1].text[-1] + runs[place].text + runs[place + 1].text[0]).isalpha()
    )


def _word(run: Run, script: Literal["sup", "sub"] | None) -> Word:
    return Word(run.text, word_box(run), font=replace(run.style.font, size=run.em, script=script))
