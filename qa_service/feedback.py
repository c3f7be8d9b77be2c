"""What people say about answers, and the questions that found none; kept in an SQLite file of its own.

A rating is on the disk before it is acknowledged. Questions without an answer are counted, not repeated,
so that asking the same again and again does not fill the disk; nobody waits for the disk to keep them: the
last ones may be lost where the machine loses its power (not where the process is killed).
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from qa_service.errors import FeedbackError

Rating = Literal["right", "wrong", "unanswered"]
Reason = Literal["wrong", "incomplete", "outdated", "quote", "other"]
FILE = "feedback.sqlite"

_PATIENCE_S = 10.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY,
    rating TEXT NOT NULL,
    question TEXT NOT NULL,
    standalone TEXT NOT NULL,
    answer_id TEXT NOT NULL,
    reason TEXT,
    comment TEXT NOT NULL,
    places TEXT NOT NULL,
    times INTEGER NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS unanswered ON entries (standalone) WHERE rating = 'unanswered';
CREATE INDEX IF NOT EXISTS newest ON entries (at);
"""
_COLUMNS = "number, rating, question, standalone, answer_id, reason, comment, places, times, at"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an article: what was answered, or the passage that came nearest.

    Attributes:
        text: The answer; "" for a passage.
        article_id: The article.
        start: First code point in its text.
        end: One past the last.
    """

    text: str
    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One rating, or one question that found no answer.

    Attributes:
        rating: What was said of the answer; "unanswered" where there was none.
        question: As typed.
        standalone: As understood.
        answer_id: `id` of the reply.
        reason: Why it is wrong, or (unanswered) why there was no answer; None where not said.
        comment: In the reader's own words, "" for none.
        places: What was answered, best first; the nearest passage where nothing was.
        times: How often it was asked (more than 1 only where unanswered).
        at: When, ISO 8601 in UTC; the last time where there were several.
        number: Consecutive, from 1; 0 before it is stored.
    """

    rating: Rating
    question: str
    standalone: str
    answer_id: str = ""
    reason: str | None = None
    comment: str = ""
    places: Sequence[Place] = ()
    times: int = 1
    at: str = ""
    number: int = 0


class FeedbackStore:
    """Ratings in one SQLite file; safe to share among threads and processes.

    Args:
        path: The file; created where missing.

    Raises:
        FeedbackError: The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    def add(self, entry: Entry, *, within_s: float = _PATIENCE_S) -> int:
        """Store an entry, count it where it is a question that went unanswered before; return its number.

        Args:
            entry: What to store.
            within_s: Longest wait for another writer, in seconds.

        Raises:
            FeedbackError: It could not be stored.
        """
        values = (
            entry.rating, entry.question, entry.standalone, entry.answer_id, entry.reason, entry.comment,
            json.dumps([asdict(place) for place in entry.places], ensure_ascii=False),
            entry.at or datetime.now(UTC).isoformat(timespec="seconds"),
        )  # fmt: skip
        with self._writing(within_s) as connection:
            # Set outside a transaction, where it counts for the next one.
            durable = "NORMAL" if entry.rating == "unanswered" else "FULL"
            connection.execute(f"PRAGMA synchronous = {durable}")
            row = connection.execute(
                """INSERT INTO entries
                       (rating, question, standalone, answer_id, reason, comment, places, times, at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)
                   ON CONFLICT (standalone) WHERE rating = 'unanswered' DO UPDATE SET
                       times = times + 1, at = excluded.at, answer_id = excluded.answer_id,
                       reason = excluded.reason, places = excluded.places
                   RETURNING number""",
                values,
            ).fetchone()
            return int(row[0])

    def entries(self, offset: int = 0, limit: int = -1, rating: Rating | None = None) -> list[Entry]:
        """Return entries, the newest first.

        Args:
            offset: Entries to skip.
            limit: Most entries to return, -1 for all.
            rating: Only entries of this kind.
        """
        with self._open() as connection:
            rows = connection.execute(
                f"""SELECT {_COLUMNS} FROM entries WHERE ? IS NULL OR rating = ?
                    ORDER BY at DESC, number DESC LIMIT ? OFFSET ?""",  # noqa: S608 - own text only
                (rating, rating, limit, offset),
            ).fetchall()
        return [_entry(row) for row in rows]

    def count(self, rating: Rating | None = None) -> int:
        """Return how many entries `entries` has in all."""
        with self._open() as connection:
            row = connection.execute(
                "SELECT count(*) FROM entries WHERE ? IS NULL OR rating = ?", (rating, rating)
            ).fetchone()
        return int(row[0])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with (
            self._explained(),
            closing(sqlite3.connect(self._path, timeout=_PATIENCE_S)) as connection,
            connection,
        ):
            yield connection

    @contextmanager
    def _writing(self, within_s: float) -> Iterator[sqlite3.Connection]:
        """The one connection for writing of this process, and the lock on it.

        It is kept open: closing the last connection moves the whole journal into the file and flushes it,
        which takes many times as long as a write.
        """
        if not self._lock.acquire(timeout=within_s):
            raise FeedbackError(f"{self._path} was busy for {within_s} s. Try again.")
        try:
            with self._explained():
                if self._writer is None:
                    self._writer = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
                self._writer.execute(f"PRAGMA busy_timeout = {int(1000 * within_s)}")
                try:
                    yield self._writer
                except sqlite3.Error:
                    self._writer.close()
                    self._writer = None
                    raise
        finally:
            self._lock.release()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise FeedbackError(
                f"{self._path}: {error}. Check that the folder can be written and the disk is not full; "
                "a damaged file can be moved away, a new one is made."
            ) from error


def _entry(row: Sequence[str | int | None]) -> Entry:
    number, rating, question, standalone, answer_id, reason, comment, places, times, at = row
    return Entry(
        rating=rating,  # type: ignore[arg-type] # written by `add` alone
        question=str(question),
        standalone=str(standalone),
        answer_id=str(answer_id),
        reason=None if reason is None else str(reason),
        comment=str(comment),
        places=tuple(Place(**place) for place in json.loads(str(places))),
        times=int(times or 0),
        at=str(at),
        number=int(number or 0),
    )
