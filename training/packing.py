"""Tokenised texts and questions, packed into a few flat arrays."""

import bisect
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

from index.split import context
from index.types import Article
from training.noise import noisy
from training.sources import FOREIGN, GERMAN_FILES, Example
from training.swaps import Swapper

#: Wordings of a question with typing errors.
NOISY = 3
#: Wordings after the noisy ones that ask for what the text does not say; empty where none was found.
SWAPPED = 2
NEGATIVES = 6
SENTENCE = re.compile(r"(?<=[.!?…])[“\"»]?\s+(?=[A-ZÄÖÜ0-9„\"»])|\n+")


def context_line(title: str, date: str) -> str:
    """What the reader sees before the passage: exactly what the index embeds before it."""
    return context(Article("", title, "", published=date or None)) if title else ""


@dataclass
class Ragged:
    """Many short integer lists in one flat array."""

    flat: list[int] = field(default_factory=list)
    index: list[int] = field(default_factory=lambda: [0])

    def add(self, values: Iterable[int]) -> int:
        """Appends one list and returns its number."""
        self.flat.extend(values)
        self.index.append(len(self.flat))
        return len(self.index) - 2

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Returns `{name}` and `{name}_index` for saving."""
        return {name: np.array(self.flat, np.int32), f"{name}_index": np.array(self.index, np.int64)}


def sentence_starts(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Token numbers at which sentences start, the first always 0."""
    ends = [end for _, end in offsets]
    starts = {0}
    for match in SENTENCE.finditer(text):
        token = bisect.bisect_right(ends, match.end())
        if token < len(offsets):
            starts.add(token)
    return sorted(starts)


def token_span(ends: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """First and last token (inclusive) that touch the characters `[start, end)`."""
    first = bisect.bisect_right(ends, start)
    last = bisect.bisect_left(ends, end)
    return first, min(last, len(ends) - 1)


class Pack:
    """Collects tokenised texts and questions."""

    def __init__(self, tokenizer: Tokenizer, seed: int, swapper: Swapper | None = None) -> None:
        self.tokenizer, self.swapper = tokenizer, swapper
        self.rng = random.Random(seed)
        self.contexts, self.sentences, self.prefixes = Ragged(), Ragged(), Ragged()
        self.questions, self.spans, self.negatives = Ragged(), Ragged(), Ragged()
        self.rows: list[tuple[int, int, int, int]] = []
        self.sources: list[str] = []
        self.known: dict[tuple[str, str], int] = {}
        self.ends: list[list[int]] = []
        self.texts: list[str] = []
        self.articles: list[str] = []

    def context(self, text: str, prefix: str, article: str) -> int:
        """Adds a text once and returns its number."""
        key = (prefix, text)
        if key not in self.known:
            encoded = self.tokenizer.encode(text, add_special_tokens=False)
            self.known[key] = self.contexts.add(encoded.ids)
            self.sentences.add(sentence_starts(text, encoded.offsets))
            self.prefixes.add(self.tokenizer.encode(prefix, add_special_tokens=False).ids if prefix else [])
            self.ends.append([end for _, end in encoded.offsets])
            self.texts.append(text)
            self.articles.append(article)
        return self.known[key]

    def add(self, example: Example) -> None:
        """Adds one question with its text, spans and noisy variants."""
        prefix = context_line(example.title, example.date)
        context = self.context(example.context, prefix, example.title)
        ends = self.ends[context]
        if not ends:
            return
        if example.source not in self.sources:
            self.sources.append(example.source)
        first = len(self.questions.index) - 1
        german = not example.source.startswith(FOREIGN)
        others = [noisy(example.question, self.rng) if german else example.question for _ in range(NOISY)]
        for variant in (example.question, *others):
            self.questions.add(self.tokenizer.encode(variant, add_special_tokens=False).ids[:64])
        swapped: list[str] = []
        if german and example.spans and self.swapper:
            texts = (example.title, example.context)
            swapped = self.swapper.swapped(example.question, texts, self.rng, most=SWAPPED)
        for place in range(SWAPPED):
            wording = swapped[place] if place < len(swapped) else ""
            self.questions.add(self.tokenizer.encode(wording, add_special_tokens=False).ids[:64])
        self.spans.add(n for start, end in example.spans for n in token_span(ends, start, end))
        is_list = int(example.type == "list")
        self.rows.append((context, first, self.sources.index(example.source), is_list))

    def find_negatives(self, examples: Sequence[Example]) -> None:
        """For every question the most similar texts of other articles that do not hold an answer."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

        german = [number for number, row in enumerate(self.rows) if self.sources[row[2]] in GERMAN_FILES]
        vectorizer = TfidfVectorizer(sublinear_tf=True, max_df=0.2, token_pattern=r"\w\w+")  # noqa: S106
        ids = sorted({self.rows[number][0] for number in german})
        matrix = vectorizer.fit_transform(self.texts[number][:3000] for number in ids)
        chosen: dict[int, list[int]] = {}
        for block in range(0, len(german), 512):
            numbers = german[block : block + 512]
            scores = (
                vectorizer.transform(examples[number].question for number in numbers) @ matrix.T
            ).toarray()
            for row, number in zip(scores, numbers, strict=True):
                example = examples[number]
                answers = [example.context[a:b].casefold() for a, b in example.spans]
                kept = []
                for place in np.argsort(-row)[:30]:
                    other = ids[place]
                    text = self.texts[other].casefold()
                    if self.articles[other] != example.title and not any(a in text for a in answers):
                        kept.append(other)
                chosen[number] = kept[:NEGATIVES]
        for number in range(len(self.rows)):
            self.negatives.add(chosen.get(number, ()))

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything for saving."""
        named = {
            "contexts": self.contexts, "sentences": self.sentences, "prefixes": self.prefixes,
            "questions": self.questions, "spans": self.spans, "negatives": self.negatives,
        }  # fmt: skip
        arrays: dict[str, np.ndarray] = {"rows": np.array(self.rows, np.int32)}
        for name, ragged in named.items():
            arrays |= ragged.arrays(name)
        return arrays
