"""Which paragraphs are headings, and on which level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from recovery.restore import markers
from recovery.restore.elements import Element, Paragraph
from recovery.restore.options import RestoreOptions
from recovery.restore.paragraphs import ends_sentence
from recovery.restore.style import cluster_sizes
from structure.core.analysis import Label

_KNOWN = frozenset(
    {
        *(
            "abstract",
            "introduction",
            "references",
            "bibliography",
            "acknowledgements",
            "conclusion",
        ),
        *("acknowledgments", "conclusions", "appendix", "contents", "table of contents", "summary"),
        *("zusammenfassung", "inhalt", "inhaltsverzeichnis", "literatur", "einleitung", "résumé"),
        *("摘要", "引言", "参考文献", "目录", "附录", "致谢", "结论"),
    }
)
_MAX_LEVEL = 6
_MAX_CHARS = 200
_TEXT_CHARS = 60
"""A paragraph of so many characters is running text ..."""
_LINE_CHARS = 28
"""... if its lines have so many on the average."""
_HUGE = 1.6
"""Text this many times as large as the body is a heading whatever follows it."""
_STANDING_WORDS = 12
"""A line that only its weight or slant sets off has at most so many words."""
_LETTERS = 0.6
"""Least share of letters in a heading that only its size speaks for; telephone numbers are none."""


def find_headings(
    elements: Sequence[Element],
    sizes: dict[int, float],
    body: float,
    options: RestoreOptions,
    named: Mapping[int, int] | None = None,
) -> tuple[list[Element], dict[int, float]]:
    """Turn paragraphs into headings with levels.

    Args:
        elements: In reading order.
        sizes: Snapped size of the paragraph at each index.
        body: Size of the body in points.
        options: Thresholds.
        named: Index of every element that the outline of the file names, and its depth there;
            it is a heading in any case.

    Returns:
        The elements, and the sizes with those of headings evened out: a short line of a scan tells
        its size badly, and all headings of one rank have one.
    """
    named = named or {}
    usual = max(body, _usual_size(elements, sizes))
    found = [
        replace(element, kind="heading")
        if isinstance(element, Paragraph)
        and (
            i in named
            or _is_heading(element, sizes[i], usual, _following(i, elements, sizes), options)
        )
        else element
        for i, element in enumerate(elements)
    ]
    even = _evened(found, sizes, options)
    return _with_levels(_with_title(found, even, body, options), even, named), even


def _evened(
    elements: Sequence[Element], sizes: dict[int, float], options: RestoreOptions
) -> dict[int, float]:
    scanned = [
        (i, e)
        for i, e in enumerate(elements)
        if isinstance(e, Paragraph)
        and e.kind == "heading"
        and all(piece.font is None for piece in e.pieces)
    ]
    values = [sizes[i] for i, _ in scanned]
    weights = [len(e.plain) for _, e in scanned]
    snapped = cluster_sizes(values, weights, options.heading_size)
    return sizes | {i: size for (i, _), size in zip(scanned, snapped, strict=True)}


def _usual_size(elements: Sequence[Element], sizes: dict[int, float]) -> float:
    """Median size of the lines: on a form the fine print has most characters and few lines."""
    rows = [sizes[i] for i, e in enumerate(elements) if isinstance(e, Paragraph) for _ in e.rows]
    return median(rows) if rows else 0.0


def _is_italic(paragraph: Paragraph) -> bool:
    return all(piece.font is not None and piece.font.italic for piece in paragraph.pieces)


def _following(i: int, elements: Sequence[Element], sizes: dict[int, float]) -> float | None:
    """Size of the running text that the paragraph at `i` stands over; None where there is none."""
    size = sizes[i]
    for k in range(i + 1, min(i + 4, len(elements))):
        element = elements[k]
        if not isinstance(element, Paragraph) or element.ledger:
            return None
        long_lines = len(element.plain) >= _LINE_CHARS * len(element.rows)
        running = long_lines and len(element.plain) >= _TEXT_CHARS
        if running and sizes[k] <= size and not _is_italic(element):
            return sizes[k]
        if sizes[k] > size:
            return None
    return None


def _is_heading(
    paragraph: Paragraph,
    size: float,
    body: float,
    following: float | None,
    options: RestoreOptions,
) -> bool:
    if paragraph.kind != "paragraph" or paragraph.ledger or len(paragraph.parts) > 1:
        return False
    scores = [p.line.conf for p in paragraph.pieces if p.line.conf is not None]
    if scores and min(scores) < options.heading_score:
        return False  # a signature or a stamp
    text = paragraph.plain.strip()
    lines = len({round(row.box.center[1]) for row in paragraph.rows})
    words = len(text.split())
    if not any(char.isalpha() for char in text) or lines > options.heading_lines:
        return False
    if len(text) > _MAX_CHARS or (words > options.heading_words and ends_sentence(text)):
        return False
    if markers.is_plain_caption(text) and markers.caption_kind(text):
        return False
    if paragraph.label == Label.TITLE:
        return size >= 0.85 * body
    if text.casefold().rstrip(".:") in _KNOWN:
        return True
    bold = all(row.bold for row in paragraph.rows)
    closed = ends_sentence(text) and not text.endswith(("?", "!"))
    number = markers.heading_number(text)
    words_only = "".join((text[number.length :] if number else text).split())
    letters = sum(char.isalpha() for char in words_only) / max(len(words_only), 1)
    numbers = sum(any(char.isdigit() for char in word) for word in text.split()[1:])
    if closed or (words_only and letters < _LETTERS) or numbers >= lines > 1:
        return False
    if following is not None and size >= options.heading_ratio * max(body, following):
        return len(text) > 2
    if size >= _HUGE * body:
        return len(text) > 2
    if lines > 1 or words > _STANDING_WORDS or not text[0].isalnum():
        return False
    if bold and (number is not None or size >= body):
        return True
    return _is_italic(paragraph) and following is not None and size >= 0.95 * body


def _with_title(
    elements: list[Element], sizes: dict[int, float], body: float, options: RestoreOptions
) -> list[Element]:
    """Make the first heading of the first page the title where it is clearly the largest."""
    heads = [i for i, e in enumerate(elements) if isinstance(e, Paragraph) and e.kind == "heading"]
    first_page = elements[0].page if elements else 0
    if not heads or elements[heads[0]].page != first_page:
        return elements
    first = elements[heads[0]]
    rest = [sizes[i] for i in heads[1:]]
    other = max(body, median(rest) if rest else body)
    if isinstance(first, Paragraph) and sizes[heads[0]] >= options.title_ratio * other:
        elements[heads[0]] = replace(first, kind="title")
    return elements


@dataclass(frozen=True, slots=True)
class _Look:
    """What headings of one level have in common; sorts from the highest level to the lowest."""

    depth: int
    size: float
    bold: bool
    capitals: bool
    family: str
    value: int = field(default=0, compare=False)

    @property
    def rank(self) -> tuple[int, float, bool, bool]:
        return self.depth, -self.size, not self.bold, not self.capitals


def _with_levels(
    elements: list[Element], sizes: dict[int, float], named: Mapping[int, int]
) -> list[Element]:
    heads = {
        i: _look(e, sizes[i])
        for i, e in enumerate(elements)
        if isinstance(e, Paragraph) and e.kind == "heading"
    }
    heads = _without_stray_numbers(heads)
    depths = {i: named[i] for i in heads if i in named}
    stated = _stated_levels(depths)
    wanted = _levels(list(heads.values()))
    if stated:
        wanted = _below_stated(wanted, {heads[i]: level for i, level in stated.items()})
    given: dict[_Look, int] = {}
    previous = 0
    for i, look in heads.items():
        if i in stated:
            level = min(stated[i], previous + 1, _MAX_LEVEL)
        else:
            # A level is never skipped; headings that look the same keep one level throughout.
            level = given.setdefault(look, min(wanted[look], previous + 1, _MAX_LEVEL))
        previous = level
        element = elements[i]
        if isinstance(element, Paragraph):
            elements[i] = replace(element, level=level)
    return elements


def _stated_levels(depths: Mapping[int, int]) -> dict[int, int]:
    """Levels from 1 without gaps, as deep as the outline says."""
    used = sorted(set(depths.values()))
    return {i: used.index(depth) + 1 for i, depth in depths.items()}


def _below_stated(wanted: Mapping[_Look, int], stated: Mapping[_Look, int]) -> dict[_Look, int]:
    """Levels of the looks that the outline leaves out: that of their like, else by their rank.

    A heading that looks less than another stands at least one level below it.
    """
    levels: dict[_Look, int] = {}
    for look, level in wanted.items():
        above = [stated[other] for other in stated if _style_key(other) < _style_key(look)]
        beside = [stated[other] for other in stated if _style_key(other) == _style_key(look)]
        if look in stated:
            levels[look] = stated[look]
        elif beside:
            levels[look] = min(beside)
        else:
            levels[look] = max(above) + 1 if above else min(level, min(stated.values()))
    return levels


def _without_stray_numbers(heads: dict[int, _Look]) -> dict[int, _Look]:
    """Take numbers of no series for words: 2024 results, 14 CFR Part 39."""
    begun = {(look.family, look.depth) for look in heads.values() if look.value <= 1}
    return {
        i: look if (look.family, look.depth) in begun else replace(look, depth=0, family="")
        for i, look in heads.items()
    }


def _look(heading: Paragraph, size: float) -> _Look:
    text = heading.plain.strip()
    number = markers.heading_number(text)
    bold = all(row.bold for row in heading.rows)
    letters = [char for char in text if char.isalpha()]
    capitals = bool(letters) and all(char.isupper() for char in letters)
    if number is None:
        return _Look(0, size, bold, capitals, "")
    return _Look(number.depth, size, bold, False, number.family, number.value)


def _levels(looks: Sequence[_Look]) -> dict[_Look, int]:
    """A level for every look: by size, weight and capitals; inside a numbering by its depth.

    Unnumbered headings that look like a numbered one stand on its level (Abstract beside 1
    Introduction).
    """
    levels: dict[_Look, int] = {}
    styles = sorted({_style_key(look) for look in looks})
    by_style = {style: k + 1 for k, style in enumerate(styles)}
    families: dict[str, int] = {}
    for look in looks:  # in order of first use
        if look in levels:
            continue
        style = by_style[_style_key(look)]
        if look.depth == 0:
            levels[look] = style
            continue
        base = families.setdefault(look.family, style - (look.depth - 1))
        levels[look] = max(1, base + look.depth - 1)
    used = sorted(set(levels.values()))
    return {look: used.index(level) + 1 for look, level in levels.items()}


def _style_key(look: _Look) -> tuple[float, bool, bool]:
    return -look.size, not look.bold, not look.capitals
