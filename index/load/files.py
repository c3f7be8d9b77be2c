"""Files and folders: which format a file has, and one stream of articles out of all of them.

Nothing here raises for a bad file: it is rejected with its name and the reason, and the rest goes on.
"""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from index.load.draft import Draft, finish
from index.load.encoding import NotTextError
from index.load.html import NoArticleError, read_html
from index.load.ids import safe_id
from index.load.jsonl import load_jsonl
from index.load.limits import MAX_ARTICLE_BYTES, MAX_COLLECTION_BYTES
from index.load.text import read_markdown, read_text
from index.types import Article, Rejected

_ONE_ARTICLE: dict[str, Callable[[bytes], Draft]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}
_JSONL = (".jsonl", ".ndjson")
SUFFIXES = tuple(sorted((*_ONE_ARTICLE, *_JSONL)))


def load(path: Path) -> Iterator[Article | Rejected]:
    """Read the articles of a file, or of a folder with everything below it.

    Args:
        path: File or folder. In a folder, files are taken in order of their names; names that begin
            with a full stop are skipped.

    Yields:
        Articles, and a rejection for each file or record that could not become one. The id of a
        file's article comes from its path below `path`, so loading it again replaces it.
    """
    if path.is_dir():
        empty = True
        for file in _walk(path):
            empty = False
            yield from _load_file(file, file.relative_to(path).as_posix())
        if empty:
            yield Rejected(str(path), "no files in this folder")
    elif path.exists():
        yield from _load_file(path, path.name)
    else:
        yield Rejected(str(path), "no such file or folder")


def load_bytes(data: bytes, name: str) -> Iterator[Article | Rejected]:
    """Read the articles of a file that is in memory, such as an upload.

    Args:
        data: The whole file.
        name: File name; its suffix tells the format, and ids come from it.

    Yields:
        As `load`.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _JSONL:
        yield from load_jsonl(io.BytesIO(data), name)
    elif suffix in _ONE_ARTICLE:
        yield _one(_ONE_ARTICLE[suffix], data, name)
    else:
        yield _unknown(name)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(root, name)


def _load_file(path: Path, name: str) -> Iterator[Article | Rejected]:
    suffix = path.suffix.lower()
    most = MAX_COLLECTION_BYTES if suffix in _JSONL else MAX_ARTICLE_BYTES
    if suffix not in SUFFIXES:
        yield _unknown(name)
        return
    try:
        size = path.stat().st_size
        if not path.is_file():
            yield Rejected(name, "not a regular file")
        elif size > most:
            yield Rejected(name, f"file of {size:,} bytes, more than the {most:,} allowed; split it")
        elif suffix in _JSONL:
            with path.open("rb") as stream:
                yield from load_jsonl(stream, name)
        else:
            yield _one(_ONE_ARTICLE[suffix], path.read_bytes(), name)
    except OSError as error:
        yield Rejected(name, f"cannot be read: {error.strerror}")


def _one(read: Callable[[bytes], Draft], data: bytes, name: str) -> Article | Rejected:
    if not data.strip():
        return Rejected(name, "empty file")
    try:
        draft = read(data)
    except (NotTextError, NoArticleError) as error:
        return Rejected(name, str(error))
    return finish(_with_id(draft, name), name)


def _with_id(draft: Draft, name: str) -> Draft:
    return draft if draft.id else replace(draft, id=safe_id(name))


def _unknown(name: str) -> Rejected:
    suffix = PurePosixPath(name).suffix or "none"
    return Rejected(name, f"unknown file type ({suffix}); known are {', '.join(SUFFIXES)}")
