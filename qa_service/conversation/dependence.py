"""Whether a question needs the questions before it.

What only this module knows: the signs of it. A pronoun without its noun or a question without a verb
is certain; a noun without a name ("Was hat das Schiff gekostet?") is a guess.
"""

import re
from collections.abc import Sequence
from enum import IntEnum

from qa_service.conversation import noun_phrases, wording
from qa_service.conversation.wording import Token
from qa_service.normal.countries import country

_REFERRING_ADVERBS = wording.vocabulary(
    """
    da dort dorthin dahin daher davon dabei dafür dagegen daran darauf darüber darum dadurch damit dahinter
    danach davor dazu dann damals deswegen deshalb stattdessen vorher hinterher nachher seitdem daraufhin
    daneben darunter darin daraus dorther dortige
    """
)
_PERSONAL = wording.vocabulary("er ihn ihm ihnen sie ihr es")
_THIS = wording.vocabulary(
    "dieser diese dieses diesen diesem dies jener jene jenes jenen jenem solche solchen"
)
_NOW = wording.vocabulary(
    "nacht jahr jahres woche monat monats sommer winter herbst frühjahr tage tagen zeit"
)
_EMPTY_SUBJECT = wording.vocabulary(
    """
    gibt gab gäbe geht ging kam kommt kommen handelt handelte brannte brennt regnete regnet schneite heißt
    hieß stimmt bedarf braucht dauert dauerte gelang gelingt
    """
)
_CORRELATES = wording.vocabulary("dafür dagegen daran darauf darüber darum damit davon dazu danach davor")
_CONNECTORS = wording.vocabulary("und aber oder")
IDENTIFYING = 2.0
_IDENTIFYING_AFTER_UND = 6.0
_SUBJECT_NAMED = 3.0
_LONGEST_ELLIPSIS = 6
_AWAY = re.compile(r"(?:k[aä]men?|kommt?|kommen|tr[uü]g(?:en)?|trägt|tragen|lief(?:en)?|liefen|fuhr(?:en)?)$")
_REPORTS = wording.vocabulary("bericht artikel meldung text beitrag nachricht studie")
_INDEFINITE = wording.vocabulary("ein eine einen einem einer eines")
_FIRST_PERSON = wording.vocabulary("ich mir mich wir uns unser unsere unseren unserem unserer unseres")
_CATEGORIES = wording.vocabulary(
    """
    konzern konzerns firma unternehmen unternehmens partei schiff schiffs flugzeug flugzeugs maschine bus
    busses zug zuges pilot piloten stadt land landes mann mannes frau täter täters opfer preis preises film
    films buch buchs gericht gerichts mannschaft team teams verein vereins toten tote verletzten verletzte
    museum museums zeitung bank regierung kind kindes junge mädchen wagen auto autos hund tier tiere unfall
    unfalls unglück unglücks anschlag anschlags brand brandes polizei behörde gebäude haus hauses fluss
    gipfel treffen spiel spiels rennen wahl studie ausstellung gesetz gesetzes vertrag projekt projekts bild
    werk werks anlage politiker politikerin künstler sänger sängerin schauspieler einsatz ersatz
    """
)
_LONG_NOUN_LETTERS = 12


class Dependence(IntEnum):
    """How much a question leans on what was said before."""

    NONE = 0
    POSSIBLE = 1
    CERTAIN = 2


def dependence(question: str) -> Dependence:
    """Judge one question by its wording alone."""
    words = wording.tokens(question)
    if not words:
        return Dependence.NONE
    if _is_remark(question, words):
        return Dependence.NONE
    if is_elliptic(words) or any(refers_back(words, at) for at in range(len(words))):
        return Dependence.CERTAIN
    if any(token.lower in _FIRST_PERSON for token in words):
        return Dependence.NONE
    needed = _IDENTIFYING_AFTER_UND if words[0].lower in _CONNECTORS else IDENTIFYING
    if specificity(question, words) < needed:
        return Dependence.POSSIBLE
    return Dependence.NONE


def _is_remark(question: str, words: Sequence[Token]) -> bool:
    """True for "Danke!" and "Bitte auch die Quellen nennen.", which ask for nothing."""
    asks = any(token.lower in wording.QUESTION_WORDS for token in words)
    return question.rstrip().endswith((".", "!")) and not asks and not refers_back(words, len(words) - 1)


def is_elliptic(words: Sequence[Token]) -> bool:
    """True for a question without a verb: "Warum?", "Und Vietnam?", "Mit wie vielen Stimmen?".

    A bare list of key words ("Putin Nordkorea Besuch") is a search, not an ellipsis.
    """
    if any(wording.is_verb(token) for token in words if not token.capital or token is words[0]):
        return False
    first = words[0].lower
    if len(words) > _LONGEST_ELLIPSIS:
        return False
    if first in _CONNECTORS | wording.QUESTION_WORDS | wording.PREPOSITIONS:
        return True
    return len(words) == 1


def refers_back(words: Sequence[Token], at: int) -> bool:
    """True where the word at this position stands for something said before the question."""
    token, word = words[at], words[at].lower
    if token.capital and at > 0:
        return False
    if word in _THIS:
        return not (at + 1 < len(words) and words[at + 1].lower in _NOW)
    return _pronoun_refers(words, at) or _lacks_noun(words, at) or _is_known_report(words, at)


def _pronoun_refers(words: Sequence[Token], at: int) -> bool:
    word = words[at].lower
    if word in _REFERRING_ADVERBS:
        return _adverb_refers(words, at)
    if word in wording.POSSESSIVES and at + 1 < len(words) and noun_phrases.is_article(words, at):
        return not _has_antecedent(words, at, possessive=True)
    if word in _PERSONAL:
        return not _is_empty_subject(words, at) and not _has_antecedent(words, at)
    if word in wording.DEMONSTRATIVES:
        return _demonstrative_refers(words, at)
    return False


def _adverb_refers(words: Sequence[Token], at: int) -> bool:
    word = words[at].lower
    following = words[at + 1] if at + 1 < len(words) else None
    if words[at].after_comma or _is_particle(words, at):
        return False
    if word in _CORRELATES and following is not None and following.after_comma:
        return False
    last = following is None or following.after_comma
    if last and word in {"da", "dabei"} and _clause_specificity(words) >= _SUBJECT_NAMED:
        return False
    return not (word in {"dann", "da", "dort", "damals"} and any(t.after_comma for t in words[:at]))


def _is_particle(words: Sequence[Token], at: int) -> bool:
    """True for "davon" of "kam davon" and "dabei" of "dabei sein", which belong to the verb."""
    word, rest = words[at].lower, words[at + 1 :]
    if word == "davon" and not rest:
        return any(_AWAY.match(token.lower) for token in words[:at])
    closing = len(rest) == 1 and rest[0].lower in {"sein", "war", "waren", "ist", "sind", "gewesen"}
    return word == "dabei" and closing and _clause_specificity(words) >= IDENTIFYING


def _demonstrative_refers(words: Sequence[Token], at: int) -> bool:
    if noun_phrases.is_relative(words, at):
        return False
    if words[at].lower in {"dessen", "deren"}:
        return not [p for p in noun_phrases.phrases(words[:at]) if not p.time]
    if noun_phrases.is_article(words, at):
        return _is_partitive(words, at)
    return not (_has_antecedent(words, at) or _names_another(words, at))


def _names_another(words: Sequence[Token], at: int) -> bool:
    """True for "außer dem brennenden", which is one of those that the question names before."""
    adjective = at + 1 < len(words) and wording.may_modify(words[at + 1]) and at > 0
    return adjective and words[at - 1].lower in wording.PREPOSITIONS and any(t.capital for t in words[1:at])


def _is_partitive(words: Sequence[Token], at: int) -> bool:
    """True for "Wie viele von den Toten", which counts among something known."""
    return at > 1 and words[at - 1].lower == "von" and words[at - 2].lower in {"viele", "wieviele", "wer"}


def _is_empty_subject(words: Sequence[Token], at: int) -> bool:
    if words[at].lower != "es":
        return False
    if any(token.lower in _EMPTY_SUBJECT for token in words):
        return True
    return specific_names(words) > 0


def _has_antecedent(words: Sequence[Token], at: int, *, possessive: bool = False) -> bool:
    """True where a noun or "wer" earlier in the same question can be meant."""
    verb = wording.finite_verb(words)
    own = words[at].lower.startswith("sein")
    counts = own and verb is not None and [token.lower for token in words[:2]] == ["wie", "viele"]
    before = noun_phrases.phrases(words[:at], start=verb if counts and verb is not None else 0)
    if possessive:
        if verb is not None and at < verb:
            subject = verb + (2 if verb + 1 < len(words) and words[verb + 1].lower == "sich" else 1)
            return any(p.first == subject and p.name for p in noun_phrases.phrases(words, start=subject))
        asked = words[0].lower == "wer" and words[at].lower.startswith("sein")
        copula = verb is not None and words[verb].lower in {"ist", "war", "wurde", "wird", "sind", "waren"}
        return bool([p for p in before if not p.time]) or (asked and not copula)
    clause = any(token.after_comma or token.lower in {"und", "oder"} for token in words[1 : at + 1])
    return clause and bool([p for p in before if not p.time])


def _lacks_noun(words: Sequence[Token], at: int) -> bool:
    """True for "im allerersten", "die anderen": an inflected adjective after "im" with no noun to come."""
    if words[at].lower not in {"im", "am", "zum", "zur", "beim", "vom"} or at + 1 >= len(words):
        return False
    superlative = words[at].lower == "am" and words[at + 1].lower.endswith("ten")
    return not superlative and not noun_phrases.is_article(words, at) and at + 2 >= len(words)


def _is_known_report(words: Sequence[Token], at: int) -> bool:
    """True for "laut dem Bericht", a source without a name."""
    if words[at].lower != "laut":
        return False
    return any(
        p.first == at + 1 and p.determiner and p.head == at + 2 and words[p.head].lower in _REPORTS
        for p in noun_phrases.phrases(words)
        if p.last >= len(words) or not (words[p.last].lower in wording.PREPOSITIONS or words[p.last].capital)
    )


def specific_names(words: Sequence[Token]) -> int:
    """How many names, acronyms and years the question carries itself."""
    verb = wording.finite_verb(words)
    named = [
        p for p in noun_phrases.phrases(words, start=0 if verb is None else verb + 1) if p.name and not p.time
    ]
    return len(named) + sum(token.year for token in words)


def specificity(question: str, words: Sequence[Token]) -> float:
    """Weigh how well the question alone says what it is about, from 0; two and more identify a subject.

    Names, quotations and years weigh most, then long or hyphened nouns, then any other noun; those of the
    question phrase count less, those that only name a category ("das Schiff") nothing.
    """
    return 3.0 * len(wording.quoted(question)) + _clause_specificity(words)


def _clause_specificity(words: Sequence[Token]) -> float:
    verb = wording.finite_verb(words)
    inside = noun_phrases.phrases(words, start=0 if verb is None else verb + 1)
    score = 3.0 * sum(token.year for token in words)
    for phrase in inside:
        score += _phrase_weight(words, phrase)
    for token in words[: verb or 0]:
        if token.capital and token is not words[0]:
            score += _noun_weight(token) * 0.75
        elif mentions_country(token):
            score += 1.0
    return score


def _phrase_weight(words: Sequence[Token], phrase: noun_phrases.Phrase) -> float:
    if phrase.time:
        return 1.0
    nouns = [token for token in words[phrase.first : phrase.last] if token.capital]
    weight = max((_noun_weight(token) for token in nouns), default=0.0)
    numbered = any(token.number for token in words[phrase.head : phrase.last])
    if phrase.name and (len(nouns) > 1 or numbered):
        return 3.0
    if phrase.name and not phrase.determiner:
        noun = words[phrase.head].text
        return weight if wording.is_inflected(noun) or wording.is_common(noun) else max(weight, 2.0)
    if any(mentions_country(token) for token in words[phrase.first : phrase.head]):
        return max(weight, 2.0)
    new = 1.0 if phrase.determiner in _INDEFINITE else 0.0  # what is introduced was not mentioned before
    return weight + new + (0.5 if phrase.last - phrase.first > 2 else 0.0)  # noqa: PLR2004 (an adjective)


def mentions_country(token: Token) -> bool:
    """True for "japanische", which says what is meant as a name does."""
    return (not token.capital and token.lower.startswith(("deutsch",))) or (
        "isch" in token.lower and country(token.text) is not None
    )


def _noun_weight(token: Token) -> float:
    if token.lower in _CATEGORIES:
        return 0.0
    if wording.is_acronym(token.text):
        return 3.0
    if "-" in token.text or wording.is_unknown(token.text):
        return 2.0
    return 1.5 if len(token.text) >= _LONG_NOUN_LETTERS else 1.0
