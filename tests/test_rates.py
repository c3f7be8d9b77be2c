"""Token buckets, with a clock that tests set."""

from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.rates import Rates


class Clock:
    """Time as told."""

    def __init__(self) -> None:
        self.now_s = 1000

    def __call__(self) -> int:
        return self.now_s * 1_000_000_000


def test_the_allowance_of_a_minute_may_be_used_at_once():
    rates = Rates(3, clock=Clock())
    assert [rates.take("a") for _ in range(4)] == [0, 0, 0, 20]


def test_the_allowance_comes_back_evenly():
    clock = Clock()
    rates = Rates(3, clock=clock)
    for _ in range(3):
        rates.take("a")
    clock.now_s += 19
    assert rates.take("a") == 1
    clock.now_s += 1
    assert [rates.take("a"), rates.take("a")] == [0, 20]


def test_a_refusal_takes_nothing():
    clock = Clock()
    rates = Rates(1, clock=clock)
    rates.take("a")
    assert {rates.take("a") for _ in range(9)} == {60}
    clock.now_s += 60
    assert rates.take("a") == 0


def test_names_do_not_use_up_each_other():
    rates = Rates(1, clock=Clock())
    assert [rates.take("a"), rates.take("b"), rates.take("a")] == [0, 0, 60]


def test_what_is_given_back_can_be_taken_again():
    rates = Rates(1, clock=Clock())
    rates.take("a")
    rates.give_back("a")
    rates.give_back("unknown")
    assert rates.take("a") == 0


def test_a_full_bucket_is_forgotten():
    clock = Clock()
    rates = Rates(60, clock=clock)
    for name in "abc":
        rates.take(name)
    clock.now_s += 1
    rates.take("d")
    assert len(rates) == 1


def test_no_more_names_are_remembered_than_fit():
    rates = Rates(1, most=100, clock=Clock())
    for number in range(1000):
        rates.take(str(number))
    assert len(rates) == 100
    assert rates.take("999") == 60
    assert rates.take("0") == 0


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 8), st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_no_minute_lets_more_through_than_two_allowances(per_minute: int, pauses: list[int]):
    clock = Clock()
    rates = Rates(per_minute, clock=clock)
    let_through = []
    for pause in pauses:
        clock.now_s += pause
        if rates.take("a") == 0:
            let_through.append(clock.now_s)
    for start in let_through:
        assert sum(start <= at < start + 60 for at in let_through) <= 2 * per_minute


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 60))
def test_who_comes_back_after_the_time_named_is_let_in(per_minute: int):
    clock = Clock()
    rates = Rates(per_minute, clock=clock)
    assert [rates.take("a") for _ in range(per_minute)] == [0] * per_minute
    for _ in range(5):
        pause_s = rates.take("a")
        assert 1 <= pause_s <= ceil(60 / per_minute)
        clock.now_s += pause_s
        assert rates.take("a") == 0
        while rates.take("a") == 0:
            pass
