"""Title, date, author, source and agency where they stand in an article's text.

Only this module knows what the head and the foot of a news text look like. What it recognises it takes
out of the text, so that a byline is no answer; what it does not recognise stays.
"""

import re
from dataclasses import dataclass, replace

from index.bylines import Credits, agencies, read_credits, split_closing_agency, split_dateline
from index.dates import find_date
from index.furniture import is_furniture, is_stamp
from index.sentences import sentences

TITLE_MAX_CHARS = 200
# Bylines, dates and captions stand before the first paragraphs of prose, not later.
HEAD_PARAGRAPHS = 12
MAX_STAMPS = 2
# A standfirst and a heading may stand before the dateline.
DATELINE_PARAGRAPHS = 3
_PROSE_CHARS = 200

_DATE_FIELD = re.compile(r"date (?P<date>\d{4}(?:-\d\d){0,2})(?!\S) ?(?P<rest>.*)")
_MINUTES = r"(?:Lesezeit|Lesedauer)[: ]+\d+ ?min(?:uten?|\.)?"
_READING_TIME = re.compile(rf"^{_MINUTES}(?= |$)|\s{_MINUTES}$", re.IGNORECASE)
# "Sputnik/Name Name/Pool via REUTERS Titel": the credit of the picture above a headline.
_CREDIT_NAME = r"[A-ZÄÖÜ][\w.-]*(?: [A-ZÄÖÜ][\w.-]*){0,2}"
_LEADING_CREDIT = re.compile(
    rf"(?:©\s?)?[A-Z][\w.-]+(?:/{_CREDIT_NAME})* via "
    r"(?:REUTERS|AFP|AP|dpa|IMAGO|www\.imago-images\.de|Getty Images|TASS|EPA)\s+(?=[A-ZÄÖÜ„»\"])"
)
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
    if (in_head or last) and (said := read_credits(paragraph)):
        return _take_credits(facts, said)
    if _SOURCE.match(paragraph.lstrip("(")) and is_furniture(paragraph):
        return _take_source(facts, paragraph)
    return None


def _take_credits(facts: Facts, said: Credits) -> Facts:
    more_precise = len(said.published or "") > len(facts.published or "")
    return replace(
        facts,
        author=facts.author or said.author,
        source=facts.source or said.source,
        agency=facts.agency or said.agency,
        published=said.published if more_precise else facts.published,
    )


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
        name for name in names if name and agencies(name) is None and not _INITIALS_ONLY.fullmatch(name)
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
    for number, paragraph in enumerate(kept[:DATELINE_PARAGRAPHS]):
        if found := split_dateline(paragraph):
            agency = agency or found[0]
            kept[number] = found[1]
            break
    if kept and (found := split_closing_agency(kept[-1])):
        agency = agency or found[0]
        kept[-1] = found[1]
    return replace(facts, agency=agency, text="\n\n".join(part for part in kept if part.strip()))
