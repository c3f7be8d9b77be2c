"""The commands that look after an archive, as they are typed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa_service.bootstrap import ARCHIVE_FILE
from tests.embedded import embedded_model
from tests.test_cli import NEWS, qa

OTHER = "Freibad\n\nIn Seeburg wurde am Dienstag das Freibad nach langem Umbau wieder geöffnet.\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two articles."""
    for name, text in (("lohmann.txt", NEWS), ("freibad.txt", OTHER)):
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in ("lohmann.txt", "freibad.txt")]
    assert qa("index", "add", *files, data=tmp_path / "var").exit_code == 0
    return tmp_path / "var"


def articles(data: Path) -> str:
    return qa("index", "status", data=data).output


def test_articles_are_deleted_by_id_and_unknown_ones_are_named(data: Path):
    result = qa("index", "delete", "lohmann.txt", "gibt/es/nicht", data=data)
    assert (result.exit_code, result.output.splitlines()[0]) == (1, "1 deleted.")
    assert "gibt/es/nicht: no article has this id" in result.output
    assert "Articles  1" in articles(data)
    assert qa("index", "delete", "freibad.txt", data=data).exit_code == 0


def test_verify_tells_sound_from_damaged_and_rebuild_keeps_the_archive(data: Path):
    sound = qa("index", "verify", data=data)
    assert (sound.exit_code, sound.output) == (0, "2 articles, 2 passages: no problems.\n")

    rebuilt = qa("index", "rebuild", data=data)
    assert (rebuilt.exit_code, rebuilt.output) == (0, "The indexes of 2 passages are made again.\n")
    assert "Articles  2" in articles(data)
    assert qa("index", "verify", data=data).exit_code == 0

    connection = sqlite3.connect(data / ARCHIVE_FILE)
    connection.execute('UPDATE passages SET "end" = 9999')
    connection.commit()
    connection.close()
    damaged = qa("index", "verify", data=data)
    assert damaged.exit_code == 1
    assert "is not inside its text" in damaged.output
    assert "2 problems" in damaged.output


def test_a_backup_brings_back_what_was_deleted(data: Path, tmp_path: Path):
    file = tmp_path / "sicher" / "archiv.sqlite"
    saved = qa("index", "backup", str(file), data=data)
    assert (saved.exit_code, saved.output.split()[-1]) == (0, "MB.")
    qa("index", "delete", "lohmann.txt", data=data)

    assert qa("index", "restore", str(file), data=data, stdin=b"n\n").exit_code == 1
    assert "Articles  1" in articles(data)
    assert (
        qa("index", "restore", "--yes", str(file), data=data).output == f"2 articles restored from {file}.\n"
    )
    assert qa("index", "verify", data=data).exit_code == 0


def test_a_backup_into_a_folder_needs_to_know_how_many_to_keep(data: Path, tmp_path: Path):
    folder = tmp_path / "sicher"
    folder.mkdir()
    asked = qa("index", "backup", str(folder), data=data)
    assert asked.exit_code == 2
    assert "how many copies to --keep" in asked.output
    kept = qa("index", "backup", str(folder), "--keep", "2", data=data)
    assert (kept.exit_code, len(list(folder.glob("archive-*.sqlite")))) == (0, 1)


def test_a_file_that_is_no_backup_is_refused_in_words(data: Path, tmp_path: Path):
    (tmp_path / "brief.txt").write_text("kein Archiv")
    result = qa("index", "restore", "--yes", str(tmp_path / "brief.txt"), data=data)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Articles  2" in articles(data)


@pytest.mark.model
def test_watching_follows_a_folder_until_it_is_interrupted(tmp_path: Path):
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text(NEWS)
    environ = os.environ | {
        "QA_DATA_DIR": str(tmp_path / "var"),
        "QA_MODEL_CACHE": str(embedded_model().folder.parent),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-c", "from qa_service.cli import main; main()", "index", "watch", str(news)]
    with subprocess.Popen(
        [*command, "--every", "0.2"], env=environ, stdout=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline().startswith("Watching")
        assert watching.stdout.readline() == "1 added, 0 changed, 0 removed, 0 rejected.\n"
        (news / "b.txt").write_text(OTHER)
        assert watching.stdout.readline() == "1 added, 0 changed, 0 removed, 0 rejected.\n"
        (news / "a.txt").unlink()
        assert watching.stdout.readline() == "0 added, 0 changed, 1 removed, 0 rejected.\n"
        time.sleep(0.1)
        watching.send_signal(signal.SIGINT)
        assert watching.wait(60) == 0
        assert watching.stdout.read() == "Stopped.\n"
    assert "Articles  1" in articles(tmp_path / "var")
