"""What several tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, sync_playwright

from index.types import Article
from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.feedback import FeedbackStore
from qa_service.service import Service
from qa_service.settings import Settings
from tests.browsing import chromium, context, served, watched
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
NASTY = article(
    "fies/<b>&?#",
    'Putin <img src=x onerror="document.title=1"> besuchte 😀😀 Kuba <script>document.title=2</script>.',
    title="<script>document.title=3</script>",
    url="javascript:alert(1)",
    published="2024-07",
)
COUNTRIES = {"Nordkorea": 0.9, "Vietnam": 0.8}

# A busy machine is no mistake: how long an example takes decides nothing.
hypothesis_settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("any machine")

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the pages."""
    with sync_playwright() as playwright:
        launched = chromium(playwright)
        yield launched
        launched.close()


@pytest.fixture
def address(serve: Serve) -> Iterator[str]:
    """The address of a server over articles about travels, one of them full of tricks."""
    words = {"Nordkorea": 0.95, "Vietnam": 0.8, "Kuba": 0.7}
    with served(serve(articles=(*TRAVELS, NASTY), words=words).application) as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The chat page in a wide window."""
    with context(browser, address) as opened, watched(opened, address) as chat:
        chat.goto("/")
        yield chat
