"""What operators see: numbers, log lines, refusals with a time to come back."""

import json
import logging

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from qa_service import logs
from qa_service.answer_cache import AnswerCache
from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.desk import Desk
from qa_service.gate import Gate
from qa_service.metrics import Metrics
from qa_service.service import Service
from qa_service.settings import Settings
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

QUESTION = {"question": "Welche Länder hat Putin besucht?"}


class Finishing(FlaskClient):
    """Takes every response to its end, as servers do: only then it is noted."""

    def open(self, *args: object, buffered: bool = True, **options: object) -> object:
        return super().open(*args, buffered=buffered, **options)


class Here:
    """An application with a desk; its gate can be held from outside."""

    def __init__(self, **settings: object) -> None:
        library, reader, metrics = FakeLibrary(TRAVELS), FakeReader(COUNTRIES), Metrics()
        self.gate = Gate(at_once=1, waiting=0)
        desk = Desk(
            Answerer(search=FakeFinder(TRAVELS), reader=reader, archive=library),
            self.gate,
            cache=AnswerCache(10),
            followers=1,
            change=library.change,
            embedder="e",
            reader="r",
            watcher=metrics,
        )
        metrics.identify(embedder="e", reader="r")
        metrics.watch({"qa_archive_change": ("Change.", library.change)})
        service = Service(desk, library, "e", "r", metrics=metrics)
        app = create_app(service, Settings(**settings))
        app.test_client_class = Finishing
        self.client = app.test_client()

    def number(self, line: str) -> float:
        text = self.client.get("/metrics").get_data(as_text=True)
        return next(float(found.split()[-1]) for found in text.splitlines() if found.startswith(line + " "))


def test_numbers_tell_of_replies_by_outcome_and_of_the_archive():
    here = Here()
    here.client.post("/ask", json=QUESTION)
    here.client.post("/ask", json=QUESTION)
    here.client.post("/ask", json={"question": "Wer spielt Schach?"})
    assert here.number('qa_replies_total{how="worked_out",reason="",status="answered"}') >= 1
    assert here.number('qa_replies_total{how="cached",reason="",status="answered"}') == 1
    assert here.number('qa_stage_seconds_count{stage="read"}') == 2
    assert here.number('qa_stage_seconds_count{stage="total"}') == 3
    assert here.number("qa_archive_change") == 7
    assert here.number("process_resident_memory_bytes") > 1e6


def test_numbers_name_the_models():
    text = Here().client.get("/metrics").get_data(as_text=True)
    assert 'qa_build_info{embedder="e",' in text


def test_routes_are_counted_by_pattern_and_unknown_ones_together():
    here = Here()
    for path in ("/articles/kopie", "/articles/reise/1", "/gibt/es/nicht", "/auch/nicht"):
        here.client.get(path)
    route = "/articles/<article_id:id>"
    assert here.number(f'qa_requests_total{{method="GET",route="{route}",status="200"}}') == 2
    assert here.number('qa_requests_total{method="GET",route="other",status="404"}') == 2


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_question_too_many_is_told_when_to_come_back(accept: str):
    here = Here()
    with here.gate.passing(1.0):
        response = here.client.post("/ask", json=QUESTION, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.headers["Retry-After"] == "1"
    assert "nothing was done" in response.get_json()["detail"]
    assert here.number('qa_shed_total{why="queue_full"}') == 1


def test_a_stream_whose_turn_does_not_come_ends_with_a_problem():
    here = Here()
    stream = here.client.post(
        "/ask", json=QUESTION, headers={"Accept": "text/event-stream", "Prefer": "wait=0"}, buffered=False
    )
    events = iter(stream.response)
    assert next(events).startswith(b"event: passages")
    with here.gate.passing(1.0):
        last = next(events).decode()
    assert not list(events)  # to its end, or its request would be closed amid another test
    stream.close()
    assert last.startswith("event: error")
    assert json.loads(last.split("data: ")[1])["status"] == 503


def test_pages_tell_people_that_too_many_ask():
    here = Here()
    with here.gate.passing(1.0):
        response = here.client.get("/?q=Wer+besuchte+Vietnam%3F")
    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert response.headers["Retry-After"] == "1"


def logged(caplog: pytest.LogCaptureFixture) -> list[dict]:
    return [json.loads(logs.JsonFormatter().format(record)) for record in caplog.records]


def test_a_request_is_one_line_without_its_question(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "qa_service")
    Here().client.post("/ask", json=QUESTION)
    (line,) = logged(caplog)
    assert (line["method"], line["route"], line["status"]) == ("POST", "/ask", 200)
    assert "Putin" not in str(line)


def test_a_setting_lets_the_log_name_questions(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "qa_service")
    Here(log_questions=True).client.post("/ask", json=QUESTION)
    assert logged(caplog)[0]["question"] == QUESTION["question"]


def test_addresses_and_parameters_stay_out_of_the_log(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "qa_service")
    Here().client.get("/?q=Wer+ist+Geheim%3F", headers={"Authorization": "Bearer qa_geheim"})
    assert "eheim" not in str(logged(caplog))


def test_a_line_carries_the_id_of_its_request_and_cannot_be_broken():
    with Flask("x").test_request_context():
        g.request_id = "abc"
        record = logging.LogRecord("n", logging.ERROR, "f", 1, 'a\n{"level": "info"}', None, None)
        text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    assert json.loads(text)["request_id"] == "abc"


def test_the_client_of_a_known_request_id_finds_it_in_the_response(client: FlaskClient):
    assert client.get("/metrics", headers={"X-Request-ID": "x1"}).headers["X-Request-ID"] == "x1"


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Invalid request from ip=127.0.0.1: Invalid HTTP request line: 'GET /?q=Geheim'", ()),
        ("Error handling request %s", ("/?q=Geheim",)),
    ],
)
def test_what_gunicorn_says_of_a_request_holds_nothing_of_it(message: str, arguments: tuple[str, ...]):
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "f", 1, message, arguments, None)
    assert logs.configuration()["loggers"]["gunicorn.error"]["filters"] == ["terse"]
    assert logs.Terse().filter(record)
    assert "Geheim" not in logs.JsonFormatter().format(record)
