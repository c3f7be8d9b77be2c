"""Whether there is a question at all, and what makes it one: a question word, a verb, an order."""

import re

from qa_service.wording.language import language_of
from qa_service.wording.lexicon import (
    AFTER_ORDER,
    ASKING,
    EMPTY,
    GREETINGS,
    HOW_MANY,
    WHAT_BY,
    WHEN,
    WHERE,
    WHICH,
    WHO,
    WHY,
)
from qa_service.wording.morphology import is_known, verb_lemma
from qa_service.wording.words import Word, fold, listed, words

_LONGEST_LEADER = 5
_SHORTEST_CLAUSE = 3  # verb, subject, and something said of it
_FEWEST_VOWELS, _MOST_VOWELS = 0.28, 0.7
_SHORTEST_COMMENT = 2
_COMMENTING = frozenset({"das", "ich", "du", "wir", "dies"})
_CONNECTORS = frozenset({"und", "aber", "oder"})
_PRAISE = listed("super prima toll klasse gut sehr alles klar aha ach ah so dir ihnen schoen interessant")


def is_question_word(word: Word) -> bool:
    """Whether the word asks ("wer", "welchen", "womit", "wieviel")."""
    return (
        word.fold in WHO | WHERE | WHEN | WHY | {"was", "wie", "wievielte"}
        or bool(WHAT_BY.match(word.fold) or WHICH.match(word.fold))
        or word.fold.startswith("wieviel")
    )


def question_word(text: str) -> int | None:
    """Position of the word that asks, or None.

    "wie", "was" and "wo" also compare and relate ("so groß wie", "alles, was"), so they ask only at the
    beginning, after a comma or dash, after a preposition at the beginning, or in "wie viele".
    """
    tokens = words(text)
    for i, word in enumerate(tokens):
        if not is_question_word(word):
            continue
        if word.fold not in {"wie", "was", "wo"}:
            return i
        follows = tokens[i + 1].fold if i + 1 < len(tokens) else ""
        if i == 0 or word.opens or HOW_MANY.match(follows) or (word.fold == "was" and follows == "fuer"):
            return i
        if all(_leads(token) for token in tokens[:i]):
            return i
    return None


def _leads(word: Word) -> bool:
    """Whether a word may stand before the question word at the beginning ("Und wo ...", "Seit wann ...")."""
    return len(word.fold) <= _LONGEST_LEADER and (
        word.fold in EMPTY or word.fold in {"seit", "bis", "ab", "gegen", "ohne", "vor"}
    )


def order(text: str) -> str | None:
    """Infinitive of the verb where the text begins with an order ("Nenne", "Schreib"), else None."""
    tokens = [word for word in words(text) if word.fold not in {"bitte", "und", "dann"}]
    if not tokens:
        return None
    first, following = tokens[0], tokens[1].fold if len(tokens) > 1 else ""
    verb = verb_lemma(first.text)
    if verb is None or not _imperative(first.fold, fold(verb), following):
        return None
    noun = is_known(first.text[:1].upper() + first.text[1:]) and following in {
        "der",
        "des",
        "auf",
        "ueber",
        "als",
    }
    if noun:  # "Länge der Nordschleife", "Liste der Mitglieder"
        return None
    return fold(verb) if following in AFTER_ORDER | {"sie", ""} or fold(verb) in ASKING else None


def _imperative(form: str, infinitive: str, following: str) -> bool:
    stem = infinitive[:-2] if infinitive.endswith("en") else infinitive.removesuffix("n")
    irregular = {
        "gib": "geben",
        "nimm": "nehmen",
        "lies": "lesen",
        "sprich": "sprechen",
        "vergiss": "vergessen",
    }
    return (
        form in {stem, stem + "e"}
        or (form == stem + "t" and infinitive in {"nennen", "zeigen", "sagen", "geben"})
        or irregular.get(form) == infinitive
        or (form == infinitive and following == "sie" and infinitive in ASKING)
    )


def asks_by_order(text: str) -> bool:
    """Whether an order asks for an answer ("Nenne alle Parteien ...") or a noun is requested with "bitte"."""
    verb = order(text)
    return (verb in ASKING) if verb else any(word.fold == "bitte" for word in words(text)[:1])


def yes_no(text: str) -> bool:
    """Whether the first word is a finite verb ("Hat Putin ...", "Wurde ...")."""
    tokens = words(text)
    if len(tokens) < _SHORTEST_CLAUSE or order(text) or tokens[0].fold == "bitte":
        return False
    first = tokens[0]
    verb = verb_lemma(first.text)
    if verb is None or first.fold == fold(verb):
        return first.fold in {"sind", "haben", "werden", "koennen", "sollen", "muessen", "duerfen", "wollen"}
    finite = first.fold.endswith(("t", "te", "ten", "en")) or fold(verb) in {
        "sein",
        "haben",
        "werden",
        "koennen",
    }
    strong = first.fold != fold(verb).removesuffix("en") + "e"
    return (finite or strong) and not is_noun_only(first.text)


def is_noun_only(text: str) -> bool:
    """Whether a capitalised first word can be a noun and the lower-case form is hardly a verb's present."""
    return text[:1].isupper() and text.lower().endswith(("ung", "heit", "keit", "schaft", "ion"))


def is_question(text: str) -> bool:
    """Whether there is something to look for: a question in German, or two content words.

    Judged on the question that stands alone ("Und wann?" has no subject of its own). Greetings, single
    words, letters at random, other languages and orders to do something else than answer are not questions.
    """
    tokens = words(text)
    content = [word for word in tokens if _is_content(word)]
    if not any(letter.isalpha() for word in content for letter in word.text):
        return False
    if language_of(text) != "de" or _is_comment(text):
        return False
    verb = order(text)
    if verb is not None:
        return verb in ASKING
    if question_word(text) is not None:
        return True
    sense = [word for word in content if _makes_sense(word)]
    return len(content) > 1 and len(sense) * 2 > len(content)


def is_remark(text: str) -> bool:
    """Whether a follow-up asks nothing, whatever was said before: thanks, a greeting, letters, a comment.

    "Und wann?", "Vietnam?" and "Danke, und wo?" do ask; "danke", "asdf" and "Das stimmt nicht" do not.
    """
    rest = after_greeting(text)
    tokens = words(rest)
    if not tokens or _is_comment(text):
        return True
    asked = "?" in text or tokens[0].fold in _CONNECTORS or order(rest) is not None
    if question_word(rest) is not None or (asked and any(word.fold in EMPTY for word in tokens)):
        return False
    if rest != text.strip() and not asked:
        return True  # "danke für die Auskunft"
    said = [word for word in tokens if word.fold not in EMPTY]
    return bool(said) and sum(_makes_sense(word) for word in said) * 2 <= len(said)


def after_greeting(text: str) -> str:
    """The text without thanks and greetings at its beginning; "" where there is nothing else."""
    rest = next((word for word in words(text) if word.fold not in GREETINGS | _PRAISE), None)
    return "" if rest is None else text[rest.start :]


def _is_comment(text: str) -> bool:
    """Whether somebody only says something: "Das ist falsch", "Ich glaube nicht"."""
    tokens = words(text)
    if "?" in text or len(tokens) < _SHORTEST_COMMENT or question_word(text) is not None:
        return False
    return (
        tokens[0].fold in _COMMENTING and tokens[1].text.islower() and verb_lemma(tokens[1].text) is not None
    )


def _is_content(word: Word) -> bool:
    return word.fold not in EMPTY and word.fold not in GREETINGS and not is_question_word(word)


def _makes_sense(word: Word) -> bool:
    return (
        word.text[:1].isupper() or word.text[:1].isdigit() or is_known(word.text) or _pronounceable(word.fold)
    )


def _pronounceable(text: str) -> bool:
    """Whether vowels and consonants alternate as in a name ("putin"), not as in "asdf jklm"."""
    vowels = sum(letter in "aeiouy" for letter in text)
    return _FEWEST_VOWELS <= vowels / len(text) <= _MOST_VOWELS and not re.search("[^aeiouy]{4}", text)
