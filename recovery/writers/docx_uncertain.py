"""Words that were read with little confidence: where they stand in a text, and Word's comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recovery.writers.ooxml import Element, node, text_nodes
from structure.core.document import Line, Place

AUTHOR, INITIALS = "docstructure", "ds"
_REACH = 12  # characters behind which a word is no longer looked for: the line was joined otherwise


@dataclass(frozen=True, slots=True)
class Doubt:
    """Characters `start` to `end` (exclusive) of a text, and how sure they are, 0 to 1."""

    start: int
    end: int
    conf: float


def doubts(text: str, at: Sequence[Place], threshold: float, shift: int = 0) -> list[Doubt]:
    """The parts of `text` whose words were read with less confidence than `threshold`.

    Neighbours are one part; `shift` is added to every offset.
    """
    found: list[Doubt] = []
    at_char = 0
    for word, conf in _words([line for place in at for line in place.lines]):
        start = text.find(word, at_char, at_char + len(word) + _REACH)
        if start < 0 and word.endswith("-"):
            word = word[:-1]  # joined with the next line
            start = text.find(word, at_char, at_char + len(word) + _REACH)
        if start < 0 or not word:
            continue
        at_char = start + len(word)
        if conf is None or conf >= threshold:
            continue
        last = found[-1] if found else None
        if last is not None and not text[last.end - shift : start].strip():
            found[-1] = Doubt(last.start, at_char + shift, min(last.conf, conf))
        else:
            found.append(Doubt(start + shift, at_char + shift, conf))
    return found


def _words(lines: Sequence[Line]) -> Iterator[tuple[str, float | None]]:
    for line in lines:
        if line.words:
            yield from ((word.text, word.conf) for word in line.words)
        else:
            yield from ((word, line.conf) for word in line.text.split())


class Comments:
    """Collects the comments of a document."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def add(self, text: str) -> int:
        """Id of a new comment."""
        self._texts.append(text)
        return len(self._texts) - 1

    def part(self) -> Element | None:
        """`word/comments.xml`, or None without comments."""
        if not self._texts:
            return None
        return node("w:comments", *(_comment(n, text) for n, text in enumerate(self._texts)))


def _comment(number: int, text: str) -> Element:
    return node(
        "w:comment",
        node(
            "w:p",
            node("w:r", node("w:annotationRef")),
            node("w:r", *text_nodes(text)),
        ),
        id=number,
        author=AUTHOR,
        initials=INITIALS,
    )
