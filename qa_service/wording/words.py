"""The words of a text as questions are read: in order, folded, with what stands between them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from qa_service.wording.morphology import verb_lemma

_WORD = re.compile(r"[^\W_](?:[\w.'’/&+-]*[^\W_])?%?")
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question.

    Attributes:
        text: As typed.
        fold: Lower case, umlauts as digraphs: what closed classes are compared with.
        before: The characters between the previous word and this one.
        start: First code point in the question.
    """

    text: str
    fold: str
    before: str
    start: int

    @property
    def opens(self) -> bool:
        """Whether a comma, dash, colon or sentence end stands before it."""
        return any(mark in self.before for mark in ",;:–—.!?") or " - " in self.before


def fold(text: str) -> str:
    """Lower case with umlauts as digraphs ("Größe" -> "groesse")."""
    return text.lower().translate(_FOLD)


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order, with what stands between them."""
    found, last = [], 0
    for match in _WORD.finditer(text):
        found.append(Word(match.group(), fold(match.group()), text[last : match.start()], match.start()))
        last = match.end()
    return tuple(found)


@lru_cache(maxsize=4096)
def infinitive(word: str) -> str | None:
    """Folded infinitive of a verb form, None for other words."""
    verb = verb_lemma(word)
    return None if verb is None else fold(verb)


def listed(text: str) -> frozenset[str]:
    """The words of a closed class."""
    return frozenset(text.split())
