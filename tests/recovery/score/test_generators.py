from __future__ import annotations

import io

import docx
import pytest

from recovery.score.manuscript import texts_of
from recovery.score.sample import FAMILIES
from recovery.score.truth_docx import write_truth
from recovery.score.twin import Tints
from structure.core.document import FigureBlock, TableBlock, TextBlock
from structure.core.grid import Cell, Grid


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_same_seed_gives_the_same_file_and_another_seed_another(family: str) -> None:
    make = FAMILIES[family]
    assert write_truth(make(1)) == write_truth(make(1))
    assert write_truth(make(1)) != write_truth(make(2))


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_another_library_opens_the_file_and_finds_its_text(family: str) -> None:
    manuscript = FAMILIES[family](0)
    opened = docx.Document(io.BytesIO(write_truth(manuscript)))
    assert len(opened.sections) == len(manuscript.sections)
    assert len(opened.tables) == sum(isinstance(b, TableBlock) for b in manuscript.blocks)
    assert len(opened.inline_shapes) == sum(isinstance(b, FigureBlock) for b in manuscript.blocks)
    found = [p.text for p in opened.paragraphs]
    titles = [b.text for b in manuscript.blocks if isinstance(b, TextBlock) and b.type == "title"]
    assert set(titles) <= set(found)


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ids_are_unique_tables_are_full_and_captions_have_owners(family: str, seed: int) -> None:
    manuscript = FAMILIES[family](seed)
    blocks = {block.id: block for block in manuscript.blocks}
    assert len(blocks) == len(manuscript.blocks)
    keys = [key for block in manuscript.blocks for key, _ in texts_of(block)]
    assert len(set(keys)) == len(keys)
    for block in blocks.values():
        if isinstance(block, TableBlock):
            cells = tuple(Cell(c.row, c.col, c.rowspan, c.colspan) for c in block.cells)
            Grid(block.rows, block.cols, tuple(sorted(cells, key=lambda c: (c.row, c.col))))
            assert len(block.col_widths) == block.cols
        if isinstance(block, TextBlock) and block.type == "caption":
            owner = blocks[block.caption_of or ""]
            assert isinstance(owner, TableBlock | FigureBlock)
            assert owner.caption == block.id


def test_colours_are_distinct_and_neither_black_nor_white() -> None:
    tints = Tints()
    colors = [tints(f"key {n}") for n in range(20_000)]
    assert len(set(colors)) == len(colors)
    assert not {"000000", "FFFFFF"} & set(colors)
    assert tints("key 7") == colors[7]
