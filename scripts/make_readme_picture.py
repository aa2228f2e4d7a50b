"""Make docs/images/page-and-docx.png: a scanned page beside the docx that was made of it.

    python scripts/make_readme_picture.py

Needs LibreOffice and poppler (`make system`).
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from structure import convert

ROOT = Path(__file__).resolve().parent.parent
SCAN = ROOT / "examples" / "two-column-scan.png"
PICTURE = ROOT / "docs" / "images" / "page-and-docx.png"
HEIGHT = 900
GAP = 24


def render(docx: Path, folder: Path) -> Image.Image:
    """The first page of a docx as LibreOffice shows it."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(docx)], check=True, capture_output=True, timeout=120)
    page = folder / "page"
    pdf = docx.with_suffix(".pdf")
    subprocess.run(
        ["pdftoppm", "-r", "120", "-singlefile", "-png", str(pdf), str(page)], check=True
    )
    with Image.open(page.with_suffix(".png")) as picture:
        return picture.convert("RGB")


def framed(picture: Image.Image) -> Image.Image:
    """Brought to the common height, with a thin frame."""
    width = round(picture.width * HEIGHT / picture.height)
    small = picture.convert("RGB").resize((width, HEIGHT), Image.Resampling.LANCZOS)
    return ImageOps.expand(small, 1, (160, 160, 160))


def main() -> None:
    """Convert, render, put side by side."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        convert(SCAN, folder / "out.docx")
        with Image.open(SCAN) as scan:
            left, right = framed(scan), framed(render(folder / "out.docx", folder))
    both = Image.new("RGB", (left.width + GAP + right.width, left.height), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width + GAP, 0))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    both.quantize(64).save(PICTURE, optimize=True)
    print(PICTURE.relative_to(ROOT), PICTURE.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
