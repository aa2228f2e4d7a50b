"""What a scan tells without fonts: contents, code, columns that end early, notes, captions."""

from __future__ import annotations

import pytest

from recovery import restore
from recovery.metrics import text_width
from recovery.restore.contents import entry_levels, entry_runs
from recovery.restore.joining import Vocabulary, join_of_lines, vocabulary
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from recovery.restore.sections import Strip, page_margins, with_empty_columns
from structure.core.analysis import Label, PageAnalysis, Region, Table, TextLine, Word
from structure.core.document import Document, Line, ListBlock, Producer, Source, TextBlock
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid

SENTENCE = "the seal of the letter was broken when it came to the house on the hill and nobody"
CODE = [
    "def level_valve(rate, limit=12):",
    "    for step in range(rate):",
    "        if step % 3 == 0:",
    "            limit += step",
    "    return limit",
    "print(level_valve(16))",
]
CONTENTS = [
    (0, "1 Samples of the market ............................ 2"),
    (18, "1.1 Well-known temperature ......................... 2"),
    (18, "1.2 Agreement ...................................... 5"),
    (0, "2 Readings and their warehouse ..................... 11"),
]


def scanned(
    text: str, y: float, x0: float = 72.0, *, size: float = 10.0, mono: bool = False
) -> TextLine:
    """A line as an engine reads it: words with boxes around their ink, no fonts."""

    def width(part: str) -> float:
        return size * (0.6 * len(part) if mono else text_width(part, "serif"))

    x = x0 + width(" " * (len(text) - len(text.lstrip())))
    words = []
    for part in text.split():
        ink = width(part) - (0.08 * size if mono else 0.02 * size)
        words.append(Word(part, Box(x, y, x + ink, y + 0.9 * size), 1.0))
        x += width(part + " ")
    box = Box(words[0].box.x0, y, words[-1].box.x1, y + 0.9 * size)
    return TextLine(text.strip(), box, 1.0, tuple(words), stroke=0.072 * size, size=size)


def page(number: int, *lines: TextLine, **more: object) -> PageAnalysis:
    more.setdefault("line_regions", (None,) * len(lines))
    return PageAnalysis(number, 612, 792, 72, lines=lines, **more)  # type: ignore[arg-type]


def restored(*pages: PageAnalysis) -> Document:
    return restore(pages, source=Source("x", "x", "0", 1), producer=Producer("x", "1"))


def texts(document: Document) -> list[TextBlock]:
    return [block for block in document.body if isinstance(block, TextBlock)]


def prose(y: float, count: int = 8, x0: float = 72.0) -> list[TextLine]:
    return [scanned(SENTENCE, y + 12 * k, x0) for k in range(count)]


def row(text: str, y: float, x0: float = 72.0) -> Row:
    line = scanned(text, y, x0)
    return Row((Piece(Line(line.text, line.box), ink_em=line.size),))


def test_lines_with_leaders_and_page_numbers_are_contents_with_levels() -> None:
    lines = [scanned(text, 60 + 14 * k, 72 + x) for k, (x, text) in enumerate(CONTENTS)]
    found = [b for b in texts(restored(page(1, *lines, *prose(300)))) if b.type == "toc"]
    assert [block.level for block in found] == [1, 2, 2, 1]
    assert [block.text[:3] for block in found] == ["1 S", "1.1", "1.2", "2 R"]


def test_lines_with_leaders_whose_numbers_do_not_grow_are_no_contents() -> None:
    rows = [
        row(f"Soup of the day ............ {price}", 60 + 14 * k)
        for k, price in enumerate((9, 4, 7))
    ]
    assert entry_levels(rows) == {}


def test_a_title_of_two_lines_is_one_entry_of_the_contents() -> None:
    rows = [
        row("A long title that does not fit into its line", 60),
        row("and goes on below ............................ 3", 74),
    ]
    runs = list(entry_runs(rows, {id(rows[1]): 2}))
    assert runs == [(2, tuple(rows))]


def test_scanned_lines_of_one_width_are_code_with_their_indents() -> None:
    code = [scanned(text, 200 + 12 * k, mono=True, size=9.5) for k, text in enumerate(CODE)]
    document = restored(page(1, *prose(60), *code, *prose(320)))
    (block,) = [b for b in texts(document) if b.type == "code"]
    assert block.text == "\n".join(CODE)


def test_scanned_prose_is_no_code() -> None:
    assert not any(b.type == "code" for b in texts(restored(page(1, *prose(60, 20)))))


def test_a_paragraph_stays_whole_where_its_short_end_stands_before_the_next_indent() -> None:
    lines = [*prose(60, 4), scanned("al.", 108), scanned(SENTENCE[:-12], 120, 92), *prose(132, 4)]
    found = texts(restored(page(1, *lines)))
    assert [block.text.count("seal") for block in found] == [4, 5]
    assert found[0].text.endswith(" al.")


def test_columns_a_narrow_gap_apart_are_parted_where_their_regions_end() -> None:
    short = SENTENCE[:40]
    left = [scanned(short, 60 + 12 * k, 72) for k in range(6)]
    edge = left[0].box.x1 + 4.5
    right = [scanned(short.replace("seal", "deer"), 60 + 12 * k, edge) for k in range(2)]
    regions = (
        Region(Box(72, 60, edge - 3, 140), Label.TEXT, 1.0),
        Region(Box(edge, 60, edge + 200, 90), Label.TEXT, 1.0),
    )
    document = restored(page(1, *left, *right, regions=regions, line_regions=(0,) * 6 + (1,) * 2))
    said = " ".join(block.text for block in texts(document))
    assert said.rindex("seal") < said.index("deer")


def test_the_last_page_of_a_paper_keeps_its_empty_column() -> None:
    full = Strip(60, 700, ((54.0, 286.0), (310.0, 541.0)), (0, 1))
    last = Strip(60, 500, ((54.0, 286.0),), (0,))
    title = Strip(60, 90, ((54.0, 541.0),), (0,))
    found = with_empty_columns([[full], [title, last]], 10.0)
    assert [len(strip.columns) for strip in found[1]] == [1, 2]


def test_pages_that_end_early_share_the_lower_margin_of_full_ones() -> None:
    def strips(bottom: float) -> list[Strip]:
        return [Strip(72.0, bottom, ((72.0, 540.0),), (0,))]

    pages = [(612.0, 792.0, strips(bottom)) for bottom in (720.0, 300.0, 400.0)]
    assert {m.bottom for m in page_margins(pages, RestoreOptions())} == {72.0}


def test_a_footnote_at_the_foot_of_a_page_is_no_page_footer() -> None:
    pages = [
        page(
            n,
            *prose(60, 40),
            scanned(f"{n} In spring, the {word} were measured by the station.", 735, size=8),
        )
        for n, word in ((1, "suppliers"), (2, "residents"), (3, "visitors"))
    ]
    document = restored(*pages)
    assert not document.furniture
    assert sum("In spring" in block.text for block in texts(document)) == 3


def test_the_second_line_of_a_caption_belongs_to_it() -> None:
    caption = scanned("Table 14. Numbers of graduates by region and state: School years 2003", 60)
    rest = scanned("through 2021", 72, 120)
    cells = tuple(
        Cell(
            r, c, text=str(r + c), box=Box(72 + 200 * c, 100 + 20 * r, 200 + 200 * c, 110 + 20 * r)
        )
        for r in range(3)
        for c in range(2)
    )
    table = Table(Box(72, 95, 480, 160), Grid(3, 2, cells), 1.0)
    regions = (Region(caption.box, Label.TABLE_CAPTION, 1.0), Region(rest.box, Label.TEXT, 1.0))
    document = restored(
        page(1, caption, rest, tables=(table,), regions=regions, line_regions=(0, 1))
    )
    (block,) = texts(document)
    assert block.type == "caption"
    assert block.text.endswith("2003 through 2021")


def test_a_large_title_of_two_centred_lines_is_one() -> None:
    first, second = "Road and winter as Ashford waits for", "trains and their signal"
    wide = scanned(first, 60, 60, size=28)
    middle = wide.box.center[0]
    narrow = scanned(second, 92, 0, size=28)
    left = middle - narrow.box.width / 2
    narrow = scanned(second, 92, left, size=28)
    regions = (Region(Box(60, 60, 560, 120), Label.TITLE, 1.0),)
    regioned = (0, 0) + (None,) * 20
    document = restored(
        page(1, wide, narrow, *prose(140, 20, 36), regions=regions, line_regions=regioned)
    )
    title = texts(document)[0]
    assert title.text == f"{first} {second}"
    assert title.style.align == "center"


@pytest.mark.parametrize(
    ("lines", "join"),
    [(("使用 Python 的", "中文 A"), "space"), (("使用Python的", "中文A"), "none")],
)
def test_chinese_is_joined_to_latin_as_elsewhere_in_the_document(
    lines: tuple[str, ...], join: str
) -> None:
    assert join_of_lines("中文", "LaTeX", vocabulary(lines)) == join


def test_chinese_is_joined_to_numbers_without_a_space() -> None:
    assert join_of_lines("水库占", "42.3%", Vocabulary()) == "none"


def test_lists_are_no_contents() -> None:
    lines = [scanned(f"{n}. The seal of the letter", 60 + 14 * n) for n in range(1, 5)]
    assert any(isinstance(b, ListBlock) for b in restored(page(1, *lines)).body)


def test_a_table_of_contents_that_was_taken_for_cells_is_text_again() -> None:
    lines = [scanned(text, 100 + 14 * n, 72 + x) for n, (x, text) in enumerate(CONTENTS)]
    number = scanned("14", 156, 400)
    own = (*lines, scanned("3 Tools and their supply....", 156), number)
    cells = Grid(len(own), 1, tuple(Cell(n, 0, text=line.text) for n, line in enumerate(own)))
    for ruled in (False, True):
        table = Table(Box(70, 95, 420, 170), cells, lines=own, ruled=ruled)
        document = restored(page(1, tables=(table,)))
        entries = [block.text for block in texts(document) if block.type == "toc"]
        assert len(entries) == (0 if ruled else 5)
        assert ruled or entries[-1].endswith(" 14")
