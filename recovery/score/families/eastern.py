# ruff: noqa: RUF001 (full-width forms are meant: they are Chinese and Japanese)
"""Chinese and Japanese documents, a form in two languages, letters from right to left."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from recovery.score.families.builder import A4, LETTER, SERIF, WIDE, Builder, Rules, paper
from recovery.score.families.tongues import Tongue
from recovery.score.families.words import Prose
from recovery.score.manuscript import Furnishing, Look, Manuscript, Running
from structure.core.document import Align, Style

_RULES: tuple[Rules, ...] = ("grid", "three-line", "horizontal")


def chinese(seed: int) -> Manuscript:
    """A Chinese report in two columns under a spanning title, with a table and a picture."""
    rng = Random(f"chinese {seed}")
    prose = Tongue(rng, "zh")
    size = (10.5, 10.0, 9.0)[seed % 3]
    # LibreOffice now and then loses a comma that hangs over the edge of a justified line.
    align: Align = "left" if seed % 3 == 2 else "justify"
    body = Style(size=size, family="sans", align=align, first_indent=2 * size)
    heads = [
        Style(size=size + 3, bold=True, family="sans", align="left", space_before=10.0),
        Style(size=size + 1, bold=True, family="sans", align="left", space_before=7.0),
    ]
    title = Style(size=20.0, bold=True, family="sans", align="center")
    page = paper(A4, (60.0, 72.0, 54.0)[seed % 3], 72.0)
    book = Builder(rng, body, Look(SERIF), headings=heads, title=title, lang="zh-CN")
    gap = (22.0, 18.0, 26.0)[seed % 3]
    column = (page.text_width - gap) / 2
    head = Running(center=f"{prose.word('place')}年度{prose.word('noun')}报告", rule=True)
    foot = Running(center=("{page}", "— {page} —", "第{page}页")[seed % 3])
    furniture = Furnishing((head, foot))
    numbers = ("一、", "1 ", "第一章 ")[seed % 3]
    count = "一二三四五"
    book.title(f"{prose.word('place')}{prose.heading()}研究")
    plain = replace(body, first_indent=0.0, align="center", space_before=6.0)
    book.text(f"{prose.word('name')} {prose.word('name')}", plain)
    book.section(page, furnishing=furniture)
    for chapter in range(1, 5):
        number = numbers.replace("一", count[chapter - 1]) if seed % 3 != 1 else f"{chapter} "
        book.heading(1, number + prose.heading())
        book.paragraph(prose.paragraph(4, 6))
        book.paragraph(prose.paragraph(4, 6))
        if chapter == 2:
            book.heading(2, ("（一）" if seed % 3 != 1 else "2.1 ") + prose.heading())
            book.paragraph(prose.paragraph(4, 5))
            rows = [["项目", "数量", "比例"]]
            rows += [
                [prose.word("noun"), str(rng.randint(20, 900)), f"{rng.uniform(1, 60):.1f}%"]
                for _ in range(5)
            ]
            sides: list[Align] = ["left", "right", "right"]
            book.table(
                rows,
                [0.4 * column, 0.3 * column, 0.3 * column],
                rules=_RULES[seed % 3],
                align=sides,
                caption=f"表1 {prose.heading()}",
            )
        if chapter == 3:
            book.figure(0.85 * column, 105.0, f"图1 {prose.heading()}", "bars")
        book.paragraph(prose.paragraph(4, 6))
    book.section(page, columns=2, gap=gap, new_page=False, furnishing=furniture)
    return book.manuscript()


def japanese(seed: int) -> Manuscript:
    """A Japanese notice in one column: date, addressee, title, text, a list of facts."""
    rng = Random(f"japanese {seed}")
    prose = Tongue(rng, "ja")
    size = (11.0, 10.5, 12.0)[seed % 3]
    body = Style(size=size, family="sans", align="justify", first_indent=size, space_before=4.0)
    heads = [Style(size=size + 2, bold=True, family="sans", align="left", space_before=12.0)]
    title = Style(size=16.0, bold=True, family="sans", align="center", space_before=20.0)
    page = paper(A4, (80.0, 72.0, 70.0)[seed % 3], 80.0)
    look = Look(SERIF, leading=(1.15, 1.0, 1.2)[seed % 3])
    book = Builder(rng, body, look, headings=heads, title=title, lang="ja-JP")
    plain = replace(body, first_indent=0.0, align="left")
    book.text(
        f"令和{rng.randint(2, 8)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
        replace(plain, align="right"),
    )
    book.text(f"{prose.word('place')}の皆様", replace(plain, space_before=14.0))
    book.text(f"{prose.word('place')}{prose.word('noun')}課", replace(plain, align="right"))
    book.title(prose.heading())
    book.text(prose.paragraph(2, 3), replace(body, space_before=16.0))
    book.paragraph(prose.paragraph(3, 4))
    book.heading(
        1, f"1　{prose.word('noun')}の概要" if seed % 2 else f"１．{prose.word('noun')}の概要"
    )
    book.paragraph(prose.paragraph(2, 4))
    book.list([(0, f"({n})", prose.sentence()) for n in range(1, 5)], gap=6.0)
    book.heading(
        1, f"2　{prose.word('noun')}の日程" if seed % 2 else f"２．{prose.word('noun')}の日程"
    )
    rows = [["日付", "場所", "内容"]]
    rows += [
        [
            f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
            prose.word("place"),
            f"{prose.word('noun')}と{prose.word('noun')}",
        ]
        for _ in range(4)
    ]
    width = page.text_width
    book.table(rows, [0.2 * width, 0.3 * width, 0.4 * width], rules=_RULES[seed % 2])
    book.paragraph(prose.paragraph(2, 3))
    book.text("以上", replace(plain, align="right", space_before=12.0))
    book.section(page, furnishing=Furnishing((Running(), Running(center="{page}"))))
    return book.manuscript()


def form(seed: int) -> Manuscript:
    """An application form in English and Chinese: labels with values, a ruled table of boxes."""
    rng = Random(f"form {seed}")
    english, chinese_ = Prose(rng), Tongue(rng, "zh")
    size = (10.0, 10.5, 9.5)[seed % 3]
    body = Style(size=size, family="sans", align="left", space_before=4.0)
    heads = [Style(size=size + 1.5, bold=True, family="sans", align="left", space_before=16.0)]
    title = Style(size=16.0, bold=True, family="sans", align="center")
    page = paper((A4, LETTER, A4)[seed % 3], 60.0, 60.0)
    book = Builder(rng, body, Look(SERIF, cell_padding=3.0), headings=heads, title=title)
    width = page.text_width
    book.title("Application for registration 登记申请表")
    book.text(
        f"Form {rng.randint(10, 99)}-B · Office of {english.place()}",
        replace(body, align="center", size=size - 1),
    )
    book.heading(1, "1. Applicant 申请人")
    facts = replace(body, tabs=(0.36 * width,))
    for label, value in (
        ("Full name 姓名", f"{english.name()} {chinese_.word('name')}"),
        ("Date of birth 出生日期", english.date()),
        ("Place of birth 出生地点", f"{english.place()} {chinese_.word('place')}"),
        ("Telephone 电话", f"+44 20 {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}"),
        ("Passport no. 护照号码", f"{rng.choice('EGH')}{rng.randint(10**7, 10**8 - 1)}"),
    ):
        book.text(f"{label}:\t{value}", facts, "key_value")
    book.heading(1, "2. Enterprise 企业")
    rows: list[list[str | tuple[str, int, int] | None]] = [
        ["Name 名称", (f"{english.name()} Trading Ltd.", 1, 3), None, None],
        [
            "Address 地址",
            (f"{rng.randint(2, 90)} Mill Street, {english.place()}", 1, 3),
            None,
            None,
        ],
        ["Founded 成立", english.year(), "Staff 人数", english.number()],
        ["Capital 资本", english.amount(), "Sector 行业", chinese_.word("noun")],
        [("Purpose 用途", 2, 1), (english.item(), 1, 3), None, None],
        [None, (chinese_.sentence(), 1, 3), None, None],
    ]
    shares = (0.22, 0.3, 0.2, 0.28)
    book.table(rows, [share * width for share in shares], header=0, rules="grid", size=size)
    book.heading(1, "3. Declaration 声明")
    book.paragraph(f"{english.sentence()} {english.sentence()}")
    book.paragraph(chinese_.paragraph(2, 2))
    book.text(
        f"Place, date 地点、日期:\t{english.place()}, {english.date()}",
        replace(facts, space_before=24.0),
        "key_value",
    )
    book.text(f"Signature 签名:\t{english.name()}", facts, "key_value")
    book.section(page, furnishing=Furnishing((Running(), Running(left="Page {page}"))))
    return book.manuscript()


def right_to_left(seed: int) -> Manuscript:
    """A letter in Arabic or Hebrew with a list and a small table."""
    rng = Random(f"right to left {seed}")
    lang = "he" if seed % 3 == 1 else "ar"
    prose = Tongue(rng, lang)
    size = (12.0, 11.0, 11.5)[seed % 3]
    body = Style(size=size, family="sans", align="right", space_before=6.0)
    heads = [Style(size=size + 3, bold=True, family="sans", align="right", space_before=16.0)]
    title = Style(size=20.0, bold=True, family="sans", align="center")
    page = paper(A4, (76.0, 85.0, 70.0)[seed % 3], 72.0)
    book = Builder(rng, body, Look(WIDE), headings=heads, title=title, lang=lang, rtl=True)
    greeting = "שלום רב," if lang == "he" else "تحية طيبة وبعد،"
    closing = "בברכה," if lang == "he" else "مع أطيب التحيات،"
    book.title(prose.heading())
    day = f"{rng.randint(1, 28)}/{rng.randint(1, 12)}"
    book.text(
        f"{prose.word('place')} {day}/{rng.randint(2001, 2026)}",
        replace(body, align="left", space_before=14.0),
    )
    book.paragraph(greeting)
    for _ in range(2):
        book.paragraph(prose.paragraph(3, 5))
    book.heading(1, prose.heading())
    book.paragraph(prose.paragraph(3, 4))
    book.list([(0, f"{n}.", prose.sentence()) for n in range(1, 4)])
    book.paragraph(prose.paragraph(1, 2))
    rows = [[prose.word("noun"), prose.word("noun"), prose.word("noun")]]
    rows += [
        [str(rng.randint(10, 900)), str(rng.randint(10, 900)), prose.word("place")]
        for _ in range(4)
    ]
    width = page.text_width
    book.table(rows, [0.25 * width, 0.25 * width, 0.5 * width], align=["right"] * 3)
    book.paragraph(prose.paragraph(2, 4))
    book.paragraph(closing)
    book.text(prose.word("name"), replace(body, space_before=20.0))
    book.section(page, furnishing=Furnishing((Running(), Running(center="{page}"))))
    return book.manuscript()
