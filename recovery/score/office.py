"""LibreOffice as a renderer, each call with a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

_SECONDS_PER_FILE = 60


def find_office() -> str | None:
    """Path of the LibreOffice program, None where it is not installed."""
    return shutil.which("soffice")


def to_pdf(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Render documents, all in one run of LibreOffice.

    Args:
        files: Contents by file name with its ending ("a.docx"); the stems differ.

    Returns:
        The PDF of each, by the same name.

    Raises:
        RuntimeError: LibreOffice is missing, runs too long, or leaves out one of the files.
    """
    program = find_office()
    if program is None:
        raise RuntimeError("LibreOffice (soffice) is not installed")
    with tempfile.TemporaryDirectory(prefix="render") as name:
        folder = Path(name)
        for file, data in files.items():
            (folder / file).write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, "--headless", profile, "--convert-to", "pdf"]
        command += ["--outdir", str(folder / "out"), *(str(folder / file) for file in files)]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                timeout=_SECONDS_PER_FILE * (1 + len(files)),
            )
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"LibreOffice hangs on {', '.join(files)}") from error
        found = {file: folder / "out" / f"{Path(file).stem}.pdf" for file in files}
        lost = [file for file, path in found.items() if not path.is_file()]
        if lost:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise RuntimeError(f"LibreOffice did not render {', '.join(lost)}: {said}")
        return {file: path.read_bytes() for file, path in found.items()}
