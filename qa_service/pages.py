"""The pages for people and the files that they load; nothing comes from another host."""

import logging
import re
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request, send_from_directory
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError

from index.errors import IndexingError
from qa_service.errors import OverloadedError
from qa_service.feedback_routes import note
from qa_service.headers import EMBEDDING_SCRIPT, embedded
from qa_service.problems import RETRY_AFTER_S
from qa_service.schemas import page, replies
from qa_service.schemas.replies import ArticleBody, CitationBody, ReplyBody, link
from qa_service.schemas.requests import AskBody
from qa_service.service import Service
from qa_service.texts import LANGUAGES, Texts, texts

_WEB_ADDRESS = re.compile("https?://", re.IGNORECASE)
_BLANK_LINE = "\n\n"
_HERE = Path(__file__).parent
_SWAGGER = Path(str(files("flask_openapi3_swagger"))) / "templates" / "swagger"

_log = logging.getLogger(__name__)


def pages(app: OpenAPI, service: Service) -> Blueprint:
    """Build the chat page, the managing page, the API's description and its documentation page."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def chat() -> Response:
        try:
            body = page.asked(request.args)
            reply = None if body is None else _reply(body, service)
        except ValidationError:
            return chat_page(problem=422)
        except (IndexingError, OverloadedError) as error:
            _log.error("archive or index unavailable", exc_info=error)
            return _come_back(chat_page(problem=503), error)
        return chat_page(body, reply)

    @blueprint.get("/verwalten")
    def manage() -> Response:
        return _page(render_template("manage.html"))

    @blueprint.app_context_processor
    def words() -> dict[str, Texts | bool]:
        return {"t": spoken(), "embedded": embedded()}

    @blueprint.get(EMBEDDING_SCRIPT)
    def embed() -> Response:
        return send_from_directory(_HERE / "static", "embed.js")

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(app.api_doc)

    @blueprint.get("/docs")
    def docs() -> Response:
        return send_from_directory(_HERE / "static", "docs.html")

    @blueprint.get("/docs/<path:name>")
    def swagger(name: str) -> Response:
        return send_from_directory(_SWAGGER, name)

    return blueprint


def chat_page(
    body: AskBody | None = None, reply: ReplyBody | None = None, problem: int | None = None
) -> Response:
    """Write the chat page, with an answer where one was asked for; its script takes over from there.

    Args:
        body: What was asked, or None.
        reply: The answer to it.
        problem: HTTP status of what went wrong, or None.
    """
    html = render_template(
        "chat.html",
        typed=request.args.get("q", ""),
        filters=body.filters.model_dump(mode="json") if body else {},
        reply=reply,
        problem=problem,
        parts=parts,
        web_address=web_address,
        framers=[request.host_url.rstrip("/"), *current_app.config["SETTINGS"].allowed_origins],
    )
    return _page(html, problem or 200)


def reading_page(article: ArticleBody) -> str:
    """Write the page on which an article is read; its script marks the places named in the address."""
    return render_template(
        "article.html",
        article=article,
        paragraphs=paragraphs(article.text),
        copies=[(article_id, link(article_id)) for article_id in article.duplicates],
        web_address=web_address(article.url),
    )


def spoken() -> Texts:
    """Choose the language: ?lang=, else what the browser prefers, else German."""
    wanted = request.args.get("lang", "")
    return texts(
        wanted if wanted in LANGUAGES else request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
    )


def web_address(url: str | None) -> str | None:
    """Return an address that may become a link: http or https, nothing that a browser would run."""
    return url if _WEB_ADDRESS.match(url or "") else None


def parts(citation: CitationBody) -> tuple[str, str, str]:
    """Cut a quotation into what stands before the answer, the answer, and what stands after it."""
    start, end = citation.start - citation.quote_start, citation.end - citation.quote_start
    return citation.quote[:start], citation.quote[start:end], citation.quote[end:]


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Cut a stored text at its blank lines.

    Returns:
        For each paragraph its first code point in `text`, and the paragraph.
    """
    pieces = text.split(_BLANK_LINE)
    lengths = (len(piece) + len(_BLANK_LINE) for piece in pieces)
    return list(zip(accumulate(lengths, initial=0), pieces, strict=False))


def _reply(body: AskBody, service: Service) -> ReplyBody:
    reply = replies.reply_body(service.answerer.answer(body.asked()), service)
    note(reply, service.feedback)
    return reply


def _come_back(response: Response, error: IndexingError | OverloadedError) -> Response:
    after_s = error.retry_after_s if isinstance(error, OverloadedError) else RETRY_AFTER_S
    response.headers["Retry-After"] = str(after_s)
    return response


def _page(html: str, status: int = 200) -> Response:
    response = Response(html, status, mimetype="text/html")
    response.vary.add("Accept-Language")
    return response
