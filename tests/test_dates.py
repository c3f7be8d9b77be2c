import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_date, in_german, parse_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("19. Juni 2024, 20:12 Uhr", "2024-06-19"),
        ("Mittwoch, 19. Juni 2024", "2024-06-19"),
        ("Mittwoch, der 9. Jänner 2019", "2019-01-09"),
        ("20 Jun 2024", "2024-06-20"),
        ("3. März 2023", "2023-03-03"),
        ("3. Mrz. 2023", "2023-03-03"),
        ("June 19, 2024", "2024-06-19"),
        ("May 1st, 2024", "2024-05-01"),
        ("19.06.2024", "2024-06-19"),
        ("19. 6. 2024", "2024-06-19"),
        ("19.06.24", "2024-06-19"),
        ("9.11.89", "1989-11-09"),
        ("2024-06-19T20:12:00+02:00", "2024-06-19"),
        ("20240619T201200Z", "2024-06-19"),
        ("2024/06/19", "2024-06-19"),
        ("Wed, 19 Jun 2024 20:12:00 +0200", "2024-06-19"),
        ("2024-06", "2024-06"),
        ("Juni 2024", "2024-06"),
        ("2024", "2024"),
        ("29. Februar 2024", "2024-02-29"),
    ],
)
def test_dates_are_read_in_the_precision_given(written: str, iso: str):
    assert parse_date(written) == iso


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01",
        "1599-12-31",
        "9999-12-31",
        "9999",
        "0000",
        "29. Februar 2023",
        "31.04.2024",
        "2024-13",
        "2024-00-01",
        "00.00.2024",
        "gestern",
        "",
        "1.234.567",
        "10.000",
        "192.168.10.24",
        "Version 3.10.2.4",
        "12345678",
    ],
)
def test_what_is_no_believable_date_is_none(written: str):
    assert parse_date(written) is None


def test_a_date_more_than_a_year_ahead_is_not_believed():
    today = dt.datetime.now(tz=dt.UTC).date()

    assert parse_date((today + dt.timedelta(days=300)).isoformat()) is not None
    assert parse_date((today + dt.timedelta(days=400)).isoformat()) is None


def test_the_first_believable_date_of_a_text_is_found():
    text = "Nach dem 31. Juni 2024, den es nicht gibt, kam am 1. Juli 2024 der 2. Juli 2024."

    assert find_date(text) == "2024-07-01"


def test_a_year_alone_is_not_found_in_a_text():
    assert find_date("Im Jahr 2024 kamen 1999 Besucher.") is None


@pytest.mark.parametrize(
    ("iso", "german"),
    [
        ("2024-06-19", "19. Juni 2024"),
        ("2024-03-01", "1. März 2024"),
        ("2024-06", "Juni 2024"),
        ("2024", "2024"),
    ],
)
def test_dates_are_written_in_german(iso: str, german: str):
    assert in_german(iso) == german


@given(st.dates(min_value=dt.date(1600, 1, 1), max_value=dt.date(2024, 12, 31)))
def test_what_is_written_in_german_is_read_again(date: dt.date):
    assert parse_date(in_german(date.isoformat())) == date.isoformat()


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str):
    found = find_date(text)

    assert found is None or found[:4].isdigit()


def test_long_texts_of_digits_take_no_time():
    assert find_date("1.2." * 100_000) is None
