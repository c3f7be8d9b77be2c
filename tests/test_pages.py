"""The pages as the server writes them, before any script."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import qa_service
from qa_service.texts import LANGUAGES, texts
from tests.conftest import Serve
from tests.fakes import article

STATIC = Path(qa_service.__file__).parent / "static"
QUESTION = "Welche Länder hat Putin besucht?"


def test_a_permalink_holds_the_answer_without_a_script(client: FlaskClient):
    page = client.get("/", query_string={"q": QUESTION}).get_data(as_text=True)
    assert '<p class="sentence">Vietnam und Nordkorea</p>' in page or "Nordkorea und Vietnam</p>" in page
    assert "<mark>Nordkorea</mark> 🚆 zuerst." in page
    assert '<a href="/articles/reise/1#' in page


def test_the_filters_of_a_permalink_apply_and_stay_chosen(client: FlaskClient):
    query = {"q": QUESTION, "from": "2024-06-20", "to": "2024-06-21", "source": ["Bote", "Bote", " "]}
    page = client.get("/", query_string=query).get_data(as_text=True)
    assert 'name="from" type="date" value="2024-06-20"' in page
    assert page.count('value="Bote" checked') == 1


def test_a_question_too_long_is_told_and_kept(client: FlaskClient):
    response = client.get("/", query_string={"q": "x" * 1001})
    assert response.status_code == 422
    assert "höchstens 1.000 Zeichen" in response.get_data(as_text=True)
    assert "x" * 1001 in response.get_data(as_text=True)


@pytest.mark.parametrize("query", [{"from": "gestern"}, {"from": "2024-02-01", "to": "2024-01-01"}])
def test_a_wrong_period_is_told(client: FlaskClient, query: dict):
    assert client.get("/", query_string={"q": QUESTION} | query).status_code == 422


def test_no_answer_is_told_with_its_reason(serve: Serve):
    page = serve(words={}).get("/", query_string={"q": QUESTION}).get_data(as_text=True)
    assert "Keine Antwort gefunden" in page
    assert texts("de").entries["reasons"]["no_relevant_passage"] in page


def test_markup_in_a_question_and_an_article_is_escaped_everywhere(serve: Serve):
    nasty = article("n", "Putin </script><img src=x> Kuba.", title="<b>T</b>", url="javascript:alert(1)")
    page = serve(articles=(nasty,), words={"Kuba": 0.9}).get("/", query_string={"q": "Wo </script><i>?"})
    text = page.get_data(as_text=True)
    assert "<img src=x>" not in text
    assert "<i>" not in text
    assert "<b>" not in text
    assert 'href="javascript:' not in text


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "de"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr", "de"),
        ("?lang=en", "de", "en"),
        ("?lang=xx", "de", "de"),
    ],
)
def test_the_language_is_the_one_asked_for(client: FlaskClient, query: str, accepted: str, language: str):
    response = client.get(f"/{query}", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in response.get_data(as_text=True)
    assert "Accept-Language" in response.headers["Vary"]


def test_both_languages_have_the_same_texts_with_the_same_blanks():
    german, english = (texts(language).entries for language in LANGUAGES)
    assert blanks(german) == blanks(english)


def blanks(entries: dict) -> dict:
    found = {}
    for key, value in entries.items():
        keys = sorted(value) if isinstance(value, dict) else []
        found[key] = (keys, sorted(set(re.findall(r"\{\w+\}", json.dumps(value)))))
    return found


def test_every_text_that_a_script_or_a_template_names_exists():
    sources = [*STATIC.glob("*.js"), *(STATIC.parent / "templates").glob("*.html")]
    named = {
        key
        for path in sources
        for key in re.findall(r'\bsay\(\s*"(\w+)"(?! ~)', path.read_text(encoding="utf-8"))
    }
    assert named - set(texts("de").entries) == set()


def test_the_chat_page_weighs_at_most_100_kilobytes(client: FlaskClient):
    page = client.get("/").get_data()
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode())
    total = len(page) + sum((STATIC.parent / path.lstrip("/")).stat().st_size for path in set(loaded))
    assert total <= 100_000


def test_no_page_holds_a_script_or_a_style_of_its_own(client: FlaskClient):
    for address in ("/", "/verwalten", "/articles/reise/1"):
        page = client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", page)
        assert "<style" not in page
        assert not re.search(r"\s(style|on\w+)=", page)


def test_without_keys_there_is_nothing_to_log_out_of(client: FlaskClient):
    assert "/abmelden" not in client.get("/").get_data(as_text=True)
    assert "/abmelden" not in client.get("/verwalten").get_data(as_text=True)


def test_the_sources_are_listed_with_their_articles(client: FlaskClient):
    sources = client.get("/sources").get_json()["sources"]
    assert {each["name"] for each in sources} == {"Kurier", "Bote", "Anzeiger", "Rundschau"}
