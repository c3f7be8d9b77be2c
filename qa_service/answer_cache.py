"""Answers that need not be worked out twice: those given before, and those being worked out right now.

Nothing in here decides whether an answer still holds. The key does: it names everything that an answer
depends on, the archive's change and the models included, so what has changed is simply not found.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from qa_service.types import Question

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Key:
    """Everything that an answer depends on.

    Attributes:
        question: What was asked, history and filters included.
        change: The archive's last change.
        embedder: Identity of the embedding model.
        reader: Identity of the reader.
    """

    question: Hashable
    change: int
    embedder: str
    reader: str


def essence(question: Question) -> Question:
    """Return the question without what changes only how its answer is shown or how long it may take."""
    filters = question.filters
    return replace(
        question,
        history=tuple(question.history),
        filters=replace(
            filters,
            sources=tuple(filters.sources),
            article_ids=tuple(filters.article_ids),
            authors=tuple(filters.authors),
            agencies=tuple(filters.agencies),
            languages=tuple(filters.languages),
        ),
        include_passages=False,
        within_s=None,
    )


class AnswerCache(Generic[Value]):
    """Keeps the values used last; safe to share among threads.

    Args:
        size: Most values that are kept; 0 keeps none.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Value | None:
        """Return the value kept for a key, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a value; the one that was not used for the longest time goes where there are too many."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


class InFlight(Generic[Value]):
    """Lets the first who asks work a value out, and all who ask meanwhile wait for that one.

    Args:
        most_followers: Most that wait for others at the same time, over all keys.
    """

    def __init__(self, most_followers: int) -> None:
        self._most_followers = most_followers
        self._followers = 0
        self._running: dict[Key, Future[Value]] = {}
        self._lock = threading.Lock()

    def lead(self, key: Key) -> Future[Value] | None:
        """Begin with a key: None for whoever is to work it out, else the future to follow.

        Whoever leads must call `finish`.

        Raises:
            TimeoutError: Too many follow already.
        """
        with self._lock:
            running = self._running.get(key)
            if running is None:
                self._running[key] = Future()
            elif self._followers >= self._most_followers:
                raise TimeoutError
            else:
                self._followers += 1
            return running

    def follow(self, running: Future[Value], within_s: float) -> Value:
        """Wait for what another works out.

        Raises:
            TimeoutError: It takes longer than `within_s` seconds.
            Exception: What the other ran into.
        """
        try:
            return running.result(within_s)
        except FutureTimeout:
            raise TimeoutError from None
        finally:
            with self._lock:
                self._followers -= 1

    def finish(self, key: Key, work: Callable[[], Value]) -> Value:
        """Work a value out and tell those who wait for it."""
        try:
            value = work()
        except BaseException as error:
            self._end(key).set_exception(error)
            raise
        self._end(key).set_result(value)
        return value

    def _end(self, key: Key) -> Future[Value]:
        with self._lock:
            return self._running.pop(key)
