from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box
from structure.core.images import PageImage
from structure.reading import layer_agrees, open_source, probe_lines
from structure.reading.characters import face_of

MakePdf = Callable[..., Path]

FOX = b"The quick brown fox jumps over the lazy dog"


def text(words: bytes, x: float, y: float, size: float = 12, extra: bytes = b"") -> bytes:
    return b"BT /F1 %g Tf %s %g %g Td (%s) Tj ET\n" % (size, extra, x, y, words)


def only_page(path: Path, **options: object) -> PageImage:
    with open_source(path, **options) as source:  # type: ignore[arg-type]
        (page,) = source
    assert isinstance(page, PageImage), page
    return page


def said(page: PageImage) -> list[str]:
    assert page.lines is not None, page.notices
    return [line.text for line in page.lines]


def codes(page: PageImage) -> list[str]:
    return [notice.code for notice in page.notices]


def assert_boxes_hold_the_ink(page: PageImage) -> None:
    """Outside the word boxes hardly anything is dark; inside every one something is."""
    assert page.lines
    dark = page.pixels.max(axis=2) < 128
    total = int(dark.sum())
    for line in page.lines:
        for word in line.words:
            box = word.box.padded(1.5).clipped(page.width, page.height)
            part = dark[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
            assert part.any(), word.text
            part[:] = False
    assert int(dark.sum()) <= 0.02 * total


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (10, 20, 290, 180)])
def test_words_lie_on_their_ink_on_turned_and_cropped_pages(
    make_pdf: MakePdf, renderer: str, rotate: int, crop: tuple[int, ...] | None
) -> None:
    keys: dict[str, object] = {"Rotate": rotate} | ({"CropBox": crop} if crop else {})
    content = text(FOX, 20, 150) + text(b"Second line of the page", 20, 130)
    page = only_page(make_pdf(content, page_keys=keys))
    assert sorted(said(page)) == ["Second line of the page", FOX.decode()]
    assert_boxes_hold_the_ink(page)
    # /Rotate turns clockwise; angles count counter-clockwise.
    assert {round(line.angle) % 360 for line in page.lines or ()} == {-rotate % 360}
    size = page.lines[0].words[0].font.size * 72 / page.dpi  # type: ignore[index,union-attr]
    assert size == pytest.approx(12, abs=0.05)


def test_turned_writing_has_its_angle_and_its_spaces(make_pdf: MakePdf) -> None:
    content = text(FOX, 20, 20) + b"BT /F1 12 Tf 0 1 -1 0 290 20 Tm (up along the edge) Tj ET"
    page = only_page(make_pdf(content))
    assert said(page) == [FOX.decode(), "up along the edge"]
    assert [round(line.angle) for line in page.lines or ()] == [0, 90]
    assert_boxes_hold_the_ink(page)


def test_the_size_includes_the_text_matrix_and_the_user_unit(make_pdf: MakePdf) -> None:
    content = b"BT /F1 1 Tf 14 0 0 14 20 100 Tm (%s) Tj ET" % FOX
    page = only_page(make_pdf(content, page_keys={"UserUnit": 2}))
    assert page.lines is not None
    font = page.lines[0].words[0].font
    assert font is not None
    assert font.size * 72 / page.dpi == pytest.approx(28, abs=0.1)


def test_words_drawn_one_by_one_make_one_line_and_columns_make_two(make_pdf: MakePdf) -> None:
    near = text(b"Number", 20, 150) + text(b"of", 66, 150) + text(b"pages", 80, 150)
    far = text(b"apart", 200, 150)
    page = only_page(make_pdf(near + far + text(FOX, 20, 100)))
    assert said(page) == ["Number of pages", "apart", FOX.decode()]


def test_a_heading_beside_two_lines_of_another_column_joins_neither(make_pdf: MakePdf) -> None:
    rows = b"".join(text(b"left column", 20, 180 - 14 * i) for i in range(2))
    page = only_page(make_pdf(text(b"Heading", 94, 172, size=18) + rows))
    assert sorted(said(page)) == ["Heading", "left column", "left column"]


def test_a_narrow_gutter_divides_lines_that_the_file_draws_across(make_pdf: MakePdf) -> None:
    rows = b"".join(
        text(b"left column", 20, 180 - 14 * i) + text(b"right column", 92, 180 - 14 * i)
        for i in range(5)
    )
    assert sorted(set(said(only_page(make_pdf(rows))))) == ["left column", "right column"]


def test_ligatures_are_taken_apart_and_words_are_composed(make_pdf: MakePdf) -> None:
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"1 beginbfrange <20> <7E> <0020> endbfrange\n"
        b"2 beginbfchar <7B> <FB03> <7D> <0065030> endbfchar endcmap end end"
    ).replace(b"<0065030>", b"<00650301>")
    page = only_page(
        make_pdf(text(b"o{ce and caf} are words here", 20, 100), to_unicode=to_unicode)
    )
    assert said(page) == ["office and caf\u00e9 are words here"]


def test_an_accent_drawn_on_its_own_joins_its_letter(make_pdf: MakePdf) -> None:
    content = (
        b"BT /F1 12 Tf 20 100 Td [(Min) -111 (\xb4) 444 (a) 0 (x is a name in this line)] TJ ET"
    )
    assert said(only_page(make_pdf(content))) == ["Min\u00e1x is a name in this line"]


def test_text_drawn_twice_to_look_bold_comes_once(make_pdf: MakePdf) -> None:
    content = text(FOX, 20, 100) + text(FOX, 20.4, 100)
    assert said(only_page(make_pdf(content))) == [FOX.decode()]


def test_double_letters_are_no_duplicates(make_pdf: MakePdf) -> None:
    line = b"Illinois assess coffee balloon 1100"
    assert said(only_page(make_pdf(text(line, 20, 100)))) == [line.decode()]


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        (text(b"secret words", 20, 50, extra=b"3 Tr"), "invisible"),
        (b"1 g " + text(b"secret words", 20, 50) + b"0 g ", "white on white"),
        (text(b"secret words", 20, 50, size=0.4), "smaller than a point"),
        (text(b"secret words", 400, 50), "off the page"),
        (text(b"secret words", 20, 50) + b"0 g 10 40 200 30 re f", "under a black box"),
        (text(b"secret words", 20, 50) + b"1 g 10 40 200 30 re f 0 g", "under a white box"),
        (text(b"secret words", 20, 50) + b"q 200 0 0 30 10 40 cm /Im1 Do Q", "under a picture"),
        (b"q 0 0 5 5 re W n " + text(b"secret words", 20, 50) + b"Q ", "clipped"),
    ],
)
def test_what_nobody_sees_is_left_out_and_said(make_pdf: MakePdf, secret: bytes, why: str) -> None:
    generator = np.random.default_rng(0)
    picture = 40, 6, generator.integers(0, 255, 240, dtype=np.uint8).tobytes()
    page = only_page(make_pdf(b"q " + secret + b" Q " + text(FOX, 20, 150), picture=picture))
    assert said(page) == [FOX.decode()], why
    assert codes(page) == ["W_HIDDEN_TEXT"], why


def test_text_in_a_coloured_bar_is_kept_and_has_its_colour(make_pdf: MakePdf) -> None:
    content = b"0 0 1 rg 10 90 280 40 re f 1 1 0 rg " + text(FOX, 20, 100)
    page = only_page(make_pdf(content))
    assert said(page) == [FOX.decode()]
    assert page.lines is not None
    assert page.lines[0].words[0].font is not None
    assert page.lines[0].words[0].font.color == "FFFF00"


SCAN = b"q 300 0 0 200 0 0 cm /Im1 Do Q\n"


def scan_of_text(make_pdf: MakePdf) -> tuple[int, int, bytes]:
    """The picture of a page with two lines, as a scanner would make it."""
    page = only_page(make_pdf(text(FOX, 20, 150) + text(FOX, 20, 100)), dpi=150)
    return page.width, page.height, page.pixels[:, :, 0].tobytes()


def test_the_layer_of_an_old_recognition_is_not_trusted(make_pdf: MakePdf) -> None:
    layer = text(FOX, 20, 150, extra=b"3 Tr") + text(FOX, 20, 100, extra=b"3 Tr")
    picture = scan_of_text(make_pdf)
    page = only_page(make_pdf(SCAN + layer, picture=picture))
    assert page.lines is None
    assert codes(page) == ["W_TEXT_LAYER"]
    assert "invisible" in page.notices[0].message
    assert (
        said(only_page(make_pdf(SCAN + layer, picture=picture), ocr="never")) == [FOX.decode()] * 2
    )


def test_a_layer_painted_under_the_scan_is_not_trusted(make_pdf: MakePdf) -> None:
    content = text(FOX, 20, 150) + text(FOX, 20, 100) + SCAN
    page = only_page(make_pdf(content, picture=scan_of_text(make_pdf)))
    assert page.lines is None


def test_a_stamp_on_a_scan_does_not_stand_for_the_page(make_pdf: MakePdf) -> None:
    stamp = text(b"RECEIVED 2024-01-31 page 1 of 3", 20, 185, size=7)
    page = only_page(make_pdf(SCAN + stamp, picture=scan_of_text(make_pdf)))
    assert page.lines is None
    assert "part" in page.notices[0].message


def test_text_on_a_plain_full_page_background_is_trusted(make_pdf: MakePdf) -> None:
    background = 30, 20, bytes([230]) * 600
    page = only_page(make_pdf(SCAN + text(FOX, 20, 150), picture=background))
    assert said(page) == [FOX.decode()]
    assert page.dpi == 200  # that of the text, not that of the background


def test_a_picture_that_may_hold_text_is_named_unread(make_pdf: MakePdf) -> None:
    width, height, data = scan_of_text(make_pdf)
    content = text(FOX, 20, 180) + b"q 150 0 0 100 60 40 cm /Im1 Do Q"
    page = only_page(make_pdf(content, picture=(width, height, data)), dpi=144)
    assert said(page) == [FOX.decode()]
    (box,) = page.unread
    assert box.as_tuple() == pytest.approx((120, 120, 420, 320), abs=8)
    empty = only_page(make_pdf(content, picture=(2, 2, b"\xff" * 4)))
    assert empty.unread == ()


def test_without_characters_that_mean_something_the_picture_counts(make_pdf: MakePdf) -> None:
    private = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"1 beginbfrange <20> <7E> <E020> endbfrange endcmap end end"
    )
    page = only_page(make_pdf(text(FOX, 20, 100), to_unicode=private))
    assert page.lines is None
    assert "meaningless" in page.notices[0].message


def test_a_layer_that_lies_looks_good_until_its_lines_are_read(make_pdf: MakePdf) -> None:
    shifted = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"2 beginbfrange <20> <20> <0020> <21> <7E> <0028> endbfrange endcmap end end"
    )
    lines = [b"The quick brown fox", b"jumps over the lazy", b"dog and comes to rest"]
    content = b"".join(text(line, 20, 150 - 20 * i) for i, line in enumerate(lines))
    page = only_page(make_pdf(content, to_unicode=shifted))
    probes = probe_lines(page.lines or ())
    assert len(probes) == 3
    assert not layer_agrees([(p.text, t.decode()) for p, t in zip(probes, lines, strict=True)])


def test_few_characters_are_left_to_ocr(make_pdf: MakePdf) -> None:
    assert only_page(make_pdf(text(b"Chapter 1", 20, 100))).lines is None
    assert said(only_page(make_pdf(text(b"Chapter 1", 20, 100)), ocr="never")) == ["Chapter 1"]
    assert only_page(make_pdf(text(FOX, 20, 100)), ocr="always").lines is None


def test_the_values_of_form_fields_are_text_of_the_page(tmp_path: Path, make_pdf: MakePdf) -> None:
    import pikepdf
    from pikepdf import Array, Dictionary, Name, Stream

    path = tmp_path / "form.pdf"
    with pikepdf.open(make_pdf(text(FOX, 20, 150))) as pdf:
        page = pdf.pages[0]
        look = Stream(pdf, text(b"Jane Doe", 2, 5))
        look.Type, look.Subtype = Name.XObject, Name.Form
        look.BBox, look.Resources = Array([0, 0, 150, 20]), page.obj.Resources
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T="name",
            V="Jane Doe",
            Rect=Array([20, 100, 170, 120]),
            AP=Dictionary(N=look),
            F=4,
        )
        reference = pdf.make_indirect(field)
        page.obj.Annots = Array([reference])
        pdf.Root.AcroForm = Dictionary(Fields=Array([reference]))
        pdf.save(path)
    page_image = only_page(path)
    assert said(page_image) == [FOX.decode(), "Jane Doe"]
    assert_boxes_hold_the_ink(page_image)


def test_links_reach_their_words_and_only_safe_ones(tmp_path: Path, make_pdf: MakePdf) -> None:
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    def link(uri: str, y: float) -> Dictionary:
        return Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([20, y - 3, 45, y + 12]),
            A=Dictionary(S=Name.URI, URI=uri),
        )

    path = tmp_path / "links.pdf"
    with pikepdf.open(make_pdf(text(FOX, 20, 150) + text(FOX, 20, 100))) as pdf:
        pdf.pages[0].obj.Annots = Array(
            [link("https://example.org/a", 150), link("javascript:alert(1)", 100)]
        )
        pdf.save(path)
    with open_source(path) as source:
        for _ in range(2):  # reading a page again finds the same
            page = source.read(1)
            assert isinstance(page, PageImage)
            links = [[word.link for word in line.words] for line in page.lines or ()]
            assert links == [["https://example.org/a"] + [None] * 8, [None] * 9]


@pytest.mark.parametrize(
    ("name", "flags", "weight", "angle", "face"),
    [
        ("ABCDEF+Times-BoldItalic", 34, 400, 0, ("serif", True, True)),
        ("ArialMT", 32, 400, 0, ("sans", False, False)),
        ("CourierNew,Bold", 33, 400, 0, ("mono", True, False)),
        ("CMTT10", 4, 400, 0, ("mono", False, False)),
        ("CMBX12", 4, 400, 0, ("serif", True, False)),
        ("Unknown", 2, 400, -12, ("serif", False, True)),
        ("Unknown", 1, 400, 0, ("mono", False, False)),
        ("Unknown", 32, 400, 0, ("sans", False, False)),
        ("Unknown", 32 | 1 << 18, 700, 0, ("sans", True, False)),
        ("Unknown", 32, 900, 0, ("sans", False, False)),
        ("Helvetica-LightOblique", 32, 300, 0, ("sans", False, True)),
    ],
)
def test_a_face_is_told_by_its_name_first(
    name: str, flags: int, weight: int, angle: int, face: tuple[str, bool, bool]
) -> None:
    found = face_of(name, flags, weight, angle)
    assert (found.family, found.bold, found.italic) == face


def line(words: str, y: float) -> TextLine:
    box = Box(0, y, 10 * len(words), y + 10)
    return TextLine(words, box, words=(Word(words, box),))


@given(st.lists(st.text("ab ", min_size=1, max_size=40), max_size=20), st.integers(0, 5))
def test_probes_are_long_distinct_lines_in_reading_order(texts: list[str], n: int) -> None:
    lines = [line(words, 20.0 * i) for i, words in enumerate(texts)]
    probes = probe_lines(lines, n)
    assert len(probes) <= n
    assert all(len(probe.text) >= 12 for probe in probes)
    tops = [probe.box.y0 for probe in probes]
    assert tops == sorted(set(tops))
    assert probes == probe_lines(lines[::-1], n)
    if n and any(len(words) >= 12 for words in texts):
        assert probes


@pytest.mark.parametrize(
    ("pairs", "agrees"),
    [
        ([], True),
        ([("Total amount", "Total  Amount")], True),
        ([("Total amount", "Wrwdo dprxqw")], False),
        ([("Total amount", "Wrwdo dprxqw"), ("and the rest", "and the rest")], True),
        ([("Total amount", "Wrwdo dprxqw"), ("and the rest", "dqg wkh uhvw")], False),
    ],
)
def test_two_unlike_lines_make_a_layer_a_liar(pairs: list[tuple[str, str]], agrees: bool) -> None:
    assert layer_agrees(pairs) is agrees


@pytest.mark.slow
def test_three_thousand_characters_take_little_time(make_pdf: MakePdf) -> None:
    content = b"".join(text(FOX, 20, 700 - 9 * i, size=8) for i in range(70))
    with open_source(make_pdf(content, media=(0, 0, 300, 720))) as source:
        began = time.process_time()
        page = source.read(1)
        took = time.process_time() - began
    assert isinstance(page, PageImage)
    assert sum(len(words) for words in said(page)) > 3000
    assert took < 1.0  # some 0.1 s here; generous, because machines differ


def test_a_link_takes_only_its_part_of_a_word(tmp_path: Path, make_pdf: MakePdf) -> None:
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    path = tmp_path / "links.pdf"
    with pikepdf.open(make_pdf(text(b"see(example.org/a)and so on and on", 20, 150))) as pdf:
        address = Dictionary(S=Name.URI, URI="https://example.org/a")
        box = Array([43, 147, 120, 162])
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=address)
        pdf.pages[0].obj.Annots = Array([link])
        pdf.save(path)
    (line,) = only_page(path).lines or ()
    assert line.text == "see(example.org/a)and so on and on"
    assert [word.text for word in line.words if word.link] == ["example.org/a"]


def test_raised_and_lowered_characters_are_told_from_small_ones(make_pdf: MakePdf) -> None:
    content = (
        b"BT /F1 12 Tf 20 100 Td (The area is 40 m) Tj 4 Ts /F1 8 Tf (2) Tj 0 Ts /F1 12 Tf"
        b" ( of CO) Tj -2 Ts /F1 8 Tf (2) Tj 0 Ts /F1 12 Tf ( and S) Tj /F1 9 Tf (MALL) Tj ET"
    )
    (line,) = only_page(make_pdf(content)).lines or ()
    assert line.text == "The area is 40 m2 of CO2 and SMALL"
    scripts = [(w.text, w.font.script) for w in line.words if w.font and w.font.script]
    assert scripts == [("2", "sup"), ("2", "sub")]


def test_a_letter_raised_inside_a_word_is_part_of_a_logo(make_pdf: MakePdf) -> None:
    content = (
        b"BT /F1 12 Tf 20 100 Td (Written with L) Tj 2.5 Ts /F1 8 Tf (A) Tj 0 Ts /F1 12 Tf"
        b" (TEX for you) Tj ET"
    )
    (line,) = only_page(make_pdf(content)).lines or ()
    assert line.text == "Written with LATEX for you"
    assert not any(word.font and word.font.script for word in line.words)
