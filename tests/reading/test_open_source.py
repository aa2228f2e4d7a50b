from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from structure.core.analysis import Bookmark
from structure.core.errors import ConfigError, InputError, LimitError, LockedError, StructureError
from structure.core.images import PageImage
from structure.reading import Limits, open_source

MakePdf = Callable[..., Path]


def refused(path: Path, kind: type[StructureError], code: str, **options: object) -> StructureError:
    with pytest.raises(kind) as caught:
        open_source(path, **options)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    error = refused(tmp_path / "none.pdf", InputError, "E_MISSING")
    assert str(error).startswith("none.pdf: ")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    refused(path, InputError, "E_EMPTY")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "folder" in str(refused(tmp_path, InputError, "E_NOT_A_FILE"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    os.mkfifo(path)
    began = time.monotonic()
    refused(path, InputError, "E_NOT_A_FILE")
    assert time.monotonic() - began < 2


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no device files on this system")
def test_a_device_is_refused() -> None:
    refused(Path("/dev/null"), InputError, "E_NOT_A_FILE")


def test_a_name_with_a_zero_byte_is_refused() -> None:
    refused(Path("a\0b.pdf"), InputError, "E_UNREADABLE")


def test_the_size_limit_holds_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x" * 1001)
    refused(path, LimitError, "E_FILE_SIZE", limits=Limits(file_size=1000))
    refused(path, InputError, "E_KIND", limits=Limits(file_size=1001))


def test_page_limits_count_the_selected_pages(make_pdf: MakePdf) -> None:
    path = make_pdf(b"", b"", b"")
    refused(path, LimitError, "E_PAGE_COUNT", limits=Limits(pages=2))
    with open_source(path, pages="2-3", limits=Limits(pages=2)) as source:
        assert source.numbers == (2, 3)
    with open_source(path, limits=Limits(pages=3)) as source:
        assert len(source) == source.page_count == 3


def test_a_selection_beyond_the_end_is_noticed_or_refused(make_pdf: MakePdf) -> None:
    path = make_pdf(b"", b"")
    with open_source(path, pages="2-9") as source:
        assert source.numbers == (2,)
        assert [notice.code for notice in source.notices] == ["W_PAGES"]
    refused(path, InputError, "E_PAGES", pages="3-")
    refused(path, ConfigError, "E_PAGES", pages="x")


@pytest.mark.parametrize("options", [{"dpi": 0}, {"dpi": 5000}, {"ocr": "sometimes"}])
def test_impossible_options_are_usage_errors(tmp_path: Path, options: dict[str, object]) -> None:
    refused(tmp_path, ConfigError, "E_USAGE", **options)


def test_the_source_tells_what_it_is_and_is_left_untouched(make_pdf: MakePdf) -> None:
    path = make_pdf(b"0 0 100 100 re f")
    path.chmod(0o400)
    before = path.read_bytes(), path.stat().st_mtime_ns
    with open_source(path) as source:
        assert source.name == path.name
        assert source.media_type == "application/pdf"
        assert source.sha256 == hashlib.sha256(before[0]).hexdigest()
        assert source.reader in ("poppler", "pdfium")
        assert len([*source]) == len([*source]) == 1
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    source.close()


def test_one_page_can_be_read_by_its_number(make_pdf: MakePdf) -> None:
    with open_source(make_pdf(b"", b"0 0 100 100 re f"), pages="2") as source:
        page = source.read(2)
        assert isinstance(page, PageImage)
        assert page.number == 2
        with pytest.raises(ConfigError):
            source.read(3)


@pytest.mark.parametrize("reader", ["pdf", "png"])
def test_a_picture_and_a_pdf_lead_back_to_their_own_units(
    make_pdf: MakePdf, tmp_path: Path, reader: str
) -> None:
    if reader == "png":
        path = tmp_path / "a.png"
        Image.new("L", (30, 20), 255).save(path)
        corner = (30.0, 20.0)
    else:
        path = make_pdf(b"0 0 10 10 re f")
        corner = (300.0, 0.0)  # points, y upwards
    with open_source(path) as source:
        (page,) = source
    assert isinstance(page, PageImage)
    assert page.to_source.point(page.width, page.height) == pytest.approx(corner, abs=1e-3)


def test_a_locked_pdf_needs_its_password(make_pdf: MakePdf) -> None:
    import pikepdf

    path = make_pdf(b"0 0 10 10 re f", encryption=pikepdf.Encryption(owner="owner", user="user"))
    assert "needs a password" in str(refused(path, LockedError, "E_LOCKED"))
    assert "wrong" in str(refused(path, LockedError, "E_LOCKED", password="other"))
    for password in ("user", "owner"):
        with open_source(path, password=password) as source:
            (page,) = source
            # Poppler would show the password on its command line.
            assert source.reader == "pdfium"
        assert isinstance(page, PageImage)


def test_an_empty_user_password_is_no_lock(make_pdf: MakePdf) -> None:
    import pikepdf

    path = make_pdf(b"0 0 10 10 re f", encryption=pikepdf.Encryption(owner="owner", user=""))
    with open_source(path) as source:
        (page,) = source
    assert isinstance(page, PageImage)


def test_a_damaged_pdf_is_repaired_or_refused(make_pdf: MakePdf, tmp_path: Path) -> None:
    data = make_pdf(b"0 0 100 100 re f").read_bytes()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(data[: data.index(b"xref")] + b"\nstartxref\n99999999\n%%EOF")
    with open_source(broken) as source:
        (page,) = source
    assert isinstance(page, PageImage)
    assert page.pixels.min() == 0
    broken.write_bytes(b"%PDF-1.7\n" + b"\x93" * 500)
    refused(broken, InputError, "E_DAMAGED")


def test_junk_before_the_header_is_skipped(make_pdf: MakePdf, tmp_path: Path) -> None:
    path = tmp_path / "junk.pdf"
    path.write_bytes(b"HTTP/1.1 200 OK\r\n\r\n" + make_pdf(b"0 0 100 100 re f").read_bytes())
    with open_source(path) as source:
        (page,) = source
    assert isinstance(page, PageImage)
    assert page.pixels.min() == 0


def test_a_password_that_was_not_needed_is_no_matter(make_pdf: MakePdf) -> None:
    with open_source(make_pdf(b"0 0 10 10 re f"), password="none") as source:
        (page,) = source
    assert isinstance(page, PageImage)


def test_a_password_of_half_a_character_is_refused(make_pdf: MakePdf) -> None:
    refused(make_pdf(b"0 0 10 10 re f"), ConfigError, "E_USAGE", password="a\udc80")


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["file_size", "pages", "pixels", "raster", "side", "page_seconds"])
def test_impossible_limits_are_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=name):
        Limits(**{name: value})


def test_a_page_of_one_pixel_is_a_page(make_pdf: MakePdf) -> None:
    text = b"BT /F1 12 Tf 20 100 Td (The quick brown fox jumps over the lazy dog) Tj ET"
    with open_source(make_pdf(text), limits=Limits(side=1)) as source:
        (page,) = source
    assert isinstance(page, PageImage)
    assert page.pixels.shape == (1, 1, 3)
    assert page.lines is None


def test_the_outline_names_titles_pages_and_depths(tmp_path: Path, make_pdf: MakePdf) -> None:
    path = tmp_path / "outline.pdf"
    chapter = pikepdf.OutlineItem("One\tchapter ", 0)
    chapter.children.append(pikepdf.OutlineItem("Its part", 2))
    with pikepdf.open(make_pdf(b"", b"", b"")) as pdf:
        with pdf.open_outline() as outline:
            outline.root.extend([chapter, pikepdf.OutlineItem("Nowhere")])
        pdf.save(path)
    with open_source(path, pages="2-") as source:
        assert source.outline == (Bookmark("One chapter", 1, 0), Bookmark("Its part", 3, 1))
