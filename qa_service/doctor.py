"""What `qa doctor` looks at: everything that a start needs, each with what to do where it is wrong.

Nothing is changed, made or repaired, so it may run beside a service. Models are not loaded, only compared
with their checksums.
"""

import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal

from packaging.requirements import Requirement

from index import manifest
from index.errors import DamagedIndexError, IndexingError
from index.model import damaged_files
from index.search import LEXICAL, VECTORS
from qa_service import access
from qa_service.errors import ServiceError
from qa_service.keys import Keys
from qa_service.settings import Settings
from qa_service.span_reader import weights

State = Literal["ok", "note", "wrong"]

ARCHIVE_FILE = "archive.sqlite"
DISTRIBUTION = "german-news-qa"
PYTHON = (3, 11)
SPACE_MIB = 1500  # unpacking the embedded model takes 1.2 GB for a moment
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        what: The thing.
        state: "wrong" stops a start or an answer; a "note" mends itself or is a matter of taste.
        words: What was found, and what to do about it.
    """

    what: str
    state: State
    words: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one after the other; what cannot be looked at is a finding too."""
    for what, look in _CHECKS.items():
        try:
            state, words = look(settings)
        except (OSError, ValueError, sqlite3.Error, IndexingError, ServiceError) as error:
            state, words = "wrong", str(error) or type(error).__name__
        yield Finding(what, state, words)


Result = tuple[State, str]


def _python(_settings: Settings) -> Result:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] != PYTHON:
        return "wrong", f"This is Python {found}; install with Python {PYTHON[0]}.{PYTHON[1]}."
    return "ok", found


def _packages(_settings: Settings) -> Result:
    try:
        wanted = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        return "wrong", "The package itself is not installed; run `pip install .` in its folder."
    wanted = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [text for text in map(_difference, wanted) if text]
    if wrong:
        return "wrong", f"{'; '.join(wrong)}. Install again with --constraint requirements.lock."
    return "ok", f"{len(wanted)} as they should be"


def _difference(wanted: Requirement) -> str:
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"{wanted.name} is missing"
    return (
        "" if wanted.specifier.contains(found, prereleases=True) else f"{wanted} is wanted, {found} is there"
    )


def _folder(settings: Settings) -> Result:
    folder = settings.data_dir
    if not folder.exists():
        parent = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not os.access(parent, os.W_OK):
            return "wrong", f"{folder} cannot be made in {parent}; make it, or set QA_DATA_DIR."
        return "note", f"{folder} is not there yet; the first start makes it."
    with tempfile.TemporaryFile(dir=folder):
        pass
    return "ok", f"{folder} is writable"


def _space(settings: Settings) -> Result:
    there = next(path for path in (settings.data_dir, *settings.data_dir.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free // _MIB
    if free < SPACE_MIB:
        return (
            "wrong",
            f"{free} MiB are free in {there}; {SPACE_MIB} are needed. Free some, or set QA_DATA_DIR.",
        )
    return "ok", f"{free} MiB free"


def _model(settings: Settings) -> Result:
    if settings.embedder is not None:
        return "note", f"QA_EMBEDDER={settings.embedder} has no checksums; the start tells whether it loads."
    differences = damaged_files(settings.model_cache)
    if differences is None:
        return "note", "Not unpacked yet; the first start or `qa setup` does it in half a minute."
    if differences:
        return "wrong", f"Damaged: {', '.join(differences)}. `qa setup` sets it aside and makes it again."
    return "ok", "as its checksums say"


def _reader(settings: Settings) -> Result:
    if settings.reader is not None:
        return "note", f"QA_READER={settings.reader} is not the shipped one."
    return "ok", f"as its checksum says ({weights.checksum(weights.SHIPPED)[:12]})"


def _archive(settings: Settings) -> Result:
    path = settings.data_dir / ARCHIVE_FILE
    if not path.exists():
        return "note", "There is none yet; `qa index add PATH` fills it."
    with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as connection:
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            return (
                "wrong",
                f"{path} is damaged: {problem}. Put a backup in its place (`qa index backup` makes one).",
            )
        articles = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    return "ok", f"{articles} articles"


def _indexes(settings: Settings) -> Result:
    if not (settings.data_dir / ARCHIVE_FILE).exists():
        return "note", "There is no archive to index yet."
    notes = []
    for name in (VECTORS, LEXICAL):
        try:
            manifest.read(settings.data_dir / name)
        except FileNotFoundError:
            notes.append(f"{name} is not there")
        except DamagedIndexError as error:
            notes.append(str(error))
    if notes:
        return "note", f"{'; '.join(notes)}. The next start makes it again from the archive."
    return "ok", "as their checksums say"


def _port(settings: Settings) -> Result:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            return (
                "wrong",
                f"{where} cannot be taken ({error.strerror}); is a service running? Else set QA_PORT.",
            )
    return "ok", f"{settings.host}:{settings.port} is free"


def _keys(settings: Settings) -> Result:
    keys = Keys(settings.data_dir)
    valid = [key for key in keys.all() if key.revoked is None]
    local = access.is_loopback(settings.host)
    if keys.exist():
        return ("ok" if valid else "note"), f"{len(valid)} valid; every request needs one"
    if local:
        return "ok", "none; only this machine is served"
    if settings.without_keys:
        return "note", f"none; whoever reaches {settings.host} may ask and read, as QA_WITHOUT_KEYS says."
    return "wrong", f"none, but {settings.host} may be reached by others; `qa keys add NAME` makes one."


_CHECKS: dict[str, Callable[[Settings], Result]] = {
    "Python": _python,
    "packages": _packages,
    "data folder": _folder,
    "disk space": _space,
    "embedding model": _model,
    "reader": _reader,
    "archive": _archive,
    "indexes": _indexes,
    "port": _port,
    "API keys": _keys,
}
