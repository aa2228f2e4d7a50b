"""What the rendering of a document shares with that of its source; 0 to 1, higher is better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from recovery.score.drawn_words import Drawing, DrawnWord, draw_pages
from structure.core.document import Block, Document, ListBlock, TextBlock
from structure.core.geometry import Box, union

_PLACE_TOLERANCE = 0.03
"""Share of page width and height by which a word may stand elsewhere."""
_DPI = 50
_BLUR = 2.0
_WINDOW, _SIGMA = (11, 11), 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_TOUCH = 0.5

Image = NDArray[np.float64]


def pages(truth: Drawing, found: Drawing) -> float:
    """1 - error of the number of pages / their number."""
    wanted = len(truth.sizes)
    return max(0.0, 1.0 - abs(len(found.sizes) - wanted) / wanted) if wanted else 0.0


def placed(truth: Drawing, found: Drawing, pairs: Mapping[int, int]) -> float | None:
    """Share of the words on the same page, within 3 % of its width and height."""
    if not truth.words:
        return None
    near = sum(_near(truth, truth.words[i], found.words[j]) for i, j in pairs.items())
    return near / len(truth.words)


def align_words(truth: Drawing, found: Drawing) -> dict[int, int]:
    """Index of each word in the other drawing: in order first, then the same word nearby.

    The order in which a page is drawn may differ where the page looks the same.
    """
    pairs: dict[int, int] = {}
    own, other = [w.text for w in truth.words], [w.text for w in found.words]
    for part in Levenshtein.opcodes(own, other):
        if part.tag == "equal":
            for n in range(part.src_end - part.src_start):
                pairs[part.src_start + n] = part.dest_start + n
    taken = set(pairs.values())
    free: dict[tuple[str, int], list[int]] = defaultdict(list)
    for j, word in enumerate(found.words):
        if j not in taken:
            free[word.text, word.page].append(j)
    for i, word in enumerate(truth.words):
        if i not in pairs:
            candidates = free[word.text, word.page]
            near = [j for j in candidates if _near(truth, word, found.words[j])]
            if near:
                best = min(near, key=lambda j: _distance(word.box, found.words[j].box))
                pairs[i] = best
                candidates.remove(best)
    return pairs


def _near(truth: Drawing, one: DrawnWord, two: DrawnWord) -> bool:
    width, height = truth.sizes[one.page - 1]
    (ax, ay), (bx, by) = one.box.center, two.box.center
    return (
        one.page == two.page
        and abs(ax - bx) <= _PLACE_TOLERANCE * width
        and abs(ay - by) <= _PLACE_TOLERANCE * height
    )


def _distance(one: Box, two: Box) -> float:
    (ax, ay), (bx, by) = one.center, two.center
    return abs(ax - bx) + abs(ay - by)


def box_iou(
    document: Document, truth: Drawing, found: Drawing, pairs: Mapping[int, int]
) -> float | None:
    """Mean overlap of the places of blocks, told by their words, on page and in column."""
    members = _members(_places(document), truth.words)
    if not members:
        return None
    return sum(_overlap(own, truth, found, pairs) for own in members) / len(members)


def _overlap(own: Sequence[int], truth: Drawing, found: Drawing, pairs: Mapping[int, int]) -> float:
    number = truth.words[own[0]].page
    there = [
        found.words[pairs[i]].box
        for i in own
        if i in pairs and found.words[pairs[i]].page == number
    ]
    return union(truth.words[i].box for i in own).iou(union(there)) if there else 0.0


def _places(document: Document) -> list[tuple[int, Box]]:
    return [place for block in document.body for place in _places_of(block)]


def _places_of(block: Block) -> Iterator[tuple[int, Box]]:
    if isinstance(block, TextBlock) and block.at:
        yield from ((place.page, place.box) for place in block.at)
    elif isinstance(block, ListBlock):
        for item in block.items:
            if item.at:
                yield from ((place.page, place.box) for place in item.at)
            else:
                yield item.page, item.box
    else:
        yield block.page, block.box


def _members(places: Sequence[tuple[int, Box]], words: Sequence[DrawnWord]) -> list[list[int]]:
    """For every place with words their indices; a word belongs to the smallest place around it."""
    members: dict[int, list[int]] = defaultdict(list)
    by_page: dict[int, list[int]] = defaultdict(list)
    for n, (page, _) in enumerate(places):
        by_page[page].append(n)
    for i, word in enumerate(words):
        x, y = word.box.center
        around = [n for n in by_page[word.page] if places[n][1].padded(_TOUCH).contains(x, y)]
        if around:
            members[min(around, key=lambda n: places[n][1].area)].append(i)
    return list(members.values())


def ssim(truth_pdf: bytes, found_pdf: bytes) -> float | None:
    """Mean structural similarity of the pages, grey, at 50 dpi, blurred; missing pages count 0."""
    own, other = draw_pages(truth_pdf, _DPI), draw_pages(found_pdf, _DPI)
    count = max(len(own), len(other))
    if not count:
        return None
    return (
        sum(_similarity(_blurred(a), _blurred(b)) for a, b in zip(own, other, strict=False)) / count
    )


def _blurred(page: NDArray[np.uint8]) -> Image:
    return cv2.GaussianBlur(page.astype(np.float64), (0, 0), _BLUR)


def _similarity(one: Image, two: Image) -> float:
    """SSIM of two pages laid on each other at their top left corners.

    Source: Wang et al., Image quality assessment, IEEE TIP 13(4), 2004.
    """
    height = max(one.shape[0], two.shape[0])
    width = max(one.shape[1], two.shape[1])
    a, b = _on_white(one, height, width), _on_white(two, height, width)
    mean_a, mean_b = _window(a), _window(b)
    var_a, var_b = _window(a * a) - mean_a**2, _window(b * b) - mean_b**2
    both = _window(a * b) - mean_a * mean_b
    top = (2 * mean_a * mean_b + _C1) * (2 * both + _C2)
    bottom = (mean_a**2 + mean_b**2 + _C1) * (var_a + var_b + _C2)
    return max(0.0, float(np.mean(top / bottom)))


def _on_white(page: Image, height: int, width: int) -> Image:
    canvas = np.full((height, width), 255.0)
    canvas[: page.shape[0], : page.shape[1]] = page
    return canvas


def _window(values: Image) -> Image:
    return cv2.GaussianBlur(values, _WINDOW, _SIGMA)
