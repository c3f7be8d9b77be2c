"""Turns questions and passages into vectors.

Two implementations: `OnnxEmbedder` runs the embedded default on the CPU by ONNX Runtime, and
`TorchEmbedder` runs any sentence-transformers model (and everything on a GPU). The first does without
sentence-transformers when serving, because importing it takes four seconds and 400 MB, more than all the
rest of a start; the model that it runs was unpacked and exported by sentence-transformers and torch
(`index.unpack`, `index.onnx_export`), and a test holds its vectors against theirs.

`docs/evaluation.md` says what eight bits cost in fidelity, `benchmarks/README.md` what they bring in speed.
"""

import importlib.metadata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index import cores
from index.errors import ModelError
from index.model import ModelSource, open_tokenizer
from index.words import embedded_words

Vectors = npt.NDArray[np.float32]

_MAX_TOKENS = 512
# Padded tokens of one call: enough to fill the matrix kernels, small enough to stay in the cache.
_BATCH_TOKENS = 2048
_TORCH_BATCH = {"cpu": 32, "cuda": 256}


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    identity: str
    dimension: int

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return L2-normalised vectors, float32 (len(texts), dimension)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return L2-normalised vectors, float32 (len(texts), dimension)."""
        ...


def open_embedder(source: ModelSource, *, device: str = "auto", threads: int | None = None) -> Embedder:
    """Open a model.

    Args:
        source: From `index.model.resolve`.
        device: "cpu", "cuda" (or another torch device), or "auto": a GPU where there is one.
        threads: Cores to use on the CPU, None for all.

    Raises:
        ModelError: The model cannot be loaded, or the device is not there.
    """
    chosen = _best_device() if device == "auto" else device
    if chosen == "cpu" and source.onnx is not None:
        return OnnxEmbedder(source, source.onnx, threads=threads)
    return TorchEmbedder(source, device=chosen, threads=threads)


class OnnxEmbedder:
    """The exported encoder on the CPU; safe to call from several threads.

    Texts are batched by length up to a budget of padded tokens, so little is spent on padding. The
    activations are quantised per batch: the vector of a text may differ by a cosine of about .0005 with its
    neighbours in the batch.
    """

    def __init__(self, source: ModelSource, onnx: Path, *, threads: int | None = None) -> None:
        import onnxruntime  # noqa: PLC0415 - not needed where torch runs the model

        self.identity = source.identity
        self.dimension = source.dimension
        self._query_prefix = source.query_prefix
        self._passage_prefix = source.passage_prefix
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or cores.limit() or 0  # 0: one for each real core
        options.enable_mem_pattern = False  # every batch has another shape
        self._words = embedded_words()
        self._tokenizer = open_tokenizer(source.tokenizer)
        try:
            self._session: Any = onnxruntime.InferenceSession(
                onnx, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # it raises bare exceptions
            raise ModelError(
                f"{source.folder} cannot be opened: {error}; delete it to unpack again"
            ) from error

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return L2-normalised vectors, float32 (len(texts), dimension)."""
        return self._embed([self._query_prefix + text for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return L2-normalised vectors, float32 (len(texts), dimension)."""
        return self._embed([self._passage_prefix + text for text in texts])

    def _embed(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch_fast(texts)
        ids = [np.asarray(_truncated(encoding.ids), dtype=np.int64) for encoding in encodings]
        vectors: Vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in batches_by_length([len(row) for row in ids], budget=_BATCH_TOKENS):
            mask = np.zeros((len(batch), len(ids[batch[0]])), dtype=np.int64)
            words = np.zeros((*mask.shape, self.dimension), dtype=np.float32)
            for row, position in enumerate(batch):
                mask[row, : len(ids[position])] = 1
                words[row, : len(ids[position])] = self._words[ids[position]]
            (vectors[batch],) = self._session.run(None, {"words": words, "attention_mask": mask})
        return vectors


class TorchEmbedder:
    """Any sentence-transformers model, on the CPU or a GPU (there in half precision)."""

    def __init__(self, source: ModelSource, *, device: str = "cpu", threads: int | None = None) -> None:
        import torch  # noqa: PLC0415 - seconds; see the module docstring
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        if threads is not None:
            torch.set_num_threads(threads)
        try:
            self._model: Any = SentenceTransformer(str(source.folder), device=device)
        except Exception as error:  # any of several libraries
            raise ModelError(f"{source.folder} cannot be loaded on {device!r}: {error}") from error
        if device.startswith("cuda"):
            self._model.half()
        self.identity = source.identity
        self.dimension = source.dimension
        if self._model.get_embedding_dimension() != source.dimension:
            raise ModelError(
                f"{source.folder} gives vectors of {self._model.get_embedding_dimension()} dimensions, "
                f"its configuration says {source.dimension}; correct config.json or modules.json"
            )
        self._query_prefix = source.query_prefix
        self._passage_prefix = source.passage_prefix
        self._batch = _TORCH_BATCH.get(device.partition(":")[0], 32)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return L2-normalised vectors, float32 (len(texts), dimension)."""
        return self._embed(texts, self._query_prefix)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return L2-normalised vectors, float32 (len(texts), dimension)."""
        return self._embed(texts, self._passage_prefix)

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            prompt=prefix or None,
            batch_size=self._batch,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def batches_by_length(lengths: Sequence[int], *, budget: int) -> Iterator[list[int]]:
    """Yield positions in batches, longest first; len(batch) * its longest <= budget, or one alone."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _truncated(ids: list[int]) -> list[int]:
    """Keep what the model can take; the last id is the mark at the end."""
    return ids if len(ids) <= _MAX_TOKENS else [*ids[: _MAX_TOKENS - 1], ids[-1]]


def _best_device() -> str:
    """Return "cuda" where torch can use a GPU, without importing torch where it certainly cannot."""
    if importlib.metadata.version("torch").endswith("+cpu") or not Path("/dev/nvidiactl").exists():
        return "cpu"
    import torch  # noqa: PLC0415

    return "cuda" if torch.cuda.is_available() else "cpu"
