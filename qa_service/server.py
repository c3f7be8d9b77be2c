"""The production server: gunicorn with one process and a thread for each request being answered.

One process, because the models and indexes are held once that way; the threads suffice, because
ONNX Runtime, FAISS and tantivy work outside Python's global lock.
"""

import gc
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from qa_service import logs
from qa_service.settings import Settings
from qa_service.worker import PunctualWorker

# A list question on a slow machine; a thread that takes longer is not killed, only the process if all hang.
WORKER_TIMEOUT_S = 120
SHUTDOWN_TIMEOUT_S = 30
KEEP_ALIVE_S = 15


class Log(Logger):  # type: ignore[misc] # gunicorn ships no types
    """gunicorn's own log without a line for every request, which `qa_service.observing` writes."""

    def access(self, *_: object) -> None:
        """Do nothing; gunicorn would put a line together and then throw it away."""


class Server(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """Runs one application until it is told to stop.

    Args:
        settings: Where to listen, and how many requests to answer at once.
        build: Makes the application; called in the worker, where the models are to live.
    """

    def __init__(self, settings: Settings, build: Callable[[], Flask]) -> None:
        self._settings = settings
        self._build = build
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn our settings; its own files and variables are not read."""
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application, in the worker.

        What it is made of lives as long as the process. Looking through it took every full garbage
        collection 85 ms, in which no question is answered; frozen, it is left out.
        """
        app = self._build()
        gc.collect()
        gc.freeze()
        return app


def options(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's options for these settings."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": [f"{host}:{settings.port}"],
        "worker_class": PunctualWorker,
        "workers": 1,
        "threads": settings.threads,
        "timeout": WORKER_TIMEOUT_S,
        "graceful_timeout": SHUTDOWN_TIMEOUT_S,
        "keepalive": KEEP_ALIVE_S,
        "control_socket_disable": True,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "logger_class": Log,
        "logconfig_dict": logs.configuration(),
        "proc_name": "qa",
    }
