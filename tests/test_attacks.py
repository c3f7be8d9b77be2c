"""What attackers send: paths that lead elsewhere, headers and log lines, addresses to fetch, bombs."""

import ast
import gzip
import io
import json
import logging
import sys
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import index
import qa_service
from qa_service import logs
from qa_service.keys import Keys
from tests.living import Living, living

TRAPS = ("create_app", "root:", "secret")
QUESTION = {"question": "Wer besuchte Vietnam?"}
MIB = 1024 * 1024
ELSEWHERE = "http://127.0.0.1:9/geheim"
CALLS = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "urllib.Request",
}


@pytest.fixture
def here(tmp_path: Path) -> Living:
    (tmp_path / "secret.txt").write_text("secret")
    return living(tmp_path / "var", keys=Keys(tmp_path / "var"), log_questions=True)


@pytest.fixture
def client(here: Living) -> FlaskClient:
    return here.client


def upload(client: FlaskClient, name: str, content: bytes) -> TestResponse:
    files = {"files": (io.BytesIO(content), name)}
    return client.post("/articles", data=files, content_type="multipart/form-data")


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("folder", ["/static/", "/docs/", "/jobs/"])
@pytest.mark.parametrize(
    "way",
    [
        "../app.py",
        "../../secret.txt",
        "%2e%2e/app.py",
        "..%2fapp.py",
        "..%5capp.py",
        "%252e%252e/app.py",
        "/etc/passwd",
        "//etc/passwd",
        "css/../../../app.py",
        "....//app.py",
        "a%00.py",
        "C:%5cWindows%5cwin.ini",
    ],
)
def test_no_path_leads_out_of_its_folder(client: FlaskClient, folder: str, way: str):
    with client.get(folder + way) as response:
        assert response.status_code == 404
        assert not any(trap in response.get_data(as_text=True) for trap in TRAPS)


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/var/evil.txt", "..\\evil.txt", "a\0b.txt", "~/evil.txt"]
)
def test_the_name_of_an_upload_is_no_place_on_the_disk(client: FlaskClient, tmp_path: Path, name: str):
    before = {path for path in tmp_path.rglob("*") if "var" not in path.parts}
    response = upload(client, name, b"Titel\n\nIn Steinhaven fuhr am Montag ein Schiff aus dem Hafen.")
    assert response.status_code in {201, 422}
    assert {path for path in tmp_path.rglob("*") if "var" not in path.parts} == before
    assert not Path("/var/evil.txt").exists()


def test_a_member_of_an_archive_stays_in_it(client: FlaskClient, tmp_path: Path):
    response = upload(client, "a.zip", zipped({"../../../evil.txt": b"Ein Text, der anderswohin will."}))
    assert response.status_code == 422
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("given", ["a\r\nSet-Cookie: x=1", "a\nb", "\r", "a\x00"])
def test_a_request_id_adds_no_header(client: FlaskClient, given: str):
    response = client.get("/health", environ_overrides={"HTTP_X_REQUEST_ID": given})
    assert response.headers["X-Request-ID"].isalnum()
    assert "Set-Cookie" not in response.headers


def test_an_id_adds_no_header(client: FlaskClient):
    text = "In Steinhaven fuhr am Montag ein Schiff aus dem Hafen."
    refused = client.post("/articles", json={"text": text, "id": "a\r\nSet-Cookie: x=1"})
    assert refused.status_code == 422
    stored = client.post("/articles", json={"text": text, "id": "a b?c#d:ä"})
    assert stored.status_code == 201
    assert stored.headers["Location"] == "/articles/a%20b%3Fc%23d%3A%C3%A4"


def test_no_parameter_chooses_where_a_redirect_leads(client: FlaskClient):
    for path in ("/anmelden?next=//boese.example", "/abmelden?next=//boese.example"):
        response = client.post(path, data={"key": "x"})
        assert response.headers.get("Location") in {None, "/anmelden"}


def test_what_is_sent_makes_no_line_in_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    forged = 'x\n{"level": "error", "message": "forged"}\r\u2028\x1b[31m'
    for response in (
        client.post("/ask", json={"question": forged}, headers={"User-Agent": "a b", "Prefer": "wait=1"}),
        client.get("/articles", query_string={"q": forged}),
        client.open(f"/nirgends/{forged}", method="BREW"),
    ):
        response.close()
    lines = [
        logs.JsonFormatter().format(record) for record in caplog.records if record.name.startswith("qa_")
    ]
    assert len(lines) >= 3
    for line in lines:
        assert not {"\n", "\r", "\x1b"} & set(line)
        assert json.loads(line)["message"] != "forged"


def pages_that_name_addresses() -> dict[str, bytes]:
    """Files of every format that may name an address for a careless reader to fetch."""
    words = "Am Montag fuhr in Steinhaven ein Schiff mit vielen Leuten aus dem Hafen und kam am Abend zurück."
    entity = f'<!DOCTYPE rss SYSTEM "{ELSEWHERE}.dtd" [<!ENTITY x SYSTEM "{ELSEWHERE}">]>'
    item = f"<item><title>Schiff</title><link>{ELSEWHERE}</link><description>{words}</description></item>"
    html = (
        f'<html><head><base href="{ELSEWHERE}"><link rel="canonical" href="{ELSEWHERE}">'
        f'<link rel="stylesheet" href="{ELSEWHERE}"><meta http-equiv="refresh" content="0;url={ELSEWHERE}">'
        f'<script src="{ELSEWHERE}"></script></head><body><h1>Schiff</h1><p>{words}</p><p>{words}</p>'
        f'<img src="{ELSEWHERE}"><iframe src="{ELSEWHERE}"></iframe></body></html>'
    )
    record = {"title": "Schiff", "text": words, "url": ELSEWHERE}
    return {
        "a.html": html.encode(),
        "a.md": f"# Schiff\n\n![Bild]({ELSEWHERE})\n\n{words}".encode(),
        "a.jsonl": json.dumps(record).encode(),
        "a.csv": f"title,text,url\nSchiff,{words},{ELSEWHERE}\n".encode(),
        "a.rss": f'<?xml version="1.0"?><rss version="2.0"><channel>{item}</channel></rss>'.encode(),
        "b.rss": f'<?xml version="1.0"?>{entity}<rss version="2.0"><channel>{item}</channel></rss>'.encode(),
        "a.txt": f"{ELSEWHERE}\n\n{words}".encode(),
    }


@pytest.fixture(scope="module")
def calls() -> list[str]:
    """Every attempt of this process to reach another; an audit hook stays, so it is set once."""
    seen: list[str] = []
    sys.addaudithook(lambda event, args: seen.append(f"{event} {args}") if event in CALLS else None)
    return seen


def test_no_address_in_a_request_is_fetched(client: FlaskClient, calls: list[str]):
    calls.clear()
    for name, content in pages_that_name_addresses().items():
        upload(client, name, content)
    text = "Am Montag fuhr in Steinhaven ein Schiff aus dem Hafen."
    stored = client.post("/articles", json={"text": text, "url": ELSEWHERE, "id": ELSEWHERE})
    assert stored.status_code == 201
    client.post("/ask", json={"question": f"Was steht auf {ELSEWHERE}?", "include_passages": True})
    client.get("/", query_string={"q": ELSEWHERE}, headers={"Referer": ELSEWHERE, "Origin": ELSEWHERE})
    client.get(f"/articles/{ELSEWHERE}", headers={"Accept": "text/html"})
    assert calls == []


def test_no_module_of_the_service_can_fetch_addresses():
    fetching = {"requests", "httpx", "urllib.request", "urllib3", "http.client", "aiohttp", "ftplib"}
    for package in (qa_service, index):
        for path in Path(package.__file__).parent.rglob("*.py"):
            names = {
                name
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                for name in imported(node)
            }
            allowed = {"httpx"} if path.name == "client.py" else set()  # it is for other programs
            assert names & fetching <= allowed, path


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


@pytest.mark.parametrize("path", ["/ask", "/articles", "/feedback"])
def test_a_packed_body_is_not_unpacked(client: FlaskClient, path: str):
    bomb = gzip.compress(b'{"question": "' + b"x" * 8 * MIB + b'"}')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert client.post(path, data=bomb, headers=headers).status_code == 400


@pytest.mark.parametrize("name", ["a.zip", "a.docx"])
def test_an_archive_that_unpacks_to_far_more_is_rejected(client: FlaskClient, name: str):
    member = "word/document.xml" if name.endswith("docx") else "a.txt"
    response = upload(client, name, zipped({member: bytes(24 * MIB)}))
    assert response.status_code == 422


def test_an_entity_bomb_is_rejected(client: FlaskClient):
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    channel = "<rss version='2.0'><channel><item><title>&i;</title></item></channel></rss>"
    document = f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]>{channel}'
    assert upload(client, "a.rss", document.encode()).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": ' + b"[" * 100_000,
        b'{"question": ' + b'{"a":' * 100_000,
        b'{"max_answers": ' + b"9" * 100_000 + b"}",
        b'{"question": "\\ud800"}',
        b'{"\\ud800": 1, "question": "Wer?"}',
        b'{"question": "Wer?", "min_confidence": NaN}',
        b'{"question": "Wer?", "min_confidence": 1e999}',
        b"\xff\xfe",
        b"",
    ],
)
@pytest.mark.parametrize("path", ["/ask", "/articles", "/feedback"])
def test_a_body_that_is_no_sense_is_told_so(client: FlaskClient, path: str, body: bytes):
    response = client.post(path, data=body, content_type="application/json")
    assert response.status_code in {400, 422}
    assert response.mimetype == "application/problem+json"


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_size: object) -> bytes:
        raise AssertionError("the body was read")

    readline = readinto = read1 = read


@pytest.mark.parametrize(
    ("method", "path", "kind", "most"),
    [
        ("POST", "/ask", "application/json", MIB),
        ("POST", "/feedback", "application/json", MIB),
        ("POST", "/anmelden", "application/x-www-form-urlencoded", MIB),
        ("POST", "/articles", "application/json", 32 * MIB),
        ("PUT", "/articles/a", "application/json", 32 * MIB),
        ("POST", "/articles", "multipart/form-data; boundary=x", 512 * MIB),
    ],
)
def test_a_body_over_the_limit_is_refused_unread(
    client: FlaskClient, method: str, path: str, kind: str, most: int
):
    sent = {"CONTENT_LENGTH": str(most + 1), "CONTENT_TYPE": kind}
    response = client.open(path, method=method, input_stream=Unread(), environ_overrides=sent)
    assert response.status_code == 413
    assert response.mimetype == "application/problem+json"


def test_a_body_of_unknown_length_is_read_up_to_the_limit(client: FlaskClient):
    body = io.BytesIO(b'{"question": "' + b"x" * 2 * MIB + b'"}')
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    headers = {"Content-Type": "application/json"}
    response = client.post("/ask", input_stream=body, headers=headers, environ_overrides=chunked)
    assert response.status_code in {400, 413}
    assert body.tell() <= MIB + 65536


def test_a_form_of_too_many_parts_is_refused(client: FlaskClient):
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n1\r\n' for n in range(2000))
    kind = "multipart/form-data; boundary=x"
    assert client.post("/articles", data=f"{parts}--x--\r\n", content_type=kind).status_code == 413
