"""The pages in a real Chromium, over fakes: what people see, click and type."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import TRAVELS, Serve
from tests.fakes import article

QUESTION = "Welche Länder hat Putin besucht?"
NASTY = article(
    "fies/<b>&?#",
    'Putin <img src=x onerror="document.title=1"> besuchte 😀😀 Kuba <script>document.title=2</script>.',
    title="<script>document.title=3</script>",
    url="javascript:alert(1)",
    published="2024-07",
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not os.path.exists(path):  # noqa: PTH110 - a plain question
        if os.environ.get("CI"):
            pytest.fail(f"No Chromium at {path}; install it (apt-get install chromium) or set CHROMIUM.")
        pytest.skip("no Chromium here; set CHROMIUM to its path")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def address(serve: Serve) -> Iterator[str]:
    words = {"Nordkorea": 0.95, "Vietnam": 0.8, "Kuba": 0.7}
    app = serve(articles=(*TRAVELS, NASTY), words=words).application
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The chat page; anything that the browser complains of fails the test."""
    context = browser.new_context(base_url=address, locale="de-DE")
    opened = context.new_page()
    complaints: list[str] = []
    foreign: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on(
        "request", lambda request: None if request.url.startswith(address) else foreign.append(request.url)
    )
    opened.goto("/")
    yield opened
    context.close()
    assert not complaints
    assert not foreign


def ask(page: Page, question: str) -> None:
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer").last).to_be_visible()


def test_the_question_box_has_the_focus(page: Page):
    expect(page.get_by_label("Ihre Frage")).to_be_focused()
    expect(page.locator("#state")).to_have_text("5 Artikel")


def test_enter_asks_and_shows_answers_with_their_evidence(page: Page):
    ask(page, QUESTION)
    expect(page.locator(".sentence")).to_have_text("Nordkorea, Vietnam und Kuba")
    expect(page.locator(".chip").first).to_contain_text("sehr sicher")
    expect(page.locator(".chip").first).to_contain_text("2 unabhängige Quellen")
    expect(page.get_by_label("Ihre Frage")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Antwort: Nordkorea, Vietnam und Kuba")


def test_the_answer_is_marked_in_the_quote_behind_an_emoji_too(page: Page):
    ask(page, QUESTION)
    marks = page.locator(".sources mark").all_text_contents()
    assert marks == ["Nordkorea", "Nordkorea", "Vietnam", "Kuba"]


def test_a_source_opens_the_article_at_the_answer(page: Page):
    ask(page, QUESTION)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Im Artikel lesen").first.click()
    article_page = opened.value
    expect(article_page.locator("h1")).to_have_text("REISE/1")
    expect(article_page.locator("mark")).to_have_text("Nordkorea")
    expect(article_page.locator("mark")).to_be_in_viewport()


def test_markup_in_an_article_is_shown_as_text(page: Page):
    ask(page, QUESTION)
    expect(page.locator("cite").last).to_have_text("<script>document.title=3</script>")
    assert page.title() == "Nachrichtenarchiv fragen"
    assert page.locator("a[href^=javascript]").count() == 0

    page.goto(page.locator(".origin a").last.get_attribute("href") or "")
    expect(page.locator("mark")).to_have_text("Kuba")
    expect(page.locator(".text")).to_contain_text("<script>document.title=2</script>")
    assert page.title() == "<script>document.title=3</script>"
    assert page.locator("a[href^=javascript]").count() == 0


def test_a_copy_is_folded_under_its_source(page: Page):
    ask(page, QUESTION)
    page.get_by_text("Eine gleichlautende Meldung").click()
    expect(page.get_by_role("link", name="kopie")).to_be_visible()


def test_finding_nothing_says_why_and_shows_the_nearest_passages(page: Page):
    ask(page, "hallo")
    expect(page.locator(".sentence")).to_have_text("Keine Antwort gefunden")
    expect(page.get_by_text("Das ist keine Frage")).to_be_visible()


def test_a_follow_up_is_sent_with_its_history_and_shown_as_understood(page: Page):
    ask(page, QUESTION)
    with page.expect_request("**/ask") as sent:
        ask(page, "Und wann war er dort?")
    body = sent.value.post_data_json
    assert body["history"] == [{"question": QUESTION, "answer": "Nordkorea, Vietnam und Kuba"}]
    expect(page.locator(".understood").last).to_contain_text("Putin")


def test_a_new_conversation_forgets_the_old_one(page: Page):
    ask(page, QUESTION)
    page.get_by_role("button", name="Neues Gespräch").click()
    expect(page.locator(".turn")).to_have_count(0)
    with page.expect_request("**/ask") as sent:
        ask(page, QUESTION)
    assert sent.value.post_data_json["history"] == []


def test_arrow_up_brings_the_last_question_back(page: Page):
    ask(page, QUESTION)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Ihre Frage")).to_have_value("")


def test_a_long_paste_is_cut_to_what_can_be_asked(page: Page):
    page.get_by_label("Ihre Frage").fill("x" * 1000)
    page.keyboard.type("yyy")
    expect(page.get_by_label("Ihre Frage")).to_have_value("x" * 1000)


@pytest.mark.parametrize(("scheme", "light"), [("light", True), ("dark", False)])
def test_the_page_follows_the_colours_of_the_system(
    browser: Browser, address: str, scheme: str, *, light: bool
):
    context = browser.new_context(base_url=address, color_scheme=scheme)
    opened = context.new_page()
    opened.goto("/")
    colour = opened.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    brightness = sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    assert (brightness > 600) is light
    context.close()


@pytest.mark.parametrize("width", [320, 1400])
def test_nothing_reaches_over_the_edge(browser: Browser, address: str, width: int):
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 640})
    opened = context.new_page()
    opened.goto("/")
    ask(opened, QUESTION)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_server_that_is_gone_is_told_and_nothing_typed_is_lost(browser: Browser, address: str):
    context = browser.new_context(base_url=address)
    opened = context.new_page()
    opened.goto("/")
    opened.route("**/ask", lambda route: route.abort())
    opened.keyboard.type(QUESTION)
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("alert")).to_contain_text("nicht erreichbar")
    expect(opened.get_by_label("Ihre Frage")).to_have_value(QUESTION)
    context.close()


def test_an_answer_that_breaks_off_is_told(browser: Browser, address: str):
    context = browser.new_context(base_url=address)
    opened = context.new_page()
    opened.goto("/")
    events = 'event: passages\ndata: {"passages": []}\n\nevent: error\ndata: {"status": 500}\n\n'
    opened.route("**/ask", lambda route: route.fulfill(body=events, content_type="text/event-stream"))
    opened.keyboard.type(QUESTION)
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("alert")).to_contain_text("schiefgegangen")
    context.close()


def test_the_documentation_of_the_api_appears(page: Page):
    page.goto("/docs")
    expect(page.get_by_role("heading", name="German news QA")).to_be_visible()
    expect(page.get_by_text("Ask a question.")).to_be_visible()
