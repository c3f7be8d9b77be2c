"""What is sent to change the archive, and what became of it."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from index.dates import parse_date
from index.load.limits import (
    MAX_ARTICLE_CHARS,
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_TITLE_CHARS,
    MAX_URL_CHARS,
)
from qa_service.editing import Written
from qa_service.jobs import Job, State
from qa_service.schemas.replies import IndexState, link
from qa_service.schemas.requests import NOT_BLANK

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ARTICLE_CHARS)]
_Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE_CHARS), NOT_BLANK
]
_Id = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID_CHARS), NOT_BLANK
]
_Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME_CHARS), NOT_BLANK
]
_Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=MAX_URL_CHARS)]
_Date = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class ArticleInput(BaseModel):
    """An article to store; everything but its text may be missing and is then read from the text."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: _Text = Field(
        description="Plain text, paragraphs separated by blank lines.",
        examples=["Wladimir Putin ist am Mittwoch in Nordkorea eingetroffen."],
    )
    id: _Id | None = Field(
        default=None,
        description="Kept as it is, slashes included; made of the content where it is missing, so that the "
        "same article is stored once.",
    )
    title: _Title | None = None
    source: _Name | None = Field(default=None, description="Publisher.")
    author: _Name | None = None
    agency: _Name | None = Field(default=None, description='News agency credited, "dpa".')
    url: _Url | None = None
    published: _Date | None = Field(
        default=None, description="ISO 8601 or German; may be of reduced precision.", examples=["2024-06-19"]
    )
    updated: _Date | None = None
    language: Annotated[str, StringConstraints(pattern="^[A-Za-z]{2}$")] | None = Field(
        default=None, description="ISO 639-1 code.", examples=["de"]
    )

    @field_validator("id")
    @classmethod
    def _can_be_addressed(cls, value: str | None) -> str | None:
        if value is not None:
            if _CONTROL.search(value):
                raise ValueError("must not hold control characters")
            if {".", ".."} & set(value.split("/")):
                raise ValueError('must not hold "." or ".." between slashes: no address leads there')
        return value

    @field_validator("published", "updated")
    @classmethod
    def _is_a_date(cls, value: str | None) -> str | None:
        if value is not None and parse_date(value) is None:
            raise ValueError('is no date; send it like "2024-06-19", "2024-06" or "19. Juni 2024"')
        return value


class WrittenArticle(BaseModel):
    """What became of one article."""

    where: str = Field(description='Where it stood: "articles[0]", or file and record, "artikel.jsonl:17".')
    id: str | None = Field(description="Its id; null where it was rejected before it had one.")
    outcome: Literal["added", "changed", "unchanged", "rejected"]
    reason: str | None = Field(description="Why it was rejected, and what to do.")
    link: str | None


class WrittenBody(BaseModel):
    """What became of everything that was sent; what was stored is searched from now on."""

    articles: list[WrittenArticle]
    added: int
    changed: int
    unchanged: int
    rejected: int
    index: IndexState


class RejectedBody(BaseModel):
    """Something that could not become an article."""

    where: str
    reason: str


class JobBody(BaseModel):
    """A long upload at work; a restart of the service does not end it."""

    id: str
    state: State
    files: int = Field(description="Files sent; a list of articles counts as one.")
    files_done: int
    articles: int = Field(description="Articles seen so far; how many there are shows only at the end.")
    added: int
    changed: int
    unchanged: int
    rejected: int
    rejections: list[RejectedBody] = Field(description="The first hundred.")
    error: str | None = Field(description="Why the job failed; what was stored before stays.")
    created: str
    started: str | None
    finished: str | None
    link: str


def written_body(written: Sequence[Written], index: IndexState) -> WrittenBody:
    """Translate what became of each article."""
    outcomes = [each.outcome for each in written]
    return WrittenBody(
        articles=[
            WrittenArticle(
                where=each.where,
                id=each.article_id,
                outcome=each.outcome,
                reason=each.reason,
                link=link(each.article_id) if each.article_id and each.outcome != "rejected" else None,
            )
            for each in written
        ],
        added=outcomes.count("added"),
        changed=outcomes.count("changed"),
        unchanged=outcomes.count("unchanged"),
        rejected=outcomes.count("rejected"),
        index=index,
    )


def job_body(job: Job) -> JobBody:
    """Translate how far a job is."""
    return JobBody(
        id=job.id,
        state=job.state,
        files=len(job.parts),
        files_done=job.parts_done,
        articles=job.added + job.changed + job.unchanged + job.rejected,
        added=job.added,
        changed=job.changed,
        unchanged=job.unchanged,
        rejected=job.rejected,
        rejections=[RejectedBody(where=each.where, reason=each.reason) for each in job.rejections],
        error=job.error,
        created=job.created,
        started=job.started,
        finished=job.finished,
        link=job_link(job.id),
    )


def job_link(job_id: str) -> str:
    """Where a job's progress is."""
    return f"/jobs/{job_id}"
