"""Dates as articles write them, in German and English, as ISO 8601 in the precision that is given.

Only this module knows how dates are written, and which are believable: nothing before 1600, nothing
more than a year ahead, no day that the calendar does not have.
"""

import datetime as dt
import re

FIRST_YEAR = 1600
DAYS_AHEAD = 366
_PARSE_MAX_CHARS = 120

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_MONTH_FORMS = {
    1: "januar jänner january jan",
    2: "februar feber february feb febr",
    3: "märz maerz march mär mrz mar",
    4: "april apr",
    5: "mai may",
    6: "juni june jun",
    7: "juli july jul",
    8: "august aug",
    9: "september sept sep",
    10: "oktober october okt oct",
    11: "november nov",
    12: "dezember december dez dec",
}
_MONTH_NUMBER = {form: number for number, forms in _MONTH_FORMS.items() for form in forms.split()}
_MONTH = "(?:" + "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True)) + r")\b\.?"

_DATE = re.compile(
    rf"""
    (?<![\d.,])(?:
      (?P<iso_year>\d{{4}})[-/](?P<iso_month>\d\d)(?:[-/](?P<iso_day>\d\d))?(?=T|\b)(?![-/]?\d)
    | (?P<basic_year>\d{{4}})(?P<basic_month>\d\d)(?P<basic_day>\d\d)(?=T\d{{4,6}}|\b)
    | (?P<dot_day>\d{{1,2}})\.\s?(?P<dot_month>\d{{1,2}})\.\s?(?P<dot_year>\d{{4}}|\d\d)(?![\d.]*\d)
    | (?P<text_day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s?(?:of\s)?(?P<text_month>{_MONTH}),?
      \s(?P<text_year>\d{{4}})(?!\d)
    )
    | \b(?P<us_month>{_MONTH})\s(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<us_year>\d{{4}})(?!\d)
    | \b(?P<only_month>{_MONTH})\s(?P<only_year>\d{{4}})(?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")


def find_date(text: str) -> str | None:
    """Find the first believable date that stands in a text.

    Args:
        text: Any text.

    Returns:
        "YYYY-MM-DD", or "YYYY-MM" where no day is given; None where there is no date. A year alone is
        not taken for a date.
    """
    for match in _DATE.finditer(text):
        found = _iso(match)
        if found is not None:
            return found
    return None


def parse_date(text: str) -> str | None:
    """Read a text that is a date, such as a metadata field; a time of day is left out.

    Args:
        text: "19. Juni 2024, 20:12 Uhr", "20 Jun 2024", "19.06.2024", "2024-06-19T20:12:00+02:00",
            "Juni 2024", "2024" and the like.

    Returns:
        "YYYY-MM-DD", "YYYY-MM" or "YYYY", or None where it is no believable date.
    """
    text = text.strip()
    if _YEAR.fullmatch(text):
        return text if _believable(int(text), 1, 1) else None
    return find_date(text) if len(text) <= _PARSE_MAX_CHARS else None


def in_german(date: str) -> str:
    """Write an ISO date in German: "19. Juni 2024", "Juni 2024" or "2024".

    Args:
        date: ISO date, reduced precision allowed.

    Returns:
        The date in words, in its own precision.
    """
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{month} {year}" if len(rest) == 1 else f"{int(rest[1])}. {month} {year}"


def _iso(match: re.Match[str]) -> str | None:
    parts = {name.split("_")[1]: value for name, value in match.groupdict().items() if value}
    written = parts["month"]
    month = int(written) if written.isdigit() else _MONTH_NUMBER[written.lower().rstrip(".")]
    year = _full_year(parts["year"])
    day = int(parts["day"]) if "day" in parts else None
    if not _believable(year, month, day or 1) or day == 0:
        return None
    return f"{year:04}-{month:02}" if day is None else f"{year:04}-{month:02}-{day:02}"


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) == 4:  # noqa: PLR2004 - a year in full
        return year
    this_year = dt.datetime.now(tz=dt.UTC).year
    return year + (2000 if 2000 + year <= this_year + 1 else 1900)


def _believable(year: int, month: int, day: int) -> bool:
    if year < FIRST_YEAR:
        return False
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return False
    return date <= dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=DAYS_AHEAD)
