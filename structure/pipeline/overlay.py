"""Pictures that show what was found on a page: regions, lines, cells, reading order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from structure.core.analysis import Label, PageAnalysis, Region
from structure.core.document import Document
from structure.core.errors import OutputError
from structure.core.geometry import Box
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.core.output import write_atomic
from structure.orientation import deskew, upright

Colour = tuple[int, int, int]

COLOURS: dict[Label, Colour] = {
    Label.TEXT: (70, 110, 200),
    Label.TITLE: (200, 40, 40),
    Label.LIST: (30, 130, 160),
    Label.FIGURE: (150, 60, 170),
    Label.FIGURE_CAPTION: (190, 110, 200),
    Label.TABLE: (20, 140, 60),
    Label.TABLE_CAPTION: (100, 170, 80),
    Label.HEADER: (130, 130, 130),
    Label.FOOTER: (130, 130, 130),
    Label.REFERENCE: (170, 120, 40),
    Label.EQUATION: (210, 120, 0),
}
LINE: Colour = (240, 170, 60)
CELL: Colour = (20, 140, 60)
ORDER: Colour = (200, 0, 90)


def draw_regions(pixels: RGBImage, regions: Sequence[Region]) -> bytes:
    """A PNG of the page with a box, a label and a score per region."""
    canvas = pixels.copy()
    _draw_regions(canvas, regions)
    return _png(canvas)


class OverlayFolder:
    """One PNG per page, `page-001.png` and so on, in a folder.

    Raises:
        OutputError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"the folder cannot be made ({error.strerror})", path=folder
            ) from error
        self._folder = folder

    def add(self, page: PageImage | PageFailure, found: PageAnalysis) -> None:
        """Draw what was found on a page; a failed page gets no picture."""
        if isinstance(page, PageFailure) or found.failure is not None:
            return
        pixels, _ = upright(page.pixels, found.turn)
        if found.skew:
            pixels, _ = deskew(pixels, found.skew)
        canvas = np.ascontiguousarray(pixels).copy()
        for line in (*found.lines, *(x for picture in found.pictures for x in picture.lines)):
            _box(canvas, line.box, LINE, 1)
        for table in found.tables:
            for cell in table.grid.cells:
                if cell.box is not None:
                    _box(canvas, cell.box, CELL, 1)
        _draw_regions(canvas, found.regions)
        write_atomic(self._path(found.number), _png(canvas))

    def add_order(self, document: Document) -> None:
        """Number the blocks of each page in reading order and join them by a line."""
        for page in document.pages:
            path = self._path(page.n)
            if page.failure is not None or not path.is_file():
                continue
            encoded = np.frombuffer(path.read_bytes(), np.uint8)
            canvas = cv2.cvtColor(cv2.imdecode(encoded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
            scale = canvas.shape[1] / page.w
            boxes = [block.box.scaled(scale) for block in document.body if block.page == page.n]
            for number, box in enumerate(boxes, start=1):
                x, y = round(box.x0), round(box.y0)
                if number > 1:
                    before = boxes[number - 2]
                    cv2.line(canvas, (round(before.x0), round(before.y0)), (x, y), ORDER, 1)
                _label(canvas, str(number), x, y, ORDER)
            write_atomic(path, _png(canvas))

    def _path(self, number: int) -> Path:
        return self._folder / f"page-{number:03d}.png"


def _draw_regions(canvas: RGBImage, regions: Sequence[Region]) -> None:
    thick = max(2, canvas.shape[1] // 600)
    for region in regions:
        colour = COLOURS[region.label]
        _box(canvas, region.box, colour, thick)
        x, y = round(region.box.x1), round(region.box.y0)
        _label(canvas, f"{region.label} {region.score:.2f}", x, y, colour, right=True)


def _box(canvas: RGBImage, box: Box, colour: Colour, thick: int) -> None:
    x0, y0, x1, y1 = (round(value) for value in box.as_tuple())
    cv2.rectangle(canvas, (x0, y0), (x1, y1), colour, thick)


def _label(
    canvas: RGBImage, text: str, x: int, y: int, colour: Colour, *, right: bool = False
) -> None:
    size = max(0.4, canvas.shape[1] / 2400)
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    left = x - width if right else x
    cv2.rectangle(canvas, (left, y - height - 4), (left + width + 4, y), colour, -1)
    white = (255, 255, 255)
    cv2.putText(
        canvas, text, (left + 2, y - 3), cv2.FONT_HERSHEY_SIMPLEX, size, white, 1, cv2.LINE_AA
    )


def _png(pixels: RGBImage) -> bytes:
    done, data = cv2.imencode(".png", pixels[:, :, ::-1])
    if not done:
        raise ValueError("the picture could not be encoded")
    return data.tobytes()
