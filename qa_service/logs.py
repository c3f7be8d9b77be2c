"""The log of a service: one JSON object a line, with the id of the request that it belongs to.

No line holds a question, an address's parameters, a header or a body; questions only where a setting says so.
JSON also keeps what a client sends from making up lines of its own.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from flask import g, has_request_context

_TELLING = {  # how gunicorn begins what it says of a request, and what is said instead
    "Invalid request from": "what came was no valid HTTP request",
    "Error handling request": "error outside of the application",
}
_FACTS = "facts"  # the attribute of a record that holds what `facts` gave


def facts(**values: Any) -> dict[str, Any]:
    """Return the `extra` of a log call: fields of their own beside the message."""
    return {_FACTS: values}


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; times are ISO 8601 in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            line["request_id"] = g.request_id
        line |= getattr(record, _FACTS, {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Terse(logging.Filter):
    """Takes out of gunicorn's lines what a client sent: the line of a request may hold a question."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, the telling ones without their details."""
        for beginning, instead in _TELLING.items():
            if str(record.msg).startswith(beginning):
                record.msg, record.args = instead, ()
        return True


def configuration() -> dict[str, Any]:
    """Return the configuration of `logging` for a service; gunicorn's own lines included."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.JsonFormatter"}},
        "filters": {"terse": {"()": f"{__name__}.Terse"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "qa_service": {"level": "INFO"},
            "gunicorn.error": {
                "level": "WARNING",
                "handlers": ["stderr"],
                "filters": ["terse"],
                "propagate": False,
            },
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }
