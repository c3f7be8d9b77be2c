"""A gunicorn worker that does not wait for ever for the rest of a request.

gunicorn's threads wait without end for a client that sends half of a request; as many such clients as there
are threads keep everybody else out. Here a request has to arrive in good time: some seconds, and more the
more of it has come (as Apache's `mod_reqtimeout` has it). The connection of one that does not is closed.
"""

import errno
import select
import socket
import time
from collections.abc import Callable

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

FIRST_S = 20.0
BYTES_PER_S = 5_000


class PunctualSocket:
    """The receiving side of a socket, on which a request must not take too long.

    Args:
        sock: Where it comes from.
        clock: Seconds that only grow.
    """

    def __init__(self, sock: socket.socket, clock: Callable[[], float] = time.monotonic) -> None:
        self._sock = sock
        self._clock = clock
        self._end = 0.0
        self.begin()

    def begin(self) -> None:
        """Wait for a new request from now on."""
        self._end = self._clock() + FIRST_S

    def recv(self, size: int) -> bytes:
        """Return what has come, up to `size` bytes; nothing where the other side is done.

        Raises:
            ConnectionResetError: It is too slow. (gunicorn then closes the connection, so that the rest of a
                request cannot be taken for the next one.)
        """
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        if not poll.poll(max(0.0, self._end - self._clock()) * 1000):
            raise ConnectionResetError(errno.ECONNRESET, "the request did not arrive in time")
        data = self._sock.recv(size)
        self._end += len(data) / BYTES_PER_S
        return data


class PunctualWorker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """Threads that answer, for requests that arrive in good time."""

    def enqueue_req(self, conn: TConn) -> None:
        """Let a thread read the next request of a connection."""
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, PunctualSocket(conn.sock), conn.client)
        conn.parser.unreader.sock.begin()
        super().enqueue_req(conn)
