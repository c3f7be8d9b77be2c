"""Indexes that are replaced, deleted or damaged while others have them open."""

import multiprocessing
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from index import manifest
from index.archive import Archive
from index.lexical import open_lexical
from index.rebuild import rebuild
from index.search import Search
from index.verify import verify
from tests.fakes import article
from tests.test_lexical import archive_of
from tests.test_search import Place, found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.add(article("a", "xx Wahl"), article("b", "yy Hafen"))
    return made


def made_anew(place: Place) -> Search:
    """Rebuild as another process does, from connections and indexes of its own."""
    return rebuild(Archive(place.archive.path), place.embedder, place.folder / "index")


def test_a_rebuild_is_noticed_by_who_has_the_indexes_open(place: Place):
    running = place.search()
    running.save(place.folder / "index")
    running.vectors.remove(np.array([1]))  # what a damaged file would have given it
    made_anew(place)
    running.refresh()
    assert running.vectors.keys().tolist() == [1, 2]
    assert verify(place.archive, running.vectors, running.lexical) == []


def test_who_went_over_to_rebuilt_indexes_takes_in_what_comes_after(place: Place):
    running = place.search()
    made_anew(place)
    place.add(article("c", "zz Deich"))
    place.archive.delete("a")
    running.refresh()
    assert found(running, "zz Deich")[0] == "c"
    assert verify(place.archive, running.vectors, running.lexical) == []


def test_both_see_what_either_takes_in_after_a_rebuild(place: Place):
    running = place.search()
    rebuilt = made_anew(place)
    place.add(article("c", "zz Deich"))
    rebuilt.refresh()
    running.refresh()
    for search in (running, rebuilt):
        assert search.lexical.keys().tolist() == search.vectors.keys().tolist() == [1, 2, 3]


def test_questions_during_a_rebuild_are_answered_from_all_articles(place: Place):
    running = place.search()
    running.save(place.folder / "index")
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            if set(found(running, "Wahl Hafen")) != {"a", "b"}:
                wrong.append("an article was missing")

    asker = threading.Thread(target=ask)
    asker.start()
    for _ in range(3):
        made_anew(place)
    done.set()
    asker.join()
    assert wrong == []


def test_indexes_that_somebody_deleted_are_made_anew_by_who_has_them_open(place: Place):
    running = place.search()
    running.save(place.folder / "index")
    shutil.rmtree(place.folder / "index")
    place.add(article("c", "zz Deich"))
    running.refresh()
    assert found(running, "zz Deich")[0] == "c"
    assert place.search().lexical.keys().tolist() == [1, 2, 3]


def test_a_rebuild_leaves_nothing_beside_the_indexes(place: Place):
    place.search()
    made_anew(place)
    left = {path.name for path in (place.folder / "index").iterdir() if path.suffix != ".lock"}
    assert left == {"vectors", "lexical"}


def test_a_damaged_index_that_another_replaced_meanwhile_is_not_set_aside(tmp_path: Path):
    archive = archive_of(tmp_path, "Bonn", "Wien")
    folder = tmp_path / "l"
    open_lexical(folder, archive)
    shutil.copytree(folder, tmp_path / "sound")
    max(folder.glob("*.term")).write_bytes(b"?")
    keys: list[list[int]] = []

    def open_too() -> None:
        keys.append(open_lexical(folder, Archive(archive.path)).keys().tolist())

    opening = threading.Thread(target=open_too)
    with manifest.lock(folder):  # as who sets it aside and makes it again
        opening.start()
        shutil.rmtree(folder)
        shutil.move(tmp_path / "sound", folder)
    opening.join()
    assert keys == [[1, 2]]
    assert list(tmp_path.glob("l.damaged-*")) == []


def _open_and_write(job: tuple[str, int]) -> bool:
    folder, number = job
    place = Place(Path(folder))
    search = place.search()
    place.add(article(f"neu{number}", "zz Deich"))
    search.refresh()
    return f"neu{number}" in found(search, "zz Deich")


@pytest.mark.timeout(1800)  # a busy machine takes minutes to start the processes
def test_processes_that_open_the_same_damaged_indexes_at_once_do_each_other_no_harm(place: Place):
    place.search().save(place.folder / "index")
    for pattern in ("lexical/*.term", "vectors/*.faiss"):
        max((place.folder / "index").glob(pattern)).write_bytes(b"?")
    place.archive.close()
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(_open_and_write, [(str(place.folder), number) for number in range(3)]) == [True] * 3
    search = place.search()
    assert search.lexical.keys().tolist() == [1, 2, 3, 4, 5]
    assert verify(place.archive, search.vectors, search.lexical) == []
    assert len(list((place.folder / "index").glob("lexical.damaged-*"))) == 1
    assert len(list((place.folder / "index").glob("vectors.damaged-*"))) == 1
