"""The shipped reader against a plain torch loop over the same weights, question by question in turns.

    python -m benchmarks.reading [--data FOLDER] [--questions 60] [--passages 8] [--tokens 180]

Every question comes with passages of about the wanted length, one of them its own where the data name it. The
plain reader (`evaluation.plain_reader`) reads the same windows in float32: one after the other, and all of a
question in one padded batch; the faster of the two is what ours is compared with. Run it on a quiet machine.
"""

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import inputs
from evaluation import machine, report
from evaluation.corpora import Sought
from evaluation.plain_reader import plain_reader
from evaluation.ranking import interval
from index import model
from index.model import open_tokenizer
from index.split import Splitter, context
from index.types import Article, Hit
from qa_service.reader import Reader
from qa_service.span_reader.reader import open_reader

OURS, LOOP, BATCH = "shipped reader", "plain torch, one by one", "plain torch, one batch"
_WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One question read by one reader.

    Attributes:
        took_ms: Time.
        answer: Article and place of the surest span, None without one.
        confidence: Of that span, 0 without one.
    """

    took_ms: float
    answer: tuple[str, int, int] | None
    confidence: float


def hits_of(articles: Sequence[Article]) -> list[Hit]:
    """Split articles as the product does."""
    splitter = Splitter()
    return [
        Hit(passage, article, 0.0, 0.0, 0.0) for article in articles for passage in splitter.split(article)
    ]


def chosen(sought: Sought, pool: Sequence[Hit], lengths: Sequence[int], tokens: int, count: int) -> list[Hit]:
    """Choose a question's passages: its own first, then others of about the wanted length.

    Args:
        sought: The question; the same one is given the same passages every time.
        pool: Passages.
        lengths: Their tokens.
        tokens: Wanted length.
        count: How many to choose.
    """
    drawn = random.Random(sought.text)  # noqa: S311 - no secret
    near = sorted(range(len(pool)), key=lambda n: abs(lengths[n] - tokens))[: 20 * count]
    own = [n for n in range(len(pool)) if inputs.is_right(sought, pool[n].article.id, pool[n].text)][:1]
    others = [n for n in drawn.sample(near, len(near)) if n not in own]
    return [pool[n] for n in (own + others)[:count]]


def read_by_turns(
    readers: dict[str, Reader], asked: Sequence[tuple[str, Sequence[Hit]]]
) -> dict[str, list[Reading]]:
    """Let all readers read every question, another one first each time."""
    names = list(readers)
    found: dict[str, list[Reading]] = {name: [] for name in names}
    for question, hits in asked[:_WARM_UP]:
        for reader in readers.values():
            reader.read(question, hits, many=False)
    for number, (question, hits) in enumerate(asked):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            found[name].append(_read(readers[name], question, hits))
    return found


def section(found: dict[str, list[Reading]], tokens: float, passages: int) -> report.Section:
    """Put the readings of the same questions into a table."""
    ours = found[OURS]
    total = {name: sum(each.took_ms for each in readings) for name, readings in found.items()}
    plain = min((name for name in found if name != OURS), key=lambda name: total[name])
    same = {
        name: interval([float(a.answer == b.answer) for a, b in zip(ours, readings, strict=True)])
        for name, readings in found.items()
    }
    rows, figures = [], {}
    for name, readings in found.items():
        p50, p95 = np.percentile([each.took_ms for each in readings], (50, 95))
        faster = total[name] / total[OURS]
        rows.append([name, f"{p50:.0f}", f"{p95:.0f}", f"{faster:.2f}", same[name]])
        figures[name] = {"p50_ms": p50, "p95_ms": p95, "times_ours": faster, "same_answer": same[name]}
    moved = max(abs(a.confidence - b.confidence) for a, b in zip(ours, found[plain], strict=True))
    about = (
        f"{len(ours)} questions with {passages} passages each, {tokens:.0f} tokens on average, in turns. "
        f"{total[plain] / total[OURS]:.2f} times as fast as {plain}; the surest span is the same on "
        f"{same[plain]} % of the questions, its confidence differs by at most {moved:.2f}."
    )
    header = ["", "p50 ms", "p95 ms", "time, ours = 1", "same surest span, %"]
    return report.Section("reading", [about, "", *report.table(header, rows)], {"readers": figures})


def measure(
    material: inputs.Inputs,
    base: model.ModelSource,
    cache: Path,
    *,
    questions: int,
    passages: int,
    tokens: int,
) -> report.Section:
    """Read and compare."""
    pool = hits_of([*material.articles, *material.distractors(20 * passages)])
    tokenizer = open_tokenizer(base.tokenizer)
    texts = [context(hit.article) + hit.text for hit in pool]
    lengths = [len(encoding) for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
    length = {id(hit): size for hit, size in zip(pool, lengths, strict=True)}
    step = max(1, len(material.questions) // questions)
    asked = [
        (sought.text, chosen(sought, pool, lengths, tokens, passages))
        for sought in material.questions[::step][:questions]
    ]
    readers: dict[str, Reader] = {
        OURS: open_reader(None, base=base, cache=cache),
        LOOP: plain_reader(base),
        BATCH: plain_reader(base, batch=passages),
    }
    mean = float(np.mean([length[id(hit)] for _, hits in asked for hit in hits]))
    return section(read_by_turns(readers, asked), mean, passages)


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of question sets and Wikipedia articles")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--passages", type=int, default=8)
    parser.add_argument("--tokens", type=int, default=180)
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--docs", type=Path, help="Markdown file whose section `reading` is replaced")
    parser.add_argument("--out", type=Path, help="JSON file for the numbers")
    options = parser.parse_args()
    about = machine.describe()
    found = measure(
        inputs.read(options.data, quick=False),
        model.resolve(None, cache=options.model_cache),
        options.model_cache,
        questions=options.questions,
        passages=options.passages,
        tokens=options.tokens,
    )
    report.deliver(found, about, options.docs, options.out)


def _read(reader: Reader, question: str, hits: Sequence[Hit]) -> Reading:
    started = time.perf_counter()
    spans = reader.read(question, hits, many=False)
    took_ms = 1000 * (time.perf_counter() - started)
    if not spans:
        return Reading(took_ms, None, 0.0)
    return Reading(took_ms, (spans[0].hit.article.id, spans[0].start, spans[0].end), spans[0].confidence)


if __name__ == "__main__":
    main()
