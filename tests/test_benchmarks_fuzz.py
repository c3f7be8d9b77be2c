"""The requests that benchmarks/fuzz.py throws, and what it calls a failure."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, Response
from werkzeug.serving import make_server

from benchmarks.fuzz import Answer, send, throw
from benchmarks.making import made, mutated, wire
from tests.browsing import served
from tests.conftest import Serve


@contextmanager
def answering(status: int, **headers: str) -> Iterator[int]:
    """Serve one answer to everything; gives the port."""
    app = Flask("same")
    app.before_request(lambda: Response("x", status, headers))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("kind", [made, mutated])
def test_the_same_start_makes_the_same_requests(kind):
    first, again, other = (list(kind(30, start)) for start in (7, 7, 8))
    assert first == again
    assert first != other
    assert len(first) == 30


def test_a_request_travels_as_it_is_written():
    assert wire("POST", "/ask", [("Accept", "a/b")], b"{}") == (
        b"POST /ask HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Accept: a/b\r\nContent-Length: 2\r\n\r\n{}"
    )


def test_the_application_survives_what_is_thrown(serve: Serve):
    with served(serve().application) as address:
        report = throw(int(address.rpartition(":")[2]), 60, 0)
    # werkzeug's own server, not the one that is shipped, says 505 to a version of HTTP that is none.
    assert report.failures == report.statuses.get("505", 0)
    assert report.healthy
    assert sum(report.statuses.values()) == 60


@pytest.mark.parametrize(
    ("status", "headers", "failed"),
    [
        (200, {}, False),
        (422, {}, False),
        (500, {}, True),
        (502, {}, True),
        (503, {}, True),
        (503, {"Retry-After": "5"}, False),
    ],
)
def test_a_server_error_is_a_failure_unless_it_says_when_to_come_back(
    status: int, headers: dict[str, str], *, failed: bool
):
    with answering(status, **headers) as port:
        answer = send(port, wire("GET", "/"))
    assert (answer.status, answer.failed) == (str(status), failed)


def test_a_server_that_takes_no_connection_is_a_failure():
    with answering(200) as port:
        pass
    assert send(port, wire("GET", "/")) == Answer(wire("GET", "/"), "refused")
    assert Answer(b"", "refused").failed


def test_a_report_of_failures_is_not_good():
    with answering(500) as port:
        report = throw(port, 4, 0)
    assert not report.good
    assert report.failures >= report.statuses["500"] >= 1
