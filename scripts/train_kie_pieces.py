"""Learn the word pieces of key information extraction from synthetic pages.

    pip install tokenizers
    python scripts/train_kie_pieces.py [--pieces N] [--pages N] [--extend tokenizer.json]

writes `kie/pretrained/tokenizer.json`. A vocabulary belongs to the weights trained with it: a new
one makes the released weights useless. Pieces may be added at its end, and rows to the table of a
network in training; that is how the released one came by the letters of languages that the
generator learned later: 8,192 pieces from fifteen locales, then 2,560 more from all.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer, models, trainers

from kie.synth import load_locales, make_page
from kie.tokenizer import BYTES, SPECIAL, runs

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "kie" / "pretrained" / "tokenizer.json"
SEED = 77
LONGEST = 12
BALANCE = 0.5
"""Exponent of a run's count, so that frequent words and languages do not take all pieces."""


def page_runs(pages: int) -> Counter[str]:
    """Runs of letters on clean pages, the same number of pages for every locale."""
    found: Counter[str] = Counter()
    names = sorted(load_locales())
    for name in names:
        for index in range(pages // len(names)):
            page = make_page(SEED, index, locales=[name], clean=True)
            for word in page.words:
                found.update(runs(word.text))
    return found


def listed_runs() -> Counter[str]:
    """Runs of letters in the lists of names, keys and phrases."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "kie/synth/locales").glob("*.txt"))]
    texts += [(ROOT / "kie" / name).read_text("utf-8") for name in ("key_names.py",)]
    return Counter(run for text in texts for run in runs(re.sub(r"\s+", " ", text)))


def repeated(counts: Counter[str]) -> Iterator[str]:
    """Every run as often as the balanced count says, in a fixed order."""
    for run, count in sorted(counts.items()):
        for _ in range(max(1, round(count**BALANCE))):
            yield run


def learn(size: int, pages: int) -> list[tuple[str, float]]:
    """The most useful pieces and their scores, special ones first."""
    counts = page_runs(pages)
    counts.update({run: 4 * count for run, count in listed_runs().items()})
    tokenizer = Tokenizer(models.Unigram())
    trainer = trainers.UnigramTrainer(
        vocab_size=size - len(SPECIAL) - len(BYTES),
        max_piece_length=LONGEST,
        show_progress=False,
        unk_token="<unk>",
    )
    tokenizer.train_from_iterator(repeated(counts), trainer)
    learned = json.loads(tokenizer.to_str())["model"]["vocab"]
    known = {piece: round(score, 4) for piece, score in learned if piece not in SPECIAL}
    lowest = min(known.values())
    # Every printable ASCII character is a piece, whether the pages had it or not.
    for code in range(33, 127):
        known.setdefault(chr(code), lowest)
    ordered = sorted(known.items(), key=lambda item: (-item[1], item[0]))
    special = [*((piece, 0.0) for piece in SPECIAL), *((piece, lowest) for piece in BYTES)]
    return [*special, *ordered][:size]


def extend(path: Path, size: int, pages: int) -> list[tuple[str, float]]:
    """The pieces of a file and behind them new ones, characters before longer pieces."""
    old = [tuple(entry) for entry in json.loads(path.read_text("utf-8"))["model"]["vocab"]]
    known = {piece for piece, _ in old}
    new = [entry for entry in learn(size + size // 3, pages) if entry[0] not in known]
    new.sort(key=lambda entry: len(entry[0]) > 1)
    return [*old, *new][:size]


def main() -> None:
    """Learn and write."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("--pieces", type=int, default=10752)
    command.add_argument("--pages", type=int, default=8000)
    command.add_argument("--extend", type=Path, help="a tokenizer whose pieces keep their ids")
    options = command.parse_args()
    if options.extend is None:
        vocabulary = learn(options.pieces, options.pages)
    else:
        vocabulary = extend(options.extend, options.pieces, options.pages)
    model = {"type": "Unigram", "unk_id": 1, "byte_fallback": True, "vocab": vocabulary}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": "1.0", "model": model}, ensure_ascii=False, separators=(",", ":"))
    TARGET.write_text(text.replace("],[", "],\n[") + "\n", "utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(vocabulary)} pieces")


if __name__ == "__main__":
    main()
