"""Pictures of tables to grids of cells with their text."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Self

from structure.core.analysis import Notice, Table, TextLine
from structure.core.errors import ConfigError
from structure.core.geometry import Affine, Box, union
from structure.core.grid import Grid, arrange
from structure.core.images import RGBImage
from structure.core.lines import move_box, move_line
from table.columns import only_columns, split_columns
from table.cutting import LONG, cut, pieces_needed, rows_of_lines, text_rows
from table.decoder import Decoded, TokenDecoder
from table.encoder import Encode, GraphEncoder, TorchEncoder
from table.matching import fill
from table.postprocess import EMPTY, Structure, read_structure, stack
from table.preprocess import Prepared, prepare, to_input
from table.rows import split_rows
from table.ruling import drawn_cells, drawn_lines, with_drawn_borders, with_drawn_cells
from table.text_grid import grid_against, grid_of_text
from table.weights import RELEASED

SURE = 0.85
"""A structure whose least sure token is below this should be looked at."""

FULL = 450
"""A sequence longer than this is near the end of what the network was trained for."""


LOST_ROWS = 0.1
"""Where the rows of the network differ from clear rows of text by more, the text is right."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was found in one picture, in its pixels.

    Attributes:
        table: The table; its grid is empty where none was found.
        leftovers: Text lines in the picture that belong to no cell: captions, notes, page
            furniture.
    """

    table: Table
    leftovers: tuple[TextLine, ...] = ()

    def shifted(self, dx: float, dy: float) -> Recognition:
        """Moved by (dx, dy): from the crop to its page."""
        return _moved(self, Affine.shift(dx, dy))


class TableRecognizer:
    """SLANet with its pre- and postprocessing.

    Args:
        encode: Pictures to features.
        decode: Features to tokens.
        vocabulary: Tokens in the order of their ids.
        square: Whether cell boxes are fractions of the padded square (SLANet-plus).
        threads: CPU threads of the OCR engine where it is needed.
    """

    def __init__(
        self,
        encode: Encode,
        decode: Callable[..., Decoded],
        vocabulary: Sequence[str],
        *,
        square: bool = True,
        threads: int = 1,
    ) -> None:
        self._encode, self._decode = encode, decode
        self._vocabulary, self._square, self._threads = tuple(vocabulary), square, threads
        self._read: Callable[[RGBImage], list[TextLine]] | None = None

    @classmethod
    def from_pretrained(
        cls,
        name: str = "slanet-plus",
        folder: Path | None = None,
        *,
        device: str = "cpu",
        threads: int = 1,
    ) -> Self:
        """Load released weights.

        Args:
            name: One of `table.weights.RELEASED`.
            folder: Where its file lies; None for the package itself.
            device: "cpu", or a torch device.
            threads: CPU threads of one call.

        Raises:
            ConfigError: no weights have this name.
            ModelError: the file is missing or damaged, or there is no such device.
        """
        if name not in RELEASED:
            raise ConfigError(f"no table weights named {name!r}", hint=f"one of {sorted(RELEASED)}")
        released = RELEASED[name].at(folder)
        weights = released.read().arrays
        encode: Encode
        if device == "cpu":
            encode = GraphEncoder(released.graph, threads=threads)
        else:
            encode = TorchEncoder(weights, released.path, device)
        decode = TokenDecoder(weights, released.labels)
        return cls(encode, decode, released.labels, threads=threads)

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        square: bool = True,
        device: str = "cpu",
        threads: int = 1,
    ) -> Self:
        """Load weights of your own; they run in torch.

        Args:
            path: `.safetensors` with the names of `table.network.SLANet`, or `.onnx` or `.pdparams`
                from Paddle.
            square: Whether cell boxes are fractions of the padded square (SLANet-plus), not of the
                picture's own sides (the SLANet of PP-StructureV2).
            device: A torch device.
            threads: CPU threads of the OCR engine where it is needed.

        Raises:
            ModelError: the file cannot be read or holds another network, or there is no such
                device.
        """
        # Imported here: it needs torch.
        from table.importing import read_weights

        source = Path(path)
        file = read_weights(source)
        encode = TorchEncoder(file.arrays, source, device)
        decode = TokenDecoder(file.arrays, file.labels)
        return cls(encode, decode, file.labels, square=square, threads=threads)

    def __call__(
        self, crops: Sequence[RGBImage], lines: Sequence[Sequence[TextLine]] | None = None
    ) -> list[Recognition]:
        """Recognise tables.

        Args:
            crops: Pictures of one table each, (H, W, 3) uint8 RGB.
            lines: For each picture its text lines, in its pixels: from OCR or from a text layer.
                None reads the pictures with the default OCR engine.

        Returns:
            One recognition per picture.

        Raises:
            ValueError: `lines` has another length than `crops`.
        """
        if lines is not None and len(lines) != len(crops):
            raise ValueError(f"{len(lines)} lists of lines for {len(crops)} pictures")
        pictures = [prepare(crop) for crop in crops]
        wholes = iter(self._structures([picture for picture in pictures if not picture.blank]))
        found = []
        for i, picture in enumerate(pictures):
            own = self._lines(picture) if lines is None else _into(lines[i], picture)
            structure = EMPTY if picture.blank else self._in_pieces(picture, next(wholes), own)
            found.append(_finish(picture, structure, own))
        return found

    def _structures(self, pictures: Sequence[Prepared]) -> list[Structure]:
        features = self._encode([to_input(picture.pixels) for picture in pictures])
        return [
            read_structure(
                self._decode(own),
                self._vocabulary,
                picture.pixels.shape[1],
                picture.pixels.shape[0],
                square=self._square,
            )
            for picture, own in zip(pictures, features, strict=True)
        ]

    def _in_pieces(
        self, picture: Prepared, whole: Structure, lines: Sequence[TextLine]
    ) -> Structure:
        """The structure of a long table, read in pieces; `whole` where it is short."""
        rows = text_rows(picture.pixels)
        by_lines = rows_of_lines(lines)
        if len(by_lines) > 2 * len(rows):
            rows = by_lines  # the ink runs through, from a ground or from rules
        if len(rows) < LONG and not whole.truncated and whole.tokens <= FULL:
            return whole
        least = pieces_needed(len(rows), max(whole.cols, round(len(lines) / max(1, len(rows)))))
        best, agreement = whole, 0.0
        # A piece with another number of columns is suspect: other cuts may do better.
        for count in (least, least + 1):
            pieces = cut(picture, rows, count)
            back = picture.to_crop.inverse()
            read = [
                structure.shifted(*piece.to_crop.then(back).point(0, 0))
                for piece, structure in zip(pieces, self._structures(pieces), strict=True)
            ]
            columns = [structure.cols for structure in read]
            agreeing = columns.count(max(columns, key=columns.count)) / len(columns)
            if agreeing > agreement:
                best, agreement = stack(read), agreeing
            if agreement == 1:
                break
        return best

    def _lines(self, picture: Prepared) -> list[TextLine]:
        if self._read is None:
            # Imported here: callers with lines of their own need no OCR engine.
            from structure.ocr import default_reader

            self._read = default_reader(threads=self._threads)
        return [] if picture.blank else self._read(picture.pixels)


def _finish(picture: Prepared, structure: Structure, lines: Sequence[TextLine]) -> Recognition:
    grid, repairs = arrange(structure.rows)
    if structure.score < SURE and (dense := _dense(grid, lines)) is not None:
        grid, repairs = dense, ["rows and columns taken from the text"]
    if (by_text := only_columns(grid, lines) or split_columns(grid, lines)) is not None:
        grid, repairs = by_text, [*repairs, "columns taken from the text"]
    em = median(line.box.height for line in lines) if lines else 0.0
    drawn = drawn_lines(picture.pixels, em) if em >= 1 else None
    exact = with_drawn_cells(grid, drawn) if drawn else None
    cells = drawn_cells(picture.pixels, lines, em) if drawn else None
    if cells is not None and (with_cells := with_drawn_borders(exact or grid, cells.grid)):
        exact = with_cells
    else:
        cells = None
    filled = fill(exact or grid, lines, drawn=exact is not None)
    if exact is None and by_text is None and (parted := split_columns(filled.grid, lines)):
        # The boxes of the network may miss the rows, those of the text in its cells do not.
        grid, repairs = parted, [*repairs, "columns taken from the text"]
        filled = fill(grid, lines)
    if exact is None and (whole := grid_against(filled.grid, filled.lines)) is not None:
        repairs = [*repairs, "rows and columns taken from the text"]
        filled = fill(whole, lines)
    elif exact is None and (apart := split_rows(filled.grid, lines)) is not None:
        repairs = [*repairs, "rows taken from the text"]
        filled = fill(apart, lines)
    boxes = [cell.box for cell in filled.grid.cells if cell.box is not None]
    notices = [Notice("W_TABLE_REPAIRED", repair) for repair in repairs]
    if structure.truncated:
        notices.append(Notice("W_TABLE_TRUNCATED", "the table may go on"))
    doubtful = structure.truncated or structure.fixes > 0 or structure.score < SURE
    table = Table(
        box=union(boxes) if boxes else Box(0, 0, picture.pixels.shape[1], picture.pixels.shape[0]),
        grid=filled.grid,
        score=structure.score,
        # A table of one cell is hardly a table.
        needs_review=doubtful or bool(notices) or len(grid.cells) == 1,
        lines=filled.lines,
        ruled=drawn is not None,
        xs=cells.xs if cells else (),
        ys=cells.ys if cells else (),
        notices=tuple(notices),
    )
    return _moved(Recognition(table, filled.leftovers), picture.to_crop)


def _dense(grid: Grid, lines: Sequence[TextLine]) -> Grid | None:
    """The grid of the text where the network has lost count of many clear rows."""
    by_text = grid_of_text(lines)
    if by_text is None or abs(by_text.rows - grid.rows) <= LOST_ROWS * by_text.rows:
        return None
    return by_text


def _into(lines: Sequence[TextLine], picture: Prepared) -> list[TextLine]:
    way = picture.to_crop.inverse()
    return [move_line(line, way) for line in lines]


def _moved(found: Recognition, way: Affine) -> Recognition:
    table = found.table
    straight = way.b == 0 and way.c == 0
    cells = tuple(
        replace(cell, box=move_box(cell.box, way) if cell.box is not None else None)
        for cell in table.grid.cells
    )
    return Recognition(
        replace(
            table,
            box=move_box(table.box, way),
            grid=Grid(table.grid.rows, table.grid.cols, cells),
            lines=tuple(move_line(line, way) for line in table.lines),
            xs=tuple(way.point(x, 0)[0] for x in table.xs) if straight else (),
            ys=tuple(way.point(0, y)[1] for y in table.ys) if straight else (),
        ),
        tuple(move_line(line, way) for line in found.leftovers),
    )
