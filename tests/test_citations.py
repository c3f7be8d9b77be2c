"""Citations: the sentence around a span, consecutive numbers, copies named and not repeated."""

from hypothesis import given
from hypothesis import strategies as st

from qa_service.citations import cite, quote_around
from qa_service.types import Answer, Span
from tests.fakes import article, hit, span

ARRIVAL = article("a", "Putin kam am 19. Juni an. Er besuchte Nordkorea. Danach flog er weiter.")
COPY = article("b", "Putin kam am 19. Juni an. Er besuchte Nordkorea. Dann flog er weiter.")
OTHER = article("c", "In Nordkorea wurde Putin erwartet.")


def answer(*spans: Span) -> Answer:
    return Answer(spans[0].text, "country", 0.9, spans, len(spans), len(spans))


def test_the_quote_is_the_whole_sentence():
    (cited,) = cite([answer(span(ARRIVAL, "Nordkorea"))], {})
    assert cited.citations[0].quote == "Er besuchte Nordkorea."


def test_a_span_over_two_sentences_is_quoted_with_both():
    (cited,) = cite([answer(span(ARRIVAL, "Nordkorea. Danach"))], {})
    assert cited.citations[0].quote == "Er besuchte Nordkorea. Danach flog er weiter."


def test_numbers_run_on_over_all_answers():
    first = answer(span(ARRIVAL, "Nordkorea"), span(OTHER, "Nordkorea"))
    second = answer(span(OTHER, "Putin"))
    numbers = [[c.number for c in cited.citations] for cited in cite([first, second], {})]
    assert numbers == [[1, 2], [3]]


def test_a_copy_of_a_cited_article_is_listed_and_not_cited():
    copies = {"a": frozenset("ab"), "b": frozenset("ab"), "c": frozenset("c")}
    spans = (span(ARRIVAL, "Nordkorea"), span(COPY, "Nordkorea"), span(OTHER, "Nordkorea"))
    (cited,) = cite([answer(*spans)], copies)
    assert [(c.span.hit.article.id, c.duplicates) for c in cited.citations] == [("a", ("b",)), ("c", ())]


def test_a_sentence_is_cited_once_though_two_passages_hold_it():
    (cited,) = cite([answer(span(ARRIVAL, "Nordkorea"), span(ARRIVAL, "besuchte Nordkorea"))], {})
    assert [c.span.text for c in cited.citations] == ["Nordkorea"]


def test_two_sentences_of_one_article_are_both_cited():
    (cited,) = cite([answer(span(ARRIVAL, "Putin"), span(ARRIVAL, "Er"))], {"a": frozenset("ab")})
    assert [c.quote for c in cited.citations] == ["Putin kam am 19. Juni an.", "Er besuchte Nordkorea."]


def test_further_sentences_of_an_article_come_after_the_other_articles():
    (cited,) = cite([answer(span(ARRIVAL, "Putin"), span(ARRIVAL, "Er"), span(OTHER, "Putin"))], {})
    assert [c.span.hit.article.id for c in cited.citations] == ["a", "c", "a"]


def test_a_capital_that_supports_a_country_is_explained():
    hanoi = article("h", "Putin landete in Hanoi.")
    (cited,) = cite([answer(span(hanoi, "Hanoi"))], {})
    assert cited.citations[0].note == "Hanoi ist die Hauptstadt von Vietnam."


@given(text=st.text(min_size=1, max_size=80), data=st.data())
def test_the_quote_always_encloses_the_span(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    of = article("x", text)
    place = Span(hit(of), start, end, 1.0, 0.9)
    quote_start, quote_end = quote_around(of, start, end, {})
    assert 0 <= quote_start <= start < end <= quote_end <= len(text)
    assert place.text in text[quote_start:quote_end]
