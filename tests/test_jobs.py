"""Long uploads: kept, worked off in order, gone on with after a restart."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.build import Progress, Summary
from index.types import Article, Rejected
from qa_service.jobs import Job, Jobs, Part, UnknownJobError


class Stores:
    """An editor that only counts; it waits at every article where it is told to."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def write_all(self, items: Iterator[Article | Rejected], progress: Progress) -> Summary:
        summary = Summary()
        for item in items:
            self.go_on.wait(10)
            if isinstance(item, Rejected):
                summary.rejected.append(item)
            elif item.text == "voll":
                raise OSError("No space left on device")
            else:
                self.texts.append(item.text)
                summary.added += 1
            progress(summary)
        return summary


def read(_part: Part, path: Path) -> Iterator[Article | Rejected]:
    for number, text in enumerate(json.loads(path.read_text())):
        yield Article(str(number), "T", text) if text else Rejected(f"articles[{number}]", "leer")


def submit(jobs: Jobs, *parts: list[str]) -> Job:
    def saving(texts: list[str]) -> Callable[[Path], int]:
        return lambda path: path.write_text(json.dumps(texts))

    return jobs.submit([(Part("records", "x"), saving(texts)) for texts in parts])


def ended(jobs: Jobs, job: Job) -> Job:
    end = time.monotonic() + 60
    while (now := jobs.get(job.id)).finished is None:
        assert time.monotonic() < end, now
        time.sleep(0.01)
    return now


@pytest.fixture
def editor() -> Stores:
    return Stores()


@pytest.fixture
def jobs(tmp_path: Path, editor: Stores) -> Jobs:
    return Jobs(tmp_path / "jobs", editor, read)


def test_a_job_counts_over_all_its_parts(jobs: Jobs, editor: Stores):
    job = ended(jobs, submit(jobs, ["a", "", "b"], ["c"]))

    assert (job.state, job.parts_done, job.added, job.rejected) == ("done", 2, 3, 1)
    assert list(job.rejections) == [Rejected("articles[1]", "leer")]
    assert editor.texts == ["a", "b", "c"]


def test_jobs_are_worked_off_in_the_order_they_came(jobs: Jobs, editor: Stores):
    editor.go_on.clear()
    first, second = submit(jobs, ["a"]), submit(jobs, ["b"])
    assert jobs.get(second.id).state == "queued"
    editor.go_on.set()
    ended(jobs, first)
    ended(jobs, second)
    assert editor.texts == ["a", "b"]


def test_a_job_that_cannot_store_says_why_and_the_next_goes_on(jobs: Jobs):
    failed = ended(jobs, submit(jobs, ["a", "voll", "b"]))
    assert (failed.state, failed.added, failed.error) == ("failed", 1, "No space left on device")
    assert ended(jobs, submit(jobs, ["c"])).state == "done"


def test_a_job_that_a_stopped_process_left_is_done_by_the_next(tmp_path: Path, editor: Stores, jobs: Jobs):
    job = ended(jobs, submit(jobs, ["a"]))
    # As after a kill in the middle: the state says running, the part is there, nobody holds the lock.
    left = json.loads((tmp_path / "jobs" / job.id / "job.json").read_text())
    left |= {"state": "running", "finished": None, "added": 7}
    (tmp_path / "jobs" / job.id / "job.json").write_text(json.dumps(left))
    (tmp_path / "jobs" / job.id / "0").write_text('["b", "c"]')

    later = Jobs(tmp_path / "jobs", editor, read)
    later.start()
    done = ended(later, job)
    assert (done.state, done.added) == ("done", 2)
    assert editor.texts == ["a", "b", "c"]


def test_stopping_ends_before_the_next_article_and_the_next_process_does_all_of_it(
    tmp_path: Path, editor: Stores, jobs: Jobs
):
    editor.go_on.clear()
    job = submit(jobs, ["a", "b"])
    stopping = threading.Thread(target=jobs.stop)
    stopping.start()
    jobs._stopped.wait()
    editor.go_on.set()
    stopping.join()
    assert editor.texts in ([], ["a"])
    assert jobs.get(job.id).finished is None

    editor.texts.clear()
    later = Jobs(tmp_path / "jobs", editor, read)
    later.start()
    assert ended(later, job).added == 2
    assert editor.texts == ["a", "b"]


def test_stopping_where_nothing_is_done_returns(jobs: Jobs):
    ended(jobs, submit(jobs, ["a"]))
    jobs.stop()
    assert not jobs._thread.is_alive()


def test_what_cannot_be_kept_leaves_nothing_behind(tmp_path: Path, jobs: Jobs):
    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="space"):
        jobs.submit([(Part("file", "a.txt"), fail)])
    assert list((tmp_path / "jobs").iterdir()) == []


def test_old_jobs_are_forgotten(tmp_path: Path, jobs: Jobs):
    job = ended(jobs, submit(jobs, ["a"]))
    path = tmp_path / "jobs" / job.id / "job.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"finished": "2020-01-01T00:00:00.000+00:00"}))
    ended(jobs, submit(jobs, ["b"]))
    end = time.monotonic() + 10
    while path.exists() and time.monotonic() < end:
        time.sleep(0.01)
    with pytest.raises(UnknownJobError):
        jobs.get(job.id)


@pytest.mark.parametrize("job_id", ["", "..", "../jobs", "fehlt", "a/b"])
def test_an_unknown_job_is_an_error(jobs: Jobs, job_id: str):
    with pytest.raises(UnknownJobError):
        jobs.get(job_id)
