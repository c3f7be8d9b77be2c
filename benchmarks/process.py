"""The product's own commands as processes of their own, timed and weighed."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from benchmarks.inputs import SAMPLES

_QA = (sys.executable, "-c", "from qa_service.cli import main; main()")
_START_S = 600
_POLL_S = 0.02
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_MB = 2**20


@dataclass(frozen=True, slots=True)
class Memory:
    """What a server's processes hold.

    Attributes:
        resident_mb: Resident set of the largest process, the one that answers.
        proportional_mb: All processes together, shared pages counted once.
    """

    resident_mb: float
    proportional_mb: float


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        port: Where it listens on 127.0.0.1.
        process: Its first process.
        ready_s: Seconds from starting the process to `/ready` saying yes.
    """

    port: int
    process: psutil.Process
    ready_s: float

    def worked_s(self) -> float:
        """Return the seconds for which its processes have kept cores busy so far."""
        times = [process.cpu_times() for process in self._family()]
        return float(sum(each.user + each.system for each in times))

    def memory(self) -> Memory:
        """Weigh its processes now."""
        family = self._family()
        resident = max(process.memory_info().rss for process in family)
        proportional = sum(process.memory_full_info().pss for process in family)
        return Memory(resident / _MB, proportional / _MB)

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


class Client:
    """One connection that stays open, by hand: a library's own time would count as the service's.

    A request goes out in one piece, and of the response's head nothing is read but status and length.

    Args:
        port: On 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"POST /ask HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"

    def ask(self, question: str) -> tuple[dict[str, Any], float]:
        """Ask; returns the reply and the milliseconds from sending to having parsed it.

        Raises:
            RuntimeError: The answer is not 200.
        """
        body = json.dumps({"question": question}).encode()
        started = time.perf_counter()
        self._socket.sendall(f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status, content = self._response()
        if status != HTTPStatus.OK:
            raise RuntimeError(f"POST /ask gave {status}: {content[:500]!r}")
        reply: dict[str, Any] = json.loads(content)
        return reply, (time.perf_counter() - started) * 1000

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _response(self) -> tuple[int, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, content = received.split(b"\r\n\r\n", 1)
        length = _LENGTH.search(head)
        if length is None:
            raise RuntimeError(f"a response without a length: {head!r}")
        while len(content) < int(length[1]):
            content += self._more()
        return int(head.split(b" ", 2)[1]), content

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 16)
        if not data:
            raise RuntimeError("the service closed the connection")
        return data


def command(*words: str, data_dir: Path, model_cache: Path) -> float:
    """Run one `qa` command; returns seconds.

    Raises:
        subprocess.CalledProcessError: It failed; its message is on standard error.
    """
    started = time.perf_counter()
    subprocess.run(
        [*_QA, *words], env=_environment(data_dir, model_cache), check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


@contextmanager
def archive_or_samples(archive: Path | None, model_cache: Path) -> Iterator[Path]:
    """Give a data folder with an archive: the one named, else one with the samples, for the block only."""
    if archive is not None:
        yield archive
        return
    with tempfile.TemporaryDirectory(prefix="samples-") as temporary:
        folder = Path(temporary)
        command("index", "add", str(SAMPLES), data_dir=folder, model_cache=model_cache)
        yield folder


@contextmanager
def serving(data_dir: Path, model_cache: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run `qa serve` from its start to the end of the block.

    Args:
        data_dir: Of the archive.
        model_cache: Of the unpacked models.
        settings: Variables that differ from their defaults.

    Raises:
        RuntimeError: It ended by itself, or was not ready in ten minutes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = _environment(data_dir, model_cache) | {"QA_HOST": "127.0.0.1", "QA_PORT": str(port)}
    environment |= settings or {}
    started = time.perf_counter()
    server = subprocess.Popen([*_QA, "serve"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port, server)
        yield Server(port, psutil.Process(server.pid), time.perf_counter() - started)
    finally:
        server.terminate()
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _environment(data_dir: Path, model_cache: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    return kept | {"QA_DATA_DIR": str(data_dir), "QA_MODEL_CACHE": str(model_cache)}


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"`qa serve` ended with status {server.returncode}; see its messages above")
        if _is_ready(port):
            return
        time.sleep(_POLL_S)
    raise RuntimeError(f"`qa serve` was not ready within {_START_S} s; start it by hand and ask /ready why")


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
