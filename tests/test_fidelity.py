"""How the shipped reader is compared with its weights in float32; readings made by hand."""

import pytest

from benchmarks import reading
from benchmarks.reading import BATCH, LOOP, OURS, Reading
from evaluation import fidelity
from evaluation.corpora import Sought
from evaluation.reading import Read, tradeoff
from index.types import Hit, Passage
from qa_service.types import Span
from tests.fakes import article
from training.sources import Example

TEXT = "Putin reiste nach Nordkorea."


def read(start: int | None, confidence: float = 0.9, *, gold: bool = True) -> Read:
    """A question whose answer is "Nordkorea", and one span from `start` to the full stop."""
    spans = ((18, 27),) if gold else ()
    example = Example("1", "set", "Wohin?", "", "", TEXT, spans, "")
    if start is None:
        return Read(example, [], 1.0)
    hit = Hit(Passage(0, "1", 0, 0, len(TEXT)), article("1", TEXT), 0.0, 0.0, 0.0)
    return Read(example, [Span(hit, start, 27, 1.0, confidence)], 1.0)


def test_an_unsure_span_counts_as_silence():
    assert fidelity.answer(read(18)) == (18, 27)
    assert fidelity.answer(read(18, 0.1)) is None
    assert fidelity.answer(read(None)) is None


def test_the_same_answers_differ_by_nothing():
    figures = fidelity.compare([read(18), read(None)], [read(18), read(18, 0.1)]).figures
    assert figures["same_answer"].value == 1.0
    assert figures["same_span"].value == 0.5
    assert figures["scores"]["F1"]["difference"].value == 0.0


def test_another_answer_costs_what_its_f1_is_less():
    figures = fidelity.compare([read(13)], [read(18)]).figures
    assert figures["same_answer"].value == 0.0
    assert figures["scores"]["F1"]["int8"] == pytest.approx(200 / 3)  # "nach Nordkorea": one word of two
    assert figures["scores"]["F1"]["difference"].value == pytest.approx(-1 / 3)


def test_speaking_where_nothing_stands_is_wrong():
    figures = fidelity.compare([read(18, gold=False)], [read(None, gold=False)]).figures
    assert figures["scores"]["unanswerable: silent"]["int8"] == 0.0
    assert figures["scores"]["unanswerable: silent"]["float32"] == 100.0


def test_what_silence_costs():
    answered = [read(18, 0.9), read(13, 0.5), read(18, 0.3), read(None)]
    unanswerable = [read(18, confidence, gold=False) for confidence in (0.1, 0.2, 0.4, 0.6)]
    table = tradeoff([*answered, *unanswerable])
    # Of 16 pairs the answerable question is the surer one in 4 + 3 + 2 + 0.
    assert table["auc"] == pytest.approx(100 * 9 / 16)
    assert table["em@50"] == pytest.approx(50)  # above 0.2: the first and the third
    assert table["f1@50"] == pytest.approx(100 * (1 + 2 / 3 + 1) / 4)
    assert table["em@75"] == pytest.approx(25)  # above 0.4
    assert table["f1@75"] == pytest.approx(100 * (1 + 2 / 3) / 4)


def test_ours_is_compared_with_the_faster_of_the_plain_readers():
    place = ("a", 0, 3)
    found = {
        OURS: [Reading(10.0, place, 0.8), Reading(10.0, None, 0.0)],
        LOOP: [Reading(30.0, place, 0.8), Reading(30.0, None, 0.0)],
        BATCH: [Reading(20.0, place, 0.7), Reading(20.0, place, 0.1)],
    }
    section = reading.section(found, 180.0, 8)
    assert section.figures["readers"][BATCH]["times_ours"] == 2.0
    assert section.figures["readers"][BATCH]["same_answer"].value == 0.5
    assert "2.00 times as fast as plain torch, one batch" in section.lines[0]


def test_a_question_is_given_its_own_passage_and_others_of_the_wanted_length():
    pool = reading.hits_of([article(str(number), f"Satz {number}.") for number in range(60)])
    lengths = [180] * 40 + [9] * 20
    sought = Sought("Was?", frozenset({"59"}), ())
    chosen = reading.chosen(sought, pool, lengths, 180, 2)
    assert chosen[0].article.id == "59"
    assert int(chosen[1].article.id) < 40
    assert chosen == reading.chosen(sought, pool, lengths, 180, 2)
