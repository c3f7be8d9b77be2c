"""Merging and confidence without the reader: what it read is dumped once, then judged as often as needed.

    python -m evaluation.archive_replay DUMP --write QUESTIONS --data-dir FOLDER   search and read once
    python -m evaluation.archive_replay DUMP           scores of the merging as it is, by line
    python -m evaluation.archive_replay DUMP --fit     weights for `qa_service.evidence`, and what they bring

The archive of FOLDER must hold the articles (`evaluation.archive_questions --data-dir` leaves one; its
--dump writes a dump on the way). A dump holds each question with the spans of its passages; follow-ups are
left out, because what they find depends on the answers before.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.archive_questions import read_questions
from evaluation.archive_scores import Asked, Outcome, group_of, scores
from evaluation.squad import RIGHT_F1
from index.types import Article, Filters, Hit, Passage
from qa_service import reading
from qa_service.answers import LINE, decide, evidences, merge
from qa_service.evidence import Evidence, Weights, log_odds
from qa_service.questions import understand
from qa_service.settings import Settings
from qa_service.types import Span

if TYPE_CHECKING:
    from qa_service.bootstrap import Parts

_LINES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
_FEATURES = ("best", "support", "margin", "dense", "lag")
Fitted = Mapping[bool, Weights]
Read = tuple[Asked, list[Hit], list[Span], dict[str, frozenset[str]]]


def dump(asked: Sequence[Asked], data_dir: Path, model_cache: Path | None, target: Path) -> None:
    """Search and read every question that stands alone, and write the spans."""
    from qa_service.bootstrap import open_parts, open_reader  # noqa: PLC0415 - loads the models

    settings = Settings(data_dir=data_dir, model_cache=model_cache or data_dir / "models")
    parts = open_parts(settings)
    reader = open_reader(settings, parts.embedder)
    with target.open("w", encoding="utf-8") as out:
        for question, many, hits, copies in searched(asked, parts):
            depth = reading.LIST if many else reading.SINGLE
            _, spans = reading.read(reader, question.text, hits, depth, many=many)
            out.write(json.dumps(written(question, hits, spans, copies), ensure_ascii=False) + "\n")


def searched(
    asked: Sequence[Asked], parts: "Parts"
) -> Iterator[tuple[Asked, bool, list[Hit], dict[str, frozenset[str]]]]:
    """Search every question that stands alone.

    Yields:
        The question, whether it asks for several things, what was found, and the near-copies of each article.
    """
    for question in asked:
        if question.turns:
            continue
        filters = Filters(**{name: value for name, value in question.filters.items() if value})
        hits = list(parts.search.search(question.text, limit=20, filters=filters).hits)
        copies = dict(parts.archive.copies([hit.article.id for hit in hits]))
        yield question, understand(question.text).many, hits, copies


def written(asked: Asked, hits: Sequence[Hit], spans: Sequence[Span], copies: Any) -> dict[str, Any]:
    """One line of a dump: a question, what was found and what the reader read there."""
    places = {id(hit): i for i, hit in enumerate(hits)}
    return {
        "asked": asdict(asked),
        "hits": [asdict(hit) for hit in hits],
        "spans": [
            [places[id(s.hit)], s.start, s.end, round(s.score, 4), round(s.confidence, 5), list(s.items)]
            for s in spans
        ],
        "copies": {article: sorted(others) for article, others in copies.items()},
    }


def load(path: Path) -> Iterator[Read]:
    """Read a dump."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            hits = [
                Hit(Passage(**h["passage"]), Article(**h["article"]), h["score"], h["dense"], h["lexical"])
                for h in record["hits"]
            ]
            spans = [
                Span(hits[i], start, end, score, sure, [(low, high) for low, high in items])
                for i, start, end, score, sure, items in record["spans"]
            ]
            copies = {article: frozenset(others) for article, others in record["copies"].items()}
            yield Asked(**record["asked"]), hits, spans, copies


def outcomes(reads: Sequence[Read], line: float, weights: Fitted | None = None) -> list[Outcome]:
    """What the service would say with this line; weights by whether several answers are asked for."""
    said = []
    for asked, hits, spans, copies in reads:
        understanding = understand(asked.text)
        chosen = weights[understanding.many] if weights else None
        merged = merge(asked.text, understanding, spans, copies, weights=chosen)
        shown = decide(merged, understanding, hits, min_confidence=line).answers
        found = list(dict.fromkeys(hit.article.id for hit in hits))
        said.append(Outcome(asked, [a.text for a in shown], [a.confidence for a in shown], found=found))
    return said


def show(parts: Sequence[tuple[Sequence[Read], Fitted | None]]) -> None:
    """Print the main figures by line, over parts that may each have weights of their own."""
    names = (
        "facts: first answer right",
        "lists: F1",
        "lists: share with a forbidden item",
        "unanswerable: silent",
        "dated: right within the filter",
        "calibration error",
    )
    print("line   " + "   ".join(names))
    for line in sorted({*_LINES, LINE}):
        figures = scores([outcome for reads, weights in parts for outcome in outcomes(reads, line, weights)])
        print(f"{line:.2f}   " + "   ".join(f"{figures[n] or 0:.3f}".ljust(len(n)) for n in names))


def examples(reads: Sequence[Read], *, many: bool) -> Iterator[tuple[Evidence, bool]]:
    """Evidence of every merged answer, and whether it is right."""
    for asked, _, spans, copies in reads:
        understanding = understand(asked.text)
        if understanding.many is many:
            for answer, evidence in evidences(asked.text, understanding, spans, copies):
                # The questions that are fitted on accept one wording; people accept its neighbours.
                yield evidence, group_of(answer, asked.gold, least_f1=RIGHT_F1) is not None


def fit(reads: Sequence[Read], *, many: bool) -> Weights:
    """Fit the logistic model of `qa_service.evidence`."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow, only to fit

    rows = list(examples(reads, many=many))
    features = [[log_odds(e.best), e.support, e.margin, e.dense, e.lag] for e, _ in rows]
    model = LogisticRegression(C=1.0, max_iter=1000).fit(features, [right for _, right in rows])
    fitted = dict(zip(_FEATURES, (round(float(w), 3) for w in model.coef_[0]), strict=True))
    return Weights(intercept=round(float(model.intercept_[0]), 3), **fitted)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("dump", type=Path)
    parser.add_argument("--fit", action="store_true", help="fit the weights")
    parser.add_argument(
        "--write", type=Path, metavar="QUESTIONS", help="search and read these, and write DUMP"
    )
    parser.add_argument("--data-dir", type=Path, help="the archive's folder, for --write")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    options = parser.parse_args()
    if options.write is not None:
        if options.data_dir is None:
            parser.error("--write needs --data-dir, the folder of an archive that holds the articles")
        dump(read_questions(options.write), options.data_dir, options.model_cache, options.dump)
    reads = list(load(options.dump))
    show([(reads, None)])
    if options.fit:
        halves = reads[::2], reads[1::2]
        print("\nEach half with weights fitted on the other:")
        show([(halves[0], fitted(halves[1])), (halves[1], fitted(halves[0]))])
        every = fitted(reads)
        print(f"\nFitted on all, for qa_service/evidence.py:\nSINGLE = {every[False]}\nLIST = {every[True]}")


def fitted(reads: Sequence[Read]) -> Fitted:
    """Weights for questions with one answer (False) and with several (True)."""
    return {many: fit(reads, many=many) for many in (False, True)}


if __name__ == "__main__":
    main()
