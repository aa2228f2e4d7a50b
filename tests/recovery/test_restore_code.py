"""Code keeps its lines and indents; typescripts and prose are no code."""

from __future__ import annotations

from recovery import restore
from recovery.metrics import text_width
from structure.core.analysis import Font, PageAnalysis, TextLine, Word
from structure.core.document import Document, Producer, Source, TextBlock
from structure.core.geometry import Box

SENTENCE = "the seal of the letter was broken when it came to the house on the hill"
CODE = [
    "\\begin{itemize}",
    "  \\item Routing and resource discovery;",
    "  \\item Resilient and scalable networks;",
    "\\end{itemize}",
]


def line(text: str, y: float, *, fixed: bool = False, size: float = 9.0) -> TextLine:
    def width(part: str) -> float:
        return size * (0.6 * len(part) if fixed else text_width(part, "serif"))

    indent = len(text) - len(text.lstrip())
    x = 72.0 + width(" " * indent)
    font = Font(size, color="800000" if fixed else "000000")
    words = []
    for part in text.split():
        words.append(
            Word(
                part,
                Box(x, y, x + width(part), y + size),
                font=font,
            )
        )
        x += width(part + " ")
    box = Box(words[0].box.x0, y, words[-1].box.x1, y + size)
    return TextLine(text.strip(), box, words=tuple(words))


def restored(*lines: TextLine) -> Document:
    page = PageAnalysis(1, 612, 792, 72, lines=lines, line_regions=(None,) * len(lines))
    return restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))


def kinds(document: Document) -> list[str]:
    return [block.type for block in document.body if isinstance(block, TextBlock)]


def prose(y: float) -> list[TextLine]:
    return [line(SENTENCE, y + 11 * k) for k in range(8)]


def test_code_keeps_its_lines_and_indents() -> None:
    code = [line(text, 200 + 15 * k, fixed=True) for k, text in enumerate(CODE)]
    document = restored(*prose(60), *code, *prose(300))
    (block,) = [b for b in document.body if isinstance(b, TextBlock) and b.type == "code"]
    assert block.text == "\n".join(CODE)
    assert block.style.family == "mono"


def test_a_page_from_a_typewriter_is_no_code() -> None:
    assert "code" not in kinds(
        restored(*(line(SENTENCE, 60 + 12 * k, fixed=True) for k in range(9)))
    )


def test_prose_is_no_code() -> None:
    assert "code" not in kinds(restored(*prose(60)))
