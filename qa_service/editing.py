"""Changing the archive of a running service: articles in and out, searched at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from index.build import Builder, Progress, Summary
from index.types import Article, Rejected

Outcome = Literal["added", "changed", "unchanged", "rejected"]


class Deletes(Protocol):
    """What is needed of `index.archive.Archive` here."""

    def delete(self, article_id: str) -> bool:
        """Delete an article; return whether it was there."""


class Refreshes(Protocol):
    """What is needed of `index.search.Search` here."""

    def refresh(self) -> None:
        """Take in what was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one article that was sent.

    Attributes:
        where: Where it stood in what was sent.
        outcome: What was done with it.
        article_id: Its id, None where it never became an article.
        reason: Why it was rejected, or None.
    """

    where: str
    outcome: Outcome
    article_id: str | None = None
    reason: str | None = None


class Editor:
    """Writes to one archive; safe to share among threads.

    Args:
        archive: The truth.
        builder: Splits, embeds and stores.
        search: Takes in what was written before a write is acknowledged.
    """

    def __init__(self, archive: Deletes, builder: Builder, search: Refreshes) -> None:
        self._archive = archive
        self._builder = builder
        self._search = search

    def write(self, items: Iterable[tuple[str, Article | Rejected]]) -> list[Written]:
        """Store articles one by one and tell what became of each; for few of them.

        Args:
            items: Where each stood, and the article or why there is none.

        Raises:
            ArchiveError: One could not be stored; those before it are.
        """
        try:
            return [self._write(where, item) for where, item in items]
        finally:
            self._search.refresh()

    def write_all(self, items: Iterator[Article | Rejected], progress: Progress) -> Summary:
        """Store any number of articles in batches; see `Builder.add`."""

        def report(summary: Summary) -> None:
            self._search.refresh()
            progress(summary)

        return self._builder.add(items, progress=report)

    def delete(self, article_id: str) -> bool:
        """Delete an article, so that no question asked from now on finds it; return whether it was there."""
        deleted = self._archive.delete(article_id)
        if deleted:
            self._search.refresh()
        return deleted

    def _write(self, where: str, item: Article | Rejected) -> Written:
        if isinstance(item, Rejected):
            return Written(item.where or where, "rejected", reason=item.reason)
        summary = self._builder.add([item])
        if summary.rejected:
            return Written(where, "rejected", item.id, summary.rejected[0].reason)
        return Written(where, _outcome(summary), item.id)


def _outcome(summary: Summary) -> Outcome:
    if summary.added:
        return "added"
    return "changed" if summary.changed else "unchanged"
