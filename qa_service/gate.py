"""How many questions are answered at once, and how many wait for it; more are turned away.

A model that is asked by many at once answers each of them late. So a few are let in, a few wait in line, and
the others hear when to come back, before any model has run for them.

The line is served in its order until it is more than half full. Then nobody in it would be quick any more, so
the newest goes first, and one too many takes the place of the one who has waited longest. That way a short
burst waits its turn, and in a lasting overload those who are answered are answered quickly.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from time import perf_counter

from qa_service.errors import OverloadedError

MOST_RETRY_AFTER_S = 60
_FIRST_GUESS_S = 0.3
_NEWEST_WEIGHT = 0.2  # of the newest duration in the running mean: the last dozen count


class _Turn:
    """One who waits in line."""

    def __init__(self, *, admitted: bool) -> None:
        self.admitted = admitted
        self.displaced = False
        self.called = threading.Event()


class Gate:
    """Lets a bounded number through, with a bounded line before it; safe to share among threads.

    Args:
        at_once: Most that are inside at the same time, from 1.
        waiting: Most that wait in line, from 0.
        clock: Seconds that never go back; tests bring their own.
    """

    def __init__(self, *, at_once: int, waiting: int, clock: Callable[[], float] = perf_counter) -> None:
        self._at_once = at_once
        self._most_waiting = waiting
        self._clock = clock
        self._lock = threading.Lock()
        self._inside = 0
        self._line: deque[_Turn] = deque()  # the oldest first
        self._typical_s = _FIRST_GUESS_S

    @property
    def inside(self) -> int:
        """How many are inside now."""
        return self._inside

    @property
    def waiting(self) -> int:
        """How many wait in line now."""
        return len(self._line)

    @contextmanager
    def passing(self, within_s: float, *, admitted: bool = False) -> Iterator[float]:
        """Wait for a place, hold it while the block runs, and give it to the next one.

        Args:
            within_s: Longest wait for a place, in seconds.
            admitted: Whether this one was let in before (the second half of a streamed answer), and so is
                neither turned away for the length of the line nor overtaken.

        Yields:
            Seconds waited.

        Raises:
            OverloadedError: The line is full, newer ones took its place in it, or no place will be or became
                free in time.
        """
        waited_s = self._enter(within_s, admitted=admitted)
        entered = self._clock()
        try:
            yield waited_s
        finally:
            self._leave(self._clock() - entered)

    def retry_after_s(self) -> int:
        """Guess in how many seconds those who are here now are done, 1 to 60."""
        guess = self._expected_s(self._inside + len(self._line))
        return min(max(ceil(guess), 1), MOST_RETRY_AFTER_S)

    def _enter(self, within_s: float, *, admitted: bool) -> float:
        started = self._clock()
        with self._lock:
            if self._inside < self._at_once and not self._line:
                self._inside += 1
                return 0.0
            turn = _Turn(admitted=admitted)
            self._line_up(turn, within_s)
        called = turn.called.wait(within_s)
        with self._lock:
            if turn.displaced:
                raise OverloadedError("queue_full", self.retry_after_s())
            if not called and not turn.called.is_set():  # else the place was handed over in this very moment
                self._line.remove(turn)
                raise OverloadedError("too_late", self.retry_after_s())
        return self._clock() - started

    def _line_up(self, turn: _Turn, within_s: float) -> None:
        """Put one in line, who may push another out of it; the lock is held."""
        oldest = None
        if not turn.admitted and len(self._line) >= self._most_waiting:
            oldest = next((other for other in self._line if not other.admitted), None)
            if oldest is None or self._most_waiting == 0:
                raise OverloadedError("queue_full", self.retry_after_s())
        before = 1 if self._is_crowded(len(self._line) + 1) else len(self._line) + 1
        if self._expected_s(before) > within_s:
            raise OverloadedError("too_late", self.retry_after_s())
        if oldest is not None:
            self._line.remove(oldest)
            oldest.displaced = True
            oldest.called.set()
        self._line.append(turn)

    def _leave(self, took_s: float) -> None:
        with self._lock:
            self._typical_s += _NEWEST_WEIGHT * (took_s - self._typical_s)
            if self._line:
                turn = self._next()
                self._line.remove(turn)
                turn.called.set()  # the place goes over; `_inside` stays
            else:
                self._inside -= 1

    def _next(self) -> _Turn:
        admitted = next((turn for turn in self._line if turn.admitted), None)
        if admitted is not None:
            return admitted
        return self._line[-1] if self._is_crowded(len(self._line)) else self._line[0]

    def _is_crowded(self, waiting: int) -> bool:
        return 2 * waiting > self._most_waiting

    def _expected_s(self, before: int) -> float:
        return before * self._typical_s / self._at_once
