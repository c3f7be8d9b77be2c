"""An answer as plain text, for the command line."""

from collections.abc import Iterator

import click

from qa_service import messages
from qa_service.schemas.replies import AnswerBody, CitationBody, PassageBody, ReplyBody
from qa_service.texts import texts

_PASSAGE_CHARS = 200


def readable(reply: ReplyBody) -> str:
    """Write a reply for people; answers are bold where a terminal shows it."""
    lines = _found(reply) if reply.status == "answered" else _nothing(reply)
    return "\n".join([*_understood(reply), *lines])


def _understood(reply: ReplyBody) -> Iterator[str]:
    if reply.standalone_question != reply.question:
        yield f"{texts('de').say('understood')} „{reply.standalone_question}“"
        yield ""


def _found(reply: ReplyBody) -> Iterator[str]:
    yield click.style(reply.answer, bold=True)
    for answer in reply.answers:
        yield ""
        yield f"{click.style(answer.text, bold=True)} ({_evidence(answer)})"
        for citation in answer.citations:
            yield from _source(citation)
    yield ""
    coverage = reply.coverage
    yield messages.passages_read(coverage.passages_read, may_be_incomplete=coverage.may_be_incomplete)


def _evidence(answer: AnswerBody) -> str:
    german = texts("de")
    support = german.support(answer.support.articles, answer.support.independent_sources)
    return f"{german.confidence(answer.confidence)}, {support}"


def _source(citation: CitationBody) -> Iterator[str]:
    start, end = citation.start - citation.quote_start, citation.end - citation.quote_start
    before, span, after = citation.quote[:start], citation.quote[start:end], citation.quote[end:]
    marked = before + click.style(span, bold=True) + after
    yield f"  [{citation.number}] {' '.join(marked.split())}"
    yield f"      {_origin(citation)}"
    yield f"      {citation.link}"
    if citation.note:
        yield f"      {citation.note}"
    if citation.duplicates:
        yield f"      {messages.copies(citation.duplicates)}"


def _nothing(reply: ReplyBody) -> Iterator[str]:
    yield click.style(texts("de").say("no_answer"), bold=True)
    if reply.no_answer_reason is not None:
        yield texts("de").reason(reply.no_answer_reason, reply.question_language)
    if reply.passages:
        yield ""
        yield f"{texts('de').say('nearest')}:"
    for passage in reply.passages:
        text = " ".join(passage.text.split())
        yield f"  - {text if len(text) <= _PASSAGE_CHARS else text[:_PASSAGE_CHARS] + ' …'}"
        yield f"    {_origin(passage)}"


def _origin(place: CitationBody | PassageBody) -> str:
    day = texts("de").day(place.published)
    return " · ".join(fact for fact in (place.title, place.source, day) if fact)
