"""The pages for people and the files that they load; nothing comes from another host."""

import re
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template, send_from_directory
from flask_openapi3.openapi import OpenAPI

from index.dates import in_german
from qa_service.schemas.replies import ArticleBody, link

_WEB_ADDRESS = re.compile("https?://", re.IGNORECASE)
_BLANK_LINE = "\n\n"
_HERE = Path(__file__).parent
_SWAGGER = Path(str(files("flask_openapi3_swagger"))) / "templates" / "swagger"


def pages(app: OpenAPI) -> Blueprint:
    """Build the chat page, the API's description and its documentation page."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def chat() -> Response:
        return send_from_directory(_HERE / "static", "chat.html")

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


def reading_page(article: ArticleBody) -> str:
    """Write the page on which an article is read; its script marks the places named in the address."""
    return render_template(
        "article.html",
        article=article,
        day=in_german(article.published) if article.published else None,
        paragraphs=paragraphs(article.text),
        copies=[(article_id, link(article_id)) for article_id in article.duplicates],
        web_address=article.url if _WEB_ADDRESS.match(article.url or "") else None,
    )


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Cut a stored text at its blank lines.

    Returns:
        For each paragraph its first code point in `text`, and the paragraph.
    """
    pieces = text.split(_BLANK_LINE)
    lengths = (len(piece) + len(_BLANK_LINE) for piece in pieces)
    return list(zip(accumulate(lengths, initial=0), pieces, strict=False))
