from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from kie.labelled import LabelledEntity, LabelledLink, LabelledPage, LabelledWord
from kie.network.config import EncoderConfig, KieConfig
from kie.predictor import NetworkPredictor
from kie.schema import FIELDS, PAGE_TYPES
from kie.tokenizer import BYTES, SPECIAL, WordTokenizer
from kie.training.__main__ import main
from kie.training.batches import Batch, Noise, PageBatches, collate, load
from kie.training.config import TrainingConfig, read_config
from kie.training.finetune import finetune
from kie.training.labels import read_labels
from kie.training.loop import Trainer, learning_rate
from kie.training.losses import Learner, divergence, mutual_layers, mutual_loss
from kie.training.pages import HEADS, IGNORED, make_sample, read_page, shape_of, word_tags
from kie.training.pretrain import pretraining
from kie.weights import RELEASED
from structure.core.errors import ConfigError, InputError

LETTERS = [chr(code) for code in range(33, 127)]
PIECES = [*SPECIAL, *BYTES, *LETTERS, "Date", "Total", "in", "vo", "ice"]
TOKENIZER = WordTokenizer(PIECES, [0.0] * 3 + [-9.0] * 256 + [-5.0] * (len(PIECES) - 259))
CONFIG = KieConfig(
    EncoderConfig(
        vocab_size=len(PIECES),
        hidden=24,
        layers=4,
        heads=2,
        intermediate=32,
        coordinate_size=4,
        shape_size=4,
        max_positions=600,
        dropout=0.0,
        attention_dropout=0.0,
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


def words(*rows: tuple[str, int, int]) -> tuple[LabelledWord, ...]:
    return tuple(
        LabelledWord(text, (x, y, x + 12 * len(text), y + 12), line)
        for line, (text, x, y) in enumerate(rows)
    )


def page(index: int = 0) -> LabelledPage:
    """Two keys with values in two columns; the second value has two lines."""
    shift = 7 * (index % 5)
    return LabelledPage(
        words(
            ("INVOICE", 50, 20),
            ("Date", 50, 100 + shift),
            ("2024-05-03", 200, 100 + shift),
            ("Seller", 50, 160),
            ("Acme", 200, 160),
            ("Ltd", 200, 178),
            ("Total", 500, 160),
            ("12.50", 700, 160),
        ),
        (
            LabelledEntity(0, "header", None, (0,), None),
            LabelledEntity(1, "question", None, (1,), None),
            LabelledEntity(2, "answer", "invoice_date", (2,), None),
            LabelledEntity(3, "question", None, (3,), None),
            LabelledEntity(4, "answer", "seller_name", (4, 5), None),
            LabelledEntity(5, "question", None, (6,), None),
            LabelledEntity(6, "answer", "total_gross", (7,), None),
        ),
        (
            LabelledLink(1, 2, "key_value"),
            LabelledLink(4, 3, "key_value"),
            LabelledLink(5, 6, "key_value"),
            LabelledLink(4, 6, "same_row"),
        ),
        "invoice",
        "en-GB",
        "letter",
        "test",
        595,
        842,
        {},
    )


EMPTY = replace(page(), words=(), entities=(), links=())
NO_ENTITIES = replace(page(), entities=(), links=())
ONE_ENTITY = replace(page(), entities=page().entities[:1], links=())


def batch(*pages: LabelledPage, noise: Noise | None = None) -> Batch:
    samples = [s for p in pages if (s := make_sample(p, CONFIG, TOKENIZER)) is not None]
    return collate(samples, noise, Random(1), len(pages))


def learner(seed: int = 0) -> Learner:
    torch.manual_seed(seed)
    return Learner(CONFIG)


def test_words_keep_their_labels_when_they_are_put_in_order() -> None:
    shuffled = list(range(8))
    Random(3).shuffle(shuffled)
    where = {old: new for new, old in enumerate(shuffled)}
    mixed = replace(
        page(),
        words=tuple(page().words[old] for old in shuffled),
        entities=tuple(replace(e, words=tuple(where[w] for w in e.words)) for e in page().entities),
    )
    plain, other = (make_sample(p, CONFIG, TOKENIZER) for p in (page(), mixed))
    assert plain is not None
    assert other is not None
    assert np.array_equal(plain.arrays.boxes, other.arrays.boxes)
    assert np.array_equal(plain.fields, other.fields)
    assert np.array_equal(plain.generic, other.generic)
    read, origins = read_page(mixed)
    assert [w.text for w in read.words] == [mixed.words[i].text for i in origins]


def test_a_second_line_goes_on_for_the_generic_head_and_begins_for_the_fields() -> None:
    # Read row by row, another column's words stand between the two lines.
    entities, labels = [(0, 3), (1, 2)], [0, 1]
    assert word_tags(4, entities, labels, goes_on=True).tolist() == [1, 3, 4, 2]
    assert word_tags(4, entities, labels, goes_on=False).tolist() == [1, 3, 4, 1]
    assert word_tags(2, [(0, 1)], [None], goes_on=True).tolist() == [0, 0]


def test_a_key_glued_to_its_value_is_given_back_to_the_key() -> None:
    glued = LabelledPage(
        words(("Your", 50, 100), ("Date:05/03/18", 120, 100)),
        (
            LabelledEntity(0, "question", None, (0,), None),
            LabelledEntity(1, "answer", "invoice_date", (1,), None),
        ),
        (LabelledLink(0, 1, "key_value"),),
        "invoice",
        "en-GB",
        "letter",
        "test",
        595,
        842,
        {},
    )
    sample = make_sample(glued, CONFIG, TOKENIZER)
    assert sample is not None
    assert sample.entities == ((0, 1), (2,))
    assert sample.fields.tolist() == [0, 0, 1 + 2 * CONFIG.fields.index("invoice_date")]


def test_links_become_pairs_whichever_way_they_were_stored() -> None:
    sample = make_sample(page(), CONFIG, TOKENIZER)
    assert sample is not None
    related = {
        (h, t): k for h, t, k in zip(sample.heads, sample.tails, sample.related, strict=True) if k
    }
    assert related == {(1, 2): 1, (3, 4): 1, (5, 6): 1, (4, 6): 2}


def test_pages_without_words_are_left_out_and_those_without_entities_are_not() -> None:
    assert make_sample(EMPTY, CONFIG, TOKENIZER) is None
    network = learner()
    for pages in ([NO_ENTITIES], [ONE_ENTITY], [NO_ENTITIES, page()]):
        losses = network(batch(*pages, noise=Noise(pages=1.0))).losses
        assert all(loss.isfinite() for loss in losses.values())


def test_every_parameter_receives_a_gradient() -> None:
    network = learner()
    spoiled = batch(page(), page(1), noise=Noise(pages=1.0, masked=0.3))
    assert spoiled.masked.any()
    network(spoiled).total.backward()
    without = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert without == []


def test_half_precision_learns_about_the_same() -> None:
    network = learner()
    given = batch(page(), NO_ENTITIES)
    exact = network(given)
    with torch.autocast("cpu", torch.bfloat16):
        rough = network(given)
    rough.total.backward()
    for name, loss in exact.losses.items():
        assert float(rough.losses[name].detach()) == pytest.approx(float(loss.detach()), abs=0.05)
    assert all(p.grad is None or p.grad.isfinite().all() for p in network.parameters())


def test_padding_changes_no_loss() -> None:
    network = learner().eval()
    long = replace(
        page(), words=page().words + words(*((f"w{i}", 50, 300 + 20 * i) for i in range(9)))
    )
    with torch.no_grad():
        alone = network(batch(page())).output.fields[0, :8]
        beside = network(batch(page(), long)).output.fields[0, :8]
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=1e-4)


def test_noise_hides_words_with_all_that_rules_said_about_them() -> None:
    spoiled = batch(page(), page(1), noise=Noise(pages=1, masked=0.5, boxes=0, lines=0, features=0))
    assert 0 < spoiled.masked.sum() < spoiled.mask.sum()
    assert not spoiled.features[spoiled.masked].any()
    assert torch.equal(spoiled.boxes, batch(page(), page(1)).boxes)


def test_untaught_heads_are_left_alone() -> None:
    sample = make_sample(page(), CONFIG, TOKENIZER, frozenset({"fields"}))
    assert sample is not None
    assert (sample.generic == IGNORED).all()
    assert sample.page_type == IGNORED
    assert len(sample.heads) == 0
    losses = learner()(collate([sample], None, Random(0), 1)).losses
    assert losses["fields"] > 0
    assert losses["generic"] == losses["page_type"] == losses["relations"] == 0


@pytest.mark.parametrize(
    ("text", "like"),
    [("4711", "12"), ("1.234,56", "9,99"), ("03.05.2024", "2024-05-03"), ("a@b.de", "www.x.org")],
)
def test_words_of_one_shape_are_of_one_kind(text: str, like: str) -> None:
    assert shape_of(text) == shape_of(like)
    assert len({shape_of(t) for t in ("4711", "1.234,56", "19%", "word", "Word", "---")}) == 6


def test_two_networks_are_drawn_together_and_both_move() -> None:
    first, second = learner(1), learner(2)
    given = batch(page())
    mutual_loss(first(given), second(given), given).backward()
    for network in (first, second):
        assert network.network.fields.weight.grad is not None
        assert network.network.fields.weight.grad.any()
    with torch.no_grad():
        assert mutual_loss(first(given), first(given), given) < 1e-6


def test_the_divergence_is_symmetric_and_that_of_the_formula() -> None:
    one, two = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 0.0]])
    p, q = one.softmax(-1), two.softmax(-1)
    expected = 0.5 * ((p * (p / q).log()).sum() + (q * (q / p).log()).sum())
    torch.testing.assert_close(divergence(one, two), expected)
    torch.testing.assert_close(divergence(two, one), expected)
    assert divergence(one[:0], two[:0]) == 0


def test_the_layers_of_mutual_learning_are_the_published_ones() -> None:
    assert [mutual_layers(n) for n in (12, 6, 4, 1)] == [(5, 8), (2, 4), (1, 2), (0, 0)]


def test_the_learning_rate_rises_and_falls() -> None:
    rates = [learning_rate(done / 100, 1.0, 0.1) for done in range(101)]
    assert max(rates) == rates[10] == 1.0
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0)


def trainer(folder: Path, pieces: Path, mutual_from: float = 1.0) -> Trainer:
    settings = TrainingConfig(pages=2, learning_rate=3e-3, mutual_from=mutual_from)
    return Trainer(learner(), settings, folder, pieces, "cpu")


def batches(start: int = 0) -> PageBatches:
    return PageBatches(page, CONFIG, TOKENIZER, pages=2, noise=None, seed=0, start=start)


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    path = tmp_path / "tokenizer.json"
    scores = TOKENIZER.model.scores
    vocabulary = [list(pair) for pair in zip(PIECES, scores, strict=True)]
    path.write_text(json.dumps({"model": {"type": "Unigram", "vocab": vocabulary}}))
    return path


@pytest.mark.parametrize("mutual_from", [1.0, 0.5])
def test_an_interrupted_run_goes_on_from_its_checkpoint(
    tmp_path: Path, pieces: Path, mutual_from: float
) -> None:
    whole = trainer(tmp_path / "whole", pieces, mutual_from)
    torch.manual_seed(0)
    whole.run([batch(page(i)) for i in range(8)], steps=8)
    first = trainer(tmp_path / "parts", pieces, mutual_from)
    torch.manual_seed(0)
    # The source dries up half way, as if the process had been stopped.
    first.run([batch(page(i)) for i in range(6)], steps=8)
    second = trainer(tmp_path / "parts", pieces, mutual_from)
    assert second.resume()
    assert second.progress.steps == 6
    assert second.progress.mutual == (mutual_from < 1)
    second.run([batch(page(i)) for i in range(6, 8)], steps=8)
    state = whole.student.state_dict()
    for name, tensor in second.student.state_dict().items():
        torch.testing.assert_close(tensor, state[name])


def test_a_run_may_begin_with_a_network_that_learned_before(tmp_path: Path) -> None:
    released = RELEASED["kie"].path
    pieces = released.parent / "tokenizer.json"
    run, _ = pretraining(read_config("kie-mini"), tmp_path, pieces, "cpu", weights=released)
    known = load_file(released)
    for name, tensor in run.student.state_dict().items():
        torch.testing.assert_close(tensor, known[name].float())


def test_a_run_ends_when_its_time_is_over(tmp_path: Path, pieces: Path) -> None:
    ticks = iter(range(1000))
    run = trainer(tmp_path, pieces)
    run.run(load(batches(), 0), seconds=20, clock=lambda: float(next(ticks)))
    assert 5 < run.progress.steps < 20


def test_a_small_network_learns_two_pages_by_heart_and_extraction_loads_it(
    tmp_path: Path, pieces: Path
) -> None:
    run = trainer(tmp_path / "run", pieces)
    run.run(load(batches(), 0), steps=150)
    answer = run.learners[0].eval()(batch(page()))
    assert answer.losses["fields"] < 0.2
    predictor = NetworkPredictor.from_file(tmp_path / "run" / "model.safetensors")
    read, _ = read_page(page())
    found = predictor.predict(read)
    assert found.fields.shape == (8, 1 + 2 * len(FIELDS))
    np.testing.assert_allclose(found.fields.sum(axis=1), 1, atol=1e-5)
    by_id = {entity.id: entity for entity in found.entities}
    pairs = {
        (by_id[r.head].text, by_id[r.tail].text) for r in found.relations if r.type == "key_value"
    }
    assert ("Date", "2024-05-03") in pairs
    assert ("Seller", "Acme Ltd") in pairs
    assert max(found.page_type, key=lambda name: found.page_type[name]) == "invoice"


XFUND = {
    "documents": [
        {
            "img": {"width": 1000, "height": 2000},
            "document": [
                {
                    "id": 5,
                    "text": "Date:",
                    "label": "question",
                    "box": [100, 200, 200, 240],
                    "words": [{"text": "Date:", "box": [100, 200, 200, 240]}],
                    "linking": [[9, 5]],
                },
                {
                    "id": 9,
                    "text": "3 May",
                    "label": "answer",
                    "box": [300, 200, 400, 240],
                    "linking": [[5, 9]],
                },
                {"id": 11, "text": "x", "label": "other", "box": [0, 0, 10, 10], "linking": []},
            ],
        }
    ]
}


def test_xfund_pages_are_read_with_links_once_and_from_the_key(tmp_path: Path) -> None:
    path = tmp_path / "de.train.json"
    path.write_text(json.dumps(XFUND))
    (found,) = read_labels(path)
    assert [w.text for w in found.words] == ["Date:", "3", "May", "x"]
    assert found.words[0].box == (100, 100, 200, 120)
    assert found.words[2].box == (340, 100, 400, 120)
    assert [e.kind for e in found.entities] == ["question", "answer"]
    assert found.links == (LabelledLink(0, 1, "key_value"),)


def paddle(path: Path, count: int = 3) -> Path:
    lines = []
    for i in range(count):
        entries = [
            ("Policy", "question", 50, 100 + 10 * i, 1, [[1, 2]]),
            ("AB-77", "policy_no", 300, 100 + 10 * i, 2, []),
            ("nothing", "other", 50, 400, 3, []),
        ]
        data = [
            {
                "transcription": text,
                "label": label,
                "points": [[x, y], [x + 90, y], [x + 90, y + 20], [x, y + 20]],
                "id": number,
                "linking": linking,
            }
            for text, label, x, y, number, linking in entries
        ]
        lines.append(f"page{i}.png\t{json.dumps(data)}")
    path.write_text("\n".join(lines))
    return path


def test_paddle_labels_outside_the_four_are_fields(tmp_path: Path) -> None:
    found = read_labels(paddle(tmp_path / "train.txt"))
    assert len(found) == 3
    assert [(e.kind, e.field) for e in found[0].entities] == [
        ("question", None),
        ("answer", "policy_no"),
    ]
    assert found[0].links == (LabelledLink(0, 1, "key_value"),)


@pytest.mark.parametrize("content", ["", "[1, 2]", "a\tb", '{"documents": [{}]}', "[]"])
def test_labels_in_no_known_format_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "labels"
    path.write_text(content)
    with pytest.raises(InputError):
        read_labels(path)
    with pytest.raises(InputError):
        read_labels(tmp_path / "missing")


def test_fine_tuning_teaches_a_new_field_and_leaves_the_embeddings(
    tmp_path: Path, pieces: Path
) -> None:
    base = trainer(tmp_path / "base", pieces)
    base.run(load(batches(), 0), steps=2)
    labels = paddle(tmp_path / "train.txt")
    out = finetune(
        labels, tmp_path / "mine", weights=tmp_path / "base" / "model.safetensors", steps=120
    )
    mine = NetworkPredictor.from_file(out)
    assert mine.config.fields == (*CONFIG.fields, "policy_no")
    name = "encoder.embeddings.word_embeddings.weight"
    before, after = (
        load_file(folder / "model.safetensors")[name] for folder in (tmp_path / "base", out.parent)
    )
    assert torch.equal(before, after)
    read, _ = read_page(read_labels(labels)[0])
    assert [(e.label, e.text) for e in mine.custom(read)] == [("policy_no", "AB-77")]
    # To the schema a field of one's own is nothing.
    np.testing.assert_allclose(mine.predict(read).fields.sum(axis=1), 1, atol=1e-5)


def test_settings_are_named_or_read_from_a_file(tmp_path: Path) -> None:
    small = read_config("kie-small")
    assert (small.network(9000).encoder.hidden, small.network(9000).encoder.vocab_size) == (
        320,
        9000,
    )
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"pages": 3, "held_out": [["letter", "de-DE"]]}))
    assert read_config(str(path)) == TrainingConfig(pages=3, held_out=(("letter", "de-DE"),))
    path.write_text('{"depth": 3}')
    for name in (str(path), "kie-huge"):
        with pytest.raises(ConfigError):
            read_config(name)


def test_a_run_without_end_is_refused(
    tmp_path: Path, pieces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path / "run"), "--pieces", str(pieces)]) == 2
    assert "--budget-minutes" in capsys.readouterr().err


def test_all_heads_are_known() -> None:
    assert set(learner()(batch(page())).losses) == {*HEADS, "masked"}
