"""How many passages to read: what is answered, and how long reading takes, by their number.

    python -m evaluation.depth --questions FILE --data-dir FOLDER [--limit 0] [--timed 60]

The questions (in the form of `evaluation.archive_questions`; follow-ups are left out) are searched for in an
indexed archive and the first passages are read. What the service would show is worked out for each number of
passages: of questions with one answer the mean token F1 of the first answer shown (nothing shown counts 0),
and the share of the unanswerable ones that are passed over in silence; of lists the F1 over items, also where
reading goes on as `qa_service.reading` does. Some questions are read again with exactly that many passages,
for the times.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from evaluation.archive_questions import read_questions
from evaluation.archive_replay import Read, outcomes, searched
from evaluation.archive_scores import Asked, scores
from evaluation.squad import best, f1
from index.types import Hit
from qa_service import reading
from qa_service.answers import LINE, LIST_LINE
from qa_service.bootstrap import Parts, open_parts, open_reader
from qa_service.questions import understand
from qa_service.reader import Reader
from qa_service.settings import Settings
from qa_service.types import Span

DEPTHS = (1, 2, 3, 4, 5, 6, 8)
LIST_DEPTHS = (3, 4, 6, 8, 10, 12)


class Known:
    """Gives the spans of passages that were read before; implements `qa_service.reader.Reader`."""

    identity = "known"

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:  # noqa: ARG002
        """Return those of the passages."""
        return [span for span in self._spans if span.hit in hits]


def read_all(asked: Sequence[Asked], parts: Parts, reader: Reader) -> Iterator[Read]:
    """Search every question that stands alone and read as many passages as any depth needs."""
    for question, many, hits, copies in searched(asked, parts):
        spans = reader.read(question.text, hits[: max(LIST_DEPTHS if many else DEPTHS)], many=many)
        yield question, hits, spans, copies


def cut(reads: Sequence[Read], depth: reading.Depth) -> tuple[list[Read], list[int]]:
    """The same readings as if no more had been read, and how many passages that were."""
    read = [reading.read(Known(spans), asked.text, hits, depth, many=True) for asked, hits, spans, _ in reads]
    shorter = [
        (asked, hits, spans, copies) for (asked, hits, _, copies), (_, spans) in zip(reads, read, strict=True)
    ]
    return shorter, [len(hits) for hits, _ in read]


def single_figures(reads: Sequence[Read], depth: reading.Depth) -> list[str]:
    """Mean token F1 of the first answers in percent, and the share of the unanswerable passed over."""
    said = outcomes(cut(reads, depth)[0], LINE)
    asked = [each for each in said if each.asked.gold]
    shown = [
        best(f1, each.answers[0], [gold for group in each.asked.gold for gold in group])
        if each.answers
        else 0.0
        for each in asked
    ]
    silent = [not each.answers for each in said if not each.asked.gold]
    return [f"{100 * np.mean(shown):.1f}", f"{100 * np.mean(silent):.1f}" if silent else ""]


def list_figures(reads: Sequence[Read], depth: reading.Depth) -> list[str]:
    """F1 over items in percent, and the mean number of passages read."""
    shorter, read = cut(reads, depth)
    figures = scores(outcomes(shorter, LIST_LINE))
    return [f"{100 * (figures['lists: F1'] or 0):.1f}", f"{np.mean(read):.1f}"]


def times(reads: Sequence[Read], reader: Reader, depth: int) -> list[str]:
    """p50 and p95 of reading so many passages, in ms."""
    took = []
    for asked, hits, _, _ in reads:
        started = time.perf_counter()
        reader.read(asked.text, hits[:depth], many=False)
        took.append(1000 * (time.perf_counter() - started))
    return [f"{np.percentile(took, p):.0f}" for p in (50, 95)]


def _table(header: Sequence[str], depths: Sequence[int], figures: Callable[[int], Sequence[str]]) -> None:
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for depth in depths:
        print("| " + " | ".join([str(depth), *figures(depth)]) + " |", flush=True)


def main() -> None:
    """Prints both curves."""
    options = _options()
    settings = Settings(data_dir=options.data_dir, model_cache=options.model_cache)
    parts = open_parts(settings)
    reader = open_reader(settings, parts.embedder)
    asked = read_questions(options.questions, options.limit or None, half=options.half)
    reads = list(read_all(asked, parts, reader))
    one = [each for each in reads if not understand(each[0].text).many]
    lists = [each for each in reads if understand(each[0].text).many and each[0].gold]
    timed = random.Random(5).sample(one, min(options.timed, len(one)))
    print(f"\n{len(one)} questions with one answer or none, {len(timed)} of them timed\n")
    _table(
        ["passages", "F1 shown", "silent", "p50 ms", "p95 ms"],
        DEPTHS,
        lambda depth: [*single_figures(one, reading.Depth(depth, depth)), *times(timed, reader, depth)],
    )
    print(f"\n{len(lists)} lists\n")
    _table(
        ["passages", "F1 over items", "passages read"],
        LIST_DEPTHS,
        lambda depth: list_figures(lists, reading.Depth(depth, depth)),
    )
    going_on = list_figures(lists, reading.LIST)
    print(f"| {reading.LIST.first}, and on while they answer | {' | '.join(going_on)} |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--half", choices=("even", "odd"), help="only the questions of one half")
    parser.add_argument("--data-dir", type=Path, required=True, help="an indexed archive")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--limit", type=int, default=0, help="questions of each sort, 0 for all")
    parser.add_argument("--timed", type=int, default=60, help="questions that are read again for the times")
    return parser.parse_args()


if __name__ == "__main__":
    main()
