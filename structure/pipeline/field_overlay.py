"""Pictures that show which field was read where."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from kie import FieldValue, KieResult
from kie.serializing import plain
from structure.core.errors import OutputError
from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.core.output import write_atomic

Colour = tuple[int, int, int]
ACCEPTED: Colour = (20, 140, 60)
DOUBTFUL: Colour = (220, 120, 0)
KEY: Colour = (70, 110, 200)
ITEM: Colour = (150, 60, 170)


def write_page(folder: Path, name: str, pixels: RGBImage) -> None:
    """Keep a page as a PNG to draw on later.

    Raises:
        OutputError: the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"the folder cannot be made ({error.strerror})", path=folder) from error
    write_atomic(folder / name, _png(pixels))


def draw_fields(folder: Path, name: str, result: KieResult, number: int) -> None:
    """Draw the fields, line items and pairs of a page on its picture.

    Args:
        folder: Where `write_page` put it.
        name: Likewise.
        result: Of the whole file.
        number: Of the page.
    """
    path = folder / name
    encoded = np.frombuffer(path.read_bytes(), np.uint8)
    canvas = cv2.cvtColor(cv2.imdecode(encoded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    for part in result.parts or (result,):
        for pair in part.pairs:
            if pair.page == number and not part.fields:
                _box(canvas, pair.key_box, KEY, 1)
                if pair.value_box is not None:
                    _box(canvas, pair.value_box, ACCEPTED, 1)
                    start, end = pair.key_box.center, pair.value_box.center
                    cv2.line(canvas, _pixel(start), _pixel(end), KEY, 1, cv2.LINE_AA)
        for item in part.line_items:
            for cell in item.values():
                if cell.page == number:
                    for box in cell.boxes:
                        _box(canvas, box, ITEM, 1)
        for field in part.fields.values():
            if field.page == number and field.boxes:
                _field(canvas, field)
    write_atomic(path, _png(canvas))


def _field(canvas: RGBImage, field: FieldValue) -> None:
    colour = ACCEPTED if field.accepted else DOUBTFUL
    thick = max(2, canvas.shape[1] // 900)
    for box in field.boxes:
        _box(canvas, box.padded(2), colour, thick)
    shown = (plain(field.value) or "").encode("ascii", "replace").decode()[:28]
    text = f"{field.name} {shown} {field.score:.2f}"
    first = field.boxes[0]
    size = max(0.35, canvas.shape[1] / 3200)
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    x = min(round(first.x0), max(0, canvas.shape[1] - width - 4))
    y = max(round(first.y0) - 3, height + 4)
    cv2.rectangle(canvas, (x, y - height - 4), (x + width + 4, y), colour, -1)
    white = (255, 255, 255)
    cv2.putText(canvas, text, (x + 2, y - 3), cv2.FONT_HERSHEY_SIMPLEX, size, white, 1, cv2.LINE_AA)


def _box(canvas: RGBImage, box: Box, colour: Colour, thick: int) -> None:
    x0, y0, x1, y1 = (round(value) for value in box.as_tuple())
    cv2.rectangle(canvas, (x0, y0), (x1, y1), colour, thick)


def _pixel(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _png(pixels: RGBImage) -> bytes:
    done, data = cv2.imencode(".png", pixels[:, :, ::-1])
    if not done:
        raise ValueError("the picture could not be encoded")
    return data.tobytes()
