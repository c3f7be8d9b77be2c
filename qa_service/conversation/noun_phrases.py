"""Noun phrases of a question, without a parser.

What only this module knows: where "der", "die", "das" opens a phrase and where it stands alone, and how
far a name reaches.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.conversation.wording import (
    AUXILIARIES,
    CLOSED,
    DEMONSTRATIVES,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    Token,
    is_acronym,
    is_common,
    is_verb,
    may_modify,
    vocabulary,
)
from qa_service.normal.countries import country
from qa_service.wording.lexicon import CONTRACTED

_PARTICIPLE = re.compile(r"\w{3,}(?:t|nd|en)(?:e|en|er|es|em)")
_LONGEST_NAME_TOKENS = 6
_LONGEST_ATTRIBUTE_TOKENS = 9
_PARTICLES = vocabulary("of de da du la le di del al")
MONTHS = vocabulary(
    """
    januar februar märz april mai juni juli august september oktober november dezember anfang mitte ende
    frühjahr frühling sommer herbst winter jahr
    """
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: half-open token positions, determiner and adjectives included.

    Attributes:
        first: Position of its first token.
        last: One past its last token.
        head: Position of its (first) noun.
        determiner: Lower-case determiner or "" ("im" and "zur" count).
        preposition: Lower-case preposition before it or "" ("im" counts as "in").
        name: True where it looks like a proper name: no determiner, or an acronym, or two capitals in a row.
        time: True for a month, season or "Ende".
    """

    first: int
    last: int
    head: int
    determiner: str
    preposition: str
    name: bool
    time: bool


def is_article(words: Sequence[Token], at: int) -> bool:
    """True where "der", "die", "das" ... opens a noun phrase instead of standing for one.

    "die neue Brücke", "das 2011 eingeweihte Werk", "die in Bonn gebaute Uhr" open one;
    "Wer hat die gebaut?", "Wo ist der dann gelandet?" stand alone.
    """
    reach = min(len(words), at + 1 + _LONGEST_ATTRIBUTE_TOKENS)
    attributes_only = True
    for here in range(at + 1, reach):
        token, before = words[here], words[here - 1].lower
        if token.after_comma:
            return False
        if token.capital:
            if attributes_only or _PARTICIPLE.fullmatch(before) or _is_participle_noun(token, here > at + 2):
                return True
            continue
        if token.number or token.lower in CONTRACTED or (token.lower in DETERMINERS and before == "und"):
            attributes_only = attributes_only and token.lower not in CONTRACTED
            continue
        if token.lower in DETERMINERS | DEMONSTRATIVES | PRONOUNS and here > at + 1:
            return False
        attributes_only = attributes_only and may_modify(token)
        if not attributes_only and not token.lower.islower():
            return False
    return False


def _is_participle_noun(token: Token, after_attribute: bool) -> bool:  # noqa: FBT001 (private)
    """True for "Festgenommenen" in "den in Paris Festgenommenen"."""
    return after_attribute and _PARTICIPLE.fullmatch(token.lower) is not None and is_common(token.text)


def phrases(words: Sequence[Token], *, start: int = 0) -> list[Phrase]:
    """Noun phrases from token `start` on, left to right, not overlapping."""
    found: list[Phrase] = []
    at = start
    while at < len(words):
        phrase = _phrase_at(words, at)
        if phrase is None:
            at += 1
        else:
            found.append(phrase)
            at = phrase.last
    return found


def _phrase_at(words: Sequence[Token], at: int) -> Phrase | None:
    first = words[at]
    if first.year:
        return None
    determiner = first.lower if first.lower in DETERMINERS | POSSESSIVES and not _is_noun(words, at) else ""
    if determiner and (is_relative(words, at) or not is_article(words, at)):
        return None
    head = at + (1 if determiner else 0)
    while head < len(words) and not _is_noun(words, head):
        modifies = words[head].number or may_modify(words[head])
        if not (determiner and head < at + _LONGEST_NAME_TOKENS) and (not modifies or is_verb(words[head])):
            return None
        head += 1
    if head >= len(words):
        return None
    last = head + 1
    while last < len(words) and _continues_name(words, last) and not _names_country(words[last]):
        last += 1
    preposition = CONTRACTED.get(determiner, "")
    if not preposition and at and words[at - 1].lower in PREPOSITIONS:
        preposition = CONTRACTED.get(words[at - 1].lower, words[at - 1].lower)
    bare = head == at
    name = (bare and not determiner) or last - head > 1 or is_acronym(words[head].text)
    return Phrase(at, last, head, determiner, preposition, name, words[head].lower in MONTHS)


def is_relative(words: Sequence[Token], at: int) -> bool:
    """True for the "der" of ", der ..." and ", bei der ...", which refers within its own sentence."""
    if words[at].lower not in DEMONSTRATIVES:
        return False
    return words[at].after_comma or (
        at > 0 and words[at - 1].after_comma and words[at - 1].lower in PREPOSITIONS
    )


def _continues_name(words: Sequence[Token], at: int) -> bool:
    token = words[at]
    if token.after_comma or token.year:
        return False
    if token.text in _PARTICLES:
        return at + 1 < len(words) and words[at + 1].capital
    return token.capital or token.number


def _names_country(token: Token) -> bool:
    """True for the second name of "besuchte Putin Nordkorea", which belongs to no name before it."""
    found = country(token.text)
    return found is not None and found.how in {"name", "alias"}


def _is_noun(words: Sequence[Token], at: int) -> bool:
    token = words[at]
    return (
        token.capital
        and (at > 0 or token.lower not in CLOSED | AUXILIARIES)
        and token.lower
        not in {
            "sie",
            "ihnen",
            "ihr",
            "ihre",
            "ihren",
            "ihrem",
            "ihrer",
        }
    )
