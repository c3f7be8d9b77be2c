import os
import signal
import sqlite3
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive, Counts, Entry
from index.errors import ArchiveError, ModelMismatchError, UnknownArticleError
from index.types import Article, Filters, Passage
from tests.fakes import article

DIMENSION = 4


def entry(of: Article, passages: int = 1, *, signature: bytes = b"", bands: tuple[bytes, ...] = ()) -> Entry:
    """An article whose passages are its first characters, with the unit vectors as embeddings."""
    pieces = [Passage(0, of.id, number, number, number + 1) for number in range(passages)]
    vectors = np.eye(DIMENSION, dtype=np.float32)[[number % DIMENSION for number in range(passages)]]
    return Entry(of, pieces, vectors, signature, bands)


def common_letters(a: bytes, b: bytes) -> float:
    return len(set(a) & set(b)) / len(set(a) | set(b))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    opened = Archive(tmp_path / "archive.db", similarity=common_letters, copy_threshold=0.7)
    opened.bind(identity="unit", dimension=DIMENSION)
    return opened


def ids(articles: list[Article]) -> list[str]:
    return [a.id for a in articles]


def test_an_article_comes_back_as_it_was_put(archive: Archive):
    full = Article(
        "a/ä", "Titel", "Text\x00 𝒳", "Quelle", "Eva", "dpa", "https://x.de", "2024-06", "2024", "de"
    )
    assert archive.put_many([entry(full)]) == ["added"]
    assert archive.get("a/ä") == full


def test_an_unknown_article_is_an_error_that_names_it(archive: Archive):
    with pytest.raises(UnknownArticleError, match="'nein'"):
        archive.get("nein")


def test_the_same_article_again_changes_nothing(archive: Archive):
    archive.put_many([entry(article("a"))])
    assert archive.put_many([entry(article("a"))]) == ["unchanged"]
    assert archive.change() == 1


def test_a_changed_article_replaces_the_old_one_under_new_keys(archive: Archive):
    archive.put_many([entry(article("a", "alter Text"), 2)])
    assert archive.put_many([entry(article("a", "neuer Text"), 3)]) == ["changed"]
    assert archive.count() == Counts(articles=1, passages=3)
    assert [p.key for p in archive.article_passages("a")] == [3, 4, 5]
    assert archive.passages([1, 2]) == {}


def test_a_deleted_article_is_gone_with_its_passages_and_vectors(archive: Archive):
    archive.put_many([entry(article("a"), 2), entry(article("b"))])
    assert archive.delete("a")
    assert not archive.delete("a")
    assert archive.count() == Counts(articles=1, passages=1)
    assert archive.passages([1, 2, 3]) == {3: Passage(3, "b", 0, 0, 1)}
    with pytest.raises(ArchiveError, match="no vector for passage 1"):
        archive.embeddings([1])


def test_keys_are_never_used_twice(archive: Archive):
    archive.put_many([entry(article("a"), 2)])
    archive.delete("a")
    archive.put_many([entry(article("b"))])
    assert archive.article_passages("b")[0].key == 3


def test_vectors_come_back_in_the_order_of_the_keys(archive: Archive):
    archive.put_many([entry(article("a"), 3)])
    assert archive.embeddings([3, 1]).tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]


def test_storing_half_precision_moves_a_cosine_by_less_than_one_in_ten_thousand(tmp_path: Path):
    archive = Archive(tmp_path / "archive.db")
    generator = np.random.default_rng(1)
    vectors = generator.standard_normal((50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pieces = [Passage(0, "a", number, 0, 1) for number in range(50)]
    archive.put(article("a"), pieces, vectors)
    stored = archive.embeddings(list(range(1, 51)))
    assert np.abs(stored @ vectors.T - vectors @ vectors.T).max() < 1e-4


def test_the_change_log_leads_from_any_number_to_now(archive: Archive):
    archive.put_many([entry(article("a"), 2)])
    archive.put_many([entry(article("b"))])
    archive.delete("a")
    assert (archive.change(), archive.changes_since(0).added, archive.changes_since(0).removed) == (
        3,
        [3],
        [],
    )
    since = archive.changes_since(1)
    assert (since.change, since.added, since.removed) == (3, [3], [1, 2])
    assert archive.changes_since(3).change == 3


WRITES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=12)


@settings(max_examples=25, deadline=None)
@given(WRITES, st.integers(0, 12))
def test_applying_the_changes_since_any_number_gives_the_keys_there_are_now(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, int]], at: int
):
    archive = Archive(tmp_path_factory.mktemp("changes") / "archive.db")
    then: tuple[int, npt.NDArray[np.int64]] = (0, np.array([], np.int64))
    for number, (name, passages) in enumerate(writes):
        if number == at:
            then = (archive.change(), archive.keys(Filters()))
        if passages:
            archive.put_many([entry(article(name, f"Text {number}"), passages)])
        else:
            archive.delete(name)
    delta = archive.changes_since(then[0])
    assert set(then[1].tolist()) - set(delta.removed) | set(delta.added) == set(
        archive.keys(Filters()).tolist()
    )
    assert not set(delta.added) & set(delta.removed)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            Entry(article("b"), [Passage(0, "b", 0, 0, 1)], np.zeros((2, 4), np.float32)),
            "embeddings of shape",
        ),
        (
            Entry(article("b"), [Passage(0, "b", 0, 0, 1)], np.zeros((1, 3), np.float32)),
            "embeddings of shape",
        ),
        (Entry(article("b"), [Passage(0, "b", 0, 0, 99)], np.zeros((1, 4), np.float32)), "not inside"),
        (Entry(article("b"), [Passage(0, "x", 0, 0, 1)], np.zeros((1, 4), np.float32)), "not its number 0"),
        (Entry(article("b"), [Passage(0, "b", 0, 0, 1)], np.full((1, 4), np.nan, np.float32)), "finite"),
        (Entry(article("b", "\ud800x"), [Passage(0, "b", 0, 0, 1)], np.zeros((1, 4), np.float32)), "Unicode"),
    ],
)
def test_a_batch_with_something_wrong_is_refused_whole(archive: Archive, wrong: Entry, message: str):
    with pytest.raises(ArchiveError, match=message):
        archive.put_many([entry(article("a")), wrong])
    assert (archive.count(), archive.change()) == (Counts(0, 0), 0)


def test_another_model_is_refused_with_the_command_that_rebuilds(archive: Archive):
    archive.put_many([entry(article("a"))])
    with pytest.raises(ModelMismatchError, match=r"unit.*qa index rebuild --reembed"):
        archive.bind(identity="other", dimension=8)
    assert (archive.model, archive.dimension) == ("unit", DIMENSION)


def test_an_archive_without_passages_takes_on_another_model(archive: Archive):
    archive.bind(identity="other", dimension=8)
    assert (archive.model, archive.dimension) == ("other", 8)


def test_a_file_of_another_program_is_refused(tmp_path: Path):
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE t (x)")
    with pytest.raises(ArchiveError, match="another program's database"):
        Archive(tmp_path / "other.db")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    (tmp_path / "a.db").write_bytes(b"hello" * 1000)
    with pytest.raises(ArchiveError, match="restore a backup"):
        Archive(tmp_path / "a.db")


def test_a_newer_format_is_refused(tmp_path: Path):
    Archive(tmp_path / "a.db").close()
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ArchiveError, match="format 99"):
        Archive(tmp_path / "a.db")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(published_from="2024-06-20"), ["day", "month"]),
        (Filters(published_to="2024-06-20"), ["month", "old", "year"]),
        (Filters(published_from="2024-06-01", published_to="2024-06-30"), ["day", "month", "year"]),
        (Filters(published_from="2024-06", published_to="2024-06"), ["day", "month", "year"]),
        (Filters(published_from="2024-07-01", published_to="2024-07-02"), ["year"]),
        (Filters(sources=["KURIER", "x"]), ["day"]),
        (Filters(authors=["eva lind"]), ["day"]),
        (Filters(agencies=["AFP"]), ["day"]),
        (Filters(agencies=["dp"]), []),
        (Filters(languages=["de"]), ["day"]),
        (Filters(article_ids=["old", "none", "'; --"]), ["old", "none"]),
        (Filters(sources=["Kurier"], published_to="2020"), []),
    ],
)
def test_filters_let_through_the_articles_that_may_match(
    archive: Archive, filters: Filters, found: list[str]
):
    dates = {"day": "2024-06-21", "month": "2024-06", "year": "2024", "old": "1999-12-31", "none": None}
    facts = {"source": "Kurier", "author": "Eva Lind", "agency": "dpa, AFP", "language": "de"}
    for name, date in dates.items():
        more = facts if name == "day" else {}
        archive.put_many([entry(article(name, published=date, **more), 2)])
    if filters.published_from == "2024-06-20":
        found = [*found, "year"]
    keys = archive.keys(filters)
    assert sorted({p.article_id for p in archive.passages(keys).values()}) == sorted(found)
    assert len(keys) == 2 * len(found)
    assert keys.tolist() == sorted(keys.tolist())


def test_articles_are_listed_newest_first_and_those_without_a_date_last(archive: Archive):
    for name, date in (("a", None), ("b", "2023"), ("c", "2024-06"), ("d", "2024-06-19")):
        archive.put_many([entry(article(name, published=date))])
    assert ids(archive.articles(0, 10)) == ["c", "d", "b", "a"]
    assert ids(archive.articles(1, 2)) == ["d", "b"]


def test_a_listing_can_be_narrowed_whatever_the_case(archive: Archive):
    archive.put_many([entry(article("a", title="Über Öl")), entry(article("b", source="ÖLBLATT"))])
    assert ids(archive.articles(0, 10, "öl")) == ["b", "a"]
    assert ids(archive.articles(0, 10, "100%_")) == []
    assert archive.count_matching("öl") == 2


class TestCopies:
    def test_similar_articles_share_a_cluster(self, archive: Archive):
        archive.put_many([entry(article("a"), signature=b"abcd", bands=(b"1", b"2"))])
        archive.put_many([entry(article("b"), signature=b"abcde", bands=(b"2", b"3"))])
        archive.put_many([entry(article("c"), signature=b"wxyz", bands=(b"3",))])
        assert archive.copies(["a", "c", "nein"]) == {"a": frozenset("ab"), "c": frozenset("c")}

    def test_an_article_joins_clusters_that_it_connects_and_its_deletion_parts_them(self, tmp_path: Path):
        archive = Archive(tmp_path / "a.db", similarity=common_letters, copy_threshold=0.5)
        for name, signature in (("a", b"abcd"), ("b", b"cdef"), ("c", b"abcdef")):
            assert archive.copies(["a"]).get("a", frozenset()) <= frozenset("a")
            archive.put_many([entry(article(name), signature=signature, bands=(b"1",))])
        assert archive.copies(["a"]) == {"a": frozenset("abc")}
        archive.delete("c")
        assert archive.copies(["a", "b"]) == {"a": frozenset("a"), "b": frozenset("b")}

    def test_an_equal_article_stays_a_copy_when_the_first_is_deleted(self, archive: Archive):
        for name in "abc":
            archive.put_many([entry(article(name), signature=b"abcd", bands=(b"1",))])
        archive.delete("a")
        archive.put_many([entry(article("d"), signature=b"abcde", bands=(b"1",))])
        assert archive.copies(["d"]) == {"d": frozenset("bcd")}


@pytest.mark.parametrize("article_id", ["", "a\x00b"])
def test_an_id_that_cannot_be_used_is_refused(archive: Archive, article_id: str):
    with pytest.raises(ArchiveError, match="cannot be an id"):
        archive.put_many([entry(article(article_id, title="x"))])


def test_half_a_surrogate_pair_matches_nothing_and_breaks_nothing(archive: Archive):
    archive.put_many([entry(article("a"))])
    assert archive.keys(Filters(sources=["\ud800"], article_ids=["\ud800"])).tolist() == []
    assert archive.articles(0, 10, "\ud800") == []
    assert archive.copies(["\ud800"]) == {}
    assert not archive.delete("\ud800")
    with pytest.raises(UnknownArticleError):
        archive.get("\ud800")


def test_an_offset_beyond_all_articles_gives_an_empty_page(archive: Archive):
    assert archive.articles(10**30, 10**30) == []


def test_a_snapshot_sees_one_state_while_another_thread_writes(archive: Archive):
    archive.put_many([entry(article("a"))])
    with archive.snapshot():
        before = archive.count()
        writer = threading.Thread(target=lambda: archive.put_many([entry(article("b"))]))
        writer.start()
        writer.join()
        assert archive.count() == before
    assert archive.count().articles == 2


def test_counts_are_kept_until_somebody_writes_also_another_process(archive: Archive):
    archive.put_many([entry(article("a"), 2)])
    assert archive.count() == archive.count() == Counts(1, 2)
    other = Archive(archive.path)
    other.put_many([entry(article("b"), 3)])
    assert archive.count() == Counts(2, 5)
    other.delete("a")
    assert archive.count() == Counts(1, 3)


def test_an_article_that_is_held_is_given_again_until_it_changes(archive: Archive):
    archive.put_many([entry(article("a", "alter Text"))])
    held = archive.articles_by_id(["a"])["a"]
    assert archive.articles_by_id(["a"])["a"] is held
    archive.put_many([entry(article("a", "neuer Text"))])
    assert archive.articles_by_id(["a"])["a"].text == "neuer Text"
    assert held.text == "alter Text"
    watched = weakref.ref(archive.articles_by_id(["a"])["a"])
    assert watched() is None


def test_writing_inside_a_snapshot_is_an_error_not_a_hang(archive: Archive):
    with archive.snapshot(), pytest.raises(ArchiveError, match="snapshot"):
        archive.delete("a")


def test_threads_write_one_after_the_other_and_lose_nothing(archive: Archive):
    def put(name: str) -> None:
        for number in range(5):
            archive.put_many([entry(article(f"{name}{number}"), 2)])

    threads = [threading.Thread(target=put, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert archive.count() == Counts(20, 40)
    assert archive.change() == 20


KILLED = """
import sys
from pathlib import Path
from index.archive import Archive
from tests.test_archive import entry
from tests.fakes import article
archive = Archive(Path(sys.argv[1]))
for number in range(100_000):
    archive.put_many([entry(article(f"{number}-{i}"), 2) for i in range(3)])
    print(number, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill_and_nothing_is_half_there(tmp_path: Path):
    path = tmp_path / "archive.db"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(20):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
    counts = Archive(path).count()
    assert counts.articles >= 3 * (last + 1)
    assert counts.articles % 3 == 0
    assert counts.passages == 2 * counts.articles
