"""What the search's settings are chosen by: fusion weights, and the size of passages.

Fusion is chosen on one half of the questions and reported on the other. The halves are made by context, so
that two questions about one text never stand on both sides.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluation.corpora import Corpus, Sought, read_archive
from evaluation.indexed import Indexed, Setting, indexed
from evaluation.ranking import Rank, interval, lead, measures, rank, recalls, reciprocals
from evaluation.report import Section, table
from index.embed import Embedder
from index.lexical import Lexical
from index.search import CANDIDATES, DENSE_WEIGHT, Search
from index.split import Splitter

SIZES = ("400:1", "700:0", "700:1", "700:2", "1000:1")
READ = 8
_WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_CANDIDATES = (30, 100, 300)
_TITLE_BOOSTS = (0.0, 0.25, 0.5, 1.0)
_DEFAULT_BOOST = 0.5
_DEPTH = 10
_SHOWN = 10


@dataclass(frozen=True, slots=True, order=True)
class Fusion:
    """Settings of the search: dense weight, candidates of each index, title boost of the lexical one."""

    dense_weight: float = DENSE_WEIGHT
    candidates: int = CANDIDATES
    title_boost: float = _DEFAULT_BOOST

    def __str__(self) -> str:
        return f"{self.dense_weight} / {self.candidates} / {self.title_boost}"


class Remembering:
    """An embedder that embeds every question once; a sweep asks each many times.

    Args:
        embedder: What embeds.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity, self.dimension = embedder.identity, embedder.dimension
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the vectors, float32 (len(texts), dimension)."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self._embedder.embed_questions([text])[0]
        return np.stack([self._known[text] for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the vectors, float32 (len(texts), dimension)."""
        return self._embedder.embed_passages(texts)


def halves(questions: Sequence[Sought]) -> tuple[list[Sought], list[Sought]]:
    """Split questions into a half to choose on and a half to report, by what they are to find."""
    chosen: tuple[list[Sought], list[Sought]] = ([], [])
    for question in questions:
        digest = hashlib.sha256(min(question.article_ids).encode()).digest()
        chosen[digest[0] % 2].append(question)
    return chosen


def weights(setting: Setting) -> Section:
    """Choose the fusion on one half and compare it with the default on the other."""
    corpus = setting.corpus()
    choosing, reporting = halves(corpus.questions)
    with setting.open(corpus) as parts:
        searches = dict(_searches(parts))
        tried = {fusion: _ranks(search, choosing) for fusion, search in searches.items()}
        best = max(tried, key=lambda fusion: _worth(tried[fusion]))
        shown = {
            name: _ranks(searches[f], reporting) for name, f in (("chosen", best), ("default", Fusion()))
        }
    order = sorted(tried, key=lambda fusion: _worth(tried[fusion]), reverse=True)
    lines = [
        f"Dense weight / candidates / title boost, the best of {len(tried)} on {len(choosing)} questions:",
        "",
        *table(
            ["fusion", "R@1", "MRR@10"],
            [[str(f), *(f"{100 * worth:.1f}" for worth in _worth(tried[f]))] for f in order[:_SHOWN]],
        ),
        "",
        f"On the other {len(reporting)} questions: chosen ({best}) against the default ({Fusion()}).",
        "",
        *table(["", "R@1", "R@5", "R@10", "MRR@10"], [[n, *measures(r).values()] for n, r in shown.items()]),
        "",
        f"The chosen one is ahead by {lead(shown['chosen'], shown['default'])} points of R@1.",
    ]
    figures = {
        str(fusion): dict(zip(("R@1", "MRR@10"), _worth(tried[fusion]), strict=True)) for fusion in order
    }
    return Section(
        "fusion", lines, {"tried": figures, "chosen": best, **{n: measures(r) for n, r in shown.items()}}
    )


def sizes(setting: Setting, archive: Path | None, wanted: Sequence[str]) -> Section:
    """Compare sizes and overlaps of passages: what is found first, and what the reader would be given."""
    contexts = setting.corpus()
    corpora = [contexts] if archive is None else [contexts, read_archive(archive, setting.limit)]
    distracting = setting.distracting() if setting.distractors else []
    articles = [*distracting, *(article for corpus in corpora for article in corpus.articles)]
    rows: list[list[object]] = []
    for size in wanted:
        chars, overlap = (int(part) for part in size.split(":"))
        splitter = Splitter(passage_chars=chars, overlap_sentences=overlap)
        folder = setting.work / f"passages-{chars}-{overlap}-{setting.distractors}"
        with indexed(folder, articles, setting.embedder, splitter=splitter) as parts:
            count = parts.archive.count().passages
            rows += [[size, count, corpus.name, *_given(parts, corpus)] for corpus in corpora]
    header = ["size", "passages", "questions", "R@1", "answer first", f"answer in {READ}", "chars read"]
    about = (
        "Size in characters and sentences of overlap, the same articles each time. “Answer first”: the first "
        f"passage is of the right article and holds an accepted answer; “answer in {READ}”: one of the "
        f"first {READ} does; “chars read” is what those {READ} sum up to."
    )
    lines = [about, "", *table(header, rows)]
    return Section("passages", lines, {"rows": [dict(zip(header, row, strict=True)) for row in rows]})


def _given(parts: Indexed, corpus: Corpus) -> list[object]:
    first: list[Rank] = []
    holding: list[Rank] = []
    chars = []
    for question in corpus.questions:
        hits = parts.search.search(question.text, limit=READ).hits
        right = [hit.article.id in question.article_ids for hit in hits]
        holds = [any(gold in hit.text for gold in question.golds) for hit in hits]
        first.append(rank(right))
        holding.append(rank([a and b for a, b in zip(right, holds, strict=True)]))
        chars.append(sum(len(hit.text) for hit in hits))
    shares = (recalls(first, 1), recalls(holding, 1), recalls(holding, READ))
    return [*(interval(share) for share in shares), round(float(np.mean(chars)))]


def _searches(parts: Indexed) -> Iterator[tuple[Fusion, Search]]:
    embedder = Remembering(parts.embedder)
    for title_boost in _TITLE_BOOSTS:
        lexical = Lexical(parts.folder / "lexical", archive_id=parts.archive.id, title_boost=title_boost)
        for weight, candidates in product(_WEIGHTS, _CANDIDATES):
            yield (
                Fusion(weight, candidates, title_boost),
                Search(
                    parts.archive,
                    parts.vectors,
                    lexical,
                    embedder,
                    dense_weight=weight,
                    candidates=candidates,
                ),
            )


def _ranks(search: Search, questions: Sequence[Sought]) -> list[Rank]:
    return [
        rank([hit.article.id in q.article_ids for hit in search.search(q.text, limit=_DEPTH).hits])
        for q in questions
    ]


def _worth(ranks: Sequence[Rank]) -> tuple[float, float]:
    """R@1, then MRR@10 where it is equal."""
    return float(np.mean(recalls(ranks, 1))), float(np.mean(reciprocals(ranks)))
