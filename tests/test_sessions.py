"""The cookie of a session: this service's only, out of scripts' reach, by https once it came that way."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.keys import Keys
from qa_service.service import Service
from qa_service.settings import Settings
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

HTTPS = {"X-Forwarded-Proto": "https"}


def client_of(folder: Path, **settings: object) -> FlaskClient:
    library = FakeLibrary(TRAVELS)
    answerer = Answerer(search=FakeFinder(TRAVELS), reader=FakeReader(COUNTRIES), archive=library)
    service = Service(answerer, library, "e", "r", keys=Keys(folder))
    return create_app(service, Settings(data_dir=folder, **settings)).test_client()


def cookie(client: FlaskClient, folder: Path, headers: dict[str, str] | None = None) -> list[str]:
    """Log in; return the parts of the cookie after its value."""
    secret = Keys(folder).add("k", ["ask"])
    given = client.post("/anmelden", data={"key": secret}, headers=headers).headers["Set-Cookie"]
    return given.split("; ")[1:]


def test_by_http_the_cookie_is_for_this_service_and_no_script(tmp_path: Path):
    assert sorted(cookie(client_of(tmp_path), tmp_path)) == ["HttpOnly", "Path=/", "SameSite=Lax"]


def test_a_setting_says_that_it_always_comes_by_https(tmp_path: Path):
    assert "Secure" in cookie(client_of(tmp_path, https=True), tmp_path)


def test_a_trusted_proxy_says_that_it_came_by_https(tmp_path: Path):
    assert "Secure" in cookie(client_of(tmp_path, trusted_proxies=1), tmp_path, HTTPS)


def test_nobody_else_says_so(tmp_path: Path):
    assert "Secure" not in cookie(client_of(tmp_path), tmp_path, HTTPS)


def test_a_service_that_is_reached_by_https_itself_knows(tmp_path: Path):
    client = client_of(tmp_path)
    secret = Keys(tmp_path).add("k", ["ask"])
    given = client.post("/anmelden", data={"key": secret}, base_url="https://localhost")
    assert "Secure" in given.headers["Set-Cookie"]


def test_the_login_in_a_frame_stays_in_the_frame(tmp_path: Path):
    client = client_of(tmp_path)
    secret = Keys(tmp_path).add("k", ["ask"])
    browser = {"Accept": "text/html,*/*;q=0.8"}
    assert client.get("/?embedded=1", headers=browser).headers["Location"] == "/anmelden?embedded=1"
    page = client.get("/anmelden?embedded=1", headers=browser).get_data(as_text=True)
    assert 'action="/anmelden?embedded=1" target="_self"' in page
    assert client.post("/anmelden?embedded=1", data={"key": secret}).headers["Location"] == "/?embedded=1"


@pytest.mark.parametrize("value", ["x", "eyJrZXkiOiJhIn0.aaaa.bbbb", "\u00e4".encode().decode("latin-1")])
def test_a_forged_cookie_is_no_session(tmp_path: Path, value: str):
    client = client_of(tmp_path)
    Keys(tmp_path).add("k", ["ask"])
    client.set_cookie("qa", value)
    assert client.post("/ask", json={"question": "Wer?"}).status_code == 401
