"""Noun phrases of a question: their head, and whether it is one or several."""

import re

from qa_service.wording.focus import kind_of
from qa_service.wording.lexicon import ACCUSATIVE, DATIVE, DETERMINERS, PLURAL_ONLY, TRANSPARENT, TWO_WAY
from qa_service.wording.morphology import is_feminine, is_known, noun_lemma, number, verb_lemma
from qa_service.wording.words import Word

_PREFIXED = re.compile("unter|ver|be|ent|er|ge|zer|ab|vor|ein|auf|zusammen|treffen|rennen|schreiben|leben")


def which_is_plural(form: str, noun: Word, *, before: str, between: tuple[Word, ...]) -> bool:
    """Number of "welch-" and its noun by ending, governing preposition, adjective, then gender.

    Args:
        form: "welche", "welcher", ..., folded.
        noun: The noun asked for.
        before: The folded word before `form`, "" where it begins the question.
        between: The words between `form` and the noun.
    """
    if form in {"welches", "welchem"}:
        return False
    if noun_lemma(noun.text).lower() in PLURAL_ONLY and before != "in":  # "in welchen Ausgaben" are editions
        return False
    known = number(noun.text)
    if form == "welcher":
        # Only a noun before it makes a genitive plural of it ("Mitarbeiter welcher Stellen").
        return known == "plural" and bool(before) and before not in DATIVE | TWO_WAY
    if form == "welchen":
        return _accusative_or_plural(noun, before)
    adjectives = [word.fold for word in between if word.text[:1].islower() and verb_lemma(word.text) is None]
    if adjectives and adjectives[-1].endswith(("e", "en")):
        return adjectives[-1].endswith("en")  # "welche weiteren Städte", "welche isländische Abgeordnete"
    # "welche" before a masculine or neuter noun can only be the plural.
    return known == "plural" or (known == "either" and not is_feminine(noun_lemma(noun.text)))


def _accusative_or_plural(noun: Word, before: str) -> bool:
    """Whether "welchen" is a dative plural rather than a masculine accusative."""
    if before in DATIVE | ACCUSATIVE:
        return before in DATIVE
    known = number(noun.text)
    inflected = noun.text.lower().endswith("s") and noun_lemma(noun.text) != noun.text
    return known == "plural" or (known == "either" and (inflected or _neuter(noun.text)))


def _neuter(noun: str) -> bool:
    """Whether a noun in -en takes "welches" in the accusative singular ("Unternehmen", "Mädchen")."""
    lower = noun.lower()
    return lower.endswith("chen") or (verb_lemma(noun) == lower and bool(_PREFIXED.match(lower)))


def head(tokens: tuple[Word, ...]) -> Word | None:
    """The noun of the phrase that begins here: the first capitalised word that is no adjective before one."""
    phrase = _phrase(tokens)
    for i, word in enumerate(phrase):
        if not word.text[:1].isupper():
            continue
        following = phrase[i + 1] if i + 1 < len(phrase) else None
        if following is not None and _attributive(word, following):
            continue
        return word
    return _lower_case_head(phrase)


def _phrase(tokens: tuple[Word, ...]) -> tuple[Word, ...]:
    for i, word in enumerate(tokens[:8]):
        if word.opens and i:
            return tokens[:i]
    return tokens[:8]


def _attributive(word: Word, following: Word) -> bool:
    """Whether a capitalised word only describes the next ("Berliner" before "Bürgermeister")."""
    if not following.text[:1].isupper():
        return False
    if word.fold.endswith(("ischen", "ische", "ischer", "isches", "ischem")):
        return True
    narrow = kind_of(following.text) != "thing" or "-" in following.text
    if word.fold.endswith("er"):
        # "Länder" and "Häuser" are nouns of their own: "Welche Länder Asiens".
        return noun_lemma(word.text) == word.text and (narrow or is_known(following.text))
    return narrow and word.fold.endswith("s") and noun_lemma(word.text) != word.text  # "Togos Präsident"


def _lower_case_head(phrase: tuple[Word, ...]) -> Word | None:
    """The noun of a question typed in lower case: the first word that the dictionary has as a noun."""
    for word in phrase:
        if word.fold in DETERMINERS or word.fold[:1].isdigit():
            continue
        if kind_of(word.text) != "thing" or (
            noun_lemma(word.text).lower() != word.text and verb_lemma(word.text) is None
        ):
            return word
        if verb_lemma(word.text) is not None:
            return None
    return None


def _owner(after: tuple[Word, ...]) -> Word | None:
    """The noun of the genitive that follows: "der Name | des Piloten"."""
    genitive = {"der", "des", "aller", "von", "saemtlicher", "dieser", "seiner", "ihrer"}
    return head(after[1:]) if after and after[0].fold in genitive else None


def _determined_plural(noun: Word, article: str | None) -> bool:
    """Whether a noun is plural by its form, or by an article that its gender has in the plural only."""
    form = number(noun.text)
    plural_article = article in {"die", "alle", "aller", "der", "saemtliche", "saemtlicher"}
    return form == "plural" or (
        form == "either" and plural_article and not is_feminine(noun_lemma(noun.text))
    )


def named_noun(tokens: tuple[Word, ...], *, article: str | None) -> tuple[Word, bool] | None:
    """The noun that a phrase is about and whether it is plural; "der Name des Piloten" is about the pilot."""
    noun = head(tokens)
    if noun is None:
        return None
    several = _determined_plural(noun, article)
    inner = _owner(tokens[tokens.index(noun) + 1 :])
    if noun_lemma(noun.text).lower() in TRANSPARENT and inner is not None:
        return inner, several or _determined_plural(inner, tokens[tokens.index(inner) - 1].fold)
    return noun, several
