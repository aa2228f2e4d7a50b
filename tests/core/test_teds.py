from __future__ import annotations

import pytest

from structure.core.teds import parse, same_structure, teds


def one_row(*texts: str) -> str:
    return f"<table><tr>{''.join(f'<td>{text}</td>' for text in texts)}</tr></table>"


@pytest.mark.parametrize(
    ("predicted", "truth", "expected"),
    [
        (one_row("ab", "cd"), one_row("ab", "cd"), 1.0),
        (one_row("ax", "cd"), one_row("ab", "cd"), 1 - 0.5 / 3),
        (one_row("ab"), one_row("ab", "cd"), 1 - 1 / 3),
        (
            one_row("ab", "cd"),
            "<table><thead><tr><td>ab</td><td>cd</td></tr></thead></table>",
            1 - 1 / 4,
        ),
        ('<table><tr><td colspan="2">ab</td></tr></table>', one_row("ab"), 1 - 1 / 2),
        (one_row(" ab"), one_row("ab"), 1 - (1 / 3) / 2),
        (one_row("<b>ab</b>"), one_row("ab"), 1 - 0.5 / 3),
        (one_row("ab").replace("td>", "th>"), one_row("ab"), 1 - 1 / 2),
        ("", one_row("ab"), 0.0),
        ("<p>no table</p>", one_row("ab"), 0.0),
    ],
)
def test_teds_has_the_values_of_its_definition(predicted: str, truth: str, expected: float) -> None:
    assert teds(predicted, truth) == pytest.approx(expected, abs=1e-12)
    assert teds(truth, predicted) == pytest.approx(expected, abs=1e-12)


def test_structure_alone_ignores_text() -> None:
    assert teds(one_row("ab", "cd"), one_row("x", ""), structure_only=True) == 1.0
    assert teds(one_row("ab"), one_row("ab", "cd"), structure_only=True) == pytest.approx(2 / 3)


def test_stripping_leaves_out_parts_and_inline_elements() -> None:
    plain = one_row("ab", "cd")
    rich = "<table><thead><tr><td><b>ab</b></td><td>c<sup>d</sup></td></tr></thead></table>"
    assert teds(rich, plain, stripped=True) == 1.0
    assert teds(rich, plain) < 0.7
    assert same_structure(rich, plain, stripped=True)
    assert not same_structure(rich, plain)


def test_equal_text_does_not_make_equal_structure() -> None:
    assert same_structure(one_row("a", "b"), one_row("x", "y"))
    assert not same_structure(one_row("a", "b"), one_row("a b"))


def test_a_hostile_span_counts_as_one() -> None:
    for span in ("-3", "0", "x", "1.5", "²"):
        tree = parse(f'<table><tr><td colspan="{span}">a</td></tr></table>')
        assert tree is not None
        assert tree.root.children[0].children[0].colspan == 1


def test_a_file_named_by_an_entity_is_not_read() -> None:
    text = '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + one_row("&x;")
    tree = parse(text)
    assert tree is not None
    assert "".join(tree.root.children[0].children[0].content) == "&x;"


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(ValueError, match="deeper"):
        parse(f"<table><tr><td>{'<b>' * 150}a{'</b>' * 150}</td></tr></table>")
