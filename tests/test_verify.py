import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from index.archive import Archive
from index.errors import ArchiveError
from index.rebuild import rebuild, reembed
from index.types import Filters
from index.verify import verify
from tests.fakes import FakeEmbedder, article
from tests.test_search import LETTERS, Place, WholeArticle, found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.add(article("a", "xx Wahl"), article("b", "yy"))
    return made


def problems(place: Place) -> list[str]:
    search = place.search()
    return verify(place.archive, search.vectors, search.lexical)


def damage(place: Place, sql: str) -> None:
    connection = sqlite3.connect(place.archive.path)
    connection.execute(sql)
    connection.commit()
    connection.close()


def test_a_sound_archive_has_no_problems(place: Place):
    place.add(article("a", "xx neu"))
    place.archive.delete("b")
    assert problems(place) == []


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("DELETE FROM embeddings WHERE key = 1", "1 passages without vector"),
        ("UPDATE embeddings SET vector = x'00' WHERE key = 1", "1 vectors of another length"),
        ('UPDATE passages SET "end" = 99 WHERE key = 2', "b:0 (0 to 99) is not inside its text"),
        ("UPDATE articles SET passages = 5 WHERE id = 'a'", "another number of passages"),
        ("DELETE FROM texts WHERE number = 1", "1 articles without text"),
    ],
)
def test_damage_in_the_archive_is_named(place: Place, sql: str, problem: str):
    search = place.search()
    damage(place, sql)
    assert problem in " ".join(verify(place.archive, search.vectors, search.lexical))


def test_an_index_that_holds_other_passages_is_named(place: Place):
    search = place.search()
    search.vectors.remove(np.array([1]))
    search.vectors.add(np.array([9]), np.eye(4, dtype=np.float32)[:1])
    told = " ".join(verify(place.archive, search.vectors, search.lexical))
    assert "1 passages are missing in the vectors (keys 1)" in told
    assert "1 passages in the vectors are not in the archive (keys 9)" in told


def test_rebuilt_indexes_find_the_same(place: Place):
    before = found(place.search(), "xx Wahl")
    assert found(rebuild(place.archive, place.embedder, place.folder / "index"), "xx Wahl") == before
    assert problems(place) == []


def test_articles_are_embedded_again_by_another_model(place: Place):
    path = place.archive.path
    place.archive.delete("b")
    place.archive.close()
    other = FakeEmbedder("w" + LETTERS)
    summary = reembed(path, WholeArticle(), other, similarity=lambda a, b: float(a == b))
    archive = Archive(path)
    assert (summary.added, archive.model, archive.dimension) == (1, other.identity, 5)
    assert archive.embeddings(archive.keys(Filters())).shape == (1, 5)
    assert archive.problems() == []
    assert [p.name for p in path.parent.glob("archive.db.new*")] == []


def test_an_archive_that_is_in_use_is_not_replaced(place: Place):
    other = FakeEmbedder("abc")
    place.archive.count()
    with pytest.raises(ArchiveError, match="locked"):
        reembed(place.archive.path, WholeArticle(), other, similarity=lambda a, b: float(a == b))
    assert place.archive.model == place.embedder.identity
    place.add(article("neu", "x"))
    place.archive.close()
    assert (
        reembed(place.archive.path, WholeArticle(), other, similarity=lambda a, b: float(a == b)).added == 1
    )
    assert sorted(Archive(place.archive.path).ids()) == ["a", "b", "neu"]


def test_a_thread_that_has_the_archive_open_for_a_moment_is_waited_for(place: Place):
    place.archive.close()
    reading, over = threading.Event(), threading.Event()

    def read() -> None:
        place.archive.count()
        reading.set()
        over.wait()

    thread = threading.Thread(target=read)
    thread.start()
    reading.wait()
    threading.Timer(0.2, over.set).start()
    reembed(place.archive.path, WholeArticle(), FakeEmbedder("abc"), similarity=lambda a, b: float(a == b))
    thread.join()
    assert Archive(place.archive.path).model == FakeEmbedder("abc").identity
