"""HTTP for feedback: take a rating, list and export what was said."""

import json
import logging
from http import HTTPStatus

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from index.errors import UnknownArticleError
from index.types import Article
from qa_service import problems
from qa_service.errors import FeedbackError
from qa_service.feedback import Entry, FeedbackStore, Place
from qa_service.schemas import feedback as wire
from qa_service.schemas.replies import ReplyBody
from qa_service.service import Library

_PATIENCE_S = 1.0  # whoever asked waits for this, and notes one question the less where it is too short

_log = logging.getLogger(__name__)

_FEEDBACK = Tag(name="feedback", description="Say whether an answer is right; export what was said.")


def feedback_routes(store: FeedbackStore, archive: Library) -> APIBlueprint:
    """Build the routes over a store; `archive` gives the texts that an export quotes."""
    api = APIBlueprint("feedback", __name__, abp_responses=problems.described(401, 403, 422, 429, 500, 503))
    api.before_request(_check_body)
    api.register_error_handler(FeedbackError, _unavailable)

    @api.post(
        "/feedback",
        tags=[_FEEDBACK],
        responses={201: wire.StoredBody, **problems.described(400, 413, 415)},
    )
    def rate(body: wire.FeedbackBody) -> Response:
        """Say whether an answer is right; it is stored when this returns."""
        stored = wire.StoredBody(number=store.add(body.entry()))
        return Response(stored.model_dump_json(), HTTPStatus.CREATED, mimetype="application/json")

    @api.get("/feedback", tags=[_FEEDBACK], responses={200: wire.EntriesBody})
    def export(query: wire.FeedbackQuery) -> Response:
        """List the feedback and the questions without an answer, or export all of it as CSV or SQuAD JSON."""
        if query.format == "csv":
            return _file(wire.as_csv(store.entries(rating=query.rating)), "text/csv", "rueckmeldungen.csv")
        if query.format == "squad":
            squad = wire.as_squad(store.entries(rating=query.rating), lambda name: _article(archive, name))
            text = json.dumps(squad, ensure_ascii=False, indent=1)
            return _file(text, "application/json", "rueckmeldungen.json")
        found = store.entries(query.offset, query.limit, query.rating)
        page = wire.EntriesBody(
            entries=[wire.entry_body(entry) for entry in found],
            offset=query.offset,
            limit=query.limit,
            total=store.count(query.rating),
        )
        return Response(page.model_dump_json(), mimetype="application/json")

    return api


def note(reply: ReplyBody, store: FeedbackStore | None) -> None:
    """Keep a question that found no answer, for editors to look at.

    That it cannot be kept is logged: whoever asked still gets the reply.
    """
    if store is None or reply.status != "no_answer" or reply.no_answer_reason == "not_a_question":
        return
    try:
        store.add(_unanswered(reply), within_s=_PATIENCE_S)
    except FeedbackError:
        _log.exception("a question without an answer could not be kept")


def _check_body() -> None:
    if request.method == "POST":
        problems.require_json_object()


def _unavailable(error: FeedbackError) -> Response:
    _log.error("feedback unavailable", exc_info=error)
    return problems.unavailable(["Feedback cannot be stored or read at the moment. Try again."])


def _unanswered(reply: ReplyBody) -> Entry:
    nearest = tuple(Place("", each.article_id, each.start, each.end) for each in reply.passages[:1])
    return Entry(
        rating="unanswered",
        question=reply.question,
        standalone=reply.standalone_question,
        answer_id=reply.id,
        reason=reply.no_answer_reason,
        places=nearest,
    )


def _article(archive: Library, article_id: str) -> Article | None:
    try:
        return archive.get(article_id)
    except UnknownArticleError:
        return None


def _file(text: str, mimetype: str, name: str) -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
