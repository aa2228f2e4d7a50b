from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from recovery import restore
from recovery.score.oracle import oracle_pages
from recovery.score.sample import Sample
from structure.core.analysis import Label, PageAnalysis
from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    Line,
    ListBlock,
    Producer,
    TableBlock,
    TextBlock,
)

Make = Callable[[str, int], Sample]
DPI = 200
FEW = [("report", 1), ("news", 0), ("statement", 1), ("chapter", 0), ("chinese", 0)]
Place = tuple[int, str, int, int]


def place(page: int, text: str, x: float, y: float) -> Place:
    # Scaling there and back moves a place by a hair; few lie at so odd a border of rounding.
    return page, text, round(x + 0.0031), round(y + 0.0031)


def true_words(sample: Sample) -> Counter[Place]:
    """(page, text, x, y) of every printed word, in points."""
    document, found = sample.document, Counter[Place]()

    def add(page: int, lines: tuple[Line, ...]) -> None:
        for line in lines:
            found.update(place(page, w.text, w.box.x0, w.box.y0) for w in line.words)

    for block in document.body:
        if isinstance(block, TextBlock):
            for part in block.at:
                add(part.page, part.lines)
        elif isinstance(block, ListBlock):
            for item in block.items:
                for part in item.at:
                    add(part.page, part.lines)
        elif isinstance(block, TableBlock):
            add(block.page, sample.printed[block.id].lines)
    for piece in document.furniture:
        add(piece.page, piece.lines)
    return found


def found_words(pages: list[PageAnalysis]) -> Counter[Place]:
    scale = 72 / DPI
    return Counter(
        place(page.number, word.text, word.box.x0 * scale, word.box.y0 * scale)
        for page in pages
        for line in (*page.lines, *(line for table in page.tables for line in table.lines))
        for word in line.words
    )


def characters(document: Document) -> Counter[str]:
    """What a document says, letter by letter; dots and hyphens come and go with the layout."""
    parts = [item.text for item in document.furniture]
    for block in document.body:
        parts += text_of(block)
    found = Counter(char for part in parts for char in part if not char.isspace())
    for char in "-.•":
        del found[char]
    return found


def text_of(block: Block) -> list[str]:
    if isinstance(block, ListBlock):
        return [part for item in block.items for part in (item.label, item.text)]
    if isinstance(block, TableBlock):
        return [cell.text for cell in block.cells]
    return [] if isinstance(block, FigureBlock) else [block.text]


@pytest.mark.parametrize(("family", "seed"), FEW)
def test_every_word_of_the_truth_is_in_exactly_one_place(
    sample: Make, family: str, seed: int
) -> None:
    truth = sample(family, seed)
    assert found_words(oracle_pages(truth, DPI)) == true_words(truth)


@pytest.mark.parametrize(("family", "seed"), FEW)
def test_restoration_loses_nothing(sample: Make, family: str, seed: int) -> None:
    truth = sample(family, seed)
    pages = oracle_pages(truth, DPI)
    restored = restore(pages, source=truth.document.source, producer=Producer("test", "1"))
    assert [w for w in restored.warnings if w.severity == "loss"] == []
    assert not characters(truth.document) - characters(restored)


def test_lines_lie_in_the_region_that_they_name(sample: Make) -> None:
    for page in oracle_pages(sample("news", 0), DPI):
        for line, index in zip(page.lines, page.line_regions, strict=True):
            assert index is not None
            assert line.box.covered_by(page.regions[index].box.padded(1)) > 0.99


def test_regions_carry_the_labels_of_their_blocks(sample: Make) -> None:
    truth = sample("report", 1)
    labels = Counter(r.label for page in oracle_pages(truth, DPI) for r in page.regions)
    assert labels[Label.TABLE] == labels[Label.TABLE_CAPTION] == 1
    assert labels[Label.FIGURE] == labels[Label.FIGURE_CAPTION] == 1

    headings = [b for b in truth.document.body if b.type in ("title", "heading")]
    assert labels[Label.TITLE] == len(headings)
    assert labels[Label.HEADER] == 2 * len(truth.document.pages)


def test_wide_gaps_split_a_line_but_labels_of_lists_stay(sample: Make) -> None:
    texts = {line.text for page in oracle_pages(sample("form", 1), DPI) for line in page.lines}
    assert any(text.startswith("Full name") and text.endswith(":") for text in texts)
    listed = {line.text for page in oracle_pages(sample("report", 1), DPI) for line in page.lines}
    assert any(text.startswith("1. ") for text in listed)
    assert any(text.startswith("• ") for text in listed)


def test_bold_type_has_thicker_strokes(sample: Make) -> None:
    truth = sample("report", 1)
    lines = [line for page in oracle_pages(truth, DPI) for line in page.lines]
    heading = next(b for b in truth.document.body if b.type == "heading")
    assert isinstance(heading, TextBlock)
    bold = next(line for line in lines if line.text == heading.text)
    body = max(lines, key=lambda line: len(line.text))
    assert bold.stroke is not None
    assert body.stroke is not None
    assert bold.stroke / (bold.size or 1) > 1.3 * body.stroke / (body.size or 1)
