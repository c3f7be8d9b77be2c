"""How many passages to read.

    python -m evaluation.depth --questions FILE --data-dir FOLDER [--limit 200]

Questions with one answer (`t` = "fact") are asked of an indexed archive and the first passages are read.
Printed for each number of passages: how often the surest span is right (token F1 of 0.7 and more), its mean
token F1, and the reading time.
"""

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation.squad import RIGHT_F1, best, f1
from index import model
from qa_service.bootstrap import open_parts
from qa_service.settings import Settings
from qa_service.span_reader.reader import open_reader

DEPTHS = (1, 2, 3, 4, 5, 6, 8, 12)


@dataclass(slots=True)
class Tally:
    """Results of one depth: token F1 and milliseconds, a value a question."""

    scores: list[float]
    took_ms: list[float]


def main() -> None:
    """Prints the curve."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True, help="an indexed archive")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--limit", type=int, default=200)
    options = parser.parse_args()
    records = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines()]
    facts = [record for record in records if record["t"] == "fact"]
    facts = random.Random(5).sample(facts, min(options.limit, len(facts)))
    search = open_parts(Settings(data_dir=options.data_dir, model_cache=options.model_cache)).search
    base = model.resolve(None, cache=options.model_cache)
    reader = open_reader(None, base=base, cache=options.model_cache)
    tallies = {depth: Tally([], []) for depth in DEPTHS}
    for record in facts:
        hits = search.search(record["q"], limit=max(DEPTHS)).hits
        golds = [gold for group in record["gold"] for gold in group]
        for depth, tally in tallies.items():
            started = time.perf_counter()
            spans = reader.read(record["q"], hits[:depth], many=False)
            tally.took_ms.append(1000 * (time.perf_counter() - started))
            tally.scores.append(best(f1, spans[0].text, golds) if spans else 0.0)
    print(f"{len(facts)} questions\n")
    print("| passages | right | mean F1 | p50 ms | p95 ms |\n|---|---|---|---|---|")
    for depth, tally in tallies.items():
        right = np.mean([score >= RIGHT_F1 for score in tally.scores])
        p50, p95 = np.percentile(tally.took_ms, (50, 95))
        print(f"| {depth} | {right:.3f} | {np.mean(tally.scores):.3f} | {p50:.0f} | {p95:.0f} |")


if __name__ == "__main__":
    main()
