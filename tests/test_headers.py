"""Which pages may stand in a frame of another site, and the script that puts one there."""

import re
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

ORIGINS = ("https://intranet.example", "http://127.0.0.1:8000")


def client_of(folder: Path, *origins: str) -> FlaskClient:
    library = FakeLibrary(TRAVELS)
    answerer = Answerer(search=FakeFinder(TRAVELS), reader=FakeReader(COUNTRIES), archive=library)
    service = Service(answerer, library, "e", "r", keys=Keys(folder))
    return create_app(service, Settings(data_dir=folder, allowed_origins=origins)).test_client()


def ancestors(client: FlaskClient, path: str) -> str:
    with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.count("frame-ancestors") == 1
        return policy.partition("frame-ancestors ")[2]


@pytest.mark.parametrize("path", ["/?embedded=1", "/?embedded=1&q=Wer", "/anmelden?embedded=1"])
def test_the_chat_page_and_the_login_may_be_framed_by_the_allowed_origins(tmp_path: Path, path: str):
    assert ancestors(client_of(tmp_path, *ORIGINS), path) == f"'self' {ORIGINS[0]} {ORIGINS[1]}"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?embedded=0",
        "/anmelden",
        "/verwalten?embedded=1",
        "/articles/kopie?embedded=1",
        "/docs?embedded=1",
    ],
)
def test_nothing_else_may_be_framed(tmp_path: Path, path: str):
    client = client_of(tmp_path, *ORIGINS)
    assert ancestors(client, path) == "'none'"
    with client.get(path) as response:
        assert response.headers["X-Frame-Options"] == "DENY"


def test_without_the_setting_only_this_service_frames_it(tmp_path: Path):
    assert ancestors(client_of(tmp_path), "/?embedded=1") == "'self'"


def test_the_policy_of_a_framed_page_is_as_strict_as_that_of_the_others(tmp_path: Path):
    client = client_of(tmp_path, *ORIGINS)
    alone, framed = (client.get(path).headers["Content-Security-Policy"] for path in ("/", "/?embedded=1"))
    assert alone.partition("frame-ancestors")[0] == framed.partition("frame-ancestors")[0]


def test_other_sites_may_load_the_script_and_no_other_file(tmp_path: Path):
    client = client_of(tmp_path)
    Keys(tmp_path).add("k", ["ask"])
    with client.get("/embed.js") as script:
        assert script.status_code == 200
        assert script.mimetype in {"text/javascript", "application/javascript"}
        assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    with client.get("/static/chat.js") as other:
        assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_an_embedded_page_takes_no_focus_and_opens_links_in_windows_of_their_own(tmp_path: Path):
    page = client_of(tmp_path).get("/?embedded=1").get_data(as_text=True)
    assert '<base target="_blank">' in page
    assert "autofocus" not in page
    assert '<input type="hidden" name="embedded" value="1">' in page
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", page)


def test_the_chat_page_alone_is_as_it_was(tmp_path: Path):
    page = client_of(tmp_path, *ORIGINS).get("/").get_data(as_text=True)
    assert "embedded" not in page
    assert "autofocus" in page
    assert ORIGINS[0] not in page
