from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from structure.core.images import RGBImage
from structure.orientation import (
    Orientation,
    OrientationClassifier,
    deskew,
    estimate_skew,
    upright,
)
from structure.orientation.postprocess import decide, softmax
from structure.orientation.preprocess import parts, to_batch


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([0.92, 0.03, 0.03, 0.02], (0, True)),
        ([0.03, 0.92, 0.03, 0.02], (90, True)),
        ([0.02, 0.03, 0.92, 0.03], (180, True)),
        ([0.02, 0.03, 0.03, 0.92], (270, True)),
        ([0.25, 0.25, 0.25, 0.25], (0, False)),
        ([0.39, 0.0, 0.61, 0.0], (0, False)),
        ([0.0, 0.45, 0.55, 0.0], (0, False)),
        ([0.2, 0.0, 0.8, 0.0], (180, True)),
    ],
)
def test_only_a_clear_turn_is_made(probabilities: list[float], expected: tuple[int, bool]) -> None:
    found = decide(np.array(probabilities, np.float32))
    assert (found.turn, found.sure) == expected
    assert found.score == pytest.approx(max(probabilities))


def test_probabilities_of_large_logits_are_finite() -> None:
    found = softmax(np.array([[1000.0, 0, -1000, 0]], np.float32))
    assert found.tolist() == [[1, 0, 0, 0]]


def test_the_middle_of_the_page_is_looked_at() -> None:
    page = np.zeros((256, 512, 3), np.uint8)
    page[16:240, 144:368] = (255, 128, 0)
    batch = to_batch([page])
    assert batch.shape == (1, 3, 224, 224)
    expected = [(1 - 0.485) / 0.229, (128 / 255 - 0.456) / 0.224, -0.406 / 0.225]
    for plane, value in zip(batch[0], expected, strict=True):
        assert plane == pytest.approx(np.full((224, 224), value), abs=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (5, 7), (900, 600)])
def test_pages_of_any_size_have_parts_and_a_middle(size: tuple[int, int]) -> None:
    page = np.zeros((*size, 3), np.uint8)
    pieces = parts(page)
    assert 4 <= len(pieces) <= 16
    assert all(piece.size for piece in pieces)
    assert to_batch([page, *pieces]).shape == (1 + len(pieces), 3, 224, 224)


def test_an_unclear_page_is_looked_at_in_parts() -> None:
    seen: list[int] = []

    def network(batch: np.ndarray) -> tuple[np.ndarray, ...]:
        seen.append(len(batch))
        unclear, clear = [1.0, 0, 0, 1.2], [0.0, 0, 9, 0]
        return (np.array([unclear if len(seen) == 1 else clear] * len(batch), np.float32),)

    (found,) = OrientationClassifier(network)([np.zeros((100, 100, 3), np.uint8)])
    assert seen == [1, 4]
    assert found == Orientation(180, pytest.approx(1, abs=0.01), True)


@pytest.fixture(scope="module")
def classifier() -> OrientationClassifier:
    return OrientationClassifier.from_pretrained()


def test_no_pages_have_no_turns(classifier: OrientationClassifier) -> None:
    assert classifier([]) == []


def test_a_blank_page_stays_and_is_unsure(classifier: OrientationClassifier) -> None:
    (found,) = classifier([np.full((500, 400, 3), 255, np.uint8)])
    assert (found.turn, found.sure) == (0, False)


def read(path: Path) -> Iterator[RGBImage]:
    if path.suffix != ".pdf":
        with Image.open(path) as image:
            yield np.asarray(image.convert("RGB"))
        return
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            yield np.ascontiguousarray(page.render(scale=100 / 72).to_numpy()[..., 2::-1])


def manifest(shared_data: Path, kind: str) -> Iterator[tuple[dict[str, object], Path]]:
    folder = shared_data / "orientation"
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if item["kind"] == kind:
            yield item, folder / item["file"]


# Devanagari, which the network never saw: it stays as it is, and unsure.
UNKNOWN_SCRIPT = {"devatest-rotated-270"}


@pytest.mark.data
def test_turned_pages_are_set_upright(classifier: OrientationClassifier, shared_data: Path) -> None:
    found: dict[str, list[int]] = {}
    expected: dict[str, list[int]] = {}
    for item, path in manifest(shared_data, "turn"):
        name = str(item["id"])
        pages = list(read(path))
        turns = classifier(pages)
        found[name] = [o.turn for o in turns]
        expected[name] = item.get("clockwise_deg_per_page") or [item["clockwise_deg"]]
        if name in UNKNOWN_SCRIPT:
            assert [(o.turn, o.sure) for o in turns] == [(0, False)]
            found[name] = expected[name]
    assert found == expected


@pytest.mark.data
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turning_back_what_was_turned_gives_the_page(
    classifier: OrientationClassifier, shared_data: Path, turn: int
) -> None:
    with Image.open(shared_data / "orientation/skew/deskew-6.png") as image:
        page = np.asarray(image.convert("RGB"))
    turned = np.rot90(page, -turn // 90)
    (found,) = classifier([turned])
    assert (upright(turned, found.turn).pixels == page).all()


@pytest.mark.data
def test_the_lean_of_scans_is_found_to_half_a_degree(shared_data: Path) -> None:
    for item, path in manifest(shared_data, "skew"):
        (page,) = read(path)
        # The manifest says how far to turn counter-clockwise, so the content leans the other way.
        assert estimate_skew(page) == pytest.approx(
            -float(str(item["expected_angle_deg"])), abs=0.5
        )


def test_a_grey_page_is_straightened_like_the_channels_of_a_coloured_one() -> None:
    grey = np.random.default_rng(3).integers(0, 256, (120, 90), np.uint8)
    coloured = np.stack([grey, grey, grey], axis=2)
    straight = deskew(coloured, 1.5).pixels
    coloured[0, 0] = (10, 20, 30)
    assert straight.shape == deskew(coloured, 1.5).pixels.shape
    assert np.array_equal(straight[10:-10, 10:-10], deskew(coloured, 1.5).pixels[10:-10, 10:-10])
