"""Dates: absolute ones as ISO 8601, relative ones resolved by the date of the article that says them."""

import re
from datetime import date, timedelta
from functools import lru_cache

from qa_service.normal.form import Normal
from qa_service.normal.strings import fold
from qa_service.periods import MONTHS

_WEEKDAYS = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6}
_WEEKDAY = re.compile(r"\b(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)")
_NAMES = "|".join(sorted({fold(name) for name in MONTHS}, key=len, reverse=True))
_MONTH_NUMBERS = {fold(name): number for name, number in MONTHS.items()}
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_NUMERIC = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)?")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})\.\s?({_NAMES})\b\.?(?:\s+((?:1\d|20)\d\d))?")
_MONTH = re.compile(rf"\b({_NAMES})\b\.?(?:\s+(?:des jahres )?((?:1\d|20)\d\d))?")
_YEAR = re.compile(r"(?<![\d.,])((?:1[0-9]|20)\d\d)(?![\d.,]\d|\d)")
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))?(?: uhr|\s?h\b)(?: (\d\d)\b)?")
_DAYS_AWAY = {
    "vorgestern": -2,
    "gestern": -1,
    "gestrigen": -1,
    "heute": 0,
    "heutigen": 0,
    "morgen": 1,
    "uebermorgen": 2,
}
_LAST = r"(?:vergangene[nmrs]?|letzte[nmrs]?|vorige[nmrs]?)"
_NEXT = r"(?:kommende[nmrs]?|naechste[nmrs]?)"
_THIS = r"(?:diese[nmrs]?|laufende[nmrs]?)"
_HALF_A_YEAR = 6  # months
_PARTS = re.compile(r"\b(anfang|mitte|ende|fruehjahr|fruehling|sommer|herbst|winter)\b")


@lru_cache(maxsize=8192)
def date_key(text: str, published: str | None = None) -> str | None:
    """ISO date of a text at the precision it has, with "T14:30" where it gives a time of day.

    Args:
        text: "27. März", "am Mittwoch", "im vergangenen Jahr", "14 Uhr".
        published: ISO date of the article, or None: relative dates then have no key.
    """
    folded = fold(text)
    day = _absolute(folded, published) or _relative(folded, _day(published))
    clock = _CLOCK.search(folded)
    if clock is None:
        return day
    return f"{day or ''}T{int(clock[1]):02}:{int(clock[2] or clock[3] or 0):02}"


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published) if published else None
    except ValueError:  # reduced precision: no day to count from
        return None


def _absolute(folded: str, published: str | None) -> str | None:
    if match := _ISO.search(folded):
        return match.group()
    if match := _DAY_MONTH.search(folded):
        return _dated(int(match[1]), _MONTH_NUMBERS[match[2]], match[3], published, folded)
    if match := _NUMERIC.search(folded):
        return _dated(int(match[1]), int(match[2]), match[3], published, folded)
    part = _PARTS.search(folded)
    suffix = f"~{part[1]}" if part else ""
    if (match := _MONTH.search(folded)) and (match[2] or published or _no_year(folded)):
        return _dated(None, _MONTH_NUMBERS[match[1]], match[2], published, folded) + suffix
    if match := _YEAR.search(folded):
        return match[1] + suffix
    return None


def _no_year(folded: str) -> bool:
    return not _YEAR.search(folded)


def _dated(day: int | None, month: int, year: str | None, published: str | None, folded: str) -> str:
    """ISO date; without a year, the one that brings it nearest to the article's date ("-" where unknown)."""
    chosen = year or _shifted_year(folded, published) or _nearest_year(month, published)
    return f"{chosen or '-'}-{month:02}" + (f"-{day:02}" if day else "")


def _shifted_year(folded: str, published: str | None) -> str | None:
    if not published:
        return None
    for pattern, shift in ((_LAST, -1), (_NEXT, 1), (_THIS, 0)):
        if re.search(rf"\b{pattern} jahr", folded):
            return str(int(published[:4]) + shift)
    return None


def _nearest_year(month: int, published: str | None) -> str | None:
    if not published:
        return None
    year, at = int(published[:4]), int(published[5:7] or 0)
    if not at or abs(month - at) <= _HALF_A_YEAR:
        return str(year)
    return str(year - 1 if month > at else year + 1)


def _relative(folded: str, published: date | None) -> str | None:
    if published is None:
        return None
    if match := _WEEKDAY.search(folded):
        return _weekday(_WEEKDAYS[match[1][:2]], published, folded)
    for word, days in _DAYS_AWAY.items():
        if re.search(rf"\b{word}\b", folded):
            return (published + timedelta(days=days)).isoformat()
    if "vorjahr" in folded:
        return str(published.year - 1)
    shifts = ((_LAST, -1), (_NEXT, 1), (_THIS, 0))
    return next(
        (key for pattern, shift in shifts if (key := _shifted(folded, pattern, shift, published))), None
    )


def _shifted(folded: str, pattern: str, shift: int, published: date) -> str | None:
    """A year, month or week before, after or of the article's."""
    if re.search(rf"\b{pattern} jahr", folded):
        part = _PARTS.search(folded)
        return str(published.year + shift) + (f"~{part[1]}" if part else "")
    if re.search(rf"\b{pattern} monat", folded):
        months = published.year * 12 + published.month - 1 + shift
        return f"{months // 12}-{months % 12 + 1:02}"
    if re.search(rf"\b{pattern} woche", folded) or (shift == 0 and "wochenende" in folded):
        year, week, _ = (published + timedelta(weeks=shift)).isocalendar()
        return f"{year}-W{week:02}"
    return None


def _weekday(weekday: int, published: date, folded: str) -> str:
    """The last such day up to the article's, or the next one where the text says so."""
    back = (published.weekday() - weekday) % 7
    if re.search(rf"\b{_NEXT}\b", folded):
        return (published + timedelta(days=7 - back if back else 7)).isoformat()
    if re.search(rf"\b{_LAST}\b", folded) and back == 0:
        back = 7
    return (published - timedelta(days=back)).isoformat()


def normal_date(text: str, published: str | None) -> Normal:
    """Normal form of a date; a text without one stays a string, and fits where it holds a number."""
    key = date_key(text, published)
    if key is None:
        return Normal(
            "text:" + fold(text).strip(), fits=any(c.isdigit() for c in text) or _relative_word(text)
        )
    return Normal("date:" + key)


def _relative_word(text: str) -> bool:
    """Whether the text at least speaks of time ("am Mittwoch", "nach drei Jahren", "seit Monaten")."""
    return bool(re.search(
        r"tag|woche|monat|jahr|stunde|minute|uhr|morgen|abend|nacht|mittag|gestern|heute|wochenende|frueh|spaet|herbst"
        r"|sommer|winter|weihnacht|ostern|pfingst|anfang|mitte|ende|seit|nach|vor|bis", fold(text),
    ))  # fmt: skip


def is_coarser(key: str, other: str) -> bool:
    """Whether one date key covers another ("date:2006" and "date:2006-03-27")."""
    return key.startswith("date:") and key != other and bool(re.match(re.escape(key) + r"[-T~]", other))
