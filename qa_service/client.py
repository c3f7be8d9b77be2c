"""A small client of the service for other programs, blocking (`Client`) and asynchronous (`AsyncClient`).

    with Client("http://127.0.0.1:8080", key="qa_...") as archive:
        reply = archive.ask("Welche Länder hat Putin besucht?")
        print(reply.answer, [citation.link for answer in reply.answers for citation in answer.citations])

Replies are the records of `qa_service.schemas.replies`. A service that asks to come back later (429, 503) is
asked again, after the time that it names, as long as `patience_s` allows.
"""

import asyncio
import time
from collections.abc import Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from qa_service.schemas.replies import ArticleBody, ProblemBody, ReadyBody, ReplyBody
from qa_service.schemas.requests import AskBody, FiltersBody, TurnBody

PATIENCE_S = 30.0
_TIMEOUT_S = 120.0  # of one request: a list question on a slow machine
_COME_BACK = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_FIRST_PAUSE_S = 1.0

_Body = TypeVar("_Body", bound=BaseModel)


class ServiceProblemError(Exception):
    """The service answered with an error.

    Attributes:
        status: HTTP status.
        problem: What it said of it, or None where it was no problem details (a proxy's page).
    """

    def __init__(self, status: int, problem: ProblemBody | None) -> None:
        super().__init__(f"{status}: {problem.detail if problem else 'no explanation'}")
        self.status = status
        self.problem = problem


class Client:
    """Asks a service and waits for the answer; safe to share among threads.

    Args:
        address: Of the service, like "http://127.0.0.1:8080".
        key: API key, None where the service needs none.
        patience_s: How long a busy service is asked again, in seconds; 0 for once only.
        transport: How requests travel; tests bring their own.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str | None = None,
        patience_s: float = PATIENCE_S,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._patience_s = patience_s
        self._http = httpx.Client(
            base_url=address, headers=_headers(key), timeout=_TIMEOUT_S, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[TurnBody] = (),
        filters: FiltersBody | None = None,
        **options: Any,
    ) -> ReplyBody:
        """Ask a question; finding nothing is no error (`reply.status` is "no_answer" then).

        Args:
            question: In plain German, 1 to 1,000 characters.
            history: Earlier turns, oldest first.
            filters: Which articles may answer.
            options: The other fields of `AskBody`: max_answers, min_confidence, include_passages.

        Raises:
            pydantic.ValidationError: The question does not fit; nothing was sent.
            ServiceProblemError: The service refused, or is busy for longer than `patience_s`.
            httpx.TransportError: It cannot be reached.
        """
        return self._send(ReplyBody, "POST", "/ask", _asked(question, history, filters, options))

    def article(self, article_id: str) -> ArticleBody:
        """Return an article with the text that offsets count in; errors as in `ask`."""
        return self._send(ArticleBody, "GET", _article(article_id))

    def ready(self) -> ReadyBody:
        """Return what the service holds; a ServiceProblemError says why it is not ready."""
        return self._send(ReadyBody, "GET", "/ready")

    def _send(self, kind: type[_Body], method: str, path: str, content: str | None = None) -> _Body:
        end = time.monotonic() + self._patience_s
        while True:
            response = self._http.request(method, path, content=content)
            pause_s = _pause_s(response, end - time.monotonic())
            if pause_s is None:
                return _read(kind, response)
            time.sleep(pause_s)


class AsyncClient:
    """The same as `Client` for asyncio; the arguments and methods are its own.

    Args:
        address: Of the service.
        key: API key, or None.
        patience_s: How long a busy service is asked again, in seconds.
        transport: How requests travel; tests bring their own.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str | None = None,
        patience_s: float = PATIENCE_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._patience_s = patience_s
        self._http = httpx.AsyncClient(
            base_url=address, headers=_headers(key), timeout=_TIMEOUT_S, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(
        self,
        question: str,
        *,
        history: Sequence[TurnBody] = (),
        filters: FiltersBody | None = None,
        **options: Any,
    ) -> ReplyBody:
        """Ask a question; see `Client.ask`."""
        return await self._send(ReplyBody, "POST", "/ask", _asked(question, history, filters, options))

    async def article(self, article_id: str) -> ArticleBody:
        """Return an article; see `Client.article`."""
        return await self._send(ArticleBody, "GET", _article(article_id))

    async def ready(self) -> ReadyBody:
        """Return what the service holds; see `Client.ready`."""
        return await self._send(ReadyBody, "GET", "/ready")

    async def _send(self, kind: type[_Body], method: str, path: str, content: str | None = None) -> _Body:
        end = time.monotonic() + self._patience_s
        while True:
            response = await self._http.request(method, path, content=content)
            pause_s = _pause_s(response, end - time.monotonic())
            if pause_s is None:
                return _read(kind, response)
            await asyncio.sleep(pause_s)


def _headers(key: str | None) -> dict[str, str]:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    return headers if key is None else headers | {"Authorization": f"Bearer {key}"}


def _asked(
    question: str, history: Sequence[TurnBody], filters: FiltersBody | None, options: dict[str, Any]
) -> str:
    body = AskBody(question=question, history=list(history), filters=filters or FiltersBody(), **options)
    return body.model_dump_json()


def _article(article_id: str) -> str:
    return f"/articles/{quote(article_id, safe='/')}"


def _pause_s(response: httpx.Response, left_s: float) -> float | None:
    """Return how long to wait before asking again, None where the response is the last."""
    if response.status_code not in _COME_BACK:
        return None
    named = response.headers.get("Retry-After", "")
    pause_s = float(named) if named.isdecimal() else _FIRST_PAUSE_S
    return pause_s if pause_s <= left_s else None


def _read(kind: type[_Body], response: httpx.Response) -> _Body:
    if response.status_code == HTTPStatus.OK:
        return kind.model_validate_json(response.content)
    try:
        problem = ProblemBody.model_validate_json(response.content)
    except ValueError:
        problem = None
    raise ServiceProblemError(response.status_code, problem)
