"""Set a page upright, then read its text from its text layer, from its pixels, or from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from structure.core.analysis import Notice, TextLine
from structure.core.crops import cut
from structure.core.geometry import Affine, Box
from structure.core.images import PageImage, RGBImage
from structure.core.lines import move_line
from structure.ocr import ReadText
from structure.orientation import Orientation, deskew, estimate_skew, upright
from structure.reading import layer_agrees, probe_lines

Turn = Literal[0, 90, 180, 270]

TextSource = Literal["ocr", "text", "mixed", "none"]
"""Where the text of a page came from; "none" for a page without text."""

MIN_SKEW = 0.12
"""Degrees under which a page is left as it is: turning it costs sharpness and gains nothing."""


class FindTurn(Protocol):
    """How far each page is turned."""

    def __call__(self, pages: Sequence[RGBImage]) -> list[Orientation]:
        """One orientation per page."""
        ...


@dataclass(frozen=True, slots=True)
class Upright:
    """A page that stands straight, with the way back to the page as read.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        lines: Of the text layer, in pixels of the upright page; None where there is none.
        unread: Pictures that may hold text which the layer lacks, likewise.
        turn: Degrees that the content was found turned clockwise.
        skew: Small angle in degrees by which it leaned counter-clockwise.
        to_page: From pixels of the upright page to those of the page as read.
    """

    pixels: RGBImage
    lines: tuple[TextLine, ...] | None
    unread: tuple[Box, ...]
    turn: Turn
    skew: float
    to_page: Affine
    notices: tuple[Notice, ...] = ()


def set_upright(page: PageImage, find_turn: FindTurn) -> Upright:
    """Turn by quarters, then by the small angle that is left; a text layer turns with its page."""
    notices: list[Notice] = []
    if page.lines is not None:
        # The text layer knows which way its text runs, better than any classifier.
        turn = _layer_turn(page.lines)
    else:
        (seen,) = find_turn([page.pixels])
        turn = seen.turn if seen.sure else 0
        if not seen.sure:
            notices.append(Notice("W_ORIENTATION", "it is unsure which way the page stands"))
    pixels, back = upright(page.pixels, turn)
    skew = 0.0
    if page.lines is None:
        skew = estimate_skew(pixels)
        if abs(skew) >= MIN_SKEW:
            pixels, straighten_back = deskew(pixels, skew)
            back = straighten_back.then(back)
        else:
            skew = 0.0
    forward = back.inverse()
    lines = None
    if page.lines is not None:
        lines = tuple(move_line(line, forward, turned=turn) for line in page.lines)
    unread = tuple(forward.box(box) for box in page.unread)
    return Upright(pixels, lines, unread, turn, skew, back, tuple(notices))


def _layer_turn(lines: Sequence[TextLine]) -> Turn:
    """How far clockwise most characters of a text layer are turned."""
    weights = {0: 0, 90: 0, 180: 0, 270: 0}
    for line in lines:
        weights[round(-line.angle / 90) * 90 % 360] += len(line.text)
    return cast(Turn, max(weights, key=lambda turn: (weights[turn], -turn)))


def read_text(page: Upright, read: ReadText) -> tuple[list[TextLine], TextSource, list[Notice]]:
    """The lines of a page in pixels of the upright page, where they came from, and remarks."""
    notices: list[Notice] = []
    if page.lines is not None:
        if _layer_holds(page.lines, page.pixels, read):
            seen = [line for box in page.unread for line in _read_part(page.pixels, box, read)]
            extra = [line for line in seen if not _is_known(line, page.lines)]
            lines = [*page.lines, *extra]
            source: TextSource = "mixed" if extra else "text" if lines else "none"
            return lines, source, notices
        notices.append(
            Notice("W_TEXT_LAYER", "the text layer does not say what the page shows; it was read")
        )
    lines = read(page.pixels)
    return lines, "ocr" if lines else "none", notices


def _layer_holds(lines: Sequence[TextLine], pixels: RGBImage, read: ReadText) -> bool:
    """Whether a few lines of the text layer, read from their pixels, say the same."""
    probes = probe_lines(lines)
    if not probes:
        return True
    crops = [cut(pixels, probe.box.padded(0.15 * probe.box.height)) for probe in probes]
    readings = read.read_lines([crop.pixels for crop in crops])
    return layer_agrees([(p.text, text) for p, (text, _) in zip(probes, readings, strict=True)])


def _is_known(line: TextLine, known: Sequence[TextLine]) -> bool:
    """Whether a line read from a picture is text that the layer has laid over that picture."""
    covered = sum(line.box.intersection(other.box).area for other in known)
    return covered > 0.5 * line.box.area


def _read_part(pixels: RGBImage, box: Box, read: ReadText) -> list[TextLine]:
    crop = cut(pixels, box)
    if min(crop.pixels.shape[:2]) < 8:
        return []
    way = Affine.shift(crop.box.x0, crop.box.y0)
    return [move_line(line, way) for line in read(crop.pixels)]
