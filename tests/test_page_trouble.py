"""What can go wrong around the chat page: slow networks, lost servers, reloads, the way back, old links."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browsing import QUESTION, ask, context, served
from tests.conftest import Serve

pytestmark = pytest.mark.browser

DRAFT = "Und wer empfing ihn dort?"


def box(page: Page):
    return page.get_by_label("Ihre Frage")


@pytest.fixture
def held(page: Page) -> Callable[[], Route]:
    """Hold the next question back; gives the request to let go of it."""
    routes: list[Route] = []
    page.route("**/ask", lambda route: routes.append(route), times=1)  # noqa: PLW0108 - Playwright marks it

    def waiting() -> Route:
        expect(page.locator(".waiting")).to_be_visible()
        return routes[0]

    return waiting


def test_a_slow_network_shows_what_is_going_on_and_then_the_answer(page: Page):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": 20_000, "uploadThroughput": 20_000}
    session.send("Network.emulateNetworkConditions", slow)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".waiting")).to_be_visible()
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")


def test_what_is_typed_while_an_answer_is_awaited_is_kept_and_not_sent(page: Page, held: Callable[[], Route]):
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    route = held()
    page.keyboard.type(DRAFT)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    route.continue_()
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")
    expect(box(page)).to_have_value(DRAFT)
    expect(page.locator(".turn")).to_have_count(1)


def test_a_reload_before_the_answer_gives_the_question_back(page: Page, held: Callable[[], Route]):
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    held()
    page.reload()
    expect(box(page)).to_have_value(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".sentence")).to_contain_text("Nordkorea")
    expect(box(page)).to_have_value("")


def test_without_a_network_the_question_stays_and_can_be_asked_again(browser: Browser, address: str):
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/")
        opened.set_offline(True)
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Verbindung zum Server")
        expect(box(page)).to_have_value(QUESTION)
        opened.set_offline(False)
        page.get_by_role("button", name="Noch einmal fragen").click()
        expect(page.locator(".sentence")).to_contain_text("Nordkorea")


def test_the_way_back_from_an_article_keeps_conversation_and_draft(browser: Browser, address: str):
    with context(browser, address, viewport={"width": 390, "height": 740}) as opened:
        page = opened.new_page()
        page.goto("/")
        ask(page)
        box(page).fill(DRAFT)
        page.get_by_role("link", name="Im Artikel lesen: REISE/1").click()
        expect(page.locator("h1")).to_have_text("REISE/1")
        page.go_back()
        expect(page.locator(".sentence")).to_contain_text("Nordkorea")
        expect(box(page)).to_have_value(DRAFT)


def test_a_draft_belongs_to_its_tab(page: Page):
    box(page).fill(DRAFT)
    other = page.context.new_page()
    other.goto("/")
    expect(box(other)).to_have_value("")
    page.reload()
    expect(box(page)).to_have_value(DRAFT)


def test_a_link_to_an_article_that_is_gone_says_so_and_leads_back(browser: Browser, address: str):
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/articles/weg#3-9", wait_until="commit")
        expect(page.locator("h1")).to_contain_text("gibt es im Archiv nicht mehr")
        page.get_by_role("link", name="Zurück zum Gespräch").click()
        expect(box(page)).to_be_focused()


def test_an_old_link_to_a_question_says_why_there_is_no_answer_any_more(browser: Browser, serve: Serve):
    with (
        served(serve(articles=(), copies=()).application) as address,
        context(browser, address) as opened,
    ):
        page = opened.new_page()
        page.goto("/?q=Welche+L%C3%A4nder+hat+Putin+besucht%3F&source=Kurier")
        expect(page.locator(".turn > h2")).to_have_text(QUESTION)
        expect(page.get_by_text("Das Archiv ist noch leer.")).to_be_visible()
        expect(page.locator("#chosen button")).to_have_text(["Kurier"])


def test_a_question_in_english_is_told_that_german_is_understood(page: Page):
    ask(page, "Which countries did Putin visit?")
    expect(page.get_by_text("Fragen werden nur auf Deutsch verstanden")).to_be_visible()
    expect(page.locator(".sentence")).to_have_text("Keine Antwort gefunden")


def test_nothing_moves_where_motion_is_unwanted(browser: Browser, address: str):
    with context(browser, address, reduced_motion="reduce") as opened:
        page = opened.new_page()
        page.goto("/")
        page.route("**/ask", lambda _route: None)
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator(".progress")).to_be_visible()
        moving = "[...document.querySelectorAll('*')].filter((e) => e.getAnimations().length > 0).length"
        assert page.evaluate(moving) == 0
