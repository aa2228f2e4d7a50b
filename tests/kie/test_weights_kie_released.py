"""The weights that ship with the package."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from kie.predictor import NetworkPredictor
from kie.schema import FIELDS
from kie.synth import make_page
from kie.training.pages import read_page
from kie.weights import RELEASED, TOKENIZER, TOKENIZER_SHA256
from structure.core.errors import ModelError

WEIGHTS = RELEASED["kie"]


def test_the_files_have_the_digests_of_the_model_card() -> None:
    WEIGHTS.check()
    tokenizer = WEIGHTS.path.parent / TOKENIZER
    assert hashlib.sha256(tokenizer.read_bytes()).hexdigest() == TOKENIZER_SHA256
    root = Path(__file__).resolve().parents[2]
    card = (root / "docs" / "model-cards" / "kie-small.md").read_text("utf-8")
    assert WEIGHTS.sha256 in card
    assert TOKENIZER_SHA256 in card


def test_they_are_small() -> None:
    assert WEIGHTS.path.stat().st_size < 10_000_000


def test_they_find_what_is_printed_on_a_plain_letter() -> None:
    predictor = NetworkPredictor.from_pretrained()
    page = make_page(123_456, 3, families=["letter"], locales=["de-DE"], clean=True)
    read, _ = read_page(page)
    found = predictor.predict(read)
    names = {1 + 2 * i: field.name for i, field in enumerate(FIELDS)}
    best = {
        names[int(column) - 1 + int(column) % 2]: word.text
        for word, column in zip(read.words, found.fields.argmax(axis=1), strict=True)
        if column
    }
    wanted = [name for name in ("invoice_number", "invoice_date") if name in page.truth]
    assert wanted
    for name in wanted:
        assert best.get(name, "") in page.truth[name].split()


def test_another_tokenizer_is_refused(tmp_path: Path) -> None:
    shutil.copy(WEIGHTS.path, tmp_path)
    text = (WEIGHTS.path.parent / TOKENIZER).read_text("utf-8")
    (tmp_path / TOKENIZER).write_text(text.replace("the", "teh"), "utf-8")
    with pytest.raises(ModelError, match="SHA-256"):
        NetworkPredictor.from_pretrained(folder=tmp_path)
