from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.writers import render, write
from recovery.writers.markdown_writer import escape_markdown
from structure.core.document import (
    Document,
    FormulaBlock,
    ListBlock,
    ListItem,
    Span,
    Style,
    TextBlock,
)
from structure.core.geometry import Box

Make = Callable[..., Document]
BOX = Box(72, 100, 523, 120)


def written(document: Document) -> str:
    return render(document, ".md", name="report").data.decode("utf-8")


def body(document: Document) -> str:
    """Without the mark of the first page."""
    return written(document).removeprefix("<!-- page 1 -->\n\n").rstrip("\n")


def para(text: str, kind: str = "paragraph", **more: object) -> TextBlock:
    return TextBlock("p1.b1", kind, 1, BOX, text, **more)  # type: ignore[arg-type]


def test_pages_headings_and_lists(rich_document: Document) -> None:
    text = written(rich_document)
    for line in (
        "# Report on the Buildings of the County",
        "## 1 Introduction",
        "### 2.1 In Chinese",
        "<!-- page 4 -->",
        "3. New windows in all offices",
        "  - of the north front",
        "*Page 3 could not be read: the picture is damaged*",
        "![A gradient](report_assets/p1.b11.png)",
        "*Figure 1. How cost and age belong together*",
        "E = mc^2 \\tag{1}",
    ):
        assert f"\n{line}\n" in text, line
    assert "County Papers" not in text


def test_pictures_lie_beside_the_file_before_it(rich_document: Document, tmp_path: Path) -> None:
    write(rich_document, tmp_path / "my report.md")
    picture = tmp_path / "my report_assets" / "p1.b11.png"
    assert picture.read_bytes() == rich_document.assets["p1.b11.img"].data
    assert "](my%20report_assets/p1.b11.png)" in (tmp_path / "my report.md").read_text("utf-8")


def test_a_simple_table_is_a_pipe_table(document_of: Make, table_of) -> None:
    assert body(document_of(table_of([["a|b", "c"], ["1", "*"]]))) == (
        "| a\\|b | c |\n| --- | --- |\n| 1 | \\* |"
    )
    assert body(document_of(table_of([["a", "b"]], head=0))) == (
        "|  |  |\n| --- | --- |\n| a | b |"
    )


@pytest.mark.parametrize("rows", [[["a"], ["1\n2"]]])
def test_a_table_that_pipes_cannot_draw_is_html(document_of: Make, table_of, rows) -> None:
    assert "<td>1<br>2</td>" in body(document_of(table_of(rows)))


def test_emphasis_stands_only_where_markdown_takes_it(document_of: Make) -> None:
    block = para(
        "a bold, (this) and H2O",
        spans=(Span(1, 6, bold=True), Span(8, 14, italic=True), Span(20, 21, sub=True)),
    )
    assert body(document_of(block)) == "a **bold**, (*this*) and H<sub>2</sub>O"


def test_code_keeps_its_fences(document_of: Make) -> None:
    assert body(document_of(para("a ``` b", "code"))) == "````\na ``` b\n````"


def test_tasks_and_numbers_out_of_order(document_of: Make) -> None:
    tasks = (
        ListItem("i1", "", "done", 0, 1, BOX, checked=True),
        ListItem("i2", "", "open", 0, 1, BOX, checked=False),
    )
    numbers = tuple(ListItem(f"i{n}", f"{n}.", "x", 0, 1, BOX) for n in (2, 9))
    text = body(
        document_of(
            ListBlock("p1.b1", 1, BOX, tasks),
            ListBlock("p1.b2", 1, BOX, numbers, ordered=True, format="decimal", start=2),
        )
    )
    assert text == "- [x] done\n- [ ] open\n\n- 2\\. x\n- 9\\. x"


def test_a_formula_without_latex_is_text(document_of: Make) -> None:
    block = FormulaBlock("p1.b1", 1, BOX, text="a_1 * b", number="(3)")
    assert body(document_of(block)) == "a\\_1 \\* b  (3)"


@given(st.text("ab #*_`|<>[]-+=1.)\\~$&;\n", max_size=30))
def test_escaped_text_has_no_active_character(text: str) -> None:
    escaped = escape_markdown(text)
    unescaped = ""
    position = 0
    while position < len(escaped):
        if escaped[position] == "\\":
            position += 1
        else:
            assert escaped[position] not in "*_`[]<>$~|"
        unescaped += escaped[position]
        position += 1
    assert unescaped.split() == text.split()
    for line in escaped.split("\n"):
        assert not line.startswith(("#", "+", "-", "=", ">", " "))


def test_styles_do_not_matter(document_of: Make) -> None:
    assert body(document_of(para("1. one", style=Style(size=30)))) == "1\\. one"
    assert body(document_of(para("1.5 one"))) == "1.5 one"


def test_marks_lead_to_their_footnotes(document_of: Make) -> None:
    text = para("As was shown 2 before.", spans=(Span(13, 14, sup=True, note="p1.b9"),))
    note = TextBlock(
        "p1.b9", "footnote", 1, BOX, "2 See the annex.", spans=(Span(6, 9, bold=True),)
    )
    other = TextBlock("p1.b10", "footnote", 1, BOX, "3 Nobody refers to this.")
    assert body(document_of(text, note, other)).split("\n\n") == [
        "As was shown[^1] before.",
        "[^1]: See **the** annex.",
        "3 Nobody refers to this.",
    ]


def test_headings_are_not_set_in_bold_once_more(document_of: Make) -> None:
    spans = (Span(0, 1, bold=True), Span(2, 5, italic=True))
    heading = TextBlock("p1.b1", "heading", 1, BOX, "1 The end", level=1, spans=spans)
    assert body(document_of(heading)) == "# 1 *The* end"


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://example.org/a?b=1", "(https://example.org/a?b=1)"),
        ("https://example.org/a_(b)", "(<https://example.org/a_(b)>)"),
    ],
)
def test_links_are_as_plain_as_they_can_be(document_of: Make, link: str, shown: str) -> None:
    block = para("see here", spans=(Span(4, 8, link=link),))
    assert body(document_of(block)) == f"see [here]{shown}"
