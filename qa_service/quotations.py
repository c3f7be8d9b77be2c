"""What stands in quotation marks, in questions and in articles, in every style that is used in German."""

import re
from collections.abc import Iterator

_STYLES = (
    r"„[^„“”\"\n]*[“”\"]",
    r"“[^“”\n]*”",
    r"(?<!\w)\"[^\"\n]*\"(?!\w)",
    r"»[^»«\n]*«",
    r"«[^»«\n]*»",
    r"‚[^‚‘’\n]*[‘’]",
    r"›[^›‹\n]*‹",
    r"‹[^›‹\n]*›",
)
_QUOTATION = re.compile("|".join(_STYLES))
#: A longer quotation is a statement, of which a part may be the answer.
_MOST_WORDS = 8
#: Of 247 answers in the training questions that stand within a short quotation and are so much of it, 238 are
#: all of it.
_MOST_OF_IT = 0.6
_EDGES = " ,;.…"
#: Code points before and after an answer in which marks are looked for: a text may be one line.
_AROUND = 1_000


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Half-open offsets of what is quoted, without the marks; of one quotation within another the outer."""
    for match in _QUOTATION.finditer(text):
        yield match.start() + 1, match.end() - 1


def without_quotations(text: str) -> str:
    """The text with a blank in place of each character that is quoted, so that offsets stay."""
    kept = list(text)
    for start, end in quotations(text):
        kept[start:end] = " " * (end - start)
    return "".join(kept)


def whole_quotation(text: str, start: int, end: int) -> tuple[int, int]:
    """An answer that has most of a quoted name or title gets all of it, and none ends amid the next one.

    Args:
        text: An article.
        start: First code point of the answer.
        end: One past its last.

    Returns:
        Where it starts and ends then: `Dörfern werden Orte` of „Aus Dörfern werden Orte“ becomes all of it,
        and `Haus Süd“ und „Nor` becomes `Haus Süd`.
    """
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    for low, high in quotations(text[first : end + _AROUND]):
        low, high = first + low, first + high  # noqa: PLW2901 - the same places, in the article
        if low <= start < high < end:
            end = high
        inner = text[low:high]
        if low <= start and end <= high and inner.strip(_EDGES) and _is_most(inner, end - start):
            return low + len(inner) - len(inner.lstrip(_EDGES)), low + len(inner.rstrip(_EDGES))
    return start, end


def _is_most(quoted: str, length: int) -> bool:
    return length >= _MOST_OF_IT * len(quoted) and len(quoted.split()) <= _MOST_WORDS
