from __future__ import annotations

import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from kie.network.config import EncoderConfig
from kie.network.model import OfficialRe, OfficialSer
from kie.official import OfficialPredictor
from kie.tokenizer import XlmrTokenizer
from kie.types import KiePage, Word
from structure.core.errors import ModelError

LETTERS = "abcdefghijklmnopqrstuvwxyz:0123456789"
CONFIG = EncoderConfig(
    vocab_size=6 + len(LETTERS),
    hidden=64,
    layers=1,
    heads=1,
    intermediate=64,
    coordinate_size=12,
    shape_size=8,
    max_positions=514,
)


def message(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def piece(text: str, kind: int) -> bytes:
    content = message(1, text.encode()) + b"\x15" + struct.pack("<f", -1) + bytes([0x18, kind])
    return message(1, content)


def tokenizer(folder: Path) -> Path:
    pieces = [piece("<unk>", 2), piece("<s>", 3), piece("</s>", 3), piece("\u2581", 1)]
    path = folder / "sentencepiece.bpe.model"
    path.write_bytes(b"".join([*pieces, *(piece(letter, 1) for letter in LETTERS)]))
    return path


def write(network: nn.Module, path: Path) -> None:
    linear = {f"{n}.weight" for n, m in network.named_modules() if isinstance(m, nn.Linear)}
    arrays = {
        name.removeprefix("encoder.")
        if name.startswith("encoder.")
        else name: np.ascontiguousarray(tensor.numpy().T if name in linear else tensor.numpy())
        for name, tensor in network.state_dict().items()
    }
    path.write_bytes(pickle.dumps(arrays, protocol=4))


def ser(label: int) -> OfficialSer:
    """A network that gives every piece this tag."""
    torch.manual_seed(0)
    network = OfficialSer(CONFIG, 7)
    nn.init.zeros_(network.classifier.weight)
    network.classifier.bias.data = 5 * torch.eye(7)[label]
    return network


def page(count: int) -> KiePage:
    words = [
        Word(text, (20 + 300 * k, 10 * line, 200 + 300 * k, 10 * line + 8), 2 * line + k)
        for line in range(count)
        for k, text in enumerate(("date:", "2024"))
    ]
    return KiePage(tuple(words), 1000, 1400)


def test_every_line_is_an_entity_of_the_label_that_most_of_its_pieces_have(tmp_path: Path) -> None:
    tokenizer(tmp_path)
    write(ser(4), tmp_path / "model_state.pdparams")
    found = OfficialPredictor.from_folder(tmp_path).predict(page(3))
    texts = ["2024"] * 3 + ["date:"] * 3
    assert sorted((e.label, e.text) for e in found.entities) == [("ANSWER", t) for t in texts]
    assert found.generic.argmax(axis=1).tolist() == [3] * 6
    assert (found.fields[:, 0] == 1).all()
    assert found.relations == ()


@pytest.mark.parametrize("count", [0, 1, 150])
def test_pages_of_any_length_are_read_with_relations(tmp_path: Path, count: int) -> None:
    torch.manual_seed(0)
    network = OfficialSer(CONFIG, 7)
    nn.init.normal_(network.classifier.weight, std=2.0)
    for path, part in (("a", network), ("b", OfficialRe(CONFIG))):
        (tmp_path / path).mkdir()
        write(part, tmp_path / path / "model_state.pdparams")
    tokenizer(tmp_path)
    found = OfficialPredictor.from_folder(tmp_path).predict(page(count))
    assert found.generic.shape == (2 * count, 7)
    ids = {e.id: e.label for e in found.entities}
    assert all((ids[r.head], ids[r.tail]) == ("QUESTION", "ANSWER") for r in found.relations)


def test_one_key_and_one_value_are_related(tmp_path: Path) -> None:
    related = OfficialRe(CONFIG).eval()
    related.extractor.rel_classifier.linear.bias.data = torch.tensor([-5.0, 5.0])
    network = ser(0)
    predictor = OfficialPredictor(network, related, XlmrTokenizer(tokenizer(tmp_path)))
    # The first piece of "date:" is told from that of "2024" by its place on the page.
    calls = iter([torch.tensor([[1] * 6 + [3] * 5])])

    class Tags(nn.Module):
        def forward(self, pieces: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
            return 9 * nn.functional.one_hot(next(calls), 7).float()

    predictor.ser = Tags()  # type: ignore[assignment]
    found = predictor.predict(page(1))
    assert [e.label for e in found.entities] == ["QUESTION", "ANSWER"]
    assert [(r.head, r.tail) for r in found.relations] == [(0, 1)]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"sentencepiece\.bpe\.model"):
        OfficialPredictor.from_folder(tmp_path)
    tokenizer(tmp_path)
    with pytest.raises(ModelError, match="no weights of a SER model"):
        OfficialPredictor.from_folder(tmp_path)
    write(OfficialSer(CONFIG, 5), tmp_path / "model_state.pdparams")
    with pytest.raises(ModelError, match="5 classes"):
        OfficialPredictor.from_folder(tmp_path)
