"""Formulas that Word can edit."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from lxml import etree

from recovery.writers import render
from recovery.writers.docx_formulas import office_math
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import Document, FormulaBlock
from structure.core.geometry import Box

pytest.importorskip("latex2mathml")

Make = Callable[..., Document]
BOX = Box(200, 100, 395, 130)


def sketch(element: etree._Element) -> str:
    """A formula as text: `f(num(a)den(b))`."""
    name = etree.QName(element).localname
    if name == "r":
        return "".join(t.text or "" for t in element.findall("m:t", NAMESPACES))
    if name.endswith("Pr"):
        return ""
    return f"{name}({''.join(map(sketch, element))})"


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("E = mc^2", "E=msSup(e(c)sup(2))"),
        (r"\frac{a}{b}", "f(num(a)den(b))"),
        (r"\sqrt[3]{x_1^2}", "rad(deg(3)e(sSubSup(e(x)sub(1)sup(2))))"),
        (r"\sqrt{x}", "rad(deg()e(x))"),
        (r"\sum_{i=1}^{n} x_i + 1", "nary(sub(i=1)sup(n)e(sSub(e(x)sub(i))))+1"),
        (r"\int_0^1 f", "nary(sub(0)sup(1)e(f))"),
        (r"\hat{x} + \bar{y}", "acc(e(x))+bar(e(y))"),
        (r"\lim_{x \to 0} y", "func(fName(limLow(e(lim)lim(x→0)))e(y))"),
        (r"\left( \frac{a}{b} \right)", "d(e(f(num(a)den(b))))"),
        (
            r"\begin{cases} 1 & x>0 \\ 0 & y \end{cases}",
            "d(e(m(mr(e(1)e(x>0))mr(e(0)e(y)))))",
        ),
        (r"\begin{pmatrix} a & b \end{pmatrix}", "d(e(m(mr(e(a)e(b)))))"),
        (r"\text{if } x", "if\u00a0x"),
    ],
)
def test_latex_becomes_office_math(latex: str, expected: str) -> None:
    math = office_math(latex)
    assert math is not None
    assert sketch(math) == f"oMath({expected})"


@pytest.mark.parametrize(
    "latex",
    [
        "",
        "  ",
        "a" * 5000,
        r"\begin{aligned} a &= b \end{aligned}",
        r"a \\ b",
        "{" * 900,
        r"x^{",
        "a_b_c",
    ],
)
def test_what_cannot_be_written_is_none(latex: str) -> None:
    assert office_math(latex) is None


def formula(**more: object) -> FormulaBlock:
    return FormulaBlock("p1.b1", 1, BOX, text="E = mc2", **more)  # type: ignore[arg-type]


def body(document: Document) -> etree._Element:
    return docx.Document(io.BytesIO(render(document, ".docx").data)).element.body


def test_a_formula_stands_in_the_middle_and_can_be_edited(document_of: Make) -> None:
    found = body(document_of(formula(latex="E = mc^2")))
    assert len(found.findall("w:p/m:oMathPara/m:oMath", NAMESPACES)) == 1


def test_a_numbered_formula_keeps_its_number_at_the_right(document_of: Make) -> None:
    (paragraph, *_) = body(document_of(formula(latex="E = mc^2", number="(3)"))).findall(
        "w:p", NAMESPACES
    )
    tags = [etree.QName(child).localname for child in paragraph]
    assert tags == ["pPr", "r", "oMath", "r"]
    assert "".join(t.text or "" for t in paragraph.findall("w:r/w:t", NAMESPACES)) == "(3)"


def test_a_formula_without_counterpart_is_a_picture_with_its_latex(
    document_of: Make, rich_document: Document
) -> None:
    latex = r"\begin{aligned} a &= b \end{aligned}"
    block = replace(formula(latex=latex), asset="a1")
    assets = {"a1": next(iter(rich_document.assets.values()))}
    found = body(document_of(block, assets=assets))
    (picture,) = found.findall(".//wp:docPr", NAMESPACES)
    assert picture.get("descr") == latex
    assert found.findall(".//m:oMath", NAMESPACES) == []
