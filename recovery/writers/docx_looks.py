"""The looks of a document: of every named style, and of every block.

The look that most characters of a kind share becomes the named style; a block is formatted directly
only where it differs by more than a reader would notice. So a user changes the look of a document
by changing its styles.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, median_low
from typing import TypeVar

from recovery.direction import document_rtl
from recovery.metrics import text_width, word_bearing
from recovery.writers.content import text_lines
from recovery.writers.fitting import tracking_for, widest_word
from structure.core.document import Align, Block, Document, Face, Line, ListBlock, Style, TableBlock
from structure.core.document import TextBlock as Text
from structure.core.text import is_rtl, is_wide

T = TypeVar("T")

BODY_SIZE = 10.5
SIZE_STEP = 0.5  # differences in points below which two looks are one
SPACE_STEP = 3.0
INDENT_STEP = 4.0
LINE_STEP = 0.025
TRACKING_STEP = 0.04
PITCH_STEP = 0.08  # share by which the lines of a paragraph lie closer or wider than is usual
CLOSEST = 0.85  # of a face's own line distance; below it letters of two lines touch
MIN_SIZE = 4.0
FEW_LINES = 6  # from which the widths of letters can be told
LONG_LINE = 25  # letters of a line whose width counts
LATIN_SHARE = 0.9  # of the letters of such a line
UNSEEN = 0.04  # letters so little wider need no setting of their own
NARROWEST, WIDEST = 0.75, 1.4  # what is outside is no face but a mistake
RULE = 0.5  # points that a rule between two rows takes

# Latin faces that every word processor has or replaces by one of equal widths, and the natural
# distance of their baselines in em; East Asian faces by language.
LATIN: dict[Face, tuple[str, float]] = {
    "serif": ("Times New Roman", 1.15),
    "sans": ("Arial", 1.15),
    "mono": ("Courier New", 1.133),
    "Calibri": ("Calibri", 1.22),
    "Cambria": ("Cambria", 1.172),
    "Verdana": ("Verdana", 1.215),
}
CJK_NATURAL = 1.3
CJK_SHARE = 0.15
"""Share of such letters from which a document is set for them."""
CJK_FACES = {
    "zh-Hans": {"serif": "SimSun", "sans": "SimHei", "mono": "NSimSun"},
    "zh-Hant": {"serif": "PMingLiU", "sans": "Microsoft JhengHei", "mono": "MingLiU"},
    "ja": {"serif": "MS Mincho", "sans": "MS Gothic", "mono": "MS Gothic"},
    "ko": {"serif": "Batang", "sans": "Malgun Gothic", "mono": "BatangChe"},
}

STYLE_OF_TYPE = {
    "title": "Title",
    "paragraph": "BodyText",
    "code": "Code",
    "caption": "Caption",
    "footnote": "FootnoteText",
    "reference": "Bibliography",
    "key_value": "BodyText",
    "quote": "Quote",
    "unknown": "BodyText",
}
STYLE_NAMES = {
    "Normal": "Normal",
    "BodyText": "Body Text",
    "BodyTextFirstIndent": "Body Text First Indent",
    "Title": "Title",
    **{f"Heading{n}": f"heading {n}" for n in range(1, 7)},
    "Caption": "caption",
    "ListParagraph": "List Paragraph",
    "Quote": "Quote",
    "Code": "Code",
    "FootnoteText": "footnote text",
    **{f"TOC{n}": f"toc {n}" for n in range(1, 4)},
    "Bibliography": "Bibliography",
    "Figure": "Figure",
    "TableText": "Table Text",
    "TableHeading": "Table Heading",
    "Header": "header",
    "Footer": "footer",
    "MarginNote": "Margin Note",
}
KEEPS_NEXT = {"Title", "Caption", *(f"Heading{n}" for n in range(1, 7))}
DIVIDED = frozenset(
    {
        *("BodyText", "BodyTextFirstIndent", "ListParagraph"),
        *("Quote", "FootnoteText", "Bibliography"),
    }
)
FEW_DIVIDED, DIVIDED_SHARE = 3, 0.03  # lines that end in a divided word, of all lines
_HEADING_SCALE = (1.5, 1.25, 1.1, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Look:
    """A complete look: sizes and distances in points, `line` in lines of the font's own height.

    `right` is kept free beside the text, `tracking` added to the distance of letters; `grows` says
    that lines are as high as the pictures in them.
    """

    size: float = BODY_SIZE
    bold: bool = False
    italic: bool = False
    face: Face = "serif"
    align: Align = "left"
    line: float = 1.0
    first: float = 0.0
    left: float = 0.0
    before: float = 0.0
    after: float = 0.0
    color: str | None = None
    right: float = 0.0
    tracking: float = 0.0
    grows: bool = False


class StyleSheet:
    """The named looks of a document.

    Attributes:
        named: Look of each style id.
        faces: East Asian face of each family.
        cjk: Whether a fair part of the text is Chinese, Japanese or Korean.
        rtl: Whether the document runs from right to left.
        hyphenates: Whether words are divided at line ends, as they were on the pages.
        stretch: Factor by which letters are set wider than those of a face, where that is not 1.
        mirrored: Whether "left" is where its lines begin, which is then on the right.
    """

    def __init__(
        self,
        document: Document,
        widths: Mapping[str, float] | None = None,
        *,
        mirrored: bool | None = None,
    ) -> None:
        """Learn the looks of a document.

        Args:
            document: In the mirror, where it runs from right to left.
            widths: Of the columns of its blocks.
            mirrored: False where it is not in the mirror nevertheless.
        """
        self.widths = widths or {}
        self.rtl = document_rtl(document)
        self.mirrored = self.rtl if mirrored is None else mirrored
        sample = " ".join(block.text for block in document.body if isinstance(block, Text))
        self.cjk = _has_cjk(sample[:20000]) if sample.strip() else is_cjk_tag(document.lang)
        self.lang = document.lang
        self.faces = CJK_FACES[_script(document.lang)]
        self._known = document.style.size is not None
        self.body = self._body(document.style)
        self.body_pitch = document.style.pitch
        self.stretch = stretches(document)
        self.hyphenates = _hyphenated(document)
        self.named: dict[str, Look] = {}
        self._learn(document.body)

    def style_of(self, block: Block) -> str:
        """The style id of a block of text; for a table that of its cells."""
        if isinstance(block, TableBlock):
            return "TableText"
        if isinstance(block, ListBlock):
            return "ListParagraph"
        if not isinstance(block, Text):
            return "Figure"
        if block.type == "heading":
            return f"Heading{min(max(block.level or 1, 1), 6)}"
        if block.type == "toc":
            return f"TOC{min(max(block.level or 1, 1), 3)}"
        if block.type == "paragraph" and block.style.first_indent > INDENT_STEP:
            return "BodyTextFirstIndent"
        return STYLE_OF_TYPE[block.type]

    def look_of(self, block: Block) -> Look:
        """The look of a block: what it says, else what is usual for its kind."""
        usual = self._usual(self.style_of(block))
        style = getattr(block, "style", Style())
        if _is_bare(style):
            pitch = _own_pitch(block, self.body_pitch)
            line = self.line(pitch, usual.size, usual.face) if pitch else usual.line
            return self._fitted(block, replace(usual, line=line))
        size = style.size or usual.size
        pitch = style.pitch or _own_pitch(block, self.body_pitch)
        look = Look(
            size=size,
            bold=style.bold if style.size is not None else style.bold or usual.bold,
            italic=style.italic or (usual.italic and style.size is None),
            face=style.face or style.family or usual.face,
            align=style.align or usual.align,
            line=self.line(pitch, size, style.face or style.family or usual.face)
            if pitch
            else usual.line,
            first=style.first_indent,
            left=style.left_indent or usual.left,
            before=max(0.0, style.space_before),
            after=0.0,
            color=style.color,
        )
        return self._fitted(block, look)

    def _fitted(self, block: Block, look: Look) -> Look:
        """`look` in a size at which no word is torn, and with the lines that there were."""
        width = self.widths.get(block.id)
        if width is not None and isinstance(block, Text):
            room = line_widths(look, width)[1]
            word = widest_word(block.text, look.face, bold=look.bold) * self.stretch_of(look.face)
            if word * look.size > room:
                fitting = max(MIN_SIZE, math.floor(2 * room / word) / 2)
                look = replace(look, size=min(look.size, fitting))
        return replace(look, tracking=self._tracking(block, look))

    def _tracking(self, block: Block, look: Look) -> float:
        """The distance of letters at which a paragraph has the lines that it had on the page."""
        lines = sum(len(place.lines) for place in block.at) if isinstance(block, Text) else 0
        width = self.widths.get(block.id)
        if not isinstance(block, Text) or not lines or width is None or "\t" in block.text:
            return 0.0
        if is_rtl(block.text):
            return 0.0  # their widths are not known, and Arabic letters hang together
        usual = self.named.get(self.style_of(block), look).tracking
        return tracking_for(
            block.text,
            lines,
            look.face,
            look.size * self.stretch_of(look.face),
            line_widths(look, width),
            bold=look.bold,
            first=usual,
        )

    def stretch_of(self, face: Face) -> float:
        """How much wider than those of `face` the letters are set that stand for it."""
        return self.stretch.get(face, 1.0)

    def line(self, pitch: float, size: float, face: Face) -> float:
        """Line spacing as a multiple of the face's own, 0.8 to 2."""
        natural = CJK_NATURAL if self.cjk else LATIN[face][1]
        return min(2.0, max(0.8, round(pitch / (natural * size), 3)))

    def line_height(self, name: str) -> float:
        """Points from line to line in a style."""
        return self.height_of(self.named[name])

    def height_of(self, look: Look) -> float:
        """Points from line to line in a look."""
        return look.line * self.natural_height(look)

    def natural_height(self, look: Look) -> float:
        """Points from line to line where the face itself decides."""
        return look.size * (CJK_NATURAL if self.cjk else LATIN[look.face][1])

    def _body(self, style: Style) -> Look:
        size = style.size or BODY_SIZE
        face: Face = style.face or style.family or "serif"
        return Look(
            size=size,
            bold=style.bold,
            italic=style.italic,
            face=face,
            align=style.align or "left",
            line=self.line(style.pitch, size, face) if style.pitch else 1.0,
            after=0.0 if self._known else 6.0,
            color=style.color,
        )

    def _usual(self, name: str) -> Look:
        """What a style looks like where the document says nothing about it."""
        body, size = self.body, self.body.size
        plain = replace(body, align="left" if body.align == "justify" else body.align)
        if name.startswith("Heading"):
            scale = _HEADING_SCALE[int(name[-1]) - 1]
            return replace(
                plain, size=_half(size * scale), bold=True, line=1.0, before=size, after=size / 3
            )
        looks = {
            "Title": replace(
                plain,
                size=_half(size * 1.8),
                bold=True,
                align=plain.align if self._known else "center",
                line=1.0,
                after=size,
            ),
            "Caption": replace(
                plain, size=_half(size * 0.9), line=1.0, before=size / 3, after=size / 3
            ),
            "ListParagraph": replace(plain, after=0.0 if self._known else 3.0),
            "Quote": replace(body, left=2 * size),
            "Code": replace(
                plain, size=_half(size * 0.9), face="mono", line=1.0, bold=False, italic=False
            ),
            "FootnoteText": replace(body, size=_half(size * 0.85), line=1.0),
            **{f"TOC{n}": replace(plain, left=(n - 1) * 1.5 * size) for n in range(1, 4)},
            "Bibliography": replace(plain, first=-1.5 * size, left=1.5 * size),
            "Figure": Look(
                size=size, face=body.face, align="center", before=4.0, after=4.0, grows=True
            ),
            "TableText": replace(plain, size=_half(size * 0.9), line=1.0, after=0.0),
            "TableHeading": replace(plain, size=_half(size * 0.9), line=1.0, after=0.0, bold=True),
            "Header": replace(plain, size=_half(size * 0.85), line=1.0, after=0.0),
            "Footer": replace(plain, size=_half(size * 0.85), line=1.0, after=0.0),
            "MarginNote": replace(plain, size=_half(size * 0.8), line=1.0, after=0.0),
            "BodyTextFirstIndent": replace(body, first=2 * size if self.cjk else 1.2 * size),
        }
        return looks.get(name, body)

    def _learn(self, body: Sequence[Block]) -> None:
        """Give every style the look that most characters of its kind have."""
        samples: defaultdict[str, list[tuple[Look, int]]] = defaultdict(list)
        names = [self.style_of(block) for block in body]
        trackings: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        for block, name in zip(body, names, strict=True):
            look, weight = self.look_of(block), _characters(block)
            trackings[name].append((look.tracking, weight))
            if not _is_bare(getattr(block, "style", Style())):
                samples[name].append((look, weight))
        for name in STYLE_NAMES:
            looks = samples.get(name, [])
            usual = _commonest(looks) if looks else self._usual(name)
            tracking = _mode(trackings[name]) if name in trackings else 0.0
            self.named[name] = replace(usual, tracking=tracking)
        # The distance above a list belongs to its first item, not to every one.
        self.named["ListParagraph"] = replace(self.named["ListParagraph"], before=0.0)
        # That above the first note is what Word keeps above its separator.
        self.named["FootnoteText"] = replace(self.named["FootnoteText"], before=0.0)
        # That above a table stands above the table, not in each of its cells.
        table = replace(self.named["TableText"], before=0.0)
        sizes = [
            (size, len(cell.text) + 1)
            for block in body
            if isinstance(block, TableBlock)
            for cell in block.cells
            if (size := cell.size or block.style.size)
        ]
        if sizes:
            table = replace(table, size=_mode(sizes))
        table = self._fit_rows(table, body)
        self.named["TableText"] = table
        self.named["TableHeading"] = replace(table, bold=True)
        for name in ("Title", *(f"Heading{n}" for n in range(1, 7)), "Caption"):
            after = self._space_after(name, body, names)
            if after is not None:
                self.named[name] = replace(self.named[name], after=after)

    def adopt(self, settings: Sequence[tuple[Block, Look, float | None]]) -> None:
        """Take into the styles of text what most of their paragraphs were set to.

        Args:
            settings: Blocks, their looks, and the distances above them; None as the style has it.
        """
        by_style: defaultdict[str, list[tuple[Look, float, int]]] = defaultdict(list)
        for block, look, before in settings:
            if isinstance(block, Text):
                name = self.style_of(block)
                above = self.named[name].before if before is None else before
                by_style[name].append((look, above, _characters(block)))
        for name, found in by_style.items():
            line = _mode((look.line, weight) for look, _, weight in found)
            # Of two middle values the smaller: there is always room for it.
            above = median_low(before for _, before, _ in found)
            if name == "FootnoteText":
                above = self.named[name].before
            self.named[name] = replace(self.named[name], line=line, before=above)

    def _fit_rows(self, look: Look, body: Sequence[Block]) -> Look:
        """The look of table text, set closer and then smaller where most rows are low."""
        pitches = sorted(
            block.box.height / lines - RULE
            for block in body
            if isinstance(block, TableBlock) and block.box.height and (lines := text_lines(block))
            for _ in range(block.rows)
        )
        if not pitches:
            return look
        natural = CJK_NATURAL if self.cjk else LATIN[look.face][1]
        room = max(pitches[len(pitches) // 2], MIN_SIZE) / (natural * look.size)
        if room >= 1.0:
            return look
        line = max(room, CLOSEST)
        size = math.floor(look.size * min(1.0, room / line) * 2) / 2
        return replace(look, line=round(line, 2), size=max(size, MIN_SIZE))

    def _space_after(self, name: str, body: Sequence[Block], names: Sequence[str]) -> float | None:
        """Distance below a heading: what blocks after it keep beyond their own style's distance."""
        gaps = [
            (max(0.0, self.look_of(block).before - self.named[own].before), 1)
            for previous, own, block in zip(names, names[1:], body[1:], strict=False)
            if previous == name and not _is_bare(getattr(block, "style", Style()))
        ]
        return _mode(gaps) if gaps else None


def _is_bare(style: Style) -> bool:
    """Whether a style says nothing about the type and its distances."""
    return replace(style, blanks=(), border_above=None, border_below=None) == Style()


def _hyphenated(document: Document) -> bool:
    """Whether enough lines end in a divided word for it to be the rule."""
    joins = [join for block in document.body if isinstance(block, Text) for join in block.joins]
    divided = joins.count("dehyphen")
    return divided >= FEW_DIVIDED and divided >= DIVIDED_SHARE * len(joins)


def stretches(document: Document) -> dict[Face, float]:
    """How much wider the letters on the pages run than those of the faces that stand for them.

    Type that no known face has would break its lines elsewhere, and every page with it.
    """
    found: defaultdict[Face, list[float | None]] = defaultdict(list)
    size = document.style.size
    for block in document.body:
        if not isinstance(block, Text) or block.style.bold or block.type == "code":
            continue
        own = block.style.size or size
        face = (
            block.style.face
            or block.style.family
            or document.style.face
            or document.style.family
            or "serif"
        )
        if own:
            lines = [line for place in block.at for line in place.lines]
            found[face] += [
                _stretch_of(line, face, own) for line in lines if len(line.text) >= LONG_LINE
            ]
    shares: dict[Face, float] = {}
    for face, ratios in found.items():
        latin = [ratio for ratio in ratios if ratio is not None]
        # A few lines of code among Chinese ones say nothing about the type of the others.
        if len(latin) >= max(FEW_LINES, len(ratios) / 2):
            shares[face] = median(latin)
    return {
        face: round(share, 2)
        for face, share in shares.items()
        if abs(share - 1.0) > UNSEEN and NARROWEST <= share <= WIDEST
    }


def _stretch_of(line: Line, face: Face, size: float) -> float | None:
    """Width of a Latin line, without its spaces, over that in `face`; None for other lines."""
    latin = sum(char.isascii() for char in line.text)
    if latin < LATIN_SHARE * len(line.text) or len(line.words) < 3:
        return None
    width = sum(word.box.width for word in line.words)
    natural = sum(text_width(word.text, face) for word in line.words)
    natural -= len(line.words) * word_bearing(face)
    return width / (natural * size)


def _own_pitch(block: Block, usual: float | None) -> float | None:
    """Distance of the lines of a paragraph on its page, where it is clearly not the usual one."""
    if usual is None or not isinstance(block, Text) or not block.at:
        return None
    middles = [line.box.center[1] for line in block.at[0].lines]
    steps = [b - a for a, b in pairwise(middles)]
    if len(steps) < 2 or min(steps) <= 0:
        return None
    pitch = sum(steps) / len(steps)
    return pitch if abs(pitch - usual) > PITCH_STEP * usual else None


def _characters(block: Block) -> int:
    if isinstance(block, Text):
        return len(block.text) + 1
    if isinstance(block, ListBlock):
        return sum(len(item.text) + 1 for item in block.items) + 1
    return 1


def _commonest(looks: Sequence[tuple[Look, int]]) -> Look:
    def mode(name: str) -> object:
        return _mode([(getattr(look, name), weight) for look, weight in looks])

    return Look(**{name: mode(name) for name in Look.__dataclass_fields__})  # type: ignore[arg-type]


def _mode(values: Iterable[tuple[T, int]]) -> T:
    weights: dict[T, int] = {}
    for value, weight in values:
        weights[value] = weights.get(value, 0) + weight
    return max(weights, key=lambda value: weights[value])


def _half(size: float) -> float:
    return round(size * 2) / 2


def _has_cjk(text: str) -> bool:
    """Whether enough letters are Chinese, Japanese or Korean for their face to set the lines."""
    letters = [char for char in text if char.isalpha()]
    return sum(map(is_wide, letters)) > CJK_SHARE * len(letters)


def _script(lang: Sequence[str]) -> str:
    for tag in lang:
        parts = tag.lower().replace("_", "-").split("-")
        if parts[0] == "zh":
            traditional = {"hant", "tw", "hk", "mo"} & set(parts)
            return "zh-Hant" if traditional else "zh-Hans"
        if parts[0] in ("ja", "ko"):
            return parts[0]
    return "zh-Hans"


def is_cjk_tag(lang: Sequence[str]) -> bool:
    """Whether the first of these language tags is Chinese, Japanese or Korean."""
    return bool(lang) and lang[0].lower().split("-")[0] in ("zh", "ja", "ko")


def line_widths(look: Look, width: float) -> tuple[float, float]:
    """Room for the first line and for all others in a column of `width` points."""
    room = max(width - look.left - look.right, look.size)
    return max(room - look.first, look.size), room


def seen(look: Look, base: Look) -> Look:
    """`look` as it is written in a style: what differs too little to be seen is the style's."""
    steps = {"size": SIZE_STEP - 0.01, "line": LINE_STEP, "tracking": TRACKING_STEP}
    same = {
        name: getattr(base, name)
        for name, step in steps.items()
        if abs(getattr(look, name) - getattr(base, name)) <= step
    }
    return replace(look, **same)
