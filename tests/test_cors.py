"""Pages of other sites may call the API where a setting names them, and only there."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.feedback import FeedbackStore
from qa_service.keys import Keys
from qa_service.service import Service
from qa_service.settings import Settings
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

INTRANET = "https://intranet.example"
STRANGERS = [
    "https://boese.example",
    "http://intranet.example",
    "https://intranet.example:8443",
    "https://intranet.example.boese.example",
    "https://INTRANET.example",
    "null",
    "*",
    "",
]
QUESTION = {"question": "Welche Länder hat Putin besucht?"}


def client_of(folder: Path, *origins: str) -> FlaskClient:
    library, reader = FakeLibrary(TRAVELS), FakeReader(COUNTRIES)
    answerer = Answerer(search=FakeFinder(TRAVELS), reader=reader, archive=library)
    feedback = FeedbackStore(folder / "feedback.sqlite")
    service = Service(answerer, library, "e", "r", feedback=feedback, keys=Keys(folder))
    return create_app(service, Settings(data_dir=folder, allowed_origins=origins)).test_client()


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(tmp_path, "https://anderes.example", INTRANET)


def preflight(client: FlaskClient, path: str, origin: str = INTRANET) -> TestResponse:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    return client.options(path, headers={"Origin": origin} | wanted)


def shared(response: TestResponse) -> set[str]:
    return {name for name in response.headers.keys() if name.startswith("Access-Control")}  # noqa: SIM118


def test_a_preflight_says_what_may_be_sent_without_asking_for_a_key(client: FlaskClient, tmp_path: Path):
    Keys(tmp_path).add("k", ["ask"])
    response = preflight(client, "/ask")
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == INTRANET
    assert "POST" in response.headers["Access-Control-Allow-Methods"].split(", ")
    assert {"Authorization", "Content-Type"} <= set(
        response.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert "Origin" in response.vary
    assert response.headers["X-Request-ID"]


def test_an_allowed_page_may_read_the_answer(client: FlaskClient):
    response = client.post("/ask", json=QUESTION, headers={"Origin": INTRANET})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == INTRANET
    assert "X-Request-ID" in response.headers["Access-Control-Expose-Headers"]
    assert {"Accept", "Origin"} <= set(response.vary)


def test_an_allowed_page_may_read_why_it_was_refused(client: FlaskClient, tmp_path: Path):
    Keys(tmp_path).add("k", ["ask"])
    response = client.post("/ask", json=QUESTION, headers={"Origin": INTRANET})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (401, INTRANET)


def test_every_route_that_the_description_names_is_shared(client: FlaskClient):
    paths = client.get("/openapi.json").get_json()["paths"]
    assert {"/ask", "/articles/{id}", "/jobs/{id}", "/feedback", "/sources"} <= set(paths)
    for described, operations in paths.items():
        path = described.replace("{id}", "kopie")
        response = client.open(path, method=next(iter(operations)).upper(), headers={"Origin": INTRANET})
        assert response.headers["Access-Control-Allow-Origin"] == INTRANET
        assert preflight(client, path).status_code == 204


@pytest.mark.parametrize(
    "path", ["/", "/verwalten", "/anmelden", "/metrics", "/docs", "/static/chat.js", "/nirgends"]
)
def test_nothing_else_is_shared(client: FlaskClient, path: str):
    for response in (client.get(path, headers={"Origin": INTRANET}), preflight(client, path)):
        with response:
            assert not shared(response)


@pytest.mark.parametrize("origin", STRANGERS)
def test_other_origins_are_told_nothing_but_that_it_depends_on_the_origin(client: FlaskClient, origin: str):
    for response in (preflight(client, "/ask", origin), client.get("/sources", headers={"Origin": origin})):
        assert not shared(response)
        assert "Origin" in response.vary


def test_a_session_is_never_shared(client: FlaskClient, tmp_path: Path):
    secret = Keys(tmp_path).add("k", ["ask"])
    client.post("/anmelden", data={"key": secret})
    foreign = {"Origin": INTRANET, "Sec-Fetch-Site": "cross-site"}
    response = client.post("/ask", json=QUESTION, headers=foreign)
    assert response.status_code == 401
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Access-Control-Allow-Credentials" not in preflight(client, "/ask").headers


def test_a_key_of_its_own_lets_an_allowed_page_in(client: FlaskClient, tmp_path: Path):
    secret = Keys(tmp_path).add("k", ["ask"])
    headers = {"Origin": INTRANET, "Sec-Fetch-Site": "cross-site", "Authorization": f"Bearer {secret}"}
    assert client.post("/ask", json=QUESTION, headers=headers).status_code == 200


def test_an_allowed_page_may_not_write_without_a_key(client: FlaskClient):
    headers = {"Origin": INTRANET, "Sec-Fetch-Site": "cross-site"}
    assert client.delete("/articles/kopie", headers=headers).status_code == 403


def test_without_the_setting_nothing_is_shared(tmp_path: Path):
    client = client_of(tmp_path)
    response = client.get("/sources", headers={"Origin": INTRANET})
    assert not shared(response)
    assert "Origin" not in response.vary
    assert not shared(preflight(client, "/ask"))
