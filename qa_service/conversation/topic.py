"""What a conversation is about: the gist of its questions.

What only this module knows: which words of an earlier question carry its subject.
"""

from collections.abc import Sequence

from qa_service.conversation import noun_phrases, wording
from qa_service.conversation.wording import Token
from qa_service.wording.focus import kind_of

_MOST_GIST_WORDS = 14
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
_ASKED_CATEGORIES = wording.vocabulary("haus prozent namen name uhr menschen personen leute")
_ASKED_KINDS = frozenset(("country", "place", "number", "date"))


def gist(question: str) -> str:
    """The question without its question word, auxiliary and loose ends; "" where nothing is left.

    "Wie lange saß Julia Bohl in Singapur hinter Gittern?" -> "Julia Bohl in Singapur hinter Gittern".
    """
    words = wording.tokens(question)
    verb = wording.finite_verb(words)
    kept = [at for at in range(len(words)) if verb is None or at > verb]
    kept = _trim(words, kept)
    asked = _asked_nouns(words, verb)
    rest = slices(question, words, kept[:_MOST_GIST_WORDS])
    return ", ".join(part for part in (rest, asked) if part)


def trimmed(text: str) -> str:
    """A stretch of a gist without empty words and punctuation at its ends."""
    words = wording.tokens(text)
    kept = _trim(words, list(range(len(words))))
    return slices(text, words, kept)


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
        if kind_of(token.text) not in _ASKED_KINDS
    )


def slices(question: str, words: Sequence[Token], kept: Sequence[int]) -> str:
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


def lexical_verb(question: str) -> str:
    """The verb that says something ("sank", not "wurde"), "" where there is none."""
    words = wording.tokens(question)
    verb = wording.finite_verb(words)
    return "" if verb is None or words[verb].lower in wording.AUXILIARIES else words[verb].lower
