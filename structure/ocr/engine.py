"""PP-OCRv6 through rapidocr: where the text lines are, and what each of them says.

This module alone knows rapidocr. Its detector and recogniser are driven one by one, because its own
loop classifies every line as upright or upside down (and turns good lines over) and pads every line
to 320 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.errors import ModelError
from structure.core.images import RGBImage
from structure.core.runtime import import_openvino

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNIZER = "PP-OCRv6_rec_small.onnx"

Quad = NDArray[np.float32]
"""(4, 2) corners x, y of a line, clockwise from its top left, in pixels."""

LINE_HEIGHT = 48
"""Rows of a line picture as the recogniser wants it."""

WIDTH_STEPS = ((256, 32), (768, 64), (1536, 128), (8192, 256))
"""(up to this width, padded to a multiple of this): padding costs time, but every new shape of the
network's input costs about 5 MB that the runtime never gives back."""

MAX_LINES = 20_000
"""Of one page. A statistical table has over a thousand numbers; what is over is not found at all,
without a sign, and the order of search leaves out the top of the page."""

BATCHES = (4, 2, 1)
"""How many narrow lines go together, for the same reason one of few numbers."""

MAX_WIDTH = 8192
"""A longer line is squeezed; it would be 170 times as long as high."""

BATCH_WIDTH = 256
"""Wider lines are read one by one: a batch of them is no faster."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the recogniser saw in one line picture.

    Attributes:
        text: With the spaces that the recogniser itself put.
        score: Mean probability of the characters, 0 to 1; 0 for an empty text.
        centers: For each character that is no space, its place as a fraction 0 to 1 of the width.
        scores: For each of the same characters, its probability.
    """

    text: str
    score: float
    centers: tuple[float, ...]
    scores: tuple[float, ...]


class Engine:
    """The two networks of PP-OCRv6 small, as carried by the rapidocr wheel.

    Args:
        threads: CPU threads of one call.

    Raises:
        ModelError: rapidocr or its models are not usable.
    """

    def __init__(self, *, threads: int = 1) -> None:
        import_openvino()
        # Imported here: it takes a second, and the types of this package do not need it.
        from rapidocr import EngineType, RapidOCR

        detector, recognizer = (_installed(name) for name in (DETECTOR, RECOGNIZER))
        try:
            engine = RapidOCR(
                params={
                    "Global.log_level": "critical",
                    "Global.use_cls": False,
                    "Det.engine_type": EngineType.OPENVINO,
                    "Det.model_path": detector,
                    "Det.max_candidates": MAX_LINES,
                    "Rec.engine_type": EngineType.OPENVINO,
                    "Rec.model_path": recognizer,
                    # The graph holds its characters; this only keeps rapidocr from fetching a list
                    # where a damaged graph has none.
                    "Rec.rec_keys_path": recognizer,
                    "EngineConfig.openvino.inference_num_threads": threads,
                    # Pinned, the workers of a batch would all compute on the same core.
                    "EngineConfig.openvino.enable_cpu_pinning": "NO",
                }
            )
            self._detector = engine._load_det_model()
            self._recognizer = engine._load_rec_model()
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelError(
                f"the OCR models could not be loaded ({error})",
                hint="reinstall rapidocr and openvino",
                code="E_OCR_MODEL",
            ) from error

    def detect(self, image: RGBImage, side: int) -> list[Quad]:
        """Find text lines.

        Args:
            image: (H, W, 3) uint8.
            side: Length in pixels of the longer side for the network; a smaller picture is
                enlarged.

        Returns:
            One quadrilateral per line, in pixels of `image`.
        """
        height, width = image.shape[:2]
        scale = side / max(height, width)
        shown = image
        if scale < 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            shown = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        elif scale > 1:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            shown = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
        self._detector.limit_type, self._detector.limit_side_len = "max", max(32, side)
        # The networks were trained on blue, green, red.
        found = self._detector(np.ascontiguousarray(shown[:, :, ::-1]))
        if found.boxes is None:
            return []
        back = np.array([width / shown.shape[1], height / shown.shape[0]], np.float32)
        return [np.asarray(box, np.float32) * back for box in found.boxes]

    def recognize(self, lines: Sequence[RGBImage]) -> list[Reading]:
        """Read line pictures, each (h, w, 3) uint8 with one line of text from left to right."""
        readings: list[Reading | None] = [None] * len(lines)
        widths = [max(1, round(LINE_HEIGHT * x.shape[1] / max(1, x.shape[0]))) for x in lines]
        widths = [min(width, MAX_WIDTH) for width in widths]
        for padded, batch in _batches(widths):
            pixels = np.zeros((len(batch), 3, LINE_HEIGHT, padded), np.float32)
            for slot, i in enumerate(batch):
                size = (widths[i], LINE_HEIGHT)
                line = cv2.resize(lines[i], size, interpolation=cv2.INTER_LINEAR)
                used = pixels[slot, :, :, : widths[i]]
                used[:] = line[:, :, ::-1].transpose(2, 0, 1)
                used *= 2 / 255
                used -= 1
            scores = np.asarray(self._recognizer.session(pixels))
            for slot, i in enumerate(batch):
                readings[i] = self._decode(scores[slot], widths[i] / padded)
        return [reading for reading in readings if reading is not None]

    def _decode(self, scores: NDArray[np.float32], used: float) -> Reading:
        """Best path of connectionist temporal classification.

        Args:
            scores: (steps, classes) probabilities; class 0 is the blank.
            used: Share of the steps that shows the line and not padding.
        """
        best = scores.argmax(axis=1)
        starts = np.flatnonzero((best != 0) & (best != np.concatenate([[-1], best[:-1]])))
        characters = [self._recognizer.postprocess_op.character[best[i]] for i in starts]
        text = "".join(characters)
        if not text.strip():
            return Reading("", 0.0, (), ())
        probabilities = scores[starts, best[starts]]
        seen = [k for k, character in enumerate(characters) if not character.isspace()]
        steps = len(best) * used
        return Reading(
            text,
            float(probabilities.mean()),
            tuple(min(1.0, float(_run_center(best, starts[k]) / steps)) for k in seen),
            tuple(float(probabilities[k]) for k in seen),
        )


def _installed(name: str) -> str:
    """Path of a model in the rapidocr wheel, which would download what it does not find there.

    Raises:
        ModelError: it is not there.
    """
    spec = find_spec("rapidocr")
    path = Path(spec.origin).parent / "models" / name if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError(
            "the file is missing", path=name, hint="reinstall rapidocr", code="E_OCR_MODEL"
        )
    return str(path)


def _run_center(best: NDArray[np.int64], start: int) -> float:
    end = start + 1
    while end < len(best) and best[end] == best[start]:
        end += 1
    return (start + end) / 2


def _batches(widths: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Group line numbers by padded width, narrow ones in fours, twos and ones.

    Returns:
        (columns, line numbers) of each batch, narrow ones first.
    """
    groups: dict[int, list[int]] = {}
    for i, width in enumerate(widths):
        groups.setdefault(_padded(width), []).append(i)
    batches: list[tuple[int, list[int]]] = []
    for padded, members in sorted(groups.items()):
        rest = members
        while rest:
            size = next(n for n in BATCHES if n <= len(rest) and (n == 1 or padded <= BATCH_WIDTH))
            batches.append((padded, rest[:size]))
            rest = rest[size:]
    return batches


def _padded(width: int) -> int:
    step = next(step for limit, step in WIDTH_STEPS if width <= limit)
    return -(-width // step) * step
