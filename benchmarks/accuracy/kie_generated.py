"""Fields of generated invoices and receipts that were drawn, spoiled and read by our OCR.

    python -m benchmarks.accuracy.kie_generated --cache /tmp/kie

Six of fourteen pages are of families and locales that no training saw together. Constants were
chosen with a look at other pages of the generator; at those of seed 2 nobody looked. The generator
and the rules share words for keys: what this set tells is how extraction stands up to many layouts,
languages and errors of reading, and how far `accepted` can be believed.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.accuracy.kie_fields import Found, show, summary
from benchmarks.accuracy.kie_pages import transcripts
from benchmarks.accuracy.kie_sets import Item
from benchmarks.report import write_report
from kie import KieExtractor
from kie.folding import fold, squeeze
from kie.labelled import LabelledPage
from kie.schema import SCHEMAS
from kie.serializing import plain
from kie.synth import FAMILIES, load_locales, make_page
from kie.synth.picture import render
from kie.training.config import NAMED
from kie.types import Value
from kie.values.dates import find_dates

UNREADABLE = ("el", "ru", "uk", "ko")
"""Languages whose letters our OCR does not know."""

NOT_ASKED = frozenset(
    {"document_type", "currency", "payment_terms", "payment_method", "discount", "charge"}
)


@dataclass(frozen=True)
class Drawn:
    """A page and its picture; `held_out` where no training saw its family and locale together."""

    page: LabelledPage
    file: Path
    held_out: bool


def drawn_pages(seed: int, rounds: int, folder: Path) -> Iterator[Drawn]:
    """Fourteen pages a round, six of them held out; pictures are kept in the folder."""
    held_out = [pair for pair in NAMED["kie-mini"].held_out if pair[0] != "form"]
    families = [f.name for f in FAMILIES if f.name not in ("form", "prose")]
    locales = [name for name in load_locales() if not name.startswith(UNREADABLE)]
    folder.mkdir(parents=True, exist_ok=True)
    for turn in range(rounds):
        others = [
            (family, locales[(turn * len(families) + k) * 7 % len(locales)])
            for k, family in enumerate(families)
        ]
        for k, (family, locale) in enumerate([*held_out, *others]):
            index = turn * 100 + k
            page = make_page(seed, index, families=[family], locales=[locale], clean=True)
            file = folder / f"{seed}-{index}.png"
            if not file.exists():
                picture, dpi = _spoiled(page, Random(f"{seed} {index}"))
                picture.save(file, dpi=(dpi, dpi))
            yield Drawn(page, file, (family, locale) in held_out)


def _spoiled(page: LabelledPage, rng: Random) -> tuple[Image.Image, int]:
    """A picture as of a scan: three of five are blurred, darkened, noisy and a little askew."""
    dpi = rng.choice((130, 150, 150, 200))
    picture = render(page, dpi)
    if rng.random() < 0.6:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))
        pixels = np.asarray(picture).astype(np.float32) * rng.uniform(0.85, 1.0)
        noise = np.random.default_rng(rng.getrandbits(32))
        pixels += noise.normal(0, rng.uniform(2, 10), pixels.shape)
        picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
        angle = rng.uniform(-0.7, 0.7)
        picture = picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor="white")
    return picture, dpi


def found_on_generated(
    extractor: KieExtractor, seed: int, rounds: int, keep: Path
) -> Iterator[Found]:
    """Every field that is printed on the pages of a seed."""
    for drawn in drawn_pages(seed, rounds, keep / "generated"):
        page = drawn.page
        pages = transcripts(drawn.file, ocr="always", keep=keep)
        schema = schema_of(page)
        result = extractor.extract(pages, schema)
        group = f"{page.family} {page.locale}"
        part = "held out" if drawn.held_out else "seen"
        item = Item(drawn.file.stem, drawn.file, page.truth, group, part)
        for name in SCHEMAS[schema]:
            truth = page.truth.get(name)
            if truth is None or name in NOT_ASKED:
                continue
            got = result.fields.get(name)
            yield Found(
                item, name, truth, None if got is None else plain(got.value),
                got.score if got else 0.0, bool(got and got.accepted),
                got is not None and means(name, got.value, truth, page.locale), False,
            )  # fmt: skip


def schema_of(page: LabelledPage) -> str:
    """What to look for on a page."""
    return "receipt" if "receipt" in (page.page_type, page.family) else "invoice"


def means(name: str, value: Value, truth: str, locale: str) -> bool:
    """Whether a typed value is what is printed."""
    if isinstance(value, Decimal):
        found, wanted = (re.sub(r"\D", "", t).lstrip("0") for t in (format(value, "f"), truth))
        return found == wanted
    if isinstance(value, date):
        order = "mdy" if locale == "en-US" else "dmy"
        return any(found.value(order) == value for found in find_dates(fold(truth).text))
    if name == "time":
        return _clock(value) == _clock(truth)
    if name == "card_tail":
        return value[-4:] == truth[-4:]
    if name == "seller_web":
        found, wanted = (re.sub(r"^(?:https?://)?(?:www\.)?", "", t) for t in (value, truth))
        return squeeze(found) == squeeze(wanted)
    return squeeze(value) == squeeze(truth)


def _clock(text: str) -> str:
    """Hours and minutes of 24 hours."""
    match = re.match(r"\D*(\d{1,2})\D(\d\d)", text)
    if match is None:
        return text
    late = "p" in text.lower() and int(match[1]) < 12
    return f"{(int(match[1]) + 12 * late):02}{match[2]}"


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder for pictures and text")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="of 14 pages")
    options = parser.parse_args()
    found = list(found_on_generated(KieExtractor(), options.seed, options.rounds, options.cache))
    parts = {p: summary([f for f in found if f.item.part == p]) for p in ("held out", "seen")}
    for part, figures in parts.items():
        show(part, figures)
    report = {
        "command": f"python -m benchmarks.accuracy.kie_generated --seed {options.seed} "
        f"--rounds {options.rounds}",
        "pages": 14 * options.rounds,
        **{part.replace(" ", "_"): figures for part, figures in parts.items()},
    }
    print(write_report("kie-generated", report))


if __name__ == "__main__":
    main()
