"""Names of persons and organisations: roles and titles dropped, spelling evened out, short forms matched."""

import re
from functools import lru_cache

from qa_service.normal.form import Normal
from qa_service.normal.strings import fold
from qa_service.wording.focus import kind_of
from qa_service.wording.words import listed

_TITLES = listed(
    "dr prof professor sir lady lord dame herr herrn frau pater schwester scheich scheck papst st"
)
_PARTICLES = listed("von van de der den del della di da al el ben bin ibn zu zur la le dos")
_ARTICLES = listed("der die das den dem des ein eine einen einem einer eines")
_PARENTHESIS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_SPLIT = re.compile(r"[\s\-‑–]+")
_AGE = re.compile(r"\d+-?jährige[rns]?$")


@lru_cache(maxsize=8192)
def name_start(text: str) -> int:
    """Where the name begins after roles and titles ("Bundeskanzler Olaf Scholz" -> 14); 0 where none precede.

    At least two capitalised words must follow a role: a role with a surname alone ("Richterin Stock")
    keeps it, because the role tells who is meant.
    """
    words = [(match.group(), match.start()) for match in re.finditer(r"\S+", text)]
    first = _after_roles([word for word, _ in words])
    rest = [word for word, _ in words[first:]]
    return words[first][1] if sum(word[:1].isupper() for word in rest) > 1 else 0


def _after_roles(words: list[str]) -> int:
    """Position of the first word that is no article, role, or genitive before one ("Putins Sohn ...")."""
    first = 0
    while first < len(words) - 1:
        article = first == 0 and words[0].lower() in _ARTICLES
        owner = words[first].endswith("s") and first + 2 < len(words) and is_role(words[first + 1])
        if not (article or owner or is_role(words[first])):
            break
        first += 1
    return first


@lru_cache(maxsize=8192)
def is_role(word: str) -> bool:
    """Whether a word before a name says what somebody is: lower case, a title, or a noun for persons."""
    bare = word.strip(".,„“\"'")
    if not bare or fold(bare) in _PARTICLES:
        return False
    if bare[:1].islower() or fold(bare) in _TITLES or _AGE.search(bare):
        return True
    return kind_of(bare) == "person" and not bare.endswith("s")


def name_tokens(text: str) -> tuple[str, ...]:
    """Folded words of a name without roles, titles and parentheses ("Kim Jong-un" -> kim, jong, un)."""
    plain = _PARENTHESIS.sub(" ", text).strip()
    words = plain.split()
    words = words[_after_roles(words) :]
    tokens = (re.sub(r"[^\w']", "", part) for part in _SPLIT.split(fold(" ".join(words))))
    return tuple(token.rstrip("'") for token in tokens if token.strip("'"))


def normal_person(text: str) -> Normal:
    """Normal form of a person; the more of the name, the better to show."""
    tokens = name_tokens(text)
    return Normal("person:" + " ".join(tokens), rank=0 if len(tokens) > 1 else 1)


def normal_organisation(text: str) -> Normal:
    """Normal form of an organisation: without the abbreviation in parentheses, words without inflection."""
    plain = _PARENTHESIS.sub(" ", text).strip() or text
    tokens = [re.sub(r"[^\w&]", "", part) for part in _SPLIT.split(fold(plain))]
    stems = [re.sub(r"(?<=\w\w\w\w)(?:es|en|er|s|e|n)$", "", token) for token in tokens if token]
    return Normal("organisation:" + " ".join(stems))


def abbreviation(text: str) -> str | None:
    """The abbreviation that a text is or carries: "BfV", "Bundesamt für Verfassungsschutz (BfV)" -> "BfV"."""
    inside = _PARENTHESIS.search(text)
    candidate = inside[1].strip() if inside else text.strip()
    return candidate if re.fullmatch(r"(?=.*[A-Z].*[A-Z])[A-ZÄÖÜa-zäöü&./-]{2,8}", candidate) else None


def initials_match(short: str, full: str) -> bool:
    """Whether an abbreviation is made of the initials of a name, "für" and "der" counted or not."""
    words = [word for word in _SPLIT.split(_PARENTHESIS.sub(" ", full)) if word]
    if len(words) == 1:
        return False
    wanted = fold(short).replace(".", "")
    every = "".join(fold(word)[:1] for word in words)
    capitals = "".join(fold(word)[:1] for word in words if word[:1].isupper())
    return wanted in {every, capitals}
