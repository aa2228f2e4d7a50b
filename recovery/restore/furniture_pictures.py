"""Pictures that recur at the edge of pages: logos of journals and firms."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recovery.restore.furniture import Running, recurs
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Sheet
from structure.core.analysis import Label, Picture
from structure.core.document import FurnitureType
from structure.core.geometry import Box

_LOGO = 0.15
"""Share of the page height, above and below, in which a picture may be furniture."""
_SAME_BOX = 0.8
"""Two pictures stand at one place where so much of both boxes together is common ..."""
_SHIFT = 0.01
"""... or would be, were one sheet not that much of its height off on the scanner."""
_DIFFERENCE = 25.0
"""Mean difference in grey levels, of 255, up to which two small views are of one picture."""
_VIEW = (24, 12)


def find_pictures(sheets: Sequence[Sheet], options: RestoreOptions) -> list[Running]:
    """Pictures that recur at one place at the edge of pages: the logo of a journal or a firm."""
    if not options.furniture or len(sheets) < 2:
        return []
    outer = [
        (sheet, picture)
        for sheet in sheets
        for picture in sheet.analysis.pictures
        if picture.label == Label.FIGURE and _is_at_edge(picture.box.scaled(sheet.scale), sheet)
    ]
    clusters: list[list[tuple[Sheet, Picture]]] = []
    for sheet, picture in outer:
        for cluster in clusters:
            if _is_same_picture(cluster[0], (sheet, picture)):
                cluster.append((sheet, picture))
                break
        else:
            clusters.append([(sheet, picture)])
    return [
        Running(sheet.number, _side(picture, sheet), (), "left", f"p{k}", picture, sheet.scale)
        for k, cluster in enumerate(clusters, start=1)
        if recurs({sheet.number for sheet, _ in cluster}, sheets, options)
        for sheet, picture in cluster
    ]


def _side(picture: Picture, sheet: Sheet) -> FurnitureType:
    return "header" if picture.box.center[1] * sheet.scale < sheet.height / 2 else "footer"


def _is_at_edge(box: Box, sheet: Sheet) -> bool:
    return box.height <= _LOGO * sheet.height and (
        box.y1 <= _LOGO * sheet.height or box.y0 >= (1 - _LOGO) * sheet.height
    )


def _is_same_picture(a: tuple[Sheet, Picture], b: tuple[Sheet, Picture]) -> bool:
    one, two = (picture.box.scaled(sheet.scale) for sheet, picture in (a, b))
    (x, y), (to_x, to_y) = two.center, one.center
    if max(abs(to_x - x), abs(to_y - y)) <= _SHIFT * a[0].height:
        two = two.shifted(to_x - x, to_y - y)
    if one.iou(two) < _SAME_BOX:
        return False
    views = _view(a[1]), _view(b[1])
    return float(np.abs(views[0] - views[1]).mean()) <= _DIFFERENCE


def _view(picture: Picture) -> NDArray[np.float64]:
    """A small grey view of a picture; plain white where it cannot be read."""
    with contextlib.suppress(OSError, ValueError, Image.DecompressionBombError):
        with Image.open(io.BytesIO(picture.data)) as image:
            image.draft("L", (4 * _VIEW[0], 4 * _VIEW[1]))
            small = image.convert("L").resize(_VIEW, Image.Resampling.BOX)
        return np.asarray(small, dtype=np.float64)
    return np.full(_VIEW[::-1], 255.0)
