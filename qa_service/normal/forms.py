"""Chooses the normal form by the kind asked for, and the part of a span that is shown."""

import re

from qa_service.normal.countries import How, country, country_name, normal_country
from qa_service.normal.dates import normal_date
from qa_service.normal.form import Normal
from qa_service.normal.names import name_start, normal_organisation, normal_person
from qa_service.normal.numbers import is_amount, normal_number, score_in
from qa_service.normal.strings import normal_string, trim
from qa_service.types import Kind

# Longer spans are clauses or sentences, whose first words belong to them.
_LONGEST_NAME = 8  # words
# "Hans-Peter Friedrich (CSU)": what is said aside is not part of the name.
_ASIDE = re.compile(r"\s+\([^()]*\)?$")
_ONLY_NUMBER = re.compile(r"[\d\s.,:%€$/–-]+")


def normalise(text: str, kind: Kind, *, published: str | None = None) -> Normal:
    """Normal form of a candidate answer.

    Args:
        text: The candidate, as `shown` leaves it.
        kind: What the question asks for.
        published: ISO date of the article, which relative dates count from.
    """
    if kind == "number":
        return normal_number(text)
    if kind == "date":
        return normal_date(text, published)
    if kind != "clause" and (found := normal_country(text, asked=kind == "country")) is not None:
        return found
    return _named(text, kind)


def _named(text: str, kind: Kind) -> Normal:
    """Normal form of what is neither number, date nor country."""
    plain = normal_string(text)
    fits = kind in {"thing", "clause"} or _could_be_name(text)
    if kind == "country":
        return Normal(plain.key, rank=1, fits=False)
    if kind == "person" and fits and not any(c.isdigit() for c in text):
        return normal_person(text)
    if kind == "organisation" and fits:
        return normal_organisation(text)
    return Normal(plain.key, fits=fits)


def _could_be_name(text: str) -> bool:
    """Whether a text may name somebody or something: it has a capital and is no amount."""
    return any(c.isupper() for c in text) and not _ONLY_NUMBER.fullmatch(text) and not is_amount(text)


def shown(text: str, kind: Kind) -> tuple[int, int]:
    """Half-open offsets of the part of a span that is the answer: no quotes, articles or roles around it."""
    if kind == "clause" or len(text.split()) > _LONGEST_NAME:
        return trim(text, articles=False, prepositions=False)
    if kind == "number" and (score := score_in(text)) is not None:
        return score
    if kind in {"number", "date"}:
        return trim(text, articles=False)
    titled = text.lstrip()[:1] in "„\"«»'“" or (kind == "thing" and text[:1].isupper())
    start, end = trim(text, articles=not titled)
    if kind in {"person", "place", "country"} and (aside := _ASIDE.search(text, start, end)):
        end = aside.start()
    if kind == "person":
        start += name_start(text[start:end])
    return start, end


def names_country(text: str) -> bool:
    """Whether a text is the name of a country, in any case."""
    found = country(text)
    return found is not None and found.how not in {"adjective", "capital"}


def stands_for(text: str) -> tuple[How, str] | None:
    """How a text that is no country's name supports a country, and which: ("capital", "Nordkorea")."""
    found = country(text)
    if found is None or found.how in {"name", "alias", "inflected"}:
        return None
    return found.how, country_name(found.code)
