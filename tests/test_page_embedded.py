"""The chat box in pages of other sites, in a real Chromium: one origin may show it, another may not."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, FrameLocator, Page, expect

from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.service import Service
from qa_service.settings import Settings
from tests.browsing import QUESTION, context, served
from tests.conftest import COUNTRIES, TRAVELS
from tests.fakes import FakeFinder, FakeLibrary, FakeReader
from tests.test_page_everyone import violations

pytestmark = pytest.mark.browser

HOST_POLICY = "default-src 'none'; script-src {service}; frame-src {service}; style-src 'unsafe-inline'"


@dataclass
class Places:
    """Addresses: the service, a site that may show its chat box, and one that may not."""

    service: str = ""
    allowed: str = ""
    stranger: str = ""
    page: Flask = field(default_factory=lambda: Flask("intranet"))


@pytest.fixture
def places() -> Iterator[Places]:
    here = Places()

    def intranet() -> tuple[str, dict[str, str]]:
        html = (
            "<!doctype html><html lang='de'><title>Intranet</title>"
            "<body style='width: 40rem'><h1>Intranet</h1>"
            f"<script src='{here.service}/embed.js' data-lang='de' async></script></body></html>"
        )
        return html, {"Content-Security-Policy": HOST_POLICY.format(service=here.service)}

    here.page.add_url_rule("/", view_func=intranet)
    with served(here.page) as here.allowed, served(here.page) as here.stranger:
        library, reader = FakeLibrary(TRAVELS), FakeReader(COUNTRIES)
        answerer = Answerer(search=FakeFinder(TRAVELS), reader=reader, archive=library)
        settings = Settings(allowed_origins=(here.allowed,))
        with served(create_app(Service(answerer, library, "e", "r"), settings)) as here.service:
            yield here


@pytest.fixture
def page(browser: Browser, places: Places) -> Iterator[Page]:
    with context(browser, places.allowed) as opened:
        chat = opened.new_page()
        complaints: list[str] = []
        chat.on("pageerror", lambda error: complaints.append(str(error)))
        chat.goto("/")
        yield chat
        assert not complaints


def box(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def ask(page: Page) -> None:
    expect(box(page).locator("#state")).to_have_text("4 Artikel")  # the page's script is there
    box(page).get_by_label("Ihre Frage").fill(QUESTION)
    box(page).get_by_label("Ihre Frage").press("Enter")
    expect(box(page).locator(".sentence")).to_contain_text("Nordkorea")


def test_an_allowed_page_shows_the_chat_box_and_its_answer(page: Page):
    expect(page.locator("iframe")).to_have_attribute("title", "Nachrichtenarchiv fragen")
    ask(page)
    expect(box(page).locator(".evidence")).to_have_count(2)


def test_the_frame_is_as_high_as_what_it_holds(page: Page):
    ask(page)
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 500")
    inside = page.frames[1]
    inside.wait_for_function(
        "Math.abs(innerHeight - Math.ceil(document.body.getBoundingClientRect().height)) <= 1"
    )


def test_what_belongs_to_the_page_alone_is_not_shown(page: Page):
    expect(box(page).get_by_label("Ihre Frage")).to_be_visible()
    expect(box(page).locator("#menu")).to_be_hidden()


def test_the_page_around_keeps_its_focus(page: Page):
    expect(box(page).locator("#state")).to_have_text("4 Artikel")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_source_opens_in_a_window_of_its_own(page: Page, places: Places):
    ask(page)
    with page.context.expect_page() as opened:
        box(page).locator("a[data-article]").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(f"{places.service}/articles/")
    expect(opened.value.locator("mark").first).to_be_visible()


def test_a_new_conversation_stays_embedded(page: Page):
    ask(page)
    box(page).get_by_role("button", name="Neues Gespräch").click()
    expect(box(page).locator(".turn")).to_have_count(0)
    assert page.frames[1].url.endswith("/?embedded=1&lang=de")


def test_an_origin_that_is_not_allowed_shows_nothing(browser: Browser, places: Places):
    with context(browser, places.stranger) as opened:
        page = opened.new_page()
        with page.expect_console_message(lambda told: "frame-ancestors" in told.text):
            page.goto("/")
        expect(box(page).locator("#question")).to_have_count(0)
        assert not page.frames[1].url.startswith(places.service)


def test_the_box_answers_a_greeting_and_nothing_else(page: Page, places: Places):
    ask(page)
    page.evaluate(
        """service => {
            window.heard = [];
            addEventListener("message", ({ data }) => heard.push(data));
            const frame = document.querySelector("iframe").contentWindow;
            frame.postMessage({ type: "qa:other" }, service);
            frame.postMessage({ type: "qa:hello" }, service);
        }""",
        places.service,
    )
    page.wait_for_function("heard.length > 0")
    assert {told["type"] for told in page.evaluate("heard")} == {"qa:height"}


def test_axe_finds_nothing_wrong_in_the_frame(browser: Browser, places: Places):
    with context(browser, places.service) as opened:
        alone = opened.new_page()
        alone.goto("/?embedded=1")
        expect(alone.locator("#state")).to_have_text("4 Artikel")
        assert violations(alone) == []


def test_the_page_around_believes_only_the_box(page: Page):
    ask(page)
    height = "document.querySelector('iframe').style.height"
    page.wait_for_function(f"{height}.endsWith('px')")
    before = page.evaluate(height)
    page.evaluate("postMessage({ type: 'qa:height', height: 7777 }, '*')")
    page.evaluate(
        "new Promise(done => { addEventListener('message', () => done()); postMessage('later', '*'); })"
    )
    assert page.evaluate(height) == before
