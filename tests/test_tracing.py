"""Spans of requests and stages, as a collector would get them."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask.testing import FlaskClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from index.errors import ArchiveError
from qa_service import tracing
from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.errors import SettingsError
from qa_service.service import Service
from qa_service.settings import Settings
from qa_service.tracing import TracedAnswerer, TracedFinder, TracedReader, Tracing
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader
from tests.listening import listening

QUESTION = {"question": "Welche Länder hat Putin besucht?"}
STAGES = ["find", "read", "merge"]


class Here:
    """An application over fakes whose spans are kept."""

    def __init__(self, finder: FakeFinder | None = None) -> None:
        self._kept = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.tracing = Tracing(provider)
        library, reader = FakeLibrary(TRAVELS), FakeReader(COUNTRIES)
        answerer = Answerer(
            search=TracedFinder(finder or FakeFinder(TRAVELS), self.tracing),
            reader=TracedReader(reader, self.tracing),
            archive=library,
        )
        service = Service(
            TracedAnswerer(answerer, self.tracing), library, "e", reader.identity, tracing=self.tracing
        )
        self.client: FlaskClient = create_app(service, Settings()).test_client()

    def spans(self) -> list[ReadableSpan]:
        """In the order in which they ended."""
        return list(self._kept.get_finished_spans())

    def named(self, name: str) -> ReadableSpan:
        (found,) = (span for span in self.spans() if span.name == name)
        return found


def test_an_answer_has_a_span_for_each_stage_under_that_of_the_request():
    here = Here()
    here.client.post("/ask", json=QUESTION)
    assert [span.name for span in here.spans()] == [*STAGES, "POST /ask"]
    request = here.named("POST /ask")
    assert {here.named(stage).parent.span_id for stage in STAGES} == {request.context.span_id}
    assert request.parent is None


def test_spans_tell_counts_and_outcome():
    here = Here()
    reply = here.client.post("/ask", json=QUESTION)
    assert dict(here.named("find").attributes) == {
        "qa.passages": 4, "qa.change": 7, "qa.embed_ms": 2.0, "qa.search_ms": 1.0,
    }  # fmt: skip
    assert here.named("read").attributes["qa.passages"] == 4
    assert dict(here.named("merge").attributes) == {"qa.status": "answered", "qa.answers": 2}
    request = here.named("POST /ask").attributes
    assert request["http.response.status_code"] == 200
    assert request["qa.request_id"] == reply.headers["X-Request-ID"]


def test_a_question_without_an_answer_tells_why():
    here = Here(FakeFinder(()))
    here.client.post("/ask", json={"question": "Wer spielt Schach?"})
    assert here.named("merge").attributes["qa.no_answer_reason"] == "no_relevant_passage"


def test_no_span_holds_what_was_asked_or_answered():
    here = Here()
    here.client.post("/ask?geheim=1", json=QUESTION)
    told = " ".join(span.to_json() for span in here.spans())
    for word in ("Putin", "Länder", "Vietnam", "geheim"):
        assert word not in told


def test_a_streamed_answer_is_one_trace_that_ends_with_its_last_part():
    here = Here()
    response = here.client.post("/ask", json=QUESTION, headers={"Accept": "text/event-stream"})
    assert "event: answer" in response.get_data(as_text=True)
    response.close()
    assert [span.name for span in here.spans()] == [*STAGES, "POST /ask"]
    assert len({span.context.trace_id for span in here.spans()}) == 1


def test_a_request_continues_the_trace_of_its_client():
    here = Here()
    above = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    here.client.post("/ask", json=QUESTION, headers={"traceparent": above})
    request = here.named("POST /ask")
    assert f"{request.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert f"{request.parent.span_id:016x}" == "b7ad6b7169203331"


def test_two_requests_are_two_traces():
    here = Here()
    here.client.get("/health")
    here.client.get("/health")
    assert len({span.context.trace_id for span in here.spans()}) == 2


def test_an_error_is_told_by_its_class_and_not_by_its_words():
    class Broken(FakeFinder):
        def search(self, question: str, **_: object) -> None:
            raise ArchiveError(f"geheim {question}")

    here = Here(Broken(()))
    assert here.client.post("/ask", json=QUESTION).status_code == 503
    assert here.named("find").attributes["error.type"] == "ArchiveError"
    assert not here.named("POST /ask").status.is_ok
    assert "geheim" not in " ".join(span.to_json() for span in here.spans())


def test_an_unknown_address_is_not_named():
    here = Here()
    here.client.get("/geheim")
    assert [span.name for span in here.spans()] == ["GET other"]


def test_without_an_endpoint_nothing_is_traced():
    assert tracing.open_tracing(Settings()) is None
    tracing.check(Settings())


def test_missing_packages_stop_the_start_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tracing, "_NEEDED", ("opentelemetry_is_not_there.sdk",))
    with pytest.raises(SettingsError) as caught:
        tracing.check(Settings(otel_endpoint="http://localhost:4318"))
    assert str(caught.value) == (
        "QA_OTEL_ENDPOINT needs packages that are not installed; install them with "
        "pip install 'german-news-qa[otel]', or unset the variable."
    )


class Collector(BaseHTTPRequestHandler):
    """Takes what it is sent."""

    paths: list[str]
    bodies: list[bytes]

    def do_POST(self) -> None:
        self.paths.append(self.path)
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[int]:
    Collector.paths, Collector.bodies = [], []
    server = HTTPServer(("127.0.0.1", 0), Collector)
    with listening(server) as port:
        yield port


def test_spans_are_sent_to_the_collector_with_the_name_that_the_environment_gives(
    collector: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "archiv-test")
    opened = tracing.open_tracing(Settings(otel_endpoint=f"http://127.0.0.1:{collector}/"))
    with opened.span("find"):
        pass
    assert opened._tracer.span_processor.force_flush(60_000)
    opened._tracer.span_processor.shutdown()
    assert Collector.paths == ["/v1/traces"]
    assert b"archiv-test" in Collector.bodies[0]
