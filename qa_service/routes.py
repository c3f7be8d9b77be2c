"""The HTTP API: each view parses, calls one part, and translates the result."""

import re
from collections.abc import Iterator
from dataclasses import replace

from flask import Response, g, request, stream_with_context
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel
from werkzeug.routing import BaseConverter

from qa_service import problems
from qa_service.answerer import Inquiry
from qa_service.feedback_routes import note
from qa_service.pages import reading_page
from qa_service.schemas import replies
from qa_service.schemas.requests import ArticlePath, AskBody, ListQuery
from qa_service.service import Service

JSON = "application/json"
EVENTS = "text/event-stream"
HTML = "text/html"

_WAIT = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,6})(?:$|[,;\s])", re.IGNORECASE)

_QUESTIONS = Tag(name="questions", description="Ask the archive.")
_ARTICLES = Tag(name="articles", description="Read the archive.")
_OPERATION = Tag(name="operation", description="Is it up, can it answer?")


class ArticleIdConverter(BaseConverter):
    """An article id in a path: anything, slashes included."""

    part_isolating = False
    regex = r"(?s:.+)"


def routes(service: Service) -> APIBlueprint:
    """Build the API over the parts of a service."""
    api = APIBlueprint("api", __name__, abp_responses=problems.described(422, 429, 500, 503))
    api.before_request(_check_body)

    @api.post(
        "/ask",
        tags=[_QUESTIONS],
        responses={200: replies.ReplyBody, **problems.described(400, 401, 403, 413, 415)},
    )
    def ask(body: AskBody) -> Response:
        """Ask a question.

        Finding nothing is not an error: status is then "no_answer". With Accept: text/event-stream
        the same request streams the event "passages" as soon as they are found, then "answer". With
        Prefer: wait=5 it is turned away (503) where its turn does not come within 5 seconds.
        """
        question = replace(body.asked(), within_s=_patience_s())
        g.question = question.text  # for the log, where a setting wants it there
        if request.accept_mimetypes.best_match([JSON, EVENTS]) == EVENTS:
            inquiry = service.answerer.find(question)
            return _vary(Response(stream_with_context(_ask_events(service, inquiry)), mimetype=EVENTS))
        reply = replies.reply_body(service.answerer.answer(question), service)
        response = _json(reply)
        response.call_on_close(lambda: note(reply, service.feedback))  # who asked does not wait for that
        return _vary(response)

    @api.get(
        "/articles", tags=[_ARTICLES], responses={200: replies.ArticlesBody, **problems.described(401, 403)}
    )
    def list_articles(query: ListQuery) -> Response:
        """List the articles, page by page."""
        words, filters = query.q or None, query.filters()
        articles = service.archive.articles(query.offset, query.limit, words, filters)
        total = service.archive.count_matching(words, filters)
        page = {"offset": query.offset, "limit": query.limit, "total": total}
        return _json(replies.articles_body(articles, **page, index=replies.index_state(service)))

    @api.get(
        "/articles/<article_id:id>",
        tags=[_ARTICLES],
        responses={200: replies.ArticleBody, **problems.described(401, 403, 404)},
    )
    def read_article(path: ArticlePath) -> Response:
        """Return an article with its stored text; a browser gets the reading page."""
        article = service.archive.get(path.id)
        copies = service.archive.copies([path.id]).get(path.id, frozenset()) - {path.id}
        body = replies.article_body(article, sorted(copies))
        if request.accept_mimetypes.best_match([JSON, HTML]) == HTML:
            return _vary(Response(reading_page(body)))
        return _vary(_json(body))

    @api.get("/health", tags=[_OPERATION], responses={200: replies.HealthBody})
    def health() -> Response:
        """Say that the process is up."""
        return _json(replies.HealthBody(status="ok"))

    @api.get("/ready", tags=[_OPERATION], responses={200: replies.ReadyBody})
    def ready() -> Response:
        """Say whether questions can be answered now; 503 says why not."""
        if reasons := service.not_ready():
            return problems.unavailable(reasons)
        return _json(
            replies.ReadyBody(
                status="ready", index=replies.index_state(service), models=replies.models(service)
            )
        )

    return api


def _check_body() -> None:
    if request.method == "POST":
        problems.require_json_object()


def _ask_events(service: Service, inquiry: Inquiry) -> Iterator[str]:
    yield _event("passages", replies.PassagesBody(passages=replies.passage_bodies(inquiry.found.hits)))
    try:
        reply = replies.reply_body(service.answerer.read(inquiry), service)
        note(reply, service.feedback)
    except Exception as error:  # noqa: BLE001 - the status is sent already, the client must still learn of it
        yield _event("error", problems.broken_off(error))
    else:
        yield _event("answer", reply)


def _patience_s() -> float | None:
    """Return how long the client waits for its turn (RFC 7240), None where it does not say."""
    match = _WAIT.search(request.headers.get("Prefer", ""))
    return float(match[1]) if match else None


def _event(name: str, body: BaseModel) -> str:
    return f"event: {name}\ndata: {body.model_dump_json()}\n\n"


def _json(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), mimetype=JSON)


def _vary(response: Response) -> Response:
    response.vary.add("Accept")
    return response
