from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

from kie.importing import encoder_config, load_official_re, load_official_ser, read_layoutxlm
from kie.network.config import EncoderConfig
from kie.network.model import OfficialRe, OfficialSer
from structure.core.errors import ModelError
from structure.core.weights import Arrays

PLAIN = EncoderConfig(
    vocab_size=60,
    hidden=128,
    layers=2,
    heads=2,
    intermediate=128,  # square on purpose: a forgotten transpose must not fail by shape
    coordinate_size=24,
    shape_size=16,
    max_positions=40,
)
BIASED = EncoderConfig(**{
    **{name: getattr(PLAIN, name) for name in PLAIN.__slots__},
    "relative_bias": True,
    "spatial_bias": True,
})  # fmt: skip


N = TypeVar("N", bound=nn.Module)


def randomised(network: N) -> N:
    torch.manual_seed(3)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.1)
    return network.eval()


def paddle_arrays(network: nn.Module) -> Arrays:
    """What PaddleNLP would have saved: prefix, linear weights as (in, out), visual parts."""
    linear = {f"{n}.weight" for n, m in network.named_modules() if isinstance(m, nn.Linear)}
    found: Arrays = {}
    for name, tensor in network.state_dict().items():
        array = tensor.numpy()
        turned = name in linear or ("rel_pos" in name and name.endswith("bias.weight"))
        theirs = name.replace("encoder.", "layoutxlm.", 1) if name.startswith("encoder.") else name
        found[theirs] = np.ascontiguousarray(array.T) if turned else array
    found["layoutxlm.embeddings.position_ids"] = np.arange(40)[None]
    found["layoutxlm.visual_proj.weight"] = np.zeros((256, 128), np.float32)
    found["layoutxlm.visual.backbone.conv.weight"] = np.zeros((4, 4), np.float32)
    found["layoutxlm.visual_LayerNorm.bias"] = np.zeros(128, np.float32)
    found["layoutxlm.visual_segment_embedding"] = np.zeros(128, np.float32)
    found["layoutxlm.pooler.dense.weight"] = np.zeros((128, 128), np.float32)
    return found


def write_pdparams(path: Path, arrays: Arrays) -> Path:
    content = {name: (name, array) for name, array in arrays.items()}
    path.write_bytes(pickle.dumps(content, protocol=4))
    return path


def page() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    ids = torch.randint(4, 60, (1, 20), generator=generator)
    low = torch.randint(0, 900, (1, 20, 2), generator=generator)
    return ids, torch.cat([low, low + 50], dim=-1), torch.ones(1, 20, dtype=torch.bool)


@pytest.mark.parametrize("config", [PLAIN, BIASED], ids=["without biases", "with biases"])
def test_a_paddle_checkpoint_gives_the_outputs_of_the_network_it_came_from(
    config: EncoderConfig, tmp_path: Path
) -> None:
    network = randomised(OfficialSer(config, 7))
    path = write_pdparams(tmp_path / "model_state.pdparams", paddle_arrays(network))
    (tmp_path / "model_config.json").write_text(
        json.dumps({"init_args": [{"init_args": [{"num_attention_heads": 2}]}], "num_classes": 7})
    )
    loaded = load_official_ser(path)
    with torch.no_grad():
        torch.testing.assert_close(loaded(*page()), network(*page()), atol=1e-5, rtol=1e-4)


def test_a_relation_checkpoint_gives_the_outputs_of_the_network_it_came_from(
    tmp_path: Path,
) -> None:
    network = randomised(OfficialRe(PLAIN))
    path = write_pdparams(tmp_path / "model_state.pdparams", paddle_arrays(network))
    entities = (torch.tensor([0, 4, 9]), torch.tensor([1, 2, 2]))
    pairs = (torch.tensor([0, 0]), torch.tensor([1, 2]))
    with torch.no_grad():
        found = load_official_re(path)(*page(), *entities, pairs)
        torch.testing.assert_close(found, network(*page(), *entities, pairs), atol=1e-5, rtol=1e-4)


def test_a_checkpoint_of_transformers_is_not_turned(tmp_path: Path) -> None:
    network = randomised(OfficialSer(PLAIN, 5))
    arrays = {
        name.replace("encoder.", "layoutlmv2.", 1) if name.startswith("encoder.") else name: t
        for name, t in ((n, t.numpy()) for n, t in network.state_dict().items())
    }
    arrays["layoutlmv2.visual.backbone.x.weight"] = np.zeros((2, 2), np.float32)
    save_file(arrays, tmp_path / "model.safetensors")
    loaded = load_official_ser(tmp_path / "model.safetensors")
    with torch.no_grad():
        torch.testing.assert_close(loaded(*page()), network(*page()), atol=1e-5, rtol=1e-4)


def test_the_size_of_the_network_is_read_from_the_file(tmp_path: Path) -> None:
    network = randomised(OfficialSer(BIASED, 7))
    path = write_pdparams(tmp_path / "m.pdparams", paddle_arrays(network))
    assert encoder_config(read_layoutxlm(path), tmp_path) == BIASED


def test_other_files_are_refused(tmp_path: Path) -> None:
    network = randomised(OfficialSer(PLAIN, 7))
    arrays = paddle_arrays(network)
    ser = write_pdparams(tmp_path / "ser.pdparams", arrays)
    with pytest.raises(ModelError, match="no relation decoder"):
        load_official_re(ser)
    del arrays["classifier.weight"]
    with pytest.raises(ModelError, match="no classifier"):
        load_official_ser(write_pdparams(tmp_path / "base.pdparams", arrays))
    with pytest.raises(ModelError, match="not the weights of a LayoutXLM"):
        read_layoutxlm(write_pdparams(tmp_path / "x.pdparams", {"a": np.zeros(3, np.float32)}))
    with pytest.raises(ModelError, match="unknown kind"):
        read_layoutxlm(tmp_path / "weights.bin")


def test_a_missing_layer_is_noticed(tmp_path: Path) -> None:
    arrays = paddle_arrays(randomised(OfficialSer(PLAIN, 7)))
    del arrays["layoutxlm.encoder.layer.0.output.dense.weight"]
    with pytest.raises(ModelError, match="missing"):
        load_official_ser(write_pdparams(tmp_path / "m.pdparams", arrays))
