from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from recovery.score.raster import rasterize
from recovery.score.sample import FAMILIES, Sample, make_sample
from recovery.score.twin import Glyph, Rendering, lines_of, shift
from structure.core.document import (
    Document,
    FigureBlock,
    Line,
    ListBlock,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box

Make = Callable[[str, int], Sample]
DPI = 150
FEW = [("report", 1), ("news", 0), ("statement", 1), ("chapter", 0), ("rtl", 1), ("form", 1)]


def glyphs(text: str, *, y: float = 100.0, x: float = 10.0) -> list[Glyph]:
    """Characters 6 points wide; spaces leave their place empty."""
    return [
        Glyph(1, char, Box(x + 6 * n, y - 7, x + 6 * n + 5, y), x + 6 * n, y, 10.0)
        for n, char in enumerate(text)
        if char != " "
    ]


def printed_lines(document: Document, sample: Sample) -> list[tuple[int, Line]]:
    """(page, line) of everything that is printed."""
    lines: list[tuple[int, Line]] = []
    for block in document.body:
        if isinstance(block, TextBlock):
            lines += [(p.page, line) for p in block.at for line in p.lines]
        elif isinstance(block, ListBlock):
            lines += [(p.page, line) for i in block.items for p in i.at for line in p.lines]
        elif isinstance(block, TableBlock):
            lines += [(block.page, line) for line in sample.printed[block.id].lines]
    return lines + [(item.page, line) for item in document.furniture for line in item.lines]


def test_lines_break_where_the_baseline_steps_and_keep_their_hyphen() -> None:
    drawn = glyphs("the re-") + glyphs("port of", y=112.0)
    found = lines_of(drawn, "the re\u00adport of")
    assert [line.text for _, line, _ in found] == ["the re-", "port of"]
    assert [[w.text for w in line.words] for _, line, _ in found] == [
        ["the", "re-"],
        ["port", "of"],
    ]
    assert [base for _, _, base in found] == [100.0, 112.0]


def test_a_column_to_the_right_begins_a_new_line() -> None:
    drawn = glyphs("ends", x=10, y=500) + glyphs("here", x=200, y=100)
    assert [line.text for _, line, _ in lines_of(drawn, "ends here")] == ["ends", "here"]


def test_words_from_right_to_left_stand_in_the_order_of_reading() -> None:
    drawn = glyphs("bc a", x=10)
    (_, line, _), *rest = lines_of(drawn, "a cb", rtl=True)
    assert not rest
    assert [(w.text, w.box.x0) for w in line.words] == [("a", 28.0), ("cb", 10.0)]


def test_a_drawing_that_does_not_spell_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="is meant"):
        lines_of(glyphs("abd"), "abc")
    with pytest.raises(ValueError, match="only 2 of 3"):
        lines_of(glyphs("ab"), "abc")


def test_a_shift_is_measured_and_other_text_is_infinitely_far() -> None:
    one = Rendering(((100.0, 100.0),), {"000000": glyphs("abc")}, {})
    moved = [replace(glyph, x=glyph.x + 0.04) for glyph in glyphs("abc")]
    assert shift(one, replace(one, glyphs={"FF0000": glyphs("abc")})) == 0
    assert shift(one, replace(one, glyphs={"FF0000": moved})) == pytest.approx(0.04)
    assert shift(one, replace(one, glyphs={"000000": glyphs("abd")})) == float("inf")


@pytest.mark.parametrize(("family", "seed"), FEW)
def test_every_word_lies_on_ink_and_the_ink_lies_in_words(
    sample: Make, family: str, seed: int
) -> None:
    truth = sample(family, seed)
    pages = [page.min(axis=2) < 160 for page in rasterize(truth.pdf, DPI)]
    covered = [np.zeros_like(page) for page in pages]
    for number, line in printed_lines(truth.document, truth):
        for word in line.words:
            box = word.box.scaled(DPI / 72).padded(1)
            x0, y0, x1, y1 = (round(v) for v in box.as_tuple())
            assert pages[number - 1][y0:y1, x0:x1].any(), word
            covered[number - 1][y0:y1, x0:x1] = True
    for block in truth.document.body:
        if isinstance(block, FigureBlock | TableBlock):
            box = block.box.scaled(DPI / 72).padded(3)
            x0, y0, x1, y1 = (round(v) for v in box.as_tuple())
            covered[block.page - 1][y0:y1, x0:x1] = True
    # Lines under page headers, between columns and above footnotes are drawn, not written.
    ink = sum(int(page.sum()) for page in pages)
    loose = sum(int((page & ~known).sum()) for page, known in zip(pages, covered, strict=True))
    assert loose < 0.05 * ink


@pytest.mark.parametrize(("family", "seed"), FEW)
def test_the_lines_of_a_block_spell_its_text(sample: Make, family: str, seed: int) -> None:
    for block in sample(family, seed).document.body:
        if isinstance(block, TextBlock) and block.type not in ("toc", "footnote"):
            drawn = "".join(line.text for place in block.at for line in place.lines)
            plain = "".join(block.text.split())
            assert "".join(drawn.split()).replace("-", "") == plain.replace("-", "")


def test_the_same_seed_gives_the_same_truth(sample: Make) -> None:
    once, again = sample("report", 1), make_sample("report", 1)
    assert once.docx == again.docx
    assert once.document == again.document


def test_a_document_of_the_truth_survives_json(sample: Make) -> None:
    document = sample("chapter", 0).document
    assert Document.from_dict(document.to_dict()).to_dict() == document.to_dict()


def test_notes_have_marks_in_the_text_and_stand_at_the_foot(sample: Make) -> None:
    body = sample("chapter", 0).document.body
    notes = {b.id: b for b in body if isinstance(b, TextBlock) and b.type == "footnote"}
    marks = [
        (span.note, block.text[span.start : span.end])
        for block in body
        if isinstance(block, TextBlock)
        for span in block.spans
        if span.note
    ]
    assert [note for note, _ in marks] == list(notes)
    assert [mark for _, mark in marks] == [str(n + 1) for n in range(len(notes))]
    for (_, mark), note in zip(marks, notes.values(), strict=True):
        assert note.at[0].lines[0].text.startswith(f"{mark} ")
        below = [b for b in body if b.page == note.page and b.box.y0 > note.box.y1]
        assert all(isinstance(b, TextBlock) and b.type == "footnote" for b in below)


def test_a_table_over_pages_is_one_block_a_page_and_repeats_its_header(sample: Make) -> None:
    truth = sample("statement", 1)
    tables = [b for b in truth.document.body if isinstance(b, TableBlock)]
    later = [table for table in tables if table.continued_from]
    assert later
    for table in later:
        printed = truth.printed[table.id]
        assert table.header_rows == 0
        assert printed.header_rows == 2
        assert printed.rows == table.rows + 2
        assert {b.id: b for b in tables}[table.continued_from or ""].page == table.page - 1
        assert sum(printed.row_heights) == pytest.approx(printed.box.height, abs=2.0)


@pytest.mark.slow
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_can_be_rendered_and_measured(sample: Make, family: str) -> None:
    document = sample(family, 2).document
    assert all(page.bands for page in document.pages)
    ids = [block.id for block in document.body]
    assert len(set(ids)) == len(ids)
