"""Which paragraphs are headings, and on which level."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from recovery.metrics import text_width
from recovery.restore import markers
from recovery.restore.elements import Element, Paragraph
from recovery.restore.options import RestoreOptions
from recovery.restore.paragraphs import ends_sentence
from recovery.restore.pieces import Piece
from recovery.restore.style import alignment, snap_size
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
_NUMBERED_RATIO = 1.08
"""A number and running text below it speak for a heading from this ratio of sizes on."""
_HIGHER, _AS_HIGH = 1.06, 0.03
"""Letters of a line that are so much higher than those of the text, and so nearly as high as those
of a title, are set as titles are; widths tell little of slanted type."""
_HUGE = 1.6
"""Text this many times as large as the body is a heading whatever follows it."""
_STANDING_WORDS = 12
"""A line that only its weight or slant sets off has at most so many words."""
_LETTERS = 0.6
"""Least share of letters in a heading that only its size speaks for; telephone numbers are none."""
_CENTRED_RATIO = 1.05
"""A title in the middle over headings at the left is so many times as large as they are."""
_FEW_LETTERS = 3
"""Letters below which the width of a line tells nothing."""
_DOUBTED = 0.1
"""A size of scanned headings this far, as a logarithm, from what they measure is not theirs."""
_SAME_RATIO = 0.93
"""Sizes of headings beyond this ratio are the same."""


def find_headings(
    elements: Sequence[Element],
    sizes: dict[int, float],
    body: float,
    options: RestoreOptions,
    named: Mapping[int, int] | None = None,
    chapters: Collection[str] = (),
) -> tuple[list[Element], dict[int, float]]:
    """Turn paragraphs into headings with levels.

    Args:
        elements: In reading order.
        sizes: Snapped size of the paragraph at each index.
        body: Size of the body in points.
        options: Thresholds.
        named: Index of every element that the outline of the file names, and its depth there;
            it is a heading in any case.
        chapters: Texts, in small letters, that are no title of the whole document.

    Returns:
        The elements, and the sizes with those of headings evened out: a short line of a scan tells
        its size badly, and all headings of one rank have one.
    """
    named = named or {}
    elements = [_out_of_rows(element) for element in elements]
    usual = max(body, _usual_size(elements, sizes))
    found = [
        replace(element, kind="heading")
        if isinstance(element, Paragraph)
        and (
            i in named
            or (
                _is_heading(element, sizes[i], usual, _following(i, elements, sizes), options)
                and not _is_affiliation(i, elements, options)
            )
            or _parts_text(i, elements, sizes, options)
        )
        else element
        for i, element in enumerate(elements)
    ]
    even = _evened(found, sizes, options)
    titled = _with_title(found, even, body, options, chapters)
    return _with_levels(titled, even, named), even


def _out_of_rows(element: Element) -> Element:
    """A bold numbered line over rows of labels and values is none of them."""
    if not isinstance(element, Paragraph) or not element.ledger:
        return element
    (row, *more), text = element.rows, element.plain.strip()
    alone = not more and len(row.pieces) == 1 and row.bold
    if not alone or text.endswith(":") or markers.heading_number(text) is None:
        return element
    return replace(element, kind="paragraph", ledger=False)


def _evened(
    elements: Sequence[Element], sizes: dict[int, float], options: RestoreOptions
) -> dict[int, float]:
    """The sizes, all scanned headings of one rank with the same one.

    A short line tells its size badly, but its width and the height of its letters err apart, and
    headings numbered alike have one size.
    """
    centred = _lone_centred(elements, options)
    ranks = [
        _Rank((i,), math.log(_measure(e)), len(e.plain), _numbering(e))
        for i, e in enumerate(elements)
        if isinstance(e, Paragraph)
        and e.kind == "heading"
        and all(piece.font is None for piece in e.pieces)
    ]
    numbered: dict[tuple[str, int, bool], _Rank] = {}
    for rank in ranks:
        if rank.numbering is not None:
            known = numbered.get(rank.numbering)
            numbered[rank.numbering] = known.joined(rank) if known else rank
    merged = [*numbered.values(), *(rank for rank in ranks if rank.numbering is None)]
    lone = [rank for rank in merged if rank.members == (centred,)]
    scale = _scale(elements, sizes)
    even = dict(sizes)
    for rank in [*lone, *_merged([r for r in merged if r not in lone], options.heading_size)]:
        size, measured = median(sizes[i] for i in rank.members), math.exp(rank.size) * scale
        if abs(math.log(size / measured)) > _DOUBTED:
            size = measured  # it was taken for one of the sizes of other text
        even.update({i: snap_size(size) for i in rank.members})
    return even


def _lone_centred(elements: Sequence[Element], options: RestoreOptions) -> int | None:
    """Index of the first heading if it alone stands in the middle: a title, which has no equal."""
    heads = [
        (i, e) for i, e in enumerate(elements) if isinstance(e, Paragraph) and e.kind == "heading"
    ]
    centred = [i for i, heading in heads if _is_centred(heading, options)]
    return centred[0] if len(heads) > 1 and centred == [heads[0][0]] else None


def _scale(elements: Sequence[Element], sizes: Mapping[int, float]) -> float:
    """Type size over measure: what the face of the document makes of it."""
    ratios = [
        sizes[i] / _measure(e)
        for i, e in enumerate(elements)
        if isinstance(e, Paragraph) and e.kind == "paragraph"
        for _ in e.rows
    ]
    return median(ratios) if ratios else 1.0


@dataclass(frozen=True, slots=True)
class _Rank:
    """Scanned headings of one size.

    Attributes:
        members: Indices of the headings.
        size: Logarithm of their size.
        weight: Their characters.
        numbering: Family and depth of their numbers, and whether they are bold.
    """

    members: tuple[int, ...]
    size: float
    weight: int
    numbering: tuple[str, int, bool] | None = None

    def joined(self, other: _Rank) -> _Rank:
        """Both as one."""
        weight = self.weight + other.weight
        size = (self.size * self.weight + other.size * other.weight) / weight
        return _Rank(self.members + other.members, size, weight, self.numbering)


def _merged(ranks: Sequence[_Rank], tolerance: float) -> list[_Rank]:
    """Join the nearest two as long as they are nearer than `tolerance`."""
    found = sorted(ranks, key=lambda rank: rank.size)
    while len(found) > 1:
        gap, k = min((b.size - a.size, k) for k, (a, b) in enumerate(pairwise(found)))
        if gap >= tolerance:
            break
        found[k : k + 2] = [found[k].joined(found[k + 1])]
    return found


def _measure(paragraph: Paragraph) -> float:
    """Type size by the width and the height of the letters together, whatever their face."""
    return median(_measure_of(piece) for piece in paragraph.pieces)


def _measure_of(piece: Piece) -> float:
    height = max(piece.height_em, 0.5)
    width = (text_width(piece.text, "serif") + text_width(piece.text, "sans")) / 2
    if width <= 0 or sum(char.isalpha() for char in piece.text) < _FEW_LETTERS:
        return height
    return math.sqrt(height * max(piece.box.width / width, 0.5))


def _numbering(heading: Paragraph) -> tuple[str, int, bool] | None:
    number = markers.heading_number(heading.plain.strip())
    bold = all(row.bold for row in heading.rows)
    return (number.family, number.depth, bold) if number else None


def _usual_size(elements: Sequence[Element], sizes: dict[int, float]) -> float:
    """Median size of the lines: on a form the fine print has most characters and few lines."""
    rows = [sizes[i] for i, e in enumerate(elements) if isinstance(e, Paragraph) for _ in e.rows]
    return median(rows) if rows else 0.0


def _is_italic(paragraph: Paragraph) -> bool:
    return all(piece.italic for piece in paragraph.pieces)


def _is_affiliation(i: int, elements: Sequence[Element], options: RestoreOptions) -> bool:
    """Whether a line in italics stands in the middle below another one: where authors work."""
    element, above = elements[i], elements[i - 1] if i else None
    return (
        isinstance(element, Paragraph)
        and isinstance(above, Paragraph)
        and _is_italic(element)
        and not _is_italic(above)
        and len(above.plain) < _TEXT_CHARS
        and _is_centred(element, options)
        and _is_centred(above, options)
    )


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
    if number is not None and following is not None:
        return size >= _NUMBERED_RATIO * max(body, following)
    return _is_italic(paragraph) and following is not None and size >= 0.95 * body


def _parts_text(
    i: int, elements: Sequence[Element], sizes: dict[int, float], options: RestoreOptions
) -> bool:
    """Whether a short line between running text stands in the middle, or is set as titles are."""
    element, above = elements[i], elements[i - 1] if i else None
    if not isinstance(element, Paragraph) or not isinstance(above, Paragraph):
        return False
    text = element.plain.strip()
    return (
        element.kind == above.kind == "paragraph"
        and len(element.rows) == len(element.parts) == 1
        and not (element.ledger or above.ledger)
        and element.page == above.page
        and min(len(above.plain), len(above.rows) * _LINE_CHARS) >= _TEXT_CHARS
        and _following(i, elements, sizes) is not None
        and text[:1].isupper()
        and not ends_sentence(text)
        and len(text.split()) <= _STANDING_WORDS
        and sum(map(str.isalpha, text)) >= _LETTERS * len("".join(text.split()))
        and not markers.caption_kind(text)
        and (_is_centred(element, options) or _is_set_as_title(element, elements))
    )


def _is_set_as_title(paragraph: Paragraph, elements: Sequence[Element]) -> bool:
    """Whether a scanned line is as high as one that layout calls a title, and higher than text."""
    if paragraph.pieces[0].ink_em is None:
        return False
    own = paragraph.rows[0].ink_em
    others = [e for e in elements if isinstance(e, Paragraph) and e is not paragraph]
    text = median(r.ink_em for e in others if len(e.plain) >= _TEXT_CHARS for r in e.rows)
    return own >= _HIGHER * text and any(
        e.label == Label.TITLE and abs(math.log(e.rows[0].ink_em / own)) <= _AS_HIGH for e in others
    )


def _with_title(
    elements: list[Element],
    sizes: dict[int, float],
    body: float,
    options: RestoreOptions,
    chapters: Collection[str],
) -> list[Element]:
    """Make a heading of the first page the title: one that stands out from all that follow it."""
    heads = {
        i: e
        for i, e in enumerate(elements)
        if isinstance(e, Paragraph) and e.kind == "heading" and e.page == elements[0].page
    }
    if not heads:
        return elements
    largest = max(sizes[i] for i in heads)
    # A small line may stand over the title.
    first = next(i for i in heads if i == min(heads) or sizes[i] >= options.title_ratio * body)
    if sizes[first] < largest and sizes[min(heads)] * options.title_ratio > largest:
        first = min(heads)
    if heads[first].plain.strip().casefold() in chapters:
        return elements
    others = {
        i: e
        for i, e in enumerate(elements)
        if i > first and isinstance(e, Paragraph) and e.kind == "heading"
    }
    if _is_title(first, heads[first], others, sizes, body, options):
        elements[first] = replace(heads[first], kind="title")
    return elements


def _is_title(
    index: int,
    head: Paragraph,
    others: Mapping[int, Paragraph],
    sizes: Mapping[int, float],
    body: float,
    options: RestoreOptions,
) -> bool:
    """Whether `head` stands out: by its size, its place in the middle, or as the only unnumbered.

    A number makes it a heading in any case.
    """
    text = head.plain.strip()
    number = markers.heading_number(text)
    if number is not None and (number.value == 1 or number.family != "decimal"):
        return False
    size = sizes[index]
    rest = [sizes[i] for i in others]
    if size >= options.title_ratio * max(body, median(rest) if rest else body):
        return True
    if not rest or text.casefold().rstrip(".:") in _KNOWN:
        return False
    if size >= _CENTRED_RATIO * max(*rest, body) and _is_centred(head, options):
        return not any(_is_centred(other, options) for other in others.values())
    alike = [e for i, e in others.items() if sizes[i] >= _SAME_RATIO * size]
    numbers = [markers.heading_number(e.plain.strip()) for e in alike]
    return size >= max(rest) and len(alike) > 1 and None not in numbers


def _is_centred(heading: Paragraph, options: RestoreOptions) -> bool:
    return alignment(heading.parts[0], options) == "center"


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
    heads = _without_stray_numbers(_of_one_weight(heads, elements))
    depths = {i: named[i] for i in heads if i in named}
    stated = _stated_levels(depths)
    wanted = _levels(list(heads.values()))
    if stated:
        wanted = _below_stated(wanted, {heads[i]: level for i, level in stated.items()})
    given: dict[_Look, int] = {}
    previous = 1  # small headings may come before the first large one
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


def _of_one_weight(heads: Mapping[int, _Look], elements: Sequence[Element]) -> dict[int, _Look]:
    """Give scanned headings of one size and depth the weight of most of them.

    Few strokes tell the weight of a heading badly.
    """
    scanned = {
        i: look
        for i, look in heads.items()
        if isinstance(e := elements[i], Paragraph) and all(p.font is None for p in e.pieces)
    }
    groups: dict[tuple[int, float], list[bool]] = {}
    for look in scanned.values():
        groups.setdefault((look.depth, look.size), []).append(look.bold)
    return {
        i: replace(look, bold=2 * sum(own) > len(own))
        if i in scanned and len(own := groups[look.depth, look.size]) > 2
        else look
        for i, look in heads.items()
    }


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
