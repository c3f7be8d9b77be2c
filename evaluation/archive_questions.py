"""Asks a whole archive, end to end over HTTP, and prints how good the answers are.

    python -m evaluation.archive_questions --questions dev.jsonl --articles articles.jsonl [--out FOLDER]
    python -m evaluation.archive_questions --questions dev.jsonl --url http://127.0.0.1:8080
    python -m evaluation.archive_questions --questions dev.jsonl ... --typos 7      one slip in each question

Without --url the articles are indexed into a temporary folder (or --data-dir, where they stay for the
next run) and a server is started and stopped. Questions are JSON lines: `{"qid", "t": "fact" | "list" |
"none" | "chat" | "dated", "q", "turns", "gold": [[accepted strings of one item]], "forbid", "support",
"filters", "shift"}`. Follow-ups are asked after their turns, with the service's own answers as history.
"""

import argparse
import json
import random
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from evaluation.archive_scores import Asked, Outcome, group_of, scores, table
from evaluation.archive_server import index, serving, write_articles
from training.noise import typo

_TIMEOUT_S = 120
_MOST_ANSWERS = 10
_HALVES = ("even", "odd")


class Asker:
    """Asks one service and checks what its citations point at.

    Args:
        client: A client of the service.
    """

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._texts: dict[str, str] = {}

    def outcome(self, asked: Asked) -> Outcome:
        """Ask a question after its turns."""
        history: list[dict[str, str]] = []
        for turn in asked.turns:
            reply, _ = self._ask(turn, history, asked.filters)
            history.append({"question": turn, "answer": reply["answer"]})
        reply, took_ms = self._ask(asked.text, history, asked.filters)
        alone = None
        if asked.shift:
            alone = _texts(self._ask(asked.text, [], asked.filters)[0])
        checked = [
            self._check(answer, place)
            for answer in reply["answers"]
            for place in range(len(answer["citations"]))
        ]
        return Outcome(
            asked=asked,
            answers=_texts(reply),
            confidences=[answer["confidence"] for answer in reply["answers"]],
            found=list(dict.fromkeys(passage["article_id"] for passage in reply["passages"])),
            citations=len(checked),
            citations_with_answer=sum(contains for contains, _ in checked),
            offsets=sum(exact for _, exact in checked),
            took_ms=took_ms,
            alone=alone,
        )

    def _ask(
        self, question: str, history: Sequence[Mapping[str, str]], filters: Mapping[str, Any]
    ) -> tuple[dict[str, Any], float]:
        body = {
            "question": question,
            "history": list(history),
            "include_passages": True,
            "max_answers": _MOST_ANSWERS,
        }
        given = {name: value for name, value in filters.items() if value}
        started = time.perf_counter()
        response = self._client.post("/ask", json=body | ({"filters": given} if given else {}))
        took_ms = (time.perf_counter() - started) * 1000
        response.raise_for_status()
        reply: dict[str, Any] = response.json()
        return reply, took_ms

    def _check(self, answer: Mapping[str, Any], place: int) -> tuple[bool, bool]:
        """Whether a citation's sentence holds what is cited, and whether its offsets are exact."""
        citation = answer["citations"][place]
        text = self._text(citation["article_id"])
        start, end = citation["start"], citation["end"]
        cited = text[start:end]
        wanted = answer["text"] if place == 0 else cited
        exact = (
            text[citation["quote_start"] : citation["quote_end"]] == citation["quote"]
            and citation["quote_start"] <= start < end <= citation["quote_end"]
            and (place > 0 or cited == answer["text"])
        )
        return bool(wanted) and wanted in citation["quote"], exact

    def _text(self, article_id: str) -> str:
        if article_id not in self._texts:
            response = self._client.get(
                f"/articles/{quote(article_id, safe='/')}", headers={"Accept": "application/json"}
            )
            response.raise_for_status()
            self._texts[article_id] = response.json()["text"]
        return self._texts[article_id]


def _texts(reply: Mapping[str, Any]) -> list[str]:
    return [answer["text"] for answer in reply["answers"]]


def read_questions(path: Path, limit: int | None = None, *, half: str | None = None) -> list[Asked]:
    """Read a questions file; `limit` keeps that many of each sort.

    `half` keeps the questions whose id has an "even" or an "odd" CRC-32: what was looked at while the
    product was made is the even half, so the odd one is for reporting.
    """
    asked = [
        Asked.from_record(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line
    ]
    if half is not None:
        asked = [question for question in asked if _HALVES[zlib.crc32(question.qid.encode()) % 2] == half]
    kept: Counter[str] = Counter()
    chosen = []
    for question in asked:
        kept[question.sort] += 1
        if limit is None or kept[question.sort] <= limit:
            chosen.append(question)
    return chosen


def mistyped(asked: Sequence[Asked], seed: int) -> list[Asked]:
    """The questions, each with two letters of a word swapped, or one left out."""
    rng = random.Random(seed)
    return [replace(question, text=typo(question.text, rng)) for question in asked]


def report(outcomes: Sequence[Outcome], folder: Path | None) -> str:
    """The table, written with every answer into the folder where one is given."""
    counts = Counter(outcome.asked.sort for outcome in outcomes)
    figures = scores(outcomes)
    text = table(figures, counts, "Questions of a whole archive")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "archive_questions.md").write_text(text, encoding="utf-8")
        body = {"figures": figures, "asked": counts, "outcomes": [_plain(outcome) for outcome in outcomes]}
        (folder / "archive_questions.json").write_text(
            json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return text


def _plain(outcome: Outcome) -> dict[str, Any]:
    right = [group_of(answer, outcome.asked.gold) is not None for answer in outcome.answers]
    return asdict(outcome) | {"right": right}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines, see above")
    parser.add_argument("--articles", type=Path, help="JSON lines: id, title, text, published (or date)")
    parser.add_argument("--url", help="ask this running service instead of starting one")
    parser.add_argument(
        "--distractors", nargs=2, metavar=("FILE", "N"), help="add the first N articles of FILE"
    )
    parser.add_argument("--data-dir", type=Path, help="index here and keep it; default: a temporary folder")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    parser.add_argument("--limit", type=int, help="ask only this many of each sort")
    parser.add_argument("--half", choices=_HALVES, help="ask only this half, see `read_questions`")
    parser.add_argument("--typos", type=int, metavar="SEED", help="mistype a word of each question")
    parser.add_argument("--out", type=Path, help="folder for archive_questions.md and .json")
    parser.add_argument("--dump", type=Path, help="write what the reader read, for evaluation.archive_replay")
    options = parser.parse_args()
    if options.url is None and options.articles is None:
        parser.error("give --articles to index, or --url of a running service")
    asked = read_questions(options.questions, options.limit, half=options.half)
    if options.typos is not None:
        asked = mistyped(asked, options.typos)
    with ExitStack() as stack:
        url = options.url or _start(stack, options, asked)
        client = stack.enter_context(httpx.Client(base_url=url, timeout=_TIMEOUT_S))
        asker = Asker(client)
        outcomes = [asker.outcome(question) for question in asked]
    print(report(outcomes, options.out))


def _start(stack: ExitStack, options: argparse.Namespace, asked: Sequence[Asked]) -> str:
    """Index the articles and start a server that ends with the stack."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archive-questions-")))
    data_dir = options.data_dir or folder / "data"
    file, count = options.distractors or (None, 0)
    write_articles(folder / "articles.jsonl", options.articles, Path(file) if file else None, int(count))
    took_s = index(folder / "articles.jsonl", data_dir, options.model_cache)
    print(f"Indexed in {took_s:.0f} s.")
    if options.dump is not None:
        from evaluation.archive_replay import dump  # noqa: PLC0415 - loads the models into this process

        dump(asked, data_dir, options.model_cache, options.dump)
    return stack.enter_context(serving(data_dir, options.model_cache))


if __name__ == "__main__":
    main()
