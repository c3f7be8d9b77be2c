"""The records between a question and its answer.

Offsets are half-open code-point offsets into `Article.text`, as in `index.types`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.types import Filters, Hit

QuestionType = Literal["fact", "list", "number", "date", "reason", "definition", "statement", "yes_no"]
Kind = Literal["person", "country", "place", "organisation", "number", "date", "thing", "clause"]
Status = Literal["answered", "no_answer"]
NoAnswerReason = Literal[
    "no_relevant_passage", "low_confidence", "outside_filters", "not_a_question", "index_empty"
]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and the answer that was shown ("" where none was)."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a client asks.

    Attributes:
        text: The question as typed, 1 to 1,000 characters.
        history: Earlier turns, oldest first.
        filters: Which articles may answer.
        max_answers: Most answers to return, 1 to 50.
        min_confidence: Answers below are not shown; None for the service's own line.
        include_passages: Whether the passages read are returned also when there is an answer.
        within_s: Longest time that the client waits for its turn, None for the service's own deadline.
    """

    text: str
    history: Sequence[Turn] = ()
    filters: Filters = field(default_factory=Filters)
    max_answers: int = 10
    min_confidence: float | None = None
    include_passages: bool = False
    within_s: float | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the wording of a question says about the answer expected.

    Attributes:
        question_type: The form of the question.
        kind: What sort of thing answers it ("thing" where nothing narrower is known).
        many: True where several items are asked for ("Welche Länder ...").
        focus: The noun asked for, as typed ("Länder"), or None.
        period: (from, to) ISO dates where the question names a time ("im Juni 2024"), or None.
        countries: Codes (ISO 3166-1 alpha-2) of the countries that can answer, where the question names a
            part of the world ("Welche asiatischen Länder ..."), or None.
        measures: What the unit of a number can measure that answers ("Wie schwer ...": "mass"; the values of
            `qa_service.normal.numbers.MEASURES`), or None where any may.
        language: ISO 639-1 code of the language it is asked in, "und" where that is not known; only German
            is understood.
    """

    question_type: QuestionType
    kind: Kind
    many: bool
    focus: str | None = None
    period: tuple[str, str] | None = None
    countries: frozenset[str] | None = None
    measures: frozenset[str] | None = None
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer: a slice of one passage of one article.

    Attributes:
        hit: The passage that was read.
        start: First code point in `hit.article.text`.
        end: One past the last.
        score: Log-odds that the span is right; comparable across passages of one reader, higher is
            better, 0 where right and wrong are equally likely.
        confidence: Probability, calibrated on development questions, that the span is right.
        items: Places of the items where the reader knows the span as an enumeration, else none.
    """

    hit: Hit
    start: int
    end: int
    score: float
    confidence: float
    items: Sequence[tuple[int, int]] = ()

    @property
    def text(self) -> str:
        """The slice itself."""
        return self.hit.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands, checkable by a click.

    Attributes:
        number: Consecutive over all answers of a response, from 1.
        span: The answer's place.
        quote_start: First code point of the sentence around it.
        quote_end: One past the last code point of that sentence.
        duplicates: Ids of near-copies of the article, which are not cited on their own.
        note: Why this place supports the answer where the string differs ("Pjöngjang" for Nordkorea).
    """

    number: int
    span: Span
    quote_start: int
    quote_end: int
    duplicates: Sequence[str] = ()
    note: str | None = None

    @property
    def quote(self) -> str:
        """The whole sentence."""
        return self.span.hit.article.text[self.quote_start : self.quote_end]


@dataclass(frozen=True, slots=True)
class Answer:
    """One distinct answer with everything that supports it.

    Attributes:
        text: A string that stands in a source.
        kind: What sort of thing it is.
        confidence: Calibrated probability that it is right, 0 to 1.
        spans: Every place that says so, best first; at least one.
        articles: How many articles say so.
        independent_sources: The same, near-copies and articles of one publisher counted once.
        first_published: Earliest date among them, or None.
        last_published: Latest date among them, or None.
        disagrees_with: Positions (in the list of answers) of answers that exclude this one.
        citations: `spans` as citations; filled by `qa_service.citations`.
    """

    text: str
    kind: Kind
    confidence: float
    spans: Sequence[Span]
    articles: int
    independent_sources: int
    first_published: str | None = None
    last_published: str | None = None
    disagrees_with: Sequence[int] = ()
    citations: Sequence[Citation] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a list answer reaches.

    Attributes:
        passages_read: Passages that the reader read.
        passages_found: Passages that the search offered.
        may_be_incomplete: True where unread passages could hold more items.
    """

    passages_read: int
    passages_found: int
    may_be_incomplete: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole result of one question.

    Attributes:
        question: The question as asked.
        standalone: The question as understood: typing errors corrected, with what the history added.
        understanding: What its wording asks for.
        status: "answered" or "no_answer".
        reason: Why there is no answer, or None.
        sentence: The answers joined in German; "" where there is none.
        answers: Best first (newest first where they disagree).
        hits: The passages found, best first.
        coverage: How far reading went.
        change: The archive change that was searched.
        timings_ms: Milliseconds by stage: embed, search, read, answers, total; in a service also wait, the
            time before its turn.
    """

    question: Question
    standalone: str
    understanding: Understanding
    status: Status
    reason: NoAnswerReason | None
    sentence: str
    answers: Sequence[Answer]
    hits: Sequence[Hit]
    coverage: Coverage
    change: int
    timings_ms: dict[str, float]
