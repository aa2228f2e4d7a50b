"""Memory does not grow with the number of pages."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from structure.core.errors import ExitCode
from structure.isolation import Task, WorkerPool, watch

HOOKS = Path(__file__).parent / "hooks"


def peak_of(pages: int, folder: Path) -> int:
    """Resident bytes of all processes together while a TIFF of so many pages is converted."""
    noise = Image.effect_noise((300, 400), 60)
    path = folder / f"{pages}.tiff"
    noise.save(path, save_all=True, append_images=[noise] * (pages - 1))
    seen, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            seen.append(watch.resident(os.getpid()) - own)

    own = watch.resident(os.getpid())
    watcher = threading.Thread(target=look)
    watcher.start()
    with WorkerPool(1) as pool:
        (outcome,) = pool.run([Task("a", path, (path.with_suffix(".json"),))])
    done.set()
    watcher.join()
    assert (outcome.exit_code, outcome.pages_done) == (ExitCode.OK, pages)
    return max(seen)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_ten_times_the_pages_take_hardly_more_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HOOKS))
    monkeypatch.setenv("STRUCTURE_TEST_MODELS", "stub")
    few, many = peak_of(40, tmp_path), peak_of(400, tmp_path)
    assert many < few * 1.3 + 100e6
