"""Which format a file has, by its name, and what reads it.

Nothing here raises for a bad file: it is rejected with its name and the reason.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO

from index.errors import LoadError
from index.load.docx import read_docx
from index.load.draft import Draft, finish
from index.load.html import read_html
from index.load.ids import safe_id
from index.load.jsonl import load_jsonl
from index.load.limits import (
    MAX_ARTICLE_BYTES,
    MAX_COLLECTION_BYTES,
    MAX_PAGE_BYTES,
    MAX_TABLE_BYTES,
    MAX_XML_BYTES,
)
from index.load.pdf import read_pdf
from index.load.table import load_table
from index.load.text import read_markdown, read_text
from index.load.xml import load_xml
from index.types import Article, Rejected

_ONE_ARTICLE: dict[str, Callable[[bytes], Draft]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
_MANY_ARTICLES: dict[str, tuple[int, Callable[[bytes, str], Iterator[Article | Rejected]]]] = {
    ".csv": (MAX_TABLE_BYTES, load_table),
    ".tsv": (MAX_TABLE_BYTES, load_table),
    ".xml": (MAX_XML_BYTES, load_xml),
    ".rss": (MAX_XML_BYTES, load_xml),
    ".atom": (MAX_XML_BYTES, load_xml),
    ".nitf": (MAX_XML_BYTES, load_xml),
    ".newsml": (MAX_XML_BYTES, load_xml),
}
_PAGES = (".html", ".htm", ".xhtml")
_LINES = (".jsonl", ".ndjson")
ZIP_SUFFIX = ".zip"
SUFFIXES = tuple(sorted((*_ONE_ARTICLE, *_MANY_ARTICLES, *_LINES, ZIP_SUFFIX)))


def known(name: str) -> bool:
    """Tell whether files of this name can be read."""
    return suffix_of(name) in SUFFIXES


def suffix_of(name: str) -> str:
    """Give the suffix that tells the format, with its full stop, in small letters."""
    return PurePosixPath(name).suffix.lower()


def unknown(name: str) -> Rejected:
    """Reject a file for its name."""
    return Rejected(name, f"unknown file type ({suffix_of(name) or 'none'}); known are {', '.join(SUFFIXES)}")


def most_bytes(name: str) -> int:
    """Give the size up to which a file of this name is read."""
    suffix = suffix_of(name)
    if suffix in _LINES or suffix == ZIP_SUFFIX:
        return MAX_COLLECTION_BYTES
    if suffix in _PAGES:
        return MAX_PAGE_BYTES
    return _MANY_ARTICLES[suffix][0] if suffix in _MANY_ARTICLES else MAX_ARTICLE_BYTES


def read_stream(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the articles of one file, any but an archive.

    Args:
        stream: The file's bytes.
        name: Its path below what is loaded; ids come from it and rejections name it.

    Yields:
        Articles, and a rejection for each record that could not become one.
    """
    suffix = suffix_of(name)
    if suffix in _LINES:
        yield from load_jsonl(stream, name)
        return
    most = most_bytes(name)
    data = stream.read(most + 1)
    if len(data) > most:
        yield too_large(name, most)
    elif not data.strip():
        yield Rejected(name, "empty file")
    elif suffix in _MANY_ARTICLES:
        yield from _MANY_ARTICLES[suffix][1](data, name)
    elif suffix in _ONE_ARTICLE:
        yield _one(_ONE_ARTICLE[suffix], data, name)
    else:
        yield unknown(name)


def too_large(name: str, most: int) -> Rejected:
    """Reject a file for its size, with the number of bytes that would be read."""
    return Rejected(name, f"more than the {most:,} bytes that are allowed; split the file")


def _one(read: Callable[[bytes], Draft], data: bytes, name: str) -> Article | Rejected:
    try:
        draft = read(data)
    except LoadError as error:
        return Rejected(name, str(error))
    return finish(draft if draft.id else replace(draft, id=safe_id(name)), name)
