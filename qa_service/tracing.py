"""Traces by OpenTelemetry, where a setting names a collector; the only module that knows its libraries.

A trace has a span for the request and one for each stage of the answer: find, read, merge. What it tells are
counts, times and models; questions, answers and addresses with their parameters are not in it. A request that
carries `traceparent` (W3C Trace Context) continues the trace of its client.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from index.types import Filters, Found, Hit
from qa_service.answerer import Finder, Inquiry
from qa_service.desk import Answering
from qa_service.errors import SettingsError
from qa_service.reader import Reader
from qa_service.settings import Settings
from qa_service.types import Question, Reply, Span

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as TraceSpan

NAME = "german-news-qa"
TRACES_PATH = "/v1/traces"
_NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
_SERVER_ERROR = 500
_NS_PER_MS = 1_000_000


class Tracing:
    """Makes spans; safe to share among threads.

    Args:
        provider: Where spans go.
    """

    def __init__(self, provider: "TracerProvider") -> None:
        self._tracer = provider.get_tracer(NAME)

    @contextmanager
    def span(self, name: str) -> Iterator["TraceSpan"]:
        """Open a span under the current one for the time of the block; an error is noted by its class."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra

        # Not the library's own note of an error, whose words may hold what was asked.
        with self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ) as opened:
            try:
                yield opened
            except Exception as error:
                opened.set_attribute("error.type", type(error).__name__)
                opened.set_status(StatusCode.ERROR)
                raise

    def past(self, name: str, took_ms: float, **attributes: str | int) -> None:
        """Add a span that ends now."""
        now_ns = time.time_ns()
        started_ns = now_ns - round(took_ms * _NS_PER_MS)
        self._tracer.start_span(name, start_time=started_ns, attributes=attributes).end(now_ns)

    def follow(self, app: Flask) -> None:
        """Open a span for every request of `app`, under the one that the client names."""
        from opentelemetry import context, propagate, trace  # noqa: PLC0415 - an extra

        def begin() -> None:
            route = request.url_rule.rule if request.url_rule is not None else "other"
            above = propagate.extract(request.headers)
            opened = self._tracer.start_span(f"{request.method} {route}", above, trace.SpanKind.SERVER)
            opened.set_attributes({"http.request.method": request.method, "http.route": route})
            opened.set_attribute("qa.request_id", g.request_id)
            g.traced = (opened, context.attach(trace.set_span_in_context(opened, above)))

        def note(response: Response) -> Response:
            if "traced" in g:
                opened = g.traced[0]
                opened.set_attribute("http.response.status_code", response.status_code)
                if response.status_code >= _SERVER_ERROR:
                    opened.set_status(trace.StatusCode.ERROR)
                if response.is_streamed:
                    traced = g.pop("traced")
                    response.call_on_close(lambda: finish(*traced))
            return response

        def end(_error: BaseException | None) -> None:
            if "traced" in g:
                finish(*g.pop("traced"))

        def finish(opened: "TraceSpan", token: Any) -> None:
            opened.end()
            context.detach(token)

        app.before_request(begin)
        app.after_request(note)
        app.teardown_request(end)


class TracedFinder:
    """A finder with a span for every search."""

    def __init__(self, finder: Finder, tracing: Tracing) -> None:
        self._finder = finder
        self._tracing = tracing

    def search(self, question: str, *, limit: int = 20, filters: Filters = Filters()) -> Found:  # noqa: B008 - frozen
        """Return the passages that fit a question best."""
        with self._tracing.span("find") as opened:
            found = self._finder.search(question, limit=limit, filters=filters)
            opened.set_attributes({"qa.passages": len(found.hits), "qa.change": found.change})
            opened.set_attributes({"qa.embed_ms": found.embed_ms, "qa.search_ms": found.search_ms})
            return found


class TracedReader:
    """A reader with a span for every reading."""

    def __init__(self, reader: Reader, tracing: Tracing) -> None:
        self.identity = reader.identity
        self._reader = reader
        self._tracing = tracing

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        """Return the candidate answers in passages."""
        with self._tracing.span("read") as opened:
            opened.set_attributes({"qa.passages": len(hits), "qa.reader": self.identity})
            spans = self._reader.read(question, hits, many=many)
            opened.set_attribute("qa.spans", len(spans))
            return spans


class TracedAnswerer:
    """An answerer that adds what no part of it does alone: the merging."""

    def __init__(self, answerer: Answering, tracing: Tracing) -> None:
        self._answerer = answerer
        self._tracing = tracing

    def answer(self, question: Question) -> Reply:
        """Answer a question: `find` and `read` in one."""
        return self.read(self.find(question))

    def find(self, question: Question) -> Inquiry:
        """Understand a question and search for it."""
        return self._answerer.find(question)

    def read(self, inquiry: Inquiry) -> Reply:
        """Read what was found."""
        reply = self._answerer.read(inquiry)
        about: dict[str, str | int] = {"qa.status": reply.status, "qa.answers": len(reply.answers)}
        if reply.reason is not None:
            about["qa.no_answer_reason"] = reply.reason
        self._tracing.past("merge", reply.timings_ms["answers"], **about)
        return reply


def check(settings: Settings) -> None:
    """Refuse a start that cannot trace although it is to.

    Raises:
        SettingsError: The packages are missing.
    """
    if settings.otel_endpoint is not None and not _is_installed():
        raise SettingsError(
            "QA_OTEL_ENDPOINT needs packages that are not installed; install them with "
            f"pip install '{NAME}[otel]', or unset the variable."
        )


def open_tracing(settings: Settings) -> Tracing | None:
    """Send spans where the settings say, None where they do not; the process's end sends what is left.

    Raises:
        SettingsError: The packages are missing.
    """
    if settings.otel_endpoint is None:
        return None
    check(settings)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    about: dict[str, Any] = {"service.name": NAME, "service.version": version(NAME)}
    # What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say goes before our own words.
    provider = TracerProvider(resource=Resource.create(about).merge(OTELResourceDetector().detect()))
    exporter = OTLPSpanExporter(endpoint=settings.otel_endpoint.rstrip("/") + TRACES_PATH)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider)


def _is_installed() -> bool:
    try:
        return all(find_spec(name) is not None for name in _NEEDED)
    except ModuleNotFoundError:  # a package above it is missing
        return False
