from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from layout.network import PicoDetOutput, edge_distances
from layout.training.assigner import Truth, assign
from layout.training.boxes import cell_centers, giou
from layout.training.distillation import fgd_terms
from layout.training.losses import detection_loss, distribution_focal, varifocal
from layout.training.schedule import learning_rate


def wave(function: Callable[[Tensor], Tensor], step: float, shape: tuple[int, ...]) -> Tensor:
    """sin or cos of step * i over the flat tensor, in float64 and then rounded."""
    values = torch.arange(math.prod(shape), dtype=torch.float64) * step
    return function(values).float().reshape(shape)


EDGES = 0.5 * wave(torch.sin, 0.9, (4, 8))


def test_the_mean_of_an_edge_is_the_mean_of_its_distribution() -> None:
    expected = [3.0608907, 3.2314572, 3.6196470, 3.9114873]
    assert edge_distances(EDGES.reshape(1, 32))[0].tolist() == pytest.approx(expected, abs=1e-6)


def test_distribution_focal_loss_matches_the_reference() -> None:
    losses = 0.25 * distribution_focal(EDGES, torch.tensor([0, 2.3, 5.5, 6.9]))
    expected = [0.5334772, 0.5288055, 0.4973090, 0.4863686]
    assert losses.tolist() == pytest.approx(expected, abs=1e-6)


def test_varifocal_loss_matches_the_reference() -> None:
    losses = varifocal(torch.tensor([-2.0, 0.0, 1.5]), torch.tensor([0, 0.6, 0]))
    assert losses.tolist() == pytest.approx([0.0013527, 0.4158883, 0.8529542], abs=1e-6)


def test_giou_loss_matches_the_reference() -> None:
    loss = 2 * (1 - giou(torch.tensor([0.0, 0, 4, 4]), torch.tensor([2.0, 2, 6, 7])))
    assert loss.item() == pytest.approx(2.2261906, abs=1e-6)


def test_giou_of_a_box_with_itself_is_one() -> None:
    box = torch.tensor([3.0, 4, 50, 60])
    assert giou(box, box).item() == pytest.approx(1)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, 0.04),
        (1, 0.0412),
        (150, 0.22),
        (299, 0.3988),
        (300, 0.4),
        (1000, 0.39995135),
        (25000, 0.34242045),
        (50000, 0.20094531),
        (75000, 0.05891326),
    ],
)
def test_the_learning_rate_follows_the_published_schedule(step: int, expected: float) -> None:
    assert learning_rate(step, 100 * 1000) == pytest.approx(expected, abs=1e-8)


def test_cells_are_assigned_as_in_the_reference() -> None:
    centers, steps = cell_centers([(8, 8)], (8,))
    scores = (2 * wave(torch.sin, 0.37, (64, 3))).sigmoid()
    distances = 12 + 6 * wave(torch.sin, 0.53, (64, 4))
    boxes = torch.cat([centers - distances[:, :2], centers + distances[:, 2:]], dim=1)
    truth = Truth(torch.tensor([[4.0, 4, 36, 28], [24, 20, 60, 60]]), torch.tensor([2, 0]))
    owner = assign(scores, boxes, centers, steps, truth)
    assert (owner == 0).nonzero()[:, 0].tolist() == [9, 10, 19]
    assert (owner == 1).nonzero()[:, 0].tolist() == [36, 44, 45]


SIZES = [(16, 8), (8, 4), (4, 2), (2, 1)]
STRIDES = (8, 16, 32, 64)


def golden_output() -> PicoDetOutput:
    return PicoDetOutput(
        tuple(wave(torch.sin, 0.031, (2, 10, h, w)).sub(2).flatten(2).mT for h, w in SIZES),
        tuple(wave(torch.sin, 0.047, (2, 32, h, w)).mul(2).flatten(2).mT for h, w in SIZES),
    )


GOLDEN_TRUTHS = [
    Truth(torch.tensor([[4.0, 6, 50, 30], [10, 40, 60, 120]]), torch.tensor([1, 4])),
    Truth(
        torch.tensor([[2.0, 2, 62, 60], [20, 70, 44, 90], [5, 100, 60, 126]]),
        torch.tensor([0, 9, 2]),
    ),
]


def test_the_whole_loss_matches_the_reference() -> None:
    loss = detection_loss(golden_output(), SIZES, STRIDES, GOLDEN_TRUTHS)
    assert loss.positives == 19
    assert loss.classes.item() == pytest.approx(1.4479165, abs=1e-5)
    assert loss.boxes.item() == pytest.approx(1.0643215, abs=1e-5)
    assert loss.edges.item() == pytest.approx(0.5176339, abs=1e-5)


def test_a_page_without_regions_still_trains_the_background() -> None:
    empty = Truth(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long))
    logits = tuple(x.requires_grad_() for x in golden_output().logits)
    output = PicoDetOutput(logits, golden_output().edges)
    loss = detection_loss(output, SIZES, STRIDES, [empty, empty])
    loss.total.backward()
    assert loss.positives == 0
    assert loss.boxes.item() == loss.edges.item() == 0
    assert logits[0].grad is not None
    assert logits[0].grad.abs().sum() > 0


FGD_BOXES = [torch.tensor([[8.0, 8, 40, 24], [30, 20, 60, 70]]), torch.tensor([[0.0, 0, 64, 10]])]


def test_distillation_matches_the_reference() -> None:
    student = wave(torch.sin, 0.013, (2, 4, 10, 8))
    teacher = wave(torch.cos, 0.017, (2, 4, 10, 8))
    terms = fgd_terms(student, teacher, FGD_BOXES, (80, 64))
    assert terms.foreground.item() == pytest.approx(9.24644, rel=1e-5)
    assert terms.background.item() == pytest.approx(7.82167, rel=1e-5)
    assert terms.attention.item() == pytest.approx(12.3683, rel=1e-5)
    assert terms.relation.item() == pytest.approx(557.834, rel=1e-5)
    assert terms.total.item() == pytest.approx(0.0221306, rel=1e-5)


def test_distillation_leaves_out_pictures_without_regions() -> None:
    student = wave(torch.sin, 0.013, (2, 4, 10, 8))
    teacher = wave(torch.cos, 0.017, (2, 4, 10, 8))
    both = fgd_terms(student, teacher, [FGD_BOXES[0], torch.zeros(0, 4)], (80, 64))
    alone = fgd_terms(student[:1], teacher[:1], FGD_BOXES[:1], (80, 64))
    assert both.total.item() == pytest.approx(alone.total.item())


def test_nothing_is_lost_where_student_and_teacher_agree() -> None:
    features = wave(torch.sin, 0.013, (2, 4, 10, 8))
    assert fgd_terms(features, features, FGD_BOXES, (80, 64)).total.item() == 0
