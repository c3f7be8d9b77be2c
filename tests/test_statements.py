"""Countries that a sentence speaks for, with an encoder whose cosines are known."""

from collections.abc import Sequence

import numpy as np
import pytest

from index.types import Article, Hit, Passage
from qa_service.statements import CountryReader
from tests.fakes import FakeReader

TEXT = (
    "Putin besuchte Nordkorea. Die USA waren besorgt über Nordkorea. "
    "Er flog nach Hanoi. Die Vereinigten Arabischen Emirate schwiegen."
)
QUESTION = "Welche Länder hat Putin besucht?"
#: Statement and sentence that belong together; all others are far apart.
NEAR = {
    "Nordkorea hat Putin besucht.": "Putin besuchte Nordkorea.",
    "Vietnam hat Putin besucht.": "Er flog nach Hanoi.",
}


class KnownEmbedder:
    """Cosine 0.95 for what belongs together, 0.5 otherwise."""

    identity = "known"
    dimension = 4

    def embed_questions(self, texts: Sequence[str]) -> np.ndarray:
        return self._embed([NEAR.get(text, "") for text in texts], towards=0.95, other=2)

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._embed(texts, towards=1.0, other=3)

    def _embed(self, texts: Sequence[str], *, towards: float, other: int) -> np.ndarray:
        axes = list(NEAR.values())
        rows = np.zeros((len(texts), 4), np.float32)
        for row, text in zip(rows, texts, strict=True):
            near = towards if text in axes else 0.0
            if near:
                row[axes.index(text)] = near
            row[other] = np.sqrt(1 - near**2)
        return rows


@pytest.fixture
def hits():
    return [Hit(Passage(1, "a", 0, 0, len(TEXT)), Article("a", "T", TEXT), 0.0, 0.0, 0.0)]


def reader() -> CountryReader:
    return CountryReader(FakeReader({"Putin": 0.9}), KnownEmbedder())


def test_a_country_counts_where_its_sentence_says_so(hits):
    found = reader().read(QUESTION, hits, many=True)
    likely = [span.text for span in found if span.confidence > 0.5]
    assert sorted(likely) == ["Hanoi", "Nordkorea"]


def test_every_span_is_a_slice_of_the_article(hits):
    assert all(span.text == TEXT[span.start : span.end] for span in reader().read(QUESTION, hits, many=True))


def test_other_questions_are_read_as_before(hits):
    assert [s.text for s in reader().read("Wer besuchte Nordkorea?", hits, many=False)] == ["Putin"]


def test_passages_without_a_country_are_read_as_before():
    text = "Putin reiste."
    hit = Hit(Passage(1, "a", 0, 0, len(text)), Article("a", "T", text), 0.0, 0.0, 0.0)
    assert [s.text for s in reader().read(QUESTION, [hit], many=True)] == ["Putin"]


BOATS = "Welche Länder bestellten Boote?"
LINED_UP = {"Belgien": 0.8, "Malta": 0.7, "Spanien": 0.7, "Kuba": 0.8}


def ordered(text: str) -> list[str]:
    hit = Hit(Passage(1, "b", 0, 0, len(text)), Article("b", "T", text), 0.0, 0.0, 0.0)
    found = CountryReader(FakeReader(LINED_UP), KnownEmbedder()).read(BOATS, [hit], many=True)
    return sorted(span.text for span in found)


def test_countries_that_the_other_reader_lines_up_count_and_a_lone_far_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
):
    for known in list(NEAR):
        monkeypatch.delitem(NEAR, known)
    monkeypatch.setitem(NEAR, "Island bestellten Boote.", "Island bestellte Boote.")
    text = "Aufträge kamen aus Belgien, Malta und Spanien. Auch Kuba schwieg. Island bestellte Boote."
    assert ordered(text) == ["Belgien", "Island", "Malta", "Spanien"]


def test_where_no_sentence_says_it_outright_the_other_reader_decides():
    text = "Aufträge kamen aus Belgien, Malta und Spanien. Auch Kuba zahlte."
    assert ordered(text) == ["Belgien", "Kuba", "Malta", "Spanien"]


def test_what_a_clause_denies_the_other_reader_cannot_say_either():
    assert ordered("Aufträge kamen aus Belgien. Kuba bestellte keine.") == ["Belgien"]


@pytest.mark.parametrize(
    ("sentence", "question", "spoken_for"),
    [
        ("Putin besuchte Nordkorea.", QUESTION, True),
        ("Putin besuchte Nordkorea nicht.", QUESTION, False),
        ("Putin hat auf den Besuch in Nordkorea verzichtet.", QUESTION, False),
        ("In Nordkorea schaltete sich Putin nur per Video zu.", QUESTION, False),
        ("Putin besuchte nicht nur Nordkorea.", QUESTION, True),
        ("Er kam nicht nach Rom, besuchte aber Nordkorea.", QUESTION, True),
        ("Putin besuchte Nordkorea nicht.", "Welche Länder hat Putin nicht besucht?", True),
        ("In Nordkorea war er per Video zu sehen.", "Welche Länder haben Putin gesehen?", True),
    ],
)
def test_a_clause_that_denies_speaks_for_no_country(sentence: str, question: str, spoken_for: bool):  # noqa: FBT001
    hit = Hit(Passage(1, "a", 0, 0, len(sentence)), Article("a", "T", sentence), 0.0, 0.0, 0.0)
    found = CountryReader(FakeReader({}), Near()).read(question, [hit], many=True)
    assert ("Nordkorea" in [span.text for span in found]) is spoken_for


class Near(KnownEmbedder):
    """Takes every statement and every sentence for the same."""

    def _embed(self, texts: Sequence[str], *, towards: float, other: int) -> np.ndarray:  # noqa: ARG002
        return np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (len(texts), 1))
