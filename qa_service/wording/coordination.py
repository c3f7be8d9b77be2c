"""Questions that ask the same of several things: "Woran starben A, B und C?" is three questions.

No single passage answers such a question, so each part is searched and read by itself. What is coordinated
is found by parallel form: the first conjunct begins as its neighbours do, with the same preposition, a
determiner, a name or a number, and the last one ends with its last noun, name or number.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from qa_service.quotations import quotations
from qa_service.wording import lexicon
from qa_service.wording.morphology import verb_lemma
from qa_service.wording.words import fold

#: A question that coordinates more is read as a whole.
MOST_PARTS = 4
_JOINT = re.compile(
    r",?\s+(?:und|sowie|beziehungsweise|bzw\.|oder)\s+|,\s+(?!(?:dass|ob|weil|als|um|wo|welche[rsnm]?)\b)"
)
_SHIELDED = re.compile(r"\([^()]*\)|\bzwischen\b[^,?]*")
_WORD = re.compile(r"\S+")
_ENDING_WORD = re.compile(r"\S*[A-ZÄÖÜ0-9]\S*")
_RELATIVE = frozenset({"der", "die", "das", "den", "dem", "denen", "deren", "dessen"})
_PREPOSITIONS = lexicon.DATIVE | lexicon.ACCUSATIVE | lexicon.TWO_WAY
_LEAST_NAME = 3  # letters


def parts(question: str) -> list[str]:
    """Questions for each of the things that a question coordinates, in their order.

    Args:
        question: One that stands alone.

    Returns:
        Two to `MOST_PARTS` questions; none where not every conjunct has a name or a number of its own.
    """
    text = question.strip().rstrip("?!. ")
    segments = list(_segments(text))
    if not 1 < len(segments) <= MOST_PARTS:
        return []
    head, *others = segments
    begin = _beginning(head, others[0])
    if begin is None:
        return []
    whole_clauses = _starts_with_verb(others[0])
    end = len(others[-1]) if whole_clauses else _ending(others[-1])
    after = others[-1][end:]
    conjuncts = [head[begin:], *others[:-1], others[-1][:end]]
    if not all(_is_own(conjunct) for conjunct in conjuncts):
        return []
    before = head[:begin]
    return [f"{_without_article(before, conjunct)}{conjunct}{after}?" for conjunct in conjuncts]


def _segments(text: str) -> Iterator[str]:
    """What stands between the joints; relative clauses and nameless segments stay with what precedes."""
    shielded = [*quotations(text), *(match.span() for match in _SHIELDED.finditer(text))]
    joints = [
        match
        for match in _JOINT.finditer(text)
        if not any(low <= match.start() < high for low, high in shielded)
    ]
    start = 0
    for i, joint in enumerate(joints):
        stop = joints[i + 1].start() if i + 1 < len(joints) else len(text)
        following = text[joint.end() : stop]
        alternative = "oder" in joint.group() and not _starts_with_verb(following)
        comma = joint.group().strip() == ","
        relative = comma and (i + 1 == len(joints) or _is_relative(following))
        if _ENDING_WORD.search(following) and not alternative and not relative:
            yield text[start : joint.start()]
            start = joint.end()
    yield text[start:]


def _is_relative(segment: str) -> bool:
    """Whether a segment is a relative clause: "der in München einen Radler totfuhr"."""
    words = segment.split()
    last = words[-1]
    return len(words) > 1 and words[0].lower() in _RELATIVE and last[:1].islower() and bool(verb_lemma(last))


def _starts_with_verb(segment: str) -> bool:
    first = segment.split(maxsplit=1)[0]
    return first.islower() and fold(first) not in _PREPOSITIONS and verb_lemma(first) is not None


def _beginning(head: str, model: str) -> int | None:
    """Where the first conjunct begins in what precedes the first joint; `model` is the second conjunct."""
    words = list(_WORD.finditer(head))[2:]  # the question word and what it asks for come first
    first = model.split(maxsplit=1)[0]
    if _starts_with_verb(model):
        return next((w.start() for w in words if _starts_with_verb(w.group())), None)
    if first[:1].isdigit():
        return _last(words, lambda w: w[:1].isdigit())
    folded = fold(first)
    if _plain(folded) in _PREPOSITIONS:
        return _last(words, lambda w: _plain(fold(w)) == _plain(folded)) or _last(
            words, lambda w: _plain(fold(w)) in _PREPOSITIONS
        )
    if folded in lexicon.DETERMINERS:
        return _determiner(words, first)
    return _name(words) if first[:1].isupper() else None


def _determiner(words: Sequence[re.Match[str]], model: str) -> int | None:
    """The last determiner that no preposition governs, else the last one of the same form, else any."""
    places = [i for i, word in enumerate(words) if fold(word.group()) in lexicon.DETERMINERS]
    free = [i for i in places if i == 0 or _plain(fold(words[i - 1].group())) not in _PREPOSITIONS]
    same = [i for i in places if words[i].group().lower() == model.lower()]
    chosen = [*places, *same, *free]
    return words[chosen[-1]].start() if chosen else None


def _name(words: Sequence[re.Match[str]]) -> int | None:
    """Where the last run of capitalised words or numbers begins."""
    start = None
    for word in reversed(words):
        if not (word.group()[:1].isupper() or word.group()[:1].isdigit()):
            break
        start = word.start()
    return start


def _last(words: Sequence[re.Match[str]], fits: Callable[[str], bool]) -> int | None:
    return next((word.start() for word in reversed(words) if fits(word.group())), None)


def _ending(tail: str) -> int:
    """Where the last conjunct ends: after its number, else after its last capitalised word or number."""
    numbers = re.match(r"\d+\b\S*", tail)
    if numbers:
        return numbers.end()
    ends = [match.end() for match in _ENDING_WORD.finditer(tail)]
    return ends[-1] if ends else len(tail)


def _is_own(conjunct: str) -> bool:
    """Whether a conjunct has a name or a number, and so can be found by itself."""
    words = [word.strip(".,;:„“\"'()") for word in conjunct.split()]
    named = (w for w in words if len(w) >= _LEAST_NAME and w[:1].isupper())
    return any(char.isdigit() for char in conjunct) or next(named, None) is not None


def _without_article(before: str, conjunct: str) -> str:
    """What precedes, without its last article where the conjunct has its own."""
    words = before.split()
    first = fold(conjunct.split(maxsplit=1)[0])
    if words and fold(words[-1]) in lexicon.DETERMINERS and first in lexicon.DETERMINERS | _PREPOSITIONS:
        return before[: before.rstrip().rfind(words[-1])]
    return before


def _plain(word: str) -> str:
    """A preposition without the article that it has swallowed."""
    return lexicon.CONTRACTED.get(word, word)
