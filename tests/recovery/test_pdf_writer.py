"""Searchable PDFs, read back by pdfium and poppler: same pages, and words on their ink."""

from __future__ import annotations

import io
import shutil
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name
from PIL import Image, ImageCms, ImageDraw

from recovery import Original, write
from recovery.writers import render
from recovery.writers.pdf_text import InvisibleFont, text_layer
from structure.core.document import (
    Document,
    Furniture,
    Line,
    Page,
    Place,
    Producer,
    Source,
    TextBlock,
    WordBox,
)
from structure.core.errors import ConfigError, LockedError
from structure.core.geometry import Affine, Box
from structure.core.images import PageImage
from structure.core.text import clean
from structure.reading import open_source

WORDS = (("Hello", 60, 100), ("wide", 104, 160), ("world", 166, 190))


def line(y: float, words: Sequence[tuple[str, float, float]] = WORDS, sep: str = " ") -> Line:
    boxes = tuple(WordBox(t, Box(x0, y, x1, y + 12), 0.9) for t, x0, x1 in words)
    text = sep.join(t for t, _, _ in words)
    return Line(text, Box(words[0][1], y, words[-1][2], y + 12), 0.9, boxes)


def block(n: int, *lines: Line, page: int = 1) -> TextBlock:
    box = lines[0].box
    text = " ".join(one.text for one in lines)
    place = Place(page, box, lines)
    return TextBlock(f"p{page}.b{n}", "paragraph", page, box, text, at=(place,))


def document(*blocks: TextBlock, pages: Sequence[Page], **more: Any) -> Document:
    source = Source("scan", "application/pdf", "0" * 64, len(pages))
    return Document(Producer("structure", "1.0"), source, tuple(pages), blocks, **more)


def page_of(path: Path, number: int = 1, **more: Any) -> Page:
    """The page as reading and restoration would describe it, all of its text by OCR."""
    with open_source(path, ocr="always") as source:
        image = source.read(number)
    assert isinstance(image, PageImage)
    scale = 72 / image.dpi
    return Page(
        number,
        image.width * scale,
        image.height * scale,
        text_source="ocr",
        dpi=image.dpi,
        to_source=Affine.scale(1 / scale).then(image.to_source),
        **more,
    )


def made(doc: Document, *paths: Path | Original) -> bytes:
    return render(doc, ".pdf", sources=paths).data


def texts(data: bytes) -> list[str]:
    with pdfium.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def poppler(data: bytes, folder: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    path = folder / "read.pdf"
    path.write_bytes(data)
    done = subprocess.run([program, "-raw", str(path), "-"], capture_output=True, check=True)
    marks = str.maketrans("", "", "\u202a\u202b\u202c\f")
    return done.stdout.decode("utf-8").translate(marks)


def pixels(data: bytes | Path, number: int = 0, scale: float = 1.5) -> np.ndarray:
    with pdfium.PdfDocument(data) as pdf:
        return pdf[number].render(scale=scale).to_numpy().copy()


def device_boxes(data: bytes, number: int = 0) -> list[tuple[str, Box]]:
    """Words and their boxes in points of the page as a viewer shows it."""
    import ctypes

    import pypdfium2.raw as raw

    found: list[tuple[str, Box]] = []
    with pdfium.PdfDocument(data) as pdf:
        page = pdf[number]
        reader = page.get_textpage()
        width, height = (round(side * 100) for side in page.get_size())
        x, y = ctypes.c_int(), ctypes.c_int()
        word: list[tuple[float, float]] = []
        text = ""
        for index in [*range(reader.count_chars()), None]:
            char = "" if index is None else chr(raw.FPDFText_GetUnicode(reader, index))
            if not char.strip():
                if text:
                    xs, ys = [p[0] for p in word], [p[1] for p in word]
                    found.append((text, Box(min(xs), min(ys), max(xs), max(ys))))
                text, word = "", []
                continue
            text += char
            left, bottom, right, top = reader.get_charbox(index, loose=True)
            for px, py in ((left, bottom), (right, top)):
                raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, px, py, x, y)
                word.append((x.value / 100, y.value / 100))
    return found


def blank(path: Path, content: bytes = b"", **keys: Any) -> Path:
    """A PDF with one page of 300 x 400 points that shows a grey bar."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 400))
        page.obj.Contents = pdf.make_stream(b"0.5 g 40 340 100 20 re f\n" + content)
        for key, value in keys.items():
            page.obj[f"/{key}"] = value
        pdf.save(path, deterministic_id=True)
    return path


PAGES = {
    "plain": {},
    "turned": {"Rotate": 90},
    "on its head": {"Rotate": 180},
    "turned back": {"Rotate": 270},
    "cropped": {"CropBox": [20, 30, 280, 390]},
    "cropped and turned": {"CropBox": [20, 30, 280, 390], "Rotate": 90},
    "other origin": {"MediaBox": [-50, 100, 250, 500]},
    "in larger units": {"UserUnit": 2},
    "in larger units, turned": {"UserUnit": 2, "Rotate": 270, "CropBox": [20, 30, 280, 390]},
}


@pytest.mark.parametrize("name", PAGES)
def test_words_stand_where_they_were_read_and_no_pixel_changes(tmp_path: Path, name: str) -> None:
    path = blank(tmp_path / "in.pdf", **PAGES[name])
    lines = (line(80), line(100))
    data = made(document(block(1, *lines), pages=[page_of(path)]), path)
    unit = PAGES[name].get("UserUnit", 1)
    found = device_boxes(data)
    assert [text for text, _ in found] == [text for text, _, _ in WORDS] * 2
    for (_, box), word in zip(found, [w for one in lines for w in one.words], strict=True):
        assert box.scaled(unit).as_tuple() == pytest.approx(word.box.as_tuple(), abs=1)
    assert np.array_equal(pixels(path), pixels(data))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_that_lies_the_wrong_way_round_is_read_in_order(
    tmp_path: Path, turn: int, rotate: int
) -> None:
    path = blank(tmp_path / "in.pdf", Rotate=rotate)
    page = page_of(path)
    width, height = (page.h, page.w) if turn in (90, 270) else (page.w, page.h)
    # From the upright page to the page as a viewer shows it, and on.
    way = Affine.quarter_turn(turn, width, height).then(page.to_source)
    lines = (line(80), line(100))
    turned = replace(page, w=width, h=height, to_source=way, rotation_applied=turn)
    data = made(document(block(1, *lines), pages=[turned]), path)
    assert texts(data)[0].split() == [text for text, _, _ in WORDS] * 2
    assert poppler(data, tmp_path).split() == [text for text, _, _ in WORDS] * 2
    shown = Affine.quarter_turn(turn, width, height)
    for (_, box), word in zip(device_boxes(data), lines[0].words, strict=False):
        off = 12 if turn == 180 else 1.5  # a line that runs to the left is one piece of text
        assert box.center == pytest.approx(shown.box(word.box).center, abs=off)


def test_words_that_nearly_touch_stay_apart(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    own = line(80, [("all", 60, 80), ("of", 80.5, 92), ("it", 92, 100)])
    data = made(document(block(1, own), pages=[page_of(path)]), path)
    assert poppler(data, tmp_path).split() == ["all", "of", "it"]
    assert texts(data)[0].split() == ["all", "of", "it"]


LEFT_BEHIND = {
    "a scale": b"0.24 0 0 0.24 0 0 cm",
    "an open state": b"q q 2 0 0 2 30 40 cm",
    "a surplus Q": b"3 0 0 3 0 0 cm Q 0.5 0 0 0.5 9 9 cm",
    "an open text object": b"5 0 0 5 0 0 cm BT",
}


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_a_page_that_leaves_its_state_behind_keeps_words_and_pixels(
    tmp_path: Path, name: str
) -> None:
    path = blank(tmp_path / "in.pdf", LEFT_BEHIND[name])
    data = made(document(block(1, line(80)), pages=[page_of(path)]), path)
    found = device_boxes(data)
    assert [text for text, _ in found] == ["Hello", "wide", "world"]
    assert found[0][1].as_tuple() == pytest.approx((60, 80, 100, 92), abs=1)
    assert np.array_equal(pixels(path), pixels(data))


def test_content_that_cannot_be_read_gets_its_text_all_the_same(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    page = page_of(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"no zip", Filter=Name.FlateDecode)
        pdf.save(path)
    data = made(document(block(1, line(80)), pages=[page]), path)
    assert [text for text, _ in device_boxes(data)] == ["Hello", "wide", "world"]


def test_text_comes_in_reading_order_with_furniture_around_it(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    right = block(1, line(100, [("right", 160, 190)]))
    left = block(2, line(80, [("left", 40, 70)]))
    head = Furniture("p1.f1", "header", 1, Box(40, 10, 80, 22), "head")
    foot = Furniture("p1.f2", "page_number", 1, Box(40, 380, 80, 392), "7")
    doc = document(right, left, pages=[page_of(path)], furniture=(foot, head))
    data = made(doc, path)
    assert texts(data)[0].split() == ["head", "right", "left", "7"]
    assert poppler(data, tmp_path).split() == ["head", "right", "left", "7"]


def test_chinese_has_no_spaces_and_rare_characters_survive(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    words = [("\u4e2d\u6587", 60, 84), ("\U00020000\U0001f600", 84, 108), ("Latin", 112, 140)]
    own = replace(line(80, words), text="\u4e2d\u6587\U00020000\U0001f600 Latin")
    data = made(document(block(1, own), pages=[page_of(path)]), path)
    assert texts(data)[0] == own.text
    assert poppler(data, tmp_path).strip() == own.text


def test_arabic_and_hebrew_come_back_in_logical_order(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    words = [
        ("\u0645\u0631\u062d\u0628\u0627", 200, 250),
        ("\u0628\u0627\u0644\u0639\u0627\u0644\u0645", 140, 190),
        ("2024", 100, 130),
        ("\u05e9\u05dc\u05d5\u05dd", 60, 90),
    ]
    own = replace(line(80, words), box=Box(60, 80, 250, 92))
    data = made(document(block(1, own), pages=[page_of(path)]), path)
    assert texts(data)[0].split() == own.text.split()
    assert poppler(data, tmp_path).split() == own.text.split()
    boxes = device_boxes(data)
    assert boxes[0][1].as_tuple() == pytest.approx((200, 80, 250, 92), abs=1)


@pytest.mark.parametrize(
    ("centers", "up"), [((300, 250), True), ((250, 300), False)], ids=["up", "down"]
)
def test_a_line_up_the_margin_is_read_along_its_words(
    tmp_path: Path, centers: tuple[int, int], up: bool
) -> None:
    path = blank(tmp_path / "in.pdf")
    words = tuple(
        WordBox(text, Box(20, y - 20, 32, y + 20), 0.9)
        for text, y in zip(("First", "second"), centers, strict=True)
    )
    own = Line("First second", Box(20, 230, 32, 320), 0.9, words)
    data = made(document(block(1, own), pages=[page_of(path)]), path)
    assert texts(data)[0].split() == ["First", "second"]
    found = device_boxes(data)
    for (_, box), word in zip(found, words, strict=True):
        own = word.box
        assert (box.x0, box.x1) == pytest.approx((own.x0, own.x1), abs=1)
        start, wanted = (box.y1, own.y1) if up else (box.y0, own.y0)
        assert start == pytest.approx(wanted, abs=1)
        assert box.height == pytest.approx(own.height, abs=3)  # pdfium widens the last letter


def test_lines_without_words_and_blocks_without_lines_are_there(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    bare = Line("no words here", Box(60, 80, 160, 92), 0.9)
    loose = TextBlock("p1.b2", "paragraph", 1, Box(60, 120, 160, 160), "two\nlines")
    data = made(document(block(1, bare), loose, pages=[page_of(path)]), path)
    assert texts(data)[0].split() == ["no", "words", "here", "two", "lines"]
    boxes = dict(device_boxes(data))
    assert boxes["here"].x1 == pytest.approx(160, abs=1)
    assert boxes["lines"].y0 == pytest.approx(140, abs=1)


def scanned(path: Path, layer: str, *, in_form: bool = False, visible: str = "") -> Path:
    """A page with a picture and an invisible layer, as an older recognition leaves it."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 400))
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        noise = np.random.default_rng(1).integers(0, 255, (40, 30), dtype=np.uint8)
        picture = pdf.make_stream(noise.tobytes())
        picture.stream_dict.update(
            {
                "/Type": Name.XObject,
                "/Subtype": Name.Image,
                "/Width": 30,
                "/Height": 40,
                "/BitsPerComponent": 8,
                "/ColorSpace": Name.DeviceGray,
            }
        )
        text = f"BT 3 Tr /F1 12 Tf 60 300 Td ({layer}) Tj T* [(more) -250 (text)] TJ ET".encode()
        shown = f"BT 0 Tr /F1 9 Tf 20 20 Td ({visible}) Tj ET".encode() if visible else b""
        fonts = Dictionary(Font=Dictionary(F1=font))
        objects = Dictionary(Im=picture)
        if in_form:
            form = pdf.make_stream(text)
            form.stream_dict.update(
                {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": [0, 0, 300, 400]}
            )
            form.Resources = fonts
            objects.Fm = form
            text = b"q /Fm Do Q"
        page.obj.Contents = pdf.make_stream(b"q 300 0 0 400 0 0 cm /Im Do Q " + text + b" " + shown)
        page.obj.Resources = Dictionary(XObject=objects, **fonts)
        pdf.pages.append(page)
        pdf.save(path, deterministic_id=True)
    return path


@pytest.mark.parametrize("in_form", [False, True], ids=["in the page", "in a form"])
def test_an_older_layer_is_replaced_and_not_doubled(tmp_path: Path, in_form: bool) -> None:
    path = scanned(tmp_path / "in.pdf", "Hello old", in_form=in_form, visible="stamp")
    pages = [page_of(path), replace(page_of(path, 2), text_source="text")]
    rendered = render(document(block(1, line(80)), pages=pages), ".pdf", sources=[path])
    first, second = texts(rendered.data)
    assert sorted(first.split()) == sorted(["stamp", "Hello", "wide", "world"])
    # The second page shares its content with the first, and its own text was trusted.
    assert "Hello old" in second
    assert "world" not in second
    for number in (0, 1):
        assert np.array_equal(pixels(path, number), pixels(rendered.data, number))
    assert [w.code for w in rendered.warnings] == ["W_TEXT_TWICE"]


def test_our_own_output_read_again_is_not_doubled(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    doc = document(block(1, line(80)), pages=[page_of(path)])
    once = tmp_path / "once.pdf"
    write(doc, once, sources=[path])
    again = made(doc, once)
    assert texts(again) == texts(once.read_bytes())
    assert len(again) < once.stat().st_size + 1500


def test_of_a_mixed_page_only_what_was_read_from_pictures_is_added(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    known = Line("known", Box(60, 120, 90, 132), None)
    page = replace(page_of(path), text_source="mixed")
    data = made(document(block(1, line(80), known), pages=[page]), path)
    assert texts(data)[0].split() == ["Hello", "wide", "world"]


@pytest.mark.parametrize("source", ["text", "none"])
def test_a_page_with_trusted_text_stays_as_it_is(tmp_path: Path, source: Any) -> None:
    path = blank(tmp_path / "in.pdf")
    page = replace(page_of(path), text_source=source)
    data = made(document(block(1, line(80)), pages=[page]), path)
    with pikepdf.open(path) as before, pikepdf.open(io.BytesIO(data)) as after:
        assert before.pages[0].obj.unparse() == after.pages[0].obj.unparse()


def rich_pdf(path: Path) -> Path:
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page(page_size=(300, 400))
        with pdf.open_outline() as outline:
            parts = [pikepdf.OutlineItem(f"Part {n}", n) for n in range(3)]
            parts[0].children.append(pikepdf.OutlineItem("Inner", 2))
            outline.root.extend(parts)
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[10, 10, 60, 30],
            A=Dictionary(S=Name.URI, URI=pikepdf.String("https://example.org")),
        )
        pdf.pages[2].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))
        pdf.docinfo[Name.Title] = "Kept"
        pdf.docinfo[Name.CreationDate] = "D:20200101000000Z"
        pdf.save(path, deterministic_id=True)
    return path


def outline_of(pdf: pikepdf.Pdf) -> list[tuple[str, int | None]]:
    with pdf.open_outline() as outline:
        items = [item for one in outline.root for item in (one, *one.children)]
        numbers = {page.objgen: n for n, page in enumerate(pdf.pages, 1)}
        return [
            (item.title, numbers.get(item.destination[0].objgen))  # type: ignore[index]
            for item in items
        ]


def test_bookmarks_links_and_metadata_stay(tmp_path: Path) -> None:
    path = rich_pdf(tmp_path / "in.pdf")
    pages = [page_of(path, n) for n in (1, 2, 3)]
    data = made(document(block(1, line(80)), pages=pages), path)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [n for _, n in outline_of(pdf)] == [1, 3, 2, 3]
        assert str(pdf.docinfo[Name.Title]) == "Kept"
        assert str(pdf.docinfo[Name.CreationDate]) == "D:20200101000000Z"
        assert Name.ModDate not in pdf.docinfo
        assert len(pdf.pages[2].obj.Annots) == 1


def test_selected_pages_come_out_alone_with_their_bookmarks(tmp_path: Path) -> None:
    path = rich_pdf(tmp_path / "in.pdf")
    doc = document(block(1, line(80), page=3), pages=[page_of(path, n) for n in (2, 3)])
    data = made(doc, Original(path, (2, 3)))
    assert data == made(doc, path)  # their numbers say the same
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert outline_of(pdf) == [("Part 0", 2), ("Inner", 2), ("Part 1", 1), ("Part 2", 2)]
        assert str(pdf.docinfo[Name.Title]) == "Kept"
        assert len(pdf.pages) == 2
        assert len(pdf.pages[1].obj.Annots) == 1
    assert texts(data)[1].split() == ["Hello", "wide", "world"]


def test_of_pages_that_were_not_selected_nothing_is_left(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        for text in (b"open", b"SECRET"):
            page = pdf.add_blank_page()
            page.obj.Contents = pdf.make_stream(b"BT (" + text + b") Tj ET")
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Hidden", 1))
        pdf.save(tmp_path / "in.pdf")
    data = made(document(pages=[page_of(tmp_path / "in.pdf")]), Original(tmp_path / "in.pdf", (1,)))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        streams = [o.read_bytes() for o in pdf.objects if isinstance(o, pikepdf.Stream)]
    assert any(b"open" in stream for stream in streams)
    assert not any(b"SECRET" in stream for stream in streams)


def test_several_files_become_one(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    Image.new("L", (600, 800), 255).save(tmp_path / "in.png", dpi=(144, 144))
    pages = [replace(page_of(p), n=n) for n, p in enumerate((tmp_path / "in.png", path), 1)]
    blocks = [block(1, line(80, [(text, 60, 90)]), page=n) for n, text in ((1, "one"), (2, "two"))]
    data = made(document(*blocks, pages=pages), tmp_path / "in.png", path)
    assert [text.strip() for text in texts(data)] == ["one", "two"]


def photo(width: int = 240, height: int = 320) -> Image.Image:
    """A smooth coloured picture with a dark corner at the top left."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    rgb = np.stack([x * 255 // width, y * 255 // height, 255 - x * 255 // width], axis=2)
    picture = Image.fromarray(rgb.astype(np.uint8))
    ImageDraw.Draw(picture).rectangle((0, 0, 60, 30), fill="black")
    return picture


@contextmanager
def picture_of(data: bytes) -> Iterator[pikepdf.Object]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (image,) = pdf.pages[0].obj.Resources.XObject.values()
        yield image


def test_a_jpeg_is_embedded_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "in.jpg"
    photo().save(path, quality=70, dpi=(100, 100), progressive=True)
    data = made(document(block(1, line(80)), pages=[page_of(path)]), path)
    with picture_of(data) as stored:
        assert stored.read_raw_bytes() == path.read_bytes()
    assert len(data) < path.stat().st_size + 5000


def rgb(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB")).astype(int)


def shades(mode: str) -> Image.Image:
    if mode == "1":
        return photo().convert("1")
    if mode == "I;16":
        return Image.fromarray((rgb(photo())[..., 0] * 257).astype(np.uint16))
    if mode == "RGBA":
        picture = photo().convert("RGBA")
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
        return picture
    return photo().convert(mode)


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [(m, "png") for m in ("1", "L", "P", "RGB", "RGBA", "I;16")]
    + [(m, "tif") for m in ("1", "L", "P", "RGB", "CMYK")]
    + [("CMYK", "jpg"), ("RGB", "webp"), ("RGB", "bmp"), ("P", "gif")],
)
def test_pictures_of_every_kind_look_as_they_were_read(
    tmp_path: Path, mode: str, suffix: str
) -> None:
    path = tmp_path / f"in.{suffix}"
    more = {"lossless": True} if suffix == "webp" else {}
    shades(mode).save(path, dpi=(72, 72), **more)
    with open_source(path) as source:
        seen = source.read(1)
    assert isinstance(seen, PageImage)
    data = made(document(pages=[page_of(path)]), path)
    with pdfium.PdfDocument(data) as pdf:
        size = (seen.width, seen.height)
        page = pdf[0]
        drawn = page.render(scale=240 / page.get_width()).to_numpy()[..., ::-1].astype(int)
    wanted = np.asarray(Image.fromarray(seen.pixels).resize((240, 320))).astype(int)
    assert size[0] * drawn.shape[0] == pytest.approx(size[1] * drawn.shape[1], rel=0.01)
    if mode == "CMYK":  # everybody turns ink into light in another way
        assert np.abs(drawn - wanted).mean() < 40
        assert drawn[10, 10].max() < 80
    else:
        assert np.abs(drawn - wanted).mean() < 3


def test_black_and_white_is_stored_as_fax_and_stays_small(tmp_path: Path) -> None:
    picture = Image.new("1", (1700, 2200), 1)
    ImageDraw.Draw(picture).rectangle((200, 300, 900, 340), fill=0)
    path = tmp_path / "in.tif"
    picture.save(path, compression="group4", dpi=(200, 200))
    data = made(document(pages=[page_of(path)]), path)
    with picture_of(data) as stored:
        assert stored.Filter == Name.CCITTFaxDecode
    assert len(data) < path.stat().st_size + 2000
    assert pixels(data)[0, 0].min() == 255
    assert pixels(data, scale=0.36)[41, 60].max() < 60


@pytest.mark.parametrize("suffix", ["jpg", "tif", "png"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_stands_upright_and_its_words_on_it(
    tmp_path: Path, suffix: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"in.{suffix}"
    photo().save(path, dpi=(72, 72), exif=exif)
    page = page_of(path)
    own = line(80, [("here", 60, 90)])
    data = made(document(block(1, own), pages=[page]), path)
    with open_source(path) as source:
        seen = source.read(1)
    assert isinstance(seen, PageImage)
    scale = seen.width / page.w
    drawn = pixels(data, scale=scale)[..., ::-1].astype(int)
    assert drawn.shape[:2] == pytest.approx(seen.pixels.shape[:2], abs=1)
    rows, columns = (min(a, b) for a, b in zip(drawn.shape, seen.pixels.shape[:2], strict=False))
    difference = np.abs(drawn[:rows, :columns] - seen.pixels[:rows, :columns].astype(int))
    assert difference.mean() < 8
    ((text, box),) = device_boxes(data)
    assert text == "here"
    assert box.as_tuple() == pytest.approx(own.box.as_tuple(), abs=1)


def test_a_skewed_scan_gets_skewed_words(tmp_path: Path) -> None:
    path = tmp_path / "in.png"
    Image.new("L", (600, 800), 255).save(path, dpi=(144, 144))
    straight = page_of(path)
    way = Affine.rotation(3.0, 150, 200).then(straight.to_source)
    page = replace(straight, to_source=way, skew_deg=3.0)
    own = line(80)
    data = made(document(block(1, own), pages=[page]), path)
    to_page = way.then(straight.to_source.inverse())
    for (text, box), word in zip(device_boxes(data), own.words, strict=True):
        assert text == word.text
        assert box.center == pytest.approx(to_page.point(*word.box.center), abs=1)
    # Words to the right stand higher.
    ys = [box.center[1] for _, box in device_boxes(data)]
    assert ys == sorted(ys, reverse=True)
    assert ys[0] - ys[2] > 4


def test_every_page_of_a_tiff_comes(tmp_path: Path) -> None:
    path = tmp_path / "in.tif"
    frames = [Image.new("1", (600, 800), n % 2) for n in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], dpi=(144, 144))
    pages = [page_of(path, n) for n in (1, 2, 3)]
    blocks = [block(1, line(80, [(f"page{n}", 60, 90)]), page=n) for n in (1, 2, 3)]
    data = made(document(*blocks, pages=pages), path)
    assert [text.strip() for text in texts(data)] == ["page1", "page2", "page3"]
    assert [pixels(data, n).mean() > 128 for n in range(3)] == [False, True, False]
    two = document(*blocks[1:], pages=pages[1:])
    assert [text.strip() for text in texts(made(two, path))] == ["page2", "page3"]


def test_a_colour_profile_stays(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for suffix in ("jpg", "png"):
        path = tmp_path / f"in.{suffix}"
        photo().save(path, icc_profile=profile, dpi=(72, 72))
        with picture_of(made(document(pages=[page_of(path)]), path)) as stored:
            assert stored.ColorSpace[0] == Name.ICCBased
            assert stored.ColorSpace[1].read_bytes() == profile


def test_a_damaged_picture_still_gives_a_page(tmp_path: Path) -> None:
    path = tmp_path / "in.png"
    buffer = io.BytesIO()
    photo().save(buffer, format="PNG")
    path.write_bytes(buffer.getvalue()[: int(0.9 * len(buffer.getvalue()))])
    data = made(document(block(1, line(80)), pages=[page_of(path)]), path)
    assert "Hello" in texts(data)[0]
    failed = Page(1, 300, 400, failure="the picture is damaged")
    assert texts(made(document(pages=[failed]), path)) == [""]


def test_equal_input_gives_equal_bytes_without_a_date(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    photo().save(tmp_path / "in.png")
    for source in (path, tmp_path / "in.png"):
        doc = document(block(1, line(80)), pages=[page_of(source)])
        data = made(doc, source)
        assert data == made(doc, source)
        assert b"D:20" not in data


@pytest.mark.parametrize(
    ("owner", "user", "given", "allowed"),
    [
        ("o", "u", "o", True),
        ("o", "u", "u", False),
        ("o", "", None, False),
        ("same", "same", "same", True),
    ],
)
def test_only_the_owner_may_take_protection_away(
    tmp_path: Path, owner: str, user: str, given: str | None, allowed: bool
) -> None:
    path = tmp_path / "in.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 400))
        restricted = pikepdf.Permissions(modify_other=False)
        pdf.save(path, encryption=pikepdf.Encryption(owner=owner, user=user, allow=restricted))
    doc = document(block(1, line(80)), pages=[Page(1, 300, 400, text_source="ocr")])
    source = Original(path, (1,), given)
    if not allowed:
        with pytest.raises(LockedError):
            made(doc, source)
        return
    with pikepdf.open(io.BytesIO(made(doc, source))) as after:
        assert not after.is_encrypted


def test_a_signature_that_no_longer_holds_is_named(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.AcroForm = Dictionary(Fields=pikepdf.Array(), SigFlags=3)
        pdf.save(path)
    doc = document(block(1, line(80)), pages=[page_of(path)])
    (told,) = render(doc, ".pdf", sources=[path]).warnings
    assert told.code == "W_SIGNATURE"
    untouched = document(pages=[page_of(path)])
    assert render(untouched, ".pdf", sources=[path]).warnings == ()


def test_without_its_sources_or_with_others_it_is_refused(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    doc = document(pages=[page_of(path), replace(page_of(path), n=2)])
    with pytest.raises(ConfigError, match="original files"):
        render(doc, ".pdf")
    with pytest.raises(ConfigError, match="made from"):
        made(doc, path)
    with pytest.raises(ConfigError, match="without pages"):
        made(document(pages=[]), path)
    assert len(texts(made(doc, path, path))) == 2


def test_a_dense_page_grows_by_less_than_15_kb(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    rng = np.random.default_rng(7)
    letters = "etaoinshrdlu"
    lines = []
    for row in range(60):
        words, x = [], 40.0
        for _ in range(12):
            text = "".join(rng.choice(list(letters), size=rng.integers(2, 10)))
            words.append((text, x, x + 3.1 * len(text)))
            x += 3.1 * len(text) + 2.7 + float(rng.random())
        lines.append(line(20 + 6.3 * row, words))
    data = made(document(block(1, *lines), pages=[page_of(path)]), path)
    assert len(texts(data)[0].split()) == 720
    assert len(data) - path.stat().st_size < 15_000


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.lists(
        st.text(st.characters(codec=None, exclude_categories=()), max_size=8), max_size=6
    )
)
def test_any_text_makes_a_file_that_opens(
    words: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = blank(folder / "in.pdf")
    boxes = tuple(WordBox(t, Box(60, 80, 60, 80), 0.5) for t in words)
    own = Line(" ".join(words), Box(60, 80, 100, 92), 0.5, boxes)
    page = Page(1, 300, 400, text_source="ocr", to_source=Affine(1, 0, 0, -1, 0, 400))
    data = made(document(block(1, own), pages=[page]), path)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert len(texts(data)) == 1
    assert np.array_equal(pixels(path), pixels(data))


@settings(max_examples=60)
@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1))
def test_every_character_has_a_code_that_leads_back_to_it(text: str) -> None:
    shown = "".join(clean(text).split())
    if not shown:
        return
    font = InvisibleFont()
    codes = {font.code(char): char for char in shown}
    assert all(0 <= code <= 0xFFFF for code in codes)
    assert len(codes) == len(set(shown))
    with pikepdf.new() as pdf:
        cmap = font.to_object(pdf).ToUnicode.read_bytes().decode("ascii")
    for code, char in codes.items():
        own = f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>"
        assert own in cmap if ord(char) > 0xFFFF else f"<{code >> 8:02X}00> <" in cmap
    assert text_layer([Line("", Box(0, 0, 1, 1))], Affine(), font) == b""


def test_streams_are_compressed(tmp_path: Path) -> None:
    path = blank(tmp_path / "in.pdf")
    data = made(document(block(1, line(80)), pages=[page_of(path)]), path)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        layers = [s for s in pdf.pages[0].obj.Contents if b"3 Tr" in s.read_bytes()]
        assert len(layers) == 1
        assert zlib.decompress(layers[0].read_raw_bytes())
