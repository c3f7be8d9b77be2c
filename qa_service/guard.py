"""Who may do what: every route has one scope, and a route that is not in the table only admins may use.

Programs send a key (`Authorization: Bearer qa_...`). People log in with one; their browser then holds a
signed cookie that names the key, so that revoking the key ends the session. A session changes something only
for pages of this very service, whatever other pages make a browser send.
"""

from http import HTTPStatus

from flask import Flask, Request, Response, g, redirect, render_template, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.wrappers import Response as AnyResponse

from qa_service import access, problems
from qa_service.errors import KeysError, SettingsError
from qa_service.headers import EMBEDDED, EMBEDDING_SCRIPT, embedded
from qa_service.keys import ApiKey, Keys, Scope
from qa_service.settings import Settings

LOGIN = "/anmelden"

_READS = {"GET", "HEAD", "OPTIONS"}
_SESSION_KEY = "key"
_PAGES = {"/", "/verwalten", "/articles/<article_id:id>"}

# None: open to everybody. Static files, the API's description and its page tell nothing of the archive.
_SCOPES: dict[tuple[str, str], Scope | None] = {
    ("GET", "/"): "ask",
    ("POST", "/ask"): "ask",
    ("POST", "/feedback"): "ask",
    ("GET", "/articles"): "read",
    ("GET", "/articles/<article_id:id>"): "read",
    ("GET", "/sources"): "read",
    ("GET", "/copies"): "read",
    ("GET", "/metrics"): "read",
    ("POST", "/articles"): "write",
    ("PUT", "/articles/<article_id:id>"): "write",
    ("DELETE", "/articles/<article_id:id>"): "write",
    ("GET", "/jobs/<id>"): "write",
    ("GET", "/verwalten"): "write",
    ("GET", "/feedback"): "write",
    ("GET", "/health"): None,
    ("GET", "/ready"): None,
    ("GET", "/openapi.json"): None,
    ("GET", "/docs"): None,
    ("GET", "/docs/<path:name>"): None,
    ("GET", "/static/<path:filename>"): None,
    ("GET", EMBEDDING_SCRIPT): None,
    ("GET", LOGIN): None,
    ("POST", LOGIN): None,
    ("POST", "/abmelden"): None,
}


class _Sessions(SecureCookieSessionInterface):
    """Sessions whose cookie a browser sends by https only, once it came that way.

    Args:
        https: Whether it always comes that way.
    """

    def __init__(self, *, https: bool) -> None:
        self._https = https

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session of a request; for one without a cookie nothing that checks signatures is made."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's name
        """Tell it for the request at hand; a trusted proxy says how that came."""
        return self._https or request.is_secure


def scope_of(method: str, route: str) -> Scope | None:
    """Return what is needed for a route, None for an open one; HEAD and OPTIONS as GET where there is one."""
    if method in {"HEAD", "OPTIONS"}:
        method = "GET" if ("GET", route) in _SCOPES else "POST"
    return _SCOPES.get((method, route), "admin")


def check_start(settings: Settings, keys: Keys) -> None:
    """Refuse to serve other machines without keys, unless that is wanted.

    Raises:
        SettingsError: It would be so.
    """
    if not (access.is_loopback(settings.host) or settings.without_keys or keys.exist()):
        raise SettingsError(
            f"QA_HOST={settings.host} may be reached from other machines, and there are no API keys. Make "
            "one with `qa keys add NAME`, or listen on this machine only (QA_HOST=127.0.0.1). If something "
            "else keeps strangers out, QA_WITHOUT_KEYS=true lets everybody ask and read."
        )


def guard(app: Flask, keys: Keys, settings: Settings) -> None:
    """Let only those through whom the table allows, and serve the login."""
    app.secret_key = keys.session_secret()
    app.session_interface = _Sessions(https=settings.https)
    app.config.update(SESSION_COOKIE_NAME="qa", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.register_error_handler(KeysError, _unreadable)

    def check() -> AnyResponse | None:
        if request.url_rule is None or not _enforced(keys, settings):
            return None
        scope = scope_of(request.method, request.url_rule.rule)
        if scope is None:
            return None
        key = _key(keys)
        if key is None:
            return _unknown()
        if not key.may(scope):
            return problems.problem(403, f"The key {key.name} may not do this; it needs the scope {scope}.")
        g.api_key = key.name
        return None

    app.before_request(check)
    _serve_login(app, keys)


def _serve_login(app: Flask, keys: Keys) -> None:
    def login() -> str:
        return render_template("login.html", wrong=False)

    def log_in() -> AnyResponse:
        if not _own_page():
            return problems.problem(403, "Log in from this service's own page.")
        key = keys.find(request.form.get("key", "").strip())
        if key is None:
            return Response(render_template("login.html", wrong=True), HTTPStatus.FORBIDDEN)
        session.clear()
        session[_SESSION_KEY] = key.digest
        return redirect(_in_frame("/"), HTTPStatus.SEE_OTHER)

    def log_out() -> AnyResponse:
        session.clear()
        return redirect(LOGIN, HTTPStatus.SEE_OTHER)

    # Not by `app.get`, which would describe pages for people as a part of the API.
    app.add_url_rule(LOGIN, view_func=login)
    app.add_url_rule(LOGIN, view_func=log_in, methods=["POST"])
    app.add_url_rule("/abmelden", view_func=log_out, methods=["POST"])


def _enforced(keys: Keys, settings: Settings) -> bool:
    return keys.exist() or not (access.is_loopback(settings.host) or settings.without_keys)


def _key(keys: Keys) -> ApiKey | None:
    """Return the key of this request: the one it carries, else that of its session."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind:
        return keys.find(secret.strip()) if kind.lower() == "bearer" else None
    digest = session.get(_SESSION_KEY)
    if not isinstance(digest, str) or (request.method not in _READS and not _own_page()):
        return None
    return keys.by_digest(digest)


def _own_page() -> bool:
    """Tell whether a page of this service sent the request; every browser tells by one of these headers."""
    return not access.is_foreign(
        host=request.host,
        origin=request.headers.get("Origin"),
        fetch_site=request.headers.get("Sec-Fetch-Site"),
    )


def _in_frame(path: str) -> str:
    """Return a path that stays in the frame of another site where the request came from one."""
    return f"{path}?{EMBEDDED}=1" if embedded() else path


def _unknown() -> AnyResponse:
    wants_page = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    if wants_page and request.url_rule is not None and request.url_rule.rule in _PAGES:
        return redirect(_in_frame(LOGIN), HTTPStatus.SEE_OTHER)
    response = problems.problem(
        401, "Send a valid key: Authorization: Bearer qa_... (`qa keys add` makes one)."
    )
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _unreadable(_error: KeysError) -> Response:
    return problems.unavailable(["The API keys cannot be read, so nobody is let in; the log says why."])
