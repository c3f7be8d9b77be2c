"""The HTTP API over fakes, field by field."""

import json

import pytest
from flask.testing import FlaskClient

from tests.conftest import TRAVELS, Serve

QUESTION = "Welche Länder hat Putin besucht?"
TEXTS = {article.id: article.text for article in TRAVELS}


def ask(client: FlaskClient, **body: object):
    return client.post("/ask", json={"question": QUESTION} | body)


def test_an_answer_has_every_field_of_the_contract(client: FlaskClient):
    reply = ask(client).get_json()

    assert list(reply) == [
        "id", "question", "standalone_question", "question_type", "question_language", "status",
        "no_answer_reason", "answer", "answers", "passages", "coverage", "index", "models", "timings_ms",
    ]  # fmt: skip
    assert (reply["question"], reply["status"], reply["no_answer_reason"]) == (QUESTION, "answered", None)
    assert reply["answer"] == "Nordkorea und Vietnam"
    assert reply["index"] == {"change": 7, "articles": 4, "passages": 4}
    assert reply["models"] == {"embedder": "fake-embedder", "reader": "fake-reader"}
    assert reply["coverage"] == {"passages_read": 4, "passages_found": 4, "may_be_incomplete": False}
    assert set(reply["timings_ms"]) == {"embed", "search", "read", "answers", "total"}


def test_a_citation_has_every_field_of_the_contract(client: FlaskClient):
    korea = ask(client).get_json()["answers"][0]

    assert korea["support"] == {"articles": 2, "independent_sources": 2}
    assert (korea["first_published"], korea["last_published"]) == ("2024-06-19", "2024-06-21")
    assert korea["disagrees_with"] == []
    assert korea["citations"][0] == (
        {
            "number": 1,
            "article_id": "reise/1",
            "passage_id": "reise/1:0",
            "title": "REISE/1",
            "source": "Kurier",
            "author": None,
            "url": None,
            "published": "2024-06-19",
            "link": "/articles/reise/1#38-47",
            "quote": "Er besuchte Nordkorea 🚆 zuerst.",
            "quote_start": 26,
            "quote_end": 57,
            "start": 38,
            "end": 47,
            "duplicates": [],
            "note": None,
        }
    )


def test_offsets_cut_the_answer_and_the_quote_out_of_the_article(client: FlaskClient):
    for answer in ask(client).get_json()["answers"]:
        for citation in answer["citations"]:
            text = client.get(f"/articles/{citation['article_id']}").get_json()["text"]
            assert text[citation["start"] : citation["end"]] == answer["text"]
            assert text[citation["quote_start"] : citation["quote_end"]] == citation["quote"]


def test_a_copy_is_a_duplicate_and_not_a_second_citation(client: FlaskClient):
    vietnam = ask(client).get_json()["answers"][1]

    assert [(c["number"], c["article_id"], c["duplicates"]) for c in vietnam["citations"]] == [
        (3, "reise/2", ["kopie"])
    ]


def test_passages_are_returned_when_asked_for(client: FlaskClient):
    assert ask(client).get_json()["passages"] == []
    passages = ask(client, include_passages=True).get_json()["passages"]
    assert [(p["id"], p["text"]) for p in passages] == [(f"{i}:0", text) for i, text in TEXTS.items()]


def test_finding_nothing_is_an_answer_with_the_nearest_passages(serve: Serve):
    response = ask(serve(words={}))
    reply = response.get_json()

    assert response.status_code == 200
    assert (reply["status"], reply["no_answer_reason"]) == ("no_answer", "no_relevant_passage")
    assert (reply["answer"], reply["answers"], len(reply["passages"])) == ("", [], 4)


def test_an_empty_archive_says_so(serve: Serve):
    assert ask(serve(articles=())).get_json()["no_answer_reason"] == "index_empty"


def test_filters_on_unknown_articles_are_no_error(client: FlaskClient):
    reply = ask(client, filters={"article_ids": ["gibt-es-nicht"]}).get_json()
    assert reply["no_answer_reason"] == "outside_filters"


def test_what_is_no_question_gets_no_answer(client: FlaskClient):
    assert ask(client, question="hallo").get_json()["no_answer_reason"] == "not_a_question"


@pytest.mark.parametrize(
    ("question", "language"),
    [("Which countries did Putin visit?", "en"), ("Какие страны посетил Путин?", "und"), ("asdf", "de")],
)
def test_what_is_not_asked_in_german_gets_no_answer_and_its_language_is_told(
    client: FlaskClient, question: str, language: str
):
    reply = ask(client, question=question).get_json()
    assert (reply["answers"], reply["no_answer_reason"]) == ([], "not_a_question")
    assert reply["question_language"] == language


def test_a_line_set_by_the_client_decides_what_is_shown(client: FlaskClient):
    every = ask(client, min_confidence=0).get_json()
    assert every["answer"] == "Nordkorea und Vietnam"
    surest = max(answer["confidence"] for answer in every["answers"])
    assert ask(client, min_confidence=surest - 0.001).get_json()["answer"] == "Nordkorea"
    assert ask(client, min_confidence=0.999).get_json()["no_answer_reason"] == "low_confidence"


def test_no_more_answers_are_returned_than_asked_for(client: FlaskClient):
    assert len(ask(client, max_answers=1).get_json()["answers"]) == 1


def test_a_stream_sends_passages_and_then_the_answer(client: FlaskClient):
    response = client.post("/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    events = [block.split("\n") for block in response.get_data(as_text=True).split("\n\n")[:-1]]

    assert response.mimetype == "text/event-stream"
    assert [name for name, _ in events] == ["event: passages", "event: answer"]
    passages, answer = (json.loads(data.removeprefix("data: ")) for _, data in events)
    assert [p["article_id"] for p in passages["passages"]] == list(TEXTS)
    assert answer["answer"] == "Nordkorea und Vietnam"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \n\t "}, "question"),
        ({"question": "x" * 1001}, "question"),
        ({"question": 5}, "question"),
        ({"question": None}, "question"),
        ({"question": ["Wer?"]}, "question"),
        ({"question": "\ud800"}, "question"),
        ({"question": "Wer?", "frage": "Wer?"}, "frage"),
        ({"question": "Wer?", "max_answers": 0}, "max_answers"),
        ({"question": "Wer?", "max_answers": 51}, "max_answers"),
        ({"question": "Wer?", "max_answers": "10"}, "max_answers"),
        ({"question": "Wer?", "max_answers": True}, "max_answers"),
        ({"question": "Wer?", "min_confidence": 1.1}, "min_confidence"),
        ({"question": "Wer?", "min_confidence": float("nan")}, "min_confidence"),
        ({"question": "Wer?", "include_passages": "ja"}, "include_passages"),
        ({"question": "Wer?", "history": [{"question": "Wer?"}] * 21}, "history"),
        ({"question": "Wer?", "history": [{"question": ""}]}, "history.0.question"),
        ({"question": "Wer?", "history": [{"question": "Wer?", "text": ""}]}, "history.0.text"),
        ({"question": "Wer?", "filters": {"land": "Peru"}}, "filters.land"),
        ({"question": "Wer?", "filters": {"sources": "Kurier"}}, "filters.sources"),
        ({"question": "Wer?", "filters": {"published_from": "01.06.2024"}}, "filters.published_from"),
        ({"question": "Wer?", "filters": {"published_from": "2024-02-30"}}, "filters.published_from"),
        ({"question": "Wer?", "filters": {"published_from": "٢٠٢٤-٠١-٠١"}}, "filters.published_from"),
        (
            {"question": "Wer?", "filters": {"published_from": "2024-02-02", "published_to": "2024-02-01"}},
            "filters.published_to",
        ),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, body: dict[str, object], field: str):
    response = client.post("/ask", data=json.dumps(body), content_type="application/json")

    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert [error["field"] for error in response.get_json()["errors"]] == [field]


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"{}"', "null", "nicht json", b"\xff\xfe", "[" * 100_000, '{"question": 1e']
)
def test_a_body_that_is_no_json_object_is_a_bad_request(client: FlaskClient, body: str | bytes):
    response = client.post("/ask", data=body, content_type="application/json")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_a_body_that_is_not_declared_as_json_is_refused(client: FlaskClient):
    assert client.post("/ask", data='{"question": "Wer?"}', content_type="text/plain").status_code == 415
    assert client.post("/ask").status_code == 415


def test_a_body_over_one_megabyte_is_refused(client: FlaskClient):
    response = client.post("/ask", data="x" * 10_000_000, content_type="application/json")
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")


def test_a_question_is_trimmed_before_it_is_measured(client: FlaskClient):
    assert ask(client, question=f"  Wer{' ' * 1000}").get_json()["question"] == "Wer"
    assert ask(client, question="x" * 1000).status_code == 200


def test_the_list_of_articles_has_pages(client: FlaskClient):
    first = client.get("/articles?limit=3").get_json()
    second = client.get(f"/articles?limit=3&offset={first['next_offset']}").get_json()

    assert [a["id"] for a in first["articles"]] == ["reise/1", "reise/2", "kopie"]
    assert [a["id"] for a in second["articles"]] == ["empfang"]
    assert (second["next_offset"], second["total"]) == (None, 4)
    assert "text" not in first["articles"][0]


def test_the_list_of_articles_can_be_searched(client: FlaskClient):
    assert [a["id"] for a in client.get("/articles?q=REISE/1").get_json()["articles"]] == ["reise/1"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "offset=-1", "offset=x", "seite=2", "q=" + "x" * 201]
)
def test_a_wrong_page_is_refused(client: FlaskClient, query: str):
    assert client.get(f"/articles?{query}").status_code == 422


def test_an_article_is_returned_with_its_stored_text(client: FlaskClient):
    body = client.get("/articles/reise/1").get_json()
    assert (body["id"], body["text"], body["duplicates"]) == ("reise/1", TEXTS["reise/1"], [])
    assert client.get("/articles/kopie").get_json()["duplicates"] == ["reise/2"]


def test_an_unknown_article_is_not_found(client: FlaskClient):
    response = client.get("/articles/reise/9")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_health_and_readiness_are_told(client: FlaskClient):
    assert client.get("/health").get_json() == {"status": "ok"}
    ready = client.get("/ready").get_json()
    assert (ready["status"], ready["index"]["articles"]) == ("ready", 4)


def test_the_list_of_articles_is_filtered_by_source(client: FlaskClient):
    page = client.get("/articles?source=Kurier&source=Bote").get_json()
    assert ([a["id"] for a in page["articles"]], page["total"]) == (["reise/1", "reise/2"], 2)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("published_from=gestern", "published_from"),
        ("published_from=2024-02-30", "published_from"),
        ("published_from=2024-02-02&published_to=2024-02-01", "published_to"),
        ("source=", "source.0"),
    ],
)
def test_a_wrong_filter_of_the_list_is_named(client: FlaskClient, query: str, field: str):
    response = client.get(f"/articles?{query}")
    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == [field]
