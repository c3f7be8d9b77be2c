"""The pipeline over fakes: what is searched, what is read, and what is said where nothing is found."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from index.types import Article, Filters, Hit, Passage
from qa_service import reading
from qa_service.answerer import Answerer
from qa_service.reading import Depth
from qa_service.types import Question, Reply, Span, Turn
from tests.fakes import FakeFinder, FakeLibrary, FakeReader, article, hit, span

TRIP = article("reise", "Putin besuchte Nordkorea und Vietnam.", published="2024-06-19")
REPORT = article("bericht", "Biden besuchte Vietnam im September.", published="2023-09-10")


def answerer(*articles: Article, words: dict[str, float] | None = None, **options: Any) -> Answerer:
    return Answerer(
        search=FakeFinder(articles),
        reader=FakeReader({"Nordkorea": 0.9} if words is None else words),
        archive=FakeLibrary(articles),
        **options,
    )


def test_an_answer_is_quoted_from_the_article_found():
    reply = answerer(TRIP).answer(Question("Welches Land hat Putin besucht?"))
    assert (reply.status, reply.sentence) == ("answered", "Nordkorea")
    assert reply.answers[0].citations[0].quote == TRIP.text


def test_an_empty_archive_is_the_reason_for_silence():
    assert answerer().answer(Question("Welches Land hat Putin besucht?")).reason == "index_empty"


def test_a_greeting_is_not_searched_for():
    finder = FakeFinder([TRIP])
    reply = Answerer(search=finder, reader=FakeReader({}), archive=FakeLibrary([TRIP])).answer(
        Question("hallo")
    )
    assert (reply.reason, finder.asked) == ("not_a_question", [])


def test_filters_that_let_nothing_through_are_the_reason_for_silence():
    question = Question("Welches Land hat Putin besucht?", filters=Filters(article_ids=("nein",)))
    assert answerer(TRIP).answer(question).reason == "outside_filters"


def test_passages_without_an_answer_are_still_shown():
    reply = answerer(TRIP, words={}).answer(Question("Welches Land hat Putin besucht?"))
    assert (reply.reason, [hit.article.id for hit in reply.hits]) == ("no_relevant_passage", ["reise"])


def test_a_question_for_one_thing_reads_fewer_passages_than_one_for_several():
    many = [article(f"a{i}", f"Am {i}. Juni reiste Putin nach Nordkorea.") for i in range(6)]
    of = answerer(*many, passages_found=6, depth=Depth(2, 2), list_depth=Depth(4, 4))
    single = of.answer(Question("Welches Land hat Putin besucht?"))
    several = of.answer(Question("Welche Länder hat Putin besucht?"))
    assert (single.coverage.passages_read, several.coverage.passages_read) == (2, 4)
    assert (single.coverage.may_be_incomplete, several.coverage.may_be_incomplete) == (False, True)


def test_what_several_papers_print_word_for_word_is_read_once_and_cited_from_each():
    later = article("b", "Berichtigung.\n\n" + TRIP.text, source="Tageblatt")
    other = article("c", "Putin reiste nach China.", source="Abendblatt")
    copy = Hit(Passage(9, later.id, 0, 15, len(later.text)), later, score=0.5, dense=0.5, lexical=0.5)
    reader = Noting({"Nordkorea": 0.9})
    read, spans = reading.read(reader, "Wohin?", [hit(TRIP), copy, hit(other)], Depth(2, 2), many=False)
    assert [each.article.id for each in read] == reader.read_of == ["reise", "c"]
    assert [(s.hit.article.id, s.text, s.start) for s in spans] == [
        ("reise", "Nordkorea", 15),
        ("b", "Nordkorea", 30),
    ]


def test_items_of_an_enumeration_move_with_it():
    later = article("b", "Berichtigung.\n\n" + TRIP.text)
    copy = Hit(Passage(9, later.id, 0, 15, len(later.text)), later, score=0.5, dense=0.5, lexical=0.5)
    first = replace(span(TRIP, "Nordkorea und Vietnam"), items=((15, 24), (29, 36)))
    reader = Saying([first])
    _, spans = reading.read(reader, "Wohin?", [first.hit, copy], Depth(3, 3), many=True)
    assert [later.text[start:end] for start, end in spans[1].items] == ["Nordkorea", "Vietnam"]


@pytest.mark.parametrize(("sure", "read"), [(0.5, [4, 4, 2]), (0.3, [4])], ids=["they answer", "they do not"])
def test_a_list_is_read_on_as_long_as_the_last_passages_answer(sure: float, read: list[int]):
    articles = [article(f"a{i}", f"Am {i}. Juni reiste Putin nach Nordkorea.") for i in range(12)]
    reader = Noting({"Nordkorea": sure})
    reading.read(reader, "Wohin?", [hit(each) for each in articles], Depth(4, 10), many=True)
    assert reader.steps == read


def test_what_only_the_first_passages_answer_is_not_read_on():
    trips = [article(f"a{i}", f"Am {i}. Juni reiste Putin nach Nordkorea.") for i in range(2)]
    others = [article(f"b{i}", f"Am {i}. Juni blieb Putin in Moskau.") for i in range(8)]
    reader = Noting({"Nordkorea": 0.9})
    reading.read(reader, "Wohin?", [hit(each) for each in trips + others], Depth(4, 10), many=True)
    assert reader.steps == [4]


class Noting(FakeReader):
    """Notes which articles it was given, and how many each time."""

    def __init__(self, words: dict[str, float]) -> None:
        super().__init__(words)
        self.read_of: list[str] = []
        self.steps: list[int] = []

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        self.read_of += [each.article.id for each in hits]
        self.steps.append(len(hits))
        return super().read(question, hits, many=many)


class Saying:
    """Always says the same."""

    identity = "saying"

    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:  # noqa: ARG002
        return self._spans


def test_a_follow_up_is_searched_with_what_it_refers_to():
    history = (Turn("Welches Land hat Putin besucht?", "Nordkorea"),)
    inquiry = answerer(TRIP).find(Question("Und wann war er dort?", history=history))
    assert "Putin" in inquiry.candidates[0]


RIVER = article("fluss", "Die Ense tritt bei Alpach über die Ufer.")
LAKE = article("see", "Der Wehrsee liegt bei Brüel.")


class OnePlaceEach(FakeReader):
    """Reads only a question for one river or lake, as a part of a longer one asks."""

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        """Find the word that belongs to the part."""
        here = [hit for hit in hits if ("Ense" in question) == ("Ense" in hit.text)]
        return [] if many or " und " in question else super().read(question, here, many=many)


def parted(question: str, words: dict[str, float]) -> Reply:
    of = Answerer(
        search=FakeFinder([RIVER, LAKE]), reader=OnePlaceEach(words), archive=FakeLibrary([RIVER, LAKE])
    )
    return of.answer(Question(question))


def test_a_question_about_several_things_is_answered_part_by_part_in_their_order():
    reply = parted("Welche Orte liegen an der Ense 2023 und am Wehrsee 2024?", {"Alpach": 0.8, "Brüel": 0.9})
    assert (reply.status, reply.sentence) == ("answered", "Alpach und Brüel")
    assert [a.citations[0].span.hit.article.id for a in reply.answers] == ["fluss", "see"]


def test_where_only_one_part_has_an_answer_the_question_stays_whole():
    assert parted("Welche Orte liegen an der Ense und am Wehrsee?", {"Alpach": 0.8}).status == "no_answer"


class WholeOnly(FakeReader):
    """Finds nothing where several are asked for at once."""

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        """Read parts only."""
        return [] if many else super().read(question, hits, many=many)


def chaired(**limits: str) -> list[str]:
    articles = [
        article("alt", "Den Verein führt Alma Roth.", published="2009-05-01"),
        article("neu", "Den Verein führt Bert Kolm.", published="2011-05-01"),
    ]
    reader = WholeOnly({"Alma Roth": 0.9, "Bert Kolm": 0.8})
    of = Answerer(search=FakeFinder(articles), reader=reader, archive=FakeLibrary(articles))
    question = Question("Wer führte den Verein 2009 und 2011?", filters=Filters(**limits))
    return [answer.text for answer in of.answer(question).answers]


def test_parts_that_ask_of_different_times_are_read_in_articles_of_their_time():
    assert chaired() == ["Alma Roth", "Bert Kolm"]


def test_limits_that_the_user_sets_come_before_the_times_of_the_parts():
    assert "Bert Kolm" not in chaired(published_to="2010-01-01")


class ForgetfulLibrary(FakeLibrary):
    """An archive from which articles are deleted while they are read."""

    def copies(self, article_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        return {i: cluster for i, cluster in super().copies(article_ids).items() if i != TRIP.id}


def test_an_article_that_is_deleted_while_it_is_read_is_in_no_answer():
    of = Answerer(
        search=FakeFinder([TRIP, REPORT]),
        reader=FakeReader({"Nordkorea": 0.9, "Vietnam": 0.8}),
        archive=ForgetfulLibrary([TRIP, REPORT]),
    )
    reply = of.answer(Question("Welche Länder hat Putin besucht?"))
    assert [hit.article.id for hit in reply.hits] == ["bericht"]
    assert {c.span.hit.article.id for answer in reply.answers for c in answer.citations} == {"bericht"}


@pytest.mark.parametrize("stage", ["embed", "search", "read", "answers", "total"])
def test_every_stage_is_timed(stage: str):
    assert answerer(TRIP).answer(Question("Welches Land hat Putin besucht?")).timings_ms[stage] >= 0


def test_the_change_searched_is_told():
    assert answerer(TRIP).answer(Question("Welches Land hat Putin besucht?")).change == 7


class Vocabulary:
    """Knows Nordkorea, Putin and what a slip makes of them."""

    def occurrences(self, words: Sequence[str]) -> list[int]:
        return [int(word.lower() in {"putin", "nordkorea"}) for word in words]

    def written(self, word: str) -> str:
        return word.capitalize()


def test_a_mistyped_question_is_searched_and_shown_as_it_was_meant():
    finder = FakeFinder([TRIP])
    of = Answerer(
        search=finder,
        reader=FakeReader({"Nordkorea": 0.9}),
        archive=FakeLibrary([TRIP]),
        vocabulary=Vocabulary(),
    )
    reply = of.answer(Question("Welches Land hat Ptuin besucht?"))
    assert reply.standalone == "Welches Land hat Putin besucht?"
    assert finder.asked == [reply.standalone]
    assert reply.question.text == "Welches Land hat Ptuin besucht?"


def test_a_mistyped_earlier_question_is_understood_as_well():
    finder = FakeFinder([TRIP])
    of = Answerer(search=finder, reader=FakeReader({}), archive=FakeLibrary([TRIP]), vocabulary=Vocabulary())
    history = [Turn("Wann war Putin in Nrodkorea?", "2024")]
    reply = of.answer(Question("Und warum war er dort?", history=history))
    assert "Putin" in reply.standalone
    assert "Nrodkorea" not in reply.standalone
