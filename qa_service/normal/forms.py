"""Chooses the normal form by the kind asked for, and the part of a span that is shown."""

import re

from qa_service.normal.countries import country, normal_country
from qa_service.normal.dates import normal_date
from qa_service.normal.form import Normal
from qa_service.normal.names import name_start, name_tokens, normal_organisation, normal_person
from qa_service.normal.numbers import normal_number
from qa_service.normal.strings import normal_string, trim
from qa_service.types import Kind

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
    fits = kind in {"thing", "clause"} or not _ONLY_NUMBER.fullmatch(text)
    if kind == "country":
        return Normal(plain.key, rank=1, fits=False)
    if kind == "person" and not any(c.isdigit() for c in text):
        return normal_person(text)
    if kind == "organisation" and fits:
        return normal_organisation(text)
    return Normal(plain.key, fits=fits)


def shown(text: str, kind: Kind) -> tuple[int, int]:
    """Half-open offsets of the part of a span that is the answer: no quotes, articles or roles around it."""
    if kind == "clause":
        return trim(text, articles=False, prepositions=False)
    if kind in {"number", "date"}:
        return trim(text, articles=False)
    titled = text.lstrip()[:1] in "„\"«»'“" or (kind == "thing" and text[:1].isupper())
    start, end = trim(text, articles=not titled)
    if kind == "person":
        start += name_start(text[start:end])
    return start, end


def names_country(text: str) -> bool:
    """Whether a text is the name of a country, in any case."""
    found = country(text)
    return found is not None and found.how in {"name", "genitive", "long"}


def tokens_of_name(text: str) -> tuple[str, ...]:
    """Folded words of a person's name, roles dropped."""
    return name_tokens(text)
