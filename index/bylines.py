"""Who wrote, published and sent an article, read from single lines: bylines, origins, datelines.

Only this module knows the agencies and the ways in which newspapers name them.
"""

import re
from dataclasses import dataclass

from index.boundaries import STARTERS
from index.dates import find_date
from index.furniture import is_stamp

LINE_MAX_CHARS = 160

_AGENCIES = {
    "dpa": "dpa",
    "deutsche presse-agentur": "dpa",
    "dpa-afx": "dpa-AFX",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "reuters": "Reuters",
    "ap": "AP",
    "associated press": "AP",
    "epd": "epd",
    "evangelischer pressedienst": "epd",
    "kna": "KNA",
    "sid": "SID",
    "apa": "APA",
    "sda": "Keystone-SDA",
    "keystone-sda": "Keystone-SDA",
    "dts": "dts",
    "ddp": "ddp",
    "dapd": "dapd",
    "tass": "TASS",
    "xinhua": "Xinhua",
    "interfax": "Interfax",
    "ots": "ots",
    "bloomberg": "Bloomberg",
    "pti": "PTI",
    "ansa": "ANSA",
    "efe": "EFE",
}
_AGENCY = "(?i:" + "|".join(re.escape(name) for name in sorted(_AGENCIES, key=len, reverse=True)) + ")"
_AGENCY_LIST = rf"{_AGENCY}(?:\s?[/,]\s?(?:{_AGENCY}|[a-zäöü]{{2,4}}))*"

_PARTICLE = "von|van|de|der|den|di|da|al|el|zu"
_NAME = rf"(?:(?:Dr|Prof)\. )*[A-ZÄÖÜ][\w.'’-]*(?: (?:{_PARTICLE}|[A-ZÄÖÜ][\w.'’-]*)){{1,4}}"
_GENRE = "Gastbeitrag|Gastkommentar|Kommentar|Analyse|Bericht|Reportage|Essay|Interview|Kolumne"
_BYLINE = re.compile(
    rf"(?:(?:Eine? (?:{_GENRE}) )?[Vv]on|Autor(?:in)?:|Text:|By) "
    rf"(?P<author>{_NAME}(?:(?:, | und | & ){_NAME}){{0,4}})"
    rf"(?:, (?P<place>[A-ZÄÖÜ][\w/-]+))?(?:,? ?\(?(?P<agency>{_AGENCY_LIST})\)?)?",
)
_AGENCY_LINE = re.compile(rf"(?:[Vv]on |\()?(?P<agency>{_AGENCY_LIST})\)?")
_PUBLISHER = r"[A-ZÄÖÜ][\w.&'’-]*(?: (?:[A-ZÄÖÜ][\w.&'’-]*|am|an|im|der|die|das|für|von|und|&|online)){0,4}"
_PUBLISHER_LINE = re.compile(_PUBLISHER)
# "Tagblatt / dpa". Agencies that are not known are written in capitals, and so are some countries.
_ORIGIN = re.compile(
    rf"(?P<source>{_PUBLISHER}) ?/ ?"
    rf"(?P<agency>{_AGENCY}|(?!USA|EU\b|UN\b|UK|DDR|BRD|UNO|VAE|GUS)[A-Z]{{2,5}})"
)
_COLUMNS = re.compile(r"\s*[|•·]\s*")

_PLACE = (
    r"[A-ZÄÖÜ][\w./’'-]*(?:[ /](?:[A-ZÄÖÜ][\w.’'-]*|am|an|im|in|der|die|den|bei|ob|vor|de|la|el)){0,4}"
    r"(?:, \d{1,2}\. ?[A-Z]\w+)?"
)
_DATELINE = re.compile(
    rf"(?:(?P<place>{_PLACE}) ?)?\((?P<agency>{_AGENCY_LIST}|[A-Z]{{2,5}})\)"
    r"(?P<dash> ?[-–—] |: )(?=[„\"»‚A-ZÄÖÜ\d])"
)
_CLOSING_AGENCY = re.compile(rf"\s*[(\[](?P<agency>{_AGENCY_LIST})[)\]]\s*$")
_CLOSING_CHARS = 80


@dataclass(frozen=True, slots=True)
class Credits:
    """What one line says; None where it does not.

    Attributes:
        author: Names without "Von".
        source: Publisher.
        agency: Agencies joined by ", ".
        published: ISO date.
    """

    author: str | None = None
    source: str | None = None
    agency: str | None = None
    published: str | None = None


def agencies(names: str) -> str | None:
    """Name the agencies in a list such as "ZEIT ONLINE, dpa, Reuters" in their usual spelling."""
    parts = (part.strip().lower() for part in re.split(r"[/,;]| und ", names))
    return ", ".join(dict.fromkeys(_AGENCIES[part] for part in parts if part in _AGENCIES)) or None


def read_credits(line: str) -> Credits | None:
    """Read a line that names author, publisher, agency or date and nothing else.

    Args:
        line: A paragraph, such as "Von Eva Kern", "dpa/AFP", "Tagblatt / dpa" or
            "Von Eva Kern | Tagblatt | 4. Mai 2024".

    Returns:
        What it says, or None where it is another line.
    """
    if len(line) > LINE_MAX_CHARS:
        return None
    if match := _BYLINE.fullmatch(line):
        return Credits(author=match["author"], agency=agencies(match["agency"] or ""))
    if match := _AGENCY_LINE.fullmatch(line):
        return Credits(agency=agencies(match["agency"]))
    if match := _ORIGIN.fullmatch(line):
        return Credits(source=match["source"], agency=agencies(match["agency"]) or match["agency"])
    return _read_columns(line)


def split_dateline(paragraph: str) -> tuple[str, str] | None:
    """Take the agency out of a beginning such as "Ulm (dpa) - Der Rat tagt".

    Returns:
        The agency and the paragraph without it, place kept; None where it does not begin so.
    """
    match = _DATELINE.match(paragraph)
    if match is None or (match["place"] or "").split(" ")[0] in STARTERS:
        return None
    place = f"{match['place']}{match['dash']}" if match["place"] else ""
    return agencies(match["agency"]) or match["agency"], place + paragraph[match.end() :]


def split_closing_agency(paragraph: str) -> tuple[str, str] | None:
    """Take the agency out of an end such as "Der Rat tagt. (dpa)"; returns as `split_dateline`."""
    match = _CLOSING_AGENCY.search(paragraph[-_CLOSING_CHARS:])
    agency = agencies(match["agency"]) if match else None
    if match is None or agency is None:
        return None
    return agency, paragraph[: len(paragraph) - len(match[0])]


def _read_columns(line: str) -> Credits | None:
    """Read "author | publisher | date" in any order, or "author, publisher, date"."""
    parts = _COLUMNS.split(line)
    if len(parts) == 1:
        parts = line.split(", ")
        if len(parts) not in {2, 3} or not is_stamp(parts[-1]) or not _BYLINE.fullmatch(parts[0]):
            return None
    said = Credits()
    for part in parts:
        if is_stamp(part):
            said = Credits(said.author, said.source, said.agency, find_date(part))
        elif match := _BYLINE.fullmatch(part):
            said = Credits(match["author"], said.source, said.agency, said.published)
        elif _AGENCY_LINE.fullmatch(part):
            said = Credits(said.author, said.source, agencies(part), said.published)
        elif said.source is None and _PUBLISHER_LINE.fullmatch(part):
            said = Credits(said.author, part, said.agency, said.published)
        else:
            return None
    return said if said.author or (said.published and len(parts) > 1) else None
