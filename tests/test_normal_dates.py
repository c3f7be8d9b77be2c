"""Dates, absolute and relative to an article of Wednesday, 29 March 2006."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.normal.dates import date_key, is_coarser

PUBLISHED = "2006-03-29"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("27. März", "2006-03-27"),
        ("Montag, dem 27. März", "2006-03-27"),
        ("am Mittwoch", "2006-03-29"),
        ("Dienstagmittag", "2006-03-28"),
        ("am kommenden Freitag", "2006-03-31"),
        ("gestern", "2006-03-28"),
        ("im vergangenen Jahr", "2005"),
        ("April letzten Jahres", "2005-04"),
        ("Oktober", "2005-10"),
        ("im vergangenen Monat", "2006-02"),
        ("in der kommenden Woche", "2006-W14"),
        ("Mitte dieses Jahres", "2006~mitte"),
        ("19. Juni 2009", "2009-06-19"),
        ("3.10.2023", "2023-10-03"),
        ("14 Uhr", "T14:00"),
        ("11. Januar um 18.30 Uhr", "2006-01-11T18:30"),
        ("1978", "1978"),
    ],
)
def test_a_date_is_read_by_the_date_of_its_article(text: str, key: str):
    assert date_key(text, PUBLISHED) == key


def test_a_relative_date_needs_the_article_to_have_one():
    assert date_key("gestern", None) is None
    assert date_key("gestern", "2006-03") is None


def test_a_month_covers_its_days_only():
    assert is_coarser("date:2006-03", "date:2006-03-27")
    assert not is_coarser("date:2006-03", "date:2006-04-27")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text: str):
    date_key(text, PUBLISHED)
