"""The dense index in lists: made beside the one that serves, searched as well, saved, replaced."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index import growth, vectors
from index.archive import Archive, Entry
from index.types import Article, Passage
from index.vectors import Vectors, described, open_vectors, rebuild_vectors
from tests.fakes import article
from tests.test_search import Place

DIMENSION = 8
FEW = 60  # passages that are all compared, in these tests


def unit(count: int, seed: int) -> npt.NDArray[np.float32]:
    """Vectors of length one as the archive stores them."""
    drawn = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn.astype(np.float16).astype(np.float32)


def put(archive: Archive, name: str, embeddings: npt.NDArray[np.float32]) -> None:
    """Store an article with one letter for each vector."""
    passages = [Passage(0, name, n, n, n + 1) for n in range(len(embeddings))]
    archive.put_many([Entry(Article(name, name, "x" * len(embeddings)), passages, embeddings)])


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    opened = Archive(tmp_path / "archive.db")
    opened.bind(identity="unit", dimension=DIMENSION)
    put(opened, "first", unit(100, 1))
    return opened


def grown(archive: Archive, folder: Path) -> Vectors:
    made = open_vectors(folder, archive, exact_up_to=FEW)
    assert made.grow(archive)
    return made


def expected(archive: Archive, query: npt.NDArray[np.float32], k: int, among: list[int]) -> list[int]:
    keys, embeddings = archive.known_embeddings(among)
    return keys[np.argsort(-(embeddings @ query), kind="stable")[:k]].tolist()


@pytest.mark.parametrize(
    ("passages", "lists"), [(0, 0), (200_000, 0), (200_001, 894), (1_000_000, 2000), (4_000_000, 4000)]
)
def test_the_number_of_lists_follows_from_the_passages(passages: int, lists: int):
    assert growth.lists_for(passages) == lists


@pytest.mark.parametrize(
    ("lists", "passages", "due"),
    [
        (0, 200_000, False),
        (0, 200_001, True),
        (2000, 3_900_000, False),
        (2000, 4_000_000, True),
        (894, 50_000, False),
        (894, 49_999, True),
    ],
)
def test_another_form_is_due_beyond_a_limit_and_not_again_soon_after(lists: int, passages: int, due: bool):  # noqa: FBT001
    assert growth.is_due(lists, passages) is due


def test_few_passages_stay_exact(archive: Archive, tmp_path: Path):
    few = open_vectors(tmp_path / "v", archive, exact_up_to=100)
    assert not few.grow(archive)
    assert few.lists == 0


def test_many_passages_are_put_into_lists_and_all_are_there(archive: Archive, tmp_path: Path):
    made = grown(archive, tmp_path / "v")
    assert made.lists == 20
    assert made.keys().tolist() == list(range(1, 101))
    assert made.change == archive.change()


def test_lists_give_the_exact_cosines_in_the_exact_order(archive: Archive, tmp_path: Path):
    made = grown(archive, tmp_path / "v")
    for query in unit(20, 2):
        found = made.search(query, 5)
        cosines = archive.embeddings([key for key, _ in found]) @ query
        assert [score for _, score in found] == pytest.approx(cosines.tolist(), abs=1e-6)
        assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


@pytest.mark.parametrize("narrow", [0, 1000])
def test_a_filtered_search_of_lists_finds_exactly_what_is_nearest_among_the_allowed(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, narrow: int
):
    monkeypatch.setattr(vectors, "_NARROW", narrow)
    made = grown(archive, tmp_path / "v")
    allowed = [3, 17, 40, 41, 42, 77, 99]
    for query in unit(20, 3):
        found = [key for key, _ in made.search(query, 4, np.array([*allowed, 999]))]
        assert found == expected(archive, query, 4, allowed)


def test_what_changes_after_growing_is_taken_in(archive: Archive, tmp_path: Path):
    put(archive, "second", unit(10, 4))
    made = grown(archive, tmp_path / "v")
    archive.delete("second")
    put(archive, "third", unit(5, 5))
    made.catch_up(archive)
    assert made.keys().tolist() == [*range(1, 101), *range(111, 116)]
    query = archive.embeddings([113])[0]
    assert made.search(query, 1)[0][0] == 113


class Busy(Archive):
    """An archive that is written to between two reads of who makes another form."""

    meanwhile: threading.Event | None = None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with super().snapshot():
            yield
        if self.meanwhile is not None and not self.meanwhile.is_set():
            self.meanwhile.set()
            self.delete("second")
            put(self, "third", unit(5, 5))


def test_what_changes_while_another_form_is_made_is_not_lost(archive: Archive, tmp_path: Path):
    put(archive, "second", unit(10, 4))
    serving = open_vectors(tmp_path / "v", archive, exact_up_to=FEW)
    busy = Busy(archive.path)
    busy.meanwhile = threading.Event()
    assert serving.grow(busy)
    assert serving.lists > 0
    assert serving.keys().tolist() == [*range(1, 101), *range(111, 116)]
    assert serving.change == archive.change()


def test_searches_go_on_while_another_form_is_made(archive: Archive, tmp_path: Path):
    serving = open_vectors(tmp_path / "v", archive, exact_up_to=FEW)
    query = archive.embeddings([50])[0]
    wrong: list[object] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            if serving.search(query, 1)[0][0] != 50:
                wrong.append("the nearest was not found")

    searching = [threading.Thread(target=search) for _ in range(2)]
    for thread in searching:
        thread.start()
    assert serving.grow(archive)
    done.set()
    for thread in searching:
        thread.join()
    assert wrong == []


def test_lists_are_saved_and_loaded(archive: Archive, tmp_path: Path):
    before = grown(archive, tmp_path / "v")
    loaded = open_vectors(tmp_path / "v", archive, exact_up_to=FEW)
    assert (loaded.lists, loaded.change) == (before.lists, before.change)
    assert loaded.keys().tolist() == before.keys().tolist()
    assert not loaded.is_due()
    assert described(tmp_path / "v") == "20 lists, 8 bits; 100 vectors up to change 1"


def test_damaged_lists_are_set_aside_and_made_again(
    archive: Archive, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    grown(archive, tmp_path / "v")
    (file,) = (tmp_path / "v").glob("vectors-*.faiss")
    content = file.read_bytes()
    file.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    again = open_vectors(tmp_path / "v", archive, exact_up_to=FEW)
    assert again.keys().tolist() == list(range(1, 101))
    assert "made again from the archive" in caplog.text
    assert len(list(tmp_path.glob("v.damaged-*"))) == 1
    assert again.grow(archive)


def test_another_process_goes_over_to_the_lists_that_one_made(archive: Archive, tmp_path: Path):
    open_vectors(tmp_path / "v", archive, exact_up_to=FEW).save(tmp_path / "v")
    other = open_vectors(tmp_path / "v", Archive(archive.path), exact_up_to=FEW)
    grown(archive, tmp_path / "v")
    assert other.lists == 0
    other.catch_up(archive)
    assert other.lists == 20
    assert other.search(archive.embeddings([50])[0], 1)[0][0] == 50


def test_a_rebuild_makes_lists_at_once_where_they_are_needed(archive: Archive, tmp_path: Path):
    rebuild_vectors(tmp_path / "v", archive, exact_up_to=FEW)
    assert open_vectors(tmp_path / "v", archive, exact_up_to=FEW).lists == 20


def test_an_archive_that_shrank_is_exact_again(archive: Archive, tmp_path: Path):
    put(archive, "second", unit(10, 4))
    made = grown(archive, tmp_path / "v")
    archive.delete("first")
    made.catch_up(archive)
    assert made.grow(archive)
    assert made.lists == 0
    assert made.keys().tolist() == list(range(101, 111))


def test_questions_have_the_form_made_that_is_due(tmp_path: Path):
    place = Place(tmp_path)
    search = place.search()
    search.vectors = open_vectors(tmp_path / "v", place.archive, exact_up_to=10)
    place.add(*(article(f"{number}", "xy" * (number + 1)) for number in range(20)))
    search.refresh()
    assert search._growing is not None
    search._growing.join()
    assert search.vectors.lists > 0
    assert len(search.search("x", limit=20).hits) == 20


def test_nothing_saved_is_said(tmp_path: Path):
    assert described(tmp_path / "v") == "none saved yet"
