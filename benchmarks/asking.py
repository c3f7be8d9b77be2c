"""Many clients at once: some that ask again when answered, and some that ask at a rate, whatever happens.

Every question is asked once, since a service remembers answers: the same text with another `max_answers` is
another question to it, and the same work.
"""

import http.client
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import numpy as np

_TIMEOUT_S = 120
_MOST_ANSWERS = range(10, 51)
BROKEN = 0  # stands for a status where the connection broke
SHED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        at_s: When it was asked, on the clock of `time.perf_counter`.
        took_ms: From opening the connection to having read the answer.
        status: Of the response, `BROKEN` where none came.
        retry_after: Its header Retry-After, None where there is none.
    """

    at_s: float
    took_ms: float
    status: int
    retry_after: str | None

    @property
    def is_right(self) -> bool:
        """Whether it is an answer, or a refusal that says when to come back."""
        if self.status in SHED:
            return self.retry_after is not None and self.retry_after.isdecimal() and self.retry_after > "0"
        return self.status == HTTPStatus.OK


class Questions:
    """Gives every question once; safe to share among threads.

    Args:
        texts: Distinct questions.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._left = ({"question": text, "max_answers": most} for most in _MOST_ANSWERS for text in texts)
        self._lock = threading.Lock()
        self.count = len(texts) * len(_MOST_ANSWERS)

    def next(self) -> dict[str, Any]:
        """Return the body of the next request.

        Raises:
            RuntimeError: All were asked.
        """
        with self._lock:
            body = next(self._left, None)
        if body is None:
            raise RuntimeError(f"all {self.count} questions were asked; measure for a shorter time")
        return body


def ask(port: int, body: dict[str, Any]) -> Outcome:
    """Ask over a connection of its own, as independent clients do."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    status, retry_after = BROKEN, None
    started = time.perf_counter()
    try:
        connection.request("POST", "/ask", json.dumps(body).encode(), {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        status, retry_after = response.status, response.getheader("Retry-After")
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()
    return Outcome(started, (time.perf_counter() - started) * 1000, status, retry_after)


def closed(
    port: int,
    questions: Questions,
    *,
    clients: int,
    seconds: float,
    meanwhile: Callable[[], None] | None = None,
) -> list[Outcome]:
    """Let some clients ask, each again when it is answered, or as late as the service told it to.

    Args:
        port: On 127.0.0.1.
        questions: What to ask.
        clients: How many at once.
        seconds: How long new questions are asked.
        meanwhile: Called about every second.
    """
    until = time.perf_counter() + seconds

    def one() -> Iterator[Outcome]:
        while time.perf_counter() < until:
            outcome = ask(port, questions.next())
            yield outcome
            if outcome.status != HTTPStatus.OK:
                wait_s = float(outcome.retry_after) if outcome.is_right and outcome.retry_after else 1.0
                time.sleep(min(wait_s, max(until - time.perf_counter(), 0.0)))

    return _together([one] * clients, meanwhile)


def at_rate(port: int, questions: Questions, *, per_s: float, seconds: float, clients: int) -> list[Outcome]:
    """Ask so many questions a second, evenly spread, however the service keeps up.

    Args:
        port: On 127.0.0.1.
        questions: What to ask.
        per_s: Questions a second.
        seconds: How long.
        clients: Most that are open at once; where all are, questions come later than they should.
    """
    began = time.perf_counter()
    numbers = itertools.count()
    lock = threading.Lock()

    def one() -> Iterator[Outcome]:
        while True:
            with lock:
                due = began + next(numbers) / per_s
            if due >= began + seconds:
                return
            time.sleep(max(due - time.perf_counter(), 0.0))
            yield ask(port, questions.next())

    return _together([one] * clients, None)


def summary(outcomes: Sequence[Outcome], seconds: float) -> dict[str, Any]:
    """Return answers a second, their times, and the statuses of all.

    Args:
        outcomes: Of one phase, at least one.
        seconds: How long questions were asked; answers that came later lengthen it.
    """
    began = min(outcome.at_s for outcome in outcomes)
    seconds = max(seconds, max(outcome.at_s + outcome.took_ms / 1000 for outcome in outcomes) - began)
    answered = [outcome.took_ms for outcome in outcomes if outcome.status == HTTPStatus.OK]
    return {
        "questions": len(outcomes),
        "answers_per_s": round(len(answered) / seconds, 2),
        "ms": {f"p{p}": round(float(np.percentile(answered, p)), 1) for p in (50, 95, 99)}
        if answered
        else {},
        "statuses": {
            str(status): count for status, count in sorted(Counter(o.status for o in outcomes).items())
        },
        "wrong": sum(not outcome.is_right for outcome in outcomes),
    }


def _together(
    clients: Sequence[Callable[[], Iterator[Outcome]]], meanwhile: Callable[[], None] | None
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    failed: list[Exception] = []

    def run(client: Callable[[], Iterator[Outcome]]) -> None:
        try:
            outcomes.extend(client())
        except RuntimeError as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(1.0)
            if meanwhile is not None:
                meanwhile()
    if failed:
        raise failed[0]
    return sorted(outcomes, key=lambda outcome: outcome.at_s)
