"""Labels of the detector that the text of a region does not bear out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from layout.domain import settle
from structure.core.analysis import Label, Region, TextLine, Word
from structure.core.geometry import Box, union

WORDS = "the quick brown fox jumps over a lazy dog and then it rests for quite a while again"


def line(text: str, x: float, y: float, size: float = 24) -> TextLine:
    words, at = [], x
    for part in text.split():
        words.append(Word(part, Box(at, y, at + 0.5 * size * len(part), y + size)))
        at = words[-1].box.x1 + 0.4 * size
    return TextLine(text, union(w.box for w in words), 0.99, tuple(words), size=1.2 * size)


def labels(label: Label, own: list[TextLine], *, score: float = 0.95) -> set[Label]:
    """What becomes of a region over `own` on a page of running text."""
    prose = [line(WORDS, 100, 300 + 34 * k) for k in range(8)]
    text = Region(union(p.box for p in prose), Label.TEXT, 0.95)
    region = Region(union(o.box for o in own), label, score)
    lines = [*prose, *own]
    settled = settle([text, region], lines, np.full((1754, 1240, 3), 255, np.uint8))
    owners = settled.line_regions[len(prose) :]
    return {settled.regions[i].label for i in owners if i is not None}


def test_running_text_over_a_table_is_no_caption() -> None:
    own = [line(WORDS, 100, 700), line("and sleeps near the harbour.", 100, 734)]
    assert labels(Label.TABLE_CAPTION, own) == {Label.TEXT}


def test_a_numbered_heading_over_a_table_is_no_caption() -> None:
    assert labels(Label.TABLE_CAPTION, [line("2. Enterprise", 100, 700)]) == {Label.TITLE}


def test_large_type_over_a_table_is_no_caption() -> None:
    own = [line("Annex: measures and costs", 100, 700, 31)]
    assert labels(Label.TABLE_CAPTION, own) == {Label.TITLE}


def test_captions_stay_captions() -> None:
    for text in (
        "Table 2. Balance sheet, 31 December",
        "TABLE V",
        "\u8868 1 \u56fe\u4e66",
        "Costs",
    ):
        assert labels(Label.TABLE_CAPTION, [line(text, 100, 700)]) == {Label.TABLE_CAPTION}


def test_small_print_alone_at_the_bottom_is_a_footer() -> None:
    own = [line("Tamm Print Ltd. IBAN GB26 NWBK 5147", 400, 1690, 18)]
    assert labels(Label.TITLE, own) == {Label.FOOTER}


def test_a_title_in_its_own_type_stays_one_even_at_the_bottom() -> None:
    assert labels(Label.TITLE, [line("Next steps", 100, 1650, 30)]) == {Label.TITLE}


def test_a_line_that_a_signature_makes_high_is_no_title() -> None:
    signed = line("Managing Director", 100, 700)
    high = replace(signed, box=Box(100, 694, signed.box.x1, 732))
    lines = [*(line("short and loose", 100, 100 + 90 * k) for k in range(5)), high]
    settled = settle([], lines, np.full((1754, 1240, 3), 255, np.uint8))
    assert {r.label for r in settled.regions} == {Label.TEXT}
    larger = replace(high, size=40.0)
    settled = settle([], [*lines[:-1], larger], np.full((1754, 1240, 3), 255, np.uint8))
    assert Label.TITLE in {r.label for r in settled.regions}
