"""Requests have to arrive in good time; half-sent ones do not keep others out."""

import socket
from collections.abc import Iterator

import pytest

from qa_service.worker import BYTES_PER_S, FIRST_S, PunctualSocket


class Clock:
    """Time that stands still until it is moved on."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def test_what_has_come_is_received_and_the_end_is_empty(pair: tuple[socket.socket, socket.socket]):
    near, far = pair
    punctual = PunctualSocket(near, Clock())
    far.sendall(b"POST /ask")
    assert punctual.recv(4) == b"POST"
    assert punctual.recv(100) == b" /ask"
    far.close()
    assert punctual.recv(100) == b""


def test_a_request_that_stops_half_way_is_given_up(pair: tuple[socket.socket, socket.socket]):
    near, far = pair
    clock = Clock()
    punctual = PunctualSocket(near, clock)
    far.sendall(b"POST /ask")
    punctual.recv(100)
    clock.now += FIRST_S + 1
    with pytest.raises(ConnectionResetError, match="in time"):
        punctual.recv(100)


def test_the_more_has_come_the_longer_the_rest_is_waited_for(pair: tuple[socket.socket, socket.socket]):
    near, far = pair
    clock = Clock()
    punctual = PunctualSocket(near, clock)
    far.sendall(bytes(10 * BYTES_PER_S))
    received = 0
    while received < 10 * BYTES_PER_S:
        received += len(punctual.recv(65536))
    clock.now += FIRST_S + 9
    far.sendall(b"x")
    assert punctual.recv(100) == b"x"


def test_the_next_request_of_a_connection_has_its_own_time(pair: tuple[socket.socket, socket.socket]):
    near, far = pair
    clock = Clock()
    punctual = PunctualSocket(near, clock)
    clock.now += 10 * FIRST_S
    punctual.begin()
    far.sendall(b"x")
    assert punctual.recv(100) == b"x"
