"""Long uploads as jobs: kept on disk, worked off one after the other, gone on with after a restart.

Every job is a folder: `job.json`, replaced atomically as it goes on, and the parts that were sent. Storing
an article again changes nothing, so a job that was cut off simply starts over. A lock on the folder keeps
two processes from working at one job; any process can read how far it is.
"""

import json
import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol
from uuid import uuid4

from filelock import FileLock, Timeout

from index.build import Progress, Summary
from index.durable import write_file
from index.types import Article, Rejected

State = Literal["queued", "running", "done", "failed"]
Kind = Literal["file", "records"]

REJECTIONS_KEPT = 100
KEPT_DAYS = 7
_NAME = "job.json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was sent: a file by its name, or the list of articles of a JSON body."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Job:
    """How far a job is; times are ISO 8601 in UTC.

    Attributes:
        id: 32 hexadecimal digits.
        parts: What was sent.
        state: "failed" only where the archive could not be written; rejected articles are no failure.
        parts_done: Parts that are read and stored.
        rejections: The first hundred.
        error: Why it failed, or None.
    """

    id: str
    parts: Sequence[Part]
    created: str
    state: State = "queued"
    parts_done: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejections: Sequence[Rejected] = field(default=())
    error: str | None = None
    started: str | None = None
    finished: str | None = None


class Writes(Protocol):
    """What is needed of `qa_service.editing.Editor` here."""

    def write_all(self, items: Iterator[Article | Rejected], progress: Progress) -> Summary:
        """Store articles."""


Read = Callable[[Part, Path], Iterator[Article | Rejected]]


class UnknownJobError(Exception):
    """No job has this id, or it ended more than a week ago."""


class _StoppedError(Exception):
    """The process ends; the job under way stays unfinished and starts over with the next one."""


class Jobs:
    """The jobs of one data folder.

    Args:
        folder: Where they are kept; created with the first job.
        editor: Stores the articles.
        read: Reads the articles of one part from its file.
    """

    def __init__(self, folder: Path, editor: Writes, read: Read) -> None:
        self._folder = folder
        self._editor = editor
        self._read = read
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waiting = threading.Event()
        self._stopped = threading.Event()

    def submit(self, parts: Sequence[tuple[Part, Callable[[Path], object]]]) -> Job:
        """Keep what was sent and begin with it as soon as earlier jobs are done.

        Args:
            parts: Each with a function that writes its content to a path.

        Raises:
            OSError: It cannot be kept (a full disk); nothing is left of it then.
        """
        job = Job(uuid4().hex, [part for part, _ in parts], _now())
        folder = self._folder / job.id
        folder.mkdir(parents=True)
        try:
            for number, (_, save) in enumerate(parts):
                save(folder / str(number))
            self._keep(job)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self.start()
        return job

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            UnknownJobError: There is none.
        """
        if not job_id.isalnum():
            raise UnknownJobError(job_id)
        try:
            return _parsed((self._folder / job_id / _NAME).read_bytes())
        except FileNotFoundError:
            raise UnknownJobError(job_id) from None

    def start(self) -> None:
        """Work off what is waiting, what an earlier process left unfinished included."""
        with self._starting:
            self._waiting.set()
            if self._stopped.is_set():
                return
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop before the next article, and return when nothing is worked on; what is left starts over."""
        with self._starting:
            self._stopped.set()
            self._waiting.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            self._waiting.wait()
            self._waiting.clear()
            if self._stopped.is_set():
                return
            try:
                for job in self._unfinished():
                    self._run_alone(job.id)
                self._forget_old()
            except _StoppedError:
                return
            except Exception:  # noqa: BLE001 - the thread must outlive a full disk
                _log.exception("the jobs in %s cannot be worked off", self._folder)

    def _unfinished(self) -> list[Job]:
        return sorted((job for job in self._all() if job.finished is None), key=lambda job: job.created)

    def _all(self) -> Iterator[Job]:
        for path in self._folder.glob(f"*/{_NAME}"):
            try:
                yield _parsed(path.read_bytes())
            except (OSError, ValueError, TypeError, KeyError):
                _log.warning("%s cannot be read and is left alone", path)

    def _run_alone(self, job_id: str) -> None:
        try:
            with FileLock(self._folder / f"{job_id}.lock", timeout=0):
                job = self.get(job_id)
                if job.finished is None:  # another process may just have done it
                    self._run(Job(job.id, job.parts, job.created, state="running", started=_now()))
        except Timeout:
            return

    def _run(self, job: Job) -> None:
        self._keep(job)
        try:
            for number, part in enumerate(job.parts):
                job = self._run_part(job, part, self._folder / job.id / str(number))
                job = replace(job, parts_done=number + 1)
            job = replace(job, state="done", finished=_now())
        except _StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told and the next job goes on
            _log.exception("job %s failed", job.id)
            job = replace(self.get(job.id), state="failed", error=_reason(error), finished=_now())
        self._keep(job)
        for number in range(len(job.parts)):
            (self._folder / job.id / str(number)).unlink(missing_ok=True)

    def _run_part(self, before: Job, part: Part, path: Path) -> Job:
        def progress(summary: Summary) -> None:
            self._keep(_with(before, summary))

        return _with(before, self._editor.write_all(self._until_stopped(self._read(part, path)), progress))

    def _until_stopped(self, items: Iterator[Article | Rejected]) -> Iterator[Article | Rejected]:
        for item in items:
            if self._stopped.is_set():
                raise _StoppedError
            yield item

    def _keep(self, job: Job) -> None:
        write_file(self._folder / job.id / _NAME, json.dumps(asdict(job)).encode())

    def _forget_old(self) -> None:
        line = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
        for job in list(self._all()):
            if job.finished is not None and job.finished < line:
                shutil.rmtree(self._folder / job.id, ignore_errors=True)
                (self._folder / f"{job.id}.lock").unlink(missing_ok=True)


def _with(job: Job, summary: Summary) -> Job:
    return replace(
        job,
        added=job.added + summary.added,
        changed=job.changed + summary.changed,
        unchanged=job.unchanged + summary.unchanged,
        rejected=job.rejected + len(summary.rejected),
        rejections=[*job.rejections, *summary.rejected][:REJECTIONS_KEPT],
    )


def _parsed(content: bytes) -> Job:
    values = json.loads(content)
    values["parts"] = [Part(**part) for part in values["parts"]]
    values["rejections"] = [Rejected(**each) for each in values["rejections"]]
    return Job(**values)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
