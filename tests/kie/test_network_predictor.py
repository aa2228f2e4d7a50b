"""Odd pages through the whole of the network's side: tokenizer, windows, heads, relations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from kie.engine import NumpyEngine, shapes_of
from kie.inputs import EntityArrays
from kie.network.config import EncoderConfig, KieConfig
from kie.network.model import KieNetwork
from kie.predictor import NetworkPredictor
from kie.relations import ANSWER, QUESTION, candidate_pairs, pair_costs, pair_geometry
from kie.schema import FIELD_BIO, FIELDS, GENERIC_BIO, PAGE_TYPES
from kie.sentencepiece import read_model
from kie.tokenizer import BYTES, MASK, SPECIAL, UNKNOWN, WordTokenizer, XlmrTokenizer, runs
from kie.torch_engine import TorchEngine
from kie.types import KiePage, Word
from structure.core.errors import ModelError
from structure.core.weights import Arrays

PIECES = [*SPECIAL, *BYTES, *map(chr, range(33, 127)), "Rech", "nung", "Rechnung", "ung"]
SCORES = [0.0] * 3 + [-12.0] * 256 + [-8.0] * 94 + [-4.0, -4.0, -5.0, -4.0]
TOKENIZER = WordTokenizer(PIECES, SCORES)
CONFIG = KieConfig(
    EncoderConfig(
        vocab_size=len(PIECES),
        hidden=24,
        layers=2,
        heads=2,
        intermediate=32,
        coordinate_size=4,
        shape_size=4,
        max_positions=512,
        pad_id=0,
        relative_bias=True,
        spatial_bias=True,
        pooling="word",
        features=18,
    ),
    tuple(field.name for field in FIELDS),
    PAGE_TYPES,
    pair_size=8,
)


def network() -> KieNetwork:
    torch.manual_seed(0)
    found = KieNetwork(CONFIG)
    for parameter in found.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return found.eval()


def arrays() -> Arrays:
    return {name: tensor.numpy() for name, tensor in network().state_dict().items()}


def predictor(window: int = 512) -> NetworkPredictor:
    engine = NumpyEngine(CONFIG, arrays(), Path("x"))
    return NetworkPredictor(engine, TOKENIZER, window=window)


def page(*texts: str, per_line: int = 8) -> KiePage:
    words = []
    for i, text in enumerate(texts):
        line, column = divmod(i, per_line)
        x, y = min(120 * column, 900), min(12 * line, 980)
        words.append(Word(text, (x, y, x + 90, y + 9), line))
    return KiePage(tuple(words), 1000, 1400)


def test_a_page_without_words_is_answered_with_nothing() -> None:
    found = predictor().predict(page())
    assert found.fields.shape == (0, len(FIELD_BIO))
    assert found.generic.shape == (0, len(GENERIC_BIO))
    assert (found.entities, found.relations) == ((), ())


@pytest.mark.parametrize("count", [1, 2, 700])
def test_a_page_of_any_length_has_a_row_of_probabilities_per_word(count: int) -> None:
    found = predictor(window=64).predict(page(*(f"w{i}" for i in range(count))))
    assert found.fields.shape == (count, len(FIELD_BIO))
    np.testing.assert_allclose(found.fields.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(found.generic.sum(axis=1), 1, atol=1e-5)
    assert sum(found.page_type.values()) == pytest.approx(1, abs=1e-5)
    words = [i for entity in found.entities for i in entity.words]
    assert len(words) == len(set(words))
    ids = {entity.id for entity in found.entities}
    assert all({r.head, r.tail} <= ids and r.head != r.tail for r in found.relations)


@pytest.mark.slow
def test_five_thousand_words_are_read() -> None:
    found = predictor().predict(page(*("ab" for _ in range(5000))))
    assert len(found.fields) == 5000
    assert np.isfinite(found.fields).all()


def test_a_line_longer_than_a_window_is_read() -> None:
    found = predictor(window=32).predict(page(*("ab" for _ in range(100)), per_line=100))
    assert np.isfinite(found.fields).all()


@pytest.mark.parametrize(
    "text", ["\ud83d", "a\udc00b", "", " ", "\u200b", "\U0010ffff", "x" * 10000, "\u4e00", "é"]
)
def test_odd_words_are_read(text: str) -> None:
    found = predictor().predict(page("Total", text, "12"))
    assert np.isfinite(found.fields).all()


def test_boxes_outside_the_page_or_without_area_are_read() -> None:
    words = tuple(
        Word("x", box, 0)  # type: ignore[arg-type]
        for box in [(-5, 3, 2000, 4), (9, 9, 9, 9), (500, 700, 100, 600)]
    )
    assert np.isfinite(predictor().predict(KiePage(words, 0, 0)).fields).all()


def test_the_same_page_gives_the_same_answer() -> None:
    given = page(*(f"w{i}" for i in range(50)))
    first, second = predictor().predict(given), predictor().predict(given)
    assert np.array_equal(first.fields, second.fields)
    assert (first.entities, first.relations) == (second.entities, second.relations)


def test_numpy_and_torch_give_the_same() -> None:
    given = page(*(f"Rechnung {i} w{i}" for i in range(300)))
    ours = predictor().predict(given)
    theirs = NetworkPredictor(TorchEngine(network()), TOKENIZER).predict(given)
    np.testing.assert_allclose(ours.fields, theirs.fields, atol=2e-5)
    np.testing.assert_allclose(ours.generic, theirs.generic, atol=2e-5)
    assert ours.page_type == pytest.approx(theirs.page_type, abs=1e-5)
    assert [e.words for e in ours.entities] == [e.words for e in theirs.entities]
    assert ours.relations == theirs.relations


def test_numpy_and_torch_relate_alike() -> None:
    random = np.random.default_rng(0)
    boxes = [(i * 40, 100, i * 40 + 30, 110) for i in range(10)]
    kinds = [QUESTION, ANSWER] * 5
    heads, tails = candidate_pairs(boxes, kinds, 0.7)
    entities = EntityArrays(
        np.arange(20),
        np.repeat(np.arange(10), 2),
        np.array(kinds),
        heads,
        tails,
        pair_geometry(boxes, heads, tails, 0.7),
        pair_costs(boxes, heads, tails, 0.7),
    )
    states = random.normal(size=(20, 24)).astype(np.float32)
    ours = NumpyEngine(CONFIG, arrays(), Path("x")).relate(states, entities)
    theirs = TorchEngine(network()).relate(states, entities)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    assert ours.std() > 0.1


def test_arrays_of_another_network_are_refused() -> None:
    given = arrays()
    given["fields.weight"] = given["fields.weight"][:-2]
    with pytest.raises(ModelError, match=r"fields\.weight"):
        NumpyEngine(CONFIG, given, Path("x"))
    with pytest.raises(ModelError, match="another network"):
        NumpyEngine(CONFIG, {}, Path("x"))
    assert {name: array.shape for name, array in arrays().items()} == shapes_of(CONFIG)


def test_reading_a_page_does_not_load_torch() -> None:
    code = "import kie.predictor, sys; sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_most_probable_pieces_are_taken_and_case_is_kept() -> None:
    def texts(word: str) -> list[str]:
        return [PIECES[i] for i in TOKENIZER.encode(word, 24)]

    assert texts("Rechnung") == ["Rechnung"]
    assert texts("Rechnungs") == ["Rechnung", "s"]
    assert texts("RECH") == list("RECH")
    assert texts("4711-A/b") == list("4711-A/b")


def test_characters_without_a_piece_are_spelled_in_bytes() -> None:
    ids = TOKENIZER.encode("aé", 24)
    assert [PIECES[i] for i in ids] == ["a", "<0xC3>", "<0xA9>"]
    assert UNKNOWN not in ids
    assert MASK not in TOKENIZER.encode("<mask>", 24)


def test_long_words_keep_their_beginning_and_their_end() -> None:
    ids = TOKENIZER.encode("0123456789" * 3, 12)
    assert [PIECES[i] for i in ids] == list("01234567") + list("6789")


def test_full_width_characters_are_folded_and_digits_stand_alone() -> None:
    assert runs("\uff2e\uff4f\uff0e\uff11\uff12") == ["No", ".", "1", "2"]
    assert runs("a\ud800") == ["a", "\ufffd"]


def test_a_damaged_tokenizer_is_refused(tmp_path: Path) -> None:
    for number, content in enumerate(["", "{}", '{"model": {"type": "BPE", "vocab": []}}']):
        path = tmp_path / f"{number}.json"
        path.write_text(content)
        with pytest.raises(ModelError):
            WordTokenizer.read(path)
    with pytest.raises(ModelError):
        WordTokenizer.read(tmp_path / "missing.json")


def test_the_tokenizers_library_splits_letters_alike() -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers serves as the oracle")
    vocabulary = list(zip(PIECES, SCORES, strict=True))
    theirs = tokenizers.Tokenizer(tokenizers.models.Unigram(vocabulary, 1, True))
    for run in ("Rechnung", "nungRech", "Rechungs", "ungung", "abc", "é"):
        assert TOKENIZER.encode(run, 99) == theirs.encode(run).ids


def varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])


def message(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def test_pieces_of_xlmr_are_numbered_as_it_numbers_them(tmp_path: Path) -> None:
    import struct

    pieces = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("\u2581a", -1, 1), ("b", -2, 1)]
    data = b"".join(
        message(
            1,
            message(1, text.encode())
            + b"\x15"
            + struct.pack("<f", score)
            + b"\x18"
            + bytes([kind]),
        )
        for text, score, kind in pieces
    )
    path = tmp_path / "sentencepiece.bpe.model"
    path.write_bytes(data)
    assert read_model(path).texts == ("", "", "", "\u2581a", "b")
    tokenizer = XlmrTokenizer(path)
    # 0 <s>, 1 <pad>, 2 </s>, 3 <unk>, then the pieces; the mask comes last.
    assert tokenizer.encode(" ab  ab?") == [4, 5, 4, 5, 3]
    assert tokenizer.size == 7
    assert tokenizer.encode("") == []
    path.write_bytes(data[:-3])
    with pytest.raises(ModelError):
        XlmrTokenizer(path)


def test_sentencepiece_itself_splits_alike(tmp_path: Path) -> None:
    theirs = pytest.importorskip("sentencepiece", reason="sentencepiece serves as the oracle")
    text = Path(__file__).read_text("utf-8").replace("\n", " \n") * 3
    odd = (
        "\u5168\u89d2\uff1a\u4f60\u597d\u3000\u4e16\u754c \ufb01ne \u2116 \u2460 "
        "\uff29\uff4e\uff56\uff4f\uff49\uff43\uff45\n"
        "½ Å \u30ab\u309b e\u0301 \u200b x\ufeffy  z"
    )
    (tmp_path / "text").write_text(text + "\n" + odd * 20)
    theirs.SentencePieceTrainer.train(
        input=str(tmp_path / "text"),
        model_prefix=str(tmp_path / "m"),
        vocab_size=450,
        model_type="unigram",
        unk_id=0,
        bos_id=1,
        eos_id=2,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    oracle = theirs.SentencePieceProcessor(model_file=str(tmp_path / "m.model"))
    ours = XlmrTokenizer(tmp_path / "m.model")
    for line in [*text.split("\n")[:200], *odd.split("\n")]:
        expected = [i + 1 if i else 3 for i in oracle.encode(line)]
        assert ours.encode(line) == expected
