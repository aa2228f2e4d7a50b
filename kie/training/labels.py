"""Pages that people labelled, in the formats of PaddleOCR and XFUND and as plain JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kie.labelled import EntityKind, LabelledEntity, LabelledLink, LabelledPage, LabelledWord
from kie.types import GRID, IntBox
from structure.core.errors import InputError

_KINDS: Mapping[str, EntityKind] = {
    "question": "question",
    "key": "question",
    "answer": "answer",
    "value": "answer",
    "header": "header",
    "title": "header",
}
_NOTHING = frozenset({"", "o", "other", "others", "ignore", "none"})


def read_labels(path: Path) -> list[LabelledPage]:
    """The pages of a file.

    Labels are QUESTION, ANSWER, HEADER and OTHER; any other label is the name of a field.

    Args:
        path: Lines of `name<TAB>[{transcription, label, points, id, linking}, ...]` (PaddleOCR), or
            JSON with `documents` (XFUND), or a JSON list of pages with the attributes of
            `LabelledPage`.

    Raises:
        InputError: missing, or in none of these formats.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", path=path) from error
    try:
        if "\t" in text.partition("\n")[0]:
            pages = [_paddle(line) for line in text.splitlines() if line.strip()]
        else:
            data = json.loads(text)
            pages = [*map(_xfund, data["documents"])] if "documents" in data else [*map(_own, data)]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise InputError(
            f"no labelled pages of a known format ({error})",
            hint="see `kie.training.labels.read_labels`",
            path=path,
        ) from error
    if not pages:
        raise InputError("no labelled pages", path=path)
    return pages


def _paddle(line: str) -> LabelledPage:
    entries = json.loads(line.partition("\t")[2])
    corners = [point for entry in entries for point in entry["points"]]
    # The format does not say how large the page is; the margin is a guess.
    width, height = (1.05 * max((float(c[axis]) for c in corners), default=1) for axis in (0, 1))
    return _page(
        [
            {
                **entry,
                "text": entry["transcription"],
                "box": [
                    f(float(p[k]) for p in entry["points"]) for f in (min, max) for k in (0, 1)
                ],
            }
            for entry in entries
        ],
        width,
        height,
    )


def _hull(points: Sequence[Sequence[float]]) -> list[float]:
    x, y = zip(*points, strict=True)
    return [float(value) for value in (min(x), min(y), max(x), max(y))]


def _xfund(document: Mapping[str, Any]) -> LabelledPage:
    size = document["img"]
    return _page(document["document"], float(size["width"]), float(size["height"]))


def _page(entries: Sequence[Mapping[str, Any]], width: float, height: float) -> LabelledPage:
    """A page whose entries are lines: text, box in pixels, label, id and links."""
    words: list[LabelledWord] = []
    entities: list[LabelledEntity] = []
    numbers: dict[Any, int] = {}
    for line, entry in enumerate(entries):
        first = len(words)
        words += [
            LabelledWord(text, _grid(box, width, height), line) for text, box in _words(entry)
        ]
        label = str(entry.get("label", "")).strip()
        if label.lower() in _NOTHING or first == len(words):
            continue
        kind = _KINDS.get(label.lower())
        numbers[entry.get("id", line)] = len(entities)
        entities.append(
            LabelledEntity(
                len(entities),
                kind or "answer",
                None if kind else label,
                tuple(range(first, len(words))),
                None,
            )
        )
    links = {
        _link(entities, numbers[one], numbers[other])
        for entry in entries
        for one, other in entry.get("linking") or ()
        if one in numbers and other in numbers
    }
    return _labelled(words, entities, [link for link in links if link is not None], width, height)


def _link(entities: Sequence[LabelledEntity], one: int, other: int) -> LabelledLink | None:
    """A link from key to value, whichever way it was stored; None between other kinds."""
    pair = sorted((entities[one], entities[other]), key=lambda e: e.kind, reverse=True)
    if [entity.kind for entity in pair] != ["question", "answer"]:
        return None
    return LabelledLink(pair[0].id, pair[1].id, "key_value")


def _words(entry: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[float]]]:
    """Words with boxes in pixels; where there are none, the line is shared out by characters."""
    given = [word for word in entry.get("words") or () if str(word["text"]).strip()]
    if given:
        for word in given:
            yield str(word["text"]).strip(), word["box"]
        return
    text = str(entry["text"])
    x0, y0, x1, y1 = entry["box"]
    unit = (x1 - x0) / max(1, len(text))
    for match in re.finditer(r"\S+", text):
        yield match.group(), (x0 + match.start() * unit, y0, x0 + match.end() * unit, y1)


def _grid(box: Sequence[float], width: float, height: float) -> IntBox:
    x0, y0, x1, y1 = (
        int(min(max(value * GRID / side, 0), GRID))
        for value, side in zip(box, (width, height, width, height), strict=True)
    )
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _own(data: Mapping[str, Any]) -> LabelledPage:
    """A page with the attributes of `LabelledPage`; what training does not read may be absent."""
    return _labelled(
        [LabelledWord(w["text"], _box(w["box"]), int(w["line"])) for w in data["words"]],
        [
            LabelledEntity(i, e["kind"], e.get("field"), tuple(e["words"]), e.get("row"))
            for i, e in enumerate(data["entities"])
        ],
        [LabelledLink(k["head"], k["tail"], k["kind"]) for k in data.get("links", ())],
        float(data.get("width", 595)),
        float(data.get("height", 842)),
        str(data.get("page_type", "")),
    )


def _box(values: Sequence[int]) -> IntBox:
    x0, y0, x1, y1 = map(int, values)
    return x0, y0, x1, y1


def _labelled(
    words: Sequence[LabelledWord],
    entities: Sequence[LabelledEntity],
    links: Sequence[LabelledLink],
    width: float,
    height: float,
    page_type: str = "",
) -> LabelledPage:
    return LabelledPage(
        tuple(words),
        tuple(entities),
        tuple(sorted(links, key=lambda link: (link.head, link.tail))),
        page_type,
        "",
        "labelled",
        "labelled",
        width,
        height,
        {},
    )
