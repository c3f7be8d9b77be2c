"""Files that are whole or not there: written beside, flushed to the disk, renamed into place.

A kill or a full disk at any moment leaves the old file (or none), never half of the new one. Damaged files
are set aside rather than deleted, so that a person can look at them.
"""

import contextlib
import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_logger = logging.getLogger(__name__)

_CHUNK_BYTES = 1 << 20


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def write_file(path: Path, content: bytes) -> None:
    """Write a file atomically, replacing one that is there; its folder is created."""
    with new_file(path) as beside:
        beside.write_bytes(content)


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give the path of an empty file that becomes `path` when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        os.close(descriptor)
        yield Path(name)
        with Path(name).open("rb+") as stream:
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes `target` when the block ends without an error.

    Whatever was at `target` is replaced, and what an earlier attempt left when it was killed is removed.
    Two processes must not do this at once: hold a lock.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        folder.chmod(0o755)
        yield folder
        _sync_tree(folder)
        old = folder.with_name(f"{folder.name}.old")
        take_place(folder, target, old)
        if old.exists():
            shutil.rmtree(old)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def take_place(fresh: Path, target: Path, old: Path) -> None:
    """Rename a folder to `target`; what was there becomes `old`. For a moment nothing is: hold a lock."""
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    _sync_folder(target.parent)


def set_aside(path: Path) -> Path:
    """Rename a damaged file or folder to "<name>.damaged-<time>" and return the new path."""
    stamp = time.strftime("%Y%m%dT%H%M%S")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
        number += 1
    path.rename(aside)
    _logger.warning("%s was damaged and is set aside as %s", path, aside.name)
    return aside


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            _sync_folder(path)
        else:
            path.chmod(0o644)  # some libraries write for their own user alone
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
