"""Numbers in words, digits, fractions and units."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.normal.numbers import has_number, normal_number, with_unit, word_value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zwölf", "12"),
        ("1,5 Mio. Euro", "1.500.000 €"),
        ("rund 250.000 Euro", "250 000 Euro"),
        ("58,2 Prozent", "58,2 %"),
        ("zweihunderttausend", "200.000"),
        ("drei Dutzend", "36"),
        ("anderthalb Jahre", "eineinhalb Jahre"),
        ("fünf Jahre", "5-jährige"),
        ("2:3", "2 : 3"),
        ("31:23 (18:11)", "31:23"),
        ("mehr als 7.500 Menschen", "7.500"),
        ("sechsspurig", "sechs"),
        ("siebenundzwanzig", "27"),
        ("eine Million US-Dollar", "1.000.000 Dollar"),
        ("achten Platz", "Platz 8"),
        ("zwei Drittel", "etwa zwei Drittel"),
    ],
)
def test_the_same_number_has_the_same_key(one: str, other: str):
    assert normal_number(one).key == normal_number(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 Jahre", "5 Monate"),
        ("5 Prozent", "5 Euro"),
        ("1.500", "1,5"),
        ("-3 Grad", "3 Grad"),
        ("2:3", "3:2"),
        ("30-50", "30"),
        ("zwei Jahren und fünf Monaten", "zwei Jahren"),
    ],
)
def test_other_numbers_have_other_keys(one: str, other: str):
    assert normal_number(one).key != normal_number(other).key


def test_a_text_without_a_number_does_not_fit():
    assert not normal_number("Menschen").fits
    assert not has_number("Menschen")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("null", 0),
        ("einundzwanzig", 21),
        ("hundertdrei", 103),
        ("zweitausendvierundzwanzig", 2024),
        ("haus", None),
    ],
)
def test_number_words_have_a_value(word: str, value: int | None):
    assert word_value(word) == value


@settings(deadline=None)
@given(st.integers(0, 10**9))
def test_a_number_with_and_without_points_is_the_same(number: int):
    assert normal_number(f"{number:,}".replace(",", ".")).key == normal_number(str(number)).key


@pytest.mark.parametrize(
    ("number", "behind", "whole"),
    [
        ("1,89", " Promille im Blut", "1,89 Promille"),
        ("15", " Millionen Euro", "15 Millionen Euro"),
        ("15", " Mio. Euro gezahlt", "15 Mio. Euro"),
        ("2", " Mrd. Menschen", "2 Mrd."),
        ("10", " km/h schnell", "10 km/h"),
        ("12", "%.", "12%"),
        ("zwölf", " Jahre.", "zwölf Jahre"),
        ("7.500", " Teilnehmer", "7.500"),
        ("3", "", "3"),
        ("viele", " Meter", "viele"),
    ],
)
def test_a_number_is_whole_with_its_scale_and_unit(number: str, behind: str, whole: str):
    text = f"Es waren {number}{behind}"
    assert text[9 : with_unit(text, 9, 9 + len(number))] == whole


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_number_never_grows_beyond_its_text(text: str, one: int, other: int):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert end <= with_unit(text, start, end) <= len(text)
