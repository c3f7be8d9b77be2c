"""The closed words of German questions, tokens, verbs and noun phrases, without a parser.

What only this module knows: how a German question is spelt. Nouns are told by their capital letter,
verbs by their lemma; everything else comes from closed word classes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import simplemma

from qa_service.quotations import quotations

_TOKEN = re.compile(r"[„“\"»«‚‘'›‹]|[^\W_](?:[\w\-’./&]*[^\W_])?")
_BREAK = re.compile(r"[,;:–]|\s-\s")
#: A quotation of so many code points may be a topic.
_SHORTEST_QUOTED, _LONGEST_QUOTED = 2, 80
_ATTRIBUTE = re.compile(r"[a-zäöüß][\w-]*(?:e|en|er|es|em)")


def vocabulary(text: str) -> frozenset[str]:
    """A closed class of words, written with spaces between."""
    return frozenset(text.split())


QUESTION_WORDS = vocabulary(
    """
    wer wen wem wessen was wo wann warum wieso weshalb weswegen wie woher wohin wofür womit wovon wozu
    wodurch worum worauf woran worin worüber wogegen wonach wobei woraus welche welcher welches welchem
    welchen wieviel wieviele
    """
)
DETERMINERS = vocabulary(
    """
    der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines dieser
    diese dieses diesen diesem jener jene jenes jenen jenem im am zum zur vom beim ins ans fürs ums aufs
    durchs alle allen aller jeder jede jedes jeden jedem mein meine unser unsere
    """
)
POSSESSIVES = frozenset(
    f"{stem}{end}" for stem in ("sein", "ihr") for end in ("", "e", "en", "em", "er", "es")
)
PREPOSITIONS = vocabulary(
    """
    in im an am auf aus bei beim mit nach seit von vom zu zum zur für gegen über unter um durch ohne vor
    hinter neben zwischen bis ab als wegen während laut trotz gegenüber ins ans per pro samt statt außer
    entlang innerhalb außerhalb
    """
)
AUXILIARIES = vocabulary(
    """
    ist sind war waren wird werden wurde wurden hat haben hatte hatten sei wäre wären würde würden hätte
    hätten kann können konnte konnten könnte könnten muss muß müssen musste mussten müsste soll sollen
    sollte sollten will wollen wollte wollten darf dürfen durfte durften mag mögen gab gibt worden gewesen
    heißt hieß heisst heißen hießen stand standen brach maß sass
    """
)
PRONOUNS = vocabulary("er ihn ihm ihnen sie es ihr ihrer seiner")
DEMONSTRATIVES = vocabulary("der die das den dem denen dessen deren dies")
ADVERBS = vocabulary(
    """
    und aber oder denn eigentlich überhaupt noch schon auch nur mal einmal jetzt nun heute gestern morgen
    damals dann danach davor vorher nachher da dort dorthin dahin hier so sehr mehr weniger nicht nie wieder
    immer sonst etwa rund bereits erst zuletzt später früher ebenfalls stattdessen inzwischen insgesamt
    genau ungefähr bisher bislang frühestens spätestens lange lang oft damit dabei dafür dagegen davon daran
    darauf darüber darum dadurch daher dahinter deshalb deswegen dazu man sich mir uns wir ich du dir mich
    bitte denen selbst eben doch ja wohl zwar allein gerade je mindestens höchstens oben unten außen innen
    vorn hinten neben mitten übrigens genannt wenn dass daß ob weil als bevor nachdem
    """
)
_NUMBERS = vocabulary("zwei drei vier fünf fuenf sechs sieben acht neun zehn elf zwölf zwoelf beiden hundert")
_NAMELESS = vocabulary("bord ort gericht wasser strom platz amt leben")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
CLOSED = QUESTION_WORDS | DETERMINERS | POSSESSIVES | PREPOSITIONS | PRONOUNS | DEMONSTRATIVES | ADVERBS


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question.

    Attributes:
        text: As typed.
        start: First code point in the question.
        end: One past the last.
        after_comma: True where a comma stands between it and the word before.
    """

    text: str
    start: int
    end: int
    after_comma: bool

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def capital(self) -> bool:
        """True for a noun or name by its letters ("Haus", "iPods", "NPD", "1848" is not)."""
        return self.text[0].isupper() or any(letter.isupper() for letter in self.text[1:])

    @property
    def year(self) -> bool:
        """True for 1500 to 2099."""
        return _YEAR.fullmatch(self.text) is not None

    @property
    def number(self) -> bool:
        """True where it starts with a digit ("2006", "15", "747-400")."""
        return self.text[0].isdigit()


def tokens(text: str) -> list[Token]:
    """The words of a text in order; quotation marks and punctuation are left out."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if not match[0][0].isalnum():
            continue
        found.append(
            Token(match[0], match.start(), match.end(), bool(_BREAK.search(text, end, match.start())))
        )
        end = match.end()
    return found


def quoted(text: str) -> list[str]:
    """Titles and words in quotation marks."""
    places = quotations(text)
    return [text[start:end] for start, end in places if _SHORTEST_QUOTED <= end - start <= _LONGEST_QUOTED]


@lru_cache(maxsize=4096)
def _lemma(word: str) -> str:
    return str(simplemma.lemmatize(word, lang="de"))


def is_unknown(word: str) -> bool:
    """True for a word that no dictionary of German lists, most likely a name."""
    return not simplemma.is_known(word, lang="de")


def is_inflected(word: str) -> bool:
    """True for "Ausnahmen" (of "Ausnahme"): a plural or case ending, so a common noun."""
    return _lemma(word) != word


def is_common(word: str) -> bool:
    """True for a noun that is no name by its lower-case twin ("Zweiter", "Überlebende", "Haft") or idiom."""
    lower = word.lower()
    return lower in _NAMELESS or (not is_unknown(word) and _lemma(lower).islower())


def is_verb(token: Token) -> bool:
    """True where the lower-case word can be a verb; attributive adjectives are for the caller to exclude."""
    word = token.lower
    if word in AUXILIARIES:
        return True
    if word in CLOSED or token.number or not word.isalpha():
        return False
    lemma = _lemma(word)
    return lemma.endswith("n") and lemma.islower() and len(lemma) > 2  # noqa: PLR2004 (no verb is shorter)


def finite_verb(words: Sequence[Token]) -> int | None:
    """Position of the verb that ends the question phrase ("Welche Länder | hat"), or None."""
    for at, token in enumerate(words):
        if at and token.capital:
            continue
        if token.after_comma:
            return None
        if is_verb(token) and not _is_attribute(words, at):
            return at
    return None


def _is_attribute(words: Sequence[Token], at: int) -> bool:
    """True for "abgestürzte" in "welche abgestürzte Maschine", not for "hatten" in "hatten Passagiere"."""
    if words[at].lower in AUXILIARIES or at + 1 >= len(words) or at == 0:
        return False
    before = words[at - 1].lower
    inflected = _ATTRIBUTE.fullmatch(words[at].lower) is not None
    return inflected and words[at + 1].capital and (before in DETERMINERS or before.startswith("welch"))


def may_modify(token: Token) -> bool:
    """True where the lower-case word can be an inflected adjective or a number in words."""
    word = token.lower
    if word in _NUMBERS:
        return True
    return (_ATTRIBUTE.fullmatch(word) is not None and word not in CLOSED | AUXILIARIES) or word in {
        "sehr",
        "rund",
        "etwa",
        "mehr",
        "und",
        "oder",
    }


def is_acronym(word: str) -> bool:
    """True for "NPD", "STS-121", "iPods", "BGH": capitals beside the first, or digits."""
    capitals = sum(letter.isupper() for letter in word)
    inner = any(letter.isupper() for letter in word[1:]) and "-" not in word
    mixed = any(letter.isdigit() for letter in word) and capitals > 0
    return inner or mixed or (capitals > 1 and word.partition("-")[0].isupper())
