"""From spans to citations: the sentence around each, its number, and the copies it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from index.sentences import sentences
from index.types import Article
from qa_service import messages
from qa_service.normal import stands_for
from qa_service.types import Answer, Citation, Kind, Span

Copies = Mapping[str, frozenset[str]]


def cite(answers: Sequence[Answer], copies: Copies) -> list[Answer]:
    """Give every answer its citations.

    An article is cited once per sentence, and its further sentences come after the first ones of the
    others. A near-copy of an article that the same answer cites already is not cited again: it is
    among that citation's `duplicates`.

    Args:
        answers: Answers with their spans, best first.
        copies: The ids of each article's near-copies, itself included; an article that is absent
            has none.

    Returns:
        The same answers in the same order; citations are numbered from 1 over all of them.
    """
    known: dict[str, list[tuple[int, int]]] = {}
    cited: list[Answer] = []
    number = 1
    for answer in answers:
        places = _places(answer.spans, copies, known)
        citations = [
            Citation(
                number + i, span, *quote, duplicates=_duplicates(span, copies), note=_note(span, answer.kind)
            )
            for i, (span, quote) in enumerate(places)
        ]
        number += len(citations)
        cited.append(replace(answer, citations=tuple(citations)))
    return cited


def _places(
    spans: Sequence[Span], copies: Copies, known: dict[str, list[tuple[int, int]]]
) -> list[tuple[Span, tuple[int, int]]]:
    """Choose the spans to cite, each with its sentence; the first of a sentence or cluster wins."""
    places: dict[str, dict[int, tuple[Span, tuple[int, int]]]] = {}
    spoken_for: dict[str, str] = {}
    for span in spans:
        article = span.hit.article
        if spoken_for.setdefault(article.id, article.id) != article.id:
            continue
        spoken_for.update(dict.fromkeys(copies.get(article.id, ()), article.id))
        quote = quote_around(article, span.start, span.end, known)
        places.setdefault(article.id, {}).setdefault(quote[0], (span, quote))
    rounds = zip_longest(*(sentences_cited.values() for sentences_cited in places.values()))
    return [place for places_of_round in rounds for place in places_of_round if place is not None]


def quote_around(
    article: Article, start: int, end: int, known: dict[str, list[tuple[int, int]]]
) -> tuple[int, int]:
    """Return the sentence around a span, or the run of sentences that a longer span touches.

    Args:
        article: The article quoted.
        start: First code point of the span.
        end: One past its last.
        known: Sentences of the articles split so far; the article's own are added.

    Returns:
        Half-open code-point offsets that always enclose the span.
    """
    if article.id not in known:
        known[article.id] = sentences(article.text)
    touched = [sentence for sentence in known[article.id] if sentence[0] < end and start < sentence[1]]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])


def _duplicates(span: Span, copies: Copies) -> tuple[str, ...]:
    own = span.hit.article.id
    return tuple(sorted(copies.get(own, frozenset()) - {own}))


def _note(span: Span, kind: Kind) -> str | None:
    meaning = stands_for(span.text) if kind == "country" else None
    return None if meaning is None else messages.stands_for(span.text, *meaning)
