"""What a kill, a full disk and many hands at once do to an archive: nothing."""

import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import killing
from index.archive import Archive
from index.backup import backup, restore
from index.errors import ArchiveError
from index.rebuild import rebuild, reembed
from index.types import Article
from index.verify import verify
from tests.living import living

ROOT = Path(__file__).parent.parent


def test_what_was_acknowledged_survives_kills_and_all_fits_together():
    # The long version: python -m benchmarks.durability --kills 200
    seed = str(random.randrange(10**6))
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.durability", "--kills", "10", "--seed", seed],
        cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["kills"] == 10


def test_the_states_that_may_be_there_follow_from_what_was_told():
    def told(*changes: dict[str, str | None]) -> list[str]:
        return [json.dumps({"name": "x", "changes": each}) for each in changes]

    first, second = told({"a": "1"}, {"a": None, "b": "2"})
    assert killing.possible({}, iter([first, "done", second])) == [{"a": "1"}, {"b": "2"}]
    assert killing.possible({}, iter([first, "done", second, "done"])) == [{"b": "2"}]
    assert killing.possible({}, iter([first, "done", '{"name": "cut o'])) == [{"a": "1"}]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB; needs the right to mount."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(tmp_path)],  # noqa: S607 - wherever it is
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted without root")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)  # noqa: S607 - as above


def fill(folder: Path) -> Path:
    """Take all space that is left."""
    path = folder / "full"
    with path.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 512):
            try:
                while True:
                    stream.write(b"x" * size)
            except OSError:
                continue
    return path


def news(number: int) -> Article:
    paragraphs = [f"In der Sitzung Nummer {number} ging es um den Hafen, Teil {part}." for part in range(20)]
    return Article(f"n{number}", f"Sitzung {number}", "\n\n".join(paragraphs))


def test_a_full_disk_loses_nothing_and_answers_go_on(
    small_disk: Path, tmp_path_factory: pytest.TempPathFactory
):
    place = killing.Place.open(small_disk)
    place.builder.add(news(number) for number in range(3))
    place.search.refresh()
    safe = tmp_path_factory.mktemp("safe") / "copy.sqlite"
    backup(place.archive.path, safe)
    before = place.state()
    full = fill(small_disk)

    other = killing.Letters(killing.ALPHABET[::-1])
    writes = {
        "add": lambda: place.builder.add(news(number) for number in range(3, 40)),
        "change": lambda: place.builder.add(
            Article(f"n{number}", "Neu", news(number + 50).text) for number in range(3)
        ),
        "restore": lambda: restore(safe, place.archive.path),
        "backup": lambda: backup(place.archive.path, small_disk / "copy.sqlite"),
        "reembed": lambda: reembed(
            place.archive.path, killing.Paragraphs(), other, similarity=lambda a, b: float(a == b)
        ),
    }
    writes["save"] = lambda: place.search.save(small_disk / "index")
    writes["rebuild"] = lambda: rebuild(place.archive, place.embedder, small_disk / "index")
    for name, write in writes.items():
        with pytest.raises((ArchiveError, OSError, ValueError), match=r"(?i)full|space"):
            write()
        assert place.state() == before, name
        assert len(place.search.search("Was geschah im Hafen?").hits) > 0

    full.unlink()
    place.builder.add([news(7)])
    place.search.refresh()
    assert {hit.article.id for hit in place.search.search("Sitzung Nummer 7").hits} >= {"n7"}
    assert verify(place.archive, place.search.vectors, place.search.lexical) == []


@contextlib.contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let every write beyond a place in a file fail, as on a full disk; needs no rights."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_writes_that_fail_lose_nothing_and_answers_go_on(tmp_path: Path):
    place = killing.Place.open(tmp_path)
    place.builder.add(news(number) for number in range(3))
    place.search.refresh()
    before = place.state()
    for name, write in {
        "add": lambda: place.builder.add(news(number) for number in range(3, 600)),
        "change": lambda: place.builder.add([Article("n0", "Neu", news(9).text * 500)]),
        "backup": lambda: backup(place.archive.path, tmp_path / "copy.sqlite"),
    }.items():
        with no_file_longer_than(64_000), pytest.raises((ArchiveError, OSError)):
            write()
        assert place.state() == before, name
        assert len(place.search.search("Was geschah im Hafen?").hits) > 0
    place.builder.add([news(7)])
    place.search.refresh()
    assert verify(place.archive, place.search.vectors, place.search.lexical) == []


def test_a_full_disk_is_told_over_http_and_questions_are_answered(small_disk: Path):
    service = living(small_disk)
    stored = {"id": "a", "text": "In Steinhaven wurde die neue Brücke eröffnet."}
    assert service.client.post("/articles", json=stored).status_code == 201
    full = fill(small_disk)

    for answer in (
        service.client.post("/articles", json={"text": "Der Hafen wird tiefer. " * 2000}),
        service.client.delete("/articles/a"),
        service.client.post("/articles", json=stored | {"id": "b"}, headers={"Prefer": "respond-async"}),
    ):
        assert answer.status_code == 503
        assert "Nothing" in answer.get_json()["detail"] or "nothing" in answer.get_json()["detail"]
    question = {"question": "Was wurde in Steinhaven eröffnet?", "include_passages": True}
    assert service.client.post("/ask", json=question).get_json()["passages"][0]["article_id"] == "a"

    full.unlink()
    assert service.client.delete("/articles/a").status_code == 204


def test_no_question_finds_an_article_that_is_deleted_while_everybody_writes(tmp_path: Path):
    place = killing.Place.open(tmp_path)
    place.builder.add(news(number) for number in range(20))
    place.search.refresh()
    deleted: set[str] = set()
    wrong: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            gone = set(deleted)
            try:
                hits = place.search.search("Worum ging es in der Sitzung im Hafen?").hits
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                wrong.append(error)
                return
            wrong.extend(hit.article.id for hit in hits if hit.article.id in gone)

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    drawn = random.Random(1)
    for number in range(20, 80):
        place.builder.add([news(number)])
        victim = f"n{drawn.randrange(number + 1)}"
        if place.archive.delete(victim):
            deleted.add(victim)
        place.builder.add(
            [Article(f"n{number}", "Geändert", news(number).text)] if f"n{number}" not in deleted else []
        )
    stop.set()
    for asker in askers:
        asker.join(60)

    assert wrong == []
    place.search.refresh()
    assert verify(place.archive, place.search.vectors, place.search.lexical) == []
    assert {article.id for article in Archive(place.archive.path).all_articles()}.isdisjoint(deleted)
