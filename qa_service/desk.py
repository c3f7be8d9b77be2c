"""The desk before the answerer: who is let in, what is known already, what is worked out once for many.

It has the surface of `qa_service.answerer.Answerer` and asks it only for what it cannot answer itself. A
known answer costs no place in line. The times of a known answer are those it took now, not then.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter
from typing import Literal, Protocol

from index.types import Found
from qa_service.answer_cache import AnswerCache, InFlight, Key, essence
from qa_service.answerer import Inquiry
from qa_service.errors import OverloadedError
from qa_service.gate import Gate
from qa_service.types import Question, Reply

How = Literal["worked_out", "shared", "cached"]

DEADLINE_S = 10.0


class Answering(Protocol):
    """Answers questions; `qa_service.answerer.Answerer` and `Desk` do."""

    def answer(self, question: Question) -> Reply:
        """Answer a question: `find` and `read` in one."""

    def find(self, question: Question) -> Inquiry:
        """Understand a question and search for it."""

    def read(self, inquiry: Inquiry) -> Reply:
        """Read what was found."""


class Watcher(Protocol):
    """Hears what the desk does; `qa_service.metrics.Metrics` is the real one."""

    def answered(self, reply: Reply, how: How) -> None:
        """A reply goes out."""

    def shed(self, why: str) -> None:
        """A question was turned away."""


class Nobody:
    """Watches nothing."""

    def answered(self, reply: Reply, how: How) -> None:
        """Do nothing."""

    def shed(self, why: str) -> None:
        """Do nothing."""


class Desk:
    """Answers through a gate, with a memory; safe to share among threads.

    Args:
        answerer: Does the work.
        gate: Bounds how much of it is done at once.
        cache: Replies given before.
        followers: Most questions that wait for the answer to an identical one.
        change: Tells the archive's last change; part of every key.
        embedder: Identity of the embedding model.
        reader: Identity of the reader.
        deadline_s: Longest wait for a place, and the longest that a client may ask for.
        watcher: Hears of every reply and refusal.
    """

    def __init__(
        self,
        answerer: Answering,
        gate: Gate,
        *,
        cache: AnswerCache[Reply],
        followers: int,
        change: Callable[[], int],
        embedder: str,
        reader: str,
        deadline_s: float = DEADLINE_S,
        watcher: Watcher | None = None,
    ) -> None:
        self._answerer = answerer
        self.gate = gate
        self._cache = cache
        self._in_flight: InFlight[Reply] = InFlight(followers)
        self._change = change
        self._embedder = embedder
        self._reader = reader
        self._deadline_s = deadline_s
        self._watcher = Nobody() if watcher is None else watcher

    def answer(self, question: Question) -> Reply:
        """Answer a question.

        Raises:
            OverloadedError: Too many are asked, or it would not be begun in time.
        """
        started = perf_counter()

        def work() -> Reply:
            with self.gate.passing(self._left_s(question, started)) as waited_s:
                reply = self._answerer.answer(question)
            return replace(reply, timings_ms=reply.timings_ms | {"wait": waited_s * 1000})

        with self._watching():
            return self._once(question, self._key(question, self._change()), started, work)

    def find(self, question: Question) -> Inquiry:
        """Search for a question; the first half of a streamed answer.

        Raises:
            OverloadedError: As in `answer`.
        """
        started = perf_counter()
        known = self._cache.get(self._key(question, self._change()))
        if known is not None:
            found = Found(known.hits, known.change, embed_ms=0.0, search_ms=0.0)
            return Inquiry(question, (known.standalone,), found, started)
        with self._watching(), self.gate.passing(self._left_s(question, started), brief=True):
            return replace(self._answerer.find(question), started=started)

    def read(self, inquiry: Inquiry) -> Reply:
        """Read what was found; the second half, which the length of the line does not stop any more.

        Raises:
            OverloadedError: It would not be begun in time.
        """
        question, started = inquiry.question, inquiry.started

        def work() -> Reply:
            with self.gate.passing(self._left_s(question, started), admitted=True) as waited_s:
                reply = self._answerer.read(inquiry)
            return replace(reply, timings_ms=reply.timings_ms | {"wait": waited_s * 1000})

        with self._watching():
            return self._once(question, self._key(question, inquiry.found.change), started, work)

    def _once(self, question: Question, key: Key, started: float, work: Callable[[], Reply]) -> Reply:
        """Take the reply from the cache, from another who works it out now, or from `work`."""
        while True:
            known = self._cache.get(key)
            if known is not None:
                return self._given(known, question, started, "cached")
            running = self._lead(key)
            if running is None:
                reply = self._in_flight.finish(key, lambda: self._kept(key, work))
                times = reply.timings_ms | {"total": (perf_counter() - started) * 1000}
                reply = replace(reply, question=question, timings_ms=times)
                self._watcher.answered(reply, "worked_out")
                return reply
            try:
                shared = self._in_flight.follow(running, self._left_s(question, started))
            except TimeoutError:
                raise OverloadedError("too_late", self.gate.retry_after_s()) from None
            except OverloadedError:
                continue  # another's patience ended, ours need not
            return self._given(shared, question, started, "shared")

    def _lead(self, key: Key) -> Future[Reply] | None:
        try:
            return self._in_flight.lead(key)
        except TimeoutError:
            raise OverloadedError("queue_full", self.gate.retry_after_s()) from None

    def _kept(self, key: Key, work: Callable[[], Reply]) -> Reply:
        known = self._cache.get(key)  # who led before may have finished since we looked
        if known is not None:
            return known
        reply = work()
        if reply.change == key.change:  # the indexes may lag behind the archive, or be ahead by now
            self._cache.put(key, reply)
        return reply

    def _given(self, reply: Reply, question: Question, started: float, how: How) -> Reply:
        took_ms = (perf_counter() - started) * 1000
        times = dict.fromkeys(reply.timings_ms, 0.0) | {"total": took_ms}
        if how == "shared":
            times["wait"] = took_ms
        given = replace(reply, question=question, timings_ms=times)
        self._watcher.answered(given, how)
        return given

    @contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except OverloadedError as error:
            self._watcher.shed(error.why)
            raise

    def _left_s(self, question: Question, started: float) -> float:
        patience_s = self._deadline_s
        if question.within_s is not None:
            patience_s = min(question.within_s, patience_s)
        return max(started + patience_s - perf_counter(), 0.0)

    def _key(self, question: Question, change: int) -> Key:
        return Key(essence(question), change, self._embedder, self._reader)
