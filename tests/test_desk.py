"""What is known is not worked out again, what is asked twice at once is worked out once."""

import threading
from dataclasses import replace

import pytest

from index.types import Filters
from qa_service.answer_cache import AnswerCache
from qa_service.answerer import Answerer, Inquiry
from qa_service.desk import Desk
from qa_service.errors import OverloadedError
from qa_service.gate import Gate
from qa_service.types import Question, Reply, Turn
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

ASKED = Question("Welche Länder hat Putin besucht?")


class Counting:
    """An answerer that counts its work, and that can be held up."""

    def __init__(self) -> None:
        self._answerer = Answerer(
            search=FakeFinder(TRAVELS), reader=FakeReader(COUNTRIES), archive=FakeLibrary(TRAVELS)
        )
        self.worked = 0
        self.begun = threading.Event()
        self.go = threading.Event()
        self.go.set()

    def answer(self, question: Question) -> Reply:
        return self.read(self.find(question))

    def find(self, question: Question) -> Inquiry:
        return self._answerer.find(question)

    def read(self, inquiry: Inquiry) -> Reply:
        self.worked += 1
        self.begun.set()
        self.go.wait(5)
        return self._answerer.read(inquiry)


class Noting:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def answered(self, _reply: Reply, how: str) -> None:
        self.seen.append(how)

    def shed(self, why: str) -> None:
        self.seen.append(why)


class Here:
    """A desk with its parts; the archive's change is set by hand."""

    def __init__(self, *, size: int = 10, at_once: int = 1, waiting: int = 1, followers: int = 10) -> None:
        self.answerer, self.noted, self.change = Counting(), Noting(), 7
        self.desk = Desk(
            self.answerer,
            Gate(at_once=at_once, waiting=waiting),
            cache=AnswerCache(size),
            followers=followers,
            change=lambda: self.change,
            embedder="e",
            reader="r",
            deadline_s=5.0,
            watcher=self.noted,
        )

    def in_background(self, question: Question) -> tuple[threading.Thread, list[Reply]]:
        """Ask in a thread, which stands still in the middle of its work."""
        replies: list[Reply] = []
        self.answerer.go.clear()
        self.answerer.begun.clear()
        thread = threading.Thread(target=lambda: replies.append(self.desk.answer(question)))
        thread.start()
        self.answerer.begun.wait(5)
        return thread, replies


def test_the_same_question_is_answered_from_memory():
    here = Here()
    first, second = here.desk.answer(ASKED), here.desk.answer(ASKED)
    assert first.answers == second.answers
    assert here.answerer.worked == 1
    assert here.noted.seen == ["worked_out", "cached"]


def test_an_answer_from_memory_tells_its_own_times():
    here = Here()
    first, second = here.desk.answer(ASKED), here.desk.answer(ASKED)
    assert set(first.timings_ms) == {"embed", "search", "read", "answers", "wait", "total"}
    assert set(second.timings_ms) == set(first.timings_ms)
    assert [second.timings_ms[stage] for stage in ("embed", "search", "read", "answers", "wait")] == [0] * 5
    assert 0 < second.timings_ms["total"] < 1000


@pytest.mark.parametrize(
    "other",
    [
        Question("Welche Länder besuchte Putin?"),
        replace(ASKED, history=(Turn("Wer ist Putin?"),)),
        replace(ASKED, filters=Filters(published_from="2024-06-20")),
        replace(ASKED, max_answers=1),
        replace(ASKED, min_confidence=0.95),
    ],
)
def test_another_question_is_worked_out(other: Question):
    here = Here()
    here.desk.answer(ASKED)
    here.desk.answer(other)
    assert here.answerer.worked == 2


def test_a_question_that_only_shows_more_is_known_and_shows_more():
    here = Here()
    here.desk.answer(ASKED)
    reply = here.desk.answer(replace(ASKED, include_passages=True, within_s=1.0))
    assert here.answerer.worked == 1
    assert reply.question.include_passages


def test_lists_and_tuples_of_sources_are_the_same_question():
    here = Here()
    here.desk.answer(replace(ASKED, filters=Filters(sources=["Kurier"])))
    here.desk.answer(replace(ASKED, filters=Filters(sources=("Kurier",))))
    assert here.answerer.worked == 1


def test_after_a_change_of_the_archive_nothing_known_is_used():
    here = Here()
    here.desk.answer(ASKED)
    here.change = 8
    here.desk.answer(ASKED)
    assert here.answerer.worked == 2


def test_an_answer_of_indexes_that_lag_is_not_kept():
    here = Here()
    here.change = 8  # the finder has seen change 7
    here.desk.answer(ASKED)
    here.desk.answer(ASKED)
    assert here.answerer.worked == 2


def test_the_answer_not_used_for_longest_is_forgotten():
    here = Here(size=1)
    for question in (ASKED, replace(ASKED, max_answers=1), ASKED):
        here.desk.answer(question)
    assert here.answerer.worked == 3


def test_a_cache_of_size_0_keeps_nothing():
    here = Here(size=0)
    here.desk.answer(ASKED)
    here.desk.answer(ASKED)
    assert here.answerer.worked == 2


def test_what_is_asked_twice_at_once_is_worked_out_once():
    here = Here(size=0)
    thread, first = here.in_background(ASKED)
    second: list[Reply] = []
    follower = threading.Thread(target=lambda: second.append(here.desk.answer(ASKED)))
    follower.start()
    while here.desk._in_flight._followers == 0:
        follower.join(0.001)
    here.answerer.go.set()
    thread.join()
    follower.join()
    assert here.answerer.worked == 1
    assert second[0].answers == first[0].answers
    assert second[0].timings_ms["wait"] == second[0].timings_ms["total"] > 0


def test_an_error_reaches_all_who_waited_and_is_not_kept():
    here = Here()

    def fail(_inquiry: Inquiry) -> Reply:
        raise ZeroDivisionError

    here.answerer.read = fail
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            here.desk.answer(ASKED)
    assert here.desk.gate.inside == 0


def test_too_many_questions_are_turned_away_before_any_work():
    here = Here(waiting=0)
    thread, _ = here.in_background(ASKED)
    with pytest.raises(OverloadedError) as caught:
        here.desk.answer(Question("Wer besuchte Vietnam?"))
    assert (caught.value.why, here.answerer.worked, here.noted.seen) == ("queue_full", 1, ["queue_full"])
    here.answerer.go.set()
    thread.join()


def test_too_many_who_follow_are_turned_away():
    here = Here(followers=0)
    thread, _ = here.in_background(ASKED)
    with pytest.raises(OverloadedError):
        here.desk.answer(ASKED)
    here.answerer.go.set()
    thread.join()


def test_a_client_may_wait_for_less_but_not_for_longer():
    here = Here()
    thread, _ = here.in_background(ASKED)
    with pytest.raises(OverloadedError) as caught:
        here.desk.answer(replace(ASKED, within_s=0.01))
    assert caught.value.why == "too_late"
    here.answerer.go.set()
    thread.join()


def test_a_known_answer_needs_no_place():
    here = Here(waiting=0)
    here.desk.answer(ASKED)
    thread, _ = here.in_background(Question("Wer besuchte Vietnam?"))
    assert here.desk.answer(ASKED).answers
    here.answerer.go.set()
    thread.join()


def test_a_streamed_answer_is_kept_and_used_like_any_other():
    here = Here()
    streamed = here.desk.read(here.desk.find(ASKED))
    again = here.desk.read(here.desk.find(ASKED))
    assert here.desk.answer(ASKED).answers == streamed.answers == again.answers
    assert again.hits == streamed.hits
    assert here.answerer.worked == 1
