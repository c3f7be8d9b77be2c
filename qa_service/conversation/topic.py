"""What a conversation is about: the gist of its questions and the phrases a pronoun can stand for.

What only this module knows: which words of an earlier question carry its subject, and the grammatical
gender that German articles give away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.conversation import noun_phrases, wording
from qa_service.conversation.noun_phrases import Phrase
from qa_service.conversation.wording import Token

_MOST_GIST_WORDS = 14
_ANSWER_WORDS = 6
_PERSON_QUESTIONS = frozenset({"wer", "wen", "wem"})
_COPULAS = wording.vocabulary("ist war sind waren heißt hieß heisst heißen hießen")
_TRAILING = wording.AUXILIARIES | wording.vocabulary(
    """
    ab an auf aus bei ein los mit nach vor weg zu zurück zusammen statt teil durch heraus raus hin her
    wieder um über unter da dort damals dann denn eigentlich überhaupt sich und schon noch voran heim ums
    """
)
_LEADING = (
    _TRAILING
    | wording.PREPOSITIONS
    | wording.DETERMINERS
    | wording.ADVERBS
    | wording.PRONOUNS
    | frozenset(("alles", "anderen"))
)
_LOOSE = wording.PREPOSITIONS | wording.DETERMINERS
_PREPOSITIONS_WITH_TIME = frozenset(("im", "anfang", "ende", "mitte", "am", "seit", "vor", "bis"))
_DATIVE_ONLY = frozenset(("aus", "bei", "mit", "nach", "seit", "von", "zu", "in", "an", "auf", "vor"))
_GENDERS = {
    **dict.fromkeys(("die", "keine", "diese"), "fp"),
    **dict.fromkeys(("eine", "zur", "einer", "dieser"), "f"),
    **dict.fromkeys(("das", "ins", "ans", "dieses"), "n"),
    **dict.fromkeys(("dem", "einem", "im", "am", "zum", "beim", "vom", "ein", "des", "eines"), "mn"),
}
_PLACES = frozenset(("in", "auf", "aus", "nach", "als", "zu", "an", "ab", "bis", "um", "vor", "hinter"))
_ASKED_CATEGORIES = wording.vocabulary(
    "land stadt bundesland bundesstaat ort haus jahr monat tag datum prozent namen name ländern höhe uhr"
)
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
    """

    text: str
    genders: frozenset[str]
    name: bool
    source: Phrase | None = None
    words: Sequence[Token] = ()
    asked: bool = False


def gist(question: str) -> str:
    """The question without its question word, auxiliary and loose ends; "" where nothing is left.

    "Wie lange saß Julia Bohl in Singapur hinter Gittern?" -> "Julia Bohl in Singapur hinter Gittern".
    """
    words = wording.tokens(question)
    verb = wording.finite_verb(words)
    kept = [at for at in range(len(words)) if verb is None or at > verb]
    kept = _trim(words, kept)
    asked = _asked_nouns(words, verb)
    rest = _slices(question, words, kept[:_MOST_GIST_WORDS])
    return ", ".join(part for part in (rest, asked) if part)


def trimmed(text: str) -> str:
    """A stretch of a gist without empty words and punctuation at its ends."""
    words = wording.tokens(text)
    kept = _trim(words, list(range(len(words))))
    return _slices(text, words, kept)


def _trim(words: Sequence[Token], kept: list[int]) -> list[int]:
    """Drop empty words at both ends, but keep "im" before a month and the end of a relative clause."""
    while kept and _is_empty(words[kept[0]], _LEADING):
        following = words[kept[1]] if len(kept) > 1 else None
        if words[kept[0]].lower in _PREPOSITIONS_WITH_TIME and following and _opens_time(following):
            break
        kept = kept[1:]
    clause = any(words[at].after_comma for at in kept[1:])
    empty = _LOOSE if clause else _TRAILING | _LEADING
    while kept and _is_empty(words[kept[-1]], empty):
        kept = kept[:-1]
    return kept


def _is_empty(token: Token, empty: frozenset[str]) -> bool:
    return token.lower in empty and not token.capital


def _opens_time(token: Token) -> bool:
    return token.lower in noun_phrases.MONTHS


def _asked_nouns(words: Sequence[Token], verb: int | None) -> str:
    """Nouns of the question phrase: "Munch-Gemälde" of "Welche Munch-Gemälde wurden ..."."""
    if verb is None:
        return ""
    return " ".join(
        token.text
        for at, token in enumerate(words[:verb])
        if token.capital and at and token.lower not in _ASKED_CATEGORIES
    )


def _slices(question: str, words: Sequence[Token], kept: Sequence[int]) -> str:
    """The kept words with the punctuation between neighbours."""
    pieces: list[str] = []
    for order, at in enumerate(kept):
        neighbour = order > 0 and kept[order - 1] == at - 1
        start = words[at - 1].end if neighbour else words[at].start
        pieces.append(question[start : words[at].end] if neighbour else " " + question[start : words[at].end])
    text = "".join(pieces).strip()
    return text + _closing(question, words, kept, text)


def _closing(question: str, words: Sequence[Token], kept: Sequence[int], text: str) -> str:
    """A closing quotation mark or the dot of "Andrej H." right after the last word."""
    if not kept:
        return ""
    tail = question[words[kept[-1]].end : words[kept[-1]].end + 1]
    initial = tail == "." and len(words[kept[-1]].text) == 1
    opened = sum(text.count(mark) for mark in "„»‚") > sum(text.count(mark) for mark in "“«‘")
    return tail if initial or (opened and tail in '“”«‘"') else ""


def antecedents(question: str, answer: str) -> list[Antecedent]:
    """What a pronoun in the next question can stand for, the likeliest first.

    The thing asked for comes first where the question asks for it without a preposition ("Wer wurde ...?",
    "Welche Airline ...?"); then subjects and objects, then phrases after a preposition.
    """
    words = wording.tokens(question)
    verb = wording.finite_verb(words)
    if verb is None:
        return []
    asked = _asked(words, verb, answer)
    plain: list[Antecedent] = []
    after_preposition: list[Antecedent] = []
    for order, phrase in enumerate(noun_phrases.phrases(words, start=verb + 1)):
        if _is_no_antecedent(words, verb, phrase):
            continue
        genitive = order > 0 and phrase.determiner in {"der", "des"} and words[phrase.first - 1].capital
        found = Antecedent(
            _phrase_text(question, words, phrase),
            _genders(phrase, genitive=genitive),
            phrase.name and not phrase.determiner,
            phrase,
            words,
        )
        (after_preposition if phrase.preposition or genitive else plain).append(found)
    return [*asked, *plain, *after_preposition]


def _phrase_text(question: str, words: Sequence[Token], phrase: Phrase) -> str:
    return _slices(question, words, range(phrase.first, phrase.last))


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
        return [Antecedent(name, frozenset("mf"), name=True, asked=True)]
    endings = {"welcher": "m", "welche": "fp", "welches": "n", "welchen": "m", "welchem": "mn"}
    if first in endings:
        return [Antecedent(name, frozenset(endings[first]), name=True, asked=True)]
    return []


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
    parts = parts[1:] if parts and parts[0].lower() in {"der", "die", "das"} else parts
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
