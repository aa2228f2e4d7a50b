from __future__ import annotations

import re
from pathlib import Path

import pytest

from structure.core.safe_xml import parse_xml

ROOT = Path(__file__).resolve().parents[2]


def test_plain_xml_is_parsed() -> None:
    assert parse_xml(b"<a><b>&amp;&#228;</b></a>")[0].text == "&ä"


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>',
        '<!DOCTYPE a [<!ENTITY x "ten"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "file://{secret}"> %x;]>',
    ],
)
def test_a_document_type_is_refused(head: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    text = head.replace("{secret}", str(tmp_path / "secret")) + "<a>&x;</a>"
    with pytest.raises(ValueError, match="XML") as caught:
        parse_xml(text.encode())
    assert "secret" not in str(caught.value).replace(str(tmp_path), "")


@pytest.mark.parametrize("data", [b"", b"<a>", b"a", b"<a" + b"<b>" * 100_000, b"\xff<a/>"])
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="XML"):
        parse_xml(data)


def test_nobody_else_builds_a_parser() -> None:
    others = [
        str(path.relative_to(ROOT))
        for package in ("structure", "layout", "table", "kie", "recovery")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"XMLParser\(|etree\.parse\(|iterparse\(", path.read_text("utf-8"))
    ]
    assert others == ["structure/core/safe_xml.py"]
