from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.archive import Archive, Counts
from index.build import Builder, Summary
from index.errors import ModelMismatchError
from index.types import Article, Rejected
from tests.fakes import FakeEmbedder, article
from tests.test_search import WholeArticle


class CountingEmbedder(FakeEmbedder):
    """Remembers every text that it embedded."""

    def __init__(self) -> None:
        super().__init__("xyz")
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.embedded += texts
        return super().embed_passages(texts)


class StoppedError(Exception):
    pass


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive.db")


def test_articles_are_split_embedded_with_title_and_date_and_stored(archive: Archive):
    embedder = CountingEmbedder()
    wahl = article("a", "xx", title="Wahl", published="2024-06-19")
    summary = Builder(archive, WholeArticle(), embedder).add([wahl])
    assert embedder.embedded == ["Wahl. 19. Juni 2024. xx"]
    assert (summary.added, summary.passages, archive.count()) == (1, 1, Counts(1, 1))
    assert archive.embeddings([1]).tolist() == [[1.0, 0.0, 0.0]]


def test_an_unchanged_article_is_not_embedded_again(archive: Archive):
    embedder = CountingEmbedder()
    builder = Builder(archive, WholeArticle(), embedder)
    builder.add([article("a", "x"), article("b", "y")])
    summary = builder.add([article("a", "x"), article("b", "z"), article("c", "x")])
    assert (summary.added, summary.changed, summary.unchanged) == (1, 1, 1)
    assert embedder.embedded == ["A. x", "B. y", "B. z", "C. x"]


def test_rejected_input_and_articles_without_text_are_reported_and_the_rest_goes_on(archive: Archive):
    broken = Rejected("artikel.jsonl:17", "not JSON")
    summary = Builder(archive, WholeArticle(), FakeEmbedder()).add(
        [broken, article("leer", ""), article("a")]
    )
    assert [rejected.where for rejected in summary.rejected] == ["artikel.jsonl:17", "leer"]
    assert (summary.added, summary.articles) == (1, 3)


def test_the_last_of_two_articles_with_one_id_counts(archive: Archive):
    Builder(archive, WholeArticle(), FakeEmbedder()).add([article("a", "alt"), article("a", "neu")])
    assert archive.get("a").text == "neu"
    assert archive.count() == Counts(1, 1)


def test_near_copies_are_recognised(tmp_path: Path):
    from index.copies import similarity

    archive = Archive(tmp_path / "copies.db", similarity=similarity)
    text = " ".join(f"wort{n}" for n in range(200))
    Builder(archive, WholeArticle(), FakeEmbedder()).add(
        [article("a", text), article("b", f"{text} dpa"), article("c", "etwas ganz anderes")]
    )
    assert archive.copies(["a", "c"]) == {"a": frozenset("ab"), "c": frozenset("c")}


def test_an_interrupted_build_keeps_whole_batches_and_goes_on_where_it_stopped(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("index.build._BATCH_ARTICLES", 2)

    def stopping() -> Iterator[Article]:
        yield from (article(f"{n}", "x") for n in range(5))
        raise StoppedError

    builder = Builder(archive, WholeArticle(), FakeEmbedder())
    with pytest.raises(StoppedError):
        builder.add(stopping())
    assert archive.count() == Counts(4, 4)
    summary = builder.add(article(f"{n}", "x") for n in range(5))
    assert (summary.added, summary.unchanged) == (1, 4)


def test_progress_is_told_after_every_batch(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.build._BATCH_ARTICLES", 2)
    told: list[int] = []

    def progress(summary: Summary) -> None:
        told.append(summary.articles)

    articles = [article(f"{n}", "x") for n in range(5)]
    Builder(archive, WholeArticle(), FakeEmbedder()).add(articles, progress=progress)
    assert told == [2, 4, 5]


def test_the_stages_are_timed(archive: Archive):
    timings = Builder(archive, WholeArticle(), FakeEmbedder()).add([article()]).timings_s
    assert set(timings) == {"load", "split", "embed", "store", "total"}
    assert sum(timings.values()) - timings["total"] <= timings["total"]


def test_another_model_is_refused_before_anything_is_read(archive: Archive):
    Builder(archive, WholeArticle(), FakeEmbedder()).add([article()])
    with pytest.raises(ModelMismatchError):
        Builder(archive, WholeArticle(), FakeEmbedder("xyz"))
