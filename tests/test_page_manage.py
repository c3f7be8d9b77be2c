"""The managing page in a real Chromium, over a real archive with an embedder that counts letters."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import context, served, watched
from tests.living import living

pytestmark = pytest.mark.browser


@pytest.fixture
def manage(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The managing page of an archive with two articles."""
    client = living(tmp_path).client
    for name in ("Kurier", "Bote"):
        client.post("/articles", json={"text": f"Der {name} meldet Regen.", "title": name, "source": name})
    with (
        served(client.application) as address,
        context(browser, address) as opened,
        watched(opened, address) as page,
    ):
        page.goto("/verwalten")
        expect(page.locator("#articles li")).to_have_count(2)
        yield page


def test_articles_are_found_by_their_title(manage: Page):
    manage.get_by_label("Titel, Quelle").fill("Bote")
    manage.keyboard.press("Enter")
    expect(manage.locator("#articles .name")).to_have_text(["Bote"])


def test_an_article_is_deleted_only_after_a_confirmation(manage: Page):
    manage.get_by_role("button", name="„Bote“ löschen").click()
    manage.get_by_role("button", name="Abbrechen").click()
    expect(manage.locator("#articles li")).to_have_count(2)
    manage.get_by_role("button", name="„Bote“ löschen").click()
    manage.get_by_role("dialog").get_by_role("button", name="Löschen").click()
    expect(manage.locator("#articles .name")).to_have_text(["Kurier"])


def test_files_are_uploaded_and_the_bad_ones_named(manage: Page):
    files = [
        {"name": "gut.txt", "mimeType": "text/plain", "buffer": "Sturm über Steinhaven.".encode()},
        {"name": "schlecht.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x00\x01"},
    ]
    manage.locator("#files").set_input_files(files)
    expect(manage.locator("#uploads")).to_contain_text("1 neu, 0 geändert, 0 unverändert, 1 abgelehnt")
    expect(manage.locator("#uploads .problem")).to_contain_text("schlecht.exe")
    expect(manage.locator("#articles li")).to_have_count(3)


def test_copies_of_an_article_are_shown(manage: Page):
    text = "Der Bote meldet Regen und Sturm an der ganzen Küste bis in den späten Abend hinein. " * 5
    for name in ("erste", "zweite"):
        manage.context.request.post("/articles", data={"id": name, "title": name, "text": text})
    manage.reload()
    manage.locator("#articles li", has_text="zweite").locator("summary").click()
    expect(manage.get_by_role("link", name="erste").last).to_have_attribute("href", "/articles/erste")


def test_clusters_of_copies_are_listed_with_the_earliest_on_top(manage: Page):
    text = "Der Bote meldet Regen und Sturm an der ganzen Küste bis in den späten Abend hinein. " * 5
    for name, day in (("zweite", "2024-03-02"), ("erste", "2024-03-01")):
        article = {"id": name, "title": name, "text": text, "published": day}
        manage.context.request.post("/articles", data=article)
    manage.reload()
    cluster = manage.locator("#clusters > li")
    expect(cluster).to_have_count(1)
    expect(cluster.locator(".name")).to_have_text("erste")
    expect(cluster.locator(".members a")).to_have_text(["zweite"])
    expect(cluster.locator(".badge")).to_have_text("2 Artikel")
    manage.get_by_role("button", name="„zweite“ löschen").click()
    manage.get_by_role("dialog").get_by_role("button", name="Löschen").click()
    expect(cluster).to_have_text(["Keine."])


def test_articles_are_filtered_by_source_and_date_beside_the_search(manage: Page):
    dated = {"text": "Im Mai schien die Sonne.", "title": "Mai", "source": "Bote", "published": "2024-05-01"}
    manage.context.request.post("/articles", data=dated)
    manage.reload()
    names = manage.locator("#articles .name")
    expect(names).to_have_count(3)
    manage.get_by_label("Quelle", exact=True).select_option("Bote")
    expect(names).to_have_text(["Mai", "Bote"])
    manage.get_by_label("Von").fill("2024-04-30")
    expect(names).to_have_text(["Mai"])
    manage.get_by_label("Bis").fill("2024-04-01")
    expect(manage.locator("#by-wrong")).to_be_visible()
    manage.get_by_role("button", name="Filter aufheben").click()
    expect(manage.locator("#by-wrong")).to_be_hidden()
    expect(names).to_have_count(3)
    manage.get_by_label("Quelle", exact=True).select_option("Kurier")
    manage.get_by_label("Titel, Quelle").fill("Mai")
    manage.keyboard.press("Enter")
    expect(manage.locator("#articles li")).to_have_text(["Kein Artikel passt dazu."])


@pytest.mark.timeout(1200)  # 200 files are read, stored and searched; only a starved machine comes near
def test_of_many_files_the_bad_ones_are_named_and_the_others_stored(manage: Page):
    good = [
        {
            "name": f"gut-{i}.txt",
            "mimeType": "text/plain",
            "buffer": f"Meldung {i}: Regen in Ort {i}.".encode(),
        }
        for i in range(197)
    ]
    bad = [
        {"name": "bild.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n"},
        {"name": "leer.txt", "mimeType": "text/plain", "buffer": b""},
        {"name": "kaputt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 kaputt"},
    ]
    manage.get_by_label("Titel, Quelle").fill("gut-5.txt")
    manage.locator("#files").set_input_files([*good[:100], *bad, *good[100:]])
    uploads = manage.locator("#uploads")
    expect(uploads).to_contain_text("197 neu, 0 geändert, 0 unverändert, 3 abgelehnt", timeout=900_000)
    rejected = uploads.locator(".problem li strong")
    expect(rejected).to_have_text(["bild.png", "leer.txt", "kaputt.pdf"])
    expect(manage.get_by_label("Titel, Quelle")).to_have_value("gut-5.txt")


def test_feedback_and_unanswered_questions_are_listed_and_exported(manage: Page):
    request = manage.context.request
    request.post("/feedback", data={"question": "Wer meldet Regen?", "rating": "wrong", "reason": "outdated"})
    manage.reload()
    entry = manage.locator("#entries li")
    expect(entry).to_contain_text(["Wer meldet Regen?"])
    expect(entry).to_contain_text(["Veraltet"])
    manage.get_by_label("Bewertung").select_option("unanswered")
    expect(entry).to_have_text(["Noch keine."])
    with manage.expect_download() as table:
        manage.get_by_role("link", name="Als CSV").click()
    assert table.value.suggested_filename == "rueckmeldungen.csv"
