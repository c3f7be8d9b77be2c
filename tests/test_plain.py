"""Replies as plain text for the command line."""

from qa_service.plain import readable
from qa_service.schemas.replies import ReplyBody
from tests.conftest import Serve


def plain(serve: Serve, question: str, words: dict[str, float] | None = None) -> list[str]:
    reply = serve(words=words).post("/ask", json={"question": question}).get_json()
    return (
        readable(ReplyBody.model_validate(reply)).replace("\x1b[1m", "*").replace("\x1b[0m", "*").splitlines()
    )


def test_an_answer_has_numbered_sources(serve: Serve):
    lines = plain(serve, "Welche Länder hat Putin besucht?")
    assert lines[:6] == [
        "*Nordkorea und Vietnam*",
        "",
        "*Nordkorea* (ziemlich sicher, 2 unabhängige Quellen)",
        "  [1] Er besuchte *Nordkorea* 🚆 zuerst.",
        "      REISE/1 · Kurier · 19. Juni 2024",
        "      /articles/reise/1#38-47",
    ]
    assert lines[-1] == "4 Textstellen gelesen."


def test_copies_are_named_under_their_source(serve: Serve):
    assert "      Gleichlautend: kopie" in plain(serve, "Welche Länder hat Putin besucht?")


def test_a_question_in_english_is_told_that_german_is_understood(serve: Serve):
    assert "nur auf Deutsch" in plain(serve, "Which countries did Putin visit?")[1]


def test_silence_has_a_reason_and_the_nearest_passages(serve: Serve):
    lines = plain(serve, "Welche Länder hat Putin besucht?", words={})
    assert lines[:4] == [
        "*Keine Antwort gefunden*",
        "Im Archiv steht nichts, was zu dieser Frage passt.",
        "",
        "Die nächstliegenden Textstellen:",
    ]
    assert lines[4] == "  - Am Mittwoch kam Putin an. Er besuchte Nordkorea 🚆 zuerst."


def test_what_was_understood_comes_first_where_something_else_was_typed(serve: Serve):
    reply = serve().post("/ask", json={"question": "Welche Länder hat Putin besucht?"}).get_json()
    typed = reply | {"question": "Welche Länder hat Ptuin besucht?"}
    assert readable(ReplyBody.model_validate(typed)).splitlines()[:2] == [
        "Verstanden als: „Welche Länder hat Putin besucht?“",
        "",
    ]
    assert "Verstanden als" not in readable(ReplyBody.model_validate(reply))
