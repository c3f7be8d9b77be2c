"""What holds for every response: errors, headers, request ids."""

import pytest
from flask.testing import FlaskClient

from index.errors import ArchiveError
from index.types import Found
from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.service import Service
from qa_service.settings import Settings
from tests.fakes import FakeFinder, FakeLibrary, FakeReader, article


class BrokenLibrary(FakeLibrary):
    """An archive that cannot be read."""

    def count(self):
        raise ArchiveError("The archive var/archive.sqlite cannot be read: disk error.")


class BrokenFinder:
    """A search with a mistake in it."""

    def search(self, *_args: object, **_options: object) -> Found:
        raise ZeroDivisionError("secret detail")


class BrokenReader(FakeReader):
    """A reader with a mistake in it."""

    def read(self, *_args: object, **_options: object):
        raise ZeroDivisionError("secret detail")


def broken_client(library: FakeLibrary, finder: object = None) -> FlaskClient:
    answerer = Answerer(search=finder or BrokenFinder(), reader=BrokenReader({}), archive=library)
    return create_app(Service(answerer, library, "e", "r"), Settings()).test_client()


def test_an_unknown_address_is_a_problem(client: FlaskClient):
    response = client.get("/gibt/es/nicht")
    problem = response.get_json()

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Not Found", 404)
    assert problem["instance"] == f"urn:request:{response.headers['X-Request-ID']}"


def test_a_wrong_method_names_the_right_ones(client: FlaskClient):
    response = client.get("/ask")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert response.headers["Allow"] == "OPTIONS, POST"


def test_an_unexpected_error_hides_its_cause():
    response = broken_client(FakeLibrary([article()])).post(
        "/ask", json={"question": "Wer besuchte Vietnam?"}
    )
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "secret" not in response.get_data(as_text=True)


def test_an_error_after_the_passages_were_streamed_is_an_event():
    client = broken_client(FakeLibrary([article()]), FakeFinder([article()]))
    stream = client.post(
        "/ask", json={"question": "Wer besuchte Vietnam?"}, headers={"Accept": "text/event-stream"}
    )
    passages, error, _ = stream.get_data(as_text=True).split("\n\n")
    assert passages.startswith("event: passages\n")
    assert error.startswith('event: error\ndata: {"type":"about:blank","title":"Internal Server Error"')
    assert "secret" not in error


def test_an_article_that_is_gone_is_told_to_people_in_german(client: FlaskClient):
    response = client.get("/articles/weg", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "gibt es im Archiv nicht mehr" in response.get_data(as_text=True)


def test_an_archive_that_cannot_be_read_makes_the_service_not_ready():
    response = broken_client(BrokenLibrary([])).get("/ready")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.get_json()["errors"][0]["detail"].startswith("The archive var/archive.sqlite")


def test_an_archive_that_cannot_be_read_asks_to_come_back():
    response = broken_client(BrokenLibrary([])).get("/articles")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/", "/health", "/articles/kopie", "/nirgends", "/static/style.css", "/docs"]
)
def test_every_response_carries_the_security_headers(client: FlaskClient, path: str):
    with client.get(path) as response:
        headers = response.headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_request_id_is_made_where_none_is_given(client: FlaskClient):
    first, second = (client.get("/health").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert len(first) == 32


def test_a_harmless_request_id_is_kept(client: FlaskClient):
    assert client.get("/health", headers={"X-Request-ID": "Job-7.a_b"}).headers["X-Request-ID"] == "Job-7.a_b"


@pytest.mark.parametrize("given", ["a b", "<script>", "x" * 65, "ä", "a;b"])
def test_a_strange_request_id_is_replaced(client: FlaskClient, given: str):
    assert client.get("/health", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given


def test_the_address_decides_between_text_and_reading_page(client: FlaskClient):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert client.get("/articles/kopie", headers=browser).mimetype == "text/html"
    assert client.get("/articles/kopie", headers={"Accept": "*/*"}).mimetype == "application/json"
    assert client.get("/articles/kopie").headers["Vary"] == "Accept"
