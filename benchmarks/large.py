"""Dense search over many vectors: time, memory, and recall against exact float32.

    python -m benchmarks.large --passages 1000000

The vectors are synthetic: clusters of about a hundred, with cosines of 0.8 to 0.9 among neighbours, as
passages of one topic have by the embedded model. One thread, as a single question uses.
"""

import argparse
import json
import time
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil

from index.vectors import Vectors

_DIMENSION = 384
_CLUSTER = 100
_SPREAD = 0.4
_CHUNK = 20_000
_QUERIES = 200
_COMPARED = 20
_BEST = 10

Floats = npt.NDArray[np.float32]


def synthetic(count: int, drawn: np.random.Generator) -> Floats:
    """Draw normalised vectors in clusters around a common mean, float32 (count, 384)."""
    centres = drawn.standard_normal((max(1, count // _CLUSTER), _DIMENSION), dtype=np.float32)
    made = centres[drawn.integers(0, len(centres), count)]
    made += _SPREAD * drawn.standard_normal(made.shape, dtype=np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def run(passages: int, seed: int = 0) -> dict[str, Any]:
    """Build and search; return times, memory and recall."""
    drawn = np.random.default_rng(seed)
    before = psutil.Process().memory_info().rss
    vectors, build_s = Vectors(_DIMENSION), 0.0
    queries = synthetic(_QUERIES, drawn)
    best = [np.zeros((0, 2), np.float64)] * _COMPARED  # (cosine, key), exact
    for start in range(0, passages, _CHUNK):
        chunk = synthetic(min(_CHUNK, passages - start), drawn)
        if start == 0:
            queries[: min(_QUERIES, len(chunk))] += chunk[:_QUERIES]
            queries /= np.linalg.norm(queries, axis=1, keepdims=True)
        keys = np.arange(start, start + len(chunk), dtype=np.int64)
        began = time.perf_counter()
        vectors.add(keys, chunk)
        build_s += time.perf_counter() - began
        for number, cosines in enumerate(queries[:_COMPARED] @ chunk.T):
            joined = np.concatenate([best[number], np.column_stack([cosines, keys])])
            best[number] = joined[np.argsort(-joined[:, 0])[:_BEST]]
    took_ms, found = [], []
    for query in queries:
        began = time.perf_counter()
        found.append({key for key, _ in vectors.search(query, 100)[:_BEST]})
        took_ms.append((time.perf_counter() - began) * 1000)
    recall = [len(got & set(want[:, 1].astype(int))) / _BEST for got, want in zip(found, best, strict=False)]
    return {
        "passages": passages,
        "build_s": round(build_s, 1),
        "memory_mb": round((psutil.Process().memory_info().rss - before) / 1e6),
        "search_ms_median": round(float(np.median(took_ms)), 1),
        "search_ms_p95": round(float(np.percentile(took_ms, 95)), 1),
        "recall_at_10": round(float(np.mean(recall)), 3),
    }


def main() -> None:
    """Run and print the result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    print(json.dumps(run(parser.parse_args().passages), indent=1))


if __name__ == "__main__":
    main()
