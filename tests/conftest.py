from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("project", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("project")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real pages and ground truth that lies beside a development checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real pages with ground truth are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """The small documents that ship with the repository."""
    return ROOT / "examples"
