"""An encoder made ready for eight bits computes what it did, in a form that has no outliers."""

import pytest
import torch

from index.eight_bits import Rowwise, Smoothed, prepare
from qa_service.span_reader.network import HIDDEN, Dropout, Encoder


@pytest.fixture
def encoder() -> Encoder:
    torch.manual_seed(3)
    made = Encoder(Dropout(0.0))
    made.layer = made.layer[:1]
    made.eval()
    with torch.no_grad():
        made.layer[0].attention.output.LayerNorm.weight[7] = 40.0  # a channel like those of real encoders
    return made


def read(encoder: Encoder, x: torch.Tensor) -> torch.Tensor:
    result: torch.Tensor = encoder.layer[0](x, torch.ones(1, 1, 1, x.shape[1], dtype=torch.bool))
    return result


def test_what_an_encoder_computes_stays_the_same(encoder: Encoder):
    x = torch.randn(1, 5, HIDDEN)
    with torch.no_grad():
        before = read(encoder, x)
        prepare(encoder, lambda: read(encoder, x))
        after = read(encoder, x)
    assert torch.allclose(after, before, atol=1e-4)


def test_a_channel_that_is_large_everywhere_is_made_smaller_for_the_product_behind_it(encoder: Encoder):
    x = torch.randn(1, 5, HIDDEN)
    prepare(encoder, lambda: read(encoder, x))
    inverse = encoder.layer[0].intermediate.dense.inverse
    assert inverse.argmin() == 7
    assert inverse[7] < inverse.median() / 4


def test_queries_keys_and_values_share_their_factors_so_that_one_quantised_input_serves_all(encoder: Encoder):
    x = torch.randn(1, 5, HIDDEN)
    prepare(encoder, lambda: read(encoder, x))
    attention = encoder.layer[0].attention.self
    assert attention.query.inverse is attention.key.inverse is attention.value.inverse


def test_rows_of_any_size_pass_a_rowwise_map_unchanged():
    linear = torch.nn.Linear(4, 3)
    x = torch.tensor([[60.0, 1.0, -0.1, 0.0], [0.001, 0.0, -0.1, 0.0], [0.0, 0.0, 0.0, 0.0]])
    with torch.no_grad():
        assert torch.allclose(Rowwise(linear)(x), linear(x), atol=1e-5)


def test_factors_pass_a_smoothed_map_unchanged():
    linear, x = torch.nn.Linear(2, 1), torch.tensor([[3.0, 4.0]])
    with torch.no_grad():
        before = linear(x)
        factors = torch.tensor([8.0, 0.5])
        assert torch.allclose(Smoothed(linear, factors, 1 / factors)(x), before)
