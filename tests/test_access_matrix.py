"""Every route, by every way to come: no key, a wrong or revoked one, every scope, a session."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.feedback import FeedbackStore
from qa_service.keys import SCOPES, Keys
from qa_service.service import Service
from qa_service.settings import Settings
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

# Method, pattern of the address, an address that fits, the scope needed (None: open to everybody). Worked out
# from docs/operation.md by hand, not taken from the guard's own table.
TABLE = [
    ("GET", "/", "/", "ask"),
    ("POST", "/ask", "/ask", "ask"),
    ("POST", "/feedback", "/feedback", "ask"),
    ("GET", "/articles", "/articles", "read"),
    ("GET", "/articles/<article_id:id>", "/articles/reise/1", "read"),
    ("GET", "/sources", "/sources", "read"),
    ("GET", "/copies", "/copies", "read"),
    ("GET", "/metrics", "/metrics", "read"),
    ("POST", "/articles", "/articles", "write"),
    ("PUT", "/articles/<article_id:id>", "/articles/reise/1", "write"),
    ("DELETE", "/articles/<article_id:id>", "/articles/reise/1", "write"),
    ("GET", "/jobs/<id>", "/jobs/1", "write"),
    ("GET", "/verwalten", "/verwalten", "write"),
    ("GET", "/feedback", "/feedback", "write"),
    ("GET", "/health", "/health", None),
    ("GET", "/ready", "/ready", None),
    ("GET", "/openapi.json", "/openapi.json", None),
    ("GET", "/docs", "/docs", None),
    ("GET", "/docs/<path:name>", "/docs/css/swagger-ui.css", None),
    ("GET", "/static/<path:filename>", "/static/chat.js", None),
    ("GET", "/embed.js", "/embed.js", None),
    ("GET", "/anmelden", "/anmelden", None),
    ("POST", "/anmelden", "/anmelden", None),
    ("POST", "/abmelden", "/abmelden", None),
]
GUARDED = [row for row in TABLE if row[3] is not None]
OPEN = [row for row in TABLE if row[3] is None and row[0] == "GET"]
BODIES = {
    "/ask": {"question": "Wer besuchte Vietnam?"},
    "/articles": {"text": "In Steinhaven fuhr ein Schiff."},
}

Row = tuple[str, str, str, str | None]
Come = Callable[[FlaskClient, Keys], dict[str, str]]


def nothing(_client: FlaskClient, _keys: Keys) -> dict[str, str]:
    return {}


def sends(header: str) -> Come:
    return lambda _client, _keys: {"Authorization": header}


def with_key(*scopes: str, revoked: bool = False) -> Come:
    def come(_client: FlaskClient, keys: Keys) -> dict[str, str]:
        secret = keys.add("k", scopes)
        if revoked:
            keys.revoke("k")
        return {"Authorization": f"Bearer {secret}"}

    return come


def by_session(*scopes: str, revoked: bool = False) -> Come:
    def come(client: FlaskClient, keys: Keys) -> dict[str, str]:
        client.post("/anmelden", data={"key": keys.add("k", scopes)})
        if revoked:
            keys.revoke("k")
        return {}

    return come


def wrong_key_in_a_session(client: FlaskClient, keys: Keys) -> dict[str, str]:
    """A wrong key is not helped by a good session."""
    return by_session("admin")(client, keys) | {"Authorization": "Bearer qa_falsch"}


STRANGERS: dict[str, Come] = {
    "nothing": nothing,
    "an empty key": sends("Bearer "),
    "a wrong key": sends("Bearer qa_falsch"),
    "a wrong kind": sends("Basic cWE6cWE="),
    "no kind": sends("qa_falsch"),
    "a revoked key": with_key("admin", revoked=True),
    "the session of a revoked key": by_session("admin", revoked=True),
    "a wrong key in a session": wrong_key_in_a_session,
}
KNOWN: dict[str, tuple[set[str], Come]] = {
    **{f"a key for {scope}": ({scope}, with_key(scope)) for scope in SCOPES},
    **{f"a session for {scope}": ({scope}, by_session(scope)) for scope in SCOPES},
    "a key for ask and read": ({"ask", "read"}, with_key("ask", "read")),
    "a key for nothing": (set(), with_key()),
}


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Keys, of which one belongs to somebody else."""
    keys = Keys(tmp_path)
    keys.add("somebody", ["ask"])
    return keys


@pytest.fixture
def client(tmp_path: Path, keys: Keys) -> FlaskClient:
    library = FakeLibrary(TRAVELS)
    answerer = Answerer(search=FakeFinder(TRAVELS), reader=FakeReader(COUNTRIES), archive=library)
    feedback = FeedbackStore(tmp_path / "feedback.sqlite")
    service = Service(answerer, library, "e", "r", feedback=feedback, keys=keys)
    return create_app(service, Settings(data_dir=tmp_path)).test_client()


def statuses(client: FlaskClient, rows: list[Row], headers: dict[str, str]) -> dict[str, int]:
    """Go to every place with these headers; gives each one's status."""
    found = {}
    for method, rule, path, _ in rows:
        body = BODIES.get(path, {}) if method in {"POST", "PUT"} else None
        with client.open(path, method=method, json=body, headers=headers) as response:
            found[f"{method} {rule}"] = response.status_code
    return found


def test_the_table_holds_every_route(client: FlaskClient):
    rules = client.application.url_map.iter_rules()
    routes = {(method, rule.rule) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert routes == {(method, rule) for method, rule, _, _ in TABLE}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_is_refused_everywhere_but_at_the_open_places(client: FlaskClient, keys: Keys, who: str):
    headers = STRANGERS[who](client, keys)
    assert set(statuses(client, GUARDED, headers).values()) == {401}
    assert not set(statuses(client, OPEN, headers).values()) & {401, 404, 500}


@pytest.mark.parametrize("who", KNOWN)
def test_who_is_known_reaches_what_the_scopes_allow_and_is_told_of_the_rest(
    client: FlaskClient, keys: Keys, who: str
):
    scopes, come = KNOWN[who]
    headers = come(client, keys)
    refused = {place for place, status in statuses(client, GUARDED, headers).items() if status in {401, 403}}
    assert refused == {
        f"{method} {rule}"
        for method, rule, _, needed in GUARDED
        if needed not in scopes and "admin" not in scopes
    }
    assert 401 not in statuses(client, GUARDED + OPEN, headers).values()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_about_a_place_needs_the_same_key(client: FlaskClient, method: str):
    rows = [(method, rule, path, needed) for _, rule, path, needed in GUARDED]
    found = statuses(client, rows, {})
    assert set(found.values()) <= {401, 405}
    assert method == "HEAD" or set(found.values()) == {401}


def test_a_method_that_a_place_does_not_know_tells_nothing_of_it(client: FlaskClient):
    assert client.patch("/articles/kopie").status_code == 405
    assert client.get("/articles/kopie/").status_code == 401
