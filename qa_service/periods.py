"""The time that a question names ("im Juni 2024", "Ende 2005", "am 3. Oktober 2023").

Only absolute times count: "gestern" in a question has no article to be read from.
"""

import calendar
import re
from collections.abc import Iterator

Period = tuple[str, str]

_MONTH_NAMES = (
    "januar jänner jaenner jan|februar feber feb|märz maerz mär mrz|april apr|mai|juni jun|juli jul"
    "|august aug|september sept sep|oktober okt|november nov|dezember dez"
)
MONTHS = {name: i for i, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}
# Months of a season as news use the word; winter runs into the next year.
_SEASONS = {
    "frühjahr": (3, 5),
    "fruehjahr": (3, 5),
    "frühling": (3, 5),
    "fruehling": (3, 5),
    "sommer": (6, 8),
    "herbst": (9, 11),
}
_FEASTS = {
    "weihnachten": (12, 12),
    "silvester": (12, 12),
    "ostern": (3, 4),
    "pfingsten": (5, 6),
    "neujahr": (1, 1),
}
_PARTS_OF_YEAR = {"anfang": (1, 4), "beginn": (1, 4), "mitte": (5, 8), "ende": (9, 12)}
_PARTS_OF_MONTH = {"anfang": (1, 10), "beginn": (1, 10), "mitte": (11, 20), "ende": (21, 31)}

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_PART = r"(?:(?P<part>anfang|beginn|mitte|ende)\s+(?:des\s+)?)?"
_PATTERNS = (
    re.compile(rf"\b{_YEAR}-(?P<month_number>[01]\d)-(?P<day>[0-3]\d)\b"),
    re.compile(rf"\b(?P<day>[0-3]?\d)\.\s?(?P<month_number>[01]?\d)\.\s?{_YEAR}\b"),
    re.compile(rf"\b(?P<day>[0-3]?\d)\.\s?{_MONTH}\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_PART}{_MONTH}\s+(?:des\s+jahres\s+)?{_YEAR}\b", re.IGNORECASE),
    re.compile(
        rf"\b(?P<season>{'|'.join(_SEASONS | _FEASTS)}|winter)\s+(?:des\s+jahres\s+)?{_YEAR}\b", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:(?P<part>anfang|beginn|mitte|ende)\s+)(?:des\s+)?(?:jahres\s+)?{_YEAR}\b", re.IGNORECASE
    ),
    re.compile(r"\b(?P<decade>(?:19|20)\d0)er", re.IGNORECASE),
    re.compile(
        rf"(?<![\d.,:/-]){_YEAR}(?:/(?P<to_year>\d\d(?:\d\d)?))?(?![\d%€-]|[.,:]\d|er\b)\b", re.IGNORECASE
    ),
)
# A four-digit number before these counts something: "2000 Menschen", "1990 Euro".
_COUNTED = re.compile(
    r"\s+(?:euro|dollar|us-dollar|prozent|meter|kilometer|menschen|personen|tonnen|stunden|mark|stück)\b",
    re.IGNORECASE,
)


def period(question: str) -> Period | None:
    """The time named, as (first day, last day) in ISO 8601; of several, from the earliest to the latest."""
    found = list(periods(question))
    if not found:
        return None
    return min(start for start, _ in found), max(end for _, end in found)


def periods(question: str) -> list[Period]:
    """Every time named, in order of precision; parts of a longer expression are not named again."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Period]] = []
    for pattern in _PATTERNS:
        for match in _free(pattern, question, taken):
            span = _span(match.groupdict())
            if span is not None and not _COUNTED.match(question, match.end()):
                found.append((match.start(), span))
                taken.append(match.span())
    return [span for _, span in sorted(found)]


def _free(pattern: re.Pattern[str], text: str, taken: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(text):
        if all(match.end() <= start or match.start() >= end for start, end in taken):
            yield match


def _span(groups: dict[str, str | None]) -> Period | None:
    """First and last day of one match, or None where the calendar has no such day."""
    if groups.get("decade"):
        first = int(groups["decade"] or 0)
        return f"{first}-01-01", f"{first + 9}-12-31"
    year, part = int(groups["year"] or 0), (groups.get("part") or "").lower()
    month = int(groups.get("month_number") or 0) or MONTHS.get((groups.get("month") or "").lower(), 0)
    season = (groups.get("season") or "").lower()
    if groups.get("day"):
        return _day(year, month, int(groups["day"] or 0))
    if month:
        first, last = _PARTS_OF_MONTH.get(part, (1, 31))
        return f"{year}-{month:02}-{first:02}", _last_day(year, month, last)
    if season == "winter":
        return f"{year}-12-01", _last_day(year + 1, 2, 31)
    if season:
        first, last = (_SEASONS | _FEASTS)[season]
        return f"{year}-{first:02}-01", _last_day(year, last, 31)
    first, last = _PARTS_OF_YEAR.get(part, (1, 12))
    to_year = groups.get("to_year")
    end = int(f"{year}"[: 4 - len(to_year)] + to_year) if to_year else year
    return f"{year}-{first:02}-01", _last_day(max(end, year), last, 31)


def _day(year: int, month: int, day: int) -> Period | None:
    if month not in range(1, 13) or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return (f"{year}-{month:02}-{day:02}",) * 2


def _last_day(year: int, month: int, day: int) -> str:
    return f"{year}-{month:02}-{min(day, calendar.monthrange(year, month)[1]):02}"
