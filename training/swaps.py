"""Questions that their own passage no longer answers: one thing asked about is exchanged for another.

"Wie viele Menschen starben 2009 in Rom?" becomes "... in Oslo?" or "... 1997 in Rom?". A reader that matches
the kind of answer and overlooks the rest of the question answers both; one that learns from such pairs checks
every word (the contrast of SQuAD 2's unanswerable questions, made by rule).
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_STEM = 5
#: So many parts are drawn, and one of the likest is taken: a country for a country, a month for a month.
_DRAWN, _LIKEST = 60, 4
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
#: A run of this many words and more is a title or a quotation: exchanging it changes too much.
_LONGEST = 3


def runs(question: str) -> list[tuple[int, int, str]]:
    """(start, end, word before in lower case) of each run of capitalised words or number in a question.

    The first word of the question is no run: it is capitalised anyway.
    """
    found: list[tuple[int, int, str]] = []
    before, open_run = "", False
    for place, match in enumerate(_WORD.finditer(question)):
        word = match.group()
        named = place > 0 and (word[0].isupper() or word[0].isdigit())
        joined = open_run and question[found[-1][1] : match.start()] == " " and not word[0].isdigit()
        if named and joined:
            found[-1] = (found[-1][0], match.end(), found[-1][2])
        elif named:
            found.append((match.start(), match.end(), before))
        open_run = named and not word[0].isdigit()
        before = word.lower()
    return found


def _stands_in(piece: str, text: str) -> bool:
    return any(word.casefold()[:_STEM] in text for word in _WORD.findall(piece))


Vectors = npt.NDArray[np.float32]


class Swapper:
    """Exchanges parts of questions for like parts of other questions that stand after the same word.

    Args:
        questions: Questions to draw the parts from.
        embed: Vectors (n, size) of unit length of n pieces of text; what is alike points the same way.
    """

    def __init__(self, questions: Iterable[str], embed: Callable[[Sequence[str]], Vectors]) -> None:
        self.pool: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.numbers: dict[str, int] = {}
        for question in questions:
            for start, end, before in runs(question):
                piece = question[start:end]
                if not piece[0].isdigit():
                    number = self.numbers.setdefault(piece, len(self.numbers))
                    self.pool[before, len(piece.split())].append(number)
        self.pieces = list(self.numbers)
        self.embed = embed
        self.vectors = embed(self.pieces)

    def _other(self, piece: str, before: str, text: str, rng: random.Random) -> str | None:
        if _YEAR.fullmatch(piece):
            years = [str(int(piece) + sign * by) for by in range(1, 13) for sign in (-1, 1)]
            years = [year for year in years if year not in text]
            return rng.choice(years) if years else None
        pool = self.pool.get((before, len(piece.split())), [])
        if piece[0].isdigit() or not pool:
            return None
        drawn = sorted(set(rng.choices(pool, k=_DRAWN)))
        own = self.vectors[self.numbers[piece]] if piece in self.numbers else self.embed([piece])[0]
        order = np.argsort(-(self.vectors[drawn] @ own))
        likest = (self.pieces[drawn[place]] for place in order)
        free = [other for other in likest if other != piece and not _stands_in(other, text)]
        return rng.choice(free[:_LIKEST]) if free else None

    def swapped(self, question: str, texts: Sequence[str], rng: random.Random, *, most: int) -> list[str]:
        """Up to `most` variants that ask about something that does not stand in `texts`."""
        text = " ".join(texts).casefold()
        places = [place for place in runs(question) if question[place[0] : place[1]].count(" ") < _LONGEST]
        # What stands in the text is what the question hangs on; exchanging it is what must be noticed.
        places.sort(key=lambda place: (not _stands_in(question[place[0] : place[1]], text), rng.random()))
        found: list[str] = []
        for start, end, before in places:
            other = self._other(question[start:end], before, text, rng)
            if other is not None:
                found.append(question[:start] + other + question[end:])
        return found[:most]
