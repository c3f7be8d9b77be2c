"""Requests that nobody would send on purpose: made by hypothesis, or good ones with bytes changed at random.

A request is the bytes that travel, so that it may be wrong at every level: HTTP, headers, JSON, fields.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

_BATCH = 500
_CHANGES = (1, 1, 1, 2, 3, 8)  # of one request; most shall still be understood

# Few, so that models run for them once and the answers are remembered: this is no measurement of models.
_QUESTIONS = (
    "Wer hat den Einbaum entdeckt?",
    "Welche Länder hat Putin besucht?",
    "Und wann war das?",
    "hallo",
)
_ODD = (
    "\x00",
    "\r\n",
    "\u2028",
    "\ud800",
    "../",
    "%00",
    "' OR 1=1 --",
    "<script>",
    "${x}",
    "ß" * 300,
    "😀",
    "\u0301",
)
_KINDS = (
    "application/json", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "text/plain",
    "multipart/form-data", "application/x-www-form-urlencoded", "*/*", "",
)  # fmt: skip
# What is repeated is drawn more often.
_METHODS = ("GET", "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW")
_PATHS = (
    "/", "/", "/ask", "/ask", "/ask", "/articles", "/articles", "/articles/{}", "/articles/{}", "/feedback",
    "/feedback", "/jobs/{}", "/sources", "/health", "/ready",
    "/metrics", "/openapi.json", "/docs", "/docs/{}", "/static/{}", "/embed.js", "/verwalten", "/anmelden",
    "/abmelden", "/{}",
)  # fmt: skip
_FIELDS = (
    "question", "history", "filters", "max_answers", "min_confidence", "include_passages", "answer", "text",
    "id", "title", "url", "published", "published_from", "published_to", "sources", "article_ids", "rating",
    "comment", "answers", "article_id", "start", "end", "reason",
)  # fmt: skip
_PARAMETERS = ("q", "from", "to", "source", "lang", "embedded", "offset", "limit", "format", "rating", "key")
_HEADERS = (
    "Accept", "Accept-Language", "Authorization", "Cookie", "Content-Encoding", "Origin", "Prefer", "Range",
    "Sec-Fetch-Site", "X-Forwarded-For", "X-Forwarded-Host", "X-Request-ID", "If-None-Match", "Expect",
)  # fmt: skip

_words = st.one_of(st.text(max_size=40), st.sampled_from(_QUESTIONS), st.sampled_from(_ODD))
_numbers = st.one_of(st.integers(-(2**70), 2**70), st.floats(), st.sampled_from((0, -1, 2**31, 2**63)))
_values = st.recursive(
    st.one_of(st.none(), st.booleans(), _numbers, _words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(_FIELDS), _words), inner, max_size=4),
    ),
    max_leaves=12,
)
_questions = st.fixed_dictionaries(
    {"question": st.one_of(st.sampled_from(_QUESTIONS), st.sampled_from(_ODD))},
    optional={
        "max_answers": st.integers(-1, 60),
        "min_confidence": st.one_of(st.none(), st.floats(0, 1)),
        "include_passages": st.booleans(),
        "history": _values,
        "filters": st.dictionaries(st.sampled_from(_FIELDS), _values, max_size=3),
    },
)
_header_values = st.one_of(
    st.sampled_from(
        ("text/event-stream", "text/html", "*/*", "gzip", "wait=1", "bytes=0-5", "Bearer qa_x", "null")
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
)


def made(number: int, start: int) -> Iterator[bytes]:
    """Yield requests that hypothesis makes.

    Args:
        number: How many.
        start: The same start gives the same requests.
    """
    for batch in range(-(-number // _BATCH)):
        yield from _batch(min(_BATCH, number - batch * _BATCH), start + batch)


def mutated(number: int, start: int) -> Iterator[bytes]:
    """Yield good requests with some bytes changed; the arguments are those of `made`."""
    chance = random.Random(start)  # noqa: S311 - the same start is to give the same requests
    good = _good_ones()
    changes: Sequence[Callable[[random.Random, bytearray], None]] = (
        _flip,
        _drop,
        _repeat,
        _insert,
        _cut,
        _odd,
    )
    for _ in range(number):
        request = bytearray(chance.choice(good))
        for _ in range(chance.choice(_CHANGES)):
            if request:
                chance.choice(changes)(chance, request)
        yield bytes(request)


def wire(method: str, target: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b"") -> bytes:
    """Write a request as it travels over a connection that closes after it."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def _batch(number: int, start: int) -> list[bytes]:
    found: list[bytes] = []

    @seed(start)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        found.append(_one(data.draw))

    collect()
    return found[:number]


def _one(draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    path = draw(st.sampled_from(_PATHS)).replace("{}", quote(draw(_words), safe="", errors="replace"))
    query = draw(st.lists(st.tuples(st.sampled_from(_PARAMETERS), _words), max_size=3))
    if query:
        path += "?" + "&".join(f"{name}={quote(value, errors='replace')}" for name, value in query)
    headers = draw(st.lists(st.tuples(st.sampled_from(_HEADERS), _header_values), max_size=3))
    method = draw(st.sampled_from(_METHODS))
    if method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
        return wire(method, path, headers)
    headers.append(("Content-Type", draw(st.sampled_from(_KINDS))))
    return wire(method, path, headers, _body(draw))


def _body(draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    if draw(st.integers(0, 5)) == 0:
        return bytes(draw(st.binary(max_size=200)))
    sent = draw(
        st.one_of(_questions, _values, st.dictionaries(st.sampled_from(_FIELDS), _values, max_size=6))
    )
    return json.dumps(sent).encode()


def _good_ones() -> list[bytes]:
    json_kind = [("Content-Type", "application/json")]
    question = {
        "question": _QUESTIONS[1],
        "history": [{"question": _QUESTIONS[0], "answer": "Piotr Nowicki"}],
        "filters": {"published_from": "2024-01-01", "sources": ["Kurier"]},
    }
    article = {
        "id": "probe/1",
        "title": "Probe",
        "text": "Am Montag fuhr ein Schiff.",
        "published": "2024-06-19",
    }
    feedback = {"rating": "wrong", "question": "Wer?", "reason": "other", "comment": "nein"}
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    file = part + b"Probe\n\nEin Schiff.\r\n--x--\r\n"
    return [
        wire("POST", "/ask", json_kind, json.dumps(question).encode()),
        wire("POST", "/ask", [*json_kind, ("Accept", "text/event-stream")], b'{"question": "Wer ist das?"}'),
        wire("POST", "/articles", json_kind, json.dumps(article).encode()),
        wire("PUT", "/articles/probe/1", json_kind, json.dumps(article).encode()),
        wire("POST", "/articles", [("Content-Type", "multipart/form-data; boundary=x")], file),
        wire("DELETE", "/articles/probe/1"),
        wire("POST", "/feedback", json_kind, json.dumps(feedback).encode()),
        wire("GET", "/?q=Wer+hat+den+Einbaum+entdeckt%3F&from=2024-01-01&source=Kurier"),
        wire("GET", "/articles?q=Boot&limit=5&published_from=2024-01-01"),
        wire("GET", "/feedback?format=csv&rating=wrong"),
        wire("GET", "/articles/probe/1", [("Accept", "text/html")]),
        wire("GET", "/static/chat.js", [("Range", "bytes=0-9")]),
        wire("POST", "/anmelden", [("Content-Type", "application/x-www-form-urlencoded")], b"key=qa_x"),
        wire("OPTIONS", "/ask", [("Origin", "http://a.example"), ("Access-Control-Request-Method", "POST")]),
    ]


def _flip(chance: random.Random, request: bytearray) -> None:
    request[chance.randrange(len(request))] = chance.randrange(256)


def _drop(chance: random.Random, request: bytearray) -> None:
    at = chance.randrange(len(request))
    del request[at : at + chance.randint(1, 8)]


def _repeat(chance: random.Random, request: bytearray) -> None:
    at = chance.randrange(len(request))
    request[at:at] = request[at : at + chance.randint(1, 40)] * chance.randint(1, 20)


def _insert(chance: random.Random, request: bytearray) -> None:
    at = chance.randrange(len(request) + 1)
    request[at:at] = chance.randbytes(chance.randint(1, 8))


def _cut(chance: random.Random, request: bytearray) -> None:
    del request[chance.randrange(len(request)) :]


def _odd(chance: random.Random, request: bytearray) -> None:
    at = chance.randrange(len(request) + 1)
    request[at:at] = chance.choice(_ODD).encode("utf-8", "surrogatepass")
