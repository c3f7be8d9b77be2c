"""What is noted of every request once it is answered: a line in the log, the numbers at GET /metrics."""

import logging
from time import perf_counter

from flask import Flask, Response, g, request

from qa_service import metrics as prometheus
from qa_service.logs import facts
from qa_service.metrics import Metrics
from qa_service.settings import Settings

_QUIET = {"/health", "/ready", "/metrics"}  # asked every few seconds by machines

_log = logging.getLogger(__name__)


def observe(app: Flask, metrics: Metrics, settings: Settings) -> None:
    """Note every request of `app`, and serve the numbers."""

    def begin() -> None:
        g.started = perf_counter()

    def end(response: Response) -> Response:
        method, started = request.method, g.get("started", perf_counter())
        route = request.url_rule.rule if request.url_rule is not None else None
        noted = {"request_id": g.get("request_id"), "method": method, "route": route}
        noted["status"] = response.status_code
        if settings.log_questions and (question := g.get("question")):
            noted["question"] = question

        def sent() -> None:  # the client has everything; it does not wait for us to note it
            took_s = perf_counter() - started
            metrics.requested(method, route, response.status_code, took_s)
            level = logging.DEBUG if route in _QUIET else logging.INFO
            _log.log(level, "request", extra=facts(**noted, took_ms=round(took_s * 1000, 1)))

        response.call_on_close(sent)
        return response

    def numbers() -> Response:
        return Response(metrics.text(), content_type=prometheus.MEDIA_TYPE)

    app.add_url_rule("/metrics", view_func=numbers)
    app.before_request(begin)
    app.after_request(end)
