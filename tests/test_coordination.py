"""Questions that ask the same of several things fall into their parts."""

import pytest

from qa_service.wording.coordination import parts

COORDINATED = [
    (
        "Woran starben der Maler Alfons Rehm, Bischof Tiemann und die Läuferin Ines Kolb?",
        [
            "Woran starben der Maler Alfons Rehm?",
            "Woran starben der Bischof Tiemann?",
            "Woran starben die Läuferin Ines Kolb?",
        ],
    ),
    (
        "Wer leitete das Lindauer Museum 2004 und 2019?",
        ["Wer leitete das Lindauer Museum 2004?", "Wer leitete das Lindauer Museum 2019?"],
    ),
    (
        "Welche Parteien gewannen in Malta, Zypern und den Niederlanden?",
        [
            "Welche Parteien gewannen in Malta?",
            "Welche Parteien gewannen in Zypern?",
            "Welche Parteien gewannen in den Niederlanden?",
        ],
    ),
    (
        "Welche Stoffe liefen auf der A7 bei Ulm und der A5 bei Weinheim aus?",
        ["Welche Stoffe liefen auf der A7 bei Ulm aus?", "Welche Stoffe liefen auf der A5 bei Weinheim aus?"],
    ),
    (
        "Welche Summen sind für den Reeder Brandt gezahlt und für Karla Wiese geboten worden?",
        [
            "Welche Summen sind für den Reeder Brandt gezahlt geboten worden?",
            "Welche Summen sind für Karla Wiese geboten worden?",
        ],
    ),
    (
        "Welchen Banken verbot Polen 2011 den Handel oder entzogen Prags Behörden 2012 die Lizenz?",
        [
            "Welchen Banken verbot Polen 2011 den Handel?",
            "Welchen Banken entzogen Prags Behörden 2012 die Lizenz?",
        ],
    ),
    (
        "Welche Namen tragen die Brücken im Harz, im Allgäu und im Odenwald?",
        [
            "Welche Namen tragen die Brücken im Harz?",
            "Welche Namen tragen die Brücken im Allgäu?",
            "Welche Namen tragen die Brücken im Odenwald?",
        ],
    ),
]
WHOLE = [
    "Welche Länder hat Putin besucht?",
    "Welche Städte vermittelten zwischen Bern und Wien?",
    "Welche Orte liegen nahe und gut erreichbar?",
    "Welche Züge hielten in dem Bahnhof, auf den der Anschlag verübt wurde?",
    "Welche Rollen spielte sie in „Sturm und Stille“?",
    "Welche Preise nannten A1, B2, C3, D4 und E5?",
    "Wer?",
    "",
    "und und und",
]


@pytest.mark.parametrize(("question", "expected"), COORDINATED)
def test_what_is_coordinated_is_asked_one_by_one(question: str, expected: list[str]):
    assert parts(question) == expected


@pytest.mark.parametrize("question", WHOLE)
def test_other_questions_stay_whole(question: str):
    assert parts(question) == []
