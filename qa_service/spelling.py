"""Questions typed in one case, spelt as texts are: "WANN WAR PUTIN IN HANOI" is "Wann war Putin in Hanoi".

Search and reader learnt from texts, where German nouns and names have capitals; without them a seventh of the
answers is lost. Only capitals change, so that what is asked stays what was asked.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from qa_service.wording.morphology import is_noun_only

_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")


def cased(question: str, texts: Sequence[str] = ()) -> str:
    """The question with the capitals that texts have.

    Args:
        question: As typed; one that has small letters and capitals is returned as it is.
        texts: Where to look first how a word is written; then a dictionary is asked.
    """
    if question not in (question.lower(), question.upper()) or not any(map(str.isalpha, question)):
        return question
    spelt = _spellings(question, texts)

    def written(match: re.Match[str]) -> str:
        word = match[0].lower()
        return spelt.get(word) or _by_dictionary(word)

    result = _WORD.sub(written, question)
    return _LETTER.sub(lambda match: _capital(match[0]), result, count=1)


def _spellings(question: str, texts: Sequence[str]) -> dict[str, str]:
    """How the texts write the question's words, by the word in small letters.

    A capital may be due to the beginning of a sentence: a word that also stands there in small letters is
    small.
    """
    wanted = {match[0].lower() for match in _WORD.finditer(question)}
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for match in _WORD.finditer(text):
            if match[0].lower() in wanted:
                counts.setdefault(match[0].lower(), Counter())[match[0]] += 1
    return {word: word if word in forms else forms.most_common(1)[0][0] for word, forms in counts.items()}


@lru_cache(maxsize=4096)
def _by_dictionary(word: str) -> str:
    return _capital(word) if is_noun_only(word) else word


def _capital(word: str) -> str:
    """With a capital; not where that would be the capital of another letter ("ı")."""
    capital = word[:1].upper()
    return capital + word[1:] if capital.lower() == word[:1] else word
