"""The pages for everyone: keyboard, small screens, dark mode, no JavaScript, axe-core (WCAG 2.2 AA)."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from qa_service.keys import Keys
from tests.browsing import QUESTION, ask, context, served
from tests.living import living

# WCAG 2.2 AA; of the best practices too, what axe-core knows.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

pytestmark = pytest.mark.browser


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        json.dumps([each["id"], each["help"], [node["html"][:120] for node in each["nodes"]]])
        for each in found
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(browser: Browser, address: str, scheme: str):
    with context(browser, address, color_scheme=scheme, reduced_motion="reduce") as opened:
        page = opened.new_page()
        page.goto("/")
        assert violations(page) == []
        ask(page)
        page.get_by_role("button", name="Falsch").click()
        page.get_by_role("link", name="Im Artikel lesen: REISE/1").click()
        expect(page.locator(".reader h2")).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.locator("#menu summary").click()
        assert violations(page) == []


@pytest.mark.parametrize(
    "address_of", ["/articles/reise/1#53-62", "/verwalten", "/?q=hallo", "/articles/weg"]
)
def test_axe_finds_nothing_wrong_on_the_other_pages(browser: Browser, address: str, address_of: str):
    with context(browser, address) as opened:
        page = opened.new_page()
        page.goto(address_of)
        page.wait_for_load_state("networkidle")
        assert violations(page) == []


def test_axe_finds_nothing_wrong_on_the_login_page(browser: Browser, tmp_path: Path):
    keys = Keys(tmp_path)
    keys.add("k", ["ask"])
    with served(living(tmp_path, keys).client.application) as running, context(browser, running) as opened:
        page = opened.new_page()
        page.goto("/")
        assert violations(page) == []
        page.get_by_label("Ihr Schlüssel").fill("qa_falsch")
        page.get_by_role("button", name="Anmelden").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert violations(page) == []


def test_people_log_in_and_out_by_their_browser(browser: Browser, tmp_path: Path):
    keys = Keys(tmp_path)
    secret = keys.add("k", ["ask", "read", "write"])
    with served(living(tmp_path, keys).client.application) as running, context(browser, running) as opened:
        page = opened.new_page()
        page.goto("/")
        page.get_by_label("Ihr Schlüssel").fill(secret)
        page.get_by_role("button", name="Anmelden").click()
        expect(page.get_by_label("Ihre Frage")).to_be_focused()
        page.goto("/verwalten")
        page.get_by_role("button", name="Abmelden").click()
        expect(page.get_by_label("Ihr Schlüssel")).to_be_visible()
        page.goto("/")
        expect(page.get_by_label("Ihr Schlüssel")).to_be_visible()


def test_everything_can_be_done_by_keyboard_alone(page: Page):
    ask(page)
    tab_to(page, ".evidence .certainty summary", backwards=True)
    page.keyboard.press("Enter")
    expect(page.locator(".certainty[open]")).to_be_visible()
    tab_to(page, "a[data-article]")
    page.keyboard.press("Enter")
    expect(page.locator(".reader h2")).to_be_focused()
    tab_to(page, ".reader .tools button", backwards=True)
    page.keyboard.press("Enter")
    expect(page.locator(".reader")).to_be_hidden()
    tab_to(page, ".feedback button")
    page.keyboard.press("Enter")
    expect(page.locator(".thanks")).to_be_visible()


def tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    """Press Tab until an element that fits has the focus."""
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by Tab")


def test_the_first_tab_stop_skips_the_header(page: Page):
    page.goto("/verwalten")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()


@pytest.mark.parametrize(("scheme", "light"), [("light", True), ("dark", False)])
def test_the_page_follows_the_colours_of_the_system(
    browser: Browser, address: str, scheme: str, *, light: bool
):
    with context(browser, address, color_scheme=scheme) as opened:
        page = opened.new_page()
        page.goto("/")
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        brightness = sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
        assert (brightness > 600) is light


# 320 px is also 1280 px at a zoom of 400 %, 640 px at one of 200 %.
@pytest.mark.parametrize("width", [320, 640, 1400])
def test_nothing_reaches_over_the_edge(browser: Browser, address: str, width: int):
    with context(browser, address, viewport={"width": width, "height": 640}) as opened:
        page = opened.new_page()
        page.goto("/")
        ask(page)
        page.get_by_role("button", name="Falsch").click()
        for panel in ("#menu", "#period-panel", "#source-panel"):
            page.locator(f"{panel} summary").click()
            sheet = page.locator(f"{panel} .sheet").bounding_box()
            assert sheet["x"] >= 0
            assert sheet["x"] + sheet["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto("/verwalten")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_javascript_the_form_asks_and_the_source_is_a_page(browser: Browser, address: str):
    with context(browser, address, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/")
        page.get_by_label("Ihre Frage").fill(QUESTION)
        page.get_by_role("button", name="Fragen").click()
        expect(page.locator(".sentence")).to_contain_text("Nordkorea")
        expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)
        expect(page.locator(".sources mark")).to_have_count(4)
        page.get_by_role("link", name="Im Artikel lesen").first.click()
        expect(page.locator("h1")).to_be_visible()


def test_without_javascript_the_filters_apply(browser: Browser, address: str):
    with context(browser, address, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/")
        page.locator("#period-panel summary").click()
        page.get_by_label("Von").fill("2024-06-20")
        page.get_by_label("Ihre Frage").fill(QUESTION)
        page.get_by_role("button", name="Fragen").click()
        page.locator("#period-panel summary").click()
        expect(page.get_by_label("Von")).to_have_value("2024-06-20")
