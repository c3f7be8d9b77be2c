"""What earlier turns named: answers as phrases, places, and names in full.

What only this module knows: when an answer can stand in a sentence, and what "dort" points at.
"""

import re
from collections.abc import Sequence

from qa_service.conversation import noun_phrases, wording
from qa_service.conversation.antecedents import as_name
from qa_service.conversation.pronouns import Known
from qa_service.conversation.wording import Token
from qa_service.normal.countries import country
from qa_service.wording.focus import kind_of
from qa_service.wording.morphology import number

_ITEMS = re.compile(r"\s*,\s*|\s+(?:und|sowie|oder)\s+")
_MOST_ITEMS = 4
_MOST_TIME_WORDS = 5
_PLACE_PREPOSITIONS = frozenset(("in", "auf", "nach", "bei"))
# Countries that take an article: "in der Schweiz", never "in Schweiz".
_WITH_ARTICLE = wording.vocabulary(
    "schweiz türkei ukraine slowakei mongolei usa niederlande niederlanden irak iran sudan libanon jemen "
    "kongo vatikan philippinen emirate emiraten elfenbeinküste"
)
_PLACE_KINDS = frozenset(("country", "place"))


def named(answer: str) -> str:
    """The answer where it reads as one name or a few ("Nordkorea und Vietnam"), else ""."""
    if as_name(answer):
        return as_name(answer)
    items = [as_name(item) for item in _ITEMS.split(answer.strip())]
    return answer.strip() if all(items) and 1 < len(items) <= _MOST_ITEMS else ""


def mentioned(known: Known, *, with_time: bool) -> str:
    """What an answer adds to the subject: names, and where wanted the time that was asked for."""
    words = [token.lower for token in wording.tokens(known.text)[:3]]
    time = "wann" in words or ("welchem" in words and "jahr" in words)
    short = len(known.answer.split()) <= _MOST_TIME_WORDS
    return named(known.answer) or (known.answer.strip(" .") if with_time and time and short else "")


def is_country(text: str) -> bool:
    """True for a country or a capital by name, not for "deutsch"."""
    found = country(text) if text else None
    return found is not None and found.how != "adjective"


def asked_noun(words: Sequence[Token]) -> Token | None:
    """The noun of the question phrase: "Länder" of "Welche Länder hat ...", "Menschen" of "Wie viele ..."."""
    verb = wording.finite_verb(words)
    if verb is None or not verb or words[0].lower not in _WITH_NOUN:
        return None
    return next((token for token in reversed(words[1:verb]) if token.capital), None)


_WITH_NOUN = wording.vocabulary("welche welcher welches welchen welchem wie wieviel wieviele")


def is_plural(noun: Token) -> bool:
    """True where the noun's form can only be the plural."""
    return number(noun.text) == "plural"


def place(thread: Sequence[Known]) -> str:
    """Where "dort" is: the name without a preposition, "" where nothing or several things can be meant."""
    for known in reversed(thread):
        words = wording.tokens(known.text)
        found = _answered_place(words, known.answer) or _named_place(words)
        if found:
            return "" if found.lower() in _WITH_ARTICLE else found
    return ""


def _answered_place(words: Sequence[Token], answer: str) -> str:
    if not words:
        return ""
    asks_where = words[0].lower in {"wo", "wohin"} or any(
        token.lower.startswith("welche") and _is_place(words, at) for at, token in enumerate(words[:3])
    )
    return named(answer) if asks_where else ""


def _is_place(words: Sequence[Token], at: int) -> bool:
    noun = next((token for token in words[at + 1 : at + 4] if token.capital), None)
    return noun is not None and kind_of(noun.text) in _PLACE_KINDS


def _named_place(words: Sequence[Token]) -> str:
    """The name after "in", unless another place ("das Stadion in Kiew") is nearer to the mind."""
    verb = wording.finite_verb(words)
    phrases = noun_phrases.phrases(words, start=0 if verb is None else verb + 1)
    if any(p.determiner and kind_of(words[p.head].text) in _PLACE_KINDS for p in phrases):
        return ""
    names = [
        " ".join(token.text for token in words[p.first : p.last])
        for p in phrases
        if p.preposition in _PLACE_PREPOSITIONS and p.name and not p.determiner and not p.time
    ]
    return names[0] if len(names) == 1 else ""


def in_full(question: str, thread: Sequence[Known]) -> str:
    """The question with a surname completed: "Was sagte Schaaf?" after "Thomas Schaaf" was named."""
    words = wording.tokens(question)
    for full in _full_names(thread):
        last = full.split()[-1]
        for at, token in enumerate(words):
            if token.text not in {last, f"{last}s"} or _belongs_to_name(words, at):
                continue
            given = full.removesuffix(last)
            return question[: token.start] + given + question[token.start :]
    return question


def _belongs_to_name(words: Sequence[Token], at: int) -> bool:
    neighbours = [*words[max(0, at - 1) : at], *words[at + 1 : at + 2]]
    return any(n.capital and n is not words[0] and not n.after_comma for n in neighbours)


def _full_names(thread: Sequence[Known]) -> list[str]:
    """Names of two and more words, the latest first."""
    found: list[str] = []
    for known in reversed(thread):
        words = wording.tokens(known.text)
        verb = wording.finite_verb(words)
        found += map(as_name, _ITEMS.split(known.answer.strip()))
        for p in noun_phrases.phrases(words, start=0 if verb is None else verb + 1):
            if p.name and not p.determiner:
                found.append(known.text[words[p.first].start : words[p.last - 1].end])
    return [name for name in dict.fromkeys(found) if _is_person_name(name)]


def _is_person_name(name: str) -> bool:
    parts = name.split()
    return len(parts) > 1 and all(part[:1].isupper() and part.isalpha() for part in (parts[0], parts[-1]))
