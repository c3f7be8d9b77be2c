"""A pronoun is replaced by what it stands for, where that is certain enough to show.

What only this module knows: which forms ask for which gender, and how a phrase changes its case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_service.conversation import antecedents, noun_phrases, wording
from qa_service.conversation.antecedents import Antecedent
from qa_service.conversation.dependence import refers_back
from qa_service.conversation.noun_phrases import Phrase
from qa_service.conversation.wording import Token

_GENDERS = {
    "er": "m",
    "ihn": "m",
    "ihm": "mn",
    "sie": "fp",
    "ihr": "f",
    "es": "n",
    "der": "m",
    "die": "fp",
    "das": "n",
    "den": "m",
    "dem": "mn",
    "dessen": "mn",
    "deren": "fp",
}
_CASES = {
    "er": "nominative",
    "ihn": "accusative",
    "den": "accusative",
    "ihm": "dative",
    "ihr": "dative",
    "der": "nominative",
    "dem": "dative",
}
_ARTICLES = {
    "nominative": {"m": "der", "f": "die", "n": "das", "p": "die"},
    "accusative": {"m": "den", "f": "die", "n": "das", "p": "die"},
    "dative": {"m": "dem", "f": "der", "n": "dem", "p": "den"},
}
_PLURAL_VERBS = wording.vocabulary(
    """
    sind waren haben hatten werden wurden wollen wollten sollen sollten können konnten müssen mussten dürfen
    durften
    """
)
_DEMONSTRATIVE = frozenset(("der", "die", "das", "den", "dem"))
_OBLIQUE = wording.vocabulary("dem den des einem einen eines im am zum zur beim vom der einer ins ans")
_LONGEST_POSSESSOR_WORDS = 4


@dataclass(frozen=True, slots=True)
class Known:
    """A question of the thread.

    Attributes:
        asked: As typed, or filled where it had no verb: its own noun phrases.
        text: The same with its pronoun resolved.
        answer: What was shown, "" where that is not known.
        referent: What its pronoun stood for, or None.
        gone: What of the question before it replaces.
        whole: True where it was filled, so that it says all that the question before said.
    """

    asked: str
    text: str
    answer: str
    referent: Antecedent | None = None
    gone: str = ""
    whole: bool = False


def substitute(question: str, thread: Sequence[Known]) -> tuple[str, Antecedent] | None:
    """The question with one or two pronouns replaced, and by what the first; None where that is not certain.

    "Und für welchen Rennstall fuhr er?" after "Warum wurde gegen Christian Klien ermittelt?" becomes
    "Und für welchen Rennstall fuhr Christian Klien?".
    """
    first = _substitute(question, thread, 0, "")
    if first is None:
        return None
    text, settled, end = first
    second = _substitute(text, thread, end, settled.text)
    return (text if second is None else second[0]), settled


def _substitute(
    question: str, thread: Sequence[Known], start: int, taken: str
) -> tuple[str, Antecedent, int] | None:
    """Replace the first pronoun from `start` on by anything but `taken`, and tell where that ends."""
    words = wording.tokens(question)
    for at, token in enumerate(words):
        again = bool(taken) and token.lower in _DEMONSTRATIVE  # "das" may be all that was said
        needed = "" if again or token.start < start else _needed(words, at)
        if not needed or not refers_back(words, at):
            continue
        found = _antecedent(words, at, needed, thread, taken=taken)
        if found is None:
            continue
        antecedent, gender = found
        replacement = _form(words, at, antecedent, gender)
        if replacement:
            settled = replace(antecedent, genders=frozenset(gender))
            text = question[: token.start] + replacement + question[token.end :]
            return text, settled, token.start + len(replacement)
    return None


def _needed(words: Sequence[Token], at: int) -> str:
    """The genders that the word at this position can refer to; "" where it is no such word."""
    word = words[at].lower
    if _is_possessive(words, at):
        return "mn" if word.startswith("sein") else "fp"
    if (word in _DEMONSTRATIVE and noun_phrases.is_article(words, at)) or _before_adjective(words, at):
        return ""
    needed = _GENDERS.get(word, "")
    verb = wording.finite_verb(words)
    if word in {"sie", "die"} and verb is not None and at == verb + 1 and words[verb].lower in _PLURAL_VERBS:
        return "p"
    if word == "der" and at and words[at - 1].lower in wording.PREPOSITIONS:
        return "f"
    return needed


def _before_adjective(words: Sequence[Token], at: int) -> bool:
    """True for "die letzte davor" and "die anderen": an article whose noun is left out."""
    return (
        words[at].lower in _DEMONSTRATIVE
        and at + 1 < len(words)
        and wording.may_modify(words[at + 1])
        and not wording.is_verb(words[at + 1])
    )


def _is_possessive(words: Sequence[Token], at: int) -> bool:
    return words[at].lower in wording.POSSESSIVES and noun_phrases.is_article(words, at)


def _antecedent(
    words: Sequence[Token], at: int, needed: str, thread: Sequence[Known], *, taken: str
) -> tuple[Antecedent, str] | None:
    """The nearest fitting antecedent and its gender.

    None also where the person asked for is meant and no answer is known. A demonstrative prefers what was
    mentioned last, a personal pronoun what the conversation is about (Bosch et al. 2003).
    """
    word = words[at].lower
    settled = {known.referent.text: known.referent for known in thread if known.referent is not None}
    for known in reversed(thread):
        offered = antecedents.offered(known.asked, known.answer)
        if known.referent is not None:
            offered.insert(0, known.referent)
        known_gender = [settled.get(antecedent.text, antecedent) for antecedent in offered]
        fitting = [a for a in known_gender if _fits(word, a, needed) and (not taken or a.text != taken)]
        if not fitting:
            continue
        best = _preferred(word, fitting)
        gender = next(letter for letter in needed if letter in best.genders)
        return (best, gender) if best.text else None
    return None


def _preferred(word: str, fitting: Sequence[Antecedent]) -> Antecedent:
    people = [
        antecedent for antecedent in fitting if antecedent.name and antecedent.genders <= frozenset("mf")
    ]
    if word in _DEMONSTRATIVE:
        things = [antecedent for antecedent in fitting if antecedent not in people]
        if word == "die" and things:
            return things[0]
        return people[-1] if people and not fitting[0].asked else fitting[0]
    return people[0] if people else fitting[0]


def _fits(word: str, antecedent: Antecedent, needed: str) -> bool:
    if word in {"das", "es"}:
        return antecedent.genders == frozenset("n") and not antecedent.asked
    return bool(antecedent.genders & set(needed))


def _form(words: Sequence[Token], at: int, antecedent: Antecedent, gender: str) -> str:
    """The antecedent in the case of the pronoun; "" where the form is uncertain."""
    word = words[at].lower
    if _is_possessive(words, at) or word in {"dessen", "deren"}:
        name = antecedent.text if antecedent.name else _own_name(antecedent)
        if antecedent.name and name.isupper():
            return ""
        return _genitive(name) if name and len(name.split()) <= _LONGEST_POSSESSOR_WORDS else ""
    if antecedent.name or antecedent.source is None:
        fits = _CASES.get(word, "nominative") == "nominative"
        return f"{antecedent.article} {antecedent.text}" if antecedent.article and fits else antecedent.text
    return _declined(antecedent, gender, _CASES.get(word, "nominative"))


def _own_name(antecedent: Antecedent) -> str:
    """The name at the end: "ISON" of "den Kometen ISON"; "" of "der Münchner Student"."""
    phrase = antecedent.source
    if phrase is None or phrase.last - phrase.head < 2:  # noqa: PLR2004 (a noun and a name)
        return ""
    last = antecedent.words[phrase.last - 1]
    return last.text if wording.is_unknown(last.text) else ""


def _genitive(name: str) -> str:
    return f"{name}’" if name[-1] in "sßxzSXZ" else f"{name}s"


def _declined(antecedent: Antecedent, gender: str, case: str) -> str:
    phrase, source = antecedent.source, antecedent.words
    if phrase is None or not phrase.determiner:
        return antecedent.text
    article = _ARTICLES[case][gender]
    if _stands_so(phrase, article, case):
        return antecedent.text
    noun = source[phrase.head].text
    weak = noun.endswith("en") and gender in "mp" and not phrase.name
    if gender == "p" or weak or (case == "dative" and gender == "p"):
        return ""
    ending = "e" if case == "nominative" or (case == "accusative" and gender != "m") else "en"
    adjectives = [_weak(token, ending) for token in source[phrase.first + 1 : phrase.head]]
    nouns = antecedent.text[source[phrase.head].start - source[phrase.first].start :]
    return " ".join([article, *adjectives, nouns])


def _stands_so(phrase: Phrase, article: str, case: str) -> bool:
    plain = not phrase.preposition and case in {"nominative", "accusative"}
    return phrase.determiner == article and (plain or phrase.determiner in {"die", "das"})


def _weak(token: Token, ending: str) -> str:
    if token.number:
        return f"{token.text}."
    for strong in ("en", "em", "er", "es", "e"):
        if token.text.endswith(strong):
            return token.text.removesuffix(strong) + ending
    return token.text
