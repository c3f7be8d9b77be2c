"""What clients may send, checked strictly: an unknown field or a wrong type is an error."""

from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)

from index.types import Filters
from qa_service.types import Question, Turn

QUESTION_CHARS = 1000
ANSWER_CHARS = 10_000
HISTORY_TURNS = 20

# What is left of a text without the spaces around it must not be empty; the description says it this way.
# U+0085 is a space to Unicode and pydantic, but not to the regular expressions of JSON Schema.
NOT_BLANK = Field(json_schema_extra={"pattern": r"[^\s\u0085]"})
QuestionText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_CHARS), NOT_BLANK
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), NOT_BLANK]
IsoDate = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    Field(json_schema_extra={"format": "date"}),
]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# 40.0 is an integer in JSON Schema, and some programs write it so.
Whole = Annotated[int, BeforeValidator(_whole)]


def _day(value: str | None) -> str | None:
    if value is not None:
        date.fromisoformat(value)
    return value


def _not_before(value: str | None, info: ValidationInfo) -> str | None:
    earliest = info.data.get("published_from")
    if value is not None and earliest is not None and value < earliest:
        raise ValueError(f"must not be before published_from ({earliest})")
    return value


Day = Annotated[IsoDate | None, AfterValidator(_day)]
LastDay = Annotated[IsoDate | None, AfterValidator(_day), AfterValidator(_not_before)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TurnBody(_Body):
    """An earlier question of the conversation and the answer shown for it."""

    question: QuestionText
    answer: Annotated[str, StringConstraints(max_length=ANSWER_CHARS)] = ""


class FiltersBody(_Body):
    """Which articles may answer; what is empty does not filter."""

    published_from: Day = Field(
        default=None, description="Earliest date, inclusive.", examples=["2024-01-01"]
    )
    published_to: LastDay = Field(default=None, description="Latest date, inclusive.")
    sources: list[Name] = Field(
        default=[], max_length=100, description="Accepted sources, compared without case."
    )
    article_ids: list[Name] = Field(default=[], max_length=1000, description="Accepted articles.")
    authors: list[Name] = Field(
        default=[], max_length=100, description="Accepted authors, compared without case."
    )
    agencies: list[Name] = Field(
        default=[], max_length=100, description="Accepted agencies, compared without case."
    )
    languages: list[Name] = Field(default=[], max_length=100, description="Accepted ISO 639-1 codes.")

    def filters(self) -> Filters:
        """Translate to the record that the search takes."""
        return Filters(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=tuple(self.sources),
            article_ids=tuple(self.article_ids),
            authors=tuple(self.authors),
            agencies=tuple(self.agencies),
            languages=tuple(self.languages),
        )


class AskBody(_Body):
    """A question, with the earlier turns that it may refer to."""

    question: QuestionText = Field(examples=["Welche Länder hat Putin besucht?"])
    history: list[TurnBody] = Field(
        default=[], max_length=HISTORY_TURNS, description="Earlier turns, oldest first."
    )
    filters: FiltersBody = FiltersBody()
    max_answers: Whole = Field(default=10, ge=1, le=50)
    min_confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Answers below are not shown; null: the service decides.",
    )
    include_passages: bool = Field(
        default=False, description="Return the passages found also when there is an answer."
    )

    def asked(self) -> Question:
        """Translate to the record that the answerer takes."""
        return Question(
            text=self.question,
            history=tuple(Turn(turn.question, turn.answer) for turn in self.history),
            filters=self.filters.filters(),
            max_answers=self.max_answers,
            min_confidence=self.min_confidence,
            include_passages=self.include_passages,
        )


class _Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListQuery(_Parameters):
    """One page of the list of articles."""

    offset: int = Field(default=0, ge=0, le=2**31 - 1, description="Articles to skip.")
    limit: int = Field(default=20, ge=1, le=100, description="Most articles to return.")
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = Field(
        default=None, description="What title, source, author or id must hold."
    )
    source: list[Name] = Field(
        default=[], max_length=100, description="Accepted sources, compared without case; may be repeated."
    )
    published_from: Day = Field(default=None, description="Earliest date, inclusive.")
    published_to: LastDay = Field(default=None, description="Latest date, inclusive.")

    def filters(self) -> Filters:
        """Translate to the record that the archive takes."""
        return Filters(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=tuple(self.source),
        )


class ArticlePath(_Parameters):
    """Which article; an id may hold slashes."""

    id: str = Field(min_length=1, max_length=500)
