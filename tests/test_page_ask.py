"""Asking on the chat page in a real Chromium, over fakes."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browsing import QUESTION, ask, context, served
from tests.conftest import Serve
from tests.fakes import article

pytestmark = pytest.mark.browser


def test_the_question_box_has_the_focus(page: Page):
    expect(page.get_by_label("Ihre Frage")).to_be_focused()
    expect(page.locator("#state")).to_have_text("5 Artikel")


def test_enter_asks_and_shows_answers_with_their_evidence(page: Page):
    ask(page)
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")
    north_korea = page.locator(".chip", has_text="Nordkorea")
    expect(north_korea).to_contain_text("sehr sicher")
    expect(north_korea).to_contain_text("2 unabhängige Quellen")
    expect(page.get_by_label("Ihre Frage")).to_be_focused()
    expect(page.locator("#announcement")).to_contain_text("Antwort: ")


def test_the_answer_is_marked_in_the_quote_behind_an_emoji_too(page: Page):
    ask(page)
    marks = page.locator(".sources mark").all_text_contents()
    assert sorted(marks) == ["Kuba", "Nordkorea", "Nordkorea", "Vietnam"]


def test_the_number_behind_the_words_is_shown_on_demand(page: Page):
    ask(page)
    number = page.locator(".evidence").first.locator(".certainty p")
    expect(number).to_be_hidden()
    page.locator(".evidence").first.locator(".certainty summary").click()
    expect(number).to_be_visible()
    expect(number).to_contain_text(re.compile(r"^\d+ % Von 100 Antworten"))


def test_a_copy_is_folded_under_its_source(page: Page):
    ask(page)
    page.get_by_text("Eine gleichlautende Meldung").click()
    expect(page.get_by_role("link", name="kopie", exact=True)).to_be_visible()


def test_passages_are_shown_while_reading_goes_on(page: Page):
    page.route("**/ask", lambda route: fulfil_passages_only(page, route))
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".waiting .sources li")).to_have_count(4)
    expect(page.get_by_role("alert")).to_contain_text("abgebrochen")
    expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)


def fulfil_passages_only(page: Page, route: Route) -> None:
    """A server that finds passages and is gone before the answer."""
    response = page.context.request.post(
        "/ask", data=route.request.post_data_json, headers={"Accept": "text/event-stream"}
    )
    route.fulfill(body=response.text().split("event: answer")[0], content_type="text/event-stream")


def test_sources_that_disagree_stand_side_by_side_with_their_dates(browser: Browser, serve: Serve):
    articles = (
        article("a", "Der Brand forderte 12 Tote.", published="2024-03-02", source="Kurier"),
        article("b", "Der Brand forderte 14 Tote.", published="2024-03-05", source="Bote"),
    )
    app = serve(articles=articles, words={"12 Tote": 0.9, "14 Tote": 0.9}).application
    with served(app) as address, context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/")
        ask(page, "Wie viele Tote forderte der Brand?")
        expect(page.locator(".disagreement")).to_have_text("Die Quellen widersprechen sich.")
        left, right = (page.locator(".versus .evidence").nth(i).bounding_box() for i in (0, 1))
        assert left["y"] == right["y"]
        expect(page.locator(".when")).to_have_text(["5. März 2024", "2. März 2024"])


def test_finding_nothing_says_why_and_shows_the_nearest_passages(browser: Browser, serve: Serve):
    with served(serve(words={}).application) as address, context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/")
        ask(page)
        expect(page.locator(".sentence")).to_have_text("Keine Antwort gefunden")
        expect(page.get_by_text("Im Archiv steht nichts")).to_be_visible()
        expect(page.locator(".passage")).to_have_count(4)
        page.get_by_role("button", name="Neues Gespräch").click()
        ask(page, "hallo")
        expect(page.get_by_text("Das ist keine Frage")).to_be_visible()


def test_a_follow_up_is_sent_with_its_history_and_shown_as_understood(page: Page):
    ask(page)
    answer = page.locator(".sentence").text_content()
    with page.expect_request("**/ask") as sent:
        ask(page, "Und wann war er dort?")
    assert sent.value.post_data_json["history"] == [{"question": QUESTION, "answer": answer}]
    expect(page.locator(".understood").last).to_contain_text("Putin")


def test_a_new_conversation_forgets_the_old_one(page: Page):
    ask(page)
    page.get_by_role("button", name="Neues Gespräch").click()
    expect(page.locator(".turn")).to_have_count(0)
    with page.expect_request("**/ask") as sent:
        ask(page)
    assert sent.value.post_data_json["history"] == []


def test_a_conversation_survives_a_reload_and_is_found_in_the_menu(page: Page):
    ask(page)
    page.reload()
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")
    page.get_by_role("button", name="Neues Gespräch").click()
    page.locator("#menu summary").click()
    page.locator("#recent").get_by_role("button", name=QUESTION, exact=True).click()
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")


def test_two_tabs_keep_their_own_conversations(page: Page):
    ask(page)
    other = page.context.new_page()
    other.goto("/")
    expect(other.locator(".turn")).to_have_count(0)
    ask(other, "Wer empfing Putin?")
    page.reload()
    expect(page.locator(".turn > h2")).to_have_text(QUESTION)


def test_arrow_up_brings_the_last_question_back(page: Page):
    ask(page)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Ihre Frage")).to_have_value("")


def test_a_long_paste_is_told_and_kept(page: Page):
    box = page.get_by_label("Ihre Frage")
    box.fill("x" * 10_000)
    expect(page.locator("#limit")).to_contain_text("10.000 Zeichen")
    expect(page.get_by_role("button", name="Fragen")).to_be_disabled()
    page.keyboard.press("Enter")
    expect(box).to_have_value("x" * 10_000)
    box.fill("Wohin?")
    expect(page.locator("#limit")).to_be_empty()


def test_a_chosen_source_and_period_are_sent_and_taken_back(page: Page):
    page.locator("#source-panel summary").click()
    page.get_by_role("checkbox", name="Kurier").check()
    page.keyboard.press("Escape")
    page.locator("#period-panel summary").click()
    page.get_by_label("Von").fill("2024-06-01")
    page.keyboard.press("Escape")
    expect(page.locator("#chosen button")).to_have_text(["ab 1. Juni 2024", "Kurier"])
    page.get_by_label("Ihre Frage").focus()
    with page.expect_request("**/ask") as sent:
        ask(page)
    filters = sent.value.post_data_json["filters"]
    assert filters == {"published_from": "2024-06-01", "published_to": None, "sources": ["Kurier"]}
    page.get_by_role("button", name="Filter „Kurier“ entfernen").click()
    expect(page.locator("#chosen button")).to_have_text(["ab 1. Juni 2024"])


def test_stop_ends_the_wait_and_gives_the_question_back(page: Page):
    page.route("**/ask", lambda _route: None)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stopp").click()
    expect(page.get_by_role("alert")).to_contain_text("Abgebrochen")
    expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)
    page.unroute("**/ask")
    page.get_by_role("button", name="Noch einmal fragen").click()
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")


def test_a_server_that_is_gone_is_told_and_nothing_typed_is_lost(browser: Browser, address: str):
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/")
        page.route("**/ask", lambda route: route.abort())
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Verbindung zum Server")
        expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)


def test_an_answer_is_copied_with_its_sources(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page)
    page.get_by_role("button", name="Kopieren", exact=True).click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"Frage: {QUESTION}" in copied
    assert "„Er besuchte Nordkorea 🚆 zuerst.“\n    REISE/1, Kurier, 19. Juni 2024\n    http://" in copied
    page.get_by_role("button", name="Als Markdown kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_have_count(2)
    assert r"\<script\>document.title=3\</script\>, Juli 2024](<http" in page.evaluate(
        "navigator.clipboard.readText()"
    )


def test_a_permalink_shows_the_answer_at_once_and_goes_on(page: Page):
    page.goto("/?q=Welche+L%C3%A4nder+hat+Putin+besucht%3F&source=Kurier")
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")
    expect(page.locator("#chosen button")).to_have_text(["Kurier"])
    with page.expect_request("**/ask") as sent:
        ask(page, "Und wann war er dort?")
    assert [turn["question"] for turn in sent.value.post_data_json["history"]] == [QUESTION]


def test_a_wrong_answer_is_reported_with_its_reason(page: Page):
    ask(page)
    page.get_by_role("button", name="Falsch").click()
    page.get_by_label("Veraltet").check()
    page.get_by_label("Anmerkung").fill("siehe heute")
    page.get_by_role("button", name="Absenden").click()
    expect(page.locator(".thanks")).to_be_visible()
    (entry,) = page.context.request.get("/feedback").json()["entries"]
    assert (entry["rating"], entry["reason"], entry["comment"]) == ("wrong", "outdated", "siehe heute")
    assert sorted(answer["text"] for answer in entry["answers"]) == ["Kuba", "Nordkorea", "Vietnam"]


def test_a_right_answer_needs_one_click(page: Page):
    ask(page)
    page.get_by_role("button", name="Richtig").click()
    expect(page.locator(".thanks")).to_be_visible()
    assert page.context.request.get("/feedback").json()["entries"][0]["rating"] == "right"


def test_the_page_speaks_english_where_asked(page: Page):
    page.goto("/?lang=en")
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    ask(page)
    expect(page.locator(".chip", has_text="Nordkorea")).to_contain_text("2 independent sources")
