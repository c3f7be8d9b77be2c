"""Several clients that ask on and on, and look at every reply."""

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any, Self

WITHIN_S = 400.0

Ask = Callable[[dict[str, Any]], tuple[int, Any]]


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


class Crowd:
    """Asks from `clients` threads between entering and leaving.

    Args:
        ask: Sends a body; returns the status (0 where the connection broke) and the parsed reply.
        texts: What the archive holds, by article; every passage of a reply has to stand there.
    """

    def __init__(self, ask: Ask, texts: dict[str, str], *, clients: int = 4) -> None:
        self.statuses: list[int] = []
        self.wrong: list[Any] = []
        self._ask, self._texts = ask, texts
        self._numbers = itertools.count()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def answered(self, more: int) -> None:
        """Wait for so many more answers."""
        wanted = self.statuses.count(200) + more
        until(lambda: self.statuses.count(200) >= wanted or bool(self.wrong))

    def _run(self) -> None:
        while not self._stop.is_set():
            question = f"Wer hat die Brücke {next(self._numbers)} eröffnet?"
            try:
                status, reply = self._ask({"question": question, "include_passages": True})
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                self.wrong.append(error)
                return
            if status == 200 and not self._is_right(reply):
                self.wrong.append(reply)
            self.statuses.append(status)

    def _is_right(self, reply: Any) -> bool:
        cited = [each for answer in reply["answers"] for each in answer["citations"]]
        return bool(reply["passages"]) and all(
            each.get("quote", each.get("text")) in self._texts[each["article_id"]]
            for each in [*reply["passages"], *cited]
        )
