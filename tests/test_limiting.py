"""Rate limits over HTTP: who is counted, by what, and what a refusal says."""

from pathlib import Path

import pytest

from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.feedback import FeedbackStore
from qa_service.keys import Keys
from qa_service.limiting import address_name, per_address
from qa_service.service import Service
from qa_service.settings import Settings
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader

QUESTION = {"question": "Welche Länder hat Putin besucht?"}
OTHERS = "0.0.0.0"  # noqa: S104


class Here:
    """An application that counts what its models are asked; its clock stands still unless told."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.finder, library, reader = FakeFinder(TRAVELS), FakeLibrary(TRAVELS), FakeReader(COUNTRIES)
        answerer = Answerer(search=self.finder, reader=reader, archive=library)
        feedback = FeedbackStore(folder / "feedback.sqlite")
        self.now_s = 0
        service = Service(
            answerer,
            library,
            "e",
            "r",
            feedback=feedback,
            keys=Keys(folder),
            clock=lambda: self.now_s * 1_000_000_000,
        )
        self.client = create_app(service, Settings(data_dir=folder, **settings)).test_client()

    def asks(self, times: int, **options: object) -> list[int]:
        return [self.client.post("/ask", json=QUESTION, **options).status_code for _ in range(times)]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def forwarded(for_: str) -> dict[str, str]:
    return {"X-Forwarded-For": for_}


def test_an_address_that_asks_too_often_is_told_when_to_come_back(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=2)
    assert here.asks(2) == [200, 200]
    response = here.client.post("/ask", json=QUESTION)
    assert (response.status_code, response.mimetype) == (429, "application/problem+json")
    assert response.headers["Retry-After"] == "30"
    assert "This address may ask or change something 2 times a minute" in response.get_json()["detail"]
    here.now_s = 30
    assert here.asks(2) == [200, 429]


def test_a_refused_question_reaches_no_model_and_its_body_is_not_looked_at(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=1)
    here.asks(1)
    assert here.client.post("/ask", data="no json").status_code == 429
    assert len(here.finder.asked) == 1


def test_each_key_has_its_own_allowance(tmp_path: Path):
    here = Here(tmp_path, rate_per_key=2)
    first, second = (Keys(tmp_path).add(name, ["ask"]) for name in ("a", "b"))
    assert here.asks(3, headers=bearer(first)) == [200, 200, 429]
    assert here.asks(1, headers=bearer(second)) == [200]


def test_a_session_counts_for_its_key(tmp_path: Path):
    here = Here(tmp_path, rate_per_key=1)
    secret = Keys(tmp_path).add("a", ["ask"])
    here.client.post("/anmelden", data={"key": secret})
    assert here.asks(2) == [200, 429]
    assert here.asks(1, headers=bearer(secret)) == [429]


def test_a_wrong_key_uses_up_nobody(tmp_path: Path):
    here = Here(tmp_path, rate_per_key=1, rate_per_address=1)
    secret = Keys(tmp_path).add("a", ["ask"])
    assert here.asks(5, headers=bearer("qa_falsch")) == [401] * 5
    assert here.asks(1, headers=bearer(secret)) == [200]


def test_an_address_that_is_refused_does_not_use_up_the_key(tmp_path: Path):
    here = Here(tmp_path, rate_per_key=3, rate_per_address=2)
    secret = Keys(tmp_path).add("a", ["ask"])
    assert here.asks(9, headers=bearer(secret)) == [200, 200] + [429] * 7
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}, "headers": bearer(secret)}
    assert here.asks(2, **elsewhere) == [200, 429]


def test_reading_is_not_counted(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=1)
    places = ["/", "/articles", "/articles/kopie", "/sources", "/ready", "/health", "/metrics"] * 2
    assert {here.client.get(place).status_code for place in places} == {200}
    assert here.asks(2) == [200, 429]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/feedback"),
        ("POST", "/articles"),
        ("PUT", "/articles/a"),
        ("DELETE", "/articles/a"),
        ("POST", "/anmelden"),
        ("HEAD", "/?q=Wer"),
    ],
)
def test_changes_logins_and_questions_by_address_are_counted(tmp_path: Path, method: str, path: str):
    here = Here(tmp_path, rate_per_address=1)
    here.asks(1)
    assert here.client.open(path, method=method, json={}).status_code == 429


def test_people_are_told_on_the_page(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=1)
    here.client.get("/?q=Wer+besuchte+Vietnam%3F")
    response = here.client.get("/?q=Wer+besuchte+Kuba%3F")
    assert (response.status_code, response.mimetype) == (429, "text/html")
    assert response.headers["Retry-After"] == "60"
    assert "zu viele gleichzeitig" in response.get_data(as_text=True)
    assert "Wer besuchte Kuba?" in response.get_data(as_text=True)


def test_on_this_machine_without_keys_nobody_is_limited(tmp_path: Path):
    assert set(Here(tmp_path).asks(20)) == {200}


def test_where_others_are_served_an_address_is_limited_unless_a_setting_says_otherwise():
    assert per_address(Settings()) == 0
    assert per_address(Settings(host=OTHERS)) == 1200
    assert per_address(Settings(host=OTHERS, rate_per_address=0)) == 0
    assert per_address(Settings(rate_per_address=5)) == 5


def test_refusals_are_counted_by_cause(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=1)
    here.asks(3)
    numbers = here.client.get("/metrics").get_data(as_text=True)
    assert 'qa_limited_total{by="address"} 2.0' in numbers
    assert 'qa_limited_total{by="key"} 0.0' in numbers


def test_a_forwarded_address_is_not_believed_unless_a_setting_names_the_proxies(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=1)
    assert [*here.asks(1, headers=forwarded("192.0.2.1")), *here.asks(1, headers=forwarded("192.0.2.2"))] == [
        200,
        429,
    ]


def test_behind_a_proxy_each_client_has_its_own_allowance(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=1, trusted_proxies=1)
    assert here.asks(2, headers=forwarded("192.0.2.1")) == [200, 429]
    assert here.asks(1, headers=forwarded("192.0.2.2")) == [200]


def test_what_a_client_itself_forwards_does_not_change_who_it_is(tmp_path: Path):
    here = Here(tmp_path, rate_per_address=1, trusted_proxies=1)
    answers = [here.asks(1, headers=forwarded(f"10.0.0.{n}, 192.0.2.1")) for n in range(3)]
    assert answers == [[200], [429], [429]]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5000", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("[2001:db8:0:1::9]:443", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::/64"),
        ("_hidden", "unknown"),
        ("x" * 10_000, "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_stands_for_its_machine_or_network(address: str | None, name: str):
    assert address_name(address) == name


def test_without_keys_a_proxy_that_is_named_does_not_open_writing(tmp_path: Path):
    here = Here(tmp_path, trusted_proxies=1)
    for header in ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"):
        response = here.client.delete("/articles/kopie", headers={header: "127.0.0.1"})
        assert response.status_code == 403


def test_the_proxy_says_how_and_under_which_name_it_is_reached(tmp_path: Path):
    here = Here(tmp_path, trusted_proxies=1)
    secret = Keys(tmp_path).add("a", ["ask"])
    told = {
        "X-Forwarded-Host": "archiv.example",
        "X-Forwarded-Proto": "https",
        "Origin": "https://archiv.example",
    }
    assert here.client.post("/anmelden", data={"key": secret}, headers=told).status_code == 303
    assert here.asks(1, headers=told) == [200]
