"""Page ranges as users write them: "1-3,7", "5-", "-4"."""

from __future__ import annotations

import re

from structure.core.errors import ConfigError

_RANGE = re.compile(r"\s*(?:(?P<one>\d+)|(?P<first>\d*)\s*-\s*(?P<last>\d*))\s*", re.ASCII)
_MAX_DIGITS = 9


def parse_ranges(text: str) -> list[tuple[int, int | None]]:
    """Read page ranges: numbers and spans separated by commas, counted from 1, ends included.

    Args:
        text: For example "1-3,7" or "5-" (to the end) or "-4" (from the start).

    Returns:
        (first, last) in the order written; last is None for "to the end".

    Raises:
        ConfigError: the text is none of these, a page 0 is named, or a span runs backwards.
    """
    ranges: list[tuple[int, int | None]] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None or part.strip() == "-" or len(part) > 2 * _MAX_DIGITS + 3:
            raise _malformed(text, f"{part.strip()!r} is neither a page nor a range")
        if match["one"]:
            first, last = match["one"], match["one"]
        else:
            first, last = match["first"], match["last"]
        ranges.append(_span(text, part.strip(), int(first or 1), int(last) if last else None))
    return ranges


def _span(text: str, part: str, first: int, last: int | None) -> tuple[int, int | None]:
    if first < 1 or last == 0:
        raise _malformed(text, "pages are counted from 1")
    if last is not None and last < first:
        raise _malformed(text, f"{part!r} runs backwards")
    return first, last


def select_pages(ranges: list[tuple[int, int | None]], count: int) -> tuple[int, ...]:
    """The pages of 1 to `count` that lie in a range, ascending, each once."""
    chosen: set[int] = set()
    for first, last in ranges:
        chosen.update(range(first, min(count, last or count) + 1))
    return tuple(sorted(chosen))


def _malformed(text: str, reason: str) -> ConfigError:
    return ConfigError(
        f"page selection {text[:40]!r}: {reason}",
        hint="write it like 1-3,7 or 5-",
        code="E_PAGES",
    )
