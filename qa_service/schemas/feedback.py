"""Feedback on the wire: what people send, and how it is exported."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from index.types import Article
from qa_service.feedback import Entry, Place, Rating, Reason
from qa_service.schemas.replies import link
from qa_service.schemas.requests import ANSWER_CHARS, QuestionText, Whole

COMMENT_CHARS = 2000
MOST_ANSWERS = 50
# What a spreadsheet would run as a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_CSV_COLUMNS = (
    *("at", "rating", "reason", "times", "question", "standalone_question"),
    *("answer", "articles", "comment", "answer_id"),
)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RatedAnswer(_Body):
    """An answer as it was shown: the start of its first citation."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=ANSWER_CHARS)]
    article_id: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    start: Whole = Field(ge=0, le=2**31 - 1)
    end: Whole = Field(ge=1, le=2**31 - 1)


class FeedbackBody(_Body):
    """Whether an answer is right, and why not."""

    question: QuestionText
    rating: Literal["right", "wrong"]
    answer_id: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="", description="`id` of the reply."
    )
    standalone_question: QuestionText | None = None
    reason: Reason | None = Field(default=None, description="Why it is wrong.")
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=COMMENT_CHARS)] = ""
    answers: list[RatedAnswer] = Field(default=[], max_length=MOST_ANSWERS)

    def entry(self) -> Entry:
        """Translate to the record that is stored."""
        return Entry(
            rating=self.rating,
            question=self.question,
            standalone=self.standalone_question or self.question,
            answer_id=self.answer_id,
            reason=self.reason,
            comment=self.comment,
            places=tuple(Place(each.text, each.article_id, each.start, each.end) for each in self.answers),
        )


class FeedbackQuery(BaseModel):
    """Which feedback, and in which form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["json", "csv", "squad"] = Field(
        default="json",
        description="json: one page; csv and squad: everything, as a file to download.",
    )
    rating: Rating | None = None
    offset: int = Field(default=0, ge=0, le=2**31 - 1)
    limit: int = Field(default=20, ge=1, le=100)


class StoredBody(BaseModel):
    """Feedback that is stored."""

    number: int


class PlaceBody(BaseModel):
    """Where the answer stood, or (text is then empty) the passage that came nearest."""

    text: str
    article_id: str
    start: int
    end: int
    link: str


class EntryBody(BaseModel):
    """One rating, or one question without an answer."""

    number: int
    rating: Rating
    question: str
    standalone_question: str
    answer_id: str
    reason: str | None
    comment: str
    times: int = Field(description="How often a question went unanswered.")
    at: str
    answers: list[PlaceBody]


_SQUAD = {
    "type": "object",
    "required": ["version", "data"],
    "properties": {
        "version": {"type": "string", "enum": ["v2.0"]},
        "data": {"type": "array", "items": {"type": "object"}},
    },
}


class EntriesBody(BaseModel):
    """One page of the feedback, newest first."""

    # flask-openapi3 reads this key; exports have other forms than a page.
    model_config = {  # type: ignore[typeddict-unknown-key]
        "openapi_extra": {
            "content": {
                "application/json": {
                    "schema": {"oneOf": [{"$ref": "#/components/schemas/EntriesBody"}, _SQUAD]}
                },
                "text/csv": {"schema": {"type": "string"}},
            }
        }
    }

    entries: list[EntryBody]
    offset: int
    limit: int
    total: int


def entry_body(entry: Entry) -> EntryBody:
    """Translate one entry."""
    return EntryBody(
        number=entry.number,
        rating=entry.rating,
        question=entry.question,
        standalone_question=entry.standalone,
        answer_id=entry.answer_id,
        reason=entry.reason,
        comment=entry.comment,
        times=entry.times,
        at=entry.at,
        answers=[
            PlaceBody(
                text=place.text,
                article_id=place.article_id,
                start=place.start,
                end=place.end,
                link=link(place.article_id, place.start, place.end),
            )
            for place in entry.places
        ],
    )


def as_csv(entries: Sequence[Entry]) -> str:
    """Write entries as a table (RFC 4180, with a byte order mark, which Excel needs for umlauts)."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_CSV_COLUMNS)
    for entry in entries:
        answer = "; ".join(place.text for place in entry.places if place.text)
        articles = "; ".join(place.article_id for place in entry.places)
        cells = [
            *(entry.at, entry.rating, entry.reason or "", str(entry.times), entry.question, entry.standalone),
            *(answer, articles, entry.comment, entry.answer_id),
        ]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return "\ufeff" + table.getvalue()


def as_squad(entries: Sequence[Entry], article: Callable[[str], Article | None]) -> dict[str, Any]:
    """Write entries in the form of SQuAD 2.0 (Rajpurkar et al. 2018), to be checked and trained on.

    Right answers are `answers`. Wrong ones, and nothing, are `plausible_answers` of an impossible question;
    `rating` and `reason` say which, because nobody has checked that the article does not tell. Entries whose
    article is gone or no longer holds the answer at its place are left out.

    Args:
        entries: The entries.
        article: Gives the article of an id, None where it is gone.
    """
    contexts: dict[str, tuple[Article, list[dict[str, Any]]]] = {}
    for entry in entries:
        for article_id in dict.fromkeys(place.article_id for place in entry.places):
            found = contexts.get(article_id)
            source = found[0] if found else article(article_id)
            if source is None:
                continue
            if qa := _qa(entry, source):
                contexts.setdefault(article_id, (source, []))[1].append(qa)
    data = [
        {"title": source.title, "paragraphs": [{"context": source.text, "article_id": source.id, "qas": qas}]}
        for source, qas in contexts.values()
    ]
    return {"version": "v2.0", "data": data}


def _qa(entry: Entry, source: Article) -> dict[str, Any] | None:
    here = [place for place in entry.places if place.article_id == source.id]
    shown = [
        {"text": place.text, "answer_start": place.start}
        for place in here
        if place.text and source.text[place.start : place.end] == place.text
    ]
    if not shown and entry.rating != "unanswered":
        return None
    right = entry.rating == "right"
    return {
        "id": f"{entry.number}:{source.id}",
        "question": entry.standalone,
        "is_impossible": not right,
        "answers": shown if right else [],
        "plausible_answers": [] if right else shown,
        "rating": entry.rating,
        "reason": entry.reason,
    }
