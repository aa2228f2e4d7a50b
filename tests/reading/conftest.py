from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

LETTERS = "The quick brown fox jumps over the lazy dog"


def build_pdf(
    path: Path,
    contents: list[bytes],
    *,
    media: tuple[float, float, float, float] = (0, 0, 300, 200),
    page_keys: dict[str, Any] | None = None,
    to_unicode: bytes | None = None,
    picture: tuple[int, int, bytes] | None = None,
    **save_options: Any,
) -> Path:
    """A PDF with one page for every content stream; /F1 is Helvetica, /Im1 the grey picture."""
    pdf = pikepdf.new()
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        Encoding=Name.WinAnsiEncoding,
    )
    if to_unicode is not None:
        font.ToUnicode = Stream(pdf, to_unicode)
    resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    if picture is not None:
        width, height, data = picture
        image = Stream(pdf, data)
        image.Type, image.Subtype = Name.XObject, Name.Image
        image.Width, image.Height, image.BitsPerComponent = width, height, 8
        image.ColorSpace = Name.DeviceGray
        resources.XObject = Dictionary(Im1=image)
    for content in contents:
        page = pdf.add_blank_page(page_size=(media[2] - media[0], media[3] - media[1]))
        page.obj.MediaBox = Array([*media])
        page.obj.Resources = resources
        page.obj.Contents = Stream(pdf, content)
        for key, value in (page_keys or {}).items():
            page.obj[f"/{key}"] = Array([*value]) if isinstance(value, tuple) else value
    pdf.save(path, **save_options)
    pdf.close()
    return path


@pytest.fixture
def make_pdf(tmp_path: Path) -> Callable[..., Path]:
    """Build a small PDF; see `build_pdf`."""
    counter = iter(range(1000))

    def make(*contents: bytes, **options: Any) -> Path:
        return build_pdf(tmp_path / f"made{next(counter)}.pdf", list(contents), **options)

    return make


@pytest.fixture(params=["poppler", "pdfium"])
def renderer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test once with each renderer."""
    import shutil

    if request.param == "poppler" and shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not on PATH")
    if request.param == "pdfium":
        monkeypatch.setattr(shutil, "which", lambda name: None)
    return str(request.param)
