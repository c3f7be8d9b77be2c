"""What a number that answers a question can measure: "Wie schwer ...?" is not answered in years."""

from collections.abc import Mapping

from qa_service.normal.numbers import MEASURES, measure_of
from qa_service.wording.intent import question_word
from qa_service.wording.words import words

#: By the word after "wie". "hoch", "groß", "stark" and "oft" are asked of nearly everything.
_ASKED: Mapping[str, frozenset[str]] = {
    word: frozenset(measures.split())
    for word, measures in {
        "alt": "time",
        "lang": "time length",
        "lange": "time length",
        "schwer": "mass",
        "weit": "length time share",
        "tief": "length temperature share",
        "breit": "length",
        "teuer": "money",
        "schnell": "speed time length",
        "warm": "temperature",
        "heiss": "temperature",
        "kalt": "temperature",
    }.items()
}
_HOW_MANY = frozenset({"viel", "viele", "wieviel", "wieviele"})
#: What is counted may be told as a share or by its weight ("Wie viele Rohstoffe ...?"), but not in years.
_NOT_COUNTED = frozenset({"time", "money", "length", "temperature", "speed"})


def measures_meant(question: str) -> frozenset[str] | None:
    """What the unit of a number can measure that answers a question; None where the wording leaves it open.

    A number without a unit is always possible.
    """
    tokens = words(question)
    asks = question_word(question)
    if asks is None or not tokens[asks].fold.startswith("wie"):
        return None
    after = asks + 1 if tokens[asks].fold == "wie" else asks
    match tokens[after : after + 2]:
        case [asked, *_] if asked.fold not in _HOW_MANY:
            return _ASKED.get(asked.fold)
        case [_, noun] if (measure := measure_of(noun.fold)) is not None:
            return frozenset({measure})
        case [asked, noun] if asked.fold.endswith("viele") and noun.text[0].isupper():
            return MEASURES - _NOT_COUNTED
    return None
