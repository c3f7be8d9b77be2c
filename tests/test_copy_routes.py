"""Clusters of near-copies over HTTP, over a real archive."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.living import living

STORM = "Ein Sturm hat in der Nacht an der ganzen Küste Dächer abgedeckt und Bäume entwurzelt. " * 5
FIRE = "Ein Brand hat am Morgen in einer Halle am Hafen viele alte Boote zerstört, sagt die Wehr. " * 5


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """An archive with a storm printed three times, a fire printed twice and one article of its own."""
    client = living(tmp_path).client
    for article_id, text, day in (
        ("sturm-2", STORM, "2024-03-02"),
        ("sturm-1", STORM, "2024-03-01"),
        ("sturm-3", STORM, None),
        ("brand-1", FIRE, "2024-05-01"),
        ("brand-2", FIRE, "2024-05-02"),
        ("allein", "Der Bote meldet Regen.", "2024-06-01"),
    ):
        client.post("/articles", json={"id": article_id, "title": article_id, "text": text, "published": day})
    return client


def members(page: dict) -> list[list[str]]:
    return [[article["id"] for article in cluster["articles"]] for cluster in page["clusters"]]


def test_clusters_are_listed_newest_first_and_their_articles_earliest_first(client: FlaskClient):
    page = client.get("/copies").get_json()
    assert members(page) == [["brand-1", "brand-2"], ["sturm-1", "sturm-2", "sturm-3"]]
    assert [cluster["total"] for cluster in page["clusters"]] == [2, 3]
    assert page["total"] == 2


def test_clusters_come_in_pages(client: FlaskClient):
    page = client.get("/copies?offset=1&limit=1").get_json()
    assert members(page) == [["sturm-1", "sturm-2", "sturm-3"]]
    assert (page["offset"], page["limit"], page["total"]) == (1, 1, 2)


def test_an_article_deleted_leaves_its_cluster(client: FlaskClient):
    client.delete("/articles/brand-2")
    assert members(client.get("/copies").get_json()) == [["sturm-1", "sturm-2", "sturm-3"]]


def test_an_archive_without_copies_has_no_clusters(tmp_path: Path):
    assert living(tmp_path).client.get("/copies").get_json()["clusters"] == []


def test_a_page_that_cannot_be_is_refused(client: FlaskClient):
    assert client.get("/copies?limit=0").status_code == 422
