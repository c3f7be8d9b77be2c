"""Texts and questions to measure with: the samples of this repository, or a folder of larger data."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.corpora import Sought, read_contexts, read_distractors
from index.load import load
from index.sentences import sentences
from index.types import Article

_ROOT = Path(__file__).parents[1]
SAMPLES = _ROOT / "samples"
_SAMPLE_QUESTIONS = _ROOT / "tests" / "data" / "sample_questions.jsonl"
_QUESTIONS = "mlqa/de_dev.jsonl"
_DISTRACTORS = "wikipedia/articles.jsonl.gz"
_MIXED_SENTENCES = 20


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes:
        distractors: Passages indexed beside the questions' own in the comparison with the plain script.
        rounds: Parts in which both take turns.
        real: Passages of the large archive whose vectors are real.
        passages: Passages of the large archive.
        questions: Questions timed.
        starts: Warm starts timed.
    """

    distractors: int
    rounds: int
    real: int
    passages: int
    questions: int
    starts: int


QUICK = Sizes(distractors=0, rounds=2, real=0, passages=2_000, questions=20, starts=1)
FULL = Sizes(distractors=2_500, rounds=4, real=20_000, passages=100_000, questions=200, starts=5)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is measured with.

    Attributes:
        name: Of the texts, for the report.
        articles: Texts that hold the answers.
        questions: Questions asked of them; the comparison counts those whose right passage is known.
        data: Folder of distractors, None for the samples.
        sizes: How much of it.
    """

    name: str
    articles: Sequence[Article]
    questions: Sequence[Sought]
    data: Path | None
    sizes: Sizes

    def texts(self) -> list[str]:
        """Return the wordings of the questions, each once."""
        return list(dict.fromkeys(question.text for question in self.questions))

    def distractors(self, passages: int) -> list[Article]:
        """Return articles of about so many passages; the same ones first, however many are wanted.

        Without a data folder their sentences are those of the samples, mixed.
        """
        if self.data is None:
            return list(mixed(self.articles, chars=500 * passages))
        titles = {article.title for article in self.articles}
        return read_distractors(self.data / _DISTRACTORS, passages, without=titles)


def read(data: Path | None, *, quick: bool) -> Inputs:
    """Read the inputs: from the data folder, or from the samples where quick or none is given.

    Raises:
        FileNotFoundError: The data folder lacks a file.
    """
    if data is None or quick:
        articles = [article for article in load(SAMPLES) if isinstance(article, Article)]
        return Inputs("the samples", articles, _sample_questions(), None, QUICK)
    corpus = read_contexts(data / _QUESTIONS)
    return Inputs(f"{corpus.name} and Wikipedia", corpus.articles, corpus.questions, data, FULL)


def is_right(sought: Sought, article_id: str, text: str) -> bool:
    """Whether a passage is what a question seeks: by its article, or where none is named, by its text."""
    if sought.article_ids:
        return article_id in sought.article_ids
    return any(gold in text for gold in sought.golds)


def mixed(articles: Sequence[Article], *, chars: int) -> Iterator[Article]:
    """Yield articles of sentences drawn from others, until they have so many characters."""
    drawn = random.Random(0)  # noqa: S311 - no secret
    pool = [article.text[start:end] for article in articles for start, end in sentences(article.text)]
    while chars > 0:
        text = " ".join(drawn.choices(pool, k=_MIXED_SENTENCES)).strip()
        yield replace(drawn.choice(articles), id=f"mixed-{chars}", text=text)
        chars -= len(text)


def _sample_questions() -> list[Sought]:
    records = map(json.loads, _SAMPLE_QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [
        Sought(record["question"], frozenset(), tuple(text for group in record["answers"] for text in group))
        for record in records
        if record["answers"]
    ]
