"""Draw sample pages of the generator, with a colour for each field, to docs/gallery/kie.

    python -m scripts.kie_gallery

Look at them after every change of the generator: overlapping lines, text beyond the page and
labels on the wrong words are seen at once, and no test finds all of them.
"""

from __future__ import annotations

import argparse
from colorsys import hls_to_rgb
from pathlib import Path
from zlib import crc32

from PIL import Image

from kie.labelled import LabelledPage
from kie.synth import FAMILIES, make_page
from kie.synth.picture import render

TARGET = Path(__file__).resolve().parents[1] / "docs" / "gallery" / "kie"
PER_FAMILY = 3
HEIGHT = 700
KINDS = {"header": "#f7b7e0", "question": "#e4e4ff", "answer": "#e6e6e6"}


def colour(name: str) -> str:
    """A light colour of its own for each field."""
    hue = crc32(name.encode()) % 360 / 360
    red, green, blue = (round(255 * part) for part in hls_to_rgb(hue, 0.82, 0.9))
    return f"#{red:02x}{green:02x}{blue:02x}"


def colours(page: LabelledPage) -> dict[int, str]:
    """Colour of each labelled word."""
    return {
        index: KINDS[entity.kind] if entity.field is None else colour(entity.field)
        for entity in page.entities
        for index in entity.words
    }


def samples(seed: int) -> list[LabelledPage]:
    """Pages of different layouts and places of each family, as training sees them."""
    chosen = []
    for number, family in enumerate(FAMILIES):
        seen: set[str] = set()
        for index in range(1000 * number, 1000 * number + 200):
            page = make_page(seed, index, families=[family.name])
            if len(seen) < 2 * PER_FAMILY and not {page.skeleton, page.locale} & seen:
                seen |= {page.skeleton, page.locale}
                chosen.append(page)
    return chosen


def main() -> None:
    """Draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    for page in samples(seed):
        picture = render(page, 100, colours(page))
        picture.thumbnail((HEIGHT, HEIGHT), Image.Resampling.LANCZOS)
        name = f"{page.family}-{page.skeleton}-{page.locale}.png"
        picture.quantize(32, dither=Image.Dither.NONE).save(TARGET / name, optimize=True)
    print(f"{len(list(TARGET.glob('*.png')))} pages in {TARGET}")


if __name__ == "__main__":
    main()
