import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.build import Builder
from index.errors import ModelMismatchError
from index.search import Search, fuse, open_search, standardised
from index.types import Article, Filters, Passage
from tests.fakes import FakeEmbedder, article

# Only these letters count for the fake embedder.
LETTERS = "bxyz"


class WholeArticle:
    """Makes one passage of every article."""

    def split(self, of: Article) -> list[Passage]:
        return [Passage(0, of.id, 0, 0, len(of.text))] if of.text else []


class Place:
    """An archive with its indexes in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive(folder / "archive.db")
        self.embedder = FakeEmbedder(LETTERS)
        self.builder = Builder(self.archive, WholeArticle(), self.embedder)

    def add(self, *articles: Article) -> None:
        self.builder.add(articles)

    def search(self) -> Search:
        return open_search(self.archive, self.embedder, self.folder / "index")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def found(search: Search, question: str, **more: object) -> list[str]:
    return [hit.article.id for hit in search.search(question, **more).hits]  # type: ignore[arg-type]


def test_standardised_scores_keep_how_far_one_stands_out():
    assert standardised(np.array([1.0, 1.0, 4.0])).tolist() == pytest.approx(
        [-0.7071, -0.7071, 1.4142], abs=1e-4
    )


def test_scores_that_do_not_differ_say_nothing():
    assert standardised(np.array([3.0, 3.0])).tolist() == [0.0, 0.0]
    assert standardised(np.array([0.7])).tolist() == [0.0]


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20))
def test_fusing_with_a_weight_of_one_ranks_as_the_dense_scores_do(scores: list[float]):
    fused = fuse(np.array(scores), np.zeros(len(scores)), dense_weight=1.0)
    for a, b in zip(range(len(scores)), range(1, len(scores)), strict=False):
        if scores[a] > scores[b] + 1e-6:
            assert fused[a] >= fused[b]


def test_both_what_means_and_what_says_the_same_is_found(place: Place):
    place.add(article("sinn", "xx"), article("wort", "Wahl zz"), article("neither", "yy"))
    hits = place.search().search("Wahl xx").hits
    assert {hit.article.id for hit in hits[:2]} == {"sinn", "wort"}
    by_id = {hit.article.id: hit for hit in hits}
    assert by_id["sinn"].dense == pytest.approx(1.0, abs=1e-3)
    assert by_id["wort"].dense == pytest.approx(0.0, abs=1e-3)
    assert (by_id["wort"].lexical > 0, by_id["neither"].lexical) == (True, 0.0)


def test_hits_come_best_first_and_no_more_than_the_limit(place: Place):
    place.add(*(article(f"{n}", "x" * n + "y" * (10 - n)) for n in range(10)))
    found_ = place.search().search("xxx", limit=4)
    scores = [hit.score for hit in found_.hits]
    assert (len(scores), scores) == (4, sorted(scores, reverse=True))
    assert found_.hits[0].article.id == "9"
    assert found_.hits[0].text == "xxxxxxxxxy"


def test_a_limit_beyond_the_candidates_is_honoured(place: Place):
    place.add(*(article(f"{n}", "x") for n in range(12)))
    search = Search(
        place.archive, place.search().vectors, place.search().lexical, place.embedder, candidates=3
    )
    assert len(search.search("x", limit=12).hits) == 12


def test_an_empty_archive_has_no_hits(place: Place):
    result = place.search().search("Wer?")
    assert (list(result.hits), result.change) == ([], 0)


def test_filters_that_let_nothing_through_give_no_hits(place: Place):
    place.add(article("a", "x"))
    assert found(place.search(), "x", filters=Filters(sources=["?"])) == []


def test_a_narrow_filter_finds_what_is_far_down_the_ranking(place: Place):
    place.add(*(article(f"{n}", "x" * 9) for n in range(300)), article("far", "xyyyyyy", source="Bote"))
    assert found(place.search(), "x", filters=Filters(sources=["Bote"])) == ["far"]


def test_what_is_written_meanwhile_is_found_at_the_next_question(place: Place):
    search = place.search()
    assert found(search, "x") == []
    place.add(article("neu", "x"))
    result = search.search("x")
    assert ([hit.article.id for hit in result.hits], result.change) == (["neu"], 1)
    place.archive.delete("neu")
    assert found(search, "x") == []


def test_many_changes_are_taken_in_by_another_thread_and_found_soon(place: Place):
    search = place.search()
    place.add(*(article(f"{n}", "x") for n in range(120)))
    deadline = time.monotonic() + 20
    while len(search.search("x", limit=200).hits) < 120:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_search_waits_where_all_that_it_knew_was_replaced(place: Place, monkeypatch: pytest.MonkeyPatch):
    place.add(article("alt", "x"))
    search = place.search()
    place.archive.delete("alt")
    place.add(article("neu", "x"))
    refresh = search.refresh
    # As while another thread takes the changes in.
    monkeypatch.setattr(search, "refresh", lambda *, wait=True: refresh() if wait else None)
    assert found(search, "x") == ["neu"]


def test_a_refresh_that_waits_has_everything_in(place: Place):
    search = place.search()
    place.add(*(article(f"{n}", "x") for n in range(120)))
    search.refresh()
    assert search.change == place.archive.change() == 120


def test_a_deleted_article_is_not_returned_even_where_the_indexes_lag(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    place.add(article("a", "x Wahl"), article("b", "xy Wahl"))
    search = place.search()
    place.archive.delete("a")
    monkeypatch.setattr(search, "refresh", lambda wait: None)  # noqa: ARG005
    assert found(search, "x Wahl") == ["b"]


def test_an_index_that_cannot_catch_up_goes_on_serving_and_says_so(
    place: Place, caplog: pytest.LogCaptureFixture
):
    place.add(article("a", "x"))
    search = place.search()
    (place.folder / "index" / "lexical" / "manifest.json").unlink()
    (place.folder / "index" / "lexical" / "manifest.json").mkdir()
    place.add(article("b", "x"))
    assert sorted(found(search, "x")) == ["a", "b"]
    assert "Lexical cannot catch up" in caplog.text


def test_saved_indexes_are_opened_again_without_the_archive_s_vectors(place: Place):
    place.add(article("a", "x"), article("b", "y"))
    place.search().save(place.folder / "index")
    assert found(place.search(), "y")[0] == "b"
    assert (place.folder / "index" / "vectors" / "manifest.json").exists()


def test_another_model_is_refused(place: Place):
    place.add(article("a", "x"))
    with pytest.raises(ModelMismatchError, match="qa index rebuild --reembed"):
        open_search(place.archive, FakeEmbedder("abc"), place.folder / "index")


def test_half_a_surrogate_pair_in_a_question_does_no_harm(place: Place):
    place.add(article("a", "x"))
    assert found(place.search(), "x \ud800") == ["a"]


def test_questions_and_writes_at_once_never_fail_and_never_show_a_deleted_article(place: Place):
    place.add(*(article(f"bleibt{n}", "x Wahl") for n in range(3)))
    search = place.search()
    gone: set[str] = set()
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            before = set(gone)
            try:
                ids = found(search, "x Wahl", limit=50)
            except Exception as error:  # noqa: BLE001 - any failure counts
                wrong.append(error)
                return
            if before & set(ids) or not {"bleibt0", "bleibt1", "bleibt2"} <= set(ids):
                wrong.append(ids)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(15):
        place.add(article(f"{number}", "xx Wahl"))
        if number % 2:
            place.archive.delete(f"{number}")
            gone.add(f"{number}")
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_word_is_written_as_the_archive_mostly_writes_it(place: Place):
    place.add(
        article("a", "Straßen der NATO."), article("b", "die strassen"), article("c", "Straßen, Straßen?")
    )
    search = place.search()
    assert search.occurrences(["STRASSEN", "nato", "Nato", "Straße"]) == [3, 1, 1, 0]
    assert [search.written(word) for word in ("strassen", "nato", "Straße")] == ["Straßen", "NATO", None]
