"""How many questions are answered at once, and how many wait for it; more are turned away.

A model that is asked by many at once answers each of them late. So a few are let in, a few wait in line, and
the others hear when to come back, before any model has run for them.

The line is served in its order, however long it is, until one comes who finds it full. From then on nobody in
it would be quick any more, so the newest goes first, and those who have waited longest give way, two for each
one who comes, until half of the line is left. It is over when a quarter is left. That way a burst waits its
turn, and in a lasting overload those who are answered are answered quickly, the others hear so soon, and few
stand there when it ends.

Those inside share the cores. The next one comes in when a core would have nothing to do otherwise: when all
that those inside have to read is being read (`Backlog`). Earlier it would only wait inside, where none newer
can overtake it.
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
_NEWEST_WEIGHT = 0.2  # of the newest value in the running mean: the last dozen count
_GIVE_WAY = 2  # for each one who comes while there are too many


class _Turn:
    """One who waits in line."""

    def __init__(self, *, admitted: bool) -> None:
        self.admitted = admitted
        self.displaced = False
        self.called = threading.Event()


class Backlog:
    """Work that waits for a core, from all questions; tells when none does. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0
        self._when_empty: Callable[[], None] = lambda: None

    @property
    def waiting(self) -> int:
        """How many pieces of work have not begun."""
        return self._waiting

    def add(self) -> None:
        """Count a piece of work that is to be done."""
        with self._lock:
            self._waiting += 1

    def begun(self) -> None:
        """Count a piece of work that has begun, or is not to be done any more."""
        with self._lock:
            self._waiting -= 1
            is_empty = self._waiting == 0
        if is_empty:
            self._when_empty()

    def when_empty(self, call: Callable[[], None]) -> None:
        """Have something called each time that no work waits any more."""
        self._when_empty = call


class Gate:
    """Lets a bounded number through, with a bounded line before it; safe to share among threads.

    Args:
        at_once: Most that are inside at the same time, from 1.
        waiting: Most that wait in line, from 0.
        backlog: What those inside have yet to begin. While there is any, nobody joins them.
        clock: Seconds that never go back; tests bring their own.
    """

    def __init__(
        self,
        *,
        at_once: int,
        waiting: int,
        backlog: Backlog | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._at_once = at_once
        self._most_waiting = waiting
        self._backlog = Backlog() if backlog is None else backlog
        self._clock = clock
        self._lock = threading.Lock()
        self._inside = 0
        self._line: deque[_Turn] = deque()  # the oldest first
        self._overloaded = False
        self._pace_s = _FIRST_GUESS_S  # from one that leaves to the next while others wait
        self._busy_since: float | None = None  # the last one left then, and others waited
        self._backlog.when_empty(self._wake)

    @property
    def inside(self) -> int:
        """How many are inside now."""
        return self._inside

    @property
    def waiting(self) -> int:
        """How many wait in line now."""
        return len(self._line)

    @contextmanager
    def passing(self, within_s: float, *, admitted: bool = False, brief: bool = False) -> Iterator[float]:
        """Wait for a place, hold it while the block runs, and give it to the next one.

        Args:
            within_s: Longest wait for a place, in seconds.
            admitted: Whether this one was let in before (the second half of a streamed answer), and so is
                neither turned away for the length of the line nor overtaken.
            brief: Whether this one adds nothing to the backlog, and so need not wait for it where nobody
                else waits.

        Yields:
            Seconds waited.

        Raises:
            OverloadedError: The line is full, newer ones took its place in it, or no place will be or became
                free in time.
        """
        waited_s = self._enter(within_s, admitted=admitted, brief=brief)
        entered = self._clock()
        try:
            yield waited_s
        finally:
            self._leave(None if brief else entered)

    def retry_after_s(self) -> int:
        """Guess in how many seconds those who are here now are done, 1 to 60."""
        guess = self._expected_s(self._inside + len(self._line))
        return min(max(ceil(guess), 1), MOST_RETRY_AFTER_S)

    def _enter(self, within_s: float, *, admitted: bool, brief: bool) -> float:
        started = self._clock()
        with self._lock:
            if not self._line and (self._has_room() or (brief and self._inside < self._at_once)):
                self._inside += 1
                return 0.0
            turn = _Turn(admitted=admitted)
            self._line_up(turn, within_s)
        called = turn.called.wait(within_s)
        with self._lock:
            if turn.displaced:
                raise OverloadedError("queue_full", self.retry_after_s())
            if not called and not turn.called.is_set():  # else the place was handed over in this very moment
                self._remove(turn)
                raise OverloadedError("too_late", self.retry_after_s())
        return self._clock() - started

    def _line_up(self, turn: _Turn, within_s: float) -> None:
        """Put one in line, for whom others may have to give way; the lock is held."""
        if not turn.admitted and len(self._line) >= self._most_waiting:
            if self._most_waiting == 0 or all(other.admitted for other in self._line):
                raise OverloadedError("queue_full", self.retry_after_s())
            self._overloaded = True
        before = 1 if self._overloaded else len(self._line) + 1
        if self._expected_s(before) > within_s:
            raise OverloadedError("too_late", self.retry_after_s())
        if self._overloaded and not turn.admitted:
            self._make_way()
        self._line.append(turn)

    def _make_way(self) -> None:
        """Turn away those who have waited longest, as long as there are too many; the lock is held."""
        oldest = [turn for turn in self._line if not turn.admitted]
        too_many = len(self._line) + 1 - max(self._most_waiting // 2, 1)
        for turn in oldest[: min(max(too_many, 0), _GIVE_WAY)]:
            self._line.remove(turn)
            turn.displaced = True
            turn.called.set()

    def _leave(self, entered: float | None) -> None:
        with self._lock:
            if entered is not None:
                self._learn_pace(entered)
            self._inside -= 1
            self._admit()

    def _learn_pace(self, entered: float) -> None:
        """Take one who leaves into the running mean; the lock is held."""
        now = self._clock()
        since = entered if self._inside == 1 and self._busy_since is None else self._busy_since
        if since is not None:
            self._pace_s += _NEWEST_WEIGHT * (now - since - self._pace_s)
        self._busy_since = now if self._line else None

    def _wake(self) -> None:
        """Those inside have begun all they have to do: a core will be free before they leave."""
        with self._lock:
            self._admit()

    def _admit(self) -> None:
        """Let in who may come in; the lock is held."""
        while self._line and self._has_room():
            turn = self._next()
            self._remove(turn)
            self._inside += 1
            turn.called.set()

    def _has_room(self) -> bool:
        return self._inside == 0 or (self._inside < self._at_once and not self._backlog.waiting)

    def _next(self) -> _Turn:
        admitted = next((turn for turn in self._line if turn.admitted), None)
        if admitted is not None:
            return admitted
        return self._line[-1] if self._overloaded else self._line[0]

    def _remove(self, turn: _Turn) -> None:
        self._line.remove(turn)
        self._overloaded = self._overloaded and 4 * len(self._line) > self._most_waiting

    def _expected_s(self, before: int) -> float:
        return before * self._pace_s
