"""RSS and Atom feeds, by feedparser, whose only home is here."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser
from lxml import etree, html

from index.load.draft import Draft, finish
from index.types import Article, Rejected

_BLOCKS = ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "tr", "figcaption")


def load_feed(text: str, name: str) -> Iterator[Article | Rejected]:
    """Read the entries of a feed.

    Args:
        text: The feed's XML, checked for entities by the caller.
        name: File name; rejections say "name:entry", counted from 1.

    Yields:
        An article or a rejection for each entry; the whole content where the feed has it, else its summary.
    """
    # Bytes in a stream: given a text, feedparser would take it for an address and fetch it.
    parsed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), resolve_relative_uris=False)
    if not parsed.entries:
        yield Rejected(name, "no entries in the feed")
    for number, entry in enumerate(parsed.entries, start=1):
        yield finish(_draft(entry, parsed.feed), f"{name}:{number}")


def _draft(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> Draft:
    content = max((part.get("value", "") for part in entry.get("content", ())), key=len, default="")
    summary = entry.get("summary", "")
    source = entry.get("source") or {}
    title = entry.get("title")
    body = _plain(content if len(content) >= len(summary) else summary)
    return Draft(
        id=entry.get("id") or entry.get("link"),
        text=body or _plain(title or ""),
        title=_plain(title) if title else None,
        source=source.get("title") or feed.get("publisher") or feed.get("title"),
        author=entry.get("author"),
        url=entry.get("link"),
        published=entry.get("published"),
        # `get` would give the date of publication where there is none, with a warning.
        updated=entry["updated"] if "updated" in entry else None,  # noqa: SIM401
        language=feed.get("language"),
    )


def _plain(markup: str) -> str:
    """Read the text of a piece of HTML, its blocks as paragraphs."""
    if "<" not in markup and "&" not in markup:
        return markup
    try:
        tree = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return markup
    for element in tree.xpath("//script|//style"):
        element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.tail = "\n\n" + (element.tail or "")
        element.text = "\n\n" + (element.text or "") if element.tag != "br" else element.text
    return str(tree.text_content()).strip()
