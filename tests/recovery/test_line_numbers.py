"""Numbers in the margin that count lines leave the text; numbers of rows stay in it."""

from __future__ import annotations

from recovery import restore
from structure.core.analysis import PageAnalysis, TextLine
from structure.core.document import Document, Producer, Source, TextBlock
from structure.core.geometry import Box

TEXT = [
    "The above-entitled matter came on for oral argument before",
    "the Supreme Court of the United States at one in the",
    "afternoon of a day in January, and was heard in full.",
]


def page_of(entries: list[tuple[float, float, str]]) -> PageAnalysis:
    """A page of lines at (x, y), 12 pixels high, with letters 6 pixels wide."""
    lines = tuple(TextLine(t, Box(x, y, x + 6.0 * len(t), y + 12.0)) for x, y, t in entries)
    return PageAnalysis(1, 612, 792, 72.0, lines=lines, line_regions=(None,) * len(lines))


def restored(entries: list[tuple[float, float, str]]) -> Document:
    source = Source("a.pdf", "application/pdf", "0" * 64, 1)
    return restore([page_of(entries)], source=source, producer=Producer("test", "0"))


def numbers(count: int, x: float) -> list[tuple[float, float, str]]:
    return [(x - 6.0 * len(str(n)), 60.0 + 26.0 * n, str(n)) for n in range(1, count + 1)]


def test_numbers_of_lines_become_one_margin_note_and_leave_the_text() -> None:
    text = [(120.0, 86.0 + 26.0 * k, line) for k, line in enumerate(TEXT)]
    document = restored(numbers(25, 90.0) + text)
    (note,) = document.furniture
    assert note.type == "margin_note"
    assert note.text.split("\n") == [str(n) for n in range(1, 26)]
    assert [b.text for b in document.body if isinstance(b, TextBlock)] == [" ".join(TEXT)]


def test_numbers_of_the_rows_of_a_table_stay_with_their_rows() -> None:
    entries = [
        (x, y, word)
        for _, y, n in numbers(20, 90.0)
        for x, word in ((70.0, n), (120.0, "part"), (220.0, "piece"), (320.0, "4.50"))
    ]
    assert not any(item.type == "margin_note" for item in restored(entries).furniture)


def test_few_or_irregular_numbers_are_text() -> None:
    text = [(120.0, 86.0 + 26.0 * k, line) for k, line in enumerate(TEXT)]
    years = [(60.0, 60.0 + 26.0 * k, str(1900 + k * k)) for k in range(20)]
    assert not any(
        item.type == "margin_note" for item in restored(numbers(6, 90.0) + text).furniture
    )
    assert not any(item.type == "margin_note" for item in restored(years + text).furniture)
