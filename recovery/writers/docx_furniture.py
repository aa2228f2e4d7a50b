"""Page headers and footers: which pages share which, and the parts that hold them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from recovery.writers.flow import usable_margins
from recovery.writers.ooxml import NAMESPACES, Element, field_runs, node, text_nodes, twips, val
from structure.core.document import Document, Furniture, Page
from structure.core.text import is_rtl

_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"(?i)(?<![a-z])[ivxlc]+(?![a-z])")
_ROMAN_VALUES = (
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
SLOTS = {"left": 0, "justify": 0, "center": 1, "right": 2}


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a header line: literal text, or a field that Word fills in."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """Header or footer of a page: lines, each with what stands left, in the middle and right."""

    lines: tuple[tuple[tuple[Text, ...], tuple[Text, ...], tuple[Text, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """How pages are numbered: what the first page shows, and Word's name of the format."""

    start: int
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Strips:
    """Headers and footers of a document.

    Attributes:
        runs: First page of each stretch of pages with the same furniture, and its (header, footer).
        first: (header, footer) of the first page, where only that one differs.
        even: (header, footer) of the even pages, where they differ from the odd ones.
        numbers: None where no page number is a field.
    """

    runs: tuple[tuple[int, tuple[Strip, Strip]], ...] = ()
    first: tuple[Strip, Strip] | None = None
    even: tuple[Strip, Strip] | None = None
    numbers: PageNumbers | None = None

    @property
    def split_before(self) -> list[int]:
        """Pages at which a section of its own must begin."""
        return [page for page, _ in self.runs[1:]]


def strips(document: Document) -> Strips:
    """Find out which header and footer stands on which pages."""
    pages = sorted(document.pages, key=lambda page: page.n)
    if not pages or not any(item.type in _HEADER_TYPES for item in document.furniture):
        return Strips()
    numbers = _page_numbers(document)
    usual = _usual_texts(document)
    both = _without_gaps(
        pages, document, [_page_strips(p, document, numbers, usual) for p in pages]
    )
    ns = [page.n for page in pages]
    if len(set(both)) == 1:
        return Strips(((ns[0], both[0]),), numbers=numbers)
    if len(pages) > 1 and len(set(both[1:])) == 1:
        return Strips(((ns[0], both[1]),), first=both[0], numbers=numbers)
    shift = (numbers.start if numbers else 1) - ns[0]
    odd = [strip for n, strip in zip(ns[1:], both[1:], strict=True) if (n + shift) % 2]
    even = [strip for n, strip in zip(ns[1:], both[1:], strict=True) if (n + shift) % 2 == 0]
    if len(odd) > 1 < len(even) and len(set(odd)) == len(set(even)) == 1:
        usual_first = odd[0] if (ns[0] + shift) % 2 else even[0]
        first = None if both[0] == usual_first else both[0]
        return Strips(((ns[0], odd[0]),), first=first, even=even[0], numbers=numbers)
    runs = [
        (n, strip)
        for k, (n, strip) in enumerate(zip(ns, both, strict=True))
        if k == 0 or strip != both[k - 1]
    ]
    return Strips(tuple(runs), numbers=numbers)


_HEADER_TYPES = ("header", "footer", "page_number")


def _without_gaps(
    pages: Sequence[Page], document: Document, found: Sequence[tuple[Strip, Strip]]
) -> list[tuple[Strip, Strip]]:
    """Pages that say nothing (unread, blank) take the furniture of the page before them."""
    filled = {block.page for block in document.body} | {item.page for item in document.furniture}
    silent = [page.failure is not None or page.n not in filled for page in pages]
    known = [pair for pair, gap in zip(found, silent, strict=True) if not gap]
    last = known[0] if known else found[0]
    result = []
    for pair, gap in zip(found, silent, strict=True):
        last = last if gap else pair
        result.append(last)
    return result


def _usual_texts(document: Document) -> dict[str, str]:
    """The commonest text of each group: one misread letter must not make a header of its own."""
    counts: dict[str, Counter[str]] = {}
    for item in document.furniture:
        if item.group and item.type != "page_number":
            counts.setdefault(f"{item.type}/{item.group}", Counter())[item.text] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in counts.items()}


def _page_strips(
    page: Page, document: Document, numbers: PageNumbers | None, usual: dict[str, str]
) -> tuple[Strip, Strip]:
    top: list[Furniture] = []
    bottom: list[Furniture] = []
    for item in document.furniture:
        if item.page == page.n and item.type in _HEADER_TYPES:
            at_top = item.type == "header" or (
                item.type == "page_number" and item.box.center[1] < page.h / 2
            )
            (top if at_top else bottom).append(item)
    return _strip(top, page, document, numbers, usual), _strip(
        bottom, page, document, numbers, usual
    )


def _strip(
    items: Sequence[Furniture],
    page: Page,
    document: Document,
    numbers: PageNumbers | None,
    usual: dict[str, str],
) -> Strip:
    lines: list[list[list[Text]]] = []
    bottom = -1.0
    for item in sorted(items, key=lambda item: (item.box.center[1], item.box.x0)):
        if not lines or item.box.center[1] > bottom:
            lines.append([[], [], []])
            bottom = item.box.y1
        slot = lines[-1][SLOTS[item.align]]
        if slot:
            slot.append(Text(" "))
        if item.type == "page_number":
            slot += _number_texts(item.text, page, document, numbers)
        else:
            slot.append(Text(usual.get(f"{item.type}/{item.group}", item.text)))
    return Strip(tuple((tuple(a), tuple(b), tuple(c)) for a, b, c in lines))


def _number_texts(
    text: str, page: Page, document: Document, numbers: PageNumbers | None
) -> Iterator[Text]:
    first = min(one.n for one in document.pages)
    shown = None if numbers is None else _shown(numbers.start + page.n - first, numbers.format)
    at = -1 if shown is None else text.find(shown)
    if shown is None or at < 0:
        yield Text(text)
        return
    if text[:at]:
        yield Text(text[:at])
    yield Text("1", "PAGE")  # what Word shows until it counts; equal on all pages
    rest = text[at + len(shown) :]
    total = _NUMBER.search(rest)
    if total and int(total[0][:9]) == len(document.pages) > 1:
        if rest[: total.start()]:
            yield Text(rest[: total.start()])
        yield Text(total[0], "NUMPAGES")
        rest = rest[total.end() :]
    if rest:
        yield Text(rest)


def _page_numbers(document: Document) -> PageNumbers | None:
    """The numbering that most printed page numbers agree with."""
    if not document.pages:
        return None
    first = min(page.n for page in document.pages)
    votes: Counter[PageNumbers] = Counter()
    for item in document.furniture:
        if item.type != "page_number":
            continue
        step = item.page - first
        for match in list(_NUMBER.finditer(item.text))[:1]:
            start = int(match[0][:9]) - step
            if 0 <= start < 2**15:
                votes[PageNumbers(start)] += 1
        for match in list(_ROMAN.finditer(item.text))[:1]:
            value = _roman_value(match[0].lower())
            kind = "lowerRoman" if match[0].islower() else "upperRoman"
            if value is not None and value - step >= 1:
                votes[PageNumbers(value - step, kind)] += 1
    return votes.most_common(1)[0][0] if votes else None


def _shown(number: int, format_: str | None) -> str:
    if format_ is None:
        return str(number)
    text, left = "", number
    for value, letters in _ROMAN_VALUES:
        while left >= value:
            text, left = text + letters, left - value
    return text if format_ == "lowerRoman" else text.upper()


def _roman_value(text: str) -> int | None:
    return next((n for n in range(1, 400) if _shown(n, "lowerRoman") == text), None)


def strip_part(kind: str, strip: Strip, page: Page) -> Element:
    """A header part (`kind` "hdr") or footer part ("ftr"), with one empty paragraph at least."""
    style = "Header" if kind == "hdr" else "Footer"
    margins = usable_margins(page)
    width = twips(page.w - margins.left - margins.right)
    root = etree.Element(
        f"{{{NAMESPACES['w']}}}{kind}",
        nsmap={prefix: NAMESPACES[prefix] for prefix in ("w", "r")},
    )
    for line in strip.lines or (((), (), ()),):
        root.append(_line(line, style, width))
    return root


def _line(line: tuple[tuple[Text, ...], ...], style: str, width: int) -> Element:
    left, middle, right = line
    only = [name for name, slot in zip(("left", "center", "right"), line, strict=True) if slot]
    properties = [val("w:pStyle", style)]
    runs: list[Element] = []
    if len(only) <= 1:
        properties.append(val("w:jc", only[0]) if only and only != ["left"] else None)
        runs += [run for slot in line for run in _runs(slot)]
    else:
        properties.append(
            node(
                "w:tabs",
                node("w:tab", val="center", pos=width // 2),
                node("w:tab", val="right", pos=width),
            )
        )
        runs += _runs(left)
        runs.append(node("w:r", node("w:tab")))
        runs += _runs(middle)
        if right:
            runs.append(node("w:r", node("w:tab")))
            runs += _runs(right)
    return node("w:p", node("w:pPr", *properties), *runs)


def _runs(texts: Sequence[Text]) -> Iterator[Element]:
    for text in texts:
        if text.field:
            yield from field_runs(text.field, text.text)
        else:
            properties = node("w:rPr", node("w:rtl")) if is_rtl(text.text) else None
            yield node("w:r", properties, *text_nodes(text.text))
