"""Plain strings: what is left when case, inflection, quotes, articles and prepositions do not count."""

import re
import unicodedata
from functools import lru_cache

from qa_service.normal.form import Normal
from qa_service.wording.words import listed

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "–": "-", "‑": "-"})
_TOKEN = re.compile(r"[^\W_]+(?:[.,:/][^\W_]+)*", re.UNICODE)
_ENDINGS = ("ern", "em", "en", "es", "er", "e", "n", "s")
_SHORTEST_STEM = 4
_OPENING, _CLOSING = "\"'„“”‚‘»«›‹([", "\"'“”‘’»«›‹)]"
_EDGE = " \t\n\u00a0,;:.!?–—-"
_ARTICLES = sorted(listed("der die das den dem des ein eine einen einem einer eines"))
_PREPOSITIONS = sorted(
    listed(
        "in im ins an am ans auf aus bei beim mit nach von vom vor zu zum zur für durch gegen über unter um "
        "zwischen hinter neben"
    )
)
_LEADING = re.compile(rf"(?:{'|'.join(_ARTICLES + _PREPOSITIONS)})\s+", re.IGNORECASE)
_LEADING_PREPOSITION = re.compile(rf"(?:{'|'.join(_PREPOSITIONS)})\s+", re.IGNORECASE)
_DROPPED = frozenset(_ARTICLES + _PREPOSITIONS)


def fold(text: str) -> str:
    """Lower case, umlauts as digraphs, other accents removed ("Erdoğan" -> "erdogan")."""
    lowered = text.lower().translate(_FOLD)
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c)).replace(
        "ı", "i"
    )


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A folded word without one inflectional ending, where four letters or more remain."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=8192)
def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words, articles and prepositions left out (kept where nothing else is there)."""
    tokens = _TOKEN.findall(fold(text))
    content = [token for token in tokens if token not in _DROPPED] or tokens
    return tuple(token if any(c.isdigit() for c in token) else stem(token) for token in content)


def normal_string(text: str) -> Normal:
    """Normal form of a string of no particular kind."""
    return Normal("text:" + " ".join(stems(text)))


def trim(text: str, *, articles: bool = True, prepositions: bool = True) -> tuple[int, int]:
    """Where the answer proper begins and ends in a text: no quotes, punctuation or function words around it.

    Args:
        text: The text of a span.
        articles: Whether to drop a leading article (not in titles, where it belongs to the name).
        prepositions: Whether to drop a leading preposition.

    Returns:
        Half-open offsets into `text`; the whole text where nothing would be left.
    """
    start, end = _unquoted(text, 0, len(text))
    pattern = _LEADING if articles else _LEADING_PREPOSITION
    while (articles or prepositions) and (match := pattern.match(text, start, end)):
        start = match.end()
    start, end = _unquoted(text, start, end)
    return (start, end) if start < end else (0, len(text))


def _unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink over white space and punctuation, and over quotes that have no partner inside."""
    while start < end:
        first, last = text[start], text[end - 1]
        if first in _EDGE and not (first == "-" and text[start + 1 : start + 2].isdigit()):
            start += 1
        elif last in _EDGE and not (last == "." and _abbreviated(text[start:end])):
            end -= 1
        elif first in _OPENING and _outer(text[start + 1 : end], _CLOSING):
            start += 1
        elif last in _CLOSING and _outer(text[start : end - 1][::-1], _OPENING):
            end -= 1
        else:
            break
    return start, end


def _outer(rest: str, partners: str) -> bool:
    """Whether a quote's partner is missing, or stands at the far end or right beside it (doubled quotes)."""
    place = next((i for i, c in enumerate(rest) if c in partners), None)
    return place is None or place in {0, len(rest) - 1}


def _abbreviated(text: str) -> bool:
    """Whether a final full stop belongs to the word: "George W.", "Coelestin V.", "Steve St.", "Co."."""
    return bool(re.search(r"(?:^|\s)(?:\w|\w\w|[IVX]+|Inc|Ltd)\.$", text))
