"""Web pages: the article by trafilatura, the metadata from markup.

This module is the home of trafilatura. What the page says of itself (schema.org, OpenGraph, meta, time)
is read by `index.load.markup`.
"""

import re

import trafilatura

from index.errors import LoadError
from index.load.draft import Draft
from index.load.encoding import decode
from index.load.markup import Markup, read_markup

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
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
        text="\n\n".join(_without_title(text.split("\n"), markup)),
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


def _without_title(lines: list[str], markup: Markup) -> list[str]:
    lines = [line.strip() for line in lines if line.strip()]
    if lines and lines[0] == markup.title:
        del lines[0]
    return lines
