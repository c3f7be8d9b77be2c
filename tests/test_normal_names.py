"""Names of persons and organisations, plain strings, and what of a span is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.normal import normalise, shown
from qa_service.normal.names import abbreviation, initials_match
from qa_service.types import Kind


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("person", "Bundeskanzler Olaf Scholz", "Olaf Scholz"),
        ("person", "der US-Präsident Barack Obama", "Barack Obama"),
        ("person", "Vorsitzende Richterin Bärbel Stock", "Bärbel Stock"),
        ("person", "Kim Jong-un", "Kim Jong Un"),
        ("person", "Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
        ("person", "Dr. Angela Merkel", "Angela Merkel"),
        ("organisation", "Bundesamt für Verfassungsschutz (BfV)", "Bundesamts für Verfassungsschutz"),
        ("thing", "in der Türkei", "Türkei"),
        ("thing", "„Christoph 27“", "Christoph 27"),
        ("thing", "schwere Verletzungen", "schweren Verletzungen"),
        ("place", "Russlands", "Russland"),
    ],
)
def test_the_same_name_has_the_same_key(kind: Kind, one: str, other: str):
    first, second = (normalise(text[slice(*shown(text, kind))], kind) for text in (one, other))
    assert first.key == second.key


@pytest.mark.parametrize(
    ("kind", "text", "part"),
    [
        ("person", "Spanier Rafael Nadal", "Rafael Nadal"),
        ("person", "Richterin Stock", "Richterin Stock"),
        ("person", "Herta Müller", "Herta Müller"),
        ("person", "Eyadémas Sohn Faure Gnassingbé", "Faure Gnassingbé"),
        ("person", "Papst Benedikt XVI.", "Benedikt XVI."),
        ("place", "in der Türkei", "Türkei"),
        ("thing", "„Die Revolution missbraucht ihre Kinder“", "Die Revolution missbraucht ihre Kinder"),
        ("thing", "„Ja“ und „Nein“", "„Ja“ und „Nein“"),
        ("person", "Hans-Peter Friedrich (CSU)", "Hans-Peter Friedrich"),
        ("number", "mit 2:0", "2:0"),
        ("number", "Borussia Dortmund – FC Schalke 04 2:3", "2:3"),
        ("number", "-5 Grad", "-5 Grad"),
        ("clause", "„Das ist falsch.“", "Das ist falsch"),
        ("clause", "wegen der Kälte", "wegen der Kälte"),
    ],
)
def test_what_surrounds_the_answer_is_not_shown(kind: Kind, text: str, part: str):
    assert text[slice(*shown(text, kind))] == part


def test_a_number_is_no_person():
    assert not normalise("2005", "person").fits


@pytest.mark.parametrize("text", ["39 Prozent", "sechs", "französisch"])
def test_an_amount_or_an_adjective_is_no_organisation(text: str):
    assert not normalise(text, "organisation").fits


def test_a_fuller_name_is_better_to_show():
    assert normalise("Olaf Scholz", "person").rank < normalise("Scholz", "person").rank


def test_an_abbreviation_is_read_from_its_parentheses():
    assert abbreviation("Bundesamt für Verfassungsschutz (BfV)") == abbreviation("BfV") == "BfV"
    assert abbreviation("Berlin") is None


def test_initials_make_an_abbreviation():
    assert initials_match("BfV", "Bundesamt für Verfassungsschutz")
    assert not initials_match("BND", "Bundesamt für Verfassungsschutz")


@settings(deadline=None)
@given(
    st.text(max_size=60),
    st.sampled_from(["person", "place", "thing", "organisation", "number", "date", "clause"]),
)
def test_what_is_shown_is_never_empty_and_lies_within(text: str, kind: Kind):
    start, end = shown(text, kind)
    normalise(text[start:end], kind)
    assert 0 <= start <= end <= len(text)
    assert start < end or not text
