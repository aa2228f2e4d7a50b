from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from structure.core.document import (
    Asset,
    Band,
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    Furniture,
    Line,
    ListBlock,
    ListItem,
    Margins,
    Page,
    Place,
    Producer,
    Source,
    Span,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Box

LOREM = (
    "The committee met on three days in March and heard from eleven offices about the state of "
    "their buildings. Most of them reported that heating had become the largest single expense, "
    "ahead of cleaning and security. Two offices had replaced their windows in the year before; "
    "their bills fell by a fifth. The others asked for money to do the same, and the committee "
    "agreed that the question should be settled before the winter."
)


def png(width: int, height: int) -> bytes:
    """A PNG file with a gradient, made without any library."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in (x * 255 // width, y * 255 // height, 160))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + (chunk(b"IEND", b""))
    )


def text(n: int, type_: str, box: tuple[float, ...], content: str, **more: object) -> TextBlock:
    page = int(more.pop("page", 1))  # type: ignore[call-overload]
    return TextBlock(f"p{page}.b{n}", type_, page, Box(*box), content, **more)  # type: ignore[arg-type]


BODY = Style(size=10, family="serif", align="justify", pitch=12)
HEAD1 = Style(size=14, bold=True, family="sans", align="left", pitch=17, space_before=14)
HEAD2 = Style(size=11.5, bold=True, family="sans", align="left", pitch=14, space_before=10)
PARA = Style(size=10, family="serif", align="justify", pitch=12, space_before=6)
INDENTED = Style(size=10, family="serif", align="justify", pitch=12, first_indent=12)
CAPTION = Style(size=9, italic=True, family="serif", align="center", pitch=11, space_before=4)


def rich_table(n: int, page: int, box: tuple[float, ...]) -> TableBlock:
    rows = [
        [("Office", 2, 1), ("Heating", 1, 2), ("Change", 2, 1)],
        [("2024", 1, 1), ("2025", 1, 1)],
        [("North", 1, 1), ("12,400", 1, 1), ("13,100", 1, 1), ("5.6 %", 1, 1)],
        [("South", 1, 1), ("9,870", 1, 1), ("7,900", 1, 1), ("-20.0 %", 1, 1)],
        [("East & West\n(together)", 1, 1), ("21,035", 1, 1), ("22,000", 1, 1), ("4.6 %", 1, 1)],
    ]
    columns = [(0, 1, 3), (1, 2), (0, 1, 2, 3), (0, 1, 2, 3), (0, 1, 2, 3)]
    cells = tuple(
        TableCell(
            f"p{page}.b{n}.r{r}c{c}",
            r,
            c,
            rowspan,
            colspan,
            content,
            header=r < 2,
            align="center" if r < 2 else "right" if c else "left",
        )
        for r, (row, places) in enumerate(zip(rows, columns, strict=True))
        for (content, rowspan, colspan), c in zip(row, places, strict=True)
    )
    return TableBlock(
        f"p{page}.b{n}",
        page,
        Box(*box),
        5,
        4,
        cells,
        header_rows=2,
        col_widths=(160.0, 90.0, 90.0, 90.0),
        style=Style(size=9, family="serif", pitch=12),
        caption=f"p{page}.b{n - 1}",
    )


@pytest.fixture(scope="session")
def rich_document() -> Document:
    """Four pages with one of everything: columns, a list, a picture, Chinese, a failed page."""
    picture = png(240, 150)
    body = (
        text(
            1,
            "title",
            (90, 72, 505, 100),
            "Report on the Buildings of the County",
            style=Style(size=20, bold=True, family="sans", align="center", pitch=24),
        ),
        text(
            2,
            "paragraph",
            (150, 108, 445, 120),
            "Third Committee, Session of 2025",
            style=Style(size=10, italic=True, family="serif", align="center", space_before=8),
        ),
        text(3, "heading", (72, 140, 300, 155), "1 Introduction", level=1, style=HEAD1),
        text(
            4,
            "paragraph",
            (72, 165, 284, 320),
            LOREM,
            style=PARA,
            spans=(Span(4, 13, bold=True), Span(25, 35, italic=True)),
        ),
        text(5, "paragraph", (72, 320, 284, 470), LOREM[::1], style=INDENTED),
        text(
            6,
            "paragraph",
            (311, 165, 523, 320),
            "Water is H2O, and area is m2; see the site of the office. " + LOREM[:220],
            style=PARA,
            spans=(
                Span(10, 11, sub=True),
                Span(27, 28, sup=True),
                Span(38, 54, link="https://example.org/report"),
            ),
        ),
        ListBlock(
            "p1.b7",
            1,
            Box(311, 320, 523, 400),
            tuple(
                ListItem(
                    f"p1.b7.i{n}", f"{n}.", content, 0, 1, Box(311, 320 + 14 * n, 523, 334 + 14 * n)
                )
                for n, content in enumerate(
                    (
                        "New windows in all offices",
                        "A plan for insulation of the roofs before next winter",
                        "One meter per floor",
                    ),
                    3,
                )
            ),
            ordered=True,
            start=3,
            format="decimal",
            style=Style(size=10, space_before=6, pitch=12),
        ),
        text(
            8,
            "caption",
            (120, 485, 470, 497),
            "Table 1. Cost of heating in euros by office",
            style=CAPTION,
            caption_of="p1.b9",
        ),
        rich_table(9, 1, (82, 500, 512, 590)),
        text(10, "paragraph", (72, 600, 523, 640), LOREM[:150], style=PARA),
        FigureBlock(
            "p1.b11", 1, Box(178, 650, 418, 750), "p1.b11.img", alt="A gradient", caption="p1.b12"
        ),
        text(
            12,
            "caption",
            (150, 753, 445, 765),
            "Figure 1. How cost and age belong together",
            style=CAPTION,
            caption_of="p1.b11",
        ),
        text(1, "heading", (72, 72, 300, 88), "2 Findings", level=1, page=2, style=HEAD1),
        text(2, "heading", (72, 100, 300, 113), "2.1 In Chinese", level=2, page=2, style=HEAD2),
        text(
            3,
            "paragraph",
            (72, 118, 523, 160),
            "委员会在三月举行了三次会议,听取了十一个办公室关于"
            "其建筑物状况的报告。“大多数办公室”表示,供暖已成为最大的单项支出——超过清洁和安保。" * 2,
            page=2,
            style=PARA,
        ),
        text(4, "heading", (72, 170, 300, 183), "2.2 In Arabic", level=2, page=2, style=HEAD2),
        text(
            5,
            "paragraph",
            (72, 190, 523, 220),
            "اجتمعت اللجنة لمدة ثلاثة أيام في شهر مارس واستمعت إلى أحد عشر مكتبا حول حالة مبانيها.",
            page=2,
            style=Style(size=10, align="right", pitch=12, space_before=6),
        ),
        ListBlock(
            "p2.b6",
            2,
            Box(72, 230, 523, 300),
            (
                ListItem("p2.b6.i1", "•", "Windows", 0, 2, Box(72, 230, 523, 242)),
                ListItem("p2.b6.i2", "\u2013", "of the north front", 1, 2, Box(90, 244, 523, 256)),
                ListItem("p2.b6.i3", "\u2013", "of the south front", 1, 2, Box(90, 258, 523, 270)),
                ListItem("p2.b6.i4", "•", "Roofs", 0, 2, Box(72, 272, 523, 284)),
            ),
            style=Style(size=10, space_before=6, pitch=12),
        ),
        FormulaBlock(
            "p2.b7", 2, Box(200, 310, 395, 330), text="E = mc2", latex="E = mc^2", number="(1)"
        ),
        text(
            8,
            "quote",
            (100, 340, 495, 365),
            "Whoever heats the street pays twice.",
            page=2,
            style=Style(size=10, italic=True, left_indent=28, space_before=6, pitch=12),
        ),
        text(
            9,
            "code",
            (72, 375, 523, 400),
            "cost = price * hours\nif cost > limit:\n    stop()",
            page=2,
            style=Style(size=9, family="mono", pitch=11, space_before=6),
        ),
        text(
            10,
            "paragraph",
            (72, 410, 523, 470),
            LOREM,
            page=2,
            style=PARA,
            at=(Place(2, Box(72, 410, 523, 470)), Place(3, Box(54, 60, 400, 90))),
        ),
        text(
            11,
            "footnote",
            (72, 740, 523, 760),
            "1 Figures of the treasury, rounded.",
            page=2,
            style=Style(size=8, family="serif", pitch=9.5),
        ),
        text(1, "paragraph", (60, 60, 780, 90), "A wide page. " + LOREM, page=4, style=PARA),
    )
    pages = (
        Page(
            1,
            595.0,
            842.0,
            margins=Margins(72, 72, 72, 72),
            text_source="ocr",
            dpi=200.0,
            bands=(
                Band(72, 160, ((72, 523),), ("p1.b1", "p1.b2", "p1.b3")),
                Band(
                    165,
                    470,
                    ((72, 284), (311, 523)),
                    ("p1.b4", "p1.b5", "p1.b6", "p1.b7"),
                    rule=True,
                ),
                Band(480, 770, ((72, 523),), ("p1.b8", "p1.b9", "p1.b10", "p1.b11", "p1.b12")),
            ),
        ),
        Page(
            2,
            595.0,
            842.0,
            margins=Margins(72, 72, 72, 72),
            bands=(Band(72, 770, ((72, 523),), tuple(f"p2.b{n}" for n in range(1, 12))),),
        ),
        Page(3, 595.0, 842.0, margins=Margins(72, 72, 72, 72), failure="the picture is damaged"),
        Page(4, 842.0, 595.0, margins=Margins(60, 60, 60, 60)),
    )
    repeated = tuple(
        item
        for page in (1, 2, 4)
        for item in (
            Furniture(
                f"p{page}.f1",
                "header",
                page,
                Box(72, 36, 250, 46),
                "County Papers No. 7",
                group="h1",
            ),
            Furniture(
                f"p{page}.f2",
                "page_number",
                page,
                Box(280, 800, 320, 810),
                f"\u2013 {page + 11} \u2013",
                "center",
                group="n1",
            ),
        )
    )
    note = Furniture("p2.f3", "margin_note", 2, Box(530, 300, 585, 330), "see also p. 40")
    asset = Asset(picture, "image/png", 240, 150, sha256(picture).hexdigest())
    return Document(
        Producer("docstructure", "0.1.0", {"layout": "0" * 8}),
        Source("report.pdf", "application/pdf", "0" * 64, 4),
        pages=pages,
        body=body,
        furniture=(*repeated, note),
        style=BODY,
        lang=("en", "zh-Hans", "ar"),
        assets={"p1.b11.img": asset},
    )


HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "\uff20SUM(A1)",
    "%0A=1+1",
    "DDEAUTO c:\\windows\\system32\\cmd.exe",
    "#REF!",
    "#NULL!",
    "TRUE",
    "1E400",
    "#N/A",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "]]><!--",
    "' onmouseover='alert(1)",
    '<a href="javascript:alert(1)">x</a>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    "</w:t></w:r><w:r><w:instrText>QUOTE</w:instrText>",
    "<style>@import url(http://evil.example)</style>",
    '{ HYPERLINK "http://evil.example" }',
    "[x](javascript:alert(1))",
    "![x](http://evil.example/a.png)",
    "| a | b |",
    "# not a heading",
    "1. not a list",
    "- not a list",
    "> not a quote",
    "```",
    "---",
    "&lt;&#60;&amp;",
    "$$x$$",
    "<http://evil.example>",
    "[x]: http://evil.example",
    "    indented code",
    "~~~",
    "* * *",
    "===",
    "+ not a list",
    "\\*",
    "C:\\temp\\*_~`",
    "_x000D_ _x0041_",
    "a\x00b\x07c\x0bd\x1fe\x7f",
    "lone \ud800 surrogate",
    "no character \ufffe\uffff",
    "photo\u202egnp.exe",
    "\u2066isolated\u2069 \u200emarked\u200f",
    "line\u2028end\r\nand\rmore",
    "\U0001f600 \u4e2d\u6587 \u0639\u0631\u0628\u064a e\u0301",
    "{{7*7}} ${7*7} %s %n",
    "x" * 40000,
    "",
    " ",
)


def any_text() -> st.SearchStrategy[str]:
    """Texts with everything in them, also what no file format takes."""
    return st.one_of(
        st.sampled_from([text for text in HOSTILE if len(text) < 100]),
        st.text(st.characters(codec=None, exclude_categories=()), max_size=12),
    )


def documents(
    texts: st.SearchStrategy[str] | None = None, *, tidy: bool = True
) -> st.SearchStrategy[Document]:
    """Documents of the right types with any content: overlapping cells, missing assets, odd pages.

    With `tidy` they hold only what JSON keeps exactly: clean text, ordered boxes, rounded numbers.
    """
    text = st.text("ab \u4e2d<&=*|", max_size=10) if texts is None else texts
    number = st.floats(-2000, 5000).map(lambda value: round(value, 2) + 0.0)
    if not tidy:
        number |= st.sampled_from((float("nan"), float("inf"), 1e300))
    share = st.none() | st.floats(0, 1).map(lambda value: round(value, 4))
    edge = st.floats(0, 900).map(lambda value: round(value, 2))
    ordered = st.tuples(edge, edge, edge, edge).map(
        lambda v: Box(min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
    )
    box = ordered if tidy else st.builds(Box, number, number, number, number)
    page = st.integers(1, 3)
    name = st.sampled_from([f"p{p}.b{n}" for p in (1, 2) for n in (1, 2, 3)])
    extra = st.dictionaries(st.sampled_from(("x_new", "x_more")), st.integers() | text, max_size=1)
    few = {"max_size": 3}
    line = st.builds(Line, text, box, share)
    lines = st.lists(line, **few).map(tuple)
    place = st.lists(st.builds(Place, page, box, lines), **few).map(tuple)
    positive = st.none() | st.floats(1, 40).map(lambda value: round(value, 1))
    style = st.builds(
        Style,
        size=positive,
        bold=st.booleans(),
        family=st.sampled_from((None, "serif", "mono")),
        align=st.sampled_from((None, "left", "right", "center", "justify")),
        pitch=positive,
        first_indent=number,
        left_indent=number,
        space_before=number,
        color=st.sampled_from((None, "FF0000")),
        tabs=st.lists(number, **few).map(tuple),
    )
    offset = st.integers(0, 14)
    span = st.builds(
        lambda a, b, **more: Span(min(a, b), max(a, b), **more),
        offset,
        offset,
        bold=st.booleans(),
        sup=st.booleans(),
        link=st.none() | text | st.just("https://example.org/a?b=c&d=(e)"),
        note=st.none() | name,
    )
    spans = st.lists(span, **few).map(tuple)
    common = {"id": name, "page": page, "box": box, "extra": extra}
    item = st.builds(
        ListItem,
        name,
        text,
        text,
        st.integers(0, 10),
        page,
        box,
        spans=spans,
        checked=st.sampled_from((None, True, False)),
    )
    cell = st.builds(
        TableCell,
        name,
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 3),
        st.integers(1, 3),
        text,
        header=st.booleans(),
        conf=share,
    )
    simple = st.integers(1, 3).flatmap(
        lambda cols: st.lists(text, min_size=cols, max_size=3 * cols).map(
            lambda texts: (cols, texts[: len(texts) // cols * cols])
        )
    )
    tiled = st.builds(
        lambda grid, **more: TableBlock(
            rows=len(grid[1]) // grid[0],
            cols=grid[0],
            cells=tuple(
                TableCell(f"c{n}", n // grid[0], n % grid[0], text=content)
                for n, content in enumerate(grid[1])
            ),
            **more,
        ),
        simple,
        rules=st.sampled_from(("grid", "three-line", "horizontal", "none")),
        **common,
    )
    blocks = st.one_of(
        st.builds(
            TextBlock,
            type=st.sampled_from(
                ("title", "heading", "paragraph", "code", "caption", "quote", "footnote", "toc")
            ),
            text=text,
            level=st.none() | st.integers(1, 6),
            style=style,
            spans=spans,
            at=place,
            caption_of=st.none() | name,
            conf=share,
            **common,
        ),
        st.builds(
            ListBlock,
            items=st.lists(item, **few).map(tuple),
            ordered=st.booleans(),
            start=st.integers(0, 9),
            style=style,
            format=st.sampled_from(("bullet", "decimal", "lower_roman")),
            **common,
        ),
        st.builds(
            TableBlock,
            rows=st.integers(0, 3),
            cols=st.integers(0, 3),
            cells=st.lists(cell, **few).map(tuple),
            lines=lines,
            **common,
        ),
        tiled,
        st.builds(FigureBlock, asset=st.sampled_from(("good", "bad", "none")), alt=text, **common),
        st.builds(
            FormulaBlock,
            text=text,
            latex=st.none() | text,
            number=st.none() | text,
            asset=st.sampled_from((None, "good", "bad")),
            **common,
        ),
    )
    picture = png(2, 3)
    bands = st.builds(
        Band,
        number,
        number,
        st.lists(st.tuples(number, number), **few).map(tuple),
        st.lists(name, **few).map(tuple),
        st.booleans(),
    )
    size = st.floats(20, 2500).map(lambda value: round(value, 2))
    pages = st.lists(
        st.tuples(size, size, st.lists(bands, **few), st.none() | text.filter(bool)), max_size=3
    ).map(
        lambda found: tuple(
            Page(n, w, h, bands=tuple(own), failure=failure)
            for n, (w, h, own, failure) in enumerate(found, start=1)
        )
    )
    furniture = st.builds(
        Furniture,
        name,
        st.sampled_from(("header", "footer", "page_number", "margin_note", "watermark", "stamp")),
        page,
        box,
        text | st.sampled_from(("3", "Page 2 of 3", "\u2013 iv \u2013")),
        st.sampled_from(("left", "right", "center")),
        st.none() | st.just("g"),
    )
    return st.builds(
        Document,
        producer=st.just(Producer("docstructure", "0.1.0")),
        source=st.builds(Source, text, st.just("image/png"), st.just("0" * 64), st.integers(0, 3)),
        pages=pages,
        body=st.lists(blocks, max_size=5).map(tuple),
        furniture=st.lists(furniture, **few).map(tuple),
        style=style,
        lang=st.lists(st.sampled_from(("en", "zh-Hans", "ar", "de")), **few).map(tuple),
        assets=st.just(
            {
                "good": Asset(picture, "image/png", 2, 3, sha256(picture).hexdigest()),
                "bad": Asset(b"<svg onload=alert(1)>", "image/svg+xml", 9, 9, "0" * 64),
            }
        ),
        fields=st.lists(st.fixed_dictionaries({"key": text, "value": text}), **few).map(tuple),
        extra=extra,
    )


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    """Strings that try to be something else than text in one format or another."""
    return HOSTILE


@pytest.fixture(scope="session")
def any_documents() -> st.SearchStrategy[Document]:
    """Documents with any content, NaN and characters that no format takes included."""
    return documents(any_text(), tidy=False)


@pytest.fixture(scope="session")
def tidy_documents() -> st.SearchStrategy[Document]:
    """Documents that hold only what JSON keeps exactly."""
    return documents()


@pytest.fixture(scope="session")
def document_of() -> Callable[..., Document]:
    """A function that makes a one-page A4 document of some blocks."""

    def make(*blocks: Block, **more: Any) -> Document:
        return replace(
            Document(
                Producer("docstructure", "0.1.0"),
                Source("scan.png", "image/png", "0" * 64, 1),
                pages=(Page(1, 595.0, 842.0),),
                body=blocks,
                lang=("en",),
            ),
            **more,
        )

    return make


@pytest.fixture(scope="session")
def table_of() -> Callable[..., TableBlock]:
    """A function that makes a plain table of rows of texts."""

    def make(rows: Sequence[Sequence[str]], *, head: int = 1, **more: Any) -> TableBlock:
        cells = tuple(
            TableCell(f"p1.b1.r{r}c{c}", r, c, text=content, header=r < head)
            for r, row in enumerate(rows)
            for c, content in enumerate(row)
        )
        box = Box(72, 100, 523, 100 + 14 * len(rows))
        return TableBlock("p1.b1", 1, box, len(rows), len(rows[0]), cells, header_rows=head, **more)

    return make


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """A function that converts a file with LibreOffice; skips where that is not installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    home = tmp_path_factory.mktemp("office")

    def convert(path: Path, to: str) -> Path:
        subprocess.run(
            [
                program,
                "--headless",
                f"-env:UserInstallation={home.as_uri()}",
                "--convert-to",
                to,
                "--outdir",
                str(home),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return home / f"{path.stem}.{to.split(':')[0]}"

    return convert
