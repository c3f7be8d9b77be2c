"""Reading an article from the chat page in a real Chromium, over fakes."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import ask, context, served
from tests.conftest import Serve
from tests.fakes import article

pytestmark = pytest.mark.browser


def open_source(page: Page, title: str) -> None:
    page.get_by_role("link", name=f"Im Artikel lesen: {title}").click()


def test_a_source_opens_beside_the_conversation_at_the_answer(page: Page):
    ask(page)
    open_source(page, "REISE/1")
    expect(page.locator(".reader h2")).to_have_text("REISE/1")
    expect(page.locator(".reader mark")).to_have_text("Nordkorea")
    expect(page.locator(".reader mark")).to_be_in_viewport()
    assert "".join(page.locator(".reader .quoted").all_text_contents()) == "Er besuchte  🚆 zuerst."
    expect(page.locator(".sentence")).to_be_visible()


def test_escape_closes_the_article_and_goes_back_to_its_link(page: Page):
    ask(page)
    open_source(page, "REISE/1")
    expect(page.locator(".reader h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".reader")).to_be_hidden()
    expect(page.get_by_role("link", name="Im Artikel lesen: REISE/1")).to_be_focused()


def test_every_citation_of_the_answer_is_marked_and_can_be_stepped_through(browser: Browser, serve: Serve):
    filler = "\n\n".join(["Sonst geschah an diesem Tag wenig. " * 30] * 3)
    long = article("lang", f"Putin besuchte Nordkorea.\n\n{filler}\n\nEr besuchte auch Vietnam.")
    app = serve(articles=(long,), words={"Nordkorea": 0.9, "Vietnam": 0.8}).application
    with served(app) as address, context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/")
        ask(page)
        page.locator(".evidence", has_text="Vietnam").get_by_role("link", name="Im Artikel").first.click()
        expect(page.locator(".reader mark.target")).to_have_text("Vietnam")
        expect(page.locator(".reader mark.target")).to_be_in_viewport()
        expect(page.locator(".reader mark")).to_have_count(2)
        page.get_by_role("button", name="Vorige Stelle").click()
        expect(page.locator(".reader mark.target")).to_have_text("Nordkorea")
        expect(page.locator(".reader mark.target")).to_be_in_viewport()


def test_the_original_opens_at_the_quotation(browser: Browser, serve: Serve):
    found = article("a", "Eins. Putin kam nach Kuba.", url="https://zeitung.example/a-b")
    with (
        served(serve(articles=(found,), words={"Kuba": 0.9}).application) as address,
        context(browser, address) as opened,
    ):
        page = opened.new_page()
        page.goto("/")
        ask(page)
        original = page.get_by_role("link", name="Original").first
        expect(original).to_have_attribute(
            "href", "https://zeitung.example/a-b#:~:text=Putin%20kam%20nach%20Kuba."
        )


def test_on_a_small_screen_a_source_is_a_page_and_back_keeps_the_conversation(browser: Browser, address: str):
    with context(browser, address, viewport={"width": 390, "height": 740}) as opened:
        page = opened.new_page()
        page.goto("/")
        ask(page)
        open_source(page, "REISE/1")
        expect(page.locator("h1")).to_have_text("REISE/1")
        expect(page.locator("mark")).to_have_text("Nordkorea")
        expect(page.locator("mark")).to_be_in_viewport()
        page.go_back()
        expect(page.locator(".sentence")).to_contain_text("Nordkorea")


def test_markup_in_an_article_is_shown_as_text(page: Page):
    ask(page)
    tricky = "<script>document.title=3</script>"
    expect(page.locator("cite", has_text="script")).to_have_text(tricky)
    open_source(page, tricky)
    expect(page.locator(".reader h2")).to_have_text(tricky)
    expect(page.locator(".reader .text")).to_contain_text("<script>document.title=2</script>")
    expect(page.locator(".reader mark")).to_have_text("Kuba")
    assert page.title() == "Nachrichtenarchiv fragen"
    assert page.locator("a[href^=javascript]").count() == 0
    assert page.locator("main img, .reader img").count() == 0

    page.goto(page.get_by_role("link", name="Eigene Seite").get_attribute("href") or "")
    expect(page.locator("mark")).to_have_text("Kuba")
    expect(page.locator(".text")).to_contain_text("<script>document.title=2</script>")
    assert page.title() == tricky
    assert page.locator("a[href^=javascript]").count() == 0


def test_an_article_that_is_gone_is_told(browser: Browser, address: str):
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto("/")
        ask(page)
        page.route("**/articles/**", lambda route: route.fulfill(status=404, body="{}"))
        open_source(page, "REISE/1")
        expect(page.get_by_role("alert")).to_contain_text("gibt es im Archiv nicht mehr")


def test_the_documentation_of_the_api_appears(page: Page):
    page.goto("/docs")
    expect(page.get_by_role("heading", name="German news QA")).to_be_visible()
    expect(page.get_by_text("Ask a question.")).to_be_visible()
