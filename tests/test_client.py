"""The client against the running application, over sockets; and against a busy one, by hand."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from werkzeug.serving import make_server

from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.client import AsyncClient, Client, ServiceProblemError
from qa_service.keys import Keys
from qa_service.schemas.requests import FiltersBody, TurnBody
from qa_service.service import Service
from qa_service.settings import Settings
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

QUESTION = "Welche Länder hat Putin besucht?"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    library, reader = FakeLibrary(TRAVELS), FakeReader(COUNTRIES)
    answerer = Answerer(search=FakeFinder(TRAVELS), reader=reader, archive=library)
    app = create_app(Service(answerer, library, "e", "r", keys=Keys(tmp_path)), Settings(data_dir=tmp_path))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_cuts_out_of_its_article(address: str):
    with Client(address) as archive:
        reply = archive.ask(QUESTION, history=[TurnBody(question="Wer ist Putin?")], max_answers=5)
        citation = reply.answers[0].citations[0]
        text = archive.article(citation.article_id).text
        assert archive.ready().index.articles == 4
    assert reply.answer == "Nordkorea und Vietnam"
    assert text[citation.start : citation.end] == "Nordkorea"


def test_filters_are_sent(address: str):
    with Client(address) as archive:
        reply = archive.ask(QUESTION, filters=FiltersBody(article_ids=["reise/2"]))
    assert [answer.text for answer in reply.answers] == ["Vietnam"]


def test_the_asynchronous_client_says_the_same(address: str):
    async def both() -> tuple[str, str]:
        async with AsyncClient(address) as archive:
            reply, _ = await asyncio.gather(archive.ask(QUESTION), archive.ready())
            article = await archive.article(reply.answers[0].citations[0].article_id)
        return reply.answer, article.id

    assert asyncio.run(both()) == ("Nordkorea und Vietnam", "reise/1")


def test_a_question_that_does_not_fit_is_not_sent():
    with Client("http://127.0.0.1:1") as archive, pytest.raises(ValidationError):
        archive.ask("")


def test_a_key_lets_in_and_its_lack_is_a_problem(address: str, tmp_path: Path):
    secret = Keys(tmp_path).add("programm", ["ask"])
    with Client(address) as stranger, pytest.raises(ServiceProblemError) as caught:
        stranger.ask(QUESTION)
    assert (caught.value.status, "Bearer" in str(caught.value)) == (401, True)
    with Client(address, key=secret) as archive:
        assert archive.ask(QUESTION).status == "answered"
        with pytest.raises(ServiceProblemError, match="403: The key programm may not do this"):
            archive.article("kopie")


class Busy(httpx.BaseTransport):
    """Refuses twice, then passes on."""

    def __init__(self, refusal: httpx.Response) -> None:
        self.refusal, self.sent = refusal, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        if self.sent <= 2:
            return self.refusal
        ready = {"status": "ready", "index": {"change": 1, "articles": 2, "passages": 3}}
        return httpx.Response(200, json=ready | {"models": {"embedder": "e", "reader": "r"}}, request=request)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_again(status: int):
    busy = Busy(httpx.Response(status, headers={"Retry-After": "0"}))
    with Client("http://a", transport=busy) as archive:
        assert archive.ready().index.articles == 2
    assert busy.sent == 3


def test_patience_ends_where_the_service_names_a_longer_time():
    busy = Busy(httpx.Response(503, headers={"Retry-After": "60"}, text="<html>"))
    with (
        Client("http://a", transport=busy, patience_s=1) as archive,
        pytest.raises(ServiceProblemError) as caught,
    ):
        archive.ready()
    assert (busy.sent, caught.value.status, caught.value.problem) == (1, 503, None)
