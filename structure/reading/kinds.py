"""What kind of file it is, told by its first bytes and never by its name."""

from __future__ import annotations

import re

from structure.core.errors import InputError

SNIFF_BYTES = 4096
"""Bytes from the start of a file that `media_type` wants to see."""

_HEADER_WINDOW = 1024
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_REFUSED = (
    (b"%!PS", "PostScript", "convert it to PDF first"),
    (b"\xc5\xd0\xd3\xc6", "EPS", "convert it to PDF first"),
    (b"{\\rtf", "an RTF document", "it is editable already"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "export it as PDF, or unpack it first"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", "export it as PDF first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x7fELF", "a program", "give a PDF or a picture"),
    (b"MZ", "a program", "give a PDF or a picture"),
    (b"8BPS", "a Photoshop file", "export it as PNG first"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture", "convert it to PNG first"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture", "convert it to PNG first"),
    (b"AT&TFORM", "a DjVu document", "convert it to PDF first"),
)
_ISO_MEDIA = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIF", b"msf1": "HEIF", b"avif": "AVIF"}
_MARKUP = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "SVG", "export it as PDF or PNG first"),
    (
        re.compile(rb"<(?:!doctype\s+html|html|head|body|script)[\s>]", re.IGNORECASE),
        "HTML",
        "it may be an error page saved in place of the file; fetch the file again",
    ),
    (re.compile(rb"^<\?xml|^<[a-z!]", re.IGNORECASE), "XML", "give a PDF or a picture"),
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def media_type(head: bytes, *, path: str) -> str:
    """The media type of a file that can be read.

    Args:
        head: The first `SNIFF_BYTES` bytes, or the whole file where it is shorter.
        path: For the message.

    Returns:
        "application/pdf" or "image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp",
        "image/gif".

    Raises:
        InputError: any other kind; the message says which, and what to do.
    """
    for magic, kind in _PICTURES:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    text = _without_mark(head).lstrip()
    for magic, name, hint in _REFUSED:
        if text.startswith(magic):
            raise _refusal(path, name, hint)
    if head[4:8] == b"ftyp":
        name = _ISO_MEDIA.get(head[8:12], "video")
        raise _refusal(path, name, "convert it to JPEG or PNG first")
    # A header may follow some junk, but a page of markup that mentions "%PDF-" is still markup.
    for pattern, name, hint in _MARKUP:
        if text[:1] == b"<" and pattern.search(text[:_HEADER_WINDOW]):
            raise _refusal(path, name, hint)
    if b"%PDF-" in head[: _HEADER_WINDOW + len(b"%PDF-")]:
        return "application/pdf"
    if _is_text(head):
        raise _refusal(path, "plain text", "there is nothing to recognise; give a PDF or a picture")
    raise InputError(
        "this kind of file is not supported",
        hint="give a PDF, PNG, JPEG, TIFF, WebP, BMP or GIF",
        path=path,
        code="E_KIND",
    )


def _refusal(path: str, name: str, hint: str) -> InputError:
    return InputError(
        f"this is {name}, not a PDF or a picture", hint=hint, path=path, code="E_KIND"
    )


def _without_mark(head: bytes) -> bytes:
    for mark in _MARKS:
        if head.startswith(mark):
            plain = head[len(mark) :]
            # Two-byte text: dropping the zero bytes is enough to recognise ASCII markup.
            return plain if len(mark) == 3 else plain.replace(b"\0", b"")
    return head


def _is_text(head: bytes) -> bool:
    plain = _without_mark(head)
    if not plain:
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in plain)
    return control == 0
