"""What stands in quotation marks, in every style, and answers that are most of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.candidates import candidates
from qa_service.questions import understand
from qa_service.quotations import quotations, whole_quotation, without_quotations
from tests.fakes import article, span


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Der Film „Nachtzug“ lief.", ["Nachtzug"]),
        ('Der Film „Nachtzug” und der Film „Moor" liefen.', ["Nachtzug", "Moor"]),
        ('Der Film "Nachtzug" und "Moor".', ["Nachtzug", "Moor"]),
        ("»Nachtzug« und «Moor» und ›Watt‹ und ‹Deich›", ["Nachtzug", "Moor", "Watt", "Deich"]),
        ("‚Nachtzug‘ und ‚Moor’", ["Nachtzug", "Moor"]),
        ("Er sagte: „Wir sahen ‚Moor‘ zweimal.“", ["Wir sahen ‚Moor‘ zweimal."]),
        ('Ein Rohr von 3" und eines von 4" Weite', []),
        ("„Nachtzug blieb offen\nund Moor“", []),
        ("Wie geht's Peter's Hund?", []),
        ("", []),
    ],
)
def test_every_style_is_known(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted


@given(st.text(alphabet='ab „“”"»«‚‘’›‹\n', max_size=60))
def test_places_are_in_the_text_and_blanks_keep_them(text: str) -> None:
    blank = without_quotations(text)
    assert len(blank) == len(text)
    last = 0
    for start, end in quotations(text):
        assert last < start <= end < len(text)
        assert not blank[start:end].strip()
        last = end


@given(st.text(alphabet='ab „“"»«,.\n', min_size=1, max_size=60), st.data())
def test_what_was_the_answer_still_touches_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = whole_quotation(text, start, end)
    assert 0 <= first < last <= len(text)
    assert first < end
    assert start < last


@pytest.mark.parametrize(
    ("text", "answer", "whole"),
    [
        ("Der Markt „Aus Dörfern werden Orte“ begann.", "Dörfern werden Orte", "Aus Dörfern werden Orte"),
        ("Sie spielte in „Haus Süd“ und „Nord“.", "Haus Süd“ und „No", "Haus Süd"),
        ("Sie spielte in „Haus am See“ mit.", "See", "See"),  # a part of its own
        ("Er nannte es „ein Zeichen, das alle Menschen im Lande sehen werden“.", "Menschen", "Menschen"),
        ("Der Titel »Am Deich,« wie er sagte", "Am Deich,", "Am Deich"),
        ("Ohne Marken steht Haus Süd da.", "Haus Süd", "Haus Süd"),
        ("Zeile „eins“\nZeile „Haus Süd“ zwei", "aus Süd", "Haus Süd"),
        ("Punkte: „...“ und weiter", "...", "..."),
        ("Sie kam mit „Haus Süd“ heraus.", "Sie kam mit „Haus Süd“", "Sie kam mit „Haus Süd“"),
    ],
)
def test_most_of_a_title_becomes_all_of_it(text: str, answer: str, whole: str) -> None:
    start = text.index(answer)
    first, last = whole_quotation(text, start, start + len(answer))
    assert text[first:last] == whole


@pytest.mark.parametrize(
    ("question", "answer", "shown"),
    [
        ("Unter welchem Motto stand der Markt?", "Dörfern werden Orte", "Aus Dörfern werden Orte"),
        ("Welche Mottos hatten die Märkte?", "Dörfern werden Orte", "Aus Dörfern werden Orte"),
        ("Warum gab es den Markt?", "Dörfern werden Orte", "Dörfern werden Orte"),
    ],
)
def test_what_is_shown_is_the_whole_title(question: str, answer: str, shown: str) -> None:
    found = span(article(text="Der Markt „Aus Dörfern werden Orte“ begann am Montag."), answer)
    assert [c.span.text for c in candidates(question, understand(question), [found])] == [shown]
