"""XML: feeds (RSS, Atom) and what agencies send (NITF, NewsML-G2), told apart by the root element.

defusedxml parses; entities are refused, because they read files, call addresses and grow without end.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from index.errors import LoadError
from index.load.encoding import decode
from index.load.feed import load_feed
from index.load.newsml import load_newsml, load_nitf, local_name
from index.types import Article, Rejected

_FEED = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|RDF)[\s>]")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_HEAD_CHARS = 4_096


def load_xml(data: bytes, name: str) -> Iterator[Article | Rejected]:
    """Read the articles of a feed or of an agency's delivery.

    Args:
        data: The whole file.
        name: File name; rejections say "name:item".

    Yields:
        An article or a rejection for each item. A sitemap has none and is passed over.
    """
    try:
        text = _DECLARATION.sub("", _decoded(data))
    except LoadError as error:
        yield Rejected(name, str(error))
        return
    if _ENTITY.search(text):
        yield Rejected(name, "XML with entity declarations is not read; remove its <!ENTITY ...> lines")
    elif _FEED.search(text[:_HEAD_CHARS]):
        yield from load_feed(text, name)
    else:
        yield from _load_agency(text, name)


def _decoded(data: bytes) -> str:
    declared = re.match(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]+)", data)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _load_agency(text: str, name: str) -> Iterator[Article | Rejected]:
    try:
        root: Element = SafeTree.fromstring(text)
    except DefusedXmlException as error:
        yield Rejected(name, f"unsafe XML is not read: {error}")
        return
    except (ParseError, ValueError) as error:
        yield Rejected(name, f"not XML: {error}")
        return
    kind = local_name(root)
    if kind == "nitf":
        yield load_nitf(root, name)
    elif kind in {"newsMessage", "newsItem"}:
        yield from load_newsml(root, name)
    elif kind not in {"urlset", "sitemapindex"}:
        yield Rejected(name, f"unknown XML (<{kind}>); known are RSS, Atom, NITF and NewsML-G2")
