"""The part of the world that a question for countries is limited to ("Welche asiatischen Länder ...?")."""

import re
from collections.abc import Iterator, Sequence

from qa_service.normal.regions import Region, region
from qa_service.wording.words import Word, words

_LEADING = frozenset({"in", "im", "aus", "auf", "am", "von", "der", "des", "dem", "den", "innerhalb"})
_JOINING = frozenset({"und", "oder", "sowie"})
_OUTSIDE = frozenset({"ausserhalb", "jenseits"})
_DENIED = re.compile(r"(?:nicht-?|ausser(?=\w*isch))(?=\w)")
_TAIL = re.compile(r"-?(?:mitglied(?:s|er)?-?)?(?:staat|land|laend|nation)(?:e[srn]?|ern?|en|s)?$")
_ADJECTIVE = re.compile(r"ische?[nrms]?$")
#: Who visits a country "in Asien" visits one that lies there; who buys "in Asien" may come from anywhere.
_VISITING = re.compile(r"be(?:such|reis)(?:en?|te?n?)")
_THERE = frozenset({"in", "im", "innerhalb", "ausserhalb"})
_BETWEEN = 3  # words between "welche" and the noun
_LONGEST_NAME = 2  # words: "Nahen Ostens"


def countries_meant(question: str, focus: str | None) -> frozenset[str] | None:
    """Countries that the wording leaves open, by ISO 3166-1 alpha-2; None where it names no region.

    Args:
        question: A question for countries.
        focus: The noun asked for, as typed ("Länder", "EU-Staaten").
    """
    tokens = words(question)
    place = next((i for i, word in enumerate(tokens) if word.text == focus), None)
    if place is None:
        return None
    adjectives = [
        word.fold for word in tokens[max(0, place - _BETWEEN) : place] if _ADJECTIVE.search(word.fold)
    ]
    described = [_named(name) for name in (_TAIL.sub("", tokens[place].fold), *adjectives)]
    regions = [found for found in described if found is not None] or list(_after(tokens[place + 1 :]))
    if not regions and any(_VISITING.fullmatch(word.text) for word in tokens):
        regions = _visited(tokens[place + 1 :])
    return frozenset().union(*regions) if regions else None


def _named(name: str) -> frozenset[str] | None:
    """What an adjective or the first part of a compound names, "nicht-" and "außer-" before it or not."""
    denied = _DENIED.match(name)
    found = region(name[denied.end() :] if denied else name)
    if found is None:
        return None
    return found.outside if denied else found.inside


def _after(tokens: Sequence[Word]) -> Iterator[frozenset[str]]:
    """What follows the noun: "Asiens und Afrikas", "der Europäischen Union", "außerhalb der EU"."""
    is_outside, more = False, True
    while more:
        while tokens and tokens[0].fold in _LEADING | _OUTSIDE and not tokens[0].opens:
            is_outside = is_outside or tokens[0].fold in _OUTSIDE
            tokens = tokens[1:]
        found, size = _first(tokens)
        if found is not None:
            yield found.outside if is_outside else found.inside
        tokens = tokens[size:]
        more = found is not None and bool(tokens) and tokens[0].fold in _JOINING
        tokens = tokens[1:]


def _visited(tokens: Sequence[Word]) -> list[frozenset[str]]:
    """Where the countries lie that somebody visits: "... hat Putin im Juni in Asien besucht"."""
    named = (list(_after(tokens[i:])) for i, word in enumerate(tokens) if word.fold in _THERE)
    return next((regions for regions in named if regions), [])


def _first(tokens: Sequence[Word]) -> tuple[Region | None, int]:
    """The region that the first words name, and how many words that takes."""
    for size in range(min(_LONGEST_NAME, len(tokens)), 0, -1):
        is_adjective = size == 1 and _ADJECTIVE.search(tokens[0].fold)  # "Länder europäische Waffen kaufen"
        found = None if is_adjective else region(" ".join(word.fold for word in tokens[:size]))
        if found is not None:
            return found, size
    return None, 0
