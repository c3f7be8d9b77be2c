"""What the service sends: the records of `qa_service.types` as JSON."""

from collections.abc import Sequence
from urllib.parse import quote
from uuid import uuid4

from pydantic import BaseModel, Field

from index.types import Article, Hit
from qa_service.service import Service
from qa_service.types import Answer, Citation, Kind, NoAnswerReason, QuestionType, Reply, Status

NEAREST_PASSAGES = 5


class IndexState(BaseModel):
    """What was searched."""

    change: int = Field(description="Number of the last archive change that the answer knows of.")
    articles: int
    passages: int


class Models(BaseModel):
    """Which models answered."""

    embedder: str
    reader: str


class Support(BaseModel):
    """How many articles say so, and how many of them independently of each other."""

    articles: int
    independent_sources: int


class CitationBody(BaseModel):
    """Where an answer stands; offsets are code points, half-open, into the article's text."""

    number: int = Field(description="Consecutive over all answers of a response, from 1.")
    article_id: str
    passage_id: str
    title: str
    source: str | None
    author: str | None
    url: str | None
    published: str | None = Field(description="ISO 8601, possibly of reduced precision (2024-06).")
    link: str = Field(description="The reading page, opened at the answer.")
    quote: str = Field(description="The whole sentence around the answer.")
    quote_start: int
    quote_end: int
    start: int
    end: int
    duplicates: list[str] = Field(description="Near-copies of the article, not cited on their own.")
    note: str | None = Field(description="Why this place supports the answer where the words differ.")


class AnswerBody(BaseModel):
    """One distinct answer: a string that stands in a source."""

    text: str
    kind: Kind
    confidence: float = Field(ge=0, le=1, description="Calibrated probability that the answer is right.")
    support: Support
    first_published: str | None
    last_published: str | None
    disagrees_with: list[int] = Field(
        description="Positions, in this list, of answers that exclude this one."
    )
    citations: list[CitationBody]


class PassageBody(BaseModel):
    """A passage that the search found; offsets as in a citation."""

    id: str
    article_id: str
    title: str
    source: str | None
    published: str | None
    link: str
    text: str
    start: int
    end: int
    score: float = Field(description="Higher is better; comparable only within one response.")


class CoverageBody(BaseModel):
    """How far reading went."""

    passages_read: int
    passages_found: int
    may_be_incomplete: bool


class PassagesBody(BaseModel):
    """What the search found; the first event of a streamed answer."""

    passages: list[PassageBody]


class ReplyBody(BaseModel):
    """The answers to one question, or the reason why there is none."""

    # flask-openapi3 reads this key, which pydantic's type does not know.
    model_config = {"openapi_extra": {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}  # type: ignore[typeddict-unknown-key]

    id: str
    question: str
    standalone_question: str = Field(
        description="The question as understood: typing errors corrected, a follow-up filled in."
    )
    question_type: QuestionType
    question_language: str = Field(
        default="de", description='ISO 639-1, or "und"; any but German is "not_a_question".'
    )
    status: Status
    no_answer_reason: NoAnswerReason | None
    answer: str
    answers: list[AnswerBody]
    passages: list[PassageBody]
    coverage: CoverageBody
    index: IndexState
    models: Models
    timings_ms: dict[str, float]


class ArticleSummary(BaseModel):
    """An article without its text."""

    id: str
    title: str
    source: str | None
    author: str | None
    agency: str | None
    url: str | None
    published: str | None
    updated: str | None
    language: str | None
    link: str


class ArticleBody(ArticleSummary):
    """An article as it is stored; every offset counts in `text`."""

    model_config = {"openapi_extra": {"content": {"text/html": {"schema": {"type": "string"}}}}}  # type: ignore[typeddict-unknown-key]

    text: str
    duplicates: list[str] = Field(description="Ids of its near-copies.")


class ArticlesBody(BaseModel):
    """One page of the list of articles."""

    articles: list[ArticleSummary]
    offset: int
    limit: int
    total: int = Field(description="Articles on all pages.")
    next_offset: int | None = Field(description="Where the next page begins; null on the last one.")
    index: IndexState


class HealthBody(BaseModel):
    """The process is up."""

    status: str


class ReadyBody(BaseModel):
    """Questions can be answered."""

    status: str
    index: IndexState
    models: Models


class ProblemError(BaseModel):
    """One thing wrong with a request."""

    field: str = Field(description='Dotted path, "filters.published_to"; "" for the whole body.')
    detail: str


class ProblemBody(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request: its X-Request-ID as a URN.")
    errors: list[ProblemError]


def reply_body(reply: Reply, service: Service) -> ReplyBody:
    """Translate a reply; passages are sent when asked for or when there is no answer."""
    hits = reply.hits if reply.question.include_passages else ()
    if reply.status == "no_answer" and not hits:
        hits = reply.hits[:NEAREST_PASSAGES]
    return ReplyBody(
        id=uuid4().hex,
        question=reply.question.text,
        standalone_question=reply.standalone,
        question_type=reply.understanding.question_type,
        question_language=reply.understanding.language,
        status=reply.status,
        no_answer_reason=reply.reason,
        answer=reply.sentence,
        answers=[answer_body(answer) for answer in reply.answers],
        passages=passage_bodies(hits),
        coverage=CoverageBody(
            passages_read=reply.coverage.passages_read,
            passages_found=reply.coverage.passages_found,
            may_be_incomplete=reply.coverage.may_be_incomplete,
        ),
        index=index_state(service, reply.change),
        models=models(service),
        timings_ms={stage: round(took_ms, 1) for stage, took_ms in reply.timings_ms.items()},
    )


def index_state(service: Service, change: int | None = None) -> IndexState:
    """Translate what the archive holds; `change` is the one searched, None for the last."""
    counts = service.archive.count()
    seen = service.archive.change() if change is None else change
    return IndexState(change=seen, articles=counts.articles, passages=counts.passages)


def models(service: Service) -> Models:
    """Translate which models answer."""
    return Models(embedder=service.embedder, reader=service.reader)


def answer_body(answer: Answer) -> AnswerBody:
    """Translate one answer."""
    return AnswerBody(
        text=answer.text,
        kind=answer.kind,
        confidence=round(answer.confidence, 4),
        support=Support(articles=answer.articles, independent_sources=answer.independent_sources),
        first_published=answer.first_published,
        last_published=answer.last_published,
        disagrees_with=list(answer.disagrees_with),
        citations=[citation_body(citation) for citation in answer.citations],
    )


def citation_body(citation: Citation) -> CitationBody:
    """Translate one citation."""
    span, article = citation.span, citation.span.hit.article
    return CitationBody(
        number=citation.number,
        article_id=article.id,
        passage_id=span.hit.passage.id,
        title=article.title,
        source=article.source,
        author=article.author,
        url=article.url,
        published=article.published,
        link=link(article.id, span.start, span.end),
        quote=citation.quote,
        quote_start=citation.quote_start,
        quote_end=citation.quote_end,
        start=span.start,
        end=span.end,
        duplicates=list(citation.duplicates),
        note=citation.note,
    )


def passage_bodies(hits: Sequence[Hit]) -> list[PassageBody]:
    """Translate passages, best first."""
    return [
        PassageBody(
            id=hit.passage.id,
            article_id=hit.article.id,
            title=hit.article.title,
            source=hit.article.source,
            published=hit.article.published,
            link=link(hit.article.id, hit.passage.start, hit.passage.end),
            text=hit.text,
            start=hit.passage.start,
            end=hit.passage.end,
            score=round(hit.score, 4),
        )
        for hit in hits
    ]


def article_summary(article: Article) -> ArticleSummary:
    """Translate an article for a list."""
    return ArticleSummary.model_validate(_metadata(article))


def article_body(article: Article, duplicates: Sequence[str]) -> ArticleBody:
    """Translate an article with its text."""
    return ArticleBody.model_validate(
        {**_metadata(article), "text": article.text, "duplicates": list(duplicates)}
    )


def articles_body(
    articles: Sequence[Article], *, offset: int, limit: int, total: int, index: IndexState
) -> ArticlesBody:
    """Translate one page of `total` articles, beginning at `offset`."""
    following = offset + len(articles)
    return ArticlesBody(
        articles=[article_summary(article) for article in articles],
        offset=offset,
        limit=limit,
        total=total,
        next_offset=following if articles and following < total else None,
        index=index,
    )


def link(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The reading page of an article, opened at code points `start` to `end` where given."""
    page = f"/articles/{quote(article_id, safe='/')}"
    return page if start is None else f"{page}#{start}-{end}"


def _metadata(article: Article) -> dict[str, str | None]:
    names = (name for name in ArticleSummary.model_fields if name != "link")
    return {name: getattr(article, name) for name in names} | {"link": link(article.id)}
