"""Throws made and mutated requests at the service, over loopback, and counts what comes back.

    python -m benchmarks.fuzz --requests 100000            about an hour on two cores; --seed for others
    python -m benchmarks.fuzz --requests 2000 --port 8080  at a service that runs already, on this machine

Without --port it starts `qa serve` over the samples in a folder of its own. Prints JSON: counts by status,
and the first failures with what was sent. The exit status is 1 where anything failed: a status from 500 on
that is not a 503 with Retry-After, a connection that is refused, or a service that is not ready afterwards.
"""

import argparse
import base64
import json
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from benchmarks.making import made, mutated, wire
from benchmarks.process import archive_or_samples, serving
from evaluation import machine

_AT_ONCE = 8
_AHEAD = 64  # requests made and not yet sent
_MOST_TOLD = 20
_TIMEOUT_S = 120.0
_MOST_HEAD_BYTES = 65_536
_SERVER_ERROR = 500
_SHED = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        sent: The request.
        status: "200", or "closed" where the server ended the connection without a word (it may, where what
            was sent is no HTTP), "refused" where it took none, "late" where it said nothing for two minutes.
        head: The first bytes of the response.
    """

    sent: bytes
    status: str
    head: bytes = b""

    @property
    def failed(self) -> bool:
        """Whether this must not happen."""
        if not self.status.isdecimal():
            return self.status != "closed"
        if int(self.status) == _SHED:
            return b"\r\nretry-after: " not in self.head.lower()
        return int(self.status) >= _SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed.

    Attributes:
        requests: How many were sent.
        seed: What they were made from.
        statuses: How many were answered with each status.
        failures: How many must not have happened.
        first_failures: Status, request (base64) and response of the first ones.
        healthy: Whether the service was ready afterwards.
        took_s: Seconds, making the requests included.
        machine: Where it ran.
    """

    requests: int
    seed: int
    statuses: dict[str, int]
    failures: int
    first_failures: list[dict[str, str]]
    healthy: bool
    took_s: float
    machine: machine.Machine

    @property
    def good(self) -> bool:
        """Whether nothing failed."""
        return self.failures == 0 and self.healthy


def main() -> None:
    """Run the command."""
    options = _options()
    with _port(options) as port:
        report = throw(port, options.requests, options.seed)
    text = json.dumps(asdict(report), indent=1)
    print(text)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")
    if not report.good:
        sys.exit(1)


def throw(port: int, number: int, seed: int) -> Report:
    """Send so many requests, half of them made and half mutated, to a port of this machine."""
    started = time.perf_counter()
    statuses: Counter[str] = Counter()
    failed: list[Answer] = []
    for answer in _answers(port, _requests(number, seed)):
        statuses[answer.status] += 1
        if answer.failed:
            failed.append(answer)
    return Report(
        requests=number,
        seed=seed,
        statuses=dict(sorted(statuses.items())),
        failures=len(failed),
        first_failures=[_told(answer) for answer in failed[:_MOST_TOLD]],
        healthy=send(port, wire("GET", "/ready")).status == "200",
        took_s=round(time.perf_counter() - started, 1),
        machine=machine.describe(),
    )


def send(port: int, request: bytes) -> Answer:
    """Send one request over a connection of its own and read the head of what comes back."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S)
    except OSError:
        return Answer(request, "refused")
    with connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)  # else a body that is shorter than it says is waited for
            head = _head(connection)
        except TimeoutError:
            return Answer(request, "late")
        except OSError:
            return Answer(request, "closed")
    parts = head.split(b" ", 2)
    known = len(parts) > 1 and parts[0].startswith(b"HTTP/") and parts[1].isdigit()
    return Answer(request, parts[1].decode() if known else "closed", head)


def _head(connection: socket.socket) -> bytes:
    """Read until the end, so that streams are answered in full; keep the first bytes."""
    head = b""
    while received := connection.recv(65_536):
        if len(head) < _MOST_HEAD_BYTES:
            head += received
    return head


def _requests(number: int, seed: int) -> Iterator[bytes]:
    yield from made(number // 2, seed)
    yield from mutated(number - number // 2, seed)


def _answers(port: int, requests: Iterable[bytes]) -> Iterator[Answer]:
    waiting = iter(requests)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while some := list(islice(waiting, _AHEAD)):
            yield from pool.map(lambda request: send(port, request), some)


def _told(answer: Answer) -> dict[str, str]:
    return {
        "status": answer.status,
        "sent": base64.b64encode(answer.sent).decode(),
        "shown": ascii(answer.sent[:300]),
        "answered": ascii(answer.head[:500]),
    }


@contextmanager
def _port(options: argparse.Namespace) -> Iterator[int]:
    if options.port is not None:
        yield options.port
        return
    with (
        archive_or_samples(None, options.model_cache) as data_dir,
        serving(data_dir, options.model_cache) as server,
    ):
        yield server.port


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=100_000, help="how many (100000)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed sends the same requests (0)")
    parser.add_argument("--port", type=int, help="of a service on this machine; else one is started")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    parser.add_argument("--out", type=Path, help="JSON file for the report")
    return parser.parse_args()


if __name__ == "__main__":
    main()
