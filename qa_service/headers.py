"""The headers of every response: what browsers may do with it, and which pages may show it in a frame.

No response may be framed but two pages when they are asked for embedded: the chat page and the login before
it, by the origins that a setting names.
"""

from flask import Flask, Response, has_request_context, request

from qa_service.settings import Settings

EMBEDDED = "embedded"
EMBEDDING_SCRIPT = "/embed.js"

_FRAMED = {"/", "/anmelden"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
_HEADERS = {
    "Content-Security-Policy": _POLICY + "'none'",
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" makes browsers send the login form with "Origin: null", as a page of another site.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def add_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to every response of `app`."""
    ancestors = " ".join(["'self'", *settings.allowed_origins])

    def add(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule is not None else None
        if embedded() and rule in _FRAMED:
            response.headers["Content-Security-Policy"] = _POLICY + ancestors
            response.headers["X-Frame-Options"] = "SAMEORIGIN"  # ignored where frame-ancestors is known
        if rule == EMBEDDING_SCRIPT:
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - iterating gives pairs
        for name, value in _HEADERS.items():
            if name.lower() not in given:
                response.headers.add(name, value)
        return response

    app.after_request(add)


def embedded() -> bool:
    """Tell whether this request asks for a page in a frame of another site."""
    return has_request_context() and request.args.get(EMBEDDED) == "1"
