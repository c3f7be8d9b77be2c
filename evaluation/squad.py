"""SQuAD 2 exact match and F1, with German articles removed in normalisation (Rajpurkar et al. 2018)."""

import re
import string
from collections import Counter
from collections.abc import Sequence

#: Token F1 from which two strings are taken for the same list item.
SAME_ITEM_F1 = 0.5
#: Token F1 from which an answer counts as right where confidence is fitted: people differ by a word.
RIGHT_F1 = 0.7
_ARTICLES = re.compile(r"\b(der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines)\b")
_PUNCTUATION = set(string.punctuation) | set("„“”‚‘’»«–—…›‹")


def normalise(text: str) -> str:
    """Lower case, no punctuation, no German articles, single spaces."""
    text = "".join(c for c in text.lower() if c not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact(answer: str, gold: str) -> float:
    """1.0 where both read the same after normalisation."""
    return float(normalise(answer) == normalise(gold))


def f1(answer: str, gold: str) -> float:
    """Harmonic mean of token precision and recall, 0 to 1."""
    said, wanted = normalise(answer).split(), normalise(gold).split()
    if not said or not wanted:
        return float(said == wanted)
    common = sum((Counter(said) & Counter(wanted)).values())
    if not common:
        return 0.0
    precision, recall = common / len(said), common / len(wanted)
    return 2 * precision * recall / (precision + recall)


def best(score: object, answer: str, golds: Sequence[str]) -> float:
    """The best score over several accepted answers."""
    return max(score(answer, gold) for gold in golds)  # type: ignore[operator]


def items_f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    """F1 over list items; an item counts where its token F1 with an unused gold item is at least 0.5."""
    left = list(wanted)
    hits = 0
    for answer in said:
        match = max(left, key=lambda gold: f1(answer, gold), default=None)
        if match is not None and f1(answer, match) >= SAME_ITEM_F1:
            left.remove(match)
            hits += 1
    if not said or not wanted:
        return float(not said and not wanted)
    precision, recall = hits / len(said), hits / len(wanted)
    return 0.0 if not hits else 2 * precision * recall / (precision + recall)
