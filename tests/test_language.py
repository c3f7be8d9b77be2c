"""The language of a question by its function words, so that only German ones are answered."""

import pytest

from qa_service.wording.language import language_of


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Which countries did Putin visit?"),
        ("en", "In which countries did Putin stay?"),
        ("en", "Is Putin in Vietnam?"),
        ("en", "name all countries"),
        ("en", "And Vietnam?"),
        ("en", "Why?"),
        ("en", "Who is the editor of Der Spiegel?"),
        ("fr", "Quels pays Poutine a-t-il visités ?"),
        ("es", "¿Qué países visitó Putin?"),
        ("it", "Quali paesi ha visitato Putin?"),
        ("nl", "Welke landen heeft Poetin bezocht?"),
        ("pl", "Jakie kraje odwiedził Putin?"),
        ("tr", "Putin hangi ülkeleri ziyaret etti?"),
        ("und", "Какие страны посетил Путин?"),
    ],
)
def test_another_language_is_told_by_its_function_words(language: str, question: str):
    assert language_of(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "Welche Länder hat Putin besucht?",
        "welche laender hat putin besucht",
        "Und wann?",
        "Vietnam?",
        "putin nordkorea",
        "Wer sang All you need is love?",
        "Wann erschien „What is love“?",
        "Wann spielt The Who in Hamburg?",
        "The Beatles Konzert",
        "WHO Impfung?",
        "Do Kwon?",
        "El Niño Folgen",
        "Is das wahr?",
        "will Trump Grönland kaufen",
        "asdf",
        "?",
    ],
)
def test_german_with_foreign_names_and_titles_is_german(question: str):
    assert language_of(question) == "de"
