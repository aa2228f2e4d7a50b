from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.errors import InputError
from structure.reading.kinds import media_type


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", "application/pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"%PDF-1.4", "application/pdf"),
        (b"\0" * 1024 + b"%PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"II*\x00....", "image/tiff"),
        (b"MM\x00+....", "image/tiff"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"BM\x10\0\0\0\0\0\0\0\x36\0", "image/bmp"),
        (b"GIF89a....", "image/gif"),
    ],
)
def test_the_first_bytes_tell_the_kind(head: bytes, kind: str) -> None:
    assert media_type(head, path="x") == kind


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (b"\xc5\xd0\xd3\xc6\x1e\0\0\0", "EPS"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?>\n<svg />", "SVG"),
        (b"\n <!DOCTYPE html><html>not a %PDF-1.4</html>", "HTML"),
        ("\ufeff<html lang='en'>".encode("utf-16-le"), "HTML"),
        (b"<?xml version='1.0'?><note/>", "XML"),
        (b"Dear reader,\nthis is text.\n", "plain text"),
        ("Grüße".encode(), "plain text"),
        (b"PK\x03\x04....word/document.xml", "Office"),
        (b"\x00\x00\x00\x18ftypheic....", "HEIC"),
        (b"\0" * 1030 + b"%PDF-1.4", "not supported"),
        (b"\x01\x02\x03\x04", "not supported"),
    ],
)
def test_a_refusal_says_what_the_file_is(head: bytes, name: str) -> None:
    with pytest.raises(InputError, match=name) as caught:
        media_type(head, path="folder/scan.pdf")
    assert caught.value.code == "E_KIND"
    assert caught.value.hint
    assert str(caught.value).startswith("scan.pdf: ")


@given(st.binary(max_size=64))
def test_any_bytes_are_named_or_refused(head: bytes) -> None:
    try:
        kind = media_type(head, path="x")
    except InputError:
        return
    assert kind.startswith(("image/", "application/pdf"))
