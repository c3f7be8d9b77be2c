"""The doctor names what is wrong and what to do, and changes nothing."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_service import doctor
from qa_service.cli import main
from qa_service.doctor import Finding, examine
from qa_service.keys import Keys
from qa_service.settings import Settings
from tests.living import living


def settings(tmp_path: Path, **given: object) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    defaults = {
        "data_dir": tmp_path / "var",
        "model_cache": tmp_path / "models",
        "port": port,
        "reader": "sentences",
    }
    return Settings(**(defaults | given))


def found(what: str, chosen: Settings) -> Finding:
    return next(finding for finding in examine(chosen) if finding.what == what)


@pytest.fixture
def filled(tmp_path: Path) -> Settings:
    chosen = settings(tmp_path)
    chosen.data_dir.mkdir()
    parts = living(chosen.data_dir)
    parts.client.post("/articles", json={"text": "Die Brücke in Steinhaven wurde am Montag eröffnet."})
    parts.search.save(chosen.data_dir)
    parts.archive.close()
    return chosen


def test_a_fresh_installation_has_nothing_wrong_and_nothing_is_made(tmp_path: Path):
    states = {finding.what: finding.state for finding in examine(settings(tmp_path))}
    assert "wrong" not in states.values()
    assert states["Python"] == states["packages"] == states["port"] == states["API keys"] == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_sound_archive_and_its_indexes_are_ok(filled: Settings):
    assert found("archive", filled) == Finding("archive", "ok", "1 articles")
    assert found("indexes", filled).state == "ok"
    assert found("data folder", filled).state == "ok"


def test_a_damaged_archive_is_wrong(filled: Settings):
    (filled.data_dir / "archive.sqlite").write_bytes(b"no database" * 1000)
    for suffix in ("-wal", "-shm"):
        (filled.data_dir / f"archive.sqlite{suffix}").unlink(missing_ok=True)
    assert found("archive", filled).state == "wrong"


def test_a_damaged_index_is_a_note_since_it_mends_itself(filled: Settings):
    (filled.data_dir / "vectors" / "manifest.json").write_text("{")
    finding = found("indexes", filled)
    assert finding.state == "note"
    assert "makes it again" in finding.words


def test_a_port_in_use_is_wrong(tmp_path: Path):
    chosen = settings(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", chosen.port))
        taken.listen()
        finding = found("port", chosen)
    assert finding.state == "wrong"
    assert "set QA_PORT" in finding.words


def test_too_little_space_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "SPACE_MIB", 10**9)
    assert "are needed. Free some" in found("disk space", settings(tmp_path)).words


def test_a_damaged_model_is_wrong(tmp_path: Path):
    (tmp_path / "models" / "multilingual-e5-small-q4.2").mkdir(parents=True)
    finding = found("embedding model", settings(tmp_path))
    assert (finding.state, "qa setup" in finding.words) == ("wrong", True)


def test_a_folder_that_cannot_be_written_is_wrong(tmp_path: Path):
    file = tmp_path / "datei"
    file.touch()
    assert found("data folder", settings(tmp_path, data_dir=file)).state == "wrong"


def test_serving_others_without_keys_is_wrong_and_with_keys_ok(tmp_path: Path):
    chosen = settings(tmp_path, host="0.0.0.0")  # noqa: S104
    assert found("API keys", chosen).state == "wrong"
    Keys(chosen.data_dir).add("k", ["ask"])
    assert found("API keys", chosen) == Finding("API keys", "ok", "1 valid; every request needs one")


def test_the_command_prints_a_line_for_each_and_fails_where_something_is_wrong(tmp_path: Path):
    environ = {"QA_DATA_DIR": str(tmp_path), "QA_HOST": "0.0.0.0", "QA_READER": "sentences"}  # noqa: S104
    result = CliRunner().invoke(main, ["doctor"], env=environ)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == len(doctor._CHECKS)
    assert "WRONG  API keys" in result.output
