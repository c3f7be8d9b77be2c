"""Enumerations: "Mannheim, Leipzig und Essen" read as one span holds three answers."""

import re

from qa_service.normal import names_country
from qa_service.quotations import quotations
from qa_service.types import Span

_AND = r"und|sowie|oder|bzw\.|beziehungsweise"
_JOINT = re.compile(rf"\s*,\s+(?:und|sowie|oder)\s+|\s+(?:{_AND}|&)\s+|\s*[,;]\s+|\s*\n+\s*")
_LEADING = "der|die|das|den|dem|ein|eine[mnr]?|im|in|am|von|vom|mit|nach|aus|zu|für|auf"
_BETWEEN = re.compile(
    r"[\"“”»«‘]?\s*(?:\([^()]{1,40}\)\s*)?"
    rf"(?:[,;/&]|,?\s*\b(?:{_AND}|als auch)(?!\w))\s*"
    rf"(?:(?:{_LEADING})\s)?[\"„»«‚]?"
)
_NO_LIST = re.compile(r"\s*,\s+(?:der|die|das|den|dem|dessen|deren|wo|wie|weil|dass|um|welche[rsnm]?)\s")
_PARENTHESES = re.compile(r"\([^()]*\)")
_PREPOSITION = re.compile(r"\b(?:für|der|des|von|zur|zum|mit|gegen|aus)\b")
_LONGEST_ITEM = 80  # code points; longer parts are clauses, not items
_MOST_WORDS = 8
_MOST_NAME_WORDS = 4


def items(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the items of an enumeration; one item where the text is none.

    Commas within quotes, parentheses and numbers do not separate. "A und B" separates only where it can be
    no single name ("Bosnien und Herzegowina", "Bundesamt für Bevölkerungsschutz und Katastrophenhilfe").
    """
    whole = [(0, len(text))]
    if names_country(text) or _NO_LIST.search(text):
        return whole
    shielded = [*quotations(text), *(match.span() for match in _PARENTHESES.finditer(text))]
    joints = [m.span() for m in _JOINT.finditer(text) if not any(a < m.start() < b for a, b in shielded)]
    joints = _without_names(text, joints)
    if not joints:
        return whole
    starts, ends = [0, *(end for _, end in joints)], [*(start for start, _ in joints), len(text)]
    parts = [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]
    return parts if all(_is_item(text[start:end]) for start, end in parts) else whole


def lines_up_names(text: str) -> bool:
    """Whether a text is names joined by "und" or "sowie": several answers even where one was asked for."""
    parts = [text[start:end].strip() for start, end in items(text)]
    joined = len(parts) > 1 and bool(re.search(r"\b(?:und|sowie)\b", text))
    return joined and all(part[:1].isupper() and len(part.split()) <= _MOST_NAME_WORDS for part in parts)


def is_joint(text: str) -> bool:
    """Whether a text is nothing but what stands between two items of an enumeration."""
    return bool(_BETWEEN.fullmatch(text))


def are_neighbours(first: Span, second: Span) -> bool:
    """Whether two spans, in reading order, are neighbours in one enumeration of one article."""
    article = first.hit.article
    return article.id == second.hit.article.id and is_joint(article.text[first.end : second.start])


def _without_names(text: str, joints: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop an "und" that belongs to a name: a country's, or a lone one after a preposition."""
    kept = []
    for i, (start, end) in enumerate(joints):
        before = joints[i - 1][1] if i else 0
        after = joints[i + 1][0] if i + 1 < len(joints) else len(text)
        if names_country(text[before:after]) or text[before:start].endswith("-"):
            continue
        kept.append((start, end))
    if (
        len(kept) == 1
        and "," not in text[kept[0][0] : kept[0][1]]
        and _PREPOSITION.search(text[: kept[0][0]])
    ):
        return []
    return kept


def _is_item(part: str) -> bool:
    return len(part) <= _LONGEST_ITEM and len(part.split()) <= _MOST_WORDS
