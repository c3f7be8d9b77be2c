"""Web pages: the article by trafilatura, the metadata from markup.

This module is the home of trafilatura. What the page says of itself (schema.org, OpenGraph, meta, time)
is read by `index.load.markup`.
"""

import re

import trafilatura

from index.errors import LoadError
from index.load.draft import Draft
from index.load.encoding import decode
from index.load.markup import read_markup

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_MARKS = re.compile(r"^(?:- (?=\S)|\| ?)|(?<!\|) ?\|$")
_TABLE_RULE = re.compile(r"[|-]*---[|-]*")
_HEAD_BYTES = 4_096


def read_html(data: bytes) -> Draft:
    """Read an article from a page.

    Args:
        data: The page as it was saved.

    Returns:
        Text and metadata of the article; scripts, navigation and comments are left out.

    Raises:
        LoadError: The file is binary, or no article text was found.
    """
    page = _decode(data)
    text = trafilatura.extract(
        page,
        output_format="txt",
        include_comments=False,
        include_tables=True,
        with_metadata=False,
        deduplicate=False,
    )
    if not text or not text.strip():
        raise LoadError("no article text in the page; is it an empty, script-only or navigation page?")
    markup = read_markup(page)
    return Draft(
        text="\n\n".join(_lines(text, markup.title)),
        title=markup.title,
        source=markup.source,
        author=markup.author,
        agency=markup.agency,
        url=markup.url,
        published=markup.published,
        updated=markup.updated,
        language=markup.language,
    )


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"} and not data.startswith(b"\xef\xbb\xbf"):
        try:
            # Browsers read Latin-1 as cp1252, and so do the people who wrote it.
            name = declared[1].decode().lower()
            return data.decode("cp1252" if name in {"iso-8859-1", "latin1", "us-ascii"} else name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _lines(text: str, title: str | None) -> list[str]:
    """Take off the Markdown that trafilatura gives lists and tables, and the title where it is repeated."""
    lines = [_MARKS.sub("", line.strip()).strip() for line in text.split("\n")]
    lines = [line for line in lines if line and not _TABLE_RULE.fullmatch(line)]
    if lines and lines[0] == title:
        del lines[0]
    return lines
