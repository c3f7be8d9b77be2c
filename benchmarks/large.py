"""Search in a large archive: times, memory, and recall against the exact order.

    python -m benchmarks.large --passages 1000000 --work var/large [--beside FOLDER]

Passages have synthetic vectors (`benchmarks.synthetic`) and texts of the samples' sentences. The archive is
made as the product makes it, its indexes too; only the encoder is left out. With `--beside` the real passages
of another data folder are among them, such as the one that `benchmarks.run --parts latency --work` leaves.
With `--work` it is kept for the next run. The exit status is 1 where a search takes more than 50 ms (p95) or
recall@10 is below .97.
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil  # type: ignore[import-untyped]

from benchmarks import synthetic
from benchmarks.synthetic import Floats
from evaluation.indexed import ARCHIVE_FILE
from index.archive import Archive
from index.lexical import open_lexical
from index.search import LEXICAL, VECTORS, Search
from index.types import Filters
from index.vectors import Vectors, open_vectors

_QUESTIONS = 200
_WORDS = 8
_DEPTH = 100  # passages that a search takes from each index
_CHUNK = 20_000
_CHANGES = 20
_MOST_MS, _LEAST_RECALL = 50.0, 0.97

Keys = npt.NDArray[np.int64]


def run(
    work: Path, passages: int, *, sentences_each: int = 4, exact_up_to: int | None = None
) -> dict[str, Any]:
    """Build, search and change an archive of so many passages; return what it took."""
    timings: dict[str, float] = {}
    archive = _timed(timings, "store", lambda: synthetic.fill(work / ARCHIVE_FILE, passages, sentences_each))
    more = {} if exact_up_to is None else {"exact_up_to": exact_up_to}
    vectors = _timed(timings, "vectors_exact", lambda: open_vectors(work / VECTORS, archive, **more))
    _timed(timings, "vectors_lists", lambda: vectors.grow(archive))
    _timed(timings, "save", lambda: vectors.save(work / VECTORS))
    vectors = _timed(timings, "load", lambda: open_vectors(work / VECTORS, archive, **more))
    lexical = _timed(timings, "lexical", lambda: open_lexical(work / LEXICAL, archive))
    keys = archive.keys(Filters())
    questions = synthetic.questions(archive, _QUESTIONS)
    search = Search(archive, vectors, lexical, synthetic.Given(questions, archive.model or ""))
    memory = psutil.Process().memory_info().rss
    result = {
        "passages": len(keys),
        "lists": vectors.lists,
        "build_s": {name: round(seconds, 1) for name, seconds in timings.items()},
        "memory_mb": round(memory / 1e6),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
        "dense": _searched(archive, vectors, questions, None),
        "filtered": {
            str(len(allowed)): _searched(archive, vectors, questions, allowed)
            for allowed in (keys[::1000], keys[::20], keys[::2])
        },
        "whole_search_ms": _percentiles(_whole(search)),
        "change_ms": _percentiles(_changes(archive, search)),
        "load": os.getloadavg()[0],
    }
    reached = result["whole_search_ms"]["p95"] <= _MOST_MS and result["dense"]["recall@10"] >= _LEAST_RECALL
    return result | {"reached": reached}


def _timed(timings: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    made = work()
    timings[name] = time.perf_counter() - began
    return made


def _searched(
    archive: Archive, vectors: Vectors, questions: Floats, allowed: Keys | None
) -> dict[str, float]:
    """Search for every question; return times, and the share of the exact best 10 and 100 that was found."""
    took_ms, found = [], []
    for question in questions:
        began = time.perf_counter()
        found.append([key for key, _ in vectors.search(question, _DEPTH, allowed)])
        took_ms.append((time.perf_counter() - began) * 1000)
    best = exact(archive, questions, _DEPTH, allowed)
    recall = {
        f"recall@{k}": round(
            float(
                np.mean(
                    [
                        len({*got[:k]} & {*want[:k]}) / len(want[:k])
                        for got, want in zip(found, best, strict=True)
                    ]
                )
            ),
            4,
        )
        for k in (10, _DEPTH)
    }
    return _percentiles(took_ms) | recall


def exact(archive: Archive, questions: Floats, k: int, allowed: Keys | None = None) -> list[list[int]]:
    """Return the keys of the k nearest passages of every question, by comparing all that there are."""
    best: list[list[tuple[float, int]]] = [[] for _ in questions]
    keys = archive.keys(Filters()) if allowed is None else allowed
    for start in range(0, len(keys), _CHUNK):
        chunk, embeddings = archive.known_embeddings(keys[start : start + _CHUNK])
        cosines = questions @ embeddings.T
        nearest = np.argpartition(-cosines, min(k, len(chunk)) - 1, axis=1)[:, :k]
        for number, places in enumerate(nearest):
            new = zip(cosines[number, places].tolist(), chunk[places].tolist(), strict=True)
            best[number] = sorted([*best[number], *new], reverse=True)[:k]
    return [[key for _, key in pairs] for pairs in best]


def _whole(search: Search) -> list[float]:
    """Time searches by both indexes, fused, with their articles; without the encoder."""
    drawn, sentences = np.random.default_rng(2), synthetic.pool()
    return [
        search.search(" ".join(sentences[drawn.integers(len(sentences))].split()[:_WORDS])).search_ms
        for _ in range(_QUESTIONS)
    ]


def _changes(archive: Archive, search: Search) -> list[float]:
    """Time deleting an article until no search finds it."""
    took_ms = []
    for article_id in archive.ids()[:_CHANGES]:
        began = time.perf_counter()
        archive.delete(article_id)
        search.refresh()
        took_ms.append((time.perf_counter() - began) * 1000)
    return took_ms


def _percentiles(values: list[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(values, share)), 2) for share in (50, 95)}


def main() -> None:
    """Run and print the result as JSON; the exit status is 1 where it is too slow or finds too little."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--sentences", type=int, default=4, help="of each passage")
    parser.add_argument("--work", type=Path, help="folder to keep the archive in")
    parser.add_argument("--beside", type=Path, help="data folder whose passages are among them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        if options.beside is not None and not (work / ARCHIVE_FILE).exists():
            shutil.copyfile(options.beside / ARCHIVE_FILE, work / ARCHIVE_FILE)
        result = run(work, options.passages, sentences_each=options.sentences)
    print(json.dumps(result, indent=1))
    sys.exit(0 if result["reached"] else 1)


if __name__ == "__main__":
    main()
