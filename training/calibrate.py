"""Fits what the reader's scores mean, on one half of the development questions.

    python -m training.calibrate --data FOLDER --model-cache FOLDER

Every development text is cut into passages as the index cuts it and every passage is read, so that the
passages beside the answer teach what a wrong span looks like. The half is chosen by the article's name
(`calibration_half`); `evaluation.reading` reports on the other half.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from evaluation.squad import best, f1
from index import model
from index.clean import clean
from index.split import Splitter
from index.types import Article, Hit
from qa_service.span_reader import confidence, export, weights
from qa_service.span_reader.decode import best_spans, item_spans
from qa_service.span_reader.scorers import OnnxScorer
from qa_service.span_reader.windows import trimmed, windows
from training.sources import Example, read

SETS = ("wikinews_qa/dev", "wikipedia_qa/dev")
#: A span counts as right from this token F1 on: the accepted strings of people differ by a word.
RIGHT_F1 = 0.7
Row = tuple[float, float, float, bool]


def calibration_half(title: str) -> bool:
    """True for the articles that calibrate, False for those that are reported on."""
    return hashlib.sha256(title.encode()).digest()[0] % 2 == 0


def hits_of(example: Example, splitter: Splitter) -> list[Hit]:
    """The passages of an example's text, as a search would return them."""
    article = Article(
        id=example.id, title=example.title or "-", text=clean(example.context), published=example.date or None
    )
    return [Hit(passage, article, 0.0, 0.0, 0.0) for passage in splitter.split(article)]


def rows_of(scorer: OnnxScorer, example: Example, hits: Sequence[Hit]) -> Iterator[Row]:
    """(margin, holds, odds, right) of the candidates of one question."""
    golds = [example.context[a:b] for a, b in example.spans]
    many = example.type == "list"
    cut = windows(scorer.tokenizer, scorer.template, example.question, hits)
    for window, scores in zip(cut, scorer.score(cut, keep=len(cut)), strict=True):
        if scores is None:
            continue
        spans = best_spans(scores, window.first, window.last, keep=4 if many else 2)
        if many:
            spans = [*item_spans(scores, window.first, window.last), *spans]
        for span in spans:
            text = hits[window.hit].text
            start, end = trimmed(text, *window.characters(span.first, span.last))
            right = bool(golds) and best(f1, text[start:end], golds) >= RIGHT_F1
            yield span.margin, scores.holds, span.odds, right


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Weights of the logistic regression."""
    table = np.array([row[:3] for row in rows])
    right = np.array([row[3] for row in rows])
    regression = LogisticRegression(C=10.0, max_iter=1000).fit(table, right)
    margin, holds, odds = regression.coef_[0]
    return {
        "bias": float(regression.intercept_[0]),
        "margin": float(margin),
        "holds": float(holds),
        "odds": float(odds),
    }


def error(rows: Sequence[Row], weights_: dict[str, float], bins: int = 10) -> float:
    """Expected calibration error over the spans that would be shown (confidence 0.3 and up)."""
    logistic = confidence.Logistic(**weights_)
    said = np.array(
        [logistic.bias + logistic.margin * m + logistic.holds * h + logistic.odds * o for m, h, o, _ in rows]
    )
    said = 1 / (1 + np.exp(-said))
    right = np.array([row[3] for row in rows], float)
    shown = said >= 0.3
    said, right = said[shown], right[shown]
    places = np.minimum((said * bins).astype(int), bins - 1)
    parts = [(places == b) for b in range(bins)]
    return float(sum(abs(said[p].mean() - right[p].mean()) * p.mean() for p in parts if p.any()))


def main() -> None:
    """Fits, prints and writes the calibration."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--limit", type=int, default=0, help="questions per set, 0 for all")
    parser.add_argument("--out", type=Path, default=weights.SHIPPED.with_name("calibration.json"))
    options = parser.parse_args()
    base = model.resolve(None, cache=options.model_cache)
    scorer = OnnxScorer(
        base.folder,
        export.exported(weights.SHIPPED, options.model_cache, base=base.identity),
        identity="reader",
    )
    splitter = Splitter()
    rows: dict[tuple[str, bool], list[Row]] = {}
    for name in SETS:
        for example in islice(read(options.data, name), options.limit or None):
            kind = "many" if example.type == "list" else "single"
            half = calibration_half(example.title)
            rows.setdefault((kind, half), []).extend(rows_of(scorer, example, hits_of(example, splitter)))
    fitted = {kind: fit(rows[kind, True]) for kind in ("single", "many")}
    for kind, weights_ in fitted.items():
        print(
            f"{kind}: {weights_}; spans {len(rows[kind, True])} fitted, {len(rows[kind, False])} held out; "
            f"calibration error held out {error(rows[kind, False], weights_):.3f}"
        )
    options.out.write_text(json.dumps(fitted, indent=1) + "\n")


if __name__ == "__main__":
    main()
