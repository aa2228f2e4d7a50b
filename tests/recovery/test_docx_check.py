"""The checker of docx files finds what Word would not open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from recovery.writers import render
from recovery.writers.docx_check import check_bytes
from recovery.writers.docx_package import Package
from recovery.writers.ooxml import node, xml_bytes
from structure.core.document import Document

Make = Callable[..., Document]


def altered(data: bytes, part: str, old: str, new: str) -> bytes:
    """`data` with one text in one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content.decode()
                content = content.decode().replace(old, new, 1).encode()
            target.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "old", "new", "fault"),
    [
        ("word/document.xml", 'w:val="Title"', 'w:val="Titel"', "refers to 'Titel'"),
        ("word/document.xml", '<w:numId w:val="1"', '<w:numId w:val="9"', "refers to '9'"),
        ("word/document.xml", "Third Committee", "Third\nCommittee", "line feed inside <w:t>"),
        ("word/document.xml", 'wp:docPr id="1"', 'wp:docPr id="0"', None),
        ("word/document.xml", 'r:embed="rId', 'r:embed="rId9', "missing relationship"),
        ("word/styles.xml", 'w:styleId="Quote"', 'w:styleId="Code"', "<w:style> Code is there 2"),
        ("word/numbering.xml", 'w:numId="2"', 'w:numId="1"', "<w:num> 1 is there 2 times"),
        ("word/footer_default1.xml", '"begin"', '"end"', "a field ends that has not begun"),
        ("[Content_Types].xml", "word/footer_default1.xml", "word/x.xml", "x.xml has a type but"),
        ("word/_rels/document.xml.rels", "styles.xml", "style.xml", "target of rId"),
        ("word/_rels/document.xml.rels", "header_default1.xml", "h.xml", "missing relationship"),
    ],
)
def test_what_is_wrong_is_found(
    rich_document: Document, part: str, old: str, new: str, fault: str | None
) -> None:
    data = render(rich_document, ".docx").data
    assert check_bytes(data) == []
    faults = "\n".join(check_bytes(altered(data, part, old, new)))
    assert fault in faults if fault else not faults


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<w:r><w:t ", "<w:r><w:softHyphen/><w:noBreakHyphen/><w:t "),
        ("<w:r><w:t ", '<w:bookmarkStart w:id="9" w:name="x"/><w:proofErr w:type="a"/><w:r><w:t '),
        ("</w:tr>", '</w:tr><w:bookmarkEnd w:id="9"/>'),
        ("<w:r><w:t ", "<w:r><w:lastRenderedPageBreak/><w:t "),
        ("<w:r><w:t ", '<x:mine xmlns:x="urn:x"/><w:r><w:t '),
    ],
)
def test_what_other_programs_rightly_write_is_no_fault(
    rich_document: Document, old: str, new: str
) -> None:
    data = render(rich_document, ".docx").data
    assert check_bytes(altered(data, "word/document.xml", old, new)) == []


def test_every_docx_that_a_test_writes_is_checked() -> None:
    broken = node("w:document", node("w:body", node("w:p")))
    with pytest.raises(AssertionError, match="section properties"):
        Package().to_bytes(xml_bytes(broken), title="", language=None, creator="")
