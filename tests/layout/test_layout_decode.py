from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.labels import CDLA, PUBLAYNET, to_labels
from layout.metrics import average_precision, match
from layout.postprocess import STRIDES, Cells, decode, integral, resolve, suppress, to_regions
from layout.preprocess import resize, to_batch
from structure.core.analysis import Label, Region
from structure.core.errors import ModelError
from structure.core.geometry import Box

SIZE = (128, 64)
GRID = [(16, 8), (8, 4), (4, 2), (2, 1)]


def empty_output(classes: int = 2) -> tuple[list[np.ndarray], list[np.ndarray]]:
    logits = [np.full((h * w, classes), -9, np.float32) for h, w in GRID]
    edges = [np.zeros((h * w, 32), np.float32) for h, w in GRID]
    return logits, edges


def test_the_mean_of_an_edge_matches_the_reference() -> None:
    edges = (0.5 * np.sin(0.9 * np.arange(32))).astype(np.float32)[None]
    expected = [3.0608907, 3.2314572, 3.6196470, 3.9114873]
    assert integral(edges)[0].tolist() == pytest.approx(expected, abs=1e-6)


def test_an_edge_that_is_sure_of_one_bin_lies_there() -> None:
    edges = np.zeros((1, 4, 8), np.float32)
    edges[0, range(4), [0, 7, 3, 1]] = 1000
    assert integral(edges.reshape(1, 32))[0].tolist() == [0, 7, 3, 1]


def test_a_cell_is_decoded_around_its_middle() -> None:
    logits, edges = empty_output()
    logits[1][2 * 4 + 3] = [0, 3]
    sure = np.zeros((4, 8), np.float32)
    sure[range(4), [1, 2, 0, 3]] = 1000
    edges[1][2 * 4 + 3] = sure.ravel()
    cells = decode(logits, edges, SIZE, min_score=0.5)
    x, y = 3.5 * 16, 2.5 * 16
    assert cells.boxes.tolist() == [[x - 16, y - 32, x, y + 48]]
    assert cells.scores[0] == pytest.approx([0.5, 0.9525741])


@pytest.mark.parametrize(("min_score", "count"), [(0, 170), (0.5, 0), (1, 0)])
def test_only_cells_above_the_score_are_decoded(min_score: float, count: int) -> None:
    assert len(decode(*empty_output(), SIZE, min_score=min_score).boxes) == count


def test_the_worse_of_two_boxes_in_one_place_goes() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]], np.float32)
    assert suppress(boxes, np.array([0.6, 0.9, 0.7], np.float32)).tolist() == [1, 2]


def test_suppressing_nothing_gives_nothing() -> None:
    assert suppress(np.zeros((0, 4), np.float32), np.zeros(0, np.float32)).tolist() == []


@given(st.integers(0, 2**31), st.integers(1, 300))
def test_what_stays_never_overlaps_and_covers_what_went(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    corners = random.uniform(0, 50, (count, 2))
    boxes = np.hstack([corners, corners + random.uniform(1, 30, (count, 2))]).astype(np.float32)
    scores = random.uniform(0, 1, count).astype(np.float32)
    kept = suppress(boxes, scores)
    as_boxes = [Box(*map(float, b)) for b in boxes]
    assert len(kept) <= 100
    assert (np.diff(scores[kept]) <= 0).all()
    for i, first in enumerate(kept):
        assert all(as_boxes[first].iou(as_boxes[other]) <= 0.5001 for other in kept[:i])
    if count <= 100:
        for gone in set(range(count)) - set(kept.tolist()):
            assert any(
                as_boxes[gone].iou(as_boxes[k]) > 0.4999 and scores[k] >= scores[gone] for k in kept
            )


def test_regions_are_clipped_and_scaled_to_the_page() -> None:
    cells = Cells(
        np.array([[-5, 32, 32, 200], [0, 0, 64, 16]], np.float32),
        np.array([[0.9, 0.1], [0.2, 0.8]], np.float32),
    )
    regions = to_regions(cells, [Label.TEXT, Label.TABLE], SIZE, (1280, 320), min_score=0.5)
    assert [(r.label, r.box.as_tuple()) for r in regions] == [
        (Label.TEXT, (0, 320, 160, 1280)),
        (Label.TABLE, (0, 0, 320, 160)),
    ]


def region(label: Label, score: float, *box: float) -> Region:
    return Region(Box(*box), label, score)


def test_one_place_gets_one_text_label() -> None:
    text = region(Label.TEXT, 0.9, 0, 0, 100, 50)
    reference = region(Label.REFERENCE, 0.8, 0, 2, 100, 50)
    below = region(Label.REFERENCE, 0.7, 0, 60, 100, 90)
    assert resolve([text, reference, below]) == [text, below]


def test_one_place_gets_one_graphic_label() -> None:
    table = region(Label.TABLE, 0.9, 0, 0, 100, 50)
    figure = region(Label.FIGURE, 0.8, 0, 0, 100, 52)
    text = region(Label.TEXT, 0.7, 200, 0, 300, 50)
    assert resolve([table, figure, text]) == [table, text]


def test_text_in_a_table_belongs_to_it_but_a_caption_does_not() -> None:
    text = region(Label.TEXT, 0.95, 10, 10, 60, 20)
    table = region(Label.TABLE, 0.9, 0, 0, 100, 50)
    caption = region(Label.TABLE_CAPTION, 0.8, 0, 0, 100, 8)
    figure = region(Label.FIGURE, 0.7, 10, 30, 20, 40)
    assert resolve([text, table, caption, figure]) == [table, caption, figure]


def test_a_doubtful_table_takes_no_text() -> None:
    text = region(Label.TEXT, 0.95, 10, 10, 60, 20)
    table = region(Label.TABLE, 0.1, 0, 0, 100, 50)
    assert resolve([text, table]) == [text, table]


def test_the_batch_is_normalised_rgb() -> None:
    page = np.full((100, 70, 3), (255, 128, 0), np.uint8)
    batch = to_batch([page, page])
    assert batch.shape == (2, 3, 800, 608)
    assert batch.dtype == np.float32
    expected = [(1 - 0.485) / 0.229, (128 / 255 - 0.456) / 0.224, -0.406 / 0.225]
    assert batch[1].mean(axis=(1, 2)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1), (799, 607), (3001, 2003)])
def test_pages_of_any_size_are_squeezed(size: tuple[int, int]) -> None:
    page = np.full((*size, 3), 77, np.uint8)
    small = resize(page, (800, 608))
    assert small.shape == (800, 608, 3)
    assert (small == 77).all()


def test_thin_strokes_of_large_pages_are_averaged_and_not_skipped() -> None:
    page = np.full((6400, 4864, 3), 255, np.uint8)
    page[::8] = 0
    small = resize(page, (800, 608))
    assert small.mean() == pytest.approx(255 * 7 / 8, abs=1)
    assert small.std() < 2


def test_every_class_of_the_known_models_has_a_label(tmp_path: Path) -> None:
    path = tmp_path / "w"
    assert to_labels(CDLA, 10, path) == tuple(map(Label, CDLA))
    assert to_labels((), 5, path) == tuple(map(Label, PUBLAYNET))
    assert to_labels(("Doc_Title ", "chart"), 2, path) == (Label.TITLE, Label.FIGURE)


@pytest.mark.parametrize(("names", "classes"), [((), 7), (("text",), 2), (("blob",), 1)])
def test_classes_without_a_meaning_are_refused(
    names: tuple[str, ...], classes: int, tmp_path: Path
) -> None:
    with pytest.raises(ModelError):
        to_labels(names, classes, tmp_path / "w")


def test_a_perfect_detector_has_precision_one() -> None:
    page = [region(Label.TEXT, 0.9, 0, 0, 10, 10), region(Label.TABLE, 0.8, 0, 20, 10, 30)]
    assert average_precision([page, []], [page, []]) == {Label.TEXT: 1, Label.TABLE: 1}


def test_a_blind_detector_has_precision_zero() -> None:
    page = [region(Label.TEXT, 0.9, 0, 0, 10, 10)]
    assert average_precision([[]], [page]) == {Label.TEXT: 0}


def test_precision_is_interpolated_over_recall() -> None:
    # Best first: hit, miss, hit; two true regions. Precision 1 up to recall 0.5, then 2/3.
    truth = [region(Label.TEXT, 1, 0, 0, 10, 10), region(Label.TEXT, 1, 50, 0, 60, 10)]
    found = [
        region(Label.TEXT, 0.9, 0, 0, 10, 10),
        region(Label.TEXT, 0.8, 90, 0, 99, 10),
        region(Label.TEXT, 0.7, 50, 0, 60, 10),
    ]
    expected = (51 * 1 + 50 * 2 / 3) / 101
    assert average_precision([found], [truth])[Label.TEXT] == pytest.approx(expected)


def test_a_second_hit_on_the_same_region_is_a_miss() -> None:
    gold = [region(Label.TEXT, 1, 0, 0, 10, 10)]
    assert match([*gold, *gold], gold, 0.5) == [True, False]


def test_half_the_thresholds_are_met_by_a_box_with_an_iou_of_three_quarters() -> None:
    truth = [region(Label.TEXT, 1, 0, 0, 100, 100)]
    found = [region(Label.TEXT, 0.9, 0, 0, 100, 74)]
    assert average_precision([found], [truth])[Label.TEXT] == pytest.approx(0.5)


def test_strides_cover_the_grid() -> None:
    assert [(-(-SIZE[0] // s), -(-SIZE[1] // s)) for s in STRIDES] == GRID
