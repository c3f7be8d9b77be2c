"""Follows a folder: new and changed files go into the archive, the articles of removed ones out of it.

It looks at names, sizes and times every few seconds, which works on every file system, network drives
included. What it knows of each file is kept in a file of its own, so that changes made while nobody was
watching are noticed at the next start.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from index.build import Progress, Summary
from index.durable import write_file
from index.load import load_file
from index.load.sitemap import Origin, read_sitemap, with_origin
from index.types import Article, Rejected

# A file that is still being written is left alone until it has not changed for so long.
SETTLED_S = 2.0
_CHUNK_FILES = 100

_logger = logging.getLogger(__name__)


class Adds(Protocol):
    """What is needed of `index.build.Builder` here."""

    def add(self, articles: Iterator[Article | Rejected], *, progress: Progress | None = None) -> Summary:
        """Store articles."""


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was read: its time and size, and the articles that came of it."""

    modified_ns: int
    size_bytes: int
    ids: Sequence[str]


@dataclass(slots=True)
class Step:
    """What one look at the folder led to."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def __bool__(self) -> bool:
        """True where anything happened."""
        return bool(self.added or self.changed or self.removed or self.rejected)


class Watch:
    """Keeps an archive in step with a folder.

    Args:
        folder: What to follow, with everything below it; hidden files are left out.
        builder: Stores articles.
        delete: Deletes an article by its id; returns whether it was there.
        memory: The file in which it keeps what it knows of the folder.
        settled_s: How long a file must not have changed before it is read.
    """

    def __init__(
        self,
        folder: Path,
        builder: Adds,
        delete: Callable[[str], bool],
        memory: Path,
        *,
        settled_s: float = SETTLED_S,
    ) -> None:
        self._folder = folder
        self._builder = builder
        self._delete = delete
        self._memory = memory
        self._settled_ns = int(settled_s * 1e9)
        self._known = _remembered(memory)
        self._warned = False

    def run(self, stop: threading.Event, report: Callable[[Step], None], *, every_s: float = 2.0) -> None:
        """Look again and again until `stop` is set; a batch of files that is being read is finished first."""
        while not stop.is_set():
            step = self.look(stop)
            if step:
                report(step)
            stop.wait(every_s)

    def look(self, stop: threading.Event | None = None) -> Step:
        """Look once, and take in what has changed since the last time."""
        step = Step()
        files = self._files()
        if not files and self._known:
            # A disk that is not mounted looks the same; nobody wants an empty archive for that.
            if not self._warned:
                _logger.warning("%s is missing or empty; nothing is deleted for that", self._folder)
            self._warned = True
            return step
        self._warned = False
        origins = read_sitemap(self._folder)
        due = sorted(name for name, stat in files.items() if self._is_due(name, stat))
        for start in range(0, len(due), _CHUNK_FILES):
            if stop is not None and stop.is_set():
                return step
            self._take_in({name: files[name] for name in due[start : start + _CHUNK_FILES]}, origins, step)
        gone = self._known.keys() - files.keys()
        if gone:
            self._forget({name: self._known.pop(name) for name in gone}, step)
            self._remember()
        return step

    def _files(self) -> dict[str, os.stat_result]:
        found = {}
        for root, folders, names in os.walk(self._folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for path in (Path(root, name) for name in names if not name.startswith(".")):
                try:
                    found[path.relative_to(self._folder).as_posix()] = path.stat()
                except OSError:  # removed just now
                    continue
        return found

    def _is_due(self, name: str, stat: os.stat_result) -> bool:
        known = self._known.get(name)
        if known is not None and (known.modified_ns, known.size_bytes) == (stat.st_mtime_ns, stat.st_size):
            return False
        # A copy may carry an old time of its content; the change time tells when it was written here.
        age_ns = time.time_ns() - max(stat.st_mtime_ns, stat.st_ctime_ns)
        return not 0 <= age_ns < self._settled_ns  # below 0: a wrong clock, not a file being written

    def _take_in(self, files: dict[str, os.stat_result], origins: dict[str, Origin], step: Step) -> None:
        ids: dict[str, list[str]] = {name: [] for name in files}
        summary = self._builder.add(self._loaded(ids, origins))
        before = {}
        for name, stat in files.items():
            known = self._known.get(name)
            if known is not None and ids[name]:
                before[name] = known
            elif known is not None:  # unreadable now: what it said before stays until it is readable or gone
                ids[name] = list(known.ids)
            self._known[name] = Known(stat.st_mtime_ns, stat.st_size, ids[name])
        step.added += summary.added
        step.changed += summary.changed
        step.rejected += summary.rejected
        self._forget(before, step)
        self._remember()

    def _loaded(self, ids: dict[str, list[str]], origins: dict[str, Origin]) -> Iterator[Article | Rejected]:
        for name, into in ids.items():
            for found in load_file(self._folder / name, name):
                if isinstance(found, Article):
                    into.append(found.id)
                    yield with_origin(found, name, origins)
                else:
                    yield found

    def _forget(self, files: dict[str, Known], step: Step) -> None:
        """Delete the articles of these files that no file holds any more."""
        held = {article_id for known in self._known.values() for article_id in known.ids}
        for article_id in {article_id for known in files.values() for article_id in known.ids} - held:
            step.removed += self._delete(article_id)

    def _remember(self) -> None:
        content = {name: asdict(known) for name, known in sorted(self._known.items())}
        write_file(self._memory, json.dumps(content).encode())


def _remembered(path: Path) -> dict[str, Known]:
    try:
        return {name: Known(**known) for name, known in json.loads(path.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        _logger.warning("%s cannot be read (%s); every file is read again", path, error)
        return {}
