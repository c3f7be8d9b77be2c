"""Following a folder."""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from index.watch import Step, Watch
from tests.test_search import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "news").mkdir()
    return Place(tmp_path)


def watch(place: Place, *, settled_s: float = 0.0) -> Watch:
    memory = place.folder / "memory.json"
    return Watch(place.folder / "news", place.builder, place.archive.delete, memory, settled_s=settled_s)


def write(place: Place, name: str, text: str) -> None:
    path = place.folder / "news" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def counts(step: Step) -> tuple[int, int, int, int]:
    return step.added, step.changed, step.removed, len(step.rejected)


def texts(place: Place) -> list[str]:
    return sorted(article.text for article in place.archive.all_articles())


def test_new_changed_and_removed_files_are_followed(place: Place):
    watching = watch(place)
    write(place, "a.txt", "Eins.")
    write(place, "tief/b.txt", "Zwei.")
    assert counts(watching.look()) == (2, 0, 0, 0)
    assert not watching.look()
    write(place, "a.txt", "Eins ist anders.")
    assert counts(watching.look()) == (0, 1, 0, 0)
    (place.folder / "news" / "tief" / "b.txt").unlink()
    assert counts(watching.look()) == (0, 0, 1, 0)
    assert texts(place) == ["Eins ist anders."]


def test_an_article_that_left_its_file_is_deleted(place: Place):
    def lines(*ids: str) -> str:
        return "".join(json.dumps({"id": each, "text": f"Text {each}."}) + "\n" for each in ids)

    watching = watch(place)
    write(place, "a.jsonl", lines("1", "2", "3"))
    write(place, "b.jsonl", lines("3"))
    watching.look()
    write(place, "a.jsonl", lines("1"))
    assert counts(watching.look()) == (0, 0, 1, 0)
    assert texts(place) == ["Text 1.", "Text 3."]


def test_what_changed_while_nobody_watched_is_noticed(place: Place):
    for name in ("a.txt", "b.txt", "c.txt"):
        write(place, name, f"Datei {name}.")
    watch(place).look()
    (place.folder / "news" / "a.txt").unlink()
    write(place, "b.txt", "Neu geschrieben.")
    assert counts(watch(place).look()) == (0, 1, 1, 0)


def test_a_folder_that_is_gone_deletes_nothing(place: Place):
    write(place, "a.txt", "Eins.")
    watching = watch(place)
    watching.look()
    (place.folder / "news").rename(place.folder / "elsewhere")
    assert not watching.look()
    (place.folder / "elsewhere").rename(place.folder / "news")
    assert not watching.look()
    assert texts(place) == ["Eins."]


def test_a_file_that_is_being_written_is_left_alone(place: Place):
    watching = watch(place, settled_s=0.3)
    write(place, "a.txt", "Der Anfang")
    assert not watching.look()
    time.sleep(0.35)
    assert counts(watching.look()) == (1, 0, 0, 0)


def test_a_file_that_cannot_be_read_any_more_keeps_its_article(place: Place):
    write(place, "a.txt", "Eins.")
    write(place, "b.exe", "MZ")
    watching = watch(place)
    assert counts(watching.look()) == (1, 0, 0, 1)
    (place.folder / "news" / "a.txt").write_bytes(b"\x00\x01")
    assert counts(watching.look()) == (0, 0, 0, 1)
    assert texts(place) == ["Eins."]
    (place.folder / "news" / "a.txt").unlink()
    assert counts(watching.look()) == (0, 0, 1, 0)


def test_hidden_files_are_left_out_and_a_wrong_clock_does_no_harm(place: Place):
    write(place, ".a.txt", "Versteckt.")
    write(place, "b.txt", "Aus der Zukunft.")
    os.utime(place.folder / "news" / "b.txt", (4e9, 4e9))
    assert counts(watch(place, settled_s=60).look()) == (1, 0, 0, 0)


def test_a_damaged_memory_is_made_again(place: Place):
    write(place, "a.txt", "Eins.")
    watch(place).look()
    (place.folder / "memory.json").write_text("{kaputt")
    assert not watch(place).look()
    assert texts(place) == ["Eins."]


def test_it_goes_on_until_it_is_stopped(place: Place):
    stop, seen = threading.Event(), []
    thread = threading.Thread(target=watch(place).run, args=(stop, seen.append), kwargs={"every_s": 0.01})
    thread.start()
    write(place, "a.txt", "Eins.")
    while not seen:
        time.sleep(0.01)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert counts(seen[0]) == (1, 0, 0, 0)
