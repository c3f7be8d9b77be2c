"""What people say about answers is kept and can be exported."""

import csv
import io
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa_service.errors import FeedbackError
from qa_service.feedback import Entry, FeedbackStore, Place
from tests.conftest import Serve

QUESTION = "Wohin flog Putin?"
RIGHT = {
    "question": QUESTION,
    "rating": "right",
    "answer_id": "abc",
    "answers": [{"text": "Vietnam", "article_id": "reise/2", "start": 23, "end": 30}],
}


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "neu" / "feedback.sqlite")


def test_an_entry_is_there_when_the_file_is_opened_again(tmp_path: Path):
    entry = Entry("wrong", "Wer?", "Wer war das?", "id", "quote", "nein 😀", (Place("Lind", "a", 3, 7),))
    number = FeedbackStore(tmp_path / "f.sqlite").add(entry)
    (found,) = FeedbackStore(tmp_path / "f.sqlite").entries()
    assert (found.number, found.question, found.comment, found.places) == (
        number, "Wer?", "nein 😀", entry.places,
    )  # fmt: skip


def test_the_newest_entry_comes_first(store: FeedbackStore):
    for day in ("2026-11-02", "2026-11-03", "2026-11-01"):
        store.add(Entry("right", day, day, at=day))
    assert [entry.at for entry in store.entries(0, 2)] == ["2026-11-03", "2026-11-02"]


def test_a_question_that_stays_unanswered_is_counted_not_repeated(store: FeedbackStore):
    numbers = {store.add(Entry("unanswered", "Wo?", "Wo liegt Atlantis?")) for _ in range(3)}
    assert len(numbers) == 1
    assert [entry.times for entry in store.entries()] == [3]


def test_ratings_of_one_question_are_all_kept(store: FeedbackStore):
    for _ in range(3):
        store.add(Entry("wrong", "Wo?", "Wo?"))
    assert store.count("wrong") == 3
    assert store.count("right") == 0


def test_a_write_that_failed_does_not_spoil_the_next(store: FeedbackStore, tmp_path: Path):
    store.add(Entry("unanswered", "Wo?", "Wo?"))
    path = tmp_path / "neu" / "feedback.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE entries RENAME TO away")
    with pytest.raises(FeedbackError, match="no such table"):
        store.add(Entry("unanswered", "Wer?", "Wer?"))
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE away RENAME TO entries")
    store.add(Entry("unanswered", "Wer?", "Wer?"))
    assert store.count("unanswered") == 2


def test_a_busy_file_is_waited_for_no_longer_than_asked(store: FeedbackStore, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "neu" / "feedback.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(FeedbackError, match="locked"):
            store.add(Entry("unanswered", "Wer?", "Wer?"), within_s=0.05)
        other.execute("ROLLBACK")
    assert store.add(Entry("unanswered", "Wer?", "Wer?"), within_s=0.05) == 1


def test_entries_of_many_threads_are_all_kept(store: FeedbackStore):
    def add() -> None:
        for _ in range(5):
            store.add(Entry("right", "Wo?", "Wo?"))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count() == 20


def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path):
    (tmp_path / "f.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 30)
    with pytest.raises(FeedbackError, match=r"f\.sqlite"):
        FeedbackStore(tmp_path / "f.sqlite")


def test_a_rating_is_stored_over_http(client: FlaskClient):
    response = client.post("/feedback", json=RIGHT)
    assert (response.status_code, response.get_json()) == (201, {"number": 1})
    page = client.get("/feedback").get_json()
    assert page["total"] == 1
    assert page["entries"][0]["answers"][0]["link"] == "/articles/reise/2#23-30"


@pytest.mark.parametrize(
    "wrong",
    [{"rating": "great"}, {"question": ""}, {"reason": "weil"}, {"comment": "x" * 2001}, {"extra": 1}],
)
def test_a_rating_that_does_not_fit_is_refused(client: FlaskClient, wrong: dict):
    assert client.post("/feedback", json=RIGHT | wrong).status_code == 422
    assert client.get("/feedback").get_json()["total"] == 0


def test_a_form_of_another_site_cannot_rate(client: FlaskClient):
    assert client.post("/feedback", data={"question": "x", "rating": "right"}).status_code == 415


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_question_without_an_answer_is_kept_with_the_nearest_passage(serve: Serve, accept: str):
    client = serve(words={})
    client.post("/ask", json={"question": QUESTION}, headers={"Accept": accept}, buffered=True)
    (entry,) = client.get("/feedback?rating=unanswered").get_json()["entries"]
    assert (entry["question"], entry["reason"]) == (QUESTION, "no_relevant_passage")
    assert [place["article_id"] for place in entry["answers"]] == ["reise/1"]


def test_what_is_answered_or_no_question_is_not_kept(client: FlaskClient):
    client.post("/ask", json={"question": "Welche Länder hat Putin besucht?"})
    client.post("/ask", json={"question": "hallo"})
    assert client.get("/feedback").get_json()["total"] == 0


def test_the_table_holds_every_entry_and_runs_no_formula(client: FlaskClient):
    client.post("/feedback", json=RIGHT | {"comment": '=HYPERLINK("x")'})
    response = client.get("/feedback?format=csv")
    (row,) = csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff")))
    assert response.headers["Content-Disposition"] == 'attachment; filename="rueckmeldungen.csv"'
    assert (row["rating"], row["answer"], row["comment"]) == ("right", "Vietnam", '\'=HYPERLINK("x")')


def test_the_squad_file_quotes_the_article_at_the_answer(client: FlaskClient):
    client.post("/feedback", json=RIGHT)
    (article,) = client.get("/feedback?format=squad").get_json()["data"]
    (paragraph,) = article["paragraphs"]
    (qa,) = paragraph["qas"]
    (answer,) = qa["answers"]
    start = answer["answer_start"]
    assert paragraph["context"][start : start + len(answer["text"])] == "Vietnam"
    assert (qa["is_impossible"], qa["plausible_answers"]) == (False, [])


def test_a_wrong_answer_is_only_plausible_in_the_squad_file(client: FlaskClient):
    client.post("/feedback", json=RIGHT | {"rating": "wrong", "reason": "wrong"})
    (article,) = client.get("/feedback?format=squad").get_json()["data"]
    (qa,) = article["paragraphs"][0]["qas"]
    assert (qa["is_impossible"], qa["answers"]) == (True, [])
    assert qa["plausible_answers"] == [{"text": "Vietnam", "answer_start": 23}]


def test_an_answer_whose_article_is_gone_is_left_out_of_the_squad_file(client: FlaskClient):
    gone = [{"text": "Vietnam", "article_id": "weg", "start": 23, "end": 30}]
    client.post("/feedback", json=RIGHT | {"answers": gone})
    assert client.get("/feedback?format=squad").get_json()["data"] == []
