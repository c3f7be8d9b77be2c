"""Title, date, author, source and agency where they stand in an article's text.

Only this module knows what the head and the foot of a news text look like. What it recognises it takes
out of the text, so that a byline is no answer; what it does not recognise stays.
"""

import re
from dataclasses import dataclass, replace

from index.dates import find_date
from index.furniture import is_furniture, is_stamp
from index.sentences import sentences

TITLE_MAX_CHARS = 200
# Bylines, dates and captions stand before the first paragraphs of prose, not later.
HEAD_PARAGRAPHS = 12
MAX_STAMPS = 2
_PROSE_CHARS = 200

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
_AGENCY = "(?:" + "|".join(re.escape(name) for name in sorted(_AGENCIES, key=len, reverse=True)) + ")"
_AGENCY_LIST = rf"{_AGENCY}(?:\s?[/,]\s?(?:{_AGENCY}|[a-zäöü]{{2,4}}))*"

_DATE_FIELD = re.compile(r"date (?P<date>\d{4}(?:-\d\d){0,2})(?!\S) ?(?P<rest>.*)")
_MINUTES = r"(?:Lesezeit|Lesedauer)[: ]+\d+ ?min(?:uten?|\.)?"
_READING_TIME = re.compile(rf"^{_MINUTES}(?= |$)|\s{_MINUTES}$", re.IGNORECASE)
# "Sputnik/Name Name/Pool via REUTERS Titel": the credit of the picture above a headline.
_CREDIT_NAME = r"[A-ZÄÖÜ][\w.-]*(?: [A-ZÄÖÜ][\w.-]*){0,2}"
_LEADING_CREDIT = re.compile(
    rf"(?:©\s?)?[A-Z][\w.-]+(?:/{_CREDIT_NAME})* via "
    r"(?:REUTERS|AFP|AP|dpa|IMAGO|www\.imago-images\.de|Getty Images|TASS|EPA)\s+(?=[A-ZÄÖÜ„»\"])"
)
_PARTICLE = "von|van|de|der|den|di|da|al|el|zu"
_NAME = rf"(?:(?:Dr|Prof)\. )*[A-ZÄÖÜ][\w.'’-]*(?: (?:{_PARTICLE}|[A-ZÄÖÜ][\w.'’-]*)){{1,4}}"
_GENRE = "Gastbeitrag|Gastkommentar|Kommentar|Analyse|Bericht|Reportage|Essay|Interview|Kolumne"
_BYLINE = re.compile(
    rf"(?:(?:Eine? (?:{_GENRE}) )?[Vv]on|Autor(?:in)?:|Text:|By) "
    rf"(?P<author>{_NAME}(?:(?:, | und | & ){_NAME}){{0,4}})"
    rf"(?:, (?P<place>[A-ZÄÖÜ][\w/-]+))?(?:,? ?\(?(?P<agency>{_AGENCY_LIST})\)?)?",
)
_AGENCY_BYLINE = re.compile(rf"(?:[Vv]on |\()?(?P<agency>{_AGENCY_LIST})\)?", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?P<place>[A-ZÄÖÜ][\w./’' -]{1,40}?(?:, \d{1,2}\. ?[A-Z]\w+)?)? ?"
    rf"\((?P<agency>{_AGENCY_LIST})\)(?P<dash> ?[-–—:.] )",
    re.IGNORECASE,
)
_CLOSING_AGENCY = re.compile(rf"\s*[(\[](?P<agency>{_AGENCY_LIST})[)\]]\s*$", re.IGNORECASE)
_SOURCE = re.compile(r"Quellen?: ?(?P<names>[^\n]{2,120})", re.IGNORECASE)
_CHANGED = re.compile(r"aktualisiert|geändert|update|letzte (?:aktualisierung|änderung)", re.IGNORECASE)
_INITIALS_ONLY = re.compile(r"[a-zäöü]{2,4}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says about itself.

    Attributes:
        text: The text without what was taken out; "" where nothing else was there.
        title: Headline, or None where none was found.
        published: ISO date, or None; the most precise one that stands in the head.
        updated: ISO date, or None.
        author: Byline without "Von", or None.
        source: Publisher, or None.
        agency: Agencies joined by ", ", or None.
    """

    text: str
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    source: str | None = None
    agency: str | None = None


def read_metadata(text: str, *, title: str | None = None) -> Facts:
    """Take title, dates and names out of the head and foot of a text.

    Args:
        text: Cleaned text whose only line breaks are blank lines.
        title: Headline where it is already known; it is dropped from the head of the text.

    Returns:
        What was found, with the remaining text. Page furniture elsewhere is left to `index.clean`.
    """
    paragraphs = text.split("\n\n")
    facts = Facts(text="", title=title)
    facts, paragraphs[0] = _take_date_field(facts, paragraphs[0])
    kept: list[str] = []
    # One date is when the article appeared; several are headings of a chronicle.
    dated = sum(map(is_stamp, paragraphs[:HEAD_PARAGRAPHS])) <= MAX_STAMPS
    in_head = True
    for number, paragraph in enumerate(paragraphs):
        if not paragraph:
            continue
        in_head = in_head and number < HEAD_PARAGRAPHS and not _is_prose(paragraph, kept)
        taken = _take_line(facts, paragraph, in_head=in_head, dated=dated, last=number == len(paragraphs) - 1)
        if taken is None and in_head and not kept:
            taken = _take_title(facts, paragraph, more=number + 1 < len(paragraphs))
        if taken is None:
            kept.append(paragraph)
        else:
            facts = taken
    return _take_agencies(facts, kept)


def first_words(text: str) -> str:
    """Make a title of the first sentence of a text, cut at a word where it is long."""
    spans = sentences(text)
    sentence = text[slice(*spans[0])].replace("\n", " ") if spans else text.strip()
    if len(sentence) <= TITLE_MAX_CHARS:
        return sentence
    head = sentence[:TITLE_MAX_CHARS]
    return (head.rsplit(" ", 1)[0] if " " in head else head) + " …"


def agencies(names: str) -> str | None:
    """Name the agencies in a list such as "ZEIT ONLINE, dpa, Reuters" in their usual spelling."""
    found = [
        _AGENCIES[name]
        for part in re.split(r"[/,;]| und ", names)
        if (name := part.strip().lower()) in _AGENCIES
    ]
    return ", ".join(dict.fromkeys(found)) or None


def _take_date_field(facts: Facts, first: str) -> tuple[Facts, str]:
    match = _DATE_FIELD.fullmatch(first)
    if match is None:
        return facts, first
    rest = _LEADING_CREDIT.sub("", _READING_TIME.sub("", match["rest"]).strip(), count=1)
    facts = replace(facts, published=find_date(match["date"]))
    if rest and facts.title is None and len(rest) <= TITLE_MAX_CHARS:
        return replace(facts, title=rest), ""
    return facts, "" if rest == facts.title else rest


def _is_prose(paragraph: str, kept: list[str]) -> bool:
    """Tell whether the article's own text has begun; a standfirst may stand before bylines and dates."""
    return bool(kept) and len(paragraph) > _PROSE_CHARS and not is_furniture(paragraph)


def _take_line(facts: Facts, paragraph: str, *, in_head: bool, dated: bool, last: bool) -> Facts | None:
    """Read a line that holds nothing but metadata; None where the paragraph is something else."""
    if in_head and dated and is_stamp(paragraph):
        return _take_source(_take_stamp(facts, paragraph), paragraph)
    if (in_head or last) and (byline := _BYLINE.fullmatch(paragraph)):
        author = facts.author if facts.author is not None else byline["author"]
        return replace(facts, author=author, agency=facts.agency or agencies(byline["agency"] or ""))
    if (in_head or last) and (byline := _AGENCY_BYLINE.fullmatch(paragraph)):
        return replace(facts, agency=facts.agency or agencies(byline["agency"]))
    if is_furniture(paragraph) and _SOURCE.match(paragraph.lstrip("(")):
        return _take_source(facts, paragraph)
    return None


def _take_stamp(facts: Facts, line: str) -> Facts:
    date = find_date(line)
    if date is None:
        return facts
    if _CHANGED.match(line):
        return replace(facts, updated=date)
    # "2024-06-20" says more than "2024-06".
    return replace(facts, published=date) if len(date) > len(facts.published or "") else facts


def _take_source(facts: Facts, line: str) -> Facts:
    match = _SOURCE.search(line)
    if match is None:
        return facts
    names = [name.strip(" ().") for name in re.split(r"[,;/]", match["names"])]
    publishers = [
        name
        for name in names
        if name and name.lower() not in _AGENCIES and not _INITIALS_ONLY.fullmatch(name)
    ]
    source = facts.source or (publishers[0] if publishers else None)
    return replace(facts, source=source, agency=facts.agency or agencies(match["names"]))


def _take_title(facts: Facts, paragraph: str, *, more: bool) -> Facts | None:
    if facts.title is not None:
        return facts if paragraph == facts.title else None
    ends_open = not paragraph.endswith((".", ":", ",", ";")) or paragraph.endswith(("...", "…"))
    if more and ends_open and len(paragraph) <= TITLE_MAX_CHARS and not is_furniture(paragraph):
        return replace(facts, title=paragraph)
    return None


def _take_agencies(facts: Facts, kept: list[str]) -> Facts:
    """Take "(dpa)" out of a dateline and from the end; the place of the dateline stays."""
    agency = facts.agency
    for number, paragraph in enumerate(kept[:3]):
        if match := _DATELINE.match(paragraph):
            agency = agency or agencies(match["agency"])
            place = match["place"]
            lead = f"{place}{match['dash']}" if place and not match["dash"].startswith((".", ":")) else ""
            kept[number] = (lead or (f"{place}: " if place else "")) + paragraph[match.end() :]
            break
    if kept and (match := _CLOSING_AGENCY.search(kept[-1][-80:])):
        agency = agency or agencies(match["agency"])
        kept[-1] = kept[-1][: len(kept[-1]) - len(match[0])]
    return replace(facts, agency=agency, text="\n\n".join(part for part in kept if part.strip()))
