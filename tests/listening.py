"""A server of the standard library that listens while a test runs."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import HTTPServer


@contextlib.contextmanager
def listening(server: HTTPServer) -> Iterator[int]:
    """Serve in a thread until the block ends; gives the port."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()
