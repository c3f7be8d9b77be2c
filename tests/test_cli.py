"""The command line: what it prints, and how it exits."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from qa_service.cli import main
from tests.embedded import embedded_model

ARTICLES = Path(__file__).parent.parent / "samples"
NEWS = (
    "Steinhaven\n\nDie Bürgermeisterin Grete Lohmann hat am Montag in Steinhaven die neue Brücke eröffnet.\n"
)


def qa(*arguments: str, data: Path | None = None, stdin: bytes | None = None, **environ: str) -> Result:
    if data is not None:
        environ |= {"QA_DATA_DIR": str(data), "QA_MODEL_CACHE": str(embedded_model().folder.parent)}
    return CliRunner().invoke(main, list(arguments), env=environ, input=stdin)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    for name, command in group.commands.items():
        below = (*path, name)
        found += commands(command, below) if isinstance(command, click.Group) else [below]
    return found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one article."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "lohmann.txt").write_text(NEWS)
    data = folder / "var"
    assert qa("index", "add", str(folder / "lohmann.txt"), data=data).exit_code == 0
    return data


@pytest.mark.parametrize("path", commands(main))
def test_every_command_explains_itself(path: Sequence[str]):
    result = qa(*path, "--help")
    assert result.exit_code == 0
    assert result.output.startswith("Usage:")
    assert len(result.output.splitlines()) > 4


def test_the_help_lists_every_setting():
    for name in ("DATA_DIR", "HOST", "PORT", "THREADS", "DEVICE", "EMBEDDER", "READER", "MODEL_CACHE"):
        assert f"QA_{name} " in qa("--help").output


def test_a_wrong_setting_is_explained_without_a_traceback():
    result = qa("index", "status", QA_PORT="achtzig")
    assert (result.exit_code, result.output) == (
        1,
        "Error: QA_PORT=achtzig is wrong; give a whole number from 1 to 65535.\n",
    )


@pytest.mark.parametrize("question", ["", "   ", "x" * 1001])
def test_a_question_that_cannot_be_asked_is_a_usage_error(question: str):
    result = qa("ask", question)
    assert result.exit_code == 2
    assert "QUESTION: String should have at" in result.output


def test_adding_nothing_is_a_usage_error():
    assert qa("index", "add").exit_code == 2


def test_the_status_of_a_new_archive_needs_no_model(tmp_path: Path):
    result = qa("index", "status", QA_DATA_DIR=str(tmp_path / "var"))
    assert result.exit_code == 0
    assert "Articles  0" in result.output
    assert "Vectors   none saved yet" in result.output


@pytest.mark.model
def test_added_articles_are_counted(tmp_path: Path, filled: Path):
    data = tmp_path / "var"
    shutil.copytree(filled, data)
    (tmp_path / "zwei.md").write_text(
        "# Zwei\n\nIn Lindenau wurde am Dienstag ein zweiter Spielplatz gebaut.\n"
    )
    result = qa("index", "add", str(tmp_path / "zwei.md"), data=data)
    assert result.output.startswith("1 added, 0 changed, 0 unchanged, 0 rejected")
    result = qa("index", "add", str(tmp_path / "zwei.md"), data=data)
    assert result.output.startswith("0 added, 0 changed, 1 unchanged, 0 rejected")
    status = qa("index", "status", data=data).output
    assert "Articles  2" in status
    assert "Vectors   exact, 16 bits; 2 vectors" in status


@pytest.mark.model
def test_articles_are_read_from_standard_input(tmp_path: Path):
    line = json.dumps(
        {"id": "x", "title": "Brücke", "text": "Die Brücke in Altenkamp ist seit Mai gesperrt."}
    )
    result = qa("index", "add", "-", data=tmp_path / "var", stdin=f"{line}\n".encode())
    assert (result.exit_code, result.output[:7]) == (0, "1 added")


@pytest.mark.model
def test_what_is_rejected_is_named_and_the_rest_goes_on(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text('{"text": "Die Brücke in Altenkamp ist seit Mai gesperrt."}\nkaputt\n')
    result = qa("index", "add", str(tmp_path / "a.jsonl"), data=tmp_path / "var")
    assert result.exit_code == 0
    assert result.output.startswith("1 added, 0 changed, 0 unchanged, 1 rejected")
    assert "a.jsonl:2: " in result.output


@pytest.mark.model
def test_a_missing_path_fails_after_the_rest_was_added(tmp_path: Path):
    (tmp_path / "a.txt").write_text(NEWS)
    result = qa("index", "add", str(tmp_path / "a.txt"), str(tmp_path / "nein.txt"), data=tmp_path / "var")
    assert result.exit_code == 1
    assert result.output.startswith("1 added")
    assert "nein.txt: " in result.output


@pytest.mark.model
def test_everything_rejected_is_a_failure(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text("kaputt\n")
    assert qa("index", "add", str(tmp_path / "a.jsonl"), data=tmp_path / "var").exit_code == 1


@pytest.mark.model
def test_an_archive_with_articles_is_left_alone_if_asked(filled: Path):
    result = qa("index", "add", "--if-empty", "nirgends", data=filled)
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.model
def test_a_reply_in_json_is_the_wire_format(filled: Path):
    reply = json.loads(qa("ask", "Wer hat die Brücke in Steinhaven eröffnet?", "--json", data=filled).output)
    assert reply["index"]["articles"] == 1
    assert reply["question_type"] == "fact"


@pytest.mark.model
def test_a_reply_for_people_has_a_source_or_the_nearest_passages(filled: Path):
    output = qa("ask", "Wer hat die Brücke in Steinhaven eröffnet?", data=filled).output
    assert "[1]" in output or "Die nächstliegenden Textstellen:" in output
    assert "Grete Lohmann" in output


@pytest.mark.model
def test_setup_twice_changes_nothing(filled: Path):
    result = qa("setup", data=filled)
    assert result.exit_code == 0
    assert embedded_model().identity in result.output


@pytest.mark.model
def test_an_unknown_embedder_is_explained(tmp_path: Path):
    result = qa("setup", QA_DATA_DIR=str(tmp_path), QA_EMBEDDER=str(tmp_path / "nirgends"))
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
