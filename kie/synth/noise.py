"""What scanning and reading do to a page: joined and cut lines, skew, misread signs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from kie.synth.canvas import Mark

_CONFUSED = {
    "0": "Oo", "O": "0Q", "1": "lI", "l": "1I", "I": "l1", "5": "S", "S": "5", "8": "B", "B": "8",
    "6": "b", "2": "Z", "Z": "2", "g": "9q", "9": "g", "e": "c", "c": "e", "n": "u", "u": "n",
    "a": "o", "h": "b", "i": "l", "t": "f", "f": "t", "v": "y", "m": "n", ",": ".", ".": ",",
    ":": ";.", "-": "~", "/": "l", "ä": "a", "ö": "o", "ü": "u", "é": "e", "è": "e", "ß": "B",
    "á": "a", "í": "i", "ó": "o", "ñ": "n", "ç": "c", "ł": "l", "ż": "z", "ș": "s", "ğ": "g",
}  # fmt: skip
_PAIRS = (("rn", "m"), ("m", "rn"), ("cl", "d"), ("vv", "w"), ("ii", "u"), ("li", "h"))


@dataclass(slots=True)
class ReadWord:
    """A word as an OCR engine would give it; edges in points."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    mark: Mark | None


@dataclass(slots=True)
class ReadLine:
    """Words that the engine found in one line."""

    words: list[ReadWord]

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.words[-1].x1

    @property
    def middle(self) -> float:
        """Height of its centre."""
        first = self.words[0]
        return (first.y0 + first.y1) / 2

    @property
    def height(self) -> float:
        """Of its first word."""
        return self.words[0].y1 - self.words[0].y0


def in_reading_order(lines: list[ReadLine]) -> list[ReadLine]:
    """Rows from top to bottom, each from left to right."""
    ordered: list[ReadLine] = []
    row: list[ReadLine] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if row and line.middle - row[0].middle > 0.5 * min(row[0].height, line.height):
            ordered += sorted(row, key=lambda line: line.x0)
            row = []
        row.append(line)
    return ordered + sorted(row, key=lambda line: line.x0)


def resegment(rng: Random, lines: list[ReadLine], merge: float, split: float) -> list[ReadLine]:
    """Join neighbours of a row with some likelihood, and cut lines at blanks with another.

    Args:
        rng: Source of all choices.
        lines: In reading order.
        merge: Likelihood that neighbours less than two line heights apart become one line.
        split: Likelihood of a cut at each blank.
    """
    joined: list[ReadLine] = []
    for line in lines:
        before = joined[-1] if joined else None
        if (
            before is not None
            and abs(line.middle - before.middle) < 0.4 * line.height
            and 0 <= line.x0 - before.x1 < 2 * line.height
            and rng.random() < merge
        ):
            before.words += line.words
        else:
            joined.append(line)
    if not split:
        return joined
    cut: list[ReadLine] = []
    for line in joined:
        start = 0
        for index in range(1, len(line.words)):
            if rng.random() < split:
                cut.append(ReadLine(line.words[start:index]))
                start = index
        cut.append(ReadLine(line.words[start:]))
    return cut


def proportional_boxes(lines: list[ReadLine]) -> None:
    """Share each line among its words by their lengths, as where only lines are read."""
    for line in lines:
        left = line.x0
        unit = (line.x1 - left) / max(1, sum(len(w.text) for w in line.words) + len(line.words) - 1)
        for word in line.words:
            word.x0 = left
            word.x1 = left = left + unit * len(word.text)
            left += unit


def misread_word(rng: Random, text: str, rate: float) -> str:
    """Confuse, lose or change the case of characters, each with likelihood `rate`."""
    if rng.random() > rate * len(text):
        return text
    spot = rng.randrange(len(text))
    sign = text[spot]
    choice = rng.random()
    if choice < 0.12:
        for old, new in _PAIRS:
            if old in text:
                return text.replace(old, new, 1)
    if choice < 0.2 and len(text) > 2:
        return text[:spot] + text[spot + 1 :]
    if choice < 0.28:
        return text[:spot] + sign.swapcase() + text[spot + 1 :]
    if choice < 0.31:
        return text[:spot] + sign + text[spot:]
    return text[:spot] + rng.choice(_CONFUSED.get(sign, sign)) + text[spot + 1 :]


def misread(rng: Random, lines: list[ReadLine], rate: float) -> None:
    """Misread characters, glue words of one entity and cut words, each seldom."""
    glue = rate * 0.4
    for line in lines:
        words: list[ReadWord] = []
        for word in line.words:
            word.text = misread_word(rng, word.text, rate)
            before = words[-1] if words else None
            if before is not None and before.mark is word.mark and rng.random() < glue:
                before.text += word.text
                before.x1 = word.x1
            elif len(word.text) > 3 and rng.random() < glue / 2:
                spot = rng.randrange(1, len(word.text))
                middle = word.x0 + (word.x1 - word.x0) * spot / len(word.text)
                head, tail = word.text[:spot], word.text[spot:]
                words.append(ReadWord(head, word.x0, word.y0, middle, word.y1, word.mark))
                words.append(ReadWord(tail, middle, word.y0, word.x1, word.y1, word.mark))
            else:
                words.append(word)
        line.words = words


def glue_keys(rng: Random, lines: list[ReadLine], share: float) -> None:
    """Read keys that end in a colon and the value after them as one word: "Date:05/03/18".

    The word belongs to the value, for the value is what is looked for.
    """
    for line in lines:
        words: list[ReadWord] = []
        for word in line.words:
            before = words[-1] if words else None
            if (
                before is not None
                and before.text.endswith((":", "#"))
                and before.mark is not None
                and before.mark.kind == "question"
                and word.mark is not None
                and word.mark.kind == "answer"
                and rng.random() < share
            ):
                before.text += word.text
                before.x1 = word.x1
                before.mark = word.mark
            else:
                words.append(word)
        line.words = words


_SPECKS = ("|", "-", "_", ".", "~", "\u2014", "'", "l", "i", "=", "*", "\u2022", ":", "I")


def specks(rng: Random, width: float, height: float, count: int) -> list[ReadLine]:
    """What an engine reads into rules, stamps and dirt."""
    found = []
    for _ in range(count):
        x, y = rng.uniform(0.02, 0.95) * width, rng.uniform(0.02, 0.95) * height
        text = "".join(rng.choice(_SPECKS) for _ in range(rng.choice((1, 1, 1, 2, 3))))
        found.append(ReadLine([ReadWord(text, x, y, x + 3 * len(text), y + 9, None)]))
    return found


def distort(rng: Random, lines: list[ReadLine], width: float, height: float) -> None:
    """Scale, shift, skew and jitter, as pages lie on a scanner and lines are found."""
    scale = rng.uniform(0.88, 1.06) if rng.random() < 0.5 else 1.0
    angle = math.radians(rng.gauss(0, 0.6)) if rng.random() < 0.4 else 0.0
    angle = max(-0.026, min(0.026, angle))
    dx = rng.gauss(0, 0.012) * width + (1 - scale) * width / 2
    dy = rng.gauss(0, 0.012) * height + (1 - scale) * height / 2
    rough = rng.uniform(0.0, 0.0015) * height
    tall = rng.uniform(0.9, 1.35)
    slope = math.tan(angle)
    for line in lines:
        shift_y = rng.gauss(0, rough)
        shift_x = rng.gauss(0, rough)
        for word in line.words:
            lift = slope * ((word.x0 + word.x1) / 2 - width / 2)
            lean = -slope * ((word.y0 + word.y1) / 2 - height / 2)
            grow = (tall - 1) * (word.y1 - word.y0) / 2
            word.x0 = word.x0 * scale + dx + shift_x + lean
            word.x1 = word.x1 * scale + dx + shift_x + lean
            word.y0 = word.y0 * scale + dy + shift_y + lift - grow
            word.y1 = word.y1 * scale + dy + shift_y + lift + grow


def shuffled(rng: Random, lines: list[ReadLine]) -> list[ReadLine]:
    """The lines in no order."""
    rng.shuffle(lines)
    return lines
