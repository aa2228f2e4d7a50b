"""Columns, gutters and bands of whole pages; facts that stand on lines of their own; code."""

from __future__ import annotations

import pytest

from recovery import restore
from recovery.metrics import text_width
from recovery.restore.facts import are_facts
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from recovery.restore.sections import find_bands
from structure.core.analysis import Font, Label, PageAnalysis, Region, Table, TextLine, Word
from structure.core.document import Document, Line, Producer, Source, Style, TextBlock
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid

SENTENCE = "the seal of the letter was broken when it came"


def line(text: str, y: float, x0: float = 72.0, size: float = 9.0) -> TextLine:
    box = Box(x0, y, x0 + text_width(text, "serif") * size, y + size)
    return TextLine(text, box, words=(Word(text, box, font=Font(size)),))


def restored(*lines: TextLine) -> Document:
    page = PageAnalysis(1, 612, 792, 72, lines=lines, line_regions=(None,) * len(lines))
    return restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))


def columns(y: float, count: int = 20) -> list[TextLine]:
    return [line(SENTENCE, y + 10 * k, x0) for x0 in (45.0, 222.0, 399.0) for k in range(count)]


def counts(document: Document) -> list[int]:
    return [len(band.columns) for band in document.pages[0].bands]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.body if isinstance(block, TextBlock)]


def test_a_running_head_over_columns_is_read_before_them() -> None:
    head = [
        line("Register of Letters, Volume 85, Number 152, on Thursday, August 6, 2020", 34, 120)
    ]
    document = restored(*head, line("47699", 34, 540), *columns(60))
    assert counts(document) == [1, 3]
    assert texts(document)[0].endswith("\t47699")


def test_ragged_lines_that_reach_into_the_gap_do_not_close_it() -> None:
    over = line("Register of Letters, Volume 85, Number 152, on Thursday, August 6", 44, 120)
    short = [line(SENTENCE[:-2], 60 + 10 * k, 45) for k in range(2)]
    long = [line(SENTENCE, 80 + 10 * k, 45) for k in range(10)]
    right = [line(SENTENCE, 60 + 9.9 * k, 219) for k in range(12)]
    assert long[0].box.x1 > (short[0].box.x1 + 219) / 2
    found = texts(restored(over, *short, *long, *right))
    assert found[1].startswith(f"{SENTENCE[:-2]} {SENTENCE[:-2]} {SENTENCE}")


def test_short_lines_with_labels_keep_their_lines() -> None:
    lines = ["Invoice number: 993548900", "Customer: 6669263", "Date: 19 April 2014"]
    document = restored(*(line(text, 60 + 14 * k) for k, text in enumerate(lines)))
    assert texts(document) == ["\n".join(lines)]


def rows(lines: list[str]) -> list[Row]:
    return [
        Row((Piece(Line(text, Box(0, 12 * k, text_width(text, "serif") * 9, 12 * k + 9))),))
        for k, text in enumerate(lines)
    ]


def test_lines_of_names_and_numbers_are_facts_also_where_they_fill_their_column() -> None:
    assert are_facts(rows(["KvK Rotterdam 24330087", "BTW NL810433941B", "BIC NL2A", "Fax 1"]), 90)
    assert are_facts(rows(["3012 CN Rotterdam", "Nederland", "www.example.nl"]), 80)


def test_lines_that_go_on_are_no_facts() -> None:
    assert not are_facts(
        rows(["The committee met for three", "Days in March and then", "Again"]), 110
    )
    assert not are_facts(rows(["THE COMMITTEE MET", "THREE DAYS", "IN MARCH AND", "HEARD"]), 90)
    assert not are_facts(rows(["The Annual Meet-", "Ing of the", "Board", "Members"]), 400)


def test_numbers_below_each_other_are_facts() -> None:
    numbers = [
        Row((Piece(Line(t, Box(72, y, 97, y + 9))),)) for t, y in (("25.00", 0), ("25.01", 12))
    ]
    assert are_facts(numbers, 25.0)


def test_a_narrow_column_of_prose_is_joined() -> None:
    lines = ["The committee met on three days", "in March and heard from eleven", "offices about"]
    document = restored(*(line(text, 60 + 11 * k) for k, text in enumerate(lines)))
    assert texts(document) == [" ".join(lines)]


def scanned(text: str, y: float, width: float, height: float, size: float) -> TextLine:
    return TextLine(text, Box(72, y, 72 + width, y + height), size=size)


def body(y: float) -> list[TextLine]:
    return [
        scanned(SENTENCE * 2, y + 12 * k, 10 * text_width(SENTENCE * 2, "serif"), 10, 10)
        for k in range(8)
    ]


def style_of(document: Document, text: str) -> Style:
    (style,) = [b.style for b in document.body if isinstance(b, TextBlock) and b.text == text]
    return style


def test_a_rule_under_a_line_does_not_make_its_type_larger() -> None:
    note = scanned(
        "Trade publications - 50", 30, 10 * text_width("Trade publications - 50", "serif"), 13, 26
    )
    document = restored(note, *body(80))
    assert style_of(document, "Trade publications - 50").size in (None, 10)


def test_a_letterhead_is_no_larger_than_its_width_allows() -> None:
    document = restored(scanned("EDELMAN", 30, 173, 43, 48), *body(120))
    size = style_of(document, "EDELMAN").size
    assert size is not None
    assert 28 <= size <= 1.05 * 173 / text_width("EDELMAN", "serif")


def test_lines_that_end_in_a_break_are_not_stretched() -> None:
    names = [
        "Mr. Dave Ahearn",
        "Economic Correspondent",
        "Bloomberg Business News",
        "Press Building",
    ]
    document = restored(
        *(line(text, 30 + 12 * k) for k, text in enumerate(names)),
        *(line(SENTENCE + " " + SENTENCE, 120 + 12 * k) for k in range(9)),
    )
    assert document.style.align == "justify"
    assert style_of(document, "\n".join(names)).align == "left"


def test_names_side_by_side_stay_in_their_rows() -> None:
    left, right = ["Ethan Deng", "Fudan University"], ["Dongsheng Deng", "PA Technology"]
    authors = [line(text, 60 + 16 * k, 204) for k, text in enumerate(left)]
    authors += [line(text, 60 + 16 * k, 316) for k, text in enumerate(right)]
    wide = [line(SENTENCE + " " + SENTENCE, 120 + 11 * k) for k in range(6)]
    document = restored(*authors, *wide)
    assert texts(document)[:2] == ["Ethan Deng\tDongsheng Deng", "Fudan University\tPA Technology"]


def test_a_row_of_fragments_is_no_larger_than_its_last_piece_allows() -> None:
    width = 8 * text_width("OMB No. 1105-0006", "serif")
    number = TextLine("OMB No. 1105-0006", Box(540 - width, 29, 540, 37), size=8)
    wide = [scanned(SENTENCE * 2, 80 + 12 * k, 468, 10, 10) for k in range(8)]
    document = restored(scanned("Department of Justice", 28, 90, 10, 10), number, *wide)
    size = style_of(document, "Department of Justice\tOMB No. 1105-0006").size
    assert size is not None
    assert size <= 8


def test_fine_print_beside_a_line_stays_out_of_its_row() -> None:
    width = 5 * text_width("OMB No. 1105-0006", "serif")
    number = TextLine("OMB No. 1105-0006", Box(540 - width, 30, 540, 35), size=5)
    names = [line("Department of Justice", 28, size=11), line("Report", 28, 300, size=11)]
    document = restored(number, *names, *(line(SENTENCE * 2, 80 + 12 * k) for k in range(8)))
    assert texts(document)[:2] == ["Department of Justice\tReport", "OMB No. 1105-0006"]


def test_a_mark_of_a_few_digits_takes_the_size_of_the_body() -> None:
    document = restored(scanned("26", 30, 18, 3, 3), *body(80))
    assert style_of(document, "26").size is None


def test_a_paragraph_that_is_set_in_where_it_starts_is_not_where_it_runs_on() -> None:
    words = "when it came to the house on the hill where nobody had lived since then and"
    half = [line(words[:40], 460 + 10 * k, 160) for k in range(8)]
    wide = [line(SENTENCE + " and", 60 + 10 * k, 72) for k in range(36)]
    right = [line(words[:44], 60 + 10 * k, 350) for k in range(48)]
    (block,) = [
        b for b in restored(*wide, *half, *right).body if isinstance(b, TextBlock) and len(b.at) > 1
    ]
    assert block.style.left_indent == 0


def test_full_lines_that_are_set_in_on_both_sides_are_not_centred() -> None:
    set_in = [line(SENTENCE * 2, 60 + 11 * k, 110) for k in range(6)]
    wide = [line(SENTENCE * 2 + " and nobody there", 160 + 11 * k, 72) for k in range(9)]
    last = line("the end of it.", 126, 110)
    found = restored(*set_in, last, *wide).body[0]
    assert isinstance(found, TextBlock)
    assert found.style.align != "center"


def test_a_headline_over_two_of_three_columns_parts_all_of_them() -> None:
    headline = line("The letters of the older mill", 290, 45, size=20)
    assert headline.box.x1 > 222 + 20
    assert headline.box.x1 < 399
    document = restored(*columns(60), headline, *columns(330))
    assert counts(document) == [3, 1, 3]
    # The columns of a band hold one long paragraph.
    assert [block.box.y0 for block in document.body] == [60, 290, 330]


def test_the_first_lines_of_columns_under_a_headline_are_not_joined() -> None:
    head = line("Register of Letters, Volume 85, Number 152, on Thursday, August 6", 48, 45)
    document = restored(head, *columns(60))
    assert not any(f"{SENTENCE} {SENTENCE}\t" in text for text in texts(document))
    assert counts(document) == [1, 3]


def test_a_column_that_is_longer_than_the_one_beside_it_is_read_to_its_end_first() -> None:
    left = [line(SENTENCE, 60 + 10 * k, 45) for k in range(20)]
    longer = [line(SENTENCE, 280 + 10 * k, 45) for k in range(20)]
    last = line("At last the end of it all was read aloud there", 490, 45)
    right = [line(SENTENCE.upper()[:30], 60 + 10 * k, 260) for k in range(20)]
    document = restored(*left, *longer, last, *right)
    assert counts(document) == [2]
    assert texts(document)[-1].startswith(SENTENCE.upper()[:30])


def test_a_sender_at_the_right_and_an_address_lower_at_the_left_are_one_column() -> None:
    sender = [line(text, 60 + 12 * k, 420) for k, text in enumerate(["Moreau & Co", "Dornach 3"])]
    to = [
        line(text, 110 + 12 * k, 72) for k, text in enumerate(["Mr. D. Duarte", "6 Harbour Lane"])
    ]
    date = line("9 May 2007", 160, 440)
    body = [line(f"{SENTENCE} and {SENTENCE}", 190 + 10 * k) for k in range(8)]
    document = restored(*sender, *to, date, *body)
    assert counts(document) == [1]
    assert [text.split()[0] for text in texts(document)][:3] == ["Moreau", "Mr.", "9"]


def test_a_picture_a_little_wider_than_its_column_leaves_the_gutters_open() -> None:
    stacks = [Box(45, 60, 205, 300), Box(217, 60, 377, 120), Box(389, 60, 549, 300)]
    picture = Box(212, 130, 384, 240)
    below = Box(217, 250, 377, 300)
    boxes = [stacks[0], stacks[1], picture, below, stacks[2]]
    text = [True, True, False, True, True]
    (band,) = find_bands(boxes, 9.0, RestoreOptions(), text=text)
    assert band.columns == ((45, 205), (217, 377), (389, 549))


def test_a_title_over_columns_that_begin_at_one_height_stands_over_both() -> None:
    boxes = [Box(60, 40, 150, 58), Box(60, 80, 170, 150), Box(320, 82, 430, 150)]
    bands = find_bands(boxes, 9.0, RestoreOptions())
    assert [len(band.columns) for band in bands] == [1, 2]


def test_sections_that_begin_again_at_the_left_are_no_columns() -> None:
    sections = [(Box(20, y, 70, y + 9), Box(85, y, 235, y + 70)) for y in (80, 200)]
    boxes = [box for section in sections for box in section]
    (band,) = find_bands(boxes, 9.0, RestoreOptions())
    assert band.columns == ((20, 235),)


def test_labels_and_values_beside_the_name_of_their_section_stand_in_its_rows() -> None:
    fields = [
        [("Agency", 20), ("Name:", 85), ("Solidarity", 160), ("Type:", 311), ("Cash", 380)],
        [("Contact:", 85), ("Jane Roe", 160), ("Calendar:", 311), ("Broadcast", 380)],
        [("Phone:", 85), ("555-0142", 160), ("Cycle:", 311), ("Weekly", 380)],
    ]
    heads = [[("Client", 20), *fields[0][1:]], *fields[1:]]
    lines = [
        line(text, y, x)
        for top, rows in ((100, fields), (200, heads))
        for y, row in zip((top, top + 14, top + 28), rows, strict=True)
        for text, x in row
    ]
    document = restored(*lines)
    assert counts(document) == [1]
    assert texts(document)[0] == "Agency\tName:\tSolidarity\tType:\tCash"
    assert "Phone:\t555-0142\tCycle:\tWeekly" in texts(document)


def test_a_total_in_the_type_of_a_title_stands_on_one_line_with_its_amount() -> None:
    words = [(72.0, "TOTAL:", 100.0), (260.0, "190.00", 98.0)]
    lines = [line(text, y, x0, size=18.0) for x0, text, y in words]
    for y in (140, 152, 164):
        lines += [line("Cash paid:", y, 72.0), line("200.00", y, 290.0)]
    regions = (
        Region(Box(70, 95, 160, 120), Label.TITLE, 0.9),
        Region(Box(255, 95, 330, 120), Label.TITLE, 0.9),
    )
    page = PageAnalysis(
        1, 400, 600, 72, regions=regions, lines=tuple(lines), line_regions=(0, 1, *[None] * 6)
    )
    document = restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))
    total = next(block for block in document.body if isinstance(block, TextBlock))
    assert total.text == "TOTAL:\t190.00"
    assert total.style.size == 18.0


def test_names_in_a_row_with_labels_are_values_where_dates_above_them_are() -> None:
    rows = [
        ("Born", "3 May 943"),
        ("Died", "8 July 975"),
        ("House", "Wessex"),
        ("Father", "Edmund"),
    ]
    more = [("Issue", "Edith")]
    lines = [
        line(text, 60 + 20 * k + (16 if (label, value) in more else 0), x)
        for k, (label, value) in enumerate(rows + more)
        for text, x in ((label, 350), (value, 433))
    ]
    found = texts(restored(*lines))
    assert found == [f"{label}\t{value}" for label, value in rows + more]


def test_a_word_between_two_columns_belongs_to_the_nearer() -> None:
    left, word, right = Box(50, 20, 160, 80), Box(172, 60, 188, 66), Box(310, 20, 600, 220)
    (band,) = find_bands((left, word, right), 7.0, RestoreOptions())
    assert [round(x0) for x0, _ in band.columns] == [50, 310]
    near = Box(280, 60, 296, 66)
    (band,) = find_bands((left, right, near), 7.0, RestoreOptions())
    assert [round(x0) for x0, _ in band.columns] == [50, 280]


def test_two_columns_of_names_alone_are_no_rows() -> None:
    left = [line(f"{SENTENCE[:12]} {k}x", 60 + 11 * k, 45) for k in range(6)]
    right = [line("the old mill", 60 + 11 * k, 260) for k in range(6)]
    assert not any("\t" in text for text in texts(restored(*left, *right)))


def test_large_handwriting_has_no_type_size() -> None:
    def drawn(text: str, y: float, size: float, stroke: float) -> TextLine:
        box = Box(72.0, y, 72.0 + text_width(text, "serif") * size, y + size)
        return TextLine(text, box, size=size, stroke=stroke)

    lines = [drawn(SENTENCE, 60 + 12 * k, 10.0, 0.8) for k in range(6)]
    document = restored(*lines, drawn("Mt tth", 180, 40.0, 0.8))
    (hand,) = (b for b in document.body if isinstance(b, TextBlock) and b.text == "Mt tth")
    assert hand.style.size in (None, document.style.size)
    printed = restored(*lines, drawn("Mt tth", 180, 40.0, 3.1))
    (large,) = (b for b in printed.body if isinstance(b, TextBlock) and b.text == "Mt tth")
    assert large.style.size == 36.0


@pytest.mark.parametrize("terms", [0, 4])
def test_a_letterhead_beside_a_table_is_read_before_what_stands_below_both(terms: int) -> None:
    places = [("kobi8.com", 135, 30), ("Billing Address:", 155, 31)]
    places += [("AL Media, Attention J. W.", 177 + 13 * k, 101) for k in range(3)]
    places += [("Send Payment To: KOBI", 250 + 15 * k, 31) for k in range(3)]
    letterhead = [line(text, y, x) for text, y, x in places]
    words = ["Line", "Start", "End", "Day"]
    labels = [line(text, 345, 40 + 110 * k) for k, text in enumerate(words)]
    cells = tuple(
        Cell(r, c, text="some", box=Box(320 + 90 * c, 60 + 40 * r, 400 + 90 * c, 70 + 40 * r))
        for r in range(6)
        for c in range(2)
    )
    table = Table(Box(312, 54, 510, 284), Grid(6, 2, cells))
    foot = [line(SENTENCE + " " + SENTENCE, 600 + 11 * k, 40) for k in range(terms)]
    lines = (*letterhead, *labels, *foot)
    page = PageAnalysis(
        1, 612, 792, 72, lines=lines, line_regions=(None,) * len(lines), tables=(table,)
    )
    document = restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))
    found = [block.text for block in document.body if isinstance(block, TextBlock)]
    kinds = [block.type for block in document.body]
    row = found.index("Line\tStart\tEnd\tDay")
    assert kinds.index("table") == row  # right before it
    assert row == len(found) - (2 if terms else 1)
    assert len(document.pages[0].bands[0].columns) == 2


def test_words_that_a_table_left_out_stay_in_their_row() -> None:
    words = [
        line(text, 300, 40 + 110 * k) for k, text in enumerate(["Line", "Start", "End", "Day"])
    ]
    cells = tuple(
        Cell(r, c, text="some", box=Box(40 + 110 * c, 320 + 30 * r, 80 + 110 * c, 330 + 30 * r))
        for r in range(7)
        for c in range(4)
    )
    table = Table(Box(36, 290, 480, 520), Grid(7, 4, cells))
    page = PageAnalysis(
        1, 612, 792, 72, lines=tuple(words), line_regions=(None,) * 4, tables=(table,)
    )
    document = restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))
    assert texts(document) == ["Line\tStart\tEnd\tDay"]
