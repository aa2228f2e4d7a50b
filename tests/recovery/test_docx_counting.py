"""Lists in Word count by themselves wherever that gives the labels that were printed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from lxml import etree

from recovery.score.docx_reader import read_docx
from recovery.score.reading import Paragraph
from recovery.writers import render
from recovery.writers.docx_check import check_bytes
from recovery.writers.docx_counting import counting
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import Document, ListBlock, ListItem
from structure.core.geometry import Box

Make = Callable[..., Document]
BOX = Box(72, 100, 523, 300)


def list_of(*labels: tuple[int, str], ordered: bool = True, format_: str = "decimal") -> ListBlock:
    items = tuple(
        ListItem(
            f"p1.b1.i{n}", label, f"item {n}", level, 1, Box(90, 100 + 12 * n, 200, 110 + 12 * n)
        )
        for n, (level, label) in enumerate(labels)
    )
    return ListBlock("p1.b1", 1, BOX, items, ordered=ordered, format=format_)  # type: ignore[arg-type]


def shown(data: bytes) -> list[tuple[int | None, str | None]]:
    """(level, label) of every item that a word processor counts."""
    items = [item for item in read_docx(data).items if isinstance(item, Paragraph)]
    return [(item.level, item.number) for item in items if item.kind == "list"]


@pytest.mark.parametrize(
    ("labels", "format_"),
    [
        ([(0, "1."), (1, "a)"), (1, "b)"), (0, "2."), (1, "a)"), (0, "3.")], "decimal"),
        ([(0, "A."), (1, "1."), (2, "i)"), (2, "ii)"), (1, "2."), (0, "B.")], "upper_alpha"),
        ([(0, "1"), (1, "1.1"), (1, "1.2"), (0, "2"), (1, "2.1"), (2, "2.1.1")], "decimal"),
        ([(0, "3."), (0, "4."), (1, "c)"), (1, "d)")], "decimal"),
        ([(0, "1."), (0, "2."), (0, "3."), (0, "1."), (0, "2."), (0, "3.")], "decimal"),
        ([(0, "1."), (1, "a)"), (0, "2."), (1, "b)"), (1, "c)"), (0, "3.")], "decimal"),
    ],
)
def test_the_labels_of_all_levels_are_counted(
    document_of: Make, labels: Sequence[tuple[int, str]], format_: str
) -> None:
    data = render(document_of(list_of(*labels, format_=format_)), ".docx").data
    assert check_bytes(data) == []
    plain = [(level, label.strip("().")) for level, label in labels]
    assert shown(data) == plain
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    assert "".join(body.itertext()) == "".join(f"item {n}" for n in range(len(labels)))
    assert not body.findall(".//w:ind", NAMESPACES)


def test_bullets_stand_inside_numbers_and_numbers_inside_bullets() -> None:
    numbers = counting(list_of((0, "1."), (1, "\u2013"), (1, "\u2013"), (0, "2.")))
    bullets = counting(list_of((0, "\u2022"), (1, "1."), (1, "2."), (0, "\u2022"), ordered=False))
    assert numbers is not None
    assert bullets is not None
    assert [labels.form for labels in numbers.levels.values()] == ["decimal", "bullet"]
    assert [labels.form for labels in bullets.levels.values()] == ["bullet", "decimal"]
    assert numbers.levels[1].text == "\u2013"


@pytest.mark.parametrize(
    "labels",
    [
        [(0, "1."), (0, "3."), (0, "7.")],
        [(0, "1"), (1, "1.1"), (0, "2"), (1, "1.2")],  # does not show what it stands under
        [(0, "1."), (1, "a)"), (1, "(b)")],
        [(0, "1."), (1, "a)"), (1, "")],
    ],
)
def test_other_labels_are_left_as_they_are(labels: Sequence[tuple[int, str]]) -> None:
    assert counting(list_of(*labels)) is None


def test_a_list_that_begins_anew_is_one_list_with_two_starts(document_of: Make) -> None:
    block = list_of(*((0, f"{n}.") for n in (1, 2, 3, 4, 1, 2, 3)))
    found = counting(block)
    assert found is not None
    assert [(run.first, dict(run.starts)) for run in found.runs] == [(0, {}), (4, {0: 1})]
