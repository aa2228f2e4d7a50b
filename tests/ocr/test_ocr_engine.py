"""How the networks of the OCR engine are run."""

from __future__ import annotations

import pytest

from structure.ocr.engine import Engine


@pytest.mark.parametrize("part", ["_detector", "_recognizer"])
def test_no_network_is_bound_to_a_core(part: str) -> None:
    # Bound, the workers of a batch would all compute on the same one.
    network = getattr(Engine(threads=1), part).session.session.get_compiled_model()
    assert network.get_property("ENABLE_CPU_PINNING") is False
    assert network.get_property("INFERENCE_NUM_THREADS") == 1
