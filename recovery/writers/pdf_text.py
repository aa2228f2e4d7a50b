"""Invisible text for PDF pages: one font without a program, each word stretched over its box.

Text render mode 3 draws nothing, so that the font needs no glyphs; its ToUnicode map gives readers
the characters. A code is the UTF-16 unit of its character; those of the surrogates, which no
character of clean text uses, stand for the characters beyond U+FFFF.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

import pikepdf
from pikepdf import Dictionary, Name

from recovery.metrics import text_width
from recovery.writers.placed_words import PlacedWord, Turn, turn_of, words_of
from structure.core.document import Line
from structure.core.geometry import Affine, Box

FONT = "StructureText"

_ASCENT, _DESCENT = 800, 200  # thousandths of the size; together one em, so that size is box height
_USUAL_WIDTH = 500
_GAP = 0.16
"""Of the height of a line; poppler takes words that stand nearer than 0.15 of it for one."""
_ASCII = tuple(round(text_width(chr(code), "sans") * 1000) for code in range(32, 127))
_WIDE = ((0x2E80, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF01, 0xFF60))
_BEYOND = 0xD800
_MOST_BEYOND = 0xE000 - _BEYOND
_REPLACEMENT = 0xFFFD
_MOST_RANGES = 100  # entries that one operator of a CMap may have


class InvisibleFont:
    """Codes for all text of one file, and the font object that explains them."""

    def __init__(self) -> None:
        self._pages: set[int] = set()
        self._beyond: dict[int, int] = {}

    def code(self, char: str) -> int:
        """The 16-bit code of a character."""
        point = ord(char)
        if point > 0xFFFF:
            if point not in self._beyond and len(self._beyond) == _MOST_BEYOND:
                point = _REPLACEMENT
            else:
                return self._beyond.setdefault(point, _BEYOND + len(self._beyond))
        self._pages.add(point >> 8)
        return point

    def to_object(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The font as an indirect object of `pdf`; ask when all text has been encoded."""
        base = Name(f"/{FONT}")
        height = _ASCENT + _DESCENT
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=base,
            Flags=4,
            FontBBox=[0, -_DESCENT, height, _ASCENT],
            ItalicAngle=0,
            Ascent=_ASCENT,
            Descent=-_DESCENT,
            CapHeight=_ASCENT,
            StemV=80,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=base,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_USUAL_WIDTH,
            W=[32, list(_ASCII), *(part for low, high in _WIDE for part in (low, high, 1000))],
            CIDToGIDMap=Name.Identity,
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=base,
                Encoding=Name("/Identity-H"),
                DescendantFonts=[pdf.make_indirect(descendant)],
                ToUnicode=packed_stream(pdf, self._to_unicode()),
            )
        )

    def _to_unicode(self) -> bytes:
        # The last byte alone may change within a range.
        ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in sorted(self._pages)]
        beyond = [
            f"<{code:04X}> <{chr(point).encode('utf-16-be').hex().upper()}>"
            for point, code in self._beyond.items()
        ]
        return "\n".join(
            [
                "/CIDInit /ProcSet findresource begin",
                "12 dict begin begincmap",
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
                "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
                "1 begincodespacerange <0000> <FFFF> endcodespacerange",
                *_listed(ranges, "bfrange"),
                *_listed(beyond, "bfchar"),
                "endcmap CMapName currentdict /CMap defineresource pop end end",
            ]
        ).encode("ascii")


def text_layer(
    lines: Iterable[Line],
    way: Affine,
    font: InvisibleFont,
    *,
    name: str = FONT,
    upside_down: bool = False,
) -> bytes:
    """A content stream with the words of `lines`, in their order; empty where there are none.

    Args:
        lines: In points of an upright page.
        way: From there to the user space of the PDF page.
        font: Learns the characters.
        name: What the page's resources call the font.
        upside_down: Whether a viewer shows these lines running to the left. Then each line is one
            run of text, its words a little off their boxes: pdfium sorts what stands on one line
            from left to right, and a phrase could not be found.
    """
    parts: list[str] = []
    size = ""
    for line in lines:
        turn = turn_of(line)
        spots = _spots(words_of(line), turn)
        for spot in spots:
            own = _number(spot.height, 1)
            if own != size and not (upside_down and spot is not spots[0]):
                size = own
                parts.append(f"/{name} {size} Tf")
            if not upside_down:
                parts.append(_shown(spot, float(size), turn, way, font))
        if upside_down and spots:
            parts.append(_run(spots, float(size), turn, way, font))
    return "\n".join(["q", "BT", "3 Tr", *parts, "ET", "Q"]).encode("ascii") if parts else b""


def packed_stream(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    """A compressed stream of `pdf`."""
    return pdf.make_stream(zlib.compress(data, 9), Filter=Name.FlateDecode)


def _listed(entries: Sequence[str], kind: str) -> list[str]:
    return [
        "\n".join([f"{len(part)} begin{kind}", *part, f"end{kind}"])
        for start in range(0, len(entries), _MOST_RANGES)
        for part in [entries[start : start + _MOST_RANGES]]
    ]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A word, where it begins along its line, how long and how high it is, in points."""

    word: PlacedWord
    start: float
    length: float
    height: float


def _spots(words: Sequence[PlacedWord], turn: Turn) -> list[_Spot]:
    spots: list[_Spot] = []
    for word, following in zip_longest(words, words[1:]):
        start, end, height = _along(word.box, turn)
        length = max(end - start, 0.1)
        if word.space and following is not None:
            room = _along(following.box, turn)[0] - _GAP * height - start
            if room > length / 2:  # else the next word stands before this one
                length = min(length, room)
        spots.append(_Spot(word, start, length, max(height, 0.5)))
    return spots


def _along(box: Box, turn: Turn) -> tuple[float, float, float]:
    """Where a word begins and ends along its line, and how high it is across."""
    if turn == 90:
        return -box.y1, -box.y0, box.width
    return (box.x0, box.x1, box.height) if turn == 0 else (box.y0, box.y1, box.width)


def _shown(spot: _Spot, size: float, turn: Turn, way: Affine, font: InvisibleFont) -> str:
    """A word by itself, stretched over its box."""
    codes = [font.code(char) for char in _visual(spot.word.text)]
    stretch = spot.length * 1000 / (sum(map(_advance, codes)) * size)
    start = _origin(spot.word.box, turn)
    if spot.word.space:
        # A right-to-left word has its space on the left.
        if _is_rtl(spot.word.text):
            codes.insert(0, font.code(" "))
            start = Affine.shift(-_advance(codes[0]) * size / 1000 * stretch, 0).then(start)
        else:
            codes.append(font.code(" "))
    text = "".join(f"{code:04X}" for code in codes)
    return f"{_number(stretch * 100, 1)} Tz {_matrix(start.then(way))} Tm <{text}> Tj"


def _run(spots: Sequence[_Spot], size: float, turn: Turn, way: Affine, font: InvisibleFont) -> str:
    """A whole line as one run of text, stretched evenly: its words stand near their boxes."""
    texts = [_visual(spot.word.text) + " " * spot.word.space for spot in spots]
    codes = [font.code(char) for char in "".join(texts)]
    length = max(spot.start + spot.length for spot in spots) - spots[0].start
    stretch = max(length, 0.1) * 1000 / (sum(map(_advance, codes)) * size)
    matrix = _matrix(_origin(spots[0].word.box, turn).then(way))
    text = "".join(f"{code:04X}" for code in codes)
    return f"{_number(stretch * 100, 1)} Tz {matrix} Tm <{text}> Tj"


def _matrix(way: Affine) -> str:
    numbers = way.as_tuple()
    return " ".join([*(_number(v, 4) for v in numbers[:4]), *(_number(v, 1) for v in numbers[4:])])


def _origin(box: Box, turn: Turn) -> Affine:
    """From text space (along the line, up) to page points (right, down), baseline included."""
    low = _DESCENT / (_ASCENT + _DESCENT)
    if turn == 90:
        return Affine(0.0, -1.0, -1.0, 0.0, box.x1 - low * box.width, box.y1)
    if turn == 270:
        return Affine(0.0, 1.0, 1.0, 0.0, box.x0 + low * box.width, box.y0)
    return Affine(1.0, 0.0, 0.0, -1.0, box.x0, box.y1 - low * box.height)


def _advance(code: int) -> int:
    if 32 <= code < 127:
        return _ASCII[code - 32]
    return 1000 if any(low <= code <= high for low, high in _WIDE) else _USUAL_WIDTH


def _is_rtl(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _visual(text: str) -> str:
    """The characters of a word from left to right.

    Every reader takes glyphs for standing as they are seen and turns right-to-left runs round
    itself; numbers and Latin letters among them run from left to right all the same.
    """
    if not _is_rtl(text):
        return text
    runs = [
        "".join(run) if forward else "".join(run)[::-1]
        for forward, run in (
            (forward, list(chars)) for forward, chars in groupby(text, _runs_forward)
        )
    ]
    return "".join(reversed(runs))


def _runs_forward(char: str) -> bool:
    return unicodedata.bidirectional(char) in ("L", "EN", "AN")


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
