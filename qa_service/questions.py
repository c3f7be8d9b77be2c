"""What the wording of a question says about its answer: form, kind, one or several, and the time named.

Reads German morphology (question words, number of the noun asked for, agreement); the modules of
`qa_service.wording` know the words.
"""

from dataclasses import replace

from qa_service.periods import period
from qa_service.types import Understanding
from qa_service.wording import forms
from qa_service.wording.focus import kind_of
from qa_service.wording.intent import asks_by_order, is_question, order, question_word, yes_no
from qa_service.wording.language import language_of
from qa_service.wording.lexicon import COLLECTIVE, WHAT_BY, WHEN, WHERE, WHICH, WHO, WHY
from qa_service.wording.measures import measures_meant
from qa_service.wording.morphology import noun_lemma, number
from qa_service.wording.phrases import head
from qa_service.wording.several import asks_for_each
from qa_service.wording.whereabouts import countries_meant
from qa_service.wording.words import Word, fold, words

__all__ = ["is_question", "understand"]

_EXPLAINING = frozenset({"erklaeren", "erlaeutern", "definieren", "beschreiben"})
_NOT_ASKED_FOR = frozenset({"sie", "mir", "uns", "bitte", "mal", "auf", "doch"})


def understand(question: str) -> Understanding:
    """Form, kind, number, noun and time that the wording asks for.

    Args:
        question: A question that stands alone; spelling with "ae", lower case and a missing question
            mark make no difference.
    """
    understood = _german(question)
    if understood.question_type in {"fact", "number", "date"} and not understood.many:
        understood = replace(understood, many=asks_for_each(question))
    if understood.many:
        understood = replace(understood, question_type="list")
    meant = countries_meant(question, understood.focus) if understood.kind == "country" else None
    return replace(
        understood,
        period=period(question),
        language=language_of(question),
        countries=meant,
        measures=measures_meant(question) if understood.kind == "number" else None,
    )


def _german(question: str) -> Understanding:
    tokens = words(question)
    asks = question_word(question)
    if asks is not None:
        return _asked_with(tokens, asks)
    if yes_no(question):
        return forms.result("yes_no", "clause")
    return _request(question, tokens) if asks_by_order(question) else _keywords(tokens)


def _asked_with(tokens: tuple[Word, ...], asks: int) -> Understanding:
    """Read the question by its question word."""
    word, rest = tokens[asks], tokens[asks + 1 :]
    if WHICH.match(word.fold):
        return forms.which(tokens, asks)
    if word.fold in WHO:
        return forms.who(word, rest)
    if word.fold.startswith("wie") and word.fold != "wieso":
        return forms.how(word, rest)
    if word.fold == "was":
        return _what(tokens, asks)
    if WHAT_BY.match(word.fold) and word.fold not in WHY:
        return forms.what_by(word, rest)
    return _adverb(word)


def _adverb(word: Word) -> Understanding:
    if word.fold in WHEN:
        return forms.result("date", "date")
    return forms.result("fact", "place") if word.fold in WHERE else forms.result("reason", "clause")


def _what(tokens: tuple[Word, ...], asks: int) -> Understanding:
    rest = tokens[asks + 1 :]
    if rest and rest[0].fold == "fuer":
        return forms.what_sort(rest[1:])
    return forms.as_what(rest) if asks and tokens[asks - 1].fold == "als" else forms.what(rest)


def _request(question: str, tokens: tuple[Word, ...]) -> Understanding:
    """Read "Nenne alle ...", "Gib mir den Geburtsort von ...", "Bitte die Namen der ..."."""
    verb = order(question)
    if verb in _EXPLAINING:
        return forms.result("definition", "clause")
    first = 2 if tokens[0].fold == "bitte" and verb is not None else 1
    start = next((i for i in range(first, len(tokens)) if tokens[i].fold not in _NOT_ASKED_FOR), len(tokens))
    phrase = tokens[start:]
    understood = forms.noun_phrase(phrase, article=phrase[0].fold if phrase else None)
    everything = any(word.fold in {"alle", "aller", "liste", "saemtliche"} for word in tokens)
    each = understood.focus is not None and fold(noun_lemma(understood.focus)) in COLLECTIVE
    return replace(understood, many=understood.many or everything or each)


def _keywords(tokens: tuple[Word, ...]) -> Understanding:
    """A query without question word: its first noun, or the one after the dash, says what is asked."""
    dashed = [i for i, word in enumerate(tokens) if i and ("–" in word.before or " - " in word.before)]
    last = tokens[dashed[-1] :] if dashed else ()
    nouns = [noun for noun in (head(last), head(tokens)) if noun is not None]
    if not nouns:
        return forms.result("fact", "thing")
    about = next((noun for noun in nouns if kind_of(noun.text) != "thing"), nouns[0])
    several = number(about.text) == "plural" and kind_of(about.text) != "number"
    return forms.of_kind(kind_of(about.text), many=several, focus=about.text)
