"""How well the reader reads: SQuAD 2 scores on German development sets, with the product's own reader.

    python -m evaluation.reading --data FOLDER [--reader NAME] [--limit N]

Every text is one passage (cut into overlapping windows by the reader itself). A question counts as answered
where the best span's confidence reaches a line that is chosen on one half of `wikinews_qa` and `wikipedia_qa`
(the best sum of answered F1 and silence; for lists the best F1 over items); the other half is reported.
Answers are compared after SQuAD normalisation with German articles removed.

Below the table, for the sets that also have questions without an answer: how well confidence tells the two
apart (area under the ROC curve), and F1 and exact matches with the lines at which so many of the latter are
passed over.
"""

import argparse
import json
import platform
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evaluation.squad import best, exact, f1, items_f1
from index import model
from index.clean import clean
from index.types import Article, Hit, Passage
from qa_service import reading
from qa_service.reader import Reader
from qa_service.span_reader.reader import open_reader
from qa_service.types import Span
from training.calibrate import calibration_half
from training.noise import noisy
from training.sources import Example, read

SETS = (
    "m2qa/de_news_dev", "m2qa/de_reviews_dev", "mlqa/de_dev", "mlqa/de_dev_unanswerable",
    "wikinews_qa/dev", "wikipedia_qa/dev", "omos/dev",
)  # fmt: skip
#: Shares of the unanswerable questions that are passed over, for the second table.
SILENCES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
#: Confidence from which a passage is taken to answer, where there is nothing to choose it on.
LINE = 0.3


@dataclass(frozen=True, slots=True)
class Read:
    """One question and what the reader said."""

    example: Example
    spans: Sequence[Span]
    took_ms: float


def read_set(reader: Reader, examples: Sequence[Example]) -> list[Read]:
    """Reads every text with its question."""
    results = []
    for example in examples:
        # The stored text is clean; gold answers are compared as strings, so moved offsets do not matter.
        text = clean(example.context)
        article = Article(example.id, example.title or "", text, published=example.date or None)
        hit = Hit(Passage(0, example.id, 0, 0, len(text)), article, 0.0, 0.0, 0.0)
        started = time.perf_counter()
        _, spans = reading.read(reader, example.question, [hit], reading.SINGLE, many=example.type == "list")
        results.append(Read(example, spans, 1000 * (time.perf_counter() - started)))
    return results


def scores(results: Sequence[Read], line: float, list_line: float) -> dict[str, float]:
    """Percentages by kind of question, and how many questions each stands on."""
    columns: dict[str, list[float]] = {}
    for result in results:
        golds = [clean(result.example.context[a:b]) for a, b in result.example.spans]
        top = result.spans[0] if result.spans else None
        said = top.text if top is not None and top.confidence >= line else ""
        if not golds:
            columns.setdefault("none", []).append(float(not said))
            continue
        if result.example.type == "list":
            items = [span.text for span in result.spans if span.confidence >= list_line]
            columns.setdefault("list", []).append(items_f1(items, golds))
        columns.setdefault("f1", []).append(best(f1, said, golds))
        columns.setdefault("em", []).append(best(exact, said, golds))
        columns.setdefault("forced_f1", []).append(best(f1, top.text if top else "", golds))
    table = {name: 100 * float(np.mean(values)) for name, values in columns.items()}
    return table | {f"n_{name}": len(columns[name]) for name in ("f1", "none", "list") if name in columns}


def tradeoff(results: Sequence[Read]) -> dict[str, float]:
    """What silence costs: see this module's text; percentages.

    Args:
        results: Questions with and without an answer, some of each.
    """
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - slow, only here

    answerable = [bool(result.example.spans) for result in results]
    sure = [result.spans[0].confidence if result.spans else 0.0 for result in results]
    without = [confidence for confidence, has in zip(sure, answerable, strict=True) if not has]
    table = {"auc": 100 * float(roc_auc_score(answerable, sure))}
    for silence in SILENCES:
        # Just above the quantile, as an answer is given from the line on.
        row = scores(results, float(np.nextafter(np.quantile(without, silence, method="lower"), 1)), LINE)
        table |= {f"f1@{100 * silence:.0f}": row["f1"], f"em@{100 * silence:.0f}": row["em"]}
    return table


def choose_line(results: Sequence[Read]) -> float:
    """The line with the best sum of answered F1 and silence."""
    lines = np.linspace(0.02, 0.9, 45)
    return float(max(lines, key=lambda x: (s := scores(results, x, x)).get("f1", 0) + s.get("none", 0)))


def choose_list_line(results: Sequence[Read]) -> float:
    """The line with the best F1 over list items."""
    lists = [r for r in results if r.example.type == "list"]
    lines = np.linspace(0.02, 0.9, 45)
    return float(max(lines, key=lambda x: scores(lists, x, x).get("list", 0))) if lists else LINE


def main() -> None:
    """Prints the table and writes it as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", help="folder or hub name of another model")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--limit", type=int, default=0, help="questions per set, 0 for all")
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument(
        "--noisy", action="store_true", help="also ask 200 wikinews questions with typing errors"
    )
    parser.add_argument("--out", type=Path, help="where to write the scores as JSON")
    options = parser.parse_args()
    base = model.resolve(None, cache=options.model_cache)
    reader = open_reader(options.reader, base=base, cache=options.model_cache)
    read_sets: dict[str, list[Read]] = {}
    calibrating: list[Read] = []
    for name in options.sets:
        examples = list(read(options.data, name))
        if options.limit:
            examples = random.Random(7).sample(examples, min(options.limit, len(examples)))
        results = read_set(reader, examples)
        if name in ("wikinews_qa/dev", "wikipedia_qa/dev"):
            calibrating += [r for r in results if calibration_half(r.example.article)]
            results = [r for r in results if not calibration_half(r.example.article)]
        read_sets[name] = results
    if options.noisy:
        rng = random.Random(3)
        clean_ones = rng.sample([e for e in read(options.data, "wikinews_qa/dev") if e.spans], 200)
        wrong = [replace(e, question=noisy(e.question, rng)) for e in clean_ones]
        read_sets["200 as written"] = read_set(reader, clean_ones)
        read_sets["200 with typing errors"] = read_set(reader, wrong)
    line, list_line = (
        (choose_line(calibrating), choose_list_line(calibrating)) if calibrating else (LINE, LINE)
    )
    print(f"reader {reader.identity}, {platform.machine()}, line {line:.2f}, of lists {list_line:.2f}")
    rows = {}
    for name, results in read_sets.items():
        rows[name] = scores(results, line, list_line)
        rows[name]["p50_ms"] = float(np.median([r.took_ms for r in results]))
        _print(name, rows[name])
    print()
    curves = {}
    for name, results in read_sets.items():
        # MLQA's unanswerable pairs are a set of their own.
        both = [*results, *read_sets.get(f"{name}_unanswerable", ())]
        if len({bool(result.example.spans) for result in both}) > 1:
            curves[name] = tradeoff(both)
            _print(name, curves[name])
    if options.out:
        options.out.write_text(
            json.dumps({"reader": reader.identity, "line": line, "sets": rows, "tradeoff": curves}, indent=1)
            + "\n"
        )


def _print(name: str, row: dict[str, float]) -> None:
    print(f"{name:26}" + "  ".join(f"{key} {value:.1f}" for key, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
