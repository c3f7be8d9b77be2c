"""What a reader is: it finds answers in passages and says how sure it is."""

from collections.abc import Sequence
from typing import Protocol

from index.types import Hit
from qa_service.types import Span


class Reader(Protocol):
    """Finds the places in passages that answer a question."""

    @property
    def identity(self) -> str:
        """Name and version of what reads, as shown in every response."""

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        """Find answers.

        Args:
            question: A question that stands alone.
            hits: The passages to read, best first.
            many: Whether several items are asked for; a passage may then give several spans.

        Returns:
            Spans within those passages, best first by `Span.score`; empty where none answers.
        """


def apart(spans: Sequence[Span]) -> list[Span]:
    """Order spans, the best first; one that overlaps a better one of the same article is left out."""
    taken: dict[str, list[tuple[int, int]]] = {}
    kept = []
    for span in sorted(spans, key=lambda s: -s.score):
        places = taken.setdefault(span.hit.article.id, [])
        if all(span.end <= start or end <= span.start for start, end in places):
            places.append((span.start, span.end))
            kept.append(span)
    return kept
