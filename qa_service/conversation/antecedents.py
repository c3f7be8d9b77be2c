"""The phrases of earlier questions, and their answers, that a pronoun can stand for.

What only this module knows: the grammatical gender that German articles, nouns and first names give away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_service.conversation import noun_phrases, topic, wording
from qa_service.conversation.noun_phrases import Phrase
from qa_service.conversation.wording import Token
from qa_service.wording.morphology import is_feminine, is_person_noun, noun_lemma, number

_ANSWER_WORDS = 6
_PERSON_QUESTIONS = frozenset({"wer", "wen", "wem"})
_NAMING = wording.vocabulary("heißt hieß heisst heißen hießen lautet lautete")
_COPULAS = wording.vocabulary("ist war sind waren heißt hieß heisst heißen hießen")
_DATIVE_ONLY = frozenset(("aus", "bei", "mit", "nach", "seit", "von", "zu", "in", "an", "auf", "vor"))
_GENDERS = {
    **dict.fromkeys(("die", "keine", "diese"), "fp"),
    **dict.fromkeys(("eine", "zur", "einer", "dieser"), "f"),
    **dict.fromkeys(("das", "ins", "ans", "dieses"), "n"),
    **dict.fromkeys(("dem", "einem", "im", "am", "zum", "beim", "vom", "ein", "des", "eines"), "mn"),
}
_ARTICLES = wording.vocabulary("der die das den dem des ein eine einen einem einer im am in")
_PLACES = frozenset(("in", "auf", "aus", "nach", "als", "zu", "an", "ab", "bis", "um", "vor", "hinter"))
_MEN_ON_A = wording.vocabulary("luca joshua mustafa sascha nikita mischa jona noa costa andrea la da")
_NAME_TOKEN = re.compile(r"[A-ZÄÖÜ][\w.\-’']*|von|van|de|der|bin|al|zu|und|\d+")


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Something a pronoun can stand for.

    Attributes:
        text: As it would stand in a sentence, with its article if it has one ("die Pride of America").
        genders: Which of "m", "f", "n", "p" (plural) it can be.
        name: True where it needs no article.
        source: The phrase in its question, or None for an answer.
        words: The words of that question, which `source` counts in.
        asked: True where it is what the question asks for (its answer, or a stand-in "" without one).
        article: "der", "die" or "das" where the answer came with it, else "".
    """

    text: str
    genders: frozenset[str]
    name: bool
    source: Phrase | None = None
    words: Sequence[Token] = ()
    asked: bool = False
    article: str = ""


def offered(question: str, answer: str) -> list[Antecedent]:
    """What a pronoun in the next question can stand for, the likeliest first.

    The thing asked for comes first where the question asks for it without a preposition ("Wer wurde ...?",
    "Welche Airline ...?"); then subjects and objects, then phrases after a preposition.
    """
    words = wording.tokens(question)
    verb = wording.finite_verb(words)
    if verb is None:
        return []
    asked = [] if _is_said(as_name(answer), question) else _asked(words, verb, answer)
    article = answer.strip().partition(" ")[0]
    if article in {"der", "die", "das"}:
        asked = [replace(antecedent, article=article) for antecedent in asked]
    plain: list[Antecedent] = []
    after_preposition: list[Antecedent] = []
    for order, phrase in enumerate(noun_phrases.phrases(words, start=verb + 1)):
        if _is_no_antecedent(words, verb, phrase):
            continue
        genitive = order > 0 and phrase.determiner in {"der", "des"} and words[phrase.first - 1].capital
        found = Antecedent(
            _phrase_text(question, words, phrase),
            _genders(phrase, genitive=genitive) & _genders_of_name(_bare_name(words, phrase)),
            phrase.name and not phrase.determiner,
            phrase,
            words,
        )
        (after_preposition if phrase.preposition or genitive else plain).append(found)
    return [*asked, *plain, *after_preposition]


def _is_said(name: str, question: str) -> bool:
    """True for the answer "Airbus" to "Wer baute den Airbus A380?": "er" is then the aeroplane."""
    return bool(name) and name in question


def _bare_name(words: Sequence[Token], phrase: Phrase) -> str:
    return "" if phrase.determiner else " ".join(t.text for t in words[phrase.head : phrase.last])


def _genders_of_name(name: str) -> frozenset[str]:
    """What a name of several words gives away: a title ("Papst"), or a first name on -a, mostly a woman's."""
    first, _, others = name.partition(" ")
    if not others:
        return frozenset("mfnp")
    if first.lower() == "frau" or (first.endswith("a") and first.lower() not in _MEN_ON_A):
        return frozenset("f")
    if first.lower() == "herr" or is_person_noun(noun_lemma(first)):
        return frozenset("f" if first.endswith("in") else "m")
    return frozenset("mfnp")


def _phrase_text(question: str, words: Sequence[Token], phrase: Phrase) -> str:
    return topic.slices(question, words, range(phrase.first, phrase.last))


def _is_no_antecedent(words: Sequence[Token], verb: int, phrase: Phrase) -> bool:
    """True for times, roles and places: "im Mai", "als Erster", "in Guam", "seine Partei"."""
    if phrase.time or phrase.determiner in wording.POSSESSIVES or _is_predicate(words, verb, phrase):
        return True
    return not phrase.determiner and phrase.preposition in _PLACES


def _asked(words: Sequence[Token], verb: int, answer: str) -> list[Antecedent]:
    first = words[0].lower if words[0].lower not in {"und", "aber"} else words[min(1, verb)].lower
    name = as_name(answer)
    if first in _PERSON_QUESTIONS:
        if words[verb].lower in _COPULAS and _names_someone(words, verb):
            return []
        return [Antecedent(name, frozenset("mf") & _genders_of_name(name), name=True, asked=True)]
    if words[verb].lower in _NAMING and verb + 1 < len(words):
        genders = _GENDERS.get(words[verb + 1].lower, "m" if words[verb + 1].lower == "der" else "")
        return [Antecedent(name, frozenset(genders), name=True, asked=True)] if genders else []
    genders = _asked_gender(first, words[1:verb])
    return [Antecedent(name, frozenset(genders), name=True, asked=True)] if genders else []


def _asked_gender(form: str, between: Sequence[Token]) -> str:
    """Gender of "welche Partei", "welcher Fluss", by the ending and the noun; "" for other questions."""
    endings = {"welcher": "m", "welche": "fp", "welches": "n", "welchen": "m", "welchem": "mn"}
    noun = next((token.text for token in reversed(between) if token.capital), "")
    if not noun or form not in {"welcher", "welche"}:
        return endings.get(form, "")
    if form == "welche":
        return "p" if number(noun) == "plural" else "f" if is_feminine(noun_lemma(noun)) else "fp"
    return "f" if is_feminine(noun_lemma(noun)) else "m"


def _names_someone(words: Sequence[Token], verb: int) -> bool:
    """True for "Wer war Heinz Kluncker?", which asks about the name, not for a name."""
    found = noun_phrases.phrases(words, start=verb + 1)
    return (
        bool(found)
        and found[0].first == verb + 1
        and found[0].name
        and not found[0].determiner
        and (found[0].last - found[0].head > 1 or found[0].last == len(words))
    )


def as_name(answer: str) -> str:
    """The answer where it reads as one name ("Barbara Ludwig"), else ""."""
    parts = answer.strip().rstrip(".").split()
    parts = parts[1:] if parts and parts[0] in _ARTICLES else parts
    if not parts or len(parts) > _ANSWER_WORDS or not parts[0][0].isupper():
        return ""
    if "und" in parts or not all(_NAME_TOKEN.fullmatch(part) for part in parts):
        return ""
    return " ".join(parts)


def _is_predicate(words: Sequence[Token], verb: int, phrase: Phrase) -> bool:
    """True for "Parlamentspräsident" in "Wer wurde Parlamentspräsident": a role, not the person."""
    return (
        words[0].lower == "wer"
        and words[verb].lower in {"ist", "war", "wurde", "wird", "waren"}
        and not phrase.determiner
        and not phrase.preposition
        and phrase.last - phrase.head == 1
    )


def _genders(phrase: Phrase, *, genitive: bool) -> frozenset[str]:
    """The genders that the article leaves open; a name without one can be many."""
    determiner = phrase.determiner
    if determiner == "der":
        return frozenset("f" if phrase.preposition or genitive else "m")
    if determiner in {"den", "einen", "diesen"}:
        return frozenset("p" if phrase.preposition in _DATIVE_ONLY else "m")
    if determiner in _GENDERS:
        return frozenset(_GENDERS[determiner])
    if not phrase.name:
        return frozenset("p")
    return frozenset("mf") if phrase.last - phrase.head > 1 else frozenset("mfn")
