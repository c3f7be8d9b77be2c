"""Whether the wording spreads over several cases without a plural noun: "jeweils", "A, B und C"."""

import re

from qa_service.periods import periods
from qa_service.wording.coordination import parts
from qa_service.wording.lexicon import COUNT_WORDS, DETERMINERS, EACH, WHICH
from qa_service.wording.morphology import verb_lemma
from qa_service.wording.words import Word, words

_TWO_YEARS = re.compile(
    r"\b(?:19|20)\d\d\)?,? (?:[^.?!]{0,60} )?(?:und|sowie|bzw\.) (?:\S+ ){0,2}\(?(?:19|20)\d\d",
)
# "Wer waren die drei ...", "Wie alt waren die Kinder": one answer for each.
_COUNTED = re.compile(rf"\b(?:wer|wen|wem) (?:\w+ )?die (?:{'|'.join(sorted(COUNT_WORDS))})\b")
_MEASURED = re.compile(r"wie (?:alt|lang|gro(?:ß|ss)|schwer|breit|tief) (?:sind|waren) die ")
_RANGE = re.compile(r"\bzwischen\b|\bvon (?:19|20)")
# Two coordinated things can be one case ("Verhandlungen mit A und B"), three are hardly ever.
_PARTS = 3
_SUBJECT_AT = 3  # words: question word, verb, first thing


def asks_for_each(question: str) -> bool:
    """Whether a question without a plural noun asks for several: "jeweils", "wer alles", "2005 und 2011"."""
    tokens = words(question)
    if any(word.fold == "jeweils" for word in tokens):
        return True
    if any(WHICH.match(word.fold) for word in tokens):
        return False  # the noun has decided
    lowered = question.lower()
    if any(word.fold in EACH for word in tokens) or _COUNTED.search(lowered) or _MEASURED.match(lowered):
        return True
    if _RANGE.search(lowered):
        return False
    return (
        bool(_TWO_YEARS.search(question) and len(periods(question)) > 1)
        or _enumerates(tokens)
        or len(parts(question)) >= _PARTS
    )


def _enumerates(tokens: tuple[Word, ...]) -> bool:
    """Whether three things are lined up ("A, B und C"): a comma, a few words without a verb, "und"."""
    for i, word in enumerate(tokens):
        if i < _SUBJECT_AT or "," not in word.before or not tokens[i - 1].text[:1].isupper():
            continue
        for j in range(i + 1, min(i + 7, len(tokens) - 1)):
            if tokens[j].opens or (tokens[j].text[:1].islower() and verb_lemma(tokens[j].text)):
                break
            if tokens[j].fold in {"und", "sowie"} and _starts_thing(word) and _starts_thing(tokens[j + 1]):
                return True
    return False


def _starts_thing(word: Word) -> bool:
    return word.text[:1].isupper() or word.fold in DETERMINERS
