"""A server over an archive of given articles, started for one evaluation and stopped afterwards."""

import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import httpx

_QA = (sys.executable, "-c", "from qa_service.cli import main; main()")
_START_S = 300


def write_articles(target: Path, articles: Path, distractors: Path | None, count: int) -> None:
    """Write the articles, and the first `count` distractors, as JSONL that `qa index add` reads."""
    with target.open("w", encoding="utf-8") as out:
        for record in _records(articles):
            out.write(_line(record))
        if distractors is not None:
            for record in islice(_records(distractors), count):
                out.write(_line(record))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        yield from (json.loads(line) for line in lines if line.strip())


def _line(record: dict[str, Any]) -> str:
    kept = {name: record.get(name) for name in ("id", "title", "text", "source", "url") if record.get(name)}
    published = record.get("published") or record.get("date")
    return json.dumps(kept | ({"published": published} if published else {}), ensure_ascii=False) + "\n"


def environment(data_dir: Path, model_cache: Path | None, port: int | None = None) -> dict[str, str]:
    """The environment of the product's commands."""
    env = os.environ | {"QA_DATA_DIR": str(data_dir)}
    if model_cache is not None:
        env |= {"QA_MODEL_CACHE": str(model_cache)}
    return env | ({"QA_PORT": str(port), "QA_HOST": "127.0.0.1"} if port is not None else {})


def index(articles: Path, data_dir: Path, model_cache: Path | None) -> float:
    """Index a file of articles; articles that are there already cost little. Returns seconds.

    Raises:
        subprocess.CalledProcessError: Indexing failed; its message is on standard error.
    """
    started = time.perf_counter()
    command = [*_QA, "index", "add", str(articles)]
    subprocess.run(command, env=environment(data_dir, model_cache), check=True)  # noqa: S603 - our own command
    return time.perf_counter() - started


@contextmanager
def serving(data_dir: Path, model_cache: Path | None) -> Iterator[str]:
    """Run the server; yields its address once it is ready.

    Raises:
        RuntimeError: It ended, or was not ready in five minutes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    env = environment(data_dir, model_cache, port)
    server = subprocess.Popen([*_QA, "serve"], env=env)  # noqa: S603 - our own command
    try:
        _wait(url, server)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"`qa serve` ended with status {server.returncode}; see its messages above.")
        try:
            if httpx.get(f"{url}/ready", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise RuntimeError(
        f"{url}/ready was not ready within {_START_S} s; start `qa serve` by hand and give --url."
    )
