"""Articles that change or go while questions are asked, in this process and in others."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from index.types import Article, Hit
from qa_service.answerer import Answerer
from qa_service.types import Question, Span
from tests.fakes import FakeReader, article
from tests.living import Living, living

QUESTION = Question("Was wurde eröffnet?")
OLD = article("a", "In Steinhaven wurde die Brücke am Montag eröffnet.")
OTHER = article("b", "Die Brücke in Lindenau bleibt gesperrt.")


class Meddling:
    """Reads as a fake reader does, while somebody else changes the archive."""

    identity = "meddling"

    def __init__(self, words: dict[str, float], meddle: Callable[[], object]) -> None:
        self._reader = FakeReader(words)
        self._meddle = meddle

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        spans = self._reader.read(question, hits, many=many)
        self._meddle()
        return spans


@pytest.fixture
def place(tmp_path: Path) -> Living:
    made = living(tmp_path)
    made.builder.add([OLD, OTHER])
    made.search.refresh()
    return made


def asked_while(place: Living, meddle: Callable[[], object]) -> set[str]:
    """Ask while somebody meddles; return the articles cited, each with the text that is there now."""
    reader = Meddling({"Brücke": 0.9}, meddle)
    reply = Answerer(search=place.search, reader=reader, archive=place.archive).answer(QUESTION)
    cited = [citation.span for answer in reply.answers for citation in answer.citations]
    for span in cited:
        assert place.archive.get(span.hit.article.id).text == span.hit.article.text
    assert {span.hit.article.id for span in cited} <= {hit.article.id for hit in reply.hits}
    return {span.hit.article.id for span in cited}


def test_what_nobody_touches_is_cited(place: Living):
    assert asked_while(place, lambda: None) == {"a", "b"}


def test_an_article_that_changes_while_it_is_read_is_not_cited(place: Living):
    changed = Article("a", "A", f"Korrektur: Es war anders. {OLD.text}")
    assert asked_while(place, lambda: place.builder.add([changed])) == {"b"}


def test_an_article_that_is_deleted_while_it_is_read_is_not_cited(place: Living):
    assert asked_while(place, lambda: place.archive.delete("a")) == {"b"}


def test_the_new_version_is_cited_by_the_next_question(place: Living):
    changed = Article("a", "A", f"Korrektur: Es war anders. {OLD.text}")
    asked_while(place, lambda: place.builder.add([changed]))
    assert asked_while(place, lambda: None) == {"a", "b"}


def _serve(folder: str, told: Connection) -> None:
    """Another worker over the same folder: answers with the articles it finds and cites."""
    place = living(Path(folder))
    told.send("ready")
    while (question := told.recv()) is not None:
        reply = place.client.post("/ask", json={"question": question, "include_passages": True}).get_json()
        found = {passage["article_id"] for passage in reply["passages"]}
        cited = {c["article_id"] for answer in reply["answers"] for c in answer["citations"]}
        told.send((found, cited))


@pytest.mark.timeout(1800)  # a busy machine takes minutes to start the worker
def test_a_deleted_article_is_in_no_answer_of_another_worker(place: Living, tmp_path: Path):
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    worker = spawning.Process(target=_serve, args=(str(tmp_path), theirs))
    worker.start()
    theirs.close()  # so that a worker that ends early is noticed
    try:
        assert ours.recv() == "ready"
        for number in range(2):
            assert place.client.put(f"/articles/x{number}", json={"text": OLD.text}).status_code == 201
            ours.send(QUESTION.text)
            found, _ = ours.recv()
            assert f"x{number}" in found
            assert place.client.delete(f"/articles/x{number}").status_code == 204
            ours.send(QUESTION.text)
            found, cited = ours.recv()
            assert f"x{number}" not in found | cited
    finally:
        ours.send(None)
        worker.join()
    assert worker.exitcode == 0
