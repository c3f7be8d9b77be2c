"""A bounded number is let in, a bounded line waits, the rest is told when to come back."""

import threading
import time

import pytest

from qa_service.errors import OverloadedError
from qa_service.gate import Gate

SOON_S = 60.0


class Inside:
    """A thread that passes the gate and stays inside until told."""

    def __init__(self, gate: Gate, *, order: list[str] | None = None, name: str = "") -> None:
        self._go = threading.Event()
        self.entered = threading.Event()
        self._gate, self._order, self._name = gate, order, name
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self._gate.passing(SOON_S):
            if self._order is not None:
                self._order.append(self._name)
            self.entered.set()
            self._go.wait(SOON_S)

    def leave(self) -> None:
        self._go.set()
        self.thread.join()


def until(true) -> None:
    end = time.monotonic() + SOON_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_who_finds_a_place_does_not_wait():
    gate = Gate(at_once=1, waiting=0)
    with gate.passing(0.0) as waited_s:
        assert (waited_s, gate.inside) == (0.0, 1)
    assert gate.inside == 0


def test_who_finds_line_and_places_full_is_turned_away():
    gate = Gate(at_once=1, waiting=0)
    with gate.passing(1.0), pytest.raises(OverloadedError) as caught, gate.passing(1.0):
        pass
    assert (caught.value.why, caught.value.retry_after_s) == ("queue_full", 1)


def test_who_was_admitted_before_waits_however_long_the_line():
    gate = Gate(at_once=1, waiting=0)
    first = Inside(gate)
    first.entered.wait()
    threading.Timer(0.05, first.leave).start()
    with gate.passing(SOON_S, admitted=True) as waited_s:
        assert waited_s > 0
    first.thread.join()


def test_the_line_is_served_in_its_order():
    gate, order = Gate(at_once=1, waiting=6), []
    first = Inside(gate)
    first.entered.wait()
    others = []
    for number, name in enumerate("abc", start=1):
        others.append(Inside(gate, order=order, name=name))
        until(lambda number=number: gate.waiting == number)
    for one in (first, *others):
        one.leave()
    assert order == ["a", "b", "c"]
    assert (gate.inside, gate.waiting) == (0, 0)


def test_a_crowded_line_is_served_newest_first_and_the_rest_in_its_order():
    gate, order = Gate(at_once=1, waiting=4), []
    first = Inside(gate)
    first.entered.wait()
    others = {}
    for number, name in enumerate("abcd", start=1):
        others[name] = Inside(gate, order=order, name=name)
        until(lambda number=number: gate.waiting == number)
    first.leave()
    for name in "dcab":
        others[name].entered.wait()
        others[name].leave()
    assert order == ["d", "c", "a", "b"]  # d of four, c of three; two of four is no crowd


def test_one_too_many_takes_the_place_of_the_one_who_has_waited_longest():
    gate, order, turned_away = Gate(at_once=1, waiting=2), [], []

    def wait_in_vain() -> None:
        try:
            with gate.passing(SOON_S):
                order.append("a")
        except OverloadedError as error:
            turned_away.append((error.why, error.retry_after_s))

    first = Inside(gate)
    first.entered.wait()
    oldest = threading.Thread(target=wait_in_vain)
    oldest.start()
    until(lambda: gate.waiting == 1)
    second = Inside(gate, order=order, name="b")
    until(lambda: gate.waiting == 2)
    third = Inside(gate, order=order, name="c")
    oldest.join()
    assert turned_away == [("queue_full", 1)]
    first.leave()
    third.leave()
    second.leave()
    assert order == ["c", "b"]
    assert (gate.inside, gate.waiting) == (0, 0)


def test_who_was_admitted_before_is_neither_pushed_out_nor_overtaken():
    gate, order = Gate(at_once=1, waiting=1), []
    first = Inside(gate)
    first.entered.wait()
    streamed = threading.Thread(target=lambda: _passes(gate, order))
    streamed.start()
    until(lambda: gate.waiting == 1)
    with pytest.raises(OverloadedError), gate.passing(SOON_S):
        pass
    first.leave()
    streamed.join()
    assert order == ["streamed"]


def _passes(gate: Gate, order: list[str]) -> None:
    with gate.passing(SOON_S, admitted=True):
        order.append("streamed")


def test_a_place_that_becomes_free_too_late_is_not_waited_for():
    now = [0.0]
    gate = Gate(at_once=1, waiting=5, clock=lambda: now[0])
    for _ in range(60):  # each took 10 s
        with gate.passing(1.0):
            now[0] += 10
    started = time.monotonic()
    with gate.passing(1.0), pytest.raises(OverloadedError) as caught, gate.passing(5.0):
        pass
    assert (caught.value.why, caught.value.retry_after_s) == ("too_late", 10)
    assert time.monotonic() - started < 1


def test_who_waits_in_vain_leaves_the_line():
    gate = Gate(at_once=1, waiting=1)
    with gate.passing(1.0), pytest.raises(OverloadedError) as caught, gate.passing(0.31):
        pass
    assert caught.value.why == "too_late"
    assert (gate.inside, gate.waiting) == (0, 0)


def test_an_error_inside_frees_the_place():
    gate = Gate(at_once=1, waiting=0)
    with pytest.raises(ZeroDivisionError), gate.passing(1.0):
        raise ZeroDivisionError
    assert gate.inside == 0


def test_never_more_than_allowed_are_inside_and_none_is_lost():
    gate, most, done, lock = Gate(at_once=3, waiting=100), [0], [0], threading.Lock()

    def work() -> None:
        for _ in range(20):
            with gate.passing(60.0):
                with lock:
                    most[0] = max(most[0], gate.inside)
                time.sleep(0.0002)
            with lock:
                done[0] += 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (done[0], gate.inside, gate.waiting) == (240, 0, 0)
    assert most[0] <= 3
