"""Checks of markdown as olmOCR-bench defines them: texts, their order, neighbours in tables.

Text is compared after the bench's own normalisation: emphasis and line breaks of markdown go, white
space becomes one space, quotation marks and dashes become plain ones. Backslashes before signs that
are active in markdown stay, as the bench leaves them. Formulas pass here only where the LaTeX is
the same but for its white space; the bench also accepts what looks the same when drawn.

Source: https://github.com/allenai/olmocr (olmocr/bench/tests.py), Apache-2.0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import html
from rapidfuzz import fuzz

_PLAIN_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2013\u2014\u2011\u2012\u2212", "-"),
        "\uff3f": "_",
        "\u00b5": "\u03bc",
    }
)
_EMPHASIS = (re.compile(r"(\*\*|__)(.*?)\1"), re.compile(r"([*_])(.*?)\1"))
_LINE_BREAK = re.compile(r"<br/?>")
_BOLD_OR_ITALIC = re.compile(r"</?[bi]>")
_RULE = re.compile(r"[-:| ]*-[-:| ]*")
_FORMULAS = (r"\\\((.+?)\\\)", r"\\\[(.+?)\\\]", r"\$\$(.+?)\$\$", r"\$(.+?)\$")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


def check(rule: Mapping[str, Any], markdown: str) -> str:
    """Why the markdown of a page does not pass a check; empty where it does.

    Args:
        rule: A line of the bench: its `type`, and what that type asks for.
        markdown: As written.

    Raises:
        ValueError: the type of the rule is unknown.
    """
    match rule["type"]:
        case "present" | "absent":
            return _check_text(rule, markdown)
        case "order":
            return _check_order(rule, markdown)
        case "table":
            return _check_table(rule, markdown)
        case "math":
            return _check_math(rule, markdown)
    raise ValueError(f"unknown type of check {rule['type']!r}")


def normalized(text: str) -> str:
    """Text as the bench compares it."""
    text = _BOLD_OR_ITALIC.sub("", _LINE_BREAK.sub(" ", text))
    for emphasis in _EMPHASIS:
        text = emphasis.sub(r"\2", text)
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text)).translate(_PLAIN_SIGNS)


def unescaped(markdown: str) -> str:
    """Markdown without the backslashes before active signs, as a reader of the page sees it."""
    return _ESCAPE.sub("", markdown)


def _least(rule: Mapping[str, Any], text: str) -> float:
    """Least similarity that counts as equal."""
    return 1 - int(rule.get("max_diffs", 0)) / max(1, len(text))


def _check_text(rule: Mapping[str, Any], markdown: str) -> str:
    wanted, text = normalized(rule["text"]), normalized(markdown)
    if not rule.get("case_sensitive", True):
        wanted, text = wanted.lower(), text.lower()
    first, last = rule.get("first_n"), rule.get("last_n")
    if first or last:
        text = (text[:first] if first else "") + (text[-last:] if last else "")
    long_enough = len(text) >= len(wanted) - int(rule.get("max_diffs", 0))
    found = fuzz.partial_ratio(wanted, text) / 100 if long_enough else 0.0
    if rule["type"] == "present":
        return "" if found >= _least(rule, wanted) else f"best match {found:.3f}"
    return f"it is there ({found:.3f})" if found >= _least(rule, wanted) else ""


def _check_order(rule: Mapping[str, Any], markdown: str) -> str:
    text, most = normalized(markdown), int(rule.get("max_diffs", 0))
    before = near_matches(normalized(rule["before"]), text, most)
    after = near_matches(normalized(rule["after"]), text, most)
    for name, found in (("before", before), ("after", after)):
        if not found:
            return f"text {name!r} is missing"
    return "" if min(before) < max(after) else "the other way round"


def near_matches(wanted: str, text: str, most: int) -> list[int]:
    """Where in `text` something begins that differs from `wanted` by at most so many edits.

    Source: Sellers, "The theory and computation of evolutionary distances", 1980.
    """
    if most == 0:
        return [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", text)]
    # One column for each place in the text: (edits, start) of the best match of each prefix.
    column = [(n, 0) for n in range(len(wanted) + 1)]
    found = []
    for end, char in enumerate(text, start=1):
        corner, column[0] = column[0], (0, end)
        for n, own in enumerate(wanted, start=1):
            best = min(
                (corner[0] + (own != char), corner[1]),
                (column[n][0] + 1, column[n][1]),
                (column[n - 1][0] + 1, column[n - 1][1]),
            )
            corner, column[n] = column[n], best
        if column[-1][0] <= most:
            found.append(column[-1][1])
    return found


def _check_math(rule: Mapping[str, Any], markdown: str) -> str:
    formulas = []
    for pattern in _FORMULAS:
        formulas += re.findall(pattern, markdown, re.DOTALL)
        markdown = re.sub(pattern, "", markdown, flags=re.DOTALL)
    wanted = "".join(rule["math"].split())
    if any("".join(formula.split()) == wanted for formula in formulas):
        return ""
    return f"none of the {len(formulas)} formulas written is the same"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table as the bench sees it."""

    text: str
    heading: bool = False


Grid = list[list[Cell | None]]
"""Rows of equal length; a cell that spans several places stands in each of them."""


def tables_of(markdown: str) -> list[Grid]:
    """All tables, both those of pipes and those of HTML."""
    return [*_pipe_tables(markdown), *_html_tables(markdown)]


def _pipe_tables(markdown: str) -> Iterator[Grid]:
    run: list[str] = []
    for line in [*markdown.strip().split("\n"), ""]:
        if "|" in line:
            run.append(line)
            continue
        rows = [_pipe_row(line) for line in run if not _RULE.fullmatch(line.strip())]
        if len(run) >= 2 and rows:
            width = max(map(len, rows))
            yield [
                [Cell(text, r == 0 or c == 0) for c, text in enumerate(row)]
                + [None] * (width - len(row))
                for r, row in enumerate(rows)
            ]
        run = []


def _pipe_row(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.split("|")]
    return cells[not cells[0] : len(cells) - (not cells[-1])]


def _html_tables(markdown: str) -> Iterator[Grid]:
    for source in re.findall(r"<table\b.*?</table>", markdown, re.DOTALL | re.IGNORECASE):
        rows = html.fromstring(source).xpath("descendant-or-self::table//tr")
        places: dict[tuple[int, int], Cell] = {}
        for r, row in enumerate(rows):
            column = 0
            for element in row.xpath("./th | ./td"):
                while (r, column) in places:
                    column += 1
                high = int(element.get("rowspan", 1)) or len(rows) - r
                wide = int(element.get("colspan", 1))
                heading = element.tag == "th" or bool(row.xpath("ancestor::thead"))
                text = "\n".join(part.strip() for part in element.itertext()).strip()
                cell = Cell(text, heading)
                for down in range(min(high, len(rows) - r)):
                    for right in range(wide):
                        places.setdefault((r + down, column + right), cell)
                column += wide
        width = max((c for _, c in places), default=-1) + 1
        yield [[places.get((r, c)) for c in range(width)] for r in range(len(rows))]


_STEPS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
_HEADINGS = {"top_heading": "up", "left_heading": "left"}


def _check_table(rule: Mapping[str, Any], markdown: str) -> str:
    tables = tables_of(markdown)
    wanted = normalized(rule["cell"])
    asked = [name for name in (*_STEPS, *_HEADINGS) if rule.get(name)]
    reason = f"no such cell in {len(tables)} tables"
    for grid in tables:
        for cell in {id(c): c for row in grid for c in row if c is not None}.values():
            if not _alike(rule, wanted, cell.text):
                continue
            wrong = [name for name in asked if not _has_neighbour(rule, name, grid, cell)]
            if not wrong:
                return ""
            reason = f"the cell is there, but not {' and '.join(wrong)} of it what should be"
    return reason


def _alike(rule: Mapping[str, Any], wanted: str, text: str) -> bool:
    return fuzz.ratio(wanted, normalized(text)) / 100 >= max(0.5, _least(rule, wanted))


def _has_neighbour(rule: Mapping[str, Any], name: str, grid: Grid, cell: Cell) -> bool:
    wanted = normalized(rule[name])
    return any(
        _alike(rule, wanted, other.text)
        for r, row in enumerate(grid)
        for c, place in enumerate(row)
        if place is cell
        for other in _neighbours(grid, r, c, name)
    )


def _neighbours(grid: Grid, row: int, column: int, name: str) -> Sequence[Cell]:
    """The next cell on that side of a place, or all headings on it."""
    down, right = _STEPS[_HEADINGS.get(name, name)]
    own, found = grid[row][column], []
    row, column = row + down, column + right
    while 0 <= row < len(grid) and 0 <= column < len(grid[row]):
        cell = grid[row][column]
        if cell is not None and cell is not own:
            found.append(cell)
        row, column = row + down, column + right
    return [cell for cell in found if cell.heading] if name in _HEADINGS else found[:1]
