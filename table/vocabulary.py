"""The structure tokens that SLANet speaks, and the grammar of a table made of them.

A plain cell is the one token `<td></td>`; a spanning cell is `<td`, one or two span tokens, `>` and
`</td>`. Text is no part of it. Source: PP-StructureV2, arXiv 2210.05391, section 2.2.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

START, END = "sos", "eos"
PLAIN_CELL, OPEN_CELL = "<td></td>", "<td"
MAX_TOKENS = 501  # what the released weights were trained for: 500 tokens and the end

_SPAN = re.compile(r' (colspan|rowspan)="(\d+)"')


def _spans(name: str) -> tuple[str, ...]:
    return tuple(f' {name}="{count}"' for count in range(2, 21))


CHINESE: tuple[str, ...] = (
    *(START, "<thead>", "</thead>", "<tbody>", "</tbody>", "<tr>", "</tr>"),
    *(OPEN_CELL, ">", "</td>", *_spans("colspan"), *_spans("rowspan"), PLAIN_CELL, END),
)
"""The 50 tokens of SLANet-plus and of the Chinese SLANet; a token's id is its place."""

ENGLISH: tuple[str, ...] = (
    *(START, "<thead>", "<tr>", "</td>", "</tr>", "</thead>", "<tbody>", "</tbody>", OPEN_CELL),
    *(' colspan="5"', ">", ' colspan="2"', ' colspan="3"', ' rowspan="2"', ' colspan="4"'),
    *(' colspan="6"', ' rowspan="3"', ' colspan="9"', ' colspan="10"', ' colspan="7"'),
    *(' rowspan="4"', ' rowspan="5"', ' rowspan="9"', ' colspan="8"', ' rowspan="8"'),
    *(' rowspan="6"', ' rowspan="7"', ' rowspan="10"', PLAIN_CELL, END),
)
"""The 30 tokens of the English SLANet, trained on PubTabNet alone."""

CLOSED = -1
"""The state from which a token may not follow; see `grammar`."""


def span(token: str) -> tuple[str, int] | None:
    """("colspan" or "rowspan", count) for a span token, None for any other."""
    match = _SPAN.fullmatch(token)
    return (match[1], int(match[2])) if match else None


def grammar(vocabulary: Sequence[str]) -> NDArray[np.int8]:
    """The automaton of well-formed tables.

    Returns:
        (states, V) table: the state after a token, or `CLOSED` where the token may not follow.
        State 0 is the start; a finished table is back in state 0.
    """
    names: dict[str, int] = {"start": 0}
    rules = list(_rules())
    for before, _, after in rules:
        names.setdefault(before, len(names))
        names.setdefault(after, len(names))
    following = np.full((len(names), len(vocabulary)), CLOSED, dtype=np.int8)
    for number, token in enumerate(vocabulary):
        kind = span(token)
        for before, label, after in rules:
            if label == (kind[0] if kind else token):
                following[names[before], number] = names[after]
    return following


def _rules() -> Iterator[tuple[str, str, str]]:
    """(state, token or kind of span, next state)."""
    yield from (("start", "<thead>", "thead"), ("start", "<tbody>", "tbody"))
    yield from (("start", "<tr>", "rows/new row"), ("thead", "</thead>", "headed"))
    yield from (("headed", "<tbody>", "tbody"), ("headed", "<tr>", "rows/new row"))
    yield from (("tbody", "</tbody>", "done"), ("headed", END, "start"))
    yield from (("rows", END, "start"), ("done", END, "start"))
    for part in ("thead", "tbody", "rows"):
        yield part, "<tr>", f"{part}/new row"
        for row in ("new row", "row"):
            yield f"{part}/{row}", PLAIN_CELL, f"{part}/row"
            yield f"{part}/{row}", OPEN_CELL, f"{part}/cell"
        yield f"{part}/row", "</tr>", part
        for first, second in (("colspan", "rowspan"), ("rowspan", "colspan")):
            yield f"{part}/cell", first, f"{part}/{first}"
            yield f"{part}/{first}", second, f"{part}/spans"
            yield f"{part}/{first}", ">", f"{part}/empty cell"
        yield f"{part}/spans", ">", f"{part}/empty cell"
        yield f"{part}/empty cell", "</td>", f"{part}/row"
