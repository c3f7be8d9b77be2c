"""ZIP archives, member by member, in memory: nothing is ever written to disk.

Sizes in an archive's directory can lie, so what comes out is counted while it is read.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from index.load.formats import ZIP_SUFFIX, known, most_bytes, read_stream, suffix_of, too_large, unknown
from index.load.limits import (
    MAX_TABLE_BYTES,
    MAX_ZIP_BYTES,
    MAX_ZIP_DIRECTORY_BYTES,
    MAX_ZIP_MEMBERS,
    MAX_ZIP_RATIO,
    MAX_ZIP_RATIO_FROM_BYTES,
)
from index.types import Article, Rejected

_ARCHIVES = (ZIP_SUFFIX, ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst", ".jar")
_ENCRYPTED = 0x1
_UNIX_MODE_SHIFT = 16
_WINDOWS_DRIVE = ":"
# All that zipfile raises on damaged, lying or unsupported archives.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def load_zip(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the articles of a ZIP archive.

    Args:
        stream: The archive, seekable.
        name: Its file name; members are named "name/member" in ids and rejections.

    Yields:
        Articles, and a rejection for each member that is unknown, unsafe, encrypted, too large or
        itself an archive. Folders, hidden files and macOS resource forks are skipped.
    """
    try:
        if _directory_bytes(stream) > MAX_ZIP_DIRECTORY_BYTES:
            yield Rejected(name, f"more than {MAX_ZIP_MEMBERS:,} files, or very long names; split it")
            return
        archive = zipfile.ZipFile(stream)
    except _BROKEN as error:
        yield Rejected(name, f"damaged ZIP archive: {error}")
        return
    with archive:
        members = sorted(archive.infolist(), key=lambda member: member.filename)
        if len(members) > MAX_ZIP_MEMBERS:
            yield Rejected(name, f"{len(members):,} files, and {MAX_ZIP_MEMBERS:,} are allowed; split it")
        else:
            yield from _load_members(archive, members, name)


def _directory_bytes(stream: BinaryIO) -> int:
    """Return the size of the list of members, as `zipfile` will believe it; 0 where there is none."""
    # Read by anything else, an archive could be made that tells the two of different sizes.
    end = zipfile._EndRecData(stream)  # type: ignore[attr-defined]  # noqa: SLF001
    return 0 if end is None else int(end[zipfile._ECD_SIZE])  # type: ignore[attr-defined]  # noqa: SLF001


def _load_members(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str
) -> Iterator[Article | Rejected]:
    left = MAX_ZIP_BYTES
    files = [member for member in members if not member.is_dir() and not _is_hidden(member.filename)]
    for member in files:
        where = f"{name}/{member.filename}"
        refusal = _refusal(member, where)
        if refusal is not None:
            yield refusal
            continue
        most = min(most_bytes(where), MAX_TABLE_BYTES)
        try:
            with archive.open(member) as content:
                data = content.read(min(most, left) + 1)
        except _BROKEN as error:
            yield Rejected(where, f"cannot be unpacked: {error}")
            continue
        if len(data) > left:
            yield Rejected(name, f"unpacks to more than {MAX_ZIP_BYTES:,} bytes; read up to here, split it")
            return
        left -= len(data)
        if len(data) > most:
            yield too_large(where, most)
        else:
            yield from read_stream(io.BytesIO(data), where)
    if not files:
        yield Rejected(name, "no files in this archive")


def _is_hidden(name: str) -> bool:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in {".", ".."}]
    return "__MACOSX" in parts or any(part.startswith(".") for part in parts)


def _refusal(member: zipfile.ZipInfo, where: str) -> Rejected | None:
    reason = _reason(member)
    if reason is not None:
        return Rejected(where, reason)
    return None if known(where) else unknown(where)


def _reason(member: zipfile.ZipInfo) -> str | None:
    """Say why a member is not even opened; None where it may be."""
    name = member.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or name.startswith(("/", "\\")) or _WINDOWS_DRIVE in parts[0]:
        return "unsafe path in the archive; pack the files with relative names"
    if suffix_of(name) in _ARCHIVES:
        return "archive within an archive; unpack it first"
    if member.flag_bits & _ENCRYPTED:
        return "encrypted; pack it without a password"
    if stat.S_ISLNK(member.external_attr >> _UNIX_MODE_SHIFT):
        return "symbolic link; pack the file itself"
    grown = member.file_size > MAX_ZIP_RATIO * max(1, member.compress_size)
    if grown and member.file_size > MAX_ZIP_RATIO_FROM_BYTES:
        return f"unpacks to more than {MAX_ZIP_RATIO} times its size, which no text does"
    return None
