"""The parts of a running service, as the web and the command line receive them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic_ns
from typing import Protocol

from index.archive import Counts
from index.errors import IndexingError
from index.types import Article, Filters
from qa_service.desk import Answering
from qa_service.editing import Editor
from qa_service.feedback import FeedbackStore
from qa_service.jobs import Jobs
from qa_service.keys import Keys
from qa_service.metrics import Metrics
from qa_service.tracing import Tracing


class Library(Protocol):
    """The articles, for reading; `index.archive.Archive` is the real one."""

    def get(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            UnknownArticleError: No article has this id.
        """

    def articles(
        self, offset: int, limit: int, query: str | None = None, filters: Filters = ...
    ) -> Sequence[Article]:
        """Return one page of articles."""

    def count_matching(self, query: str | None, filters: Filters = ...) -> int:
        """Return how many articles `articles` has in all for a query and filters."""

    def sources(self, limit: int) -> Mapping[str, int]:
        """Return the publishers with the most articles, and how many each has."""

    def clusters(self, offset: int, limit: int, most: int) -> Sequence[tuple[Sequence[Article], int]]:
        """Return a page of clusters of near-copies: at most `most` articles of each, and its size."""

    def count_clusters(self) -> int:
        """Return how many clusters `clusters` has in all."""

    def count(self) -> Counts:
        """Return how many articles and passages there are."""

    def change(self) -> int:
        """Return the number of the last change."""

    def copies(self, article_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Return each article's near-copies, itself included."""


@dataclass(frozen=True, slots=True)
class Service:
    """What answers requests; built by `qa_service.bootstrap`, or from fakes by tests.

    Attributes:
        answerer: Answers questions.
        archive: The articles.
        embedder: Identity of the embedding model.
        reader: Identity of the reader.
        editor: Changes the articles; None for a service that only reads.
        jobs: Long uploads; None as with `editor`.
        feedback: What people say about answers; None where it is not kept.
        metrics: The numbers of this process.
        keys: Who may do what; None for a service that lets everybody in.
        tracing: Makes spans of requests; None where nobody collects them.
        clock: Nanoseconds that never go back, by which rates are counted.
    """

    answerer: Answering
    archive: Library
    embedder: str
    reader: str
    editor: Editor | None = None
    jobs: Jobs | None = None
    feedback: FeedbackStore | None = None
    metrics: Metrics = field(default_factory=Metrics)
    keys: Keys | None = None
    tracing: Tracing | None = None
    clock: Callable[[], int] = monotonic_ns

    def not_ready(self) -> list[str]:
        """Return the reasons why questions cannot be answered now; empty when they can."""
        try:
            self.archive.count()
        except IndexingError as error:
            return [str(error)]
        return []
