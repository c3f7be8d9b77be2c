"""How soon the chat page can be used, how soon it shows passages, and what it weighs, in a real Chromium.

    python -m benchmarks.page [--data FOLDER] [--archive FOLDER] [--questions 30]

A warm server on this machine, a browser that runs already. Every load is a first visit: a new profile,
nothing cached. A page can be used when its scripts have run (`domContentLoadedEventEnd`; they are deferred
modules and come before that). Passages are on the screen one frame after they are in the document; the clock
starts with the key Enter. Needs Chromium: `chromium` on the path, or its path in CHROMIUM.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks import inputs
from benchmarks.process import archive_or_samples, serving
from evaluation import machine, report

MOST_INTERACTIVE_MS, MOST_PASSAGES_MS, MOST_BYTES = 300.0, 150.0, 100_000
_LOADS = 20
_WARM_UP = 3
_WAIT_MS = 60_000
_FRAME_MS = 16.0
_LOADED = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const parts = [page, ...performance.getEntriesByType("resource")];
    const painted = performance.getEntriesByName("first-contentful-paint")[0];
    return {
        interactive: page.domContentLoadedEventEnd,
        painted: painted ? painted.startTime : 0,
        bytes: parts.reduce((sum, part) => sum + part.decodedBodySize, 0),
    };
}"""
_WATCH = """() => {
    window.measured = {};
    addEventListener("keydown", (event) => {
        if (event.key === "Enter") window.measured = { asked: performance.now() };
    }, true);
    const onScreen = (name) => requestAnimationFrame(() => setTimeout(() => {
        window.measured[name] ??= performance.now() - window.measured.asked;
    }));
    let turns = 0;
    new MutationObserver(() => {
        if (document.querySelector(".waiting .sources li")) onScreen("passages");
        const answers = document.querySelectorAll(".answer").length;
        if (answers > turns) onScreen("answer");
        turns = answers;
    }).observe(document.body, { childList: true, subtree: true });
}"""


def loads(browser: Browser, address: str, count: int) -> list[dict[str, float]]:
    """Visit the page for the first time, again and again; milliseconds and bytes."""
    found = []
    for _ in range(_WARM_UP + count):
        visit = browser.new_context(locale="de-DE")
        page = visit.new_page()
        page.goto(address, wait_until="networkidle")
        found.append(page.evaluate(_LOADED))
        visit.close()
    return found[_WARM_UP:]


def asks(browser: Browser, address: str, questions: Sequence[str]) -> list[dict[str, float]]:
    """Ask one question after the other; milliseconds from Enter to passages and to the answer."""
    visit = browser.new_context(locale="de-DE")
    page = visit.new_page()
    page.set_default_timeout(_WAIT_MS)
    page.goto(address, wait_until="networkidle")
    page.evaluate(_WATCH)
    found: list[dict[str, float]] = []
    for number, question in enumerate(questions):
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        page.locator(".answer").nth(number).wait_for()
        while "answer" not in (measured := page.evaluate("() => window.measured")):
            page.wait_for_timeout(_FRAME_MS)
        found.append(measured)
    visit.close()
    return found[_WARM_UP:]


def section(loaded: Sequence[dict[str, float]], asked: Sequence[dict[str, float]]) -> report.Section:
    """Put times of loads and questions into a table."""
    rows: list[list[object]] = []
    figures: dict[str, Any] = {"bytes": int(max(each["bytes"] for each in loaded)), "questions": len(asked)}
    for name, values, most in (
        ("first paint", [each["painted"] for each in loaded], None),
        ("can be used", [each["interactive"] for each in loaded], MOST_INTERACTIVE_MS),
        # Passages that come with the answer itself were never waited for on their own.
        ("passages on the screen", [e.get("passages", e["answer"]) for e in asked], MOST_PASSAGES_MS),
        ("answer on the screen", [each["answer"] for each in asked], None),
    ):
        p50, p95 = (float(np.percentile(values, p)) for p in (50, 95))
        rows.append([name, f"{p50:.0f}", f"{p95:.0f}", "" if most is None else f"{most:.0f}"])
        figures[name] = {"p50_ms": p50, "p95_ms": p95}
    about = (
        f"{len(loaded)} first visits, {len(asked)} questions; milliseconds. The page weighs "
        f"{figures['bytes']} bytes with all that it loads, nothing compressed (asked: at most {MOST_BYTES})."
    )
    return report.Section("page", [about, "", *report.table(["", "p50", "p95", "asked"], rows)], figures)


def measure(archive: Path, cache: Path, questions: Sequence[str]) -> report.Section:
    """Serve an archive and look at its page."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit(
            "No Chromium here; install it (apt-get install chromium) or set CHROMIUM to its path."
        )
    with serving(archive, cache) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        address = f"http://127.0.0.1:{server.port}/"
        found = section(loads(browser, address, _LOADS), asks(browser, address, questions))
        browser.close()
    return found


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of question sets; the samples without it")
    parser.add_argument("--archive", type=Path, help="data folder to serve; the samples without it")
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    parser.add_argument("--docs", type=Path, help="Markdown file whose section `page` is replaced")
    parser.add_argument("--out", type=Path, help="JSON file for the numbers")
    options = parser.parse_args()
    about = machine.describe()
    texts = inputs.read(options.data, quick=options.data is None).texts()
    with archive_or_samples(options.archive, options.model_cache) as archive:
        found = measure(archive, options.model_cache, texts[: _WARM_UP + options.questions])
    report.deliver(found, about, options.docs, options.out)


if __name__ == "__main__":
    main()
