"""Typing errors become the word of the archive that was meant, and nothing else does."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.typos import corrected

HELD = {
    "Putin": 40, "Hanoi": 12, "Regierung": 90, "wann": 200, "welchen": 60, "Wochen": 80, "Maier": 9,
    "Brinke": 5, "Einwohner": 30, "Selenskyj": 7, "Tools": 3, "Straße": 20, "Parlamentssitze": 8,
}  # fmt: skip


class Words:
    """A vocabulary of the words above."""

    def __init__(self, held: dict[str, int] = HELD) -> None:
        self._held = {self._form(word): (word, count) for word, count in held.items()}
        self.asked: list[str] = []

    @staticmethod
    def _form(word: str) -> str:
        return word.lower().replace("ß", "ss")

    def occurrences(self, words: Sequence[str]) -> list[int]:
        self.asked += words
        return [self._held.get(self._form(word), ("", 0))[1] for word in words]

    def written(self, word: str) -> str | None:
        return self._held.get(self._form(word), (None, 0))[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Wann war Ptuin in Hanoi?", "Wann war Putin in Hanoi?"),
        ("Wann war Putin in Hnaoi?", "Wann war Putin in Hanoi?"),
        ("Wnan war Putin in Hanoi?", "Wann war Putin in Hanoi?"),
        ("Wann war Puttin in Hanoi?", "Wann war Putin in Hanoi?"),
        ("Was beschloss die Regirung?", "Was beschloss die Regierung?"),
        ("Was beschloss die Regierugn?", "Was beschloss die Regierung?"),
        ("Was beschloss die Regieeung?", "Was beschloss die Regierung?"),
        ("Wie viele Einwohnre hat Hanoi?", "Wie viele Einwohner hat Hanoi?"),
        ("Was sagte Selenskij?", "Was sagte Selenskyj?"),
        ("In welcher Strase wohnt er?", "In welcher Straße wohnt er?"),
        ("wann war ptuin in hanoi?", "wann war putin in hanoi?"),
        ("WANN WAR PTUIN IN HANOI?", "WANN WAR PUTIN IN HANOI?"),
        ("Was tat Ptuins Regirung?", "Was tat Ptuins Regierung?"),
    ],
)
def test_a_slip_is_mended(typed: str, meant: str):
    assert corrected(typed, Words()) == meant


@pytest.mark.parametrize(
    ("why", "question"),
    [
        ("another letter, another name", "Was sagte Meyer zu Maierl?"),
        ("another ending, another name", "Was sagte Brink?"),
        ("a dictionary has it", "Was ist ein Gewinde?"),
        ("two words of the dictionary", "Wer kam an die Parlamentsspitze?"),
        ("quoted", "Was heißt „Regirung“?"),
        ("an acronym", "Was tat die PUTN?"),
        ("too short", "Was sagte Putn in Ptu?"),
        ("written-out umlauts are one letter", "Von wechn Pflanzen?"),
        ("short names are only swapped", "Wie hieß Toos Präsident?"),
        ("another language", "What did the Regirung and the Ptuin say to us?"),
        ("too many words that nobody knows", "Xaqwer Ptuin Zzorp Qqrill?"),
        ("nothing typed", ""),
    ],
)
def test_what_may_have_been_meant_stays(why: str, question: str):
    known = Words(HELD | {"Putn": 1, "wechn": 1})
    assert corrected(question, known) == question, why


def test_with_two_words_as_likely_nothing_is_guessed():
    assert corrected("Wer sind die Gweinner?", Words({"Gewinner": 4})) == "Wer sind die Gewinner?"
    of_both = Words({"Strand": 5, "Stand": 6})
    assert corrected("Was ist am Sttrand?", of_both) == "Was ist am Strand?"
    assert corrected("Was ist am Strnd?", Words({"Strand": 5})) == "Was ist am Strand?"
    assert corrected("Was ist am Wlad?", Words({"Wald": 5, "Wlada": 4})) == "Was ist am Wald?"
    assert corrected("Wo ist Hlaen?", Words({"Halen": 5, "Hlane": 4})) == "Wo ist Hlaen?"


def test_a_question_word_is_meant_where_nothing_else_asks():
    nothing = Words({})
    assert corrected("Wlche Länder besuchte er?", nothing) == "Welche Länder besuchte er?"
    assert corrected("Wraum kam er?", nothing) == "Warum kam er?"
    assert corrected("Wann war das, wlches Jahr?", nothing) == "Wann war das, wlches Jahr?"


def test_spellings_of_one_word_are_no_rivals():
    assert corrected("Welche Läander?", Words({"Länder": 4, "Lander": 4})) == "Welche Läander?"


def test_an_unstained_question_asks_for_nothing_but_its_unknown_words():
    words = Words()
    assert corrected("Wann war Putin in Hanoi?", words) == "Wann war Putin in Hanoi?"
    assert set(words.asked) <= {"Putin", "Hanoi"}


@given(st.text(max_size=80))
def test_any_text_is_survived_and_a_vocabulary_without_words_changes_nothing(text: str):
    corrected(text, Words())
    assert corrected(text, Words({})) == text
