"""Typing errors: a word that nobody writes, one slip of the fingers away from one that the archive holds.

"Wann war Ptuin in Hanoi?" finds nothing of Putin. A word is corrected only where neither the archive nor a
dictionary has it, where a single slip turns one word of the archive into it, and where no other word comes
near. A name that differs from a known one by another letter ("Meier", "Maier") or by its ending is another
name. What was understood is shown with the answer, and what stands in quotation marks is left as it is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from qa_service.quotations import without_quotations
from qa_service.wording.intent import is_question_word, question_word
from qa_service.wording.language import language_of
from qa_service.wording.morphology import is_word
from qa_service.wording.words import words

_WORD = re.compile(r"[^\W\d_]+")
#: Written out, they count as one letter: with an "o" more, "wechen" would be "wöchen", and thus "Wochen".
_UMLAUTS = ("ae", "oe", "ue")
_LETTERS = "abcdefghijklmnopqrstuvwxyzß"
#: Shorter words are one slip away from too many others.
_SHORTEST, _SHORTEST_NAME, _SHORTEST_LESS, _SHORTEST_REPLACED = 4, 5, 5, 6
_LONGEST = 40
_MOST_CORRECTED = 2
#: The best guess is so many times as likely as the next one.
_CLEAR = 3.0
_ROWS = ("qwertzuiopü", "asdfghjklöä", "yxcvbnm")
_SWAPPED, _MISSING, _DOUBLED, _EXTRA, _NEIGHBOUR = 1.0, 1.0, 1.0, 0.3, 0.3


class Vocabulary(Protocol):
    """The words of the archive; `index.search.Search` is the real one."""

    def occurrences(self, words: Sequence[str]) -> Sequence[int]:
        """Count the passages that hold each word as it is, case and accents aside."""

    def written(self, word: str) -> str | None:
        """Return how the archive mostly writes a word."""


def corrected(question: str, vocabulary: Vocabulary) -> str:
    """The question with its typing errors mended, at most two; unchanged where it is not German.

    Args:
        question: As typed.
        vocabulary: The words that can have been meant.
    """
    doubtful = [
        match for match in _WORD.finditer(without_quotations(question)) if _is_doubtful(match[0], question)
    ]
    if not doubtful or language_of(question) != "de":
        return question
    known = vocabulary.occurrences([match[0] for match in doubtful])
    unknown = [match for match, count in zip(doubtful, known, strict=True) if not count]
    if not unknown or len(unknown) > _MOST_CORRECTED:
        return question
    asked = question_word(question) is not None
    for match in reversed(unknown):
        meant = _meant(match[0], vocabulary, asked=asked)
        if meant is not None:
            question = question[: match.start()] + _in_case(meant, match, question) + question[match.end() :]
    return question


def _is_doubtful(word: str, question: str) -> bool:
    """Whether a word may have been mistyped, as far as can be told without the archive."""
    is_acronym = word.isupper() and not question.isupper()
    return _SHORTEST <= len(word) <= _LONGEST and not is_acronym and not is_word(word.lower())


def _meant(word: str, vocabulary: Vocabulary, *, asked: bool) -> str | None:
    """The word that was meant, as the archive writes it; None where that is not clear.

    Args:
        word: As typed.
        vocabulary: The archive's words.
        asked: Whether another word of the question asks; otherwise this one may be meant to.
    """
    likelihood: dict[str, float] = {}
    is_short_name = len(word) < _SHORTEST_NAME and word[:1].isupper()
    slips = _swaps(word.lower()) if is_short_name else _slips(word.lower())
    for variant, weight in slips:
        likelihood[variant] = max(weight, likelihood.get(variant, 0.0))
    if not asked and (asking := [variant for variant in likelihood if _asks(variant)]):
        return asking[0] if len(asking) == 1 else None
    counts = vocabulary.occurrences(list(likelihood))
    weighed = [
        (count * likelihood[variant], variant) for variant, count in zip(likelihood, counts, strict=True)
    ]
    best, *others = sorted(filter(all, weighed), reverse=True) or [(0.0, "")]
    meant = vocabulary.written(best[1]) if best[1] else None
    near = [variant for weight, variant in others if weight * _CLEAR >= best[0]]
    return meant if all(vocabulary.written(variant) == meant for variant in near) else None


def _asks(word: str) -> bool:
    return word.startswith("w") and is_question_word(words(word)[0])


def _swaps(word: str) -> Iterator[tuple[str, float]]:
    """Every word that becomes this one when two neighbouring letters are swapped, and how likely that is."""
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :], _SWAPPED


def _slips(word: str) -> Iterator[tuple[str, float]]:
    """Every word that one slip turns into this one, and how likely that slip is.

    The first letter is right, or comes second; the last one is right, or comes last but one: another ending
    is another form or another name.
    """
    yield from _swaps(word)
    for at in range(1, len(word)):
        for letter in _LETTERS:
            if word[at - 1] + letter not in _UMLAUTS and letter + word[at] not in _UMLAUTS:
                yield word[:at] + letter + word[at:], _MISSING
    if len(word) >= _SHORTEST_LESS:
        for at in range(1, len(word) - 1):
            yield word[:at] + word[at + 1 :], _DOUBLED if word[at] == word[at - 1] else _EXTRA
    if len(word) >= _SHORTEST_REPLACED:
        for at in range(1, len(word)):
            beside = _NEIGHBOURS.get(word[at], "") if at < len(word) - 2 else ""
            for letter in beside + _ALIKE.get(word[at], ""):
                yield word[:at] + letter + word[at + 1 :], _NEIGHBOUR


#: The letters beside each letter on a German keyboard.
_NEIGHBOURS = {
    letter: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)
}
#: Taken for one another in names from other scripts.
_ALIKE = {"i": "yj", "y": "ij", "j": "iy"}


def _in_case(meant: str, match: re.Match[str], question: str) -> str:
    """The word with capitals where the typed one has them."""
    if question.isupper():
        return meant.upper()
    if question.islower():
        return meant.lower()
    first = meant[:1].upper() if match[0][:1].isupper() else meant[:1].lower()
    return first + meant[1:]
