from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from structure.core.text import (
    clean,
    csv_text,
    is_cjk,
    is_rtl,
    is_unspaced,
    is_wide,
    safe_link,
    width,
)

ANY = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY)
def test_clean_text_goes_through_xml_and_json(text: str) -> None:
    cleaned = clean(text)
    element = etree.Element("a")
    element.text = cleaned
    assert (etree.fromstring(etree.tostring(element)).text or "") == cleaned
    assert json.loads(json.dumps(cleaned).encode("utf-8")) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned


@given(ANY)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn"])))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert clean(text) is text


def test_what_cannot_be_shown_is_marked_and_what_deceives_is_gone() -> None:
    assert clean("a\x00b\ud800c\ufffe") == "a\ufffdb\ufffdc\ufffd"
    assert clean("photo\u202egnp.exe") == "photognp.exe"
    assert clean("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd\te"


@pytest.mark.parametrize(
    "url", ["http://example.org", "https://example.org/a?b=c#d", "mailto:a@example.org"]
)
def test_links_that_are_safe_stay(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "/relative",
        "http:",
        "http://[bad",
        "https://a b",
        "https://a\u202eb",
    ],
)
def test_other_links_are_refused(url: str | None) -> None:
    assert safe_link(url) is None


def test_width_counts_wide_characters_twice_and_marks_not_at_all() -> None:
    assert width("abc") == 3
    assert width("\u4e2d\u6587") == 4
    assert width(unicodedata.normalize("NFD", "\u00e9")) == 1


def test_scripts_are_told_by_the_majority_of_letters() -> None:
    assert is_rtl("\u0639\u0631\u0628\u064a 123 ok")
    assert not is_rtl("only a word: \u0639")
    assert not is_rtl("123 ...")
    assert is_cjk("\u4e2d\u6587 a")
    assert not is_cjk("a b c \u4e2d")
    assert not is_cjk("")


def test_scripts_without_spaces_are_known() -> None:
    assert all(map(is_unspaced, "\u4e2d\u3042\u30ab\u3002\uff0c\U00020000"))
    assert not any(map(is_unspaced, "a1\u00e9\ud55c\u0416\u2014"))
    assert all(map(is_wide, "\u4e2d\ud55c\uff21"))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("=1+1", "'=1+1"),
        ("+49 421", "'+49 421"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\n=1"),
        ("\n=1", "'\n=1"),
        ("\uff1d1", "'\uff1d1"),
        ("-12.50", "-12.50"),
        ("-12,50", "-12,50"),
        ("+3", "+3"),
        ("-", "'-"),
        ("a=b", "a=b"),
        ("", ""),
        ("-1\x00", "'-1\ufffd"),
    ],
)
def test_a_field_of_a_csv_file_is_never_a_formula(text: str, field: str) -> None:
    assert csv_text(text) == field
