"""The reader's network: a BERT encoder with span, item and answerability heads.

Parameter names are those of Hugging Face's `BertModel`, so that weights go back and forth unchanged.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 384, 12, 12, 1536, 512


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, dropout: float) -> Tensor:
    """Softmax attention; `mask` is (batch, 1, 1, length), True where a token may be seen.

    On a CPU plain matrix products are about twice as fast as the fused kernel, whose backward pass is slow
    for 32 values a head; there is no dropout of weights then.
    """
    if q.device.type == "cuda":
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropout)
    weights = q @ (k * q.shape[-1] ** -0.5).transpose(-1, -2)
    weights = (weights + torch.zeros_like(mask, dtype=q.dtype).masked_fill_(~mask, -1e4)).softmax(-1)
    mixed: Tensor = weights @ v
    return mixed


class Dropout(nn.Module):
    """Dropout whose CPU masks are random slices of one long random mask.

    Drawing fresh Bernoulli numbers costs half of a training step on a CPU; a slice costs one product.
    """

    def __init__(self, p: float, pool: int = 1 << 24) -> None:
        super().__init__()
        self.p, self.pool = p, pool
        self.masks: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return `x` with some values left out and the others scaled up."""
        if not self.training or not self.p:
            return x
        if x.device.type == "cuda" or x.numel() * 2 > self.pool:
            return F.dropout(x, self.p)
        if self.masks is None or self.masks.dtype != x.dtype:
            self.masks = F.dropout(torch.ones(self.pool), self.p).to(x.dtype)
        at = int(torch.randint(self.pool - x.numel(), ()))
        return x * self.masks[at : at + x.numel()].view(x.shape)


class Projections(nn.Module):
    """Queries, keys and values."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))


class Residual(nn.Module):
    """A projection back to the hidden size, added to what came in, normalised."""

    def __init__(self, width: int, dropout: Dropout) -> None:
        super().__init__()
        self.dense = nn.Linear(width, HIDDEN)
        self.LayerNorm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = dropout

    def forward(self, inner: Tensor, x: Tensor) -> Tensor:
        """Return (batch, length, hidden)."""
        result: Tensor = self.LayerNorm(x + self.dropout(self.dense(inner)))
        return result


class Attention(nn.Module):
    """Self-attention with BERT's parameter names."""

    def __init__(self, dropout: Dropout) -> None:
        super().__init__()
        self.dropout = dropout
        self.self = Projections()
        self.output = Residual(HIDDEN, dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return (batch, length, hidden)."""
        batch, length, _ = x.shape
        q, k, v = (
            project(x).view(batch, length, HEADS, -1).transpose(1, 2)
            for project in (self.self.query, self.self.key, self.self.value)
        )
        mixed = attend(q, k, v, mask, self.dropout.p if self.training else 0.0)
        result: Tensor = self.output(mixed.transpose(1, 2).reshape(batch, length, HIDDEN), x)
        return result


class Intermediate(nn.Module):
    """The widening half of the feed-forward network."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(HIDDEN, INNER)

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, length, inner)."""
        return F.gelu(self.dense(x))


class Layer(nn.Module):
    """One encoder layer."""

    def __init__(self, dropout: Dropout) -> None:
        super().__init__()
        self.attention = Attention(dropout)
        self.intermediate = Intermediate()
        self.output = Residual(INNER, dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return (batch, length, hidden)."""
        x = self.attention(x, mask)
        result: Tensor = self.output(self.intermediate(x), x)
        return result


class Embeddings(nn.Module):
    """Words, positions and the one token type that is used."""

    def __init__(self, vocabulary: int, dropout: Dropout) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, HIDDEN)
        self.position_embeddings = nn.Embedding(POSITIONS, HIDDEN)
        self.token_type_embeddings = nn.Embedding(2, HIDDEN)
        self.LayerNorm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = dropout

    def forward(self, words: Tensor) -> Tensor:
        """Add positions to the (batch, length, hidden) vectors of words."""
        x = words + self.position_embeddings.weight[: words.shape[1]]
        result: Tensor = self.dropout(self.LayerNorm(x + self.token_type_embeddings.weight[0]))
        return result


class Encoder(nn.Module):
    """The layers."""

    def __init__(self, dropout: Dropout) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))


@dataclass
class Scores:
    """Raw scores of a batch.

    Attributes:
        start: (batch, length) logit of an answer starting at a token; token 0 stands for "no answer".
        end: (batch, length) the same for its last token.
        item: (batch, length, 3) logits of outside, begin, inside for lists.
        holds: (batch,) logit that the passage holds an answer.
    """

    start: Tensor
    end: Tensor
    item: Tensor
    holds: Tensor


class ReaderNetwork(nn.Module):
    """Question and passage in, `Scores` out.

    Args:
        vocabulary: Number of word embeddings.
        dropout: Share of values left out while training.
    """

    def __init__(self, vocabulary: int, dropout: float = 0.1) -> None:
        super().__init__()
        shared = Dropout(dropout)
        self.dropout = shared
        self.embeddings = Embeddings(vocabulary, shared)
        self.encoder = Encoder(shared)
        self.span = nn.Linear(HIDDEN, 2)
        self.item = nn.Linear(HIDDEN, 3)
        self.holds = nn.Linear(HIDDEN, 1)
        for head in (self.span, self.item, self.holds):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        # The embeddings of words stay as they are in the base, so that they need not be shipped.
        self.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: Tensor, lengths: Tensor) -> Scores:
        """Score a batch.

        Args:
            ids: (batch, length) token numbers.
            lengths: (batch,) tokens that are not padding.
        """
        mask = torch.arange(ids.shape[1], device=ids.device)[None, :] < lengths[:, None]
        return Scores(*self.read(self.embeddings.word_embeddings(ids), mask))

    def read(self, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Start, end, item and answerability scores from word vectors (batch, length, hidden).

        `mask` is (batch, length), True for tokens.
        """
        x: Tensor = self.embeddings(words)
        for layer in self.encoder.layer:
            x = layer(x, mask[:, None, None, :])
        x = self.dropout(x)
        start, end = self.span(x).unbind(-1)
        return start, end, self.item(x), self.holds(x[:, 0]).squeeze(-1)
