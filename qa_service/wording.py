"""The words of a question, and whether there is a question at all.

Only this module knows the closed classes that questions are made of (question words, greetings,
requests). They are compared without case and with umlauts folded, so spelling does not matter.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from qa_service.morphology import is_known, verb_lemma

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


WHO = {"wer", "wen", "wem", "wessen"}
WHERE = {"wo", "wohin", "woher"}
WHEN = {"wann"}
WHY = {"warum", "weshalb", "wieso", "weswegen", "wozu"}
# "womit", "woran", "worueber": "wo(r)" and a preposition.
WHAT_BY = re.compile(
    r"wo(r?)(mit|an|auf|ueber|von|aus|in|um|unter|fuer|gegen|nach|bei|durch|vor|hinter|neben|zwischen)$"
)
WHICH = re.compile(r"welch(e[rsmn]?)?$")
HOW_MANY = re.compile(r"(wie)?viele?[rnsm]?$|wieviele?[rnm]?$|wievielte[nrms]?$")

_ENGLISH = re.compile(
    r"\s*(who|whom|whose|what|where|when|why|which|how|is|are|was|were|do|does|did|has|have|had|can|could|list|name)\b"
    r"(?=\s+(?!das\b|die\b|der\b)[a-z0-9'])",
    re.IGNORECASE,
)
_ENGLISH_WORDS = frozenset(
    "the of is are were did does has have to and by for many much who which what when where".split()
)
_GREETINGS = frozenset(
    "hallo hi hey moin servus guten gute morgen tag abend nacht danke vielen dank bitte tschuess tschues ciao ok okay ja nein "
    "test liebe gruesse gruess gott na huhu hello thanks".split()
)
# Words that say nothing of a subject: without any other word there is nothing to look for.
_EMPTY = frozenset(
    "der die das den dem des ein eine einen einem einer eines und oder aber auch noch denn dann da dort hier so es er sie "
    "ihn ihm ihr ihre sein seine wir ich du ihr man mir mich dir dich uns euch sich ist sind war waren wird werden wurde "
    "hat haben hatte nicht kein keine von vom zu zum zur in im an am auf aus bei mit nach fuer ueber unter um durch als "
    "wie was bitte mal doch eigentlich denn dieser diese dieses jener genau alles alle etwas nichts mehr".split()
)
# Verbs that ask for an answer when they come as an order.
_ASKING = frozenset(
    "nennen auflisten listen zeigen geben sagen aufzaehlen zaehlen suchen finden verraten wissen interessieren erklaeren "
    "erlaeutern beschreiben definieren anzeigen angeben".split()
)
# What follows an order ("Schreibe ein ...", "Mach das ..."), but not the noun of a keyword query.
_AFTER_ORDER = frozenset(
    "alles alle mir uns mich dich dir ein eine einen einem das den dem die der bitte nun jetzt nicht deine deinen dein "
    "diese dieses diesen meine meinen mein so weiter und als wie nur kein keine mal doch auf ueber".split()
)


def is_english(text: str) -> bool:
    """Whether the question is asked in English."""
    tokens = [word.fold for word in words(text)]
    return bool(_ENGLISH.match(text)) and sum(token in _ENGLISH_WORDS for token in tokens) > 1


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
    return len(word.fold) <= 5 and (
        word.fold in _EMPTY or word.fold in {"seit", "bis", "ab", "gegen", "ohne", "vor"}
    )  # noqa: PLR2004


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
    return fold(verb) if following in _AFTER_ORDER | {"sie", ""} or fold(verb) in _ASKING else None


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
        or (form == infinitive and following == "sie" and infinitive in _ASKING)
    )


def asks_by_order(text: str) -> bool:
    """Whether an order asks for an answer ("Nenne alle Parteien ...") or a noun is requested with "bitte"."""
    verb = order(text)
    return (verb in _ASKING) if verb else any(word.fold == "bitte" for word in words(text)[:1])


def yes_no(text: str) -> bool:
    """Whether the first word is a finite verb ("Hat Putin ...", "Wurde ...")."""
    tokens = words(text)
    if len(tokens) < 3 or order(text) or tokens[0].fold == "bitte":  # noqa: PLR2004 - verb, subject, and something said of it
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
    strong = len(first.fold) > 2 and first.fold not in {fold(verb).removesuffix("en") + "e"}  # noqa: PLR2004
    return (finite or strong) and not is_noun_only(first.text)


def is_noun_only(text: str) -> bool:
    """Whether a capitalised first word can be a noun and the lower-case form is hardly a verb's present."""
    return text[:1].isupper() and text.lower().endswith(("ung", "heit", "keit", "schaft", "ion"))


def is_question(text: str) -> bool:
    """Whether there is something to look for: a question in German or English, or two content words.

    Judged on the question that stands alone ("Und wann?" has no subject of its own). Greetings, single
    words, letters at random and orders to do something else than answer are not questions.
    """
    tokens = words(text)
    content = [word for word in tokens if _is_content(word)]
    if not any(letter.isalpha() for word in content for letter in word.text):
        return False
    if is_english(text):
        return True
    verb = order(text)
    if verb is not None:
        return verb in _ASKING
    if question_word(text) is not None:
        return True
    sense = [word for word in content if _makes_sense(word)]
    return len(content) > 1 and len(sense) * 2 > len(content)


def _is_content(word: Word) -> bool:
    return word.fold not in _EMPTY and word.fold not in _GREETINGS and not is_question_word(word)


def _makes_sense(word: Word) -> bool:
    return (
        word.text[:1].isupper() or word.text[:1].isdigit() or is_known(word.text) or _pronounceable(word.fold)
    )


def _pronounceable(text: str) -> bool:
    """Whether vowels and consonants alternate as in a name ("putin"), not as in "asdf jklm"."""
    vowels = sum(letter in "aeiouy" for letter in text)
    return 0.28 <= vowels / len(text) <= 0.7 and not re.search("[^aeiouy]{4}", text)  # noqa: PLR2004
