"""Copies of the archive, made and taken back while others use it."""

import sqlite3
from pathlib import Path

import pytest

from index.archive import Archive
from index.backup import backup, backup_keeping, restore
from index.build import Builder
from index.errors import ArchiveError
from index.types import Article
from index.verify import verify
from tests.fakes import FakeEmbedder, article
from tests.test_search import Place, WholeArticle, found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path / "live")
    made.add(article("a", "xx Wahl"), article("b", "yy Wahl"))
    return made


def articles(path: Path) -> list[Article]:
    return list(Archive(path).all_articles())


def test_a_backup_is_one_file_with_everything(place: Place, tmp_path: Path):
    size = backup(place.archive.path, tmp_path / "safe" / "copy.db")

    assert size == (tmp_path / "safe" / "copy.db").stat().st_size
    assert [path.name for path in (tmp_path / "safe").iterdir()] == ["copy.db"]
    assert articles(tmp_path / "safe" / "copy.db") == articles(place.archive.path)


def test_a_backup_holds_what_was_there_when_it_was_made(place: Place, tmp_path: Path):
    with place.archive.snapshot():
        backup(place.archive.path, tmp_path / "copy.db")
    place.archive.delete("a")
    assert [a.id for a in articles(tmp_path / "copy.db")] == ["a", "b"]


def test_the_last_copies_are_kept_and_other_files_are_left_alone(place: Place, tmp_path: Path):
    safe = tmp_path / "safe"
    safe.mkdir()
    for day in range(1, 5):
        (safe / f"archive-2026010{day}T000000Z.sqlite").write_text("an older copy")
    (safe / "notes.txt").write_text("mine")
    made = backup_keeping(place.archive.path, safe, 3)
    names = sorted(path.name for path in safe.iterdir())
    assert names == [
        "archive-20260103T000000Z.sqlite", "archive-20260104T000000Z.sqlite", made.name, "notes.txt",
    ]  # fmt: skip
    assert [a.id for a in articles(made)] == ["a", "b"]


def test_the_copy_made_now_is_kept_although_the_clock_went_back(place: Place, tmp_path: Path):
    later = tmp_path / "archive-29990101T000000Z.sqlite"
    later.write_text("made before the clock went back")
    made = backup_keeping(place.archive.path, tmp_path, 1)
    assert made.exists()
    assert not later.exists()


def test_where_no_copy_can_be_made_no_older_one_is_removed(tmp_path: Path):
    old = tmp_path / "archive-20260101T000000Z.sqlite"
    old.write_text("the only one")
    with pytest.raises(ArchiveError, match="nothing to back up"):
        backup_keeping(tmp_path / "fehlt.sqlite", tmp_path, 1)
    assert old.exists()


def test_a_new_backup_takes_the_place_of_the_old_one_only_when_it_is_whole(place: Place, tmp_path: Path):
    backup(place.archive.path, tmp_path / "copy.db")
    with pytest.raises(ArchiveError, match="nothing to back up"):
        backup(tmp_path / "fehlt.db", tmp_path / "copy.db")
    place.archive.delete("a")
    backup(place.archive.path, tmp_path / "copy.db")
    assert [a.id for a in articles(tmp_path / "copy.db")] == ["b"]


def test_a_running_search_answers_from_what_was_restored(place: Place, tmp_path: Path):
    backup(place.archive.path, tmp_path / "copy.db")
    running, change = place.search(), place.archive.change()
    place.archive.delete("a")
    place.add(article("b", "yy anders"), article("c", "zz Wahl"))
    assert found(running, "xx Wahl")

    assert restore(tmp_path / "copy.db", place.archive.path) == 2

    assert found(running, "xx Wahl") == ["a", "b"]
    assert place.archive.change() > change
    assert verify(place.archive, running.vectors, running.lexical) == []


def test_an_index_that_saw_none_of_it_catches_up_after_a_restore(place: Place, tmp_path: Path):
    backup(place.archive.path, tmp_path / "copy.db")
    late = place.search()
    late.save(place.folder / "index")
    for number in range(5):
        place.add(article(f"n{number}", "zz"))
        place.archive.delete(f"n{number}")
    restore(tmp_path / "copy.db", place.archive.path)
    place.add(article("d", "xx neu"))

    for search in (late, place.search()):
        assert set(found(search, "xx Wahl")) == {"a", "b", "d"}
        assert verify(place.archive, search.vectors, search.lexical) == []


def test_copies_and_clusters_are_restored(place: Place, tmp_path: Path):
    backup(place.archive.path, tmp_path / "copy.db")
    before = place.archive.copies(["a", "b"])
    place.archive.delete("b")
    restore(tmp_path / "copy.db", place.archive.path)
    assert place.archive.copies(["a", "b"]) == before


def test_a_backup_is_restored_where_there_is_no_archive_yet(place: Place, tmp_path: Path):
    backup(place.archive.path, tmp_path / "copy.db")
    assert restore(tmp_path / "copy.db", tmp_path / "new" / "archive.db") == 2
    assert articles(tmp_path / "new" / "archive.db") == articles(place.archive.path)


def test_a_backup_of_another_model_is_refused(place: Place, tmp_path: Path):
    backup(place.archive.path, tmp_path / "copy.db")
    other = Archive(tmp_path / "other.db")
    Builder(other, WholeArticle(), FakeEmbedder("abc")).add([article("z", "abc")])

    with pytest.raises(ArchiveError, match="new folder"):
        restore(tmp_path / "copy.db", other.path)
    assert [a.id for a in articles(other.path)] == ["z"]


@pytest.mark.parametrize("damage", ["foreign", "cut", "text", "missing"])
def test_what_is_no_sound_backup_changes_nothing(place: Place, tmp_path: Path, damage: str):
    copy = tmp_path / "copy.db"
    backup(place.archive.path, copy)
    if damage == "foreign":
        copy.unlink()
        sqlite3.connect(copy).execute("CREATE TABLE t (x)").connection.close()
    elif damage == "cut":
        copy.write_bytes(copy.read_bytes()[:8192])
    elif damage == "text":
        copy.write_text("kein Archiv")
    else:
        copy.unlink()

    with pytest.raises(ArchiveError, match=r"copy\.db"):
        restore(copy, place.archive.path)
    assert [a.id for a in articles(place.archive.path)] == ["a", "b"]


def test_the_archive_is_no_backup_of_itself(place: Place):
    for work in (backup, restore):
        with pytest.raises(ArchiveError, match="itself"):
            work(place.archive.path, place.archive.path)
