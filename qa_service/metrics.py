"""What the service tells Prometheus; the only module that knows its client library.

No label holds anything that a client chose: routes are named by their pattern, unknown ones together.
"""

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, exposition
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from index.errors import IndexingError
from qa_service.desk import How
from qa_service.types import Reply

MEDIA_TYPE = exposition.CONTENT_TYPE_LATEST

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_ELSEWHERE = "other"

Gauges = dict[str, tuple[str, Callable[[], float]]]


class Metrics:
    """The numbers of one process; safe to share among threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._stages = self._seconds("qa_stage_seconds", "Time of one stage of an answer.", "stage")
        self._replies = self._counter("qa_replies_total", "Replies sent.", "status", "reason", "how")
        self._shed = self._counter("qa_shed_total", "Questions turned away before any work.", "why")
        self._limited = self._counter("qa_limited_total", "Requests refused as too many.", "by")
        self._requests = self._counter("qa_requests_total", "Requests answered.", "method", "route", "status")
        self._took = self._seconds("qa_request_seconds", "Time of a request, sending included.", "route")
        for why in ("queue_full", "too_late"):
            self._shed.labels(why)  # so that a rate exists before the first one
        for by in ("key", "address"):
            self._limited.labels(by)

    def identify(self, *, embedder: str, reader: str) -> None:
        """Say which models and which version run."""
        about = {
            "embedder": embedder,
            "reader": reader,
            "version": version("german-news-qa"),
            "python": platform.python_version(),
        }
        Info("qa_build", "Version and models.", registry=self._registry).info(about)

    def watch(self, gauges: Gauges) -> None:
        """Ask for these values whenever the numbers are read.

        Args:
            gauges: By name, what each is and a function that returns it; one that cannot be read now
                (IndexingError) is left out.
        """
        self._registry.register(_Asked(gauges))

    def answered(self, reply: Reply, how: How) -> None:
        """Count a reply; the stages of one that was known already took no time and do not count."""
        self._replies.labels(reply.status, reply.reason or "", how).inc()
        for stage, took_ms in reply.timings_ms.items():
            if how == "worked_out" or stage == "total":
                self._stages.labels(stage).observe(took_ms / 1000)

    def shed(self, why: str) -> None:
        """Count a question that was turned away."""
        self._shed.labels(why).inc()

    def limited(self, by: str) -> None:
        """Count a request refused because its key or address comes too often."""
        self._limited.labels(by).inc()

    def requested(self, method: str, route: str | None, status: int, took_s: float) -> None:
        """Count a request.

        Args:
            method: As sent.
            route: The pattern of its address, None for an unknown one.
            status: Of the response.
            took_s: Seconds until the response was sent.
        """
        known = method if method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else _ELSEWHERE
        self._requests.labels(known, route or _ELSEWHERE, str(status)).inc()
        self._took.labels(route or _ELSEWHERE).observe(took_s)

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return exposition.generate_latest(self._registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self._registry)

    def _seconds(self, name: str, meaning: str, *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, registry=self._registry, buckets=_BUCKETS_S)


class _Asked(Collector):
    """Values that others hold, read when Prometheus asks."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def describe(self) -> list[GaugeMetricFamily]:
        """Name the metrics without reading them."""
        return [GaugeMetricFamily(name, meaning) for name, (meaning, _) in self._gauges.items()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read every value."""
        for name, (meaning, read) in self._gauges.items():
            try:
                yield GaugeMetricFamily(name, meaning, value=read())
            except IndexingError:
                continue  # it is missing then, which is what an alert looks for
