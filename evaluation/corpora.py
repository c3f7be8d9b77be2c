"""What the retrieval evaluation indexes and asks: articles, questions that name theirs, distractors.

Every record goes through the product's own loading, so that what is measured is what is served.
"""

import gzip
import json
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from evaluation.archive_questions import read_questions
from index.load.draft import from_record
from index.split import Splitter
from index.types import Article, Rejected

_ORDER_SEED = 7


@dataclass(frozen=True, slots=True)
class Sought:
    """A question with what it is meant to find.

    Attributes:
        text: The question.
        article_ids: Articles that answer it; a passage is right where it belongs to one.
        golds: Accepted answers as they stand in the text.
    """

    text: str
    article_ids: frozenset[str]
    golds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles and the questions asked of them."""

    name: str
    articles: Sequence[Article]
    questions: Sequence[Sought]


def read_contexts(path: Path, limit: int | None = None) -> Corpus:
    """Read a file of questions with their contexts; every distinct context becomes an article.

    Args:
        path: JSON lines `{"title", "context", "question", "answers": [{"text"}]}`.
        limit: Ask only so many questions, taken evenly over the file; all contexts are indexed.
    """
    records = [record for record in read_lines(path) if record["answers"]]
    articles: dict[str, Article] = {}
    for record in records:
        if record["context"] not in articles:
            fields = {"id": f"{path.stem}-{len(articles):04}", "text": record["context"]}
            articles[record["context"]] = accepted(fields | {"title": record["title"]}, path)
    questions = [
        Sought(
            record["question"],
            frozenset({articles[record["context"]].id}),
            tuple(answer["text"] for answer in record["answers"]),
        )
        for record in records
    ]
    return Corpus(f"{path.parent.name}/{path.stem}", list(articles.values()), evenly(questions, limit))


def read_archive(folder: Path, limit: int | None = None) -> Corpus:
    """Read `articles.jsonl` and the fact questions of `dev.jsonl`, which name their supporting articles."""
    articles = [accepted(record, folder) for record in read_lines(folder / "articles.jsonl")]
    facts = [asked for asked in read_questions(folder / "dev.jsonl") if asked.sort == "fact"]
    questions = [
        Sought(fact.text, frozenset(fact.support), tuple(text for group in fact.gold for text in group))
        for fact in facts
    ]
    return Corpus(folder.name, articles, evenly(questions, limit))


def read_distractors(path: Path, passages: int, *, without: Collection[str] = ()) -> list[Article]:
    """Read whole articles in a fixed random order until the default splitter makes enough passages.

    Args:
        path: JSON lines of articles, gzipped.
        passages: Passages wanted, 0 or more; the last article is not cut, so there may be a few more.
        without: Titles to leave out, because the questions' own texts come from articles of that name.

    Raises:
        ValueError: The file does not hold so many.
    """
    records = [record for record in read_lines(path) if record["title"] not in without]
    random.Random(_ORDER_SEED).shuffle(records)
    splitter = Splitter()
    articles: list[Article] = []
    for record in records:
        if passages <= 0:
            break
        articles.append(accepted(record, path))
        passages -= len(splitter.split(articles[-1]))
    if passages > 0:
        raise ValueError(f"{path} is {passages} passages short of the distractors wanted; ask for fewer")
    return articles


def accepted(record: dict[str, Any], where: Path) -> Article:
    """Make an article of a record as `qa index add` does.

    Raises:
        ValueError: The product rejects it.
    """
    article = from_record(record, str(where))
    if isinstance(article, Rejected):
        raise ValueError(  # noqa: TRY004 - the record's value is wrong
            f"{article.where}: {article.reason}; the record cannot be evaluated"
        )
    return article


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Read JSON lines, gzipped or not."""
    with cast("Any", gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def evenly(questions: Sequence[Sought], limit: int | None) -> list[Sought]:
    """Return `limit` of the questions at equal distances, all where there are no more."""
    if limit is None or limit >= len(questions):
        return list(questions)
    return [questions[number * len(questions) // limit] for number in range(limit)]
