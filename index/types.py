"""The records of the archive; every other module speaks in these.

One coordinate system: `start` and `end` are half-open code-point offsets into `Article.text`,
which is stored in Unicode NFC. A quotation is a slice of that text, never a copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Article:
    """One article as it is stored and quoted.

    Attributes:
        id: Stable identifier, unique in the archive.
        title: Headline, never empty (the first words of the text where none was found).
        text: Body in NFC, paragraphs separated by one blank line. The title is not part of it.
        source: Publisher ("ZEIT ONLINE"), or None.
        author: Byline without "Von", or None.
        agency: News agency credited ("dpa"; several joined by ", "), or None.
        url: Where the article came from (http or https only), or None.
        published: ISO 8601 date, reduced precision allowed ("2024-06-19", "2024-06", "2024"), or None.
        updated: Like `published`, for the last change.
        language: ISO 639-1 code, or None where unknown.
    """

    id: str
    title: str
    text: str
    source: str | None = None
    author: str | None = None
    agency: str | None = None
    url: str | None = None
    published: str | None = None
    updated: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article, the unit that is embedded, found and read.

    Attributes:
        key: Row number in the archive; the id in the FAISS and tantivy indexes. 0 before it is stored.
        article_id: The article it belongs to.
        number: Position within the article, from 0.
        start: First code point in `Article.text`.
        end: One past the last code point.
    """

    key: int
    article_id: str
    number: int
    start: int
    end: int

    @property
    def id(self) -> str:
        """Public identifier, "<article id>:<number>"."""
        return f"{self.article_id}:{self.number}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a search may see; an empty field does not filter.

    Attributes:
        published_from: Earliest ISO date, inclusive. An article of reduced precision ("2024-06")
            matches where its period overlaps. An article without a date never matches a date filter.
        published_to: Latest ISO date, inclusive.
        sources: Accepted sources, compared without case.
        article_ids: Accepted articles.
        authors: Accepted authors, compared without case.
        agencies: Accepted agencies, compared without case.
        languages: Accepted ISO 639-1 codes.
    """

    published_from: str | None = None
    published_to: str | None = None
    sources: Sequence[str] = ()
    article_ids: Sequence[str] = ()
    authors: Sequence[str] = ()
    agencies: Sequence[str] = ()
    languages: Sequence[str] = ()

    def __bool__(self) -> bool:
        """True where anything is filtered."""
        return any(
            (
                self.published_from,
                self.published_to,
                self.sources,
                self.article_ids,
                self.authors,
                self.agencies,
                self.languages,
            )
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with its article.

    Attributes:
        passage: The passage.
        article: Its article; `text` below is a slice of `article.text`.
        score: Fused relevance, higher is better; comparable only within one search.
        dense: Cosine of question and passage embeddings, -1 to 1.
        lexical: BM25, 0 (no word in common) and up.
    """

    passage: Passage
    article: Article
    score: float
    dense: float
    lexical: float

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.article.text[self.passage.start : self.passage.end]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search returned.

    Attributes:
        hits: Best first.
        change: Number of the last archive change that the indexes had seen.
        embed_ms: Time to embed the question.
        search_ms: Time to search and fuse.
    """

    hits: Sequence[Hit]
    change: int
    embed_ms: float
    search_ms: float


@dataclass(frozen=True, slots=True)
class Rejected:
    """Input that could not become an article.

    Attributes:
        where: File, and line or record where there is one ("artikel.jsonl:17").
        reason: What is wrong and how to fix it.
    """

    where: str
    reason: str
