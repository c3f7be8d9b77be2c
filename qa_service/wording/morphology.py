"""German word forms: lemma, number and gender of nouns as far as a dictionary and endings tell.

The only home of `simplemma`. Knows nothing of questions or answers. Everything works for
"ae/oe/ue" spellings and for lower case, because people type questions that way.
"""

import re
from functools import lru_cache
from itertools import product
from typing import Literal

import simplemma

Number = Literal["singular", "plural", "either"]

_DIGRAPHS = re.compile("ae|oe|ue|ss", re.IGNORECASE)
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
# Rhinestones are asked for less often than roads without an ß at hand, or in Switzerland.
_RARER_THAN_WITH_ESZETT = frozenset({"strasse", "strassen"})
_MOST_DIGRAPHS = 4  # 2 ** 4 spellings to try; longer words keep the typed one

# Endings that make a noun feminine in the singular (Duden, Grammatik, "Genuszuweisung").
_FEMININE = (
    "ung",
    "heit",
    "keit",
    "schaft",
    "ion",
    "tät",
    "ei",
    "ie",
    "ik",
    "ur",
    "enz",
    "anz",
    "age",
    "in",
    "itis",
)
# Feminine nouns without such an ending that questions ask for; they match as the tail of compounds.
_FEMININE_TAILS = (
    "stadt",
    "zahl",
    "art",
    "frau",
    "hand",
    "nacht",
    "macht",
    "wahl",
    "zeit",
    "form",
    "bahn",
    "insel",
    "nummer",
    "mutter",
    "tochter",
    "schwester",
    "oper",
    "mauer",
    "steuer",
    "feier",
    "kammer",
    "ziffer",
    "dauer",
    "feder",
    "regel",
    "formel",
    "tafel",
    "klausel",
    "bank",
    "firma",
    "band",
    "universität",
    "figur",
    "kraft",
    "fahrt",
    "antwort",
    "schuld",
    "sicht",
    "not",
    "pflicht",
    "schrift",
    "angst",
    "airline",
    "miliz",
    "jury",
    "partei",
    "mannschaft",
    "elf",
    "wurst",
    "tat",
    "haft",
    "quote",
    "website",
    "app",
    "droge",
    "höhe",
    "strafe",
)
# Masculine weak nouns that are no persons: the form with -n or -en is singular too ("welchen Namen").
_WEAK = (
    "name",
    "buchstabe",
    "satellit",
    "planet",
    "komet",
    "diamant",
    "paragraph",
    "gedanke",
    "glaube",
    "haufe",
)
_SHORTEST_STEM, _SHORTEST_TAIL, _SHORTEST_PART = 3, 4, 4  # letters
_ZERO_PLURAL = ("er", "el", "en", "chen", "lein")


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


@lru_cache(maxsize=4096)
def is_known(word: str) -> bool:
    """Whether the dictionary has this form, as typed or with a capital."""
    return bool(word) and bool(simplemma.is_known(word, "de") or simplemma.is_known(_capital(word), "de"))


@lru_cache(maxsize=4096)
def is_word(word: str) -> bool:
    """Whether the dictionary has this form, or two words that it is put together of ("Parlamentsspitze")."""
    if is_known(word):
        return True
    return any(
        is_known(word[cut:])
        and (is_known(word[:cut]) or (word[cut - 1] == "s" and is_known(word[: cut - 1])))
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    )


@lru_cache(maxsize=4096)
def restored(word: str) -> str:
    """The spelling with umlauts where "ae", "oe", "ue" or "ss" stand for them ("Laender" -> "Länder")."""
    if is_known(word) and word.lower() not in _RARER_THAN_WITH_ESZETT:
        return word
    places = [match.span() for match in _DIGRAPHS.finditer(word)]
    if not places or len(places) > _MOST_DIGRAPHS:
        return word
    for choice in product((True, False), repeat=len(places)):
        spelt = word
        for (start, end), replace in reversed(list(zip(places, choice, strict=True))):
            if replace:
                umlaut = _UMLAUTS[word[start:end].lower()]
                spelt = spelt[:start] + (umlaut.upper() if word[start].isupper() else umlaut) + spelt[end:]
        if spelt != word and _known_tail(spelt):
            return spelt
    return word


def _known_tail(word: str) -> bool:
    """Whether the word or, for a compound, its last part after a hyphen is in the dictionary."""
    return is_known(word) or ("-" in word and is_known(word.rsplit("-", 1)[1]))


@lru_cache(maxsize=4096)
def noun_lemma(word: str) -> str:
    """Nominative singular of a noun, capitalised; the word itself where the dictionary does not help."""
    spelt = _capital(restored(word))
    if not spelt:
        return word
    head, _, tail = spelt.rpartition("-")
    if head and tail and not is_known(spelt):
        return f"{head}-{noun_lemma(tail)}"
    lemma = str(simplemma.lemmatize(spelt, "de"))
    if lemma == spelt and spelt[:-1].lower().endswith(_FEMININE_TAILS) and spelt.endswith("s"):
        return spelt[:-1]  # the dictionary has some English plurals as words of their own: "Airlines"
    if lemma == spelt or not lemma[:1].isupper():
        return spelt if simplemma.is_known(spelt, "de") else _by_ending(spelt)
    return lemma


def is_noun_only(word: str) -> bool:
    """Whether the dictionary has a word in small letters only as a noun or name ("land", not "machen")."""
    lower, spelt = str(simplemma.lemmatize(word, "de")), _capital(restored(word))
    lemma = str(simplemma.lemmatize(spelt, "de"))
    return simplemma.is_known(spelt, "de") and lemma[:1].isupper() and not lower[:1].islower()


def _by_ending(word: str) -> str:
    """Undo a plural ending where the rest is a noun: for compounds and forms the dictionary lacks."""
    for ending in ("innen", "nen", "en", "er", "e", "n", "s"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _SHORTEST_STEM:
            continue
        candidate = stem + "in" if ending == "innen" else stem
        if simplemma.is_known(candidate, "de") and str(simplemma.lemmatize(candidate, "de")) == candidate:
            return candidate
    return _by_tail(word)


def _by_tail(word: str) -> str:
    """Lemma of a compound by its longest last part that the dictionary has as a noun form."""
    if simplemma.is_known(word, "de"):
        return word
    for cut in range(3, len(word) - 3):
        tail = _capital(word[cut:])
        if not simplemma.is_known(tail, "de"):
            continue
        lemma = str(simplemma.lemmatize(tail, "de"))
        if lemma != tail and lemma[:1].isupper():
            return word[:cut] + lemma[:1].lower() + lemma[1:]
    return word.removesuffix("s") if len(word) > _SHORTEST_TAIL else word


@lru_cache(maxsize=4096)
def verb_lemma(word: str) -> str | None:
    """Infinitive where the lower-case word is a form of a verb, else None."""
    lower = restored(word.lower()).lower()
    lemma = str(simplemma.lemmatize(lower, "de"))
    if not lemma[:1].islower() or not lemma.endswith("n") or not simplemma.is_known(lemma, "de"):
        return None
    return lemma if lemma != lower or lower.endswith(("en", "ern", "eln", "sein", "tun")) else None


def is_feminine(lemma: str) -> bool:
    """Whether a noun (nominative singular) is most likely feminine, by its ending or tail."""
    lower = lemma.lower()
    return lower.endswith((*_FEMININE, *_FEMININE_TAILS)) or (
        lower.endswith("e") and not is_person_noun(lemma)
    )


@lru_cache(maxsize=4096)
def number(word: str) -> Number:
    """Whether a noun form is singular, plural, or could be either ("Politiker", "Unternehmen")."""
    spelt = _capital(restored(word))
    lemma = noun_lemma(spelt)
    tail, lemma_tail = (form.rsplit("-", 1)[-1].lower().replace("ß", "ss") for form in (spelt, lemma))
    if tail == lemma_tail + "s" and is_feminine(lemma):
        return "plural"  # no feminine has a genitive in -s: "Airlines", "Genres"
    if tail == lemma_tail:
        zero = lemma_tail.endswith(_ZERO_PLURAL) and not is_feminine(lemma)
        return "either" if zero else "singular"
    if tail in {lemma_tail + "s", lemma_tail + "es"} and not lemma_tail.endswith(("o", "a", "i", "u", "y")):
        return "either"  # a genitive or an English plural
    if tail in {lemma_tail + "n", lemma_tail + "en"} and (_is_weak(lemma_tail) or _is_weak_person(lemma)):
        return "either"
    return "plural"


def _is_weak(lemma_tail: str) -> bool:
    return lemma_tail.endswith(_WEAK)


def _is_weak_person(lemma: str) -> bool:
    """Persons that inflect with -n or -en in the singular too ("Student", "Kollege", not "Autor")."""
    return is_person_noun(lemma) and not lemma.endswith(("er", "el", "or", "in"))


@lru_cache(maxsize=4096)
def is_person_noun(lemma: str) -> bool:
    """Whether a noun names a person: German makes a feminine of it ("Politiker", "Politikerin").

    Looks at the last parts of a compound too; a few things with such a form in the dictionary
    ("Messerin") are known to `qa_service.wording.focus`, which is asked first.
    """
    spelt = _capital(lemma.rsplit("-", 1)[-1])
    if not spelt:
        return False
    tails = [spelt] + [_capital(spelt[i:]) for i in range(3, len(spelt) - 4)]
    return any(_has_feminine(tail) for tail in tails)


def _has_feminine(noun: str) -> bool:
    if noun.endswith("in"):
        return simplemma.is_known(noun, "de") and simplemma.is_known(noun + "nen", "de")
    if len(noun) < _SHORTEST_TAIL or not simplemma.is_known(noun, "de"):
        return False
    stem = noun.removesuffix("e")
    umlauted = re.sub("[aou](?=[^aouäöü]*$)", lambda m: {"a": "ä", "o": "ö", "u": "ü"}[m.group()], stem)
    return any(
        simplemma.is_known(form + "in", "de") and simplemma.is_known(form + "innen", "de")
        for form in (stem, umlauted)
    )
