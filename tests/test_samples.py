"""The sample archive and its questions agree with each other."""

import json
import re
import unicodedata
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest

from qa_service.types import QuestionType

SAMPLES = Path(__file__).parent.parent / "samples"
FIELDS = ["id", "title", "text", "url", "source", "author", "published"]
PAGES = sorted(SAMPLES.glob("*.html"))
PLAIN = sorted([*SAMPLES.glob("*.md"), *SAMPLES.glob("*.txt")])
VOID = {"meta", "link", "img", "br", "input", "hr"}
IGNORED = {"head", "script", "nav", "footer", "aside", "button"}
FURNITURE = {"comments", "related", "more", "share", "inline-link", "newsletter", "cookie-banner"}


class ArticleReader(HTMLParser):
    """Collects what stands outside page furniture; counts tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = set((dict(attrs).get("class") or "").split())
        if tag not in VOID:
            self.open.append((tag, tag in IGNORED or bool(classes & FURNITURE)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self.open):
            self.parts.append(data)


def read_page(path: Path) -> ArticleReader:
    reader = ArticleReader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader


def records(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


ARTICLES = records(SAMPLES / "artikel.jsonl")
QUESTIONS = records(Path(__file__).parent / "data" / "sample_questions.jsonl")
BODIES = [
    *(f"{article['title']}\n\n{article['text']}" for article in ARTICLES),
    *("".join(read_page(path).parts) for path in PAGES),
    *(path.read_text(encoding="utf-8") for path in PLAIN),
]
EVERYTHING = "\n\n".join(squeezed(body) for body in BODIES)


def stands(text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", EVERYTHING) is not None


def test_every_record_has_the_documented_fields_in_order():
    assert all(list(article) == FIELDS for article in ARTICLES)


def test_ids_are_unique_and_fit_in_a_path():
    ids = [article["id"] for article in ARTICLES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", identifier) for identifier in ids)


def test_dates_are_iso_and_stand_in_the_id():
    for article in ARTICLES:
        assert 2023 <= date.fromisoformat(article["published"]).year <= 2025
        assert f"-{article['published']}-" in article["id"]


def test_links_lead_to_reserved_domains_only():
    texts = [path.read_text(encoding="utf-8") for path in (*PAGES, *PLAIN)]
    links = [article["url"] for article in ARTICLES]
    links += [link for text in texts for link in re.findall(r"https?://[^\s\"<>]+", text)]
    hosts = {urlsplit(link).hostname or "" for link in links} - {"schema.org"}
    assert all(re.search(r"(^|\.)example\.(org|com)$", host) for host in hosts)


def test_paragraphs_are_separated_by_one_blank_line():
    for article in ARTICLES:
        text = article["text"]
        assert text == text.strip()
        assert "\n\n\n" not in text
        assert "\n" not in text.replace("\n\n", "")


def test_sample_texts_are_nfc():
    for path in SAMPLES.iterdir():
        assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8")), path.name


def test_every_article_is_as_long_as_a_news_story():
    for body in BODIES:
        assert 150 <= len(body.split()) <= 450, body[:60]


def test_every_format_is_represented():
    kinds = [path.suffix for path in (*PAGES, *PLAIN)]
    assert len(ARTICLES) >= 20
    assert [kinds.count(suffix) for suffix in (".html", ".md", ".txt")] == [5, 3, 3]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_are_well_formed(path: Path):
    assert read_page(path).open == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_structured_metadata_of_pages_is_valid_json(path: Path):
    blocks = re.findall(
        r"<script type=\"application/ld\+json\">(.*?)</script>", path.read_text("utf-8"), re.DOTALL
    )
    assert all(json.loads(block)["@context"] == "https://schema.org" for block in blocks)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.name)
def test_plain_texts_begin_with_title_byline_date_and_agency(path: Path):
    _, byline, dateline, agency, *_ = path.read_text(encoding="utf-8").split("\n\n")
    assert byline.startswith("Von ")
    assert re.search(r"\d{1,2}\. \w+ 20\d\d", dateline)
    assert "PAN" in agency


def test_questions_are_unique_and_well_formed():
    texts = [question["question"] for question in QUESTIONS]
    assert len(set(texts)) == len(texts)
    for question in QUESTIONS:
        assert set(question) - {"history"} == {"question", "type", "answers", "forbid"}
        assert question["question"].endswith("?")
        assert question["type"] in get_args(QuestionType)
        assert all(set(turn) == {"question", "answer"} for turn in question.get("history", []))


def test_every_kind_of_question_is_asked():
    assert len(QUESTIONS) >= 40
    assert sum(question["type"] == "list" for question in QUESTIONS) == 8
    assert sum(not question["answers"] for question in QUESTIONS) == 8
    assert sum("history" in question for question in QUESTIONS) == 4


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["question"])
def test_every_expected_item_stands_in_an_article(question: dict[str, Any]):
    for accepted in question["answers"]:
        assert any(stands(text) for text in accepted), accepted


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["question"])
def test_no_string_is_both_accepted_and_forbidden(question: dict[str, Any]):
    accepted = {text for group in question["answers"] for text in group}
    assert accepted.isdisjoint(question["forbid"])


def test_lists_have_several_items_and_other_questions_at_most_one():
    for question in QUESTIONS:
        items = len(question["answers"])
        assert items >= 2 if question["type"] == "list" else items <= 1


def word_triples(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def test_exactly_one_agency_text_is_printed_by_two_papers():
    triples = {article["id"]: word_triples(article["text"]) for article in ARTICLES}
    copies = {
        (one, other)
        for one, left in triples.items()
        for other, right in triples.items()
        if one < other and len(left & right) / len(left | right) > 0.5
    }
    assert copies == {("aller-bote-2024-06-20-putin-kim-vertrag", "hafenblatt-2024-06-19-beistandspakt")}


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("sieben Menschen verletzt", "zwölf Menschen verletzt"), ("14 Millionen Euro", "18,5 Millionen Euro")],
)
def test_sources_disagree_on_a_number(earlier: str, later: str):
    assert any(earlier in body and later not in body for body in BODIES)
    assert any(later in body for body in BODIES)
