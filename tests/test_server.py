"""The server as it is run: gunicorn, the real model in its worker, another process writing."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.embedded import embedded_model

QA = [sys.executable, "-c", "from qa_service.cli import main; main()"]
READY_WITHIN_S = 240

pytestmark = pytest.mark.model


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "QA_DATA_DIR": str(tmp_path / "var"),
        "QA_MODEL_CACHE": str(embedded_model().folder.parent),
        "QA_PORT": str(free_port()),
    }


IMPATIENT = [
    sys.executable,
    "-c",
    "import qa_service.worker as w; w.FIRST_S = 2.0; from qa_service.cli import main; main()",
]


@pytest.fixture
def server(environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([*QA, "serve"], env=environ, stderr=subprocess.PIPE) as process:
        yield process
        process.kill()


def client(environ: dict[str, str]) -> httpx.Client:
    """A client of the server, once it is ready."""
    address = f"http://127.0.0.1:{environ['QA_PORT']}"
    end = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            httpx.get(f"{address}/ready", timeout=READY_WITHIN_S).raise_for_status()
            return httpx.Client(base_url=address, timeout=READY_WITHIN_S)
        except httpx.ConnectError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_articles_added_by_another_process_are_found_without_a_restart(
    server: subprocess.Popen[bytes], environ: dict[str, str], tmp_path: Path
):
    news = "Die Bürgermeisterin Grete Lohmann hat am Montag in Steinhaven die neue Brücke eröffnet."
    (tmp_path / "a.txt").write_text(f"Steinhaven\n\n{news}\n")
    question = {"question": "Wer hat die Brücke in Steinhaven eröffnet?", "include_passages": True}
    with client(environ) as http:
        assert http.post("/ask", json=question).json()["no_answer_reason"] == "index_empty"
        subprocess.run([*QA, "index", "add", str(tmp_path / "a.txt")], env=environ, check=True)
        reply = http.post("/ask", json=question).json()
    assert news in reply["passages"][0]["text"]
    assert reply["index"]["articles"] == 1
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0


def test_a_server_that_is_stopped_after_its_first_answer_ends_cleanly(
    server: subprocess.Popen[bytes], environ: dict[str, str]
):
    with client(environ) as http:
        assert http.post("/ask", json={"question": "Wer hat die Brücke eröffnet?"}).status_code == 200
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=60)
    assert server.returncode == 0
    assert b"terminate" not in said
    assert b"SIGABRT" not in said


def test_a_body_far_over_the_limit_is_answered_and_not_read(
    server: subprocess.Popen[bytes], environ: dict[str, str]
):
    with client(environ) as http:
        refused = http.post("/ask", content=b"x" * 10_000_000, headers={"Content-Type": "application/json"})
        assert refused.status_code == 413
        assert http.get("/health").status_code == 200
    assert server.poll() is None


def test_requests_that_are_never_sent_to_their_end_keep_nobody_out(environ: dict[str, str]):
    with (
        subprocess.Popen([*IMPATIENT, "serve"], env=environ) as process,
        client(environ) as http,
        ExitStack() as connections,
    ):
        for half in (
            b"GET /health HTTP/1.1\r\nHost: a",
            b"POST /ask HTTP/1.1\r\nContent-Length: 90\r\n\r\n{",
        ):
            for _ in range(40):
                address = ("127.0.0.1", int(environ["QA_PORT"]))
                connections.enter_context(socket.create_connection(address)).sendall(half)
        began = time.monotonic()
        assert http.get("/health").status_code == 200
        assert time.monotonic() - began < 30
        process.kill()


def test_an_archive_of_another_model_stops_the_start_with_the_reason(environ: dict[str, str], tmp_path: Path):
    (tmp_path / "a.txt").write_text("Steinhaven\n\nIn Steinhaven wurde am Montag die neue Brücke eröffnet.\n")
    subprocess.run([*QA, "index", "add", str(tmp_path / "a.txt")], env=environ, check=True)
    copy = tmp_path / "anderes"
    copy.mkdir()
    for name in embedded_model().folder.iterdir():
        if name.name not in {"onnx", "manifest.json"}:
            (copy / name.name).symlink_to(name)
    (copy / "README.md").write_text("another model")
    stopped = subprocess.run(
        [*QA, "serve"], env=environ | {"QA_EMBEDDER": str(copy)}, capture_output=True, text=True, check=False
    )
    assert stopped.returncode == 1
    assert "qa index rebuild" in stopped.stderr
