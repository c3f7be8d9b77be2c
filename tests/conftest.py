"""What several tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.types import Article
from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.feedback import FeedbackStore
from qa_service.service import Service
from qa_service.settings import Settings
from tests.fakes import FakeFinder, FakeLibrary, FakeReader, article

TRAVELS = (
    article(
        "reise/1",
        "Am Mittwoch kam Putin an. Er besuchte Nordkorea 🚆 zuerst.",
        published="2024-06-19",
        source="Kurier",
    ),
    article(
        "reise/2", "Danach flog Putin nach Vietnam.", published="2024-06-20", source="Bote", author="Eva Lind"
    ),
    article("kopie", "Putin flog danach nach Vietnam.", published="2024-06", source="Anzeiger"),
    article("empfang", "Auch Nordkorea empfing Putin.", published="2024-06-21", source="Rundschau"),
)
COUNTRIES = {"Nordkorea": 0.9, "Vietnam": 0.8}

Serve = Callable[..., FlaskClient]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Build a client of an application over fakes."""

    def build(
        articles: tuple[Article, ...] = TRAVELS,
        words: dict[str, float] | None = None,
        copies: tuple[tuple[str, ...], ...] = (("reise/2", "kopie"),),
    ) -> FlaskClient:
        library = FakeLibrary(articles, copies=copies)
        reader = FakeReader(COUNTRIES if words is None else words)
        answerer = Answerer(search=FakeFinder(articles), reader=reader, archive=library)
        service = Service(
            answerer=answerer,
            archive=library,
            embedder="fake-embedder",
            reader=reader.identity,
            feedback=FeedbackStore(tmp_path / "feedback.sqlite"),
        )
        return create_app(service, Settings()).test_client()

    return build


@pytest.fixture
def client(serve: Serve) -> FlaskClient:
    """A client over four articles about Putin's travels, two of them copies."""
    return serve()
