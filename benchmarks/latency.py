"""How long an answer takes from a large archive, step by step, and how much memory that needs.

Embedding so many passages would take an hour, so only some vectors are real. The others are made from them:
a random real vector, turned by noise to a cosine of about .9 with it, as far as neighbouring passages
of one article are. All texts are real, so the lexical index is as large and as varied as it would be.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.inputs import Inputs
from benchmarks.process import Client, Memory, Server, serving
from evaluation.indexed import ARCHIVE_FILE, fill, indexed
from evaluation.report import Section, table
from index.archive import Archive
from index.embed import Embedder
from index.search import open_search

_NOISE = 0.48  # length of the noise beside a vector of length 1: cosine 1 / sqrt(1 + .48^2) = .90
WARM_UP = 10
_PERCENTILES = (50, 95)
_STEPS = (
    "embed", "search", "embed + search", "read", "answers", "service", "HTTP and JSON", "whole request",
)  # fmt: skip


class Noisy:
    """Stands in for an embedder where passages are many: gives vectors near real ones, whatever the text.

    Args:
        embedder: The model it stands for.
        real: Vectors of that model, float32 (n, dimension), n at least 1.
    """

    def __init__(self, embedder: Embedder, real: npt.NDArray[np.float32]) -> None:
        self.identity, self.dimension = embedder.identity, embedder.dimension
        self._embedder = embedder
        self._real = real
        self._random = np.random.default_rng(0)

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the model's own vectors, float32 (len(texts), dimension)."""
        return self._embedder.embed_questions(texts)

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return L2-normalised vectors, float32 (len(texts), dimension)."""
        chosen = self._real[self._random.integers(len(self._real), size=len(texts))]
        noise = self._random.standard_normal(chosen.shape, dtype=np.float32)
        noise *= _NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
        turned: npt.NDArray[np.float32] = chosen + noise
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        return turned


def large_archive(inputs: Inputs, embedder: Embedder, work: Path) -> tuple[Path, int, int]:
    """Fill a folder with an archive of the size wanted, or reuse it.

    Returns:
        The folder, its passages, and how many of them have real vectors.
    """
    real_folder = work / (f"distractors-{inputs.sizes.real}" if inputs.data else "samples")
    real_articles = inputs.distractors(inputs.sizes.real) if inputs.data else inputs.articles
    with indexed(real_folder, real_articles, embedder) as opened:
        keys = opened.vectors.keys()
        real = opened.archive.embeddings(keys)
    folder = work / f"{real_folder.name}-to-{inputs.sizes.passages}"
    if not (folder / ARCHIVE_FILE).exists():
        folder.mkdir(parents=True)
        shutil.copyfile(real_folder / ARCHIVE_FILE, folder / ARCHIVE_FILE)
    fill(folder, inputs.distractors(inputs.sizes.passages), Noisy(embedder, real))
    archive = Archive(folder / ARCHIVE_FILE)
    open_search(archive, embedder, folder).save(folder)
    passages = archive.count().passages
    archive.close()
    return folder, passages, len(real)


def measure(inputs: Inputs, embedder: Embedder, work: Path, model_cache: Path) -> Section:
    """Ask a server over the large archive, one question after the other."""
    folder, passages, real = large_archive(inputs, embedder, work)
    asked = questions(inputs)
    with serving(folder, model_cache) as server:
        before = server.memory()
        times = _ask(server, asked)
        after = server.memory()
    return section(times, passages, real, before, after)


def section(
    times: dict[str, list[float]], passages: int, real: int, before: Memory, after: Memory
) -> Section:
    """Put the times (milliseconds by step, one for each question) into a table."""
    found = {
        step: {f"p{p}": float(np.percentile(values, p)) for p in _PERCENTILES}
        for step, values in times.items()
    }
    rows = [[step, *(f"{value:.1f}" for value in found[step].values())] for step in times]
    held, first = after.resident_mb, before.resident_mb
    about = (
        f"{len(times['whole request'])} questions, one after the other over one connection, of {passages} "
        f"passages. {real} of the vectors are real, the others are made from them with noise; all texts are "
        f"real. Milliseconds. The server holds {held:.0f} MB, {first:.0f} MB before the first question."
    )
    lines = [about, "", *table(["step", *(f"p{p}" for p in _PERCENTILES)], rows)]
    figures = {
        "passages": passages,
        "real_vectors": real,
        "questions": len(times["whole request"]),
        "ms": found,
        "memory": {"before": asdict(before), "after": asdict(after)},
    }
    return Section("latency", lines, figures)


def questions(inputs: Inputs) -> list[str]:
    """Choose the questions, each once: a service may remember what it was asked. The first ones warm it up.

    Raises:
        ValueError: There are too few.
    """
    wanted = WARM_UP + inputs.sizes.questions
    texts = list(dict.fromkeys(question.text for question in inputs.questions))
    if len(texts) < wanted:
        raise ValueError(f"{inputs.name} has {len(texts)} questions, {wanted} are needed; measure fewer")
    return [texts[number * len(texts) // wanted] for number in range(wanted)]


def _ask(server: Server, asked: Sequence[str]) -> dict[str, list[float]]:
    client = Client(server.port)
    times: dict[str, list[float]] = {step: [] for step in _STEPS}
    for number, question in enumerate(asked):
        reply, whole_ms = client.ask(question)
        if number >= WARM_UP:
            for step, value in zip(_STEPS, _row(reply["timings_ms"], whole_ms), strict=True):
                times[step].append(value)
    client.close()
    return times


def _row(spent: Mapping[str, float], whole_ms: float) -> tuple[float, ...]:
    """Milliseconds in the order of `_STEPS`."""
    return (
        spent["embed"],
        spent["search"],
        spent["embed"] + spent["search"],
        spent["read"],
        spent["answers"],
        spent["total"],
        whole_ms - spent["total"],
        whole_ms,
    )


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    return {f"p{share}": float(np.percentile(values, share)) for share in _PERCENTILES}
