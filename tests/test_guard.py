"""Who may do what: every route, every scope, every way to come without a good key."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.errors import SettingsError
from qa_service.feedback import FeedbackStore
from qa_service.guard import check_start, scope_of
from qa_service.keys import SCOPES, Keys
from qa_service.service import Service
from qa_service.settings import Settings
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

# What each scope must be able to reach; worked out by hand, not taken from the guard's own table.
OPEN = [
    "GET /health",
    "GET /ready",
    "GET /docs",
    "GET /openapi.json",
    "GET /static/style.css",
    "GET /anmelden",
]
ALLOWED = {
    "ask": ["GET /", "POST /ask", "POST /feedback"],
    "read": ["GET /articles", "GET /articles/kopie", "GET /sources", "GET /copies", "GET /metrics"],
    "write": [
        "POST /articles",
        "PUT /articles/neu",
        "DELETE /articles/kopie",
        "GET /jobs/1",
        "GET /verwalten",
        "GET /feedback",
    ],
}
GUARDED = [place for places in ALLOWED.values() for place in places]
JSON = {"POST /ask": {"question": "Wer besuchte Vietnam?"}}
BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


def client_of(tmp_path: Path, **settings: object) -> FlaskClient:
    library, reader = FakeLibrary(TRAVELS), FakeReader(COUNTRIES)
    answerer = Answerer(search=FakeFinder(TRAVELS), reader=reader, archive=library)
    service = Service(answerer, library, "e", "r", keys=Keys(tmp_path))
    service = replace(service, feedback=FeedbackStore(tmp_path / "feedback.sqlite"))
    return create_app(service, Settings(data_dir=tmp_path, **settings)).test_client()


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(tmp_path)


def status(client: FlaskClient, place: str, secret: str | None = None, **headers: str) -> int:
    method, path = place.split()
    if secret is not None:
        headers["Authorization"] = f"Bearer {secret}"
    body = JSON.get(place, {}) if method in {"POST", "PUT"} else None
    with client.open(path, method=method, json=body, headers=headers) as response:
        return response.status_code


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_reaches_what_its_scope_allows_and_nothing_else(client: FlaskClient, keys: Keys, scope: str):
    secret = keys.add("k", [scope])
    reached = {place for place in GUARDED if status(client, place, secret) not in {401, 403}}
    assert reached == set(GUARDED if scope == "admin" else ALLOWED[scope])


def test_every_guarded_place_refuses_those_without_a_good_key(client: FlaskClient, keys: Keys):
    revoked = keys.add("alt", ["admin"])
    keys.revoke("alt")
    for secret in (None, "", "qa_falsch", revoked, "ä" * 10):
        assert {status(client, place, secret) for place in GUARDED} == {401}


def test_open_places_need_no_key(client: FlaskClient, keys: Keys):
    keys.add("k", ["ask"])
    assert {status(client, place) for place in OPEN} == {200}


def test_every_route_of_the_application_is_in_the_table(client: FlaskClient):
    for rule in client.application.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert scope_of(method, rule.rule) != "admin", f"{method} {rule.rule}"


def test_a_route_that_is_not_in_the_table_is_for_admins():
    assert scope_of("POST", "/neu") == "admin"


def test_without_keys_this_machine_may_do_everything(client: FlaskClient):
    assert not {status(client, place) for place in GUARDED} & {401, 403}


def test_without_keys_other_machines_are_not_let_in(tmp_path: Path):
    client = client_of(tmp_path, host="0.0.0.0")  # noqa: S104
    assert {status(client, place) for place in GUARDED} == {401}


def test_a_setting_lets_other_machines_ask_and_read_but_not_write(tmp_path: Path):
    client = client_of(tmp_path, host="0.0.0.0", without_keys=True)  # noqa: S104
    assert {status(client, place) for place in ALLOWED["ask"] + ALLOWED["read"]} <= {200, 422}
    assert status(client, "DELETE /articles/kopie") == 403


def test_a_key_of_scope_write_writes_from_other_machines(tmp_path: Path, keys: Keys):
    client = client_of(tmp_path, host="0.0.0.0")  # noqa: S104
    assert (
        status(client, "DELETE /articles/kopie", keys.add("k", ["write"])) == 503
    )  # this service only reads


def test_a_refusal_tells_how_to_come_in(client: FlaskClient, keys: Keys):
    keys.add("k", ["ask"])
    response = client.get("/articles")
    assert (response.mimetype, response.headers["WWW-Authenticate"]) == ("application/problem+json", "Bearer")


def test_a_service_for_others_does_not_start_without_keys(keys: Keys):
    with pytest.raises(SettingsError, match="qa keys add NAME"):
        check_start(Settings(host="0.0.0.0"), keys)  # noqa: S104
    check_start(Settings(host="0.0.0.0", without_keys=True), keys)  # noqa: S104
    check_start(Settings(), keys)
    keys.add("k", ["ask"])
    check_start(Settings(host="0.0.0.0"), keys)  # noqa: S104


def log_in(client: FlaskClient, secret: str, **headers: str):
    return client.post("/anmelden", data={"key": secret}, headers=headers)


def test_people_are_sent_to_the_login_and_come_in_with_a_key(client: FlaskClient, keys: Keys):
    secret = keys.add("k", ["ask", "read"])
    assert client.get("/", headers=BROWSER).headers["Location"] == "/anmelden"
    response = log_in(client, secret)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    cookie = response.headers["Set-Cookie"]
    assert secret not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert status(client, "GET /") == 200
    assert status(client, "POST /ask") == 200
    assert status(client, "GET /verwalten") == 403


def test_a_wrong_key_does_not_log_in(client: FlaskClient, keys: Keys):
    keys.add("k", ["ask"])
    response = log_in(client, "qa_falsch")
    assert response.status_code == 403
    assert "Dieser Schlüssel ist falsch" in response.get_data(as_text=True)


def test_who_is_logged_in_can_log_out_from_the_pages(client: FlaskClient, keys: Keys):
    log_in(client, keys.add("k", ["ask", "read", "write"]))
    for path in ("/", "/verwalten"):
        assert 'action="/abmelden"' in client.get(path, headers=BROWSER).get_data(as_text=True)


def test_a_session_ends_with_its_key_and_with_the_logout(client: FlaskClient, keys: Keys):
    secret = keys.add("k", ["ask"])
    log_in(client, secret)
    client.post("/abmelden")
    assert status(client, "POST /ask") == 401
    log_in(client, secret)
    keys.revoke("k")
    assert status(client, "POST /ask") == 401


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://boese.example"}, {"Origin": "null"}]
)
def test_another_site_cannot_use_a_session_nor_log_in(
    client: FlaskClient, keys: Keys, headers: dict[str, str]
):
    secret = keys.add("k", ["ask", "write"])
    assert log_in(client, secret, **headers).status_code == 403
    log_in(client, secret)
    assert status(client, "POST /ask", **headers) == 401
    assert status(client, "DELETE /articles/kopie", **headers) == 401


def test_keys_that_cannot_be_read_let_nobody_in(client: FlaskClient, tmp_path: Path):
    (tmp_path / "keys.json").write_text("[{]")
    assert {status(client, place) for place in GUARDED} == {503}


def test_the_documented_scopes_are_those_of_the_table():
    document = (Path(__file__).parent.parent / "docs" / "operation.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", document, re.MULTILINE) == list(SCOPES)
