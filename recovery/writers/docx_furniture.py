"""Page headers and footers: which pages share which, and what stands where in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recovery.metrics import text_width
from recovery.writers.docx_page_numbers import HEADER_TYPES, PageNumbers, RunningTexts, Text
from recovery.writers.flow import usable_margins
from structure.core.document import Border, Document, Furniture, Page
from structure.core.geometry import Box, union

SLOTS = {"left": 0, "justify": 0, "center": 1, "right": 2}
_CENTRED = 0.03
"""Share of the width of the page by which the middle of centred text may be off."""
_FREE = 0.03
"""Share of it that is free on both sides of centred text ..."""
_EXACT = 0.012
"""... unless its middle is off by this share at most."""
_LEAST_CHARS = 4
"""So long is the shortest text whose width tells the size of its type."""

SlotTexts = tuple[tuple[Text, ...], tuple[Text, ...], tuple[Text, ...]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line of a header is printed, in points of the page.

    Attributes:
        edges: Left edge of what stands left, middle of what stands in the middle, right edge of
            what stands right; None where nothing is known.
        width: Of what stands in the middle.
        y0: Upper edge of the line, or None.
        y1: Lower edge.
        size: Size of its type, as its width tells it for a face of middle width; None where it
            does not.
    """

    edges: tuple[float | None, float | None, float | None] = (None, None, None)
    width: float = 0.0
    y0: float | None = None
    y1: float | None = None
    size: float | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """Header or footer of a page.

    Strips that say the same are equal; where it is printed is that of the first page with it.

    Attributes:
        lines: Each with what stands left, in the middle and right.
        pictures: Asset ids.
        spots: One for each line.
        boxes: One for each picture, in points of the page.
        border: The line between it and the text of the page.
    """

    lines: tuple[SlotTexts, ...] = ()
    pictures: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = field(default=(), compare=False)
    boxes: tuple[Box, ...] = field(default=(), compare=False)
    border: Border | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Strips:
    """Headers and footers of a document.

    Attributes:
        runs: First page of each stretch of pages with the same furniture, and its (header, footer).
        first: (header, footer) of the first page, where only that one differs.
        even: (header, footer) of the even pages, where they differ from the odd ones.
        numbers: None where no page number is a field.
        pages: (header, footer) of every page, in its own places.
    """

    runs: tuple[tuple[int, tuple[Strip, Strip]], ...] = ()
    first: tuple[Strip, Strip] | None = None
    even: tuple[Strip, Strip] | None = None
    numbers: PageNumbers | None = None
    pages: Mapping[int, tuple[Strip, Strip]] = field(default_factory=dict)

    @property
    def split_before(self) -> list[int]:
        """Pages at which a section of its own must begin."""
        return [page for page, _ in self.runs[1:]]

    def all(self) -> Iterator[tuple[Strip, Strip]]:
        """Every (header, footer) there is."""
        yield from (pair for _, pair in self.runs)
        yield from (pair for pair in (self.first, self.even) if pair is not None)


def strips(document: Document) -> Strips:
    """Find out which header and footer stands on which pages."""
    pages = sorted(document.pages, key=lambda page: page.n)
    if not pages or not any(item.type in HEADER_TYPES for item in document.furniture):
        return Strips()
    texts = RunningTexts(document)
    both = _without_gaps(pages, document, _Reader(document, texts).pairs(pages))
    ns = [page.n for page in pages]
    found = _shared(both, ns, texts.numbers)
    return replace(found, pages=dict(zip(ns, both, strict=True)))


def _shared(
    both: Sequence[tuple[Strip, Strip]], ns: Sequence[int], numbers: PageNumbers | None
) -> Strips:
    """What is written once for many pages, given the (header, footer) of the pages `ns`."""
    if len(set(both)) == 1:
        return Strips(((ns[0], both[0]),), numbers=numbers)
    if len(ns) > 1 and len(set(both[1:])) == 1:
        return Strips(((ns[0], both[1]),), first=both[0], numbers=numbers)
    shift = (numbers.start if numbers else 1) - ns[0]
    sides = [(n + shift) % 2 for n in ns]
    # Two sides from the first page on need three pages to show; after a first page of its own four.
    for skip, least in ((0, 3), (1, 4)):
        odd, even = (
            [pair for pair, own in zip(both[skip:], sides[skip:], strict=True) if own == side]
            for side in (1, 0)
        )
        if len(ns) >= least and len(set(odd)) == len(set(even)) == 1:
            first = both[0] if skip else None
            return Strips(((ns[0], odd[0]),), first=first, even=even[0], numbers=numbers)
    runs = [
        (n, pair)
        for k, (n, pair) in enumerate(zip(ns, both, strict=True))
        if k == 0 or pair != both[k - 1]
    ]
    return Strips(tuple(runs), numbers=numbers)


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


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands in one slot of a line; `box` where its place is known."""

    slot: int
    texts: tuple[Text, ...]
    box: Box | None
    size: float | None


class _Reader:
    """Gathers the strips of each page."""

    def __init__(self, document: Document, texts: RunningTexts) -> None:
        self._texts = texts
        self._items: dict[int, list[Furniture]] = defaultdict(list)
        for item in document.furniture:
            if item.type in HEADER_TYPES:
                self._items[item.page].append(item)
        self._slots = self._usual_slots(document)

    def pairs(self, pages: Sequence[Page]) -> list[tuple[Strip, Strip]]:
        """(header, footer) of each page."""
        found = []
        for page in pages:
            items = self._items[page.n]
            top = [item for item in items if is_above(item, page)]
            bottom = [item for item in items if not is_above(item, page)]
            found.append((self._strip(top, page), self._strip(bottom, page)))
        return found

    def _usual_slots(self, document: Document) -> dict[tuple[object, ...], Sequence[int]]:
        """Slots of the parts of each group, apart on left and right pages; scans are never even."""
        pages = {page.n: page for page in document.pages}
        votes: dict[tuple[object, ...], Counter[tuple[int, ...]]] = defaultdict(Counter)
        for n, items in self._items.items():
            for item in items:
                if item.group and item.lines and n in pages:
                    slots = tuple(_slot(line.box, pages[n]) for line in item.lines)
                    votes[_group_key(item)][slots] += 1
        return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}

    def _strip(self, items: Sequence[Furniture], page: Page) -> Strip:
        lines: list[list[_Part]] = []
        bottom = -1.0
        written = [item for item in items if item.asset is None]
        for item in sorted(written, key=lambda item: (item.box.center[1], item.box.x0)):
            if not lines or item.box.center[1] > bottom:
                lines.append([])
                bottom = item.box.y1
            lines[-1] += self._parts(item, page)
        drawn = [(item.asset, item.box) for item in items if item.asset is not None]
        return Strip(
            tuple(_slots_of(parts) for parts in lines),
            tuple(asset for asset, _ in drawn),
            tuple(_spot(parts) for parts in lines),
            tuple(box for _, box in drawn),
            next((item.border for item in written if item.border is not None), None),
        )

    def _parts(self, item: Furniture, page: Page) -> Iterator[_Part]:
        parts = self._texts.of(item)
        if len(parts) != len(item.lines):
            for k, texts in enumerate(parts):
                if k:
                    yield _Part(SLOTS[item.align], (Text(" "),), None, None)
                yield _Part(SLOTS[item.align], tuple(texts), None, None)
            return
        slots = self._slots.get(_group_key(item)) or [_slot(line.box, page) for line in item.lines]
        for texts, line, slot in zip(parts, item.lines, slots, strict=True):
            long = len(line.text) >= _LEAST_CHARS
            ems = (text_width(line.text, "serif") + text_width(line.text, "sans")) / 2
            size = line.box.width / ems if long and ems > 0 else None
            yield _Part(slot, tuple(texts), line.box, size)


def _group_key(item: Furniture) -> tuple[object, ...]:
    return item.type, item.group, item.page % 2, len(item.lines)


def is_above(item: Furniture, page: Page) -> bool:
    """Whether an item belongs into the page header."""
    return item.type == "header" or (item.type == "page_number" and item.box.center[1] < page.h / 2)


def _slot(box: Box, page: Page) -> int:
    """0, 1 or 2: whether a text stands left, in the middle or right."""
    margins = usable_margins(page)
    left, right = margins.left, page.w - margins.right
    middles = (page.w / 2, (left + right) / 2)
    off = min(abs(box.center[0] - middle) for middle in middles)
    free = min(box.x0 - left, right - box.x1)
    if off <= (_CENTRED if free >= _FREE * page.w else _EXACT) * page.w:
        return 1
    return 0 if box.x0 - left <= right - box.x1 else 2


def _slots_of(parts: Sequence[_Part]) -> SlotTexts:
    slots: list[list[Text]] = [[], [], []]
    for part in parts:
        own = slots[part.slot]
        if own and part.texts and part.texts != (Text(" "),) and own[-1] != Text(" "):
            own.append(Text(" "))
        own += part.texts
    return tuple(slots[0]), tuple(slots[1]), tuple(slots[2])


def _spot(parts: Sequence[_Part]) -> Spot:
    boxes: list[list[Box]] = [[], [], []]
    for part in parts:
        if part.box is not None:
            boxes[part.slot].append(part.box)
    known = [box for own in boxes for box in own]
    if not known:
        return Spot()
    around = union(known)
    sized = [part for part in parts if part.box is not None and part.size is not None]
    widest = max(sized, key=lambda part: part.box.width if part.box else 0.0, default=None)
    return Spot(
        (
            min((box.x0 for box in boxes[0]), default=None),
            union(boxes[1]).center[0] if boxes[1] else None,
            max((box.x1 for box in boxes[2]), default=None),
        ),
        union(boxes[1]).width if boxes[1] else 0.0,
        around.y0,
        around.y1,
        widest.size if widest else None,
    )
