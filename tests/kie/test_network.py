from __future__ import annotations

import pytest
import torch
from torch import Tensor

from kie.network.config import MINI, EncoderConfig, KieConfig
from kie.network.embeddings import Pieces, clip_boxes
from kie.network.encoder import LayoutEncoder, bucket
from kie.network.model import KieNetwork

TOKEN = EncoderConfig(
    vocab_size=50,
    hidden=24,
    layers=2,
    heads=2,
    intermediate=48,
    coordinate_size=4,
    shape_size=4,
    max_positions=40,
)


def boxes(rows: int, columns: int) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    low = torch.randint(0, 900, (rows, columns, 2), generator=generator)
    return torch.cat([low, low + torch.randint(0, 100, low.shape, generator=generator)], dim=-1)


def encoder(config: EncoderConfig = TOKEN, seed: int = 0) -> LayoutEncoder:
    torch.manual_seed(seed)
    network = LayoutEncoder(config).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return network


@torch.no_grad()
def run(network: LayoutEncoder, ids: Tensor, places: Tensor, mask: Tensor) -> Tensor:
    return network(network.read(ids, (ids.shape[0], ids.shape[1])), places, mask)[-1]


@pytest.mark.parametrize("biases", [False, True])
def test_the_encoder_agrees_with_that_of_transformers(biases: bool) -> None:
    pytest.importorskip("transformers", reason="transformers serves as the oracle")
    from transformers.models.layoutlmv2 import modeling_layoutlmv2 as theirs
    from transformers.models.layoutlmv2.configuration_layoutlmv2 import LayoutLMv2Config

    config = EncoderConfig(
        vocab_size=300,
        hidden=48,
        layers=3,
        heads=4,
        intermediate=96,
        coordinate_size=8,
        shape_size=8,
        max_positions=514,
        relative_bias=biases,
        spatial_bias=biases,
    )
    ours = encoder(config)
    settings = LayoutLMv2Config(
        vocab_size=300,
        hidden_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=514,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        coordinate_size=8,
        shape_size=8,
        has_relative_attention_bias=biases,
        has_spatial_attention_bias=biases,
        fast_qkv=False,
        pad_token_id=1,
    )
    embeddings = theirs.LayoutLMv2Embeddings(settings).eval()
    layers = theirs.LayoutLMv2Encoder(settings).eval()
    state = ours.state_dict()
    for name, module in (("embeddings", embeddings), ("encoder", layers)):
        part = {k.removeprefix(f"{name}."): v for k, v in state.items() if k.startswith(name)}
        result = module.load_state_dict(part, strict=False)
        assert result.unexpected_keys == []
        assert [key for key in result.missing_keys if key != "position_ids"] == []

    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(5, 300, (2, 200), generator=generator)
    places = boxes(2, 200)
    mask = torch.ones(2, 200, dtype=torch.bool)
    mask[1, 150:] = False
    positions = torch.arange(200)[None].expand(2, -1)
    with torch.no_grad():
        summed = (
            embeddings.word_embeddings(ids)
            + embeddings.position_embeddings(positions)
            + embeddings._calc_spatial_position_embeddings(places)
            + embeddings.token_type_embeddings(torch.zeros_like(ids))
        )
        expected = layers(
            embeddings.dropout(embeddings.LayerNorm(summed)),
            (~mask)[:, None, None, :] * torch.finfo(torch.float32).min,
            bbox=places,
            position_ids=positions,
        ).last_hidden_state
    found = run(ours, ids, places, mask)
    torch.testing.assert_close(found[mask], expected[mask], atol=2e-5, rtol=1e-4)


def test_small_distances_have_buckets_of_their_own_and_the_sign_counts() -> None:
    found = bucket(torch.tensor([0, 1, -1, 7, 8, -8, 127, 128, 5000, -5000]), 32, 128)
    assert found.tolist() == [0, 17, 1, 23, 24, 8, 31, 31, 31, 15]


def test_boxes_are_cut_to_the_page_ordered_and_truncated() -> None:
    odd = torch.tensor([[-5.0, 20.9, 1500.0, 3.2], [30.0, 30.0, 30.0, 30.0]])
    assert clip_boxes(odd).tolist() == [[0, 3, 1000, 20], [30, 30, 30, 30]]
    nowhere = torch.tensor([[float("nan"), float("inf"), 5.0, -float("inf")]])
    assert clip_boxes(nowhere).tolist() == [[0, 0, 5, 1000]]


def test_what_lies_behind_the_mask_changes_nothing() -> None:
    network = encoder()
    ids, places = torch.randint(0, 50, (1, 12)), boxes(1, 12)
    mask = torch.ones(1, 12, dtype=torch.bool)
    mask[0, 8:] = False
    other = ids.clone()
    other[0, 8:] = 7
    first, second = run(network, ids, places, mask), run(network, other, places, mask)
    torch.testing.assert_close(first[:, :8], second[:, :8])
    alone = run(network, ids[:, :8], places[:, :8], mask[:, :8])
    torch.testing.assert_close(first[:, :8], alone, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_page_without_words_stays_finite_in_every_precision(dtype: torch.dtype) -> None:
    network = encoder().to(dtype)
    ids, mask = torch.ones(2, 6, dtype=torch.long), torch.zeros(2, 6, dtype=torch.bool)
    mask[1, :3] = True
    assert run(network, ids, boxes(2, 6), mask).isfinite().all()


def test_half_precision_by_autocast_gives_nearly_the_same() -> None:
    network = encoder(MINI_TEST.encoder).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    mask = torch.ones(1, 10, dtype=torch.bool)
    mask[0, 7:] = False
    texts = torch.randn(1, 10, MINI_TEST.encoder.hidden)
    marks = torch.zeros(1, 10, MINI_TEST.encoder.features)
    with torch.no_grad():
        exact = network(texts, boxes(1, 10), mask, marks)[-1]
        with torch.autocast("cpu", torch.bfloat16):
            rough = network(texts, boxes(1, 10), mask, marks)[-1]
    assert (exact - rough.float()).abs().max() < 0.1


MINI_TEST = KieConfig(MINI, ("a", "b"), ("x", "y"))


def test_the_vector_of_a_word_depends_on_its_pieces_and_their_order_only() -> None:
    torch.manual_seed(0)
    network = KieNetwork(MINI_TEST).eval().encoder
    one = Pieces(torch.tensor([5, 6, 9]), torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0]))
    swapped = Pieces(torch.tensor([6, 5, 9]), torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0]))
    with torch.no_grad():
        first, second = network.read(one, (1, 3))[0], network.read(swapped, (1, 3))[0]
    assert not torch.allclose(first[0], second[0])
    torch.testing.assert_close(first[1], second[1])
    assert first[2].isfinite().all()


def test_impossible_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="heads"):
        EncoderConfig(hidden=768, heads=7)
    with pytest.raises(ValueError, match="is not"):
        EncoderConfig(coordinate_size=100)
    with pytest.raises(ValueError, match="pooling"):
        EncoderConfig(pooling="line")


def test_a_description_survives_json() -> None:
    import json

    assert KieConfig.from_dict(json.loads(json.dumps(MINI_TEST.to_dict()))) == MINI_TEST
    with pytest.raises(ValueError, match="not the description"):
        KieConfig.from_dict({"encoder": {"depth": 3}, "fields": (), "page_types": ()})
