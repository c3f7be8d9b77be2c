"""The log beside the archive's file stays short, whoever reads."""

import threading
from pathlib import Path

import pytest

from index import database
from index.archive import Archive
from tests.fakes import article
from tests.test_archive import entry

LONG = 100_000
TEXT = "In Steinhaven wurde gebaut. " * 1000


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(database, "_LONG_LOG_BYTES", LONG)
    monkeypatch.setattr(database, "_BUSY_LOG_MS", 1)
    return Archive(tmp_path / "archive.db")


def log_bytes(archive: Archive) -> int:
    return archive.path.with_name("archive.db-wal").stat().st_size


def write(archive: Archive, count: int) -> None:
    for number in range(count):
        archive.put_many([entry(article(str(number), f"{number} {TEXT}"), 1)])


def test_the_log_is_put_back_into_the_file_before_it_grows_long(archive: Archive):
    write(archive, 40)
    assert log_bytes(archive) < 3 * LONG


def test_a_long_reader_stops_no_write_and_the_log_is_put_back_after_it(archive: Archive):
    reading, over = threading.Event(), threading.Event()

    def read() -> None:
        with archive.snapshot():
            archive.count()
            reading.set()
            over.wait()

    reader = threading.Thread(target=read)
    write(archive, 1)
    reader.start()
    reading.wait()
    write(archive, 20)
    assert log_bytes(archive) > 3 * LONG
    over.set()
    reader.join()
    write(archive, 30)
    assert archive.count().articles == 30
    assert log_bytes(archive) < 3 * LONG
