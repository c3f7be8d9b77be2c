"""What goes wrong around a service has a clear outcome, and never a wrong answer."""

import contextlib
import http.client
import json
import resource
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from flask.testing import FlaskClient

from index import database
from index.archive import Archive
from index.backup import backup, restore
from index.errors import ModelError
from index.rebuild import rebuild
from qa_service import bootstrap, jobs
from qa_service.errors import ReaderError
from qa_service.settings import Settings
from tests.crowd import WITHIN_S, Crowd, until
from tests.fakes import FakeEmbedder
from tests.living import Living, living

ROOT = Path(__file__).parent.parent
BRIDGE = "Die Bürgermeisterin Grete Lohmann hat am Montag in Steinhaven die neue Brücke eröffnet."
POOL = "In Seeburg wurde am Dienstag das Freibad nach langem Umbau wieder geöffnet."
TEXTS = {"bruecke": BRIDGE, "freibad": POOL}

pytestmark = pytest.mark.timeout(3 * WITHIN_S)


def store(client: FlaskClient, article_id: str) -> int:
    return client.post("/articles", json={"id": article_id, "text": TEXTS[article_id]}).status_code


@pytest.fixture
def place(tmp_path: Path) -> Living:
    """A service whose archive holds one article."""
    opened = living(tmp_path)
    assert store(opened.client, "bruecke") == 201
    return opened


def asking(place: Living) -> Callable[[dict[str, Any]], tuple[int, Any]]:
    def ask(body: dict[str, Any]) -> tuple[int, Any]:
        response = place.client.application.test_client().post("/ask", json=body)
        return response.status_code, response.get_json()

    return ask


def found(client: FlaskClient, question: str) -> set[str]:
    reply = client.post("/ask", json={"question": question, "include_passages": True}).get_json()
    return {passage["article_id"] for passage in reply["passages"]}


class Process:
    """gunicorn with a service of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "tests.lettered", str(folder), str(self.port), *options]
        self.log = folder / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stderr=log)

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN_S)
        try:
            connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            connection.close()

    def ask(self, body: dict[str, Any]) -> tuple[int, Any]:
        return self.request("POST", "/ask", body)

    def workers(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def until_ready(self) -> None:
        until(lambda: self.process.poll() is not None or self.request("GET", "/ready")[0] == 200)
        assert self.process.poll() is None


@pytest.fixture
def served(place: Living, tmp_path: Path) -> Iterator[Process]:
    """A server over the same archive, ready to answer."""
    del place
    process = Process(tmp_path)
    with process.process:
        process.until_ready()
        yield process
        workers = process.workers()
        process.process.kill()
        for worker in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(worker).kill()


def test_a_worker_killed_under_load_is_replaced_and_no_answer_is_wrong(served: Process):
    with Crowd(served.ask, TEXTS) as crowd:
        crowd.answered(10)
        (worker,) = served.workers()
        psutil.Process(worker).kill()
        until(lambda: worker not in served.workers() and len(served.workers()) == 1)
        crowd.answered(10)
    assert crowd.wrong == []
    assert set(crowd.statuses) <= {0, 200}


def test_a_model_that_is_gone_when_the_worker_starts_ends_the_server_with_the_reason(tmp_path: Path):
    process = Process(tmp_path, "--without-model")
    assert process.process.wait(WITHIN_S) == 3  # gunicorn's own for a worker that cannot begin
    assert "model.onnx is missing; run `qa setup`" in process.log.read_text()


@pytest.mark.parametrize("variable", ["QA_EMBEDDER", "QA_READER"])
def test_a_missing_model_folder_stops_the_start_with_the_reason(tmp_path: Path, variable: str):
    settings = Settings.from_env({"QA_DATA_DIR": str(tmp_path), variable: "./gibt/es/nicht"})
    with pytest.raises((ModelError, ReaderError), match=rf"{variable}=\./gibt/es/nicht is no folder"):
        bootstrap.check(settings)


def test_indexes_that_are_rebuilt_under_load_go_on_being_right_and_are_taken_up(
    place: Living, tmp_path: Path
):
    with Crowd(asking(place), TEXTS) as crowd:
        crowd.answered(5)
        for _ in range(3):
            rebuild(Archive(tmp_path / "archive.sqlite"), FakeEmbedder(), tmp_path)
            crowd.answered(5)
    assert (crowd.wrong, set(crowd.statuses)) == ([], {200})
    assert store(living(tmp_path).client, "freibad") == 201
    assert found(place.client, "Was wurde in Seeburg geöffnet?") == {"bruecke", "freibad"}


def test_an_archive_that_is_restored_under_load_answers_from_the_backup_at_once(
    place: Living, tmp_path: Path
):
    copy, path = tmp_path / "copy", tmp_path / "archive.sqlite"
    backup(path, copy)
    with Crowd(asking(place), TEXTS) as crowd:
        for _ in range(3):
            assert store(place.client, "freibad") == 201
            crowd.answered(5)
            restore(copy, path)
            assert found(place.client, "Was wurde in Seeburg geöffnet?") == {"bruecke"}
            crowd.answered(5)
    assert (crowd.wrong, set(crowd.statuses)) == ([], {200})


@contextlib.contextmanager
def locked(path: Path, *, for_s: float | None = None) -> Iterator[None]:
    """Hold the write lock of a database; to the end of the block, or for some seconds."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0 if for_s is None else for_s, connection.rollback)
    if for_s is not None:
        release.start()
    yield
    if for_s is None:
        connection.rollback()
    else:
        release.join()
    connection.close()


def test_while_the_archive_is_locked_questions_are_answered_and_a_write_waits_for_its_end(
    place: Living, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "_BUSY_MS", 1000 * int(WITHIN_S))
    writer = living(tmp_path)
    with locked(tmp_path / "archive.sqlite", for_s=5):
        assert found(place.client, "Wer hat die Brücke eröffnet?") == {"bruecke"}
        assert store(writer.client, "freibad") == 201
    assert found(place.client, "Was wurde in Seeburg geöffnet?") == {"bruecke", "freibad"}


def test_a_write_that_the_lock_outlasts_is_told_to_come_back_and_stores_nothing(
    place: Living, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "_BUSY_MS", 50)
    writer = living(tmp_path)
    with locked(tmp_path / "archive.sqlite"):
        refused = writer.client.post("/articles", json={"id": "freibad", "text": POOL})
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert found(place.client, "Was wurde in Seeburg geöffnet?") == {"bruecke"}
    assert store(writer.client, "freibad") == 201


def test_a_question_without_an_answer_is_answered_while_feedback_is_locked(place: Living, tmp_path: Path):
    question = {"question": "Wer hat das Freibad bezahlt?", "min_confidence": 1.0}
    with locked(tmp_path / "feedback.sqlite"):
        reply = place.client.post("/ask", json=question, buffered=True)
        assert (reply.status_code, reply.get_json()["status"]) == (200, "no_answer")
    assert place.client.post("/ask", json=question, buffered=True).status_code == 200
    assert place.client.get("/feedback?rating=unanswered").get_json()["total"] == 1


@contextlib.contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a full disk, but without the right to mount one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_nothing_more_can_be_written_a_write_says_so_and_questions_are_answered(place: Living):
    with largest_file(4096):
        refused = place.client.post("/articles", json={"id": "freibad", "text": POOL * 500})
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert found(place.client, "Wer hat die Brücke eröffnet?") == {"bruecke"}
    assert found(place.client, "Was wurde in Seeburg geöffnet?") == {"bruecke"}
    assert store(place.client, "freibad") == 201


def test_a_clock_that_jumps_changes_no_answer(place: Living, monkeypatch: pytest.MonkeyPatch):
    year_s, real, real_ns = 365 * 86_400, time.time, time.time_ns
    for jump_s in (0, year_s, -year_s, 0):
        monkeypatch.setattr(time, "time", lambda jump_s=jump_s: real() + jump_s)
        monkeypatch.setattr(time, "time_ns", lambda jump_s=jump_s: real_ns() + jump_s * 10**9)
        assert found(place.client, "Wer hat die Brücke eröffnet?") == {"bruecke"}
        assert store(place.client, "freibad") == 201
        assert found(place.client, "Was wurde in Seeburg geöffnet?") == {"bruecke", "freibad"}
        assert place.client.delete("/articles/freibad").status_code == 204


def test_uploads_are_done_although_the_clock_goes_back_between_them(
    place: Living, monkeypatch: pytest.MonkeyPatch
):
    times = iter(f"20{year}-01-01T00:00:00+00:00" for year in range(40, 10, -1))
    monkeypatch.setattr(jobs, "_now", lambda: next(times))
    later = {"Prefer": "respond-async"}
    for article_id, text in TEXTS.items():
        body = {"id": article_id, "text": text}
        accepted = place.client.post("/articles", json=body, headers=later)
        assert accepted.status_code == 202
        address = accepted.headers["Location"]
        until(lambda address=address: place.client.get(address).get_json()["state"] == "done")
    assert found(place.client, "Was wurde in Seeburg geöffnet?") == {"bruecke", "freibad"}
