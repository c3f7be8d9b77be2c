"""Adds, updates and deletes beside questions from many clients.

    python -m benchmarks.interleaved --operations 10000 --clients 8

Looks for errors, for articles that are found after their deletion was acknowledged, and for memory that
grows. The archive stays at about a thousand articles. Storing and searching are real, embedding is the letter
counting of `benchmarks.killing`.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Self

import numpy as np
import psutil

from benchmarks import killing
from index.types import Article
from index.verify import verify

_STEADY_ARTICLES = 1000
_PARTS = 10
_MOST_GROWN = 1.1
# The share of additions; that of deletions is always the steady one, the rest are updates.
_ADDS_GROWING, _ADDS_STEADY = 0.4, 0.25


class Clients:
    """Ask on and on from several threads, and note what is wrong."""

    def __init__(self, place: killing.Place, count: int) -> None:
        self.deleted: set[str] = set()
        self.wrong: list[str] = []
        self.took_ms: list[float] = []
        self._place = place
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(seed,)) for seed in range(count)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, seed: int) -> None:
        drawn = random.Random(seed)  # noqa: S311 - no secret
        while not self._stop.is_set():
            gone, started = set(self.deleted), time.perf_counter()
            try:
                found = self._place.search.search(f"Was geschah mit {drawn.choice(killing.WORDS)}?")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                self.wrong.append(repr(error))
                continue
            self.took_ms.append((time.perf_counter() - started) * 1000)
            self.wrong += [f"{hit.article.id} is deleted" for hit in found.hits if hit.article.id in gone]


def run(folder: Path, operations: int, clients: int, seed: int = 0) -> dict[str, Any]:
    """Write so many times beside so many clients; return counts, times, memory and what is wrong."""
    place = killing.Place.open(folder)
    drawn = random.Random(seed)  # noqa: S311 - no secret
    known: list[str] = []
    memory: list[int] = []
    started = time.perf_counter()
    with Clients(place, clients) as asking:
        for number in range(operations):
            _write(place, drawn, known, asking.deleted, f"n{number}")
            if number % max(1, operations // _PARTS) == 0:
                memory.append(round(psutil.Process().memory_info().rss / 1e6))
        took_s = time.perf_counter() - started
    place.search.refresh()
    asking.wrong.extend(verify(place.archive, place.search.vectors, place.search.lexical))
    if {article.id for article in place.archive.all_articles()} != set(known):
        asking.wrong.append("other articles are there than were stored")
    return {
        "operations": operations,
        "clients": clients,
        "questions": len(asking.took_ms),
        "question_ms_median": round(float(np.median(asking.took_ms)), 1),
        "question_ms_p95": round(float(np.percentile(asking.took_ms, 95)), 1),
        "articles": len(known),
        "memory_mb": memory,
        "memory_grew": round(grown(memory), 3),
        "took_s": round(took_s, 1),
        "wrong": asking.wrong[:10],
    }


def grown(memory: list[int]) -> float:
    """Return by what factor the most memory of the last third is above that of the middle one."""
    third = len(memory) // 3
    return max(memory[-third:]) / max(memory[third:-third]) if third else 1.0


def _write(
    place: killing.Place, drawn: random.Random, known: list[str], deleted: set[str], fresh: str
) -> None:
    adds = _ADDS_GROWING if len(known) < _STEADY_ARTICLES else _ADDS_STEADY
    chance = drawn.random()
    if not known or chance < adds:
        place.builder.add([Article(fresh, fresh, killing.text(drawn))])
        known.append(fresh)
    elif chance < 1 - _ADDS_STEADY:
        place.builder.add([Article(drawn.choice(known), "Neu", killing.text(drawn))])
    else:
        victim = known.pop(drawn.randrange(len(known)))
        place.archive.delete(victim)
        deleted.add(victim)


def main() -> None:
    """Run and print the result as JSON; the exit status is 1 where anything was wrong or memory grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), options.operations, options.clients)
    print(json.dumps(result, indent=1))
    sys.exit(1 if result["wrong"] or result["memory_grew"] > _MOST_GROWN else 0)


if __name__ == "__main__":
    main()
