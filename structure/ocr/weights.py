"""What rapidocr brings along; listed by `structure models`."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

INSTALLED: list[dict[str, Any]] = [
    {
        "name": "PP-OCRv6 small",
        "task": "text detection and recognition (Latin scripts, Chinese, Japanese)",
        "licence": "Apache-2.0",
        "origin": f"PaddlePaddle/PaddleOCR, in the wheel rapidocr {version('rapidocr')}",
        "training data": "not published by its authors",
        "scores": [],
    }
]
