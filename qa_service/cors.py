"""Which pages of other sites may call the API from a browser (CORS, https://fetch.spec.whatwg.org).

Only the API, not the pages for people; only the origins that a setting names; never with a session's cookie:
such a page sends a key of its own, or none where none is needed.
"""

from http import HTTPStatus

from flask import Flask, Response, request
from flask_openapi3.blueprint import APIBlueprint

from qa_service.settings import Settings

_SENT = "Authorization, Content-Type, Prefer, X-Request-ID"
_SHOWN = "Location, Retry-After, X-Request-ID"
_KNOWN_FOR_S = 600  # how long a browser remembers what it may


def share(app: Flask, settings: Settings) -> None:
    """Let pages of the allowed origins call the API; called before the guard, as a preflight has no key."""
    allowed = frozenset(settings.allowed_origins)

    def preflight() -> Response | None:
        asked = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asked or not _of_api(app) or request.headers.get("Origin") not in allowed:
            return None
        methods = app.make_default_options_response().headers["Allow"]
        response = Response(status=HTTPStatus.NO_CONTENT)
        response.headers["Access-Control-Allow-Methods"] = methods
        response.headers["Access-Control-Allow-Headers"] = _SENT
        response.headers["Access-Control-Max-Age"] = str(_KNOWN_FOR_S)
        return response

    def tell(response: Response) -> Response:
        if not _of_api(app):
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _SHOWN
        return response

    if allowed:
        app.before_request(preflight)
        app.after_request(tell)


def _of_api(app: Flask) -> bool:
    """Tell whether the request is for a route of the API, which its description tells of."""
    return isinstance(app.blueprints.get(request.blueprint or ""), APIBlueprint)
