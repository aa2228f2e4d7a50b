from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

HOOKS = Path(__file__).parent / "hooks"
ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long runs of this folder to those who ask for them: `pytest -m slow`."""
    if config.option.markexpr:
        return
    for item in items:
        if HOOKS.parent in item.path.parents and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="long; asked for by -m slow"))


@dataclass(frozen=True)
class Done:
    """How a command ended.

    Attributes:
        left: What is in the temporary folder, besides what was there before.
    """

    code: int
    out: bytes
    err: str
    left: list[str]

    @property
    def error(self) -> str:
        """The code of its only error line."""
        lines = [line for line in self.err.splitlines() if "error" in line.lower()]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("structure: error[E_"), lines[0]
        assert len(lines[0]) <= 300
        return lines[0].split("[", 1)[1].split("]", 1)[0]

    def keeps_its_word(self) -> None:
        """Whatever happened: no traceback, no death by signal, nothing left, one line at most."""
        assert self.code >= 0, self.err
        assert self.code != 1, self.err
        assert "Traceback" not in self.err
        assert self.left == []
        if self.code not in (0, 4):
            assert self.error


Command = Callable[..., Done]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a command with stub models; its temporary files lie in a folder of the test."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HOOKS), str(ROOT)]),
        "STRUCTURE_TEST_MODELS": "stub",
        "TMPDIR": str(temporary),
        "OMP_NUM_THREADS": "1",
    }


@pytest.fixture
def command(environment: dict[str, str], tmp_path: Path) -> Command:
    """Run `structure` in a process of its own, with stub models and, where asked for, a fault."""
    code = "import sys; from structure.cli import main; sys.exit(main())"

    def run(*arguments: object, fault: str = "", once: bool = False, timeout: float = 120) -> Done:
        more = {"STRUCTURE_TEST_FAULT": fault} if fault else {}
        if once:
            more["STRUCTURE_TEST_ONCE"] = str(tmp_path / "once")
        done = subprocess.run(
            [sys.executable, "-c", code, *map(os.fspath, map(_argument, arguments))],
            env={**environment, **more},
            cwd=tmp_path,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        left = [path.name for path in Path(environment["TMPDIR"]).iterdir()]
        return Done(done.returncode, done.stdout, done.stderr.decode(), left)

    return run


def _argument(value: object) -> str | bytes | os.PathLike[str]:
    return value if isinstance(value, bytes | os.PathLike) else str(value)


def page_picture(number: int) -> Image.Image:
    """A small page that differs from all others."""
    picture = Image.new("L", (200, 260), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((20, 20), f"page {number}", fill=0)
    draw.rectangle((20, 60, 20 + 10 * number, 80), fill=60)
    return picture


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Good files of several kinds; "pdf" and "tiff" have three pages."""
    folder = tmp_path_factory.mktemp("good")
    pages = [page_picture(number) for number in (1, 2, 3)]
    pages[0].save(folder / "a.png", dpi=(100, 100))
    pages[0].convert("RGB").save(folder / "a.jpg", quality=90)
    pages[0].save(folder / "a.tiff", save_all=True, append_images=pages[1:])
    with pikepdf.new() as pdf:
        for number in (1, 2, 3):
            page = pdf.add_blank_page(page_size=(300, 200))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            text = f"BT /F1 12 Tf 20 150 Td (This is page number {number}) Tj ET".encode()
            page.obj.Contents = pikepdf.Stream(pdf, text)
        pdf.save(folder / "a.pdf")
    return {path.suffix[1:]: path for path in folder.iterdir()}


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    """A folder for outputs, in which no half-written file may be left."""
    folder = tmp_path / "out"
    folder.mkdir()
    yield folder
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
