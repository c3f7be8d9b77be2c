"""A real Chromium over an application in a thread; what the tests of the pages share."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from werkzeug.serving import make_server

QUESTION = "Welche Länder hat Putin besucht?"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Generous, because a busy machine is slow; a test that passes never waits that long.
expect.set_options(timeout=60_000)


def chromium(playwright: Playwright) -> Browser:
    """Launch the system's Chromium; skip the test where there is none, but not in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        if os.environ.get("CI"):
            pytest.fail(f"No Chromium at {path}; install it (apt-get install chromium) or set CHROMIUM.")
        pytest.skip("no Chromium here; set CHROMIUM to its path")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def context(browser: Browser, address: str, **options: object) -> Iterator[BrowserContext]:
    """Open a German browser window at an address."""
    opened = browser.new_context(**{"base_url": address, "locale": "de-DE"} | options)
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


@contextmanager
def watched(opened: BrowserContext, address: str) -> Iterator[Page]:
    """Open a page; a script error, a refused style or a request to another host fails the test."""
    page = opened.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on(
        "request", lambda sent: None if sent.url.startswith(address) else complaints.append(f"-> {sent.url}")
    )
    yield page
    assert not complaints


def ask(page: Page, question: str = QUESTION) -> None:
    """Type a question, send it by Enter and wait for the answer."""
    turns = page.locator(".answer").count()
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(turns + 1)
