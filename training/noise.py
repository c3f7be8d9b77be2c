"""How people really type questions: typos, ASCII umlauts, no question mark, one case."""

import random
import re

_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def typo(question: str, rng: random.Random) -> str:
    """Swaps two neighbouring letters of one word of four letters or more, or drops one letter."""
    words = [match for match in re.finditer(r"\w{4,}", question) if match.group().isalpha()]
    if not words:
        return question
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    if rng.random() < 0.5:
        return question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question[:at] + question[at + 1 :]


def noisy(question: str, rng: random.Random) -> str:
    """Returns the question with one or two everyday distortions."""
    kinds = rng.sample(["typo", "ascii", "mark", "lower", "upper", "typo"], k=rng.choice((1, 1, 2)))
    for kind in kinds:
        if kind == "typo":
            question = typo(question, rng)
        elif kind == "ascii":
            question = question.translate(_ASCII)
        elif kind == "mark":
            question = question.rstrip("?! .")
        elif kind == "lower":
            question = question.lower()
        else:
            question = question.upper()
    return question
