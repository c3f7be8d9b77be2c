"""Articles in and out over HTTP, on a real archive."""

import io
import json
import time
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from qa_service import articles_routes, bodies
from tests.living import Living, living

NEWS = "Die Bürgermeisterin Grete Lohmann hat am Montag in Steinhaven die neue Brücke eröffnet."
OTHER = "In Seeburg wurde am Dienstag das Freibad nach langem Umbau wieder aufgemacht."
QUESTION = "Wer hat die Brücke in Steinhaven eröffnet?"


@pytest.fixture
def here(tmp_path: Path) -> Living:
    return living(tmp_path)


def found(parts: Living, question: str = QUESTION) -> list[str]:
    """The ids of all articles that a question's reply shows, as answers or passages."""
    reply = parts.client.post("/ask", json={"question": question, "include_passages": True}).get_json()
    cited = [c["article_id"] for answer in reply["answers"] for c in answer["citations"]]
    return sorted({*cited, *(passage["article_id"] for passage in reply["passages"])})


def upload(parts: Living, *files: tuple[str, bytes], **headers: str) -> TestResponse:
    data = {"files": [(io.BytesIO(content), name) for name, content in files]}
    return parts.client.post("/articles", data=data, headers=headers)


def finished(parts: Living, response: TestResponse) -> dict:
    """The job that a response announces, once it has ended."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        job = parts.client.get(response.headers["Location"]).get_json()
        if job["finished"]:
            return job
        time.sleep(0.02)
    raise TimeoutError(job)


def problem(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    return response.status_code, response.get_json()["detail"]


def test_an_article_is_stored_and_found_when_the_response_is_there(here: Living):
    response = here.client.post("/articles", json={"id": "a", "title": "Brücke", "text": NEWS})

    assert (response.status_code, response.headers["Location"]) == (201, "/articles/a")
    body = response.get_json()
    assert body["articles"] == [
        {"where": "article", "id": "a", "outcome": "added", "reason": None, "link": "/articles/a"}
    ]
    assert (body["added"], body["changed"], body["unchanged"], body["rejected"]) == (1, 0, 0, 0)
    assert body["index"]["articles"] == 1
    assert found(here) == ["a"]
    assert here.client.get("/articles/a").get_json()["text"] == NEWS


def test_the_same_article_again_changes_nothing(here: Living):
    for article in ({"id": "a", "text": NEWS}, {"text": OTHER}):
        assert here.client.post("/articles", json=article).status_code == 201
        again = here.client.post("/articles", json=article)
        assert (again.status_code, again.get_json()["unchanged"]) == (200, 1)
    assert here.archive.count().articles == 2


def test_a_changed_article_takes_the_place_of_the_old_one(here: Living):
    here.client.post("/articles", json={"id": "a", "text": NEWS})
    response = here.client.post("/articles", json={"id": "a", "text": OTHER})

    assert (response.status_code, response.get_json()["articles"][0]["outcome"]) == (200, "changed")
    assert here.client.get("/articles/a").get_json()["text"] == OTHER
    reply = here.client.post("/ask", json={"question": QUESTION, "include_passages": True}).get_data(True)
    assert "Lohmann" not in reply


def test_each_article_of_a_list_has_its_own_outcome(here: Living):
    here.client.post("/articles", json={"id": "alt", "text": NEWS})
    response = here.client.post(
        "/articles",
        json=[
            {"id": "alt", "text": NEWS},
            {"id": "neu", "text": OTHER},
            {"id": "leer", "text": " \n "},
            {"id": "falsch", "text": OTHER, "published": "gestern irgendwann"},
            {"id": "..", "text": OTHER},
            {"text": OTHER, "titel": "Freibad"},
            "Text",
        ],
    )

    assert response.status_code == 201
    outcomes = response.get_json()["articles"]
    assert [a["where"] for a in outcomes] == [f"articles[{n}]" for n in range(7)]
    assert [a["outcome"] for a in outcomes] == ["unchanged", "added", *["rejected"] * 5]
    for outcome, word in zip(outcomes[2:], ("word", "2024-06-19", "..", "titel", "article"), strict=True):
        assert word in outcome["reason"]
    assert here.archive.count().articles == 2


def test_where_nothing_can_be_stored_the_request_is_refused(here: Living):
    one = here.client.post("/articles", json={"text": ""})
    several = here.client.post("/articles", json=[{"text": ""}, {"title": "Ohne Text"}])
    file = upload(here, ("programm.exe", b"MZ"))

    assert [response.status_code for response in (one, several, file)] == [422] * 3
    assert [error["field"] for error in one.get_json()["errors"]] == ["text"]
    assert [error["field"] for error in several.get_json()["errors"]] == ["articles[0]", "articles[1]"]
    assert file.get_json()["errors"][0]["field"] == "programm.exe"
    assert here.archive.count().articles == 0


@pytest.mark.parametrize("article_id", ["dpa/2024/06/1", "a//b", "/a", "Über uns?#%", "a:b;c", "日本/ñ"])
def test_an_id_is_kept_as_it_is(here: Living, article_id: str):
    address = f"/articles/{quote(article_id, safe='/')}"

    assert here.client.put(address, json={"text": NEWS}).status_code == 201
    assert here.archive.get(article_id).text == NEWS
    assert here.client.get(address).get_json()["id"] == article_id
    assert here.client.put(address, json={"text": NEWS}).get_json()["unchanged"] == 1
    assert here.client.put(address, json={"text": OTHER, "id": article_id}).get_json()["changed"] == 1
    assert here.client.delete(address).status_code == 204
    assert here.client.get(address).status_code == 404


def test_an_id_that_no_address_can_hold_is_refused(here: Living):
    for article_id in ("x" * 201, "a\nb", "a/../b"):
        assert here.client.post("/articles", json={"id": article_id, "text": NEWS}).status_code == 422
    assert here.client.put("/articles/a", json={"id": "b", "text": NEWS}).status_code == 422


def test_a_deleted_article_is_in_no_answer(here: Living):
    here.client.post("/articles", json=[{"id": "a", "text": NEWS}, {"id": "b", "text": OTHER}])

    assert here.client.delete("/articles/a").status_code == 204
    assert found(here) == ["b"]
    assert problem(here.client.delete("/articles/a"))[0] == 404


def test_the_list_is_filtered_by_source_and_date(here: Living):
    facts = [
        ("a", "dpa", "2024-06-19"),
        ("b", "DPA", "2024-07"),
        ("c", "Bote", "2024-06-20"),
        ("d", "Bote", None),
    ]
    here.client.post(
        "/articles",
        json=[{"id": i, "text": f"{NEWS} {i}", "source": s, "published": p} for i, s, p in facts],
    )

    def listed(query: str) -> list[str]:
        page = here.client.get(f"/articles?{query}").get_json()
        assert page["total"] == len(page["articles"])
        return sorted(article["id"] for article in page["articles"])

    assert listed("source=dpa") == ["a", "b"]
    assert listed("published_from=2024-06-20") == ["b", "c"]
    assert listed("published_from=2024-06-01&published_to=2024-06-30&source=bote") == ["c"]
    assert listed("q=bote&published_to=2030-01-01") == ["c"]


def test_near_copies_are_shown_with_an_article(here: Living):
    here.client.post("/articles", json=[{"id": "a", "text": f"{NEWS} {OTHER}"}, {"id": "b", "text": OTHER}])
    here.client.post("/articles", json={"id": "c", "text": f"{NEWS} {OTHER}"})
    assert here.client.get("/articles/a").get_json()["duplicates"] == ["c"]


def test_another_process_sees_what_was_written_at_its_next_question(here: Living, tmp_path: Path):
    other = living(tmp_path)
    here.client.post("/articles", json={"id": "a", "text": NEWS})
    assert found(other) == ["a"]
    here.client.delete("/articles/a")
    assert found(other) == []


def test_files_of_several_formats_are_read(here: Living):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("brief.txt", OTHER)
    page = f"<html><head><title>Brücke</title></head><body><p>{NEWS} {OTHER}</p></body></html>"
    response = upload(
        here,
        ("a.txt", f"Steinhaven\n\n{NEWS}".encode()),
        ("b.html", page.encode()),
        ("c.jsonl", json.dumps({"id": "c", "text": OTHER}).encode() + b"\n{kaputt"),
        ("../d.zip", packed.getvalue()),
    )

    assert response.status_code == 201
    outcomes = [(a["where"], a["id"], a["outcome"]) for a in response.get_json()["articles"]]
    assert outcomes[0] == ("a.txt", "a.txt", "added")
    assert outcomes[1] == ("b.html", "b.html", "added")
    assert outcomes[2:4] == [("c.jsonl", "c", "added"), ("c.jsonl:2", None, "rejected")]
    assert (outcomes[4][0], outcomes[4][2]) == ("../d.zip", "added")
    assert here.archive.count().articles == 4


def test_a_form_without_a_file_is_refused(here: Living):
    response = here.client.post("/articles", data={"text": NEWS}, content_type="multipart/form-data")
    assert problem(response)[0] == 422


def test_many_articles_become_a_job(here: Living):
    articles = [{"id": f"n{n}", "text": f"{NEWS} Nummer {n}."} for n in range(30)] + [{"id": "x"}]
    response = here.client.post("/articles", json=articles)

    assert (response.status_code, response.get_json()["state"]) == (202, "queued")
    job = finished(here, response)
    assert (job["state"], job["added"], job["rejected"], job["articles"]) == ("done", 30, 1, 31)
    assert (job["files"], job["files_done"], job["error"]) == (1, 1, None)
    assert job["rejections"][0]["where"] == "articles[30]"
    assert len(found(here)) > 0
    again = finished(here, here.client.post("/articles", json=articles))
    assert (again["added"], again["unchanged"]) == (0, 30)


def test_large_files_and_long_texts_become_a_job(here: Living):
    lines = "".join(json.dumps({"text": f"{NEWS} Nummer {n}."}) + "\n" for n in range(30))
    response = upload(here, ("a.jsonl", lines.encode()), ("b.txt", OTHER.encode()))
    long = here.client.put("/articles/roman", json={"text": f"{OTHER}\n\n" * 1400})

    assert (response.status_code, long.status_code) == (202, 202)
    assert (finished(here, response)["added"], finished(here, long)["added"]) == (31, 1)
    assert here.client.get("/articles/roman").status_code == 200


def test_a_client_may_ask_for_a_job(here: Living):
    response = upload(here, ("a.txt", NEWS.encode()), Prefer="respond-async")
    assert response.status_code == 202
    assert finished(here, response)["added"] == 1
    end = time.monotonic() + 20
    while list((here.archive.path.parent / "jobs").glob("*/0")):  # what was sent goes right after the end
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_small_archive_with_many_articles_becomes_a_job(here: Living):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(25):
            archive.writestr(f"{number}.txt", f"{OTHER} Nummer {number}.")
    response = upload(here, ("a.zip", packed.getvalue()))
    assert response.status_code == 202
    assert finished(here, response)["added"] == 25


def test_an_upload_that_cannot_be_kept_is_told(here: Living, tmp_path: Path):
    (tmp_path / "jobs").write_text("where the folder should be")
    response = upload(here, ("a.txt", NEWS.encode()), Prefer="respond-async")
    status, detail = problem(response)
    assert (status, "Nothing of it is stored" in detail) == (503, True)


def test_an_unknown_job_is_not_found(here: Living):
    for job_id in ("gibtesnicht", "..", "%2e%2e%2farchive"):
        assert here.client.get(f"/jobs/{job_id}").status_code == 404


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'"Text"', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"[" * 100_000, "application/json", 400),
        (NEWS.encode(), "text/plain", 415),
        (b"", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_wrong_body_is_refused(here: Living, body: bytes, kind: str, status: int):
    assert problem(here.client.post("/articles", data=body, content_type=kind))[0] == status


def test_a_put_without_an_object_is_refused(here: Living):
    assert problem(here.client.put("/articles/a", json=[]))[0] == 400
    assert problem(here.client.put("/articles/a", data=NEWS, content_type="text/plain"))[0] == 415


def test_a_body_over_the_limit_is_refused_and_named(here: Living, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "MOST_JSON_BYTES", 1000)
    monkeypatch.setattr(bodies, "MOST_UPLOAD_BYTES", 1000)
    json_status, detail = problem(here.client.post("/articles", json={"text": NEWS * 100}))
    assert (json_status, "MiB" in detail) == (413, True)
    assert problem(upload(here, ("a.txt", b"x" * 2000)))[0] == 413


def test_more_than_a_megabyte_may_be_sent_to_be_stored(here: Living):
    response = here.client.post("/articles", json={"id": "a", "text": f"{OTHER}\n\n" * 20_000})
    assert response.status_code == 202
    assert articles_routes.MOST_BYTES_AT_ONCE == 1024 * 1024


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "archiv.example.org"},
        {"X-Forwarded-For": "192.0.2.1"},
    ],
)
def test_nobody_from_elsewhere_may_write(here: Living, headers: dict[str, str]):
    assert problem(here.client.post("/articles", json={"text": NEWS}, headers=headers))[0] == 403
    assert problem(here.client.delete("/articles/a", headers=headers))[0] == 403
    assert here.archive.count().articles == 0


def test_where_others_reach_the_service_nobody_may_write(tmp_path: Path):
    open_to_all = living(tmp_path, host="0.0.0.0")  # noqa: S104 - that is what is refused
    status, detail = problem(open_to_all.client.post("/articles", json={"text": NEWS}))
    assert (status, "QA_HOST=127.0.0.1" in detail) == (403, True)


def test_the_api_describes_both_kinds_of_body(here: Living):
    spec = here.client.get("/openapi.json").get_json()
    content = spec["paths"]["/articles"]["post"]["requestBody"]["content"]

    assert set(content) == {"application/json", "multipart/form-data"}
    assert set(spec["paths"]["/articles/{id}"]) == {"get", "put", "delete"}
    assert spec["components"]["schemas"]["ArticleInput"]["required"] == ["text"]
    assert set(spec["paths"]["/articles"]["post"]["responses"]) >= {"200", "201", "202", "403", "413"}
