"""Fits what the reader's scores mean, on questions asked of a whole archive.

    python -m evaluation.calibration_archive --data FOLDER --out CAL
    QA_DATA_DIR=CAL/index qa index add CAL/articles.jsonl
    python -m training.calibrate --questions CAL/dev.jsonl --data-dir CAL/index

The passages that a search finds are read as the service reads them, so that what a wrong span of a
foreign passage looks like is part of the fit. Questions about one half of the articles
(`calibration_half`) are fitted on, the others show the error.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from evaluation.squad import RIGHT_F1, best, f1
from index import model
from index.types import Hit
from qa_service import reading
from qa_service.bootstrap import open_parts
from qa_service.questions import understand
from qa_service.settings import Settings
from qa_service.span_reader import confidence, export, weights
from qa_service.span_reader.reader import token_spans
from qa_service.span_reader.scorers import OnnxScorer
from qa_service.span_reader.windows import trimmed, windows

Row = tuple[float, float, float, bool]


def calibration_half(article: str) -> bool:
    """True for the articles that calibrate, False for those that are reported on."""
    return hashlib.sha256(article.encode()).digest()[0] % 2 == 0


def rows_of(
    scorer: OnnxScorer, question: str, hits: Sequence[Hit], golds: Sequence[str], *, many: bool
) -> Iterator[Row]:
    """(margin, holds, odds, right) of the candidates of one question."""
    cut = windows(scorer.tokenizer, scorer.template, question, hits)
    for window, scores in zip(cut, scorer.score(cut), strict=True):
        text = hits[window.hit].text
        for span in token_spans(window, scores, text, many=many):
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
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, required=True, help="an indexed archive")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--out", type=Path, default=weights.SHIPPED.with_name("calibration.json"))
    options = parser.parse_args()
    search = open_parts(Settings(data_dir=options.data_dir, model_cache=options.model_cache)).search
    base = model.resolve(None, cache=options.model_cache)
    graph = export.exported(weights.SHIPPED, options.model_cache, base=base.identity)
    scorer = OnnxScorer(base.folder, graph, identity="reader")
    rows: dict[tuple[str, bool], list[Row]] = {}
    for line in options.questions.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        many = understand(record["q"]).many
        hits = search.search(record["q"], limit=(reading.LIST if many else reading.SINGLE).most).hits
        golds = [gold for group in record["gold"] for gold in group]
        half = calibration_half("".join(record["support"]) or record["qid"])
        found = rows_of(scorer, record["q"], hits, golds, many=many)
        rows.setdefault(("many" if many else "single", half), []).extend(found)
    fitted = {kind: fit(rows[kind, True]) for kind in ("single", "many")}
    for kind, weights_ in fitted.items():
        print(
            f"{kind}: {weights_}; spans {len(rows[kind, True])} fitted, {len(rows[kind, False])} held out; "
            f"calibration error held out {error(rows[kind, False], weights_):.3f}"
        )
    options.out.write_text(json.dumps(fitted, indent=1) + "\n")


if __name__ == "__main__":
    main()
