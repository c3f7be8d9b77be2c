"""Files and folders: one stream of articles out of all of them.

Nothing here raises for a bad file: it is rejected with its name and the reason, and the rest goes on.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from index.load.formats import ZIP_SUFFIX, known, most_bytes, read_stream, suffix_of, too_large, unknown
from index.load.sitemap import read_sitemap, with_origin
from index.load.zipped import load_zip
from index.types import Article, Rejected


def load(path: Path) -> Iterator[Article | Rejected]:
    """Read the articles of a file, or of a folder with everything below it.

    Args:
        path: File or folder. In a folder, files are taken in order of their names; names that begin
            with a full stop are skipped. A `sitemap.xml` says where its pages came from.

    Yields:
        Articles, and a rejection for each file or record that could not become one. The id of a
        file's article comes from its path below `path`, so loading it again replaces it.
    """
    if path.is_dir():
        empty = True
        origins = read_sitemap(path)
        for file in _walk(path):
            empty = False
            name = file.relative_to(path).as_posix()
            for found in load_file(file, name):
                yield with_origin(found, name, origins) if isinstance(found, Article) else found
        if empty:
            yield Rejected(str(path), "no files in this folder")
    elif path.exists():
        yield from load_file(path, path.name)
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
    if not known(name):
        yield unknown(name)
    elif len(data) > most_bytes(name):
        yield too_large(name, most_bytes(name))
    else:
        yield from _read(io.BytesIO(data), name)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(root, name)


def load_file(path: Path, name: str) -> Iterator[Article | Rejected]:
    """Read the articles of one file that is known under another name, such as an upload.

    Args:
        path: The file.
        name: Its suffix tells the format, and ids come from it.

    Yields:
        As `load`.
    """
    if not known(name):
        yield unknown(name)
        return
    try:
        if not path.is_file():
            yield Rejected(name, "not a regular file")
        elif path.stat().st_size > (most := most_bytes(name)):
            yield too_large(name, most)
        else:
            with path.open("rb") as stream:
                yield from _read(stream, name)
    except OSError as error:
        yield Rejected(name, f"cannot be read: {error.strerror or error}")


def _read(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    yield from (load_zip if suffix_of(name) == ZIP_SUFFIX else read_stream)(stream, name)
