"""Follow-ups in the wording that people use, each with the question that stands alone.

`data/dialogues.txt` has the conversations: turns (question => answer shown), then follow-up -> meaning.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_service.conversation import standalone
from qa_service.types import Turn

DIALOGUES = Path(__file__).parent / "data" / "dialogues.txt"


def dialogues() -> Iterator[tuple[list[Turn], str, str]]:
    """Read turns, follow-up and meaning: conversations are parted by blank lines, follow-ups indented."""
    for conversation in DIALOGUES.read_text(encoding="utf-8").strip().split("\n\n"):
        lines = conversation.splitlines()
        turns = [Turn(*map(str.strip, line.split("=>"))) for line in lines if not line.startswith(" ")]
        for line in lines[len(turns) :]:
            asked, _, meant = line.strip().partition(" -> ")
            yield turns, asked, meant


@pytest.mark.parametrize(
    ("turns", "asked", "meant"), [pytest.param(*d, id=f"{d[0][-1].question} {d[1]}") for d in dialogues()]
)
def test_a_follow_up_stands_alone(turns: list[Turn], asked: str, meant: str):
    assert standalone(asked, turns)[0] == meant


@pytest.mark.parametrize(
    "question",
    [
        "Was geschah mit den zwei Booten vor Rügen?",
        "Wohin flohen die drei Männer aus dem Gefängnis Moabit?",
        "Wem gehörte das im März 2011 bei Kiel gesunkene Boot?",
        "Was warf man den in Leipzig Festgenommenen vor?",
        "Was geschah laut der Behörde aus Mainz in der Schule?",
        "In welcher Stadt ist die Zahl der Radfahrer in Hessen am größten?",
        "Wie viele Fahrgäste kamen bei dem Unglück von Bad Aibling mit dem Schrecken davon?",
        "Welche Minister wollten beim Gipfel von Davos dabei sein?",
        "Wie viele Siegener mussten ihre Wohnungen verlassen?",
        "Von welchem seiner Häuser trennte sich Elton John?",
        "Wie viele Windräder stehen in Ostfriesland zehn Jahre nach deren Genehmigung?",
        "Warum schrumpft die japanische Wirtschaft?",
        "Was ist ein Lichtjahr?",
        "Wie viele Wagen außer dem brennenden wurden in Gera beschädigt?",
        "Mindestlohn in Österreich - wie hoch ist er?",
    ],
)
def test_a_question_of_its_own_is_not_taken_for_a_follow_up(question: str):
    assert standalone(question, [Turn("Wer gewann 2005 die Wahl in Kiel?", "Anna Berg")])[0] == question


def test_a_surname_is_completed_though_the_question_stands_alone():
    history = [Turn("Wer ist der Trainer von Werder Bremen?", "Thomas Schaaf")]
    assert standalone("Was sagte Schaaf nach dem Spiel?", history) == [
        "Was sagte Thomas Schaaf nach dem Spiel?",
        "Was sagte Schaaf nach dem Spiel?",
    ]


def test_after_und_a_question_that_names_its_subject_is_tried_as_it_is_first():
    candidates = standalone(
        "Und wer ist der Trainer von Werder Bremen?", [Turn("Welche Länder hat Putin besucht?", "Kuba")]
    )
    assert candidates[0] == "Wer ist der Trainer von Werder Bremen?"
    assert "Putin" in candidates[1]


def test_thanks_before_a_follow_up_are_passed_over():
    history = [Turn("Wo wurde Gaddafi beigesetzt?", "")]
    assert standalone("Danke, und wann?", history)[0] == "Wann wurde Gaddafi beigesetzt?"


def test_a_remark_in_the_history_does_not_end_the_subject():
    history = [Turn("Wo wurde Gaddafi beigesetzt?", ""), Turn("danke", "")]
    assert standalone("Und wann?", history)[0] == "Wann wurde Gaddafi beigesetzt?"
