"""LibreOffice as a renderer: each call with a profile of its own, several files per call."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS_PER_FILE = 60


def find_office() -> str | None:
    """Path of the LibreOffice program, None where it is not installed."""
    return shutil.which("soffice")


def to_pdf(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Render documents.

    A file that LibreOffice hangs or dies on takes those after it along, so files that are missing
    after the common run get a run of their own.

    Args:
        files: Contents by any name with an ending that LibreOffice knows ("a.docx").

    Returns:
        The PDF of each file that could be rendered, by the same name; nothing where LibreOffice is
        not installed.
    """
    program = find_office()
    if program is None or not files:
        return {}
    with tempfile.TemporaryDirectory(prefix="render") as name:
        folder = Path(name)
        paths = {}
        for n, (file, data) in enumerate(files.items()):
            # Numbered: the names may be anything, and two stems may be equal.
            paths[file] = folder / f"{n}{Path(file).suffix}"
            paths[file].write_bytes(data)
        _convert(program, folder, list(paths.values()))
        if len(paths) > 1:
            for path in paths.values():
                if not _target(path).is_file():
                    _convert(program, folder, [path])
        return {
            file: _target(path).read_bytes()
            for file, path in paths.items()
            if _target(path).is_file()
        }


def _target(path: Path) -> Path:
    return path.parent / "out" / f"{path.stem}.pdf"


def _convert(program: str, folder: Path, paths: Sequence[Path]) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, "--headless", profile, "--convert-to", "pdf", "--outdir", f"{folder}/out"]
    process = subprocess.Popen(
        [*command, *map(str, paths)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS_PER_FILE * len(paths))
    except subprocess.TimeoutExpired:
        # `soffice` is a script around the program proper; both are in the session begun above.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
