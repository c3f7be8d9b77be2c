"""Questions in one case get the capitals that texts have; nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.spelling import cased


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("welche länder hat der präsident besucht?", "Welche Länder hat der Präsident besucht?"),
        ("WIE VIELE MENSCHEN LEBEN IN DER STADT?", "Wie viele Menschen leben in der Stadt?"),
        ("Welche länder hat Putin besucht?", "Welche länder hat Putin besucht?"),
        ("„wer regiert?“", "„Wer regiert?“"),
        ("2024?", "2024?"),
        ("", ""),
        ("ıstanbul?", "ıstanbul?"),
    ],
)
def test_nouns_get_capitals_where_the_question_has_one_case(typed: str, expected: str):
    assert cased(typed) == expected


def test_names_are_written_as_the_texts_write_them():
    texts = ["Der Rat von Oberau lud die DFB-Elf ein.", "Die Reise von Putin: Rat und Tat."]
    assert cased("WANN WAR PUTIN BEIM DFB IN OBERAU?", texts) == "Wann war Putin beim DFB in Oberau?"


def test_what_also_stands_in_small_letters_is_small():
    assert (
        cased("die reise nach hanoi", ["Die Reise nach Hanoi.", "Er lobte die Gäste."])
        == "Die Reise nach Hanoi"
    )


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=3))
def test_only_the_case_changes(typed: str, texts: list[str]):
    assert cased(typed, texts).casefold() == typed.casefold()
