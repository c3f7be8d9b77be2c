"""Makes an encoder ready for eight bits, without changing what it computes.

ONNX Runtime quantises a matrix of activations as a whole, so that one large number makes all the others
coarse. Two things in a BERT encoder have such numbers, and each has its cure here:

- Some channels after a layer norm are 20 times as large as the rest, in every text. They are divided by a
  factor each, and the weights behind them multiplied by it (SmoothQuant, Xiao et al. 2023).
- A few tokens have values up to 60 in the middle of a feed-forward network, where others have 1. Each
  token's row is divided by its largest number before the product and multiplied by it after.

`docs/evaluation.md` has the curve of what each brings.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

# Half of a channel's range is given to the weights.
_SHARE = 0.5
_SMALL = 1e-5
# Rows below this are not magnified: what a feed-forward network lets through below zero is as large.
_LOWEST_ROW = 0.25


class Smoothed(nn.Module):
    """A linear map of channels divided by factors, with weights multiplied by them."""

    def __init__(self, linear: nn.Linear, factors: Tensor, inverse: Tensor) -> None:
        super().__init__()
        self.linear = linear
        self.inverse = inverse
        with torch.no_grad():
            linear.weight *= factors

    def forward(self, x: Tensor) -> Tensor:
        """Return what the linear map alone would."""
        result: Tensor = self.linear(x * self.inverse)
        return result


class Rowwise(nn.Module):
    """A linear map of rows that are brought to one size."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, x: Tensor) -> Tensor:
        """Return what the linear map alone would."""
        largest = x.amax(-1, keepdim=True).clamp_min(_LOWEST_ROW)
        return torch.matmul(x / largest, self.linear.weight.t()) * largest + self.linear.bias


def prepare(encoder: Any, run: Callable[[], object]) -> None:
    """Change the layers of an encoder in place.

    Args:
        encoder: Its `layer` are named as in Hugging Face's `BertModel`.
        run: Runs it on a few texts, for the sizes of its channels.
    """
    largest: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
        largest[module] = torch.maximum(largest[module], seen) if module in largest else seen

    handles = [group[0].register_forward_pre_hook(note) for _, _, group in _behind_norms(encoder)]
    with torch.no_grad():
        run()
    for handle in handles:
        handle.remove()
    for owner, names, group in list(_behind_norms(encoder)):
        weights = torch.stack([linear.weight.detach().abs().amax(0) for linear in group]).amax(0)
        factors = largest[group[0]].clamp_min(_SMALL) ** _SHARE / weights.clamp_min(_SMALL) ** (1 - _SHARE)
        factors = factors / factors.log().mean().exp()
        inverse = 1 / factors
        for name, linear in zip(names, group, strict=True):
            setattr(owner, name, Smoothed(linear, factors, inverse))
    for layer in encoder.layer:
        layer.output.dense = Rowwise(layer.output.dense)


def _behind_norms(encoder: Any) -> Iterator[tuple[nn.Module, Sequence[str], Sequence[nn.Linear]]]:
    """Yield the linear maps that read the same layer norm: whose they are, their names, and they."""
    for layer in encoder.layer:
        for owner, names in (
            (layer.attention.self, ("query", "key", "value")),
            (layer.intermediate, ("dense",)),
        ):
            yield owner, names, [getattr(owner, name) for name in names]
