"""How often somebody may come: a token bucket for each name, held in memory and forgotten once it is full.

The allowance of a minute may be used at once and comes back evenly. A bucket is one number, the moment at
which it will be full again (the theoretical arrival time of ITU-T I.371's leaky bucket, seen as a meter).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic_ns

MOST_NAMES = 100_000
_SECOND_NS = 1_000_000_000  # whole numbers, so that adding up intervals is exact
_PERIOD_NS = 60 * _SECOND_NS


class Rates:
    """Counts by name; safe to share among threads.

    Args:
        per_minute: The allowance, 1 to 1,000,000.
        most: Most names remembered; beyond, those who came longest ago begin anew.
        clock: Nanoseconds that never go back, whatever the time of day does; tests bring their own.
    """

    def __init__(
        self, per_minute: int, *, most: int = MOST_NAMES, clock: Callable[[], int] = monotonic_ns
    ) -> None:
        self.per_minute = per_minute
        self._interval_ns = _PERIOD_NS // per_minute
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: OrderedDict[str, int] = OrderedDict()  # who came longest ago first

    def __len__(self) -> int:
        """Return how many names are remembered."""
        return len(self._full_at)

    def take(self, name: str) -> int:
        """Take one from the bucket of a name.

        Returns:
            0 where there was one, else in how many whole seconds there will be; nothing is taken then.
        """
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(name, now), now) + self._interval_ns
            missing_ns = full_at - now - _PERIOD_NS
            if missing_ns > 0:
                return -(-missing_ns // _SECOND_NS)
            self._full_at[name] = full_at
            self._full_at.move_to_end(name)
            self._forget(now)
            return 0

    def give_back(self, name: str) -> None:
        """Undo one `take` that turned out to be of no use."""
        with self._lock:
            if name in self._full_at:
                self._full_at[name] -= self._interval_ns

    def _forget(self, now: int) -> None:
        while self._full_at:
            name, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) <= self._most:
                return
            del self._full_at[name]
