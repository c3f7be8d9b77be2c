"""The part of the world that a question for countries is limited to ("Welche asiatischen Länder ...?")."""

import re
from collections.abc import Sequence

from qa_service.normal.regions import Region, region
from qa_service.wording.words import Word, words

_LEADING = frozenset({"in", "im", "aus", "auf", "am", "von", "der", "des", "dem", "den", "innerhalb"})
_OUTSIDE = frozenset({"ausserhalb", "jenseits"})
_DENIED = re.compile(r"(?:nicht-?|ausser(?=\w*isch))(?=\w)")
_TAIL = re.compile(r"-?(?:mitglied(?:s|er)?-?)?(?:staat|land|laend|nation)(?:e[srn]?|ern?|en|s)?$")
_ADJECTIVE = re.compile(r"ische?[nrms]?$")
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
    noun = tokens[place].fold
    described = [_TAIL.sub("", noun), *(word.fold for word in tokens[max(0, place - _BETWEEN) : place])]
    for name in described:
        if (found := _named(name)) is not None:
            return found
    return _after(tokens[place + 1 :])


def _named(name: str) -> frozenset[str] | None:
    """What an adjective or the first part of a compound names, "nicht-" and "außer-" before it or not."""
    denied = _DENIED.match(name)
    found = region(name[denied.end() :] if denied else name)
    if found is None:
        return None
    return found.outside if denied else found.inside


def _after(tokens: Sequence[Word]) -> frozenset[str] | None:
    """What follows the noun: "Asiens", "in Afrika", "der Europäischen Union", "außerhalb der EU"."""
    start, is_outside = 0, False
    while start < len(tokens) and tokens[start].fold in _LEADING | _OUTSIDE and not tokens[start].opens:
        is_outside = is_outside or tokens[start].fold in _OUTSIDE
        start += 1
    for size in range(_LONGEST_NAME, 0, -1):
        named = tokens[start : start + size]
        if size == 1 and any(_ADJECTIVE.search(word.fold) for word in named):
            return None  # "Welche Länder europäische Waffen kaufen"
        found: Region | None = region(" ".join(word.fold for word in named)) if len(named) == size else None
        if found is not None:
            return found.outside if is_outside else found.inside
    return None
