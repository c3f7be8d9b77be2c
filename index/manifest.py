"""What a derived index says of itself, so that a damaged or foreign one is noticed and made again.

A manifest names the format version, the model, the archive and its change, and the checksum of every file.
It is written last, atomically: files without a manifest that names them do not count. It also names the
`build`: who has another one open goes over to this one. Whoever opens, writes, replaces or sets aside what is
in a folder holds its `lock` meanwhile, so that no two processes do it at once.
"""

import json
import logging
import shutil
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock

from index.durable import set_aside, sha256, write_file
from index.errors import DamagedIndexError, OutdatedIndexError

_logger = logging.getLogger(__name__)

_NAME = "manifest.json"
_VERSIONS = frozenset({"format", "analysis"})
Seen = tuple[int, int, int]
_Index = TypeVar("_Index")


def lock(folder: Path) -> FileLock:
    """Return the lock of a folder among threads and processes; a thread that holds it may take it again."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(folder.with_name(f"{folder.name}.lock"), is_singleton=True)


def new_build() -> str:
    """Return a name that no other build has."""
    return uuid.uuid4().hex


def seen(folder: Path) -> Seen | None:
    """Return what changes whenever the manifest is written, None where there is none; takes microseconds."""
    try:
        status = (folder / _NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def write(folder: Path, about: dict[str, Any], files: Iterable[str]) -> None:
    """Write the manifest; files that an earlier one already lists with their size are not read again.

    Only for files that are never changed under one name.
    """
    known = _known_files(folder)
    listed = {}
    for name in files:
        size = (folder / name).stat().st_size
        entry = known.get(name, {})
        checksum = entry["sha256"] if entry.get("bytes") == size else sha256(folder / name)
        listed[name] = {"bytes": size, "sha256": checksum}
    write_file(folder / _NAME, json.dumps(about | {"files": listed}, indent=1).encode())


def read(folder: Path) -> dict[str, Any]:
    """Return what the manifest says, without its list of files, after comparing every file with it.

    Raises:
        FileNotFoundError: There is no manifest.
        DamagedIndexError: It cannot be read, or a file is missing or differs.
    """
    content = _content(folder)
    files = content.pop("files")
    for name, known in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != known["bytes"] or sha256(path) != known["sha256"]:
            raise DamagedIndexError(f"{path} is missing or differs from {_NAME}")
    return content


def read_unchecked(folder: Path) -> dict[str, Any]:
    """Return what the manifest says, without its list of files, not looking at the files.

    Raises:
        FileNotFoundError: There is no manifest.
        DamagedIndexError: It cannot be read.
    """
    content = _content(folder)
    del content["files"]
    return content


def compare(folder: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Compare a manifest with what is wanted.

    Raises:
        OutdatedIndexError: The archive's own, in the form of another version.
        DamagedIndexError: It belongs to another archive or model; the message says what differs.
    """
    different = [name for name in wanted if found.get(name) != wanted[name]]
    if different:
        said = ", ".join(f"{name} {found.get(name)!r} instead of {wanted[name]!r}" for name in different)
        if set(different) <= _VERSIONS:
            raise OutdatedIndexError(f"{folder} is of another version: {said}")
        raise DamagedIndexError(f"{folder} belongs elsewhere: {said}")


def load_or_none(folder: Path, load: Callable[[], _Index]) -> _Index | None:
    """Load an index; where it is damaged, say so, set it aside and return None; None where it is missing.

    One of another version is removed: nothing is wrong with it that a person could look at.

    The caller holds the `lock`: else another process's new index might be set aside for the damaged one.
    """
    try:
        return load()
    except FileNotFoundError:
        return None
    except OutdatedIndexError as error:
        _logger.info("%s; it is made again from the archive", error)
        shutil.rmtree(folder)
        return None
    except DamagedIndexError as error:
        _logger.warning("%s; it is made again from the archive", error)
        set_aside(folder)
        return None


def _content(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / _NAME).read_bytes())
    except ValueError as error:
        raise DamagedIndexError(f"{folder / _NAME} is not JSON: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("files"), dict):
        raise DamagedIndexError(f"{folder / _NAME} is no manifest")
    return content


def _known_files(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        return dict(_content(folder)["files"])
    except (FileNotFoundError, DamagedIndexError):
        return {}
