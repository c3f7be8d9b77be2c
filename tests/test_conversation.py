"""Follow-ups become questions that stand alone; new topics stay as they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.conversation import standalone
from qa_service.questions import is_question
from qa_service.types import Turn


def best(question: str, *history: str | tuple[str, str]) -> str:
    turns = [Turn(turn) if isinstance(turn, str) else Turn(*turn) for turn in history]
    return standalone(question, turns)[0]


def test_a_question_without_history_is_left_as_it_is():
    assert standalone("Und wann war das?", []) == ["Und wann war das?"]


@pytest.mark.parametrize(
    "question",
    [
        "Wie lang ist die Fähre Seestern der Reederei Hansen?",
        "Welche Firma beschwerte sich 2012 in Rom über billige Ware?",
        "Wie hieß die Frau, die in Ulm ihren Bruder verklagte?",
        "Zu welchem Hafen fuhr das Boot, bei dem 2006 der Motor ausfiel?",
        "Welche Leistung hat das 2011 eingeweihte Kraftwerk in Bremen?",
        "Können Sie mir sagen, wie viele Menschen in Bonn leben?",
        "Wie viele Tote gab es bei dem Erdbeben in Chile?",
        "Putin Nordkorea Besuch",
        "Was sagte Merkel, als sie in Paris war?",
        "Unter welchem Motto standen der neunte und der zehnte Markt in Dresden?",
    ],
)
def test_a_question_that_names_its_subject_is_not_forced_into_the_old_topic(question: str):
    assert standalone(question, [Turn("Wer gewann 2005 die Wahl in Kiel?", "Anna Berg")]) == [question]


def test_the_answer_resolves_a_personal_pronoun():
    assert (
        best("Wer kam hinter ihr auf Platz zwei?", ("Wer hat 2006 die Wahl in Kiel gewonnen?", "Anna Berg"))
        == "Wer kam hinter Anna Berg auf Platz zwei? (2006 die Wahl in Kiel gewonnen)"
    )


def test_without_an_answer_the_person_asked_for_stays_open_and_the_subject_follows_in_brackets():
    assert (
        best("Wie alt war er da?", "Wer wurde 2012 Bürgermeister von Kiel?")
        == "Wie alt war er da? (2012 Bürgermeister von Kiel)"
    )


def test_a_name_in_the_earlier_question_replaces_the_pronoun():
    assert (
        best("Und für welchen Verein spielte er?", "Warum wurde gegen Peter Klein ermittelt?")
        == "Für welchen Verein spielte Peter Klein?"
    )


def test_a_phrase_takes_the_case_of_the_pronoun():
    assert best("Wer hat ihn gebaut?", "Was kostete der alte Turm?") == "Wer hat den alten Turm gebaut?"


def test_a_phrase_keeps_its_gender():
    question = best("Wie lang war die?", "Wer gewann die 15. Etappe der Tour de France?")
    assert question.startswith("Wie lang war die 15. Etappe")


def test_a_possessive_becomes_a_genitive():
    assert best("Wie heißt sein Sprecher?", "Wo lebt Anton Huber?") == "Wie heißt Anton Hubers Sprecher?"


def test_a_name_ending_in_s_takes_an_apostrophe():
    assert best("Wie heißt seine Partei?", "Wo lebt Jan Wilders?") == "Wie heißt Jan Wilders’ Partei?"


def test_another_question_word_takes_over_the_sentence():
    assert best("Und wann?", "Wo wurde Gaddafi beigesetzt?") == "Wann wurde Gaddafi beigesetzt?"


def test_an_ellipsis_after_a_pronoun_question_is_resolved_through_both_turns():
    assert (
        best("Und wo?", "Wie heißt Paula Meier richtig?", "Wann ist sie geboren?")
        == "Wo ist Paula Meier geboren?"
    )


def test_another_name_takes_the_slot_of_the_first():
    assert best("Und Kim?", "Welche Länder hat Putin besucht?").startswith("Welche Länder hat Kim besucht?")


def test_another_year_takes_the_slot_of_the_first():
    assert best("Und 2019?", "Welches Land war 2018 Gast der Messe?").startswith("Welches Land war 2019 Gast")


def test_a_place_takes_the_slot_after_the_same_preposition():
    assert best("Und in Ulm?", "Wie viele Menschen leben in Bonn?").startswith(
        "Wie viele Menschen leben in Ulm?"
    )


def test_another_office_takes_the_slot_of_a_similar_one():
    assert best("Und Verteidigungsminister?", "Wer wurde 2006 im Irak Innenminister?").startswith(
        "Wer wurde 2006 im Irak Verteidigungsminister?"
    )


def test_a_noun_without_a_name_is_tried_with_the_last_topic_first_and_alone_last():
    history = [Turn("Was kostete das Radio?"), Turn("Auf welcher Werft entstand die Pride of America?")]
    candidates = standalone("Was hat das Schiff gekostet?", history)
    assert candidates[0] == "Was hat das Schiff gekostet? (Pride of America, Werft)"
    assert candidates[-1] == "Was hat das Schiff gekostet?"
    assert "Radio" not in " ".join(candidates)


def test_a_bare_reference_is_never_asked_without_its_context():
    assert "Und wann war das?" not in standalone(
        "Und wann war das?", [Turn("Welche Bilder raubte Kurt Maier?")]
    )


def test_the_second_candidate_carries_the_whole_conversation():
    history = [Turn("Wer betreibt das Kraftwerk Isar?"), Turn("Seit wann läuft das?")]
    assert "Wer betreibt das Kraftwerk Isar?" in standalone("Wie viel leistet es?", history)[1]


def test_a_topic_that_changed_within_the_history_is_forgotten():
    history = [Turn("Was sagte Merkel 2007 zu Opel?"), Turn("Wo liegt der Mount Everest in Nepal?")]
    assert not any("Merkel" in candidate for candidate in standalone("Wie hoch ist der?", history))


@pytest.mark.parametrize("remark", ["Danke!", "Bitte auch die Quellen nennen."])
def test_a_remark_is_no_follow_up(remark: str):
    assert standalone(remark, [Turn("Wo liegt die Stadt Bonn?")]) == [remark]


@pytest.mark.parametrize(
    "remark", ["hallo", "danke", "danke für die Info", "asdf", "?", "ok", "Das stimmt nicht", "And when?"]
)
def test_what_asks_nothing_in_german_stays_no_question(remark: str):
    history = [Turn("Welche Länder hat Putin besucht?", "Nordkorea und Vietnam")]
    assert standalone(remark, history) == [remark]
    assert not is_question(remark)


def test_a_conversation_without_capitals_keeps_its_whole_context():
    assert best("wer hat sie gebaut?", "wann wurde die elbphilharmonie eröffnet?") == (
        "wer hat sie gebaut? (wann wurde die elbphilharmonie eröffnet?)"
    )


def test_empty_turns_are_passed_over():
    assert standalone("Und wann?", [Turn(""), Turn("  ")]) == ["Und wann?"]


_WORDS = st.one_of(
    st.sampled_from(["Und", "wer", "wie", "wann", "was", "hat", "ist", "er", "sie", "das", "die", "dessen"]),
    st.sampled_from(
        ["sein", "dort", "Berlin", "Putin", "2006", "Haus", "im", "von", ",", "?", "„", "“", "("]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=8), st.lists(st.tuples(st.lists(_WORDS, max_size=8), st.text(max_size=12))))
def test_any_input_gives_one_to_three_different_candidates(
    question: list[str], history: list[tuple[list[str], str]]
):
    candidates = standalone(" ".join(question), [Turn(" ".join(words), answer) for words, answer in history])
    assert 1 <= len(candidates) <= 3
    assert len(set(candidates)) == len(candidates)
