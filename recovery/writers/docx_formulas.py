"""Formulas of a docx file: LaTeX as Office Math, by way of MathML.

What has no counterpart raises `ValueError` inside; the caller then gets None and shows a picture.

Sources: ECMA-376 Part 1, chapter 22.1 (Office Math); MathML 3, presentation elements.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from lxml import etree

from recovery.writers.ooxml import Element, node

LONGEST = 4000  # characters of LaTeX that are looked at
DEEPEST = 60  # elements inside each other
# What the converter of LaTeX raises where it did not expect what it got, besides its own errors.
_FAILURES: tuple[type[Exception], ...] = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    StopIteration,
    etree.XMLSyntaxError,
)
_NARY = set("∏∐∑∫∬∭∮∯∰\u22c0\u22c1\u22c2\u22c3⨀⨁⨂⨄⨆")
_BARS = {"―", "‾", "¯", "_", "\u0332", "\u0305"}
_BRACES = set("⏞⏟⏜⏝⎴⎵")
# Accents stand above their letter as combining characters.
_ACCENTS = {
    "^": "\u0302",
    "\u02c6": "\u0302",
    "~": "\u0303",
    "\u02dc": "\u0303",
    "→": "\u20d7",
    "←": "\u20d6",
    "˙": "\u0307",
    ".": "\u0307",
    "¨": "\u0308",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "\u00b4": "\u0301",
    "`": "\u0300",
    "˚": "\u030a",
    "⃛": "\u20db",
}


def office_math(latex: str) -> Element | None:
    """`m:oMath` of a formula, or None where it holds something that cannot be written."""
    # Imported here: most documents hold no formula.
    try:
        from latex2mathml import converter, exceptions
    except ImportError:
        return None
    if not latex.strip() or len(latex) > LONGEST:
        return None
    kinds = (kind for kind in vars(exceptions).values() if isinstance(kind, type))
    refusals: tuple[type[Exception], ...] = tuple(k for k in kinds if issubclass(k, Exception))
    refusals += _FAILURES
    try:
        root = etree.fromstring(converter.convert(latex).encode())
        return node("m:oMath", *_row(list(root), 0))
    except refusals:
        return None


def _row(children: Sequence[Element], depth: int) -> list[Element]:
    """What stands side by side; a sum takes what is next to it as its operand."""
    if depth > DEEPEST:
        raise ValueError("a formula of too many levels")
    fenced = _fenced(children, depth)
    if fenced is not None:
        return [fenced]
    found: list[Element] = []
    skip = False
    for n, child in enumerate(children):
        if skip:
            skip = False
            continue
        after = children[n + 1] if n + 1 < len(children) else None
        make = _nary if _is_nary(child) else _function if _is_function(child) else None
        if make is not None:
            skip = after is not None and _local(after) != "mo"
            found.append(make(child, after if skip else None, depth))
        else:
            found += _of(child, depth + 1)
    return found


def _fenced(children: Sequence[Element], depth: int) -> Element | None:
    """`m:d` of a row between two brackets that grow; the right one may be missing."""
    if _is_matrix(children):
        closed = True
    elif len(children) < 2 or not _is_fence(children[0], "prefix"):
        return None
    else:
        closed = _is_fence(children[-1], "postfix")
    inner = children[1:-1] if closed else children[1:]
    if any(_is_fence(child, form) for child in inner for form in ("prefix", "postfix")):
        return None
    begin, end = _text(children[0]), _text(children[-1]) if closed else ""
    return node(
        "m:d",
        node("m:dPr", node("m:begChr", val=begin), node("m:endChr", val=end)),
        _argument("e", _row(inner, depth + 1)),
    )


def _is_matrix(children: Sequence[Element]) -> bool:
    return [_local(child) for child in children] == ["mo", "mtable", "mo"]


def _is_fence(element: Element, form: str) -> bool:
    own = element.get("form") == form and element.get("fence") == "true"
    return _local(element) == "mo" and own


def _of(element: Element, depth: int) -> list[Element]:
    """The Office Math of one MathML element."""
    name, children = _local(element), list(element)
    if depth > DEEPEST:
        raise ValueError("a formula of too many levels")
    if name in ("mrow", "mstyle", "mpadded", "math"):
        return _row(children, depth)
    if name in ("mi", "mn", "mo", "mtext", "mspace"):
        return list(_run(element, name))
    if name == "mtable":
        return [_matrix(children, depth)]
    if name == "mfrac":
        bar = element.get("linethickness")
        kind = node("m:fPr", node("m:type", val="noBar")) if bar in ("0", "0px", "0pt") else None
        return [node("m:f", kind, *_arguments(("num", "den"), children, depth))]
    if name == "msqrt":
        hidden = node("m:radPr", node("m:degHide", val="1"))
        return [node("m:rad", hidden, node("m:deg"), _argument("e", _row(children, depth)))]
    if name == "mroot":
        return [node("m:rad", *_arguments(("e", "deg"), children, depth))]
    if name in _SCRIPTS:
        tag, arguments = _SCRIPTS[name]
        return [node(f"m:{tag}", *_arguments(arguments, children, depth))]
    if name in ("munder", "mover", "munderover"):
        return [_limits(name, children, depth)]
    raise ValueError(f"<{name}> has no counterpart")


_SCRIPTS = {
    "msub": ("sSub", ("e", "sub")),
    "msup": ("sSup", ("e", "sup")),
    "msubsup": ("sSubSup", ("e", "sub", "sup")),
}


def _run(element: Element, name: str) -> Iterator[Element]:
    text = _text(element)
    if name == "mspace":
        if element.get("linebreak"):
            raise ValueError("a formula of several lines")
        text = "\u2003" if element.get("width", "").endswith("em") else " "
    if "&" in text:
        raise ValueError("lines set below each other")
    if not text:
        return
    style = None
    if name == "mtext":
        style = node("m:rPr", node("m:nor"))
    elif (name == "mi" and len(text) > 1) or element.get("mathvariant") == "normal":
        style = node("m:rPr", node("m:sty", val="p"))
    letters = node("m:t", xml_space="preserve")
    letters.text = text
    yield node("m:r", style, letters)


def _is_nary(element: Element) -> bool:
    base = element[0] if len(element) and _local(element) in _LIMITED else element
    return _local(base) == "mo" and _text(base) in _NARY


_LIMITED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")


def _nary(element: Element, operand: Element | None, depth: int) -> Element:
    name = _local(element)
    base = element[0] if name in _LIMITED else element
    scripts = list(element)[1:] if name in _LIMITED else []
    low = scripts[0] if scripts and name not in ("msup", "mover") else None
    high = scripts[-1] if scripts and name not in ("msub", "munder") else None
    place = "subSup" if name.startswith("ms") and _text(base) in "∫∬∭∮∯∰" else "undOvr"
    return node(
        "m:nary",
        node(
            "m:naryPr",
            node("m:chr", val=_text(base)),
            node("m:limLoc", val=place),
            None if low is not None else node("m:subHide", val="1"),
            None if high is not None else node("m:supHide", val="1"),
        ),
        _argument("sub", [] if low is None else _of(low, depth + 1)),
        _argument("sup", [] if high is None else _of(high, depth + 1)),
        _argument("e", [] if operand is None else _of(operand, depth + 1)),
    )


def _is_function(element: Element) -> bool:
    """Whether it is a limit with what stands below it."""
    return _local(element) in ("msub", "munder") and _text(element[0]) in _WITH_LIMIT


_WITH_LIMIT = {"lim", "max", "min", "sup", "inf", "limsup", "liminf", "det", "gcd", "Pr"}


def _function(element: Element, operand: Element | None, depth: int) -> Element:
    name = node("m:r", node("m:rPr", node("m:sty", val="p")), node("m:t", xml_space="preserve"))
    name[-1].text = _text(element[0])
    below = node("m:limLow", _argument("e", [name]), _argument("lim", _of(element[1], depth + 1)))
    inner = [] if operand is None else _of(operand, depth + 1)
    return node("m:func", _argument("fName", [below]), _argument("e", inner))


def _limits(name: str, children: Sequence[Element], depth: int) -> Element:
    base, *marks = children
    if name == "munderover":
        lower = node("m:limLow", *_arguments(("e", "lim"), children[:2], depth))
        return node("m:limUpp", _argument("e", [lower]), *_arguments(("lim",), marks[1:], depth))
    mark = _text(marks[0]) if _local(marks[0]) == "mo" else ""
    inner = _argument("e", _of(base, depth + 1))
    side = "bot" if name == "munder" else "top"
    if mark in _BARS:
        return node("m:bar", node("m:barPr", node("m:pos", val=side)), inner)
    if mark in _BRACES:
        brace = node("m:groupChrPr", node("m:chr", val=mark), node("m:pos", val=side))
        return node("m:groupChr", brace, inner)
    accent = _ACCENTS.get(mark) or (
        mark if len(mark) == 1 and unicodedata.combining(mark) else None
    )
    if name == "mover" and accent:
        return node("m:acc", node("m:accPr", node("m:chr", val=accent)), inner)
    tag = "limLow" if name == "munder" else "limUpp"
    return node(f"m:{tag}", inner, _argument("lim", _of(marks[0], depth + 1)))


def _matrix(rows: Sequence[Element], depth: int) -> Element:
    cells = [[cell for cell in row if _local(cell) == "mtd"] for row in rows]
    count = max(map(len, cells), default=0)
    if not count:
        raise ValueError("an empty matrix")
    left = all(cell.get("columnalign") == "left" for row in cells for cell in row)
    columns = node(
        "m:mc",
        node(
            "m:mcPr",
            node("m:count", val=count),
            node("m:mcJc", val="left" if left else "center"),
        ),
    )
    return node(
        "m:m",
        node("m:mPr", node("m:mcs", columns)),
        *(
            node("m:mr", *(_argument("e", _row(list(cell), depth + 1)) for cell in row))
            for row in cells
        ),
    )


def _arguments(names: Sequence[str], children: Sequence[Element], depth: int) -> Iterator[Element]:
    if len(names) != len(children):
        raise ValueError(f"{len(children)} parts instead of {len(names)}")
    for name, child in zip(names, children, strict=True):
        yield _argument(name, _of(child, depth + 1))


def _argument(name: str, content: Sequence[Element]) -> Element:
    return node(f"m:{name}", *content)


def _local(element: Element) -> str:
    return etree.QName(element).localname


def _text(element: Element) -> str:
    return "".join(str(part) for part in element.itertext())
