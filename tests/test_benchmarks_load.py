"""Clients that measure a service: what they ask, what they count, what they call good."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks import asking, load
from benchmarks.asking import Outcome, Questions
from tests.listening import listening

ANSWER, FULL, BARE = Outcome(0.0, 10.0, 200, None), Outcome(0.0, 1.0, 503, "2"), Outcome(0.0, 1.0, 503, None)


class Service(BaseHTTPRequestHandler):
    """Answers every question but each third, which it sheds."""

    seen: list[str]
    lock = threading.Lock()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.lock:
            self.seen.append(body)
            is_shed = len(self.seen) % 3 == 0
        self.send_response(503 if is_shed else 200)
        if is_shed:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    Service.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    with listening(server) as port:
        yield port


def test_every_question_is_given_once_and_then_no_more():
    questions = Questions(["A?", "B?"])
    bodies = [json.dumps(questions.next()) for _ in range(questions.count)]
    assert len(set(bodies)) == questions.count == 82
    with pytest.raises(RuntimeError, match="all 82 questions were asked"):
        questions.next()


def test_a_refusal_is_right_only_with_a_time_to_come_back():
    assert ANSWER.is_right
    assert FULL.is_right
    assert not BARE.is_right
    assert not Outcome(0.0, 1.0, 503, "0").is_right
    assert not Outcome(0.0, 1.0, 500, None).is_right
    assert not Outcome(0.0, 1.0, asking.BROKEN, None).is_right


def test_only_answers_count_for_their_number_and_their_times():
    found = asking.summary([ANSWER, ANSWER, FULL, BARE], seconds=4)
    assert found["answers_per_s"] == 0.5
    assert found["ms"] == {"p50": 10.0, "p95": 10.0, "p99": 10.0}
    assert found["statuses"] == {"200": 2, "503": 2}
    assert found["wrong"] == 1


def test_answers_that_come_after_the_phase_lengthen_it():
    assert asking.summary([ANSWER, Outcome(2.0, 8000.0, 200, None)], seconds=4)["answers_per_s"] == 0.2


def test_questions_at_a_rate_are_all_asked_and_their_statuses_noted(port: int):
    outcomes = asking.at_rate(port, Questions(["A?"]), per_s=300, seconds=0.1, clients=4)
    assert len(outcomes) == 30
    assert asking.summary(outcomes, 0.1)["statuses"] == {"200": 20, "503": 10}
    assert len(set(Service.seen)) == 30


def test_clients_ask_until_the_time_is_over(port: int):
    outcomes = asking.closed(port, Questions(["A?", "B?"]), clients=2, seconds=0.05)
    assert len(outcomes) == len(Service.seen)


def test_a_service_that_is_not_there_is_a_broken_connection():
    assert asking.ask(1, {"question": "A?"}).status == asking.BROKEN


def test_recovery_ends_with_the_last_refused_or_slow_answer():
    probes = [
        Outcome(100.0, 500.0, 200, None),
        Outcome(101.0, 10.0, 503, "1"),
        Outcome(102.0, 300.0, 200, None),
        Outcome(103.0, 10.0, 200, None),
    ]
    assert load.recovery_s(probes, 99.5, limit_ms=400) == 1.51
    assert load.recovery_s(probes, 99.5, limit_ms=200) == 2.8
    assert load.recovery_s(probes[:2], 99.5, limit_ms=400) is None
    assert load.recovery_s(probes[3:], 99.5, limit_ms=400) == 0.0


def test_growth_compares_the_last_third_with_the_middle_one():
    assert load.growth([1, 5, 100, 100, 110, 110]) == 0.1
    assert load.growth([100, 100]) == 0.0


def test_targets_name_what_was_missed():
    def phase(p95: float, wrong: int = 0) -> dict[str, object]:
        return {"ms": {"p95": p95}, "wrong": wrong}

    found = {
        "1 clients": phase(100.0),
        "overload": phase(200.0),
        "recovery": phase(100.0) | {"seconds": 5.1},
        "soak": phase(100.0, wrong=1) | {"growth": 0.06},
    }
    assert [target.met for target in load.targets(found)] == [False, True, False, False]
    found["overload"] = phase(201.0)
    assert not load.targets(found)[1].met
