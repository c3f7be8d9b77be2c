"""The place in the last question that new words fill: "Und Vietnam?", "Und 2006?", "Und in Kiel?".

What only this module knows: which phrase of the last question is of the same sort as the new one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.conversation import mentions, noun_phrases, wording
from qa_service.conversation.noun_phrases import Phrase
from qa_service.conversation.pronouns import Known
from qa_service.conversation.wording import Token
from qa_service.wording.focus import kind_of
from qa_service.wording.lexicon import CONTRACTED

_SHARED_ENDING_LETTERS = 5
_TO = frozenset(("in", "nach"))
_OTHER_YEAR = re.compile(
    r"(?:(?P<before>im vorjahr|im jahr (?:davor|zuvor)|(?:ein|das) jahr (?:davor|zuvor|vorher|früher))"
    r"|(?:im folgejahr|im jahr (?:danach|darauf)|(?:ein|das) jahr (?:danach|darauf|später)))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Filled:
    """The last question made anew.

    Attributes:
        text: The question.
        gone: What of the last question it replaces, which must not come back as context.
    """

    text: str
    gone: str = ""


def other_phrase(new: str, words: Sequence[Token], known: Known) -> Filled | None:
    """The last question with a phrase in the place of one of its own, or None where none fits."""
    last = known.text
    old = wording.tokens(last)
    verb = wording.finite_verb(old)
    found = noun_phrases.phrases(old, start=0 if verb is None else verb + 1)
    years = [token for token in old if token.year]
    if all(token.year for token in words) or _OTHER_YEAR.fullmatch(new):
        return _other_year(new, last, years, old, found)
    times = [p for p in found if p.time]
    if times and any(token.lower in noun_phrases.MONTHS for token in words):
        return _replaced(last, old[times[0].first].start, old[times[0].last - 1].end, new)
    slots = [p for p in found if not p.time]
    bare = new[words[1].start - words[0].start :] if len(words) > 1 and words[0].lower in _TO else new
    if verb and _is_answer(bare, old):
        return _as_answer(bare[0].upper() + bare[1:], last, old, verb, slots)
    if words[0].lower in wording.PREPOSITIONS:
        return _after_preposition(new, words, last, old, slots)
    return _in_place_of_noun(new, words, last, old, slots)


def _in_place_of_noun(
    new: str, words: Sequence[Token], last: str, old: Sequence[Token], slots: Sequence[Phrase]
) -> Filled | None:
    similar = _similar_noun(words, old)
    if similar is not None:
        return _replaced(last, similar.start, similar.end, new)
    slot = _slot(new, words, old, slots)
    if slot is None:
        return _counted(last, old, wording.finite_verb(old), new)
    return _replaced(last, old[slot.first].start, old[slot.last - 1].end, new)


def _replaced(last: str, start: int, end: int, new: str) -> Filled:
    """Put `new` there; a year of its own drives out the one that follows."""
    after = last[end:]
    if re.search(r"\b(?:1[5-9]|20)\d\d\b", new):
        after = re.sub(r"^ (?:1[5-9]|20)\d\d\b", "", after)
    return Filled(last[:start] + new + after, last[start : len(last) - len(after)])


def _other_year(
    new: str, last: str, years: Sequence[Token], old: Sequence[Token], found: Sequence[Phrase]
) -> Filled | None:
    relative = _OTHER_YEAR.fullmatch(new)
    if relative is not None and len(years) == 1:
        new = str(int(years[0].text) + (-1 if relative["before"] else 1))
    if years and new.isdigit():
        return Filled(last[: years[-1].start] + new + last[years[-1].end :], years[-1].text)
    return _behind_first(new, last, old, found)


def _behind_first(new: str, last: str, old: Sequence[Token], found: Sequence[Phrase]) -> Filled | None:
    """Insert behind the first phrase after the verb: "Welche Länder hat Putin 2023 besucht?"."""
    if not found:
        return None
    end = old[found[0].last - 1].end
    return Filled(f"{last[:end]} {new}{last[end:]}")


def _is_answer(new: str, old: Sequence[Token]) -> bool:
    """True for a country after a question for countries: "Und Kuba?" asks whether it is one of them."""
    noun = mentions.asked_noun(old)
    return noun is not None and kind_of(noun.text) == "country" and mentions.is_country(new)


def _as_answer(
    new: str, last: str, old: Sequence[Token], verb: int, slots: Sequence[Phrase]
) -> Filled | None:
    """Give "Hat Putin Kuba besucht?" for "Und Kuba?" after "Welche Länder hat Putin besucht?"."""
    plain = [slot for slot in slots if not slot.preposition]
    end = old[plain[0].last - 1].end if plain else old[verb].end
    if any(mentions.is_country(_text(last, old, slot)) for slot in plain):
        return None
    question = last[old[verb].start : end] + f" {new}" + last[end:]
    return Filled(question[0].upper() + question[1:], last[: old[verb].start])


def _text(last: str, old: Sequence[Token], slot: Phrase) -> str:
    return last[old[slot.first].start : old[slot.last - 1].end]


def _after_preposition(
    new: str, words: Sequence[Token], last: str, old: Sequence[Token], slots: Sequence[Phrase]
) -> Filled | None:
    """Replace the phrase after the same preposition, else an object of the same sort, else add."""
    plain = CONTRACTED.get(words[0].lower, words[0].lower)
    fitting = [slot for slot in slots if slot.preposition == plain]
    if fitting:
        slot = fitting[-1]
        first = slot.first if slot.determiner in CONTRACTED else slot.first - 1
        return _replaced(last, old[first].start, old[slot.last - 1].end, new)
    bare = new[words[1].start - words[0].start :] if len(words) > 1 else ""
    places = [s for s in slots if not s.preposition and mentions.is_country(_text(last, old, s))]
    if places and mentions.is_country(bare):
        return _replaced(last, old[places[0].first].start, old[places[0].last - 1].end, bare)
    return _behind_first(new, last, old, [slot for slot in slots if not slot.preposition])


def _similar_noun(words: Sequence[Token], old: Sequence[Token]) -> Token | None:
    """The noun to replace: "Innenminister" for "Verteidigungsminister": compounds of the same last part."""
    if len(words) > 1:
        return None
    ending = words[0].lower[-_SHARED_ENDING_LETTERS:]
    if len(ending) < _SHARED_ENDING_LETTERS:
        return None
    return next((token for token in reversed(old) if token.capital and token.lower.endswith(ending)), None)


def _slot(new: str, words: Sequence[Token], old: Sequence[Token], slots: Sequence[Phrase]) -> Phrase | None:
    """What the new phrase replaces: a country for a country, then subject or object, names for names."""
    countries = [s for s in slots if mentions.is_country(" ".join(t.text for t in old[s.first : s.last]))]
    if mentions.is_country(new) and countries:
        return countries[-1]
    has_article = words[0].lower in wording.DETERMINERS
    plain = [slot for slot in slots if not slot.preposition and slot not in countries]
    alike = [slot for slot in plain if bool(slot.determiner) == has_article]
    named = [slot for slot in plain if slot.name]
    after_preposition = [slot for slot in slots if slot.preposition and slot.name and not slot.determiner]
    order = [alike, named, plain] if has_article else [[s for s in alike if s.name], named, after_preposition]
    return next((choice[0] for choice in order if choice), None)


def _counted(last: str, old: Sequence[Token], verb: int | None, new: str) -> Filled | None:
    """Answer "Und Tote?" after "Wie viele Verletzte gab es?"."""
    counted = [token for token in old[: verb or 0] if token.capital and token is not old[0]]
    return _replaced(last, counted[-1].start, counted[-1].end, new) if counted else None
