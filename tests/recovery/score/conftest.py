from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from recovery.score.rendering import find_office
from recovery.score.sample import Sample, make_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], Sample]:
    """A function that makes a sample, each only once; skips where LibreOffice is not installed."""
    if find_office() is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("renderings")

    @cache
    def make(family: str, seed: int) -> Sample:
        return make_sample(family, seed, cache=folder)

    return make
