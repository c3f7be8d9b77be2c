"""What a number can measure that answers a question, and numbers that measure something else."""

import pytest

from qa_service.candidates import candidates
from qa_service.normal.numbers import MEASURES, measured
from qa_service.questions import understand
from tests.fakes import article, span


@pytest.mark.parametrize(
    ("question", "possible", "impossible"),
    [
        ("Wie schwer wurden die Wölfe?", {"mass"}, {"time", "money"}),
        ("Wie lange dauerte die Fahrt?", {"time", "length"}, {"mass"}),
        ("Wie viele Maschinen hat die Flotte?", {"share", "mass"}, {"time", "money", "length"}),
        ("wieviele Maschinen hat die Flotte?", {"share"}, {"time"}),
        ("Wie viele Tonnen wurden geborgen?", {"mass"}, {"share", "time"}),
        ("Wie viel Euro kostet der Bau?", {"money"}, {"time"}),
        ("Wieviel Prozent stimmten zu?", {"share"}, {"money"}),
    ],
)
def test_what_the_wording_leaves_open(question: str, possible: set[str], impossible: set[str]) -> None:
    meant = understand(question).measures
    assert meant is not None
    assert possible <= meant <= MEASURES
    assert not impossible & meant


@pytest.mark.parametrize(
    "question",
    ["Wie hoch war die Strafe?", "Wie viel Wasser floss ab?", "Wie groß war der Vorsprung?", "Wie",
     "Wie viele", "Wer kam?", "Wie heißt der Fluss?", "", "Wie viele sind gekommen?",
     "Seit wie vielen Jahren gibt es das?"],
)  # fmt: skip
def test_what_may_be_anything(question: str) -> None:
    assert understand(question).measures is None


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("rund 20 Jahre", "time"),
        ("1,5 Mio. Euro", "money"),
        ("drei Tonnen", "mass"),
        ("20 Maschinen", None),
        ("etwa 12.500", None),
        ("viele", None),
        ("30 °C", "temperature"),
    ],
)
def test_what_a_number_measures(text: str, measure: str | None) -> None:
    assert measured(text) == measure


def test_a_number_that_measures_something_else_is_less_sure() -> None:
    fleet = article(text="Die Flotte umfasst 12 Maschinen, das älteste Flugzeug ist 20 Jahre alt.")
    spans = [span(fleet, "20", confidence=0.6), span(fleet, "12", confidence=0.5)]
    question = "Wie viele Maschinen umfasst die Flotte?"
    found = candidates(question, understand(question), spans)
    assert [(c.span.text, round(c.strength, 2)) for c in found] == [("12", 0.5), ("20 Jahre", 0.24)]
