"""What the first characters of a line say: list item, numbered heading, caption."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ListFormat = Literal[
    "bullet", "decimal", "lower_alpha", "upper_alpha", "lower_roman", "upper_roman"
]

BULLETS = "•·▪▫○●◦‣\u2043■□◆◇►▶➢➤❖✓✔✗✘☐☑☒\u2013—-*"
_CHECKED = {"☑": True, "☒": True, "✓": True, "✔": True, "☐": False, "□": False}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_BULLET = re.compile(rf"^\s*([{re.escape(BULLETS)}])(\s+)(?=\S)|^\s*([•●▪■◆►➢❖☐☑☒①-⑳])\s*(?=\S)")
_NUMBER = re.compile(
    r"^\s*(\(?)(\d{1,3}|[A-Za-z]|[ivxlcIVXLC]{2,6}|[一二三四五六七八九十]{1,3})"
    r"([.)、\uff09]|(?<=\))) ?(?=\S)"
)
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_RTL_NUMBER = re.compile(rf"^\s*([.)\-\u2013]?)(\d{{1,3}})([.)\-\u2013]?)\s+(?=[{_RTL}])")
"""The number of an item read from right to left; a reader may put its stop on either side."""
_LONE = re.compile(
    rf"^\s*(?:[{re.escape(BULLETS)}]|[①-⑳]|\(?(?:\d{{1,2}}|[A-Za-z]|[ivxIVX]{{2,4}})[.)\uff09])\s*$"
)
_REFERENCE = re.compile(r"^\s*(\[\d{1,3}\])\s*(?=\S)")
_NOTE = re.compile(r"^\s*\d{1,3}(?=[A-Z\u201c])")
_HEADING = re.compile(
    r"^\s*(?:"
    r"(?P<dotted>\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+(?=[^\W\d_])"
    r"|(?P<number>\d{1,2})(?:\.?\s+|\uff0e\s*)(?=[^\W\d_])"
    r"|(?P<roman>[IVX]{1,6})\.\s+(?=[^\W\d_])"
    r"|(?P<letter>[A-H])\.\s+(?=[^\W\d_])"
    r"|(?P<word>part|chapter|article|section|appendix|annex|kapitel|abschnitt|anhang|chapitre|annexe"
    r"|hoofdstuk|bijlage|capítulo|sección)\s+(?P<of>\d{1,3}|[ivxlcIVXLC]{1,6}|[A-Z])\b"
    r"|第\s*(?P<zh>[\d一二三四五六七八九十百]{1,4})\s*(?P<unit>[章节條条篇部])"
    r"|(?P<zhnum>[一二三四五六七八九十]{1,3})、"
    r"|(?P<zhsub>[\uff08(][一二三四五六七八九十]{1,3}[\uff09)])"
    r")",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^\s*(?P<kind>(?:supplementary |extended data )?(?:fig(?:ure|\.)?|abb(?:ildung|\.)"
    r"|afbeelding|figura|imagen|photo|plate|chart|scheme"
    r"|tab(?:le|elle|leau|el|la|\.)|cuadro|图|圖|表))\s*"
    r"(?P<number>[A-Z]?\d{1,3}(?:[.\-\u2013]\d{1,3})*[a-z]?|[IVX]{1,5}\b|[一二三四五六七八九十]{1,3})"
    r"(?P<rest>\s*[:.|\u2013—\-、\uff1a]|\s|$)",
    re.IGNORECASE,
)
_TABLE_WORD = re.compile(r"^(tab|cuadro|表)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """The marker of a list item.

    Attributes:
        label: As printed.
        length: Characters of the text up to what follows the marker.
        format: How it is numbered.
        value: Its number, 0 for a bullet.
        family: What the markers of one list have in common: punctuation and kind.
        checked: State of a check box.
    """

    label: str
    length: int
    format: ListFormat
    value: int
    family: str
    checked: bool | None = None


def list_marker(text: str) -> Marker | None:
    """The marker that `text` starts with and that has text after it, or None."""
    found = _BULLET.match(text)
    if found:
        char = found.group(1) or found.group(3)
        if char in _CIRCLED:
            value = _CIRCLED.index(char) + 1
            return Marker(char, found.end(), "decimal", value, "circled")
        return Marker(char, found.end(), "bullet", 0, f"bullet{char}", _CHECKED.get(char))
    found = _RTL_NUMBER.match(text)
    if found and bool(found.group(1)) != bool(found.group(3)):
        return _from_the_right(found)
    found = _NUMBER.match(text)
    if found is None:
        return None
    opening, core, closing = found.groups()
    if closing == "." and len(core) == 1 and core.isupper():
        following = text[found.end() :].split(maxsplit=1)[0]
        if len(following) <= 2 and following.endswith("."):
            return None  # initials of a name
    spaced = text[found.end() - 1] == " "
    if closing == "." and core.isdigit() and not spaced and text[found.end()].isdigit():
        return None  # 3.14
    label = text[: found.end()].strip()
    number = _value(core)
    return Marker(label, found.end(), number[0], number[1], f"{opening}{number[0]}{closing}")


def _from_the_right(found: re.Match[str]) -> Marker:
    before, digits, after = found.groups()
    closing = after or before
    return Marker(f"{digits}{closing}", found.end(), "decimal", int(digits), f"decimal{closing}")


def is_lone_marker(text: str) -> bool:
    """Whether `text` is a list marker and nothing else, its item being set apart by a gap."""
    return _LONE.match(text) is not None


def _value(core: str) -> tuple[ListFormat, int]:
    if core.isdigit():
        return "decimal", int(core)
    if core[0] in _CHINESE:
        return "decimal", chinese_number(core)
    upper = core.isupper()
    if len(core) > 1 or core in "ivxIVX":
        return ("upper_roman" if upper else "lower_roman"), roman_number(core)
    return ("upper_alpha" if upper else "lower_alpha"), ord(core.lower()) - ord("a") + 1


def as_alpha(marker: Marker) -> Marker:
    """The same marker as a letter: `i.` may be the ninth letter or the first Roman number."""
    core = marker.label.strip("().、\uff09 ")
    if len(core) != 1 or not marker.format.endswith("roman"):
        return marker
    kind: ListFormat = "upper_alpha" if core.isupper() else "lower_alpha"
    value = ord(core.lower()) - ord("a") + 1
    family = marker.family.replace(marker.format, kind)
    return Marker(marker.label, marker.length, kind, value, family, marker.checked)


def roman_number(text: str) -> int:
    """Value of a Roman number, 0 where a letter is none."""
    values = [_ROMAN.get(char, 0) for char in text.lower()]
    if not values or 0 in values:
        return 0
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))


def chinese_number(text: str) -> int:
    """Value of a Chinese number up to 99, or of digits; 0 where it is none."""
    if text.isdigit():
        return int(text)
    tens, found, ones = text.partition("十")
    if not found:
        return _CHINESE.find(text) + 1 if len(text) == 1 else 0
    high = _CHINESE.find(tens) + 1 if tens else 1
    return 10 * high + (_CHINESE.find(ones) + 1 if ones else 0)


def is_reference_entry(text: str) -> bool:
    """Whether `text` starts like an entry of a bibliography: [12]."""
    return _REFERENCE.match(text) is not None


def is_note_mark(text: str) -> bool:
    """Whether `text` starts like a footnote whose raised number lost its height: 2See above."""
    return _NOTE.match(text) is not None


@dataclass(frozen=True, slots=True)
class HeadingNumber:
    """The number of a heading; `depth` counts the levels inside its `family`."""

    family: str
    depth: int
    value: int
    length: int


def heading_number(text: str) -> HeadingNumber | None:
    """The section number that `text` starts with, or None."""
    found = _HEADING.match(text)
    if found is None:
        return None
    part = found.groupdict()
    end = found.end()
    if part["dotted"]:
        numbers = part["dotted"].split(".")
        return HeadingNumber("decimal", len(numbers), int(numbers[-1]), end)
    if part["number"]:
        return HeadingNumber("decimal", 1, int(part["number"]), end)
    if part["roman"]:
        return HeadingNumber("roman", 1, roman_number(part["roman"]), end)
    if part["letter"]:
        return HeadingNumber("letter", 1, ord(part["letter"].upper()) - ord("A") + 1, end)
    if part["word"]:
        of = part["of"]
        value = int(of) if of.isdigit() else roman_number(of) or ord(of[0].upper()) - 64
        return HeadingNumber(part["word"].lower(), 1, value, end)
    if part["zh"]:
        return HeadingNumber(f"第{part['unit']}", 1, chinese_number(part["zh"]), end)
    if part["zhnum"]:
        return HeadingNumber("zh", 1, chinese_number(part["zhnum"]), end)
    return HeadingNumber("zhsub", 1, chinese_number(part["zhsub"][1:-1]), end)


def caption_kind(text: str) -> Literal["figure", "table"] | None:
    """What `text` is the caption of, judged by its first word and number, or None."""
    found = _CAPTION.match(text)
    if found is None:
        return None
    return "table" if _TABLE_WORD.match(found.group("kind")) else "figure"


def is_plain_caption(text: str) -> bool:
    """Whether punctuation or the end follows the number, as in no sentence."""
    found = _CAPTION.match(text)
    return found is not None and bool(found.group("rest").strip() or found.end() == len(text))
