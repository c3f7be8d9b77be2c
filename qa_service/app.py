"""The Flask application: routes, errors and headers put together."""

import re
from importlib.metadata import version
from uuid import uuid4

from flask import Response, g, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import SecuritySchemesDict

from qa_service import problems
from qa_service.articles_routes import article_routes
from qa_service.copy_routes import copy_routes
from qa_service.cors import share
from qa_service.feedback_routes import feedback_routes
from qa_service.guard import guard
from qa_service.headers import add_headers
from qa_service.limiting import limit, trust_proxies
from qa_service.observing import observe
from qa_service.pages import pages
from qa_service.routes import ArticleIdConverter, routes
from qa_service.schemas.replies import ProblemBody
from qa_service.service import Service
from qa_service.settings import Settings
from qa_service.source_routes import source_routes

LARGEST_BODY_BYTES = 1024 * 1024

_SECURITY: SecuritySchemesDict = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (`qa keys add`); needed as soon as the service has one.",
    }
}
_SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def create_app(service: Service, settings: Settings) -> OpenAPI:
    """Build the web application around the parts that answer.

    Args:
        service: The parts; tests pass their own.
        settings: The process's settings.
    """
    app = OpenAPI(
        "qa_service",
        info=Info(
            title="German news QA",
            version=version("german-news-qa"),
            description="Answers from a news archive: extracted, cited, never generated.",
        ),
        security_schemes=_SECURITY,
        doc_ui=False,
        validation_error_callback=problems.invalid,
        validation_error_model=ProblemBody,
    )
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.config["SETTINGS"] = settings
    app.url_map.merge_slashes = False  # an article's id may hold two slashes in a row
    app.url_map.converters["article_id"] = ArticleIdConverter
    trust_proxies(app, settings)
    app.before_request(_name_request)
    app.after_request(_tell_name)
    add_headers(app, settings)
    if service.tracing is not None:
        service.tracing.follow(app)
    observe(app, service.metrics, settings)
    problems.register(app)
    share(app, settings)
    if service.keys is not None:
        guard(app, service.keys, settings)
    limit(app, service, settings)
    app.register_api(routes(service))
    _register_beside(app, article_routes(service, settings))
    app.register_api(source_routes(service.archive))
    app.register_api(copy_routes(service.archive))
    if service.feedback is not None:
        app.register_api(feedback_routes(service.feedback, service.archive))
    app.register_blueprint(pages(app, service))
    return app


def _register_beside(app: OpenAPI, api: APIBlueprint) -> None:
    """Register routes whose paths have other methods already; the description keeps both."""
    before = {path: app.paths[path] for path in api.paths if path in app.paths}
    app.register_api(api)
    for path, described in before.items():
        added = app.paths[path]
        methods = {name: getattr(added, name) for name in added.model_fields_set}
        app.paths[path] = described.model_copy(update=methods)


def _name_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _SAFE_REQUEST_ID.fullmatch(given) else uuid4().hex


def _tell_name(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    return response
