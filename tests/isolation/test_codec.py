from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.analysis import Label, PageAnalysis, Picture, Region, TextLine, Word
from structure.core.geometry import Box
from structure.core.images import PageFailure, PageImage
from structure.core.limits import Limits
from structure.isolation.codec import BadValueError, decode, encode
from structure.isolation.messages import Assignment, Facts, FailedPage
from structure.isolation.tasks import Outcome, Task, TaskOptions

BOX = Box(1.0, 2.5, 3.0, 4.0)
LINE = TextLine("a \ud800 b", BOX, 0.5, (Word("a", BOX), Word("b", BOX, 0.25, link="x")), size=9.5)
PICTURE = Picture(BOX, b"\0\xff", "image/png", 3, 4, (LINE,), Label.EQUATION)


def a_page() -> PageImage:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    return PageImage(3, pixels, 200.0, lines=(LINE,), unread=(BOX,), embedded=(PICTURE,))


def test_a_page_comes_back_as_it_was() -> None:
    page = a_page()
    found = decode(PageImage, *encode(page))
    assert (found.pixels == page.pixels).all()
    assert replace(found, pixels=page.pixels) == page


def test_pixels_that_lie_upside_down_in_memory_come_back() -> None:
    page = a_page()
    turned = replace(page, pixels=np.rot90(page.pixels))
    assert (decode(PageImage, *encode(turned)).pixels == turned.pixels).all()


def test_an_analysis_a_task_and_an_outcome_come_back_as_they_were() -> None:
    analysis = PageAnalysis(
        2, 100.0, 50.0, 72.0, regions=(Region(BOX, Label.TABLE, 1.0),), lines=(LINE,),
        line_regions=(None,), pictures=(PICTURE,), failure="why",
    )  # fmt: skip
    task = Task("k", Path("a\udcff.pdf"), (Path("b"),), TaskOptions(password="p", pages="1-"))
    for value in (
        analysis,
        PageFailure(3, "why"),
        Assignment(task, 2.5, True, (FailedPage(1, "x"),)),
        Outcome("k", 4, "E_TIME", "m", 1, (2,), outputs=(Path("b"),)),
    ):
        assert decode(type(value), *encode(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_number_that_is_not_finite_passes(value: float) -> None:
    with pytest.raises(BadValueError):
        encode(Region(BOX, Label.TABLE, value))
    data = json.dumps([[1, 2, 3, 4], "table", value]).encode()
    with pytest.raises(BadValueError):
        decode(Region, data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"{}", b"[[1,2,3,4],\"table\"]", b"[[1,2,3],\"table\",1]",
        b"[[1,2,3,4],\"nothing\",1]", b"[[1,2,3,4],[],1]", b"[[1,2,3,4],\"table\",\"1\"]",
        b"[[1,2,3,4],\"table\",true]", b"[" * 10_000, b"[[1,2,3,1" + b"0" * 400 + b"],\"table\",1]",
    ],
)  # fmt: skip
def test_what_does_not_fit_the_type_is_refused(data: bytes) -> None:
    with pytest.raises(BadValueError):
        decode(Region, data)


@pytest.mark.parametrize(
    "pixels",
    [[0, 2, 2, 3], [1, 1, 1, 3], [-1, 1, 1, 3], [0, 1, 1, 4], [0, -1, -1, 3], [0, 0, 0, 3]],
)
def test_pixels_that_are_not_as_many_as_said_are_refused(pixels: list[int]) -> None:
    data, blobs = encode(replace(a_page(), pixels=np.zeros((1, 1, 3), np.uint8)))
    plain = json.loads(data)
    assert plain[1][1:] == [1, 1, 3]
    plain[1] = pixels
    with pytest.raises(BadValueError):
        decode(PageImage, json.dumps(plain).encode(), blobs[:1])


@given(st.integers(0, 10_000))
def test_damaged_data_is_refused_or_a_value_of_the_type(seed: int) -> None:
    dice = random.Random(seed)
    data, blobs = encode(a_page())
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 5)):
        changed[dice.randrange(len(changed))] = dice.choice(b'0123456789[]",.-e{}:ntf')
    try:
        found = decode(PageImage, bytes(changed), blobs)
    except BadValueError:
        return
    assert isinstance(found, PageImage)
    assert math.isfinite(found.dpi)
    assert all(isinstance(line, TextLine) for line in found.lines or ())


@given(st.text(), st.text(), st.lists(st.integers(0, 9)))
def test_any_text_survives(kind: str, reader: str, numbers: list[int]) -> None:
    facts = Facts(kind, "", 1, tuple(numbers), (), (), reader)
    assert decode(Facts, *encode(facts)) == facts


def test_limits_survive() -> None:
    assert decode(Limits, *encode(Limits(page_seconds=1))) == Limits(page_seconds=1)


def test_a_type_without_an_encoding_is_our_own_mistake() -> None:
    @dataclass
    class Odd:
        x: set[int]

    with pytest.raises(BadValueError):
        encode(Odd({1}))
    with pytest.raises(BadValueError):
        encode(replace(a_page(), pixels=np.zeros((1, 1, 3), np.float32)))
