"""A bounded number is let in, a bounded line waits, the rest is told when to come back."""

import threading
import time

import pytest

from qa_service.errors import OverloadedError
from qa_service.gate import Backlog, Gate

SOON_S = 60.0


class Inside:
    """A thread that passes the gate and stays inside until told, or is turned away."""

    def __init__(self, gate: Gate, *, order: list[str] | None = None, name: str = "") -> None:
        self._go = threading.Event()
        self.entered = threading.Event()
        self._gate, self._order, self._name = gate, order, name
        self.turned_away: list[OverloadedError] = []
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            with self._gate.passing(SOON_S):
                if self._order is not None:
                    self._order.append(self._name)
                self.entered.set()
                self._go.wait(SOON_S)
        except OverloadedError as error:
            self.turned_away.append(error)

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


class Line:
    """Those who come to a gate where one is inside already, each after the other."""

    def __init__(self, gate: Gate, names: str) -> None:
        self._gate = gate
        self.order: list[str] = []
        self.first = Inside(gate)
        self.first.entered.wait()
        self.others: dict[str, Inside] = {}
        for number, name in enumerate(names, start=1):
            self._comes(name)
            until(lambda number=number: gate.waiting == number)

    def come_one_too_many(self, name: str, *, give_way: int) -> None:
        """One more comes, for whom so many give way."""
        before = len(self.turned_away())
        self._comes(name)
        until(lambda: len(self.turned_away()) == before + give_way)

    def turned_away(self) -> str:
        """Names of those turned away."""
        return "".join(name for name, one in self.others.items() if one.turned_away)

    def served(self) -> str:
        """Let everybody pass, one after the other; returns the names in the order of their turns."""
        self.first.leave()
        left = {name for name, one in self.others.items() if not one.turned_away}
        while left - set(self.order) or self._gate.inside:
            until(lambda: set(self.order) == left or self._gate.inside)
            for name in self.order:
                self.others[name].leave()
        return "".join(self.order)

    def _comes(self, name: str) -> None:
        self.others[name] = Inside(self._gate, order=self.order, name=name)


def test_a_full_line_keeps_its_order_while_nobody_more_comes():
    assert Line(Gate(at_once=1, waiting=4), "abcd").served() == "abcd"


def test_once_one_too_many_has_come_the_oldest_give_way_and_the_newest_go_first():
    line = Line(Gate(at_once=1, waiting=8), "abcdefgh")
    line.come_one_too_many("i", give_way=2)
    line.come_one_too_many("j", give_way=2)
    assert line.turned_away() == "abcd"
    assert {one.why for name in "abcd" for one in line.others[name].turned_away} == {"queue_full"}
    assert line.served() == "jihgef"  # two of eight are no crowd any more


def test_in_a_lasting_overload_half_of_the_line_waits():
    gate = Gate(at_once=1, waiting=8)
    line = Line(gate, "abcdefgh")
    for name, give_way in zip("ijklmn", (2, 2, 2, 2, 1, 1), strict=True):
        line.come_one_too_many(name, give_way=give_way)
    assert (gate.waiting, line.turned_away()) == (4, "abcdefghij")
    assert line.served() == "nmkl"


def test_when_the_overload_is_over_a_full_line_keeps_its_order_again():
    gate = Gate(at_once=1, waiting=2)
    line = Line(gate, "ab")
    line.come_one_too_many("c", give_way=2)
    assert line.served() == "c"
    assert Line(gate, "de").served() == "de"
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


def test_the_next_one_comes_in_when_all_there_is_to_read_is_being_read():
    backlog = Backlog()
    gate = Gate(at_once=2, waiting=4, backlog=backlog)
    for _ in range(3):
        backlog.add()
    line = Line(gate, "ab")
    backlog.begun()
    backlog.begun()
    assert (gate.inside, gate.waiting) == (1, 2)
    backlog.begun()
    line.others["a"].entered.wait()
    assert (gate.inside, gate.waiting) == (2, 1)  # no more than two, whatever there is to read
    assert line.served() == "ab"


def test_who_is_alone_comes_in_whatever_waits_for_a_core():
    backlog = Backlog()
    backlog.add()
    with Gate(at_once=2, waiting=0, backlog=backlog).passing(0.0) as waited_s:
        assert waited_s == 0.0


def test_a_search_need_not_wait_for_what_others_have_to_read():
    backlog = Backlog()
    gate = Gate(at_once=2, waiting=4, backlog=backlog)
    backlog.add()
    line = Line(gate, "")
    with gate.passing(0.0, brief=True) as waited_s:
        assert waited_s == 0.0
    assert line.served() == ""


def test_a_search_waits_where_others_wait():
    backlog = Backlog()
    gate = Gate(at_once=2, waiting=4, backlog=backlog)
    backlog.add()
    line = Line(gate, "a")
    with pytest.raises(OverloadedError) as caught, gate.passing(0.61, brief=True):
        pass
    assert caught.value.why == "too_late"
    assert line.served() == "a"


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
