"""From the reader's spans to candidate answers: split, trimmed, of the right kind, none twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa_service.enumerations import items, lines_up_names
from qa_service.normal import Normal, names_country, normalise, shown
from qa_service.normal.numbers import measured, with_unit
from qa_service.normal.strings import stems
from qa_service.quotations import whole_quotation
from qa_service.types import Kind, Span, Understanding

# What remains of a span's confidence when it does not look like what was asked for. Soft, because
# neither the kind asked for nor the kind of a string is ever certain.
_MISFIT = 0.4
# Likewise for a capital or an adjective where a country is asked for ("Moskau" is often a government).
_INDIRECT = 0.7
# Longer answers to a question for a name, thing or number ran past it.
_LONGEST = 12  # words
# Spans below can neither be shown nor carry weight; leaving them out bounds the work.
_LEAST = 0.02
# Likewise for an article outside the time that the question names; news report shortly afterwards.
_OUT_OF_PERIOD = 0.8
_MONTHS_AFTER = 12
# Kinds that have names and titles, which may stand in quotation marks.
_NAMED = frozenset({"thing", "organisation", "place", "person"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be an answer.

    Attributes:
        span: The part of the reader's span that is shown.
        normal: Its normal form.
        strength: The span's confidence after penalties, 0 to 1.
        lag: How much its passage's retrieval score is below that of the best passage with a span, 0 and up.
    """

    span: Span
    normal: Normal
    strength: float
    lag: float


def candidates(question: str, understanding: Understanding, spans: Sequence[Span]) -> list[Candidate]:
    """Candidates in order of strength; within an article none overlaps another.

    Args:
        question: The question that stands alone.
        understanding: What its wording asks for.
        spans: The reader's spans in any order.
    """
    top = max((span.hit.score for span in spans), default=0.0)
    kept: dict[str, list[Candidate]] = {}
    for span in sorted((s for s in spans if s.confidence >= _LEAST), key=lambda span: -span.confidence):
        here = kept.setdefault(span.hit.article.id, [])
        if _covered(span, here):
            continue
        for part in _parts(span, understanding):
            candidate = _candidate(question, understanding, part, top)
            if candidate is not None:
                here.append(candidate)
    found = [candidate for here in kept.values() for candidate in here]
    return _without_overlaps(sorted(found, key=lambda candidate: -candidate.strength))


def _covered(span: Span, here: Sequence[Candidate]) -> bool:
    """Whether a candidate that stays stronger, whatever the span becomes, has its place already."""
    return any(
        span.start < other.span.end and other.span.start < span.end and other.strength >= span.confidence
        for other in here
    )


def is_open(understanding: Understanding) -> bool:
    """Whether the wording leaves open how many answers there are ("Wer stimmte dagegen?", "Was ...?")."""
    single = understanding.question_type == "fact" and not understanding.many
    return single and understanding.kind not in {"clause", "number", "date"}


def _parts(span: Span, understanding: Understanding) -> list[Span]:
    """The items of an enumeration where several are asked for, each without what surrounds the answer."""
    text = span.text
    splits = understanding.many and understanding.kind not in {"clause", "number", "date"}
    named = understanding.focus is None and understanding.kind in {"person", "place"}
    splits = splits or (is_open(understanding) and named and lines_up_names(text))
    if span.items and is_open(understanding):
        pieces = [(low - span.start, high - span.start) for low, high in span.items]
    else:
        pieces = items(text) if splits else [(0, len(text))]
    parts = []
    for start, end in pieces:
        first, last = shown(text[start:end], understanding.kind)
        place = span.start + start
        begin, stop = place + first, place + last
        if understanding.kind == "number":
            stop = with_unit(span.hit.article.text, begin, stop)
        elif understanding.kind in _NAMED:
            begin, stop = whole_quotation(span.hit.article.text, begin, stop)
        parts.append(replace(span, start=begin, end=stop, items=()))
    return [part for part in parts if part.text.strip()]


def _candidate(question: str, understanding: Understanding, span: Span, top: float) -> Candidate | None:
    text = span.text
    if not any(c.isalnum() for c in text):
        return None
    if _named_in(question, text, understanding):
        return None
    normal = normalise(text, understanding.kind, published=span.hit.article.published)
    if understanding.many and understanding.kind == "country" and not normal.fits:
        return None
    fits = normal.fits and not _broken(span, understanding.kind) and _can_measure(text, understanding)
    strength = span.confidence * (1.0 if fits else _MISFIT) * (_INDIRECT if normal.indirect else 1.0)
    strength *= _timeliness(span.hit.article.published, understanding.period)
    return Candidate(span, normal, strength, top - span.hit.score)


def _broken(span: Span, kind: Kind) -> bool:
    """Whether a span begins or ends within a word, or runs on where a name or number is asked for."""
    text, start, end = span.hit.article.text, span.start, span.end
    inside = (start > 0 and text[start - 1].isalnum() and text[start].isalnum()) or (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    )
    return inside or (kind != "clause" and ("\n" in span.text or len(span.text.split()) > _LONGEST))


def _can_measure(text: str, understanding: Understanding) -> bool:
    """Whether a number's unit, where it has one, measures what is asked for."""
    return understanding.measures is None or measured(text) in understanding.measures | {None}


def _named_in(question: str, text: str, understanding: Understanding) -> bool:
    """Whether the question itself names the candidate; a choice ("... oder ...") may be answered so."""
    if understanding.question_type in {"yes_no", "definition", "reason", "statement"} or " oder " in question:
        return False
    words = stems(text)
    return bool(words) and _contains(_question_stems(question), words)


@lru_cache(maxsize=64)
def _question_stems(question: str) -> tuple[str, ...]:
    return stems(question)


def _contains(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _timeliness(published: str | None, period: tuple[str, str] | None) -> float:
    """1 for an article of the time named or up to a year later, less for others; 1 where unknown."""
    if period is None or not published:
        return 1.0
    months = int(period[1][:4]) * 12 + int(period[1][5:7]) + _MONTHS_AFTER
    latest = f"{(months - 1) // 12}-{(months - 1) % 12 + 1:02}"
    return 1.0 if period[0][: len(published)] <= published and published[:7] <= latest else _OUT_OF_PERIOD


def _without_overlaps(ordered: Sequence[Candidate]) -> list[Candidate]:
    """Keep the stronger of two candidates that share text of one article (passages overlap, too)."""
    kept: list[Candidate] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for candidate in ordered:
        start, end = candidate.span.start, candidate.span.end
        places = taken.setdefault(candidate.span.hit.article.id, [])
        if all(end <= other_start or start >= other_end for other_start, other_end in places):
            places.append((start, end))
            kept.append(candidate)
    return kept


def kind_shown(text: str, kind: Kind, normal: Normal) -> Kind:
    """The kind to tell the client: a country's name is a country also where "Wer" was asked."""
    if normal.key.startswith("country:") and names_country(text):
        return "country"
    return kind
