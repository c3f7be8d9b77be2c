"""What a page says of itself: schema.org, OpenGraph, meta tags, time and link elements.

Only this module knows the many names that pages give to title, date, author and source.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

_ARTICLE_TYPES = (
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "BlogPosting",
    "OpinionNewsArticle",
)
_JSON_MAX_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class Markup:
    """Metadata of a page as it stands in its markup; None where the page does not say."""

    title: str | None = None
    source: str | None = None
    author: str | None = None
    agency: str | None = None
    url: str | None = None
    published: str | None = None
    updated: str | None = None
    language: str | None = None


def read_markup(page: str) -> Markup:
    """Read a page's metadata.

    Args:
        page: HTML; it need not be well formed.

    Returns:
        Schema.org data before OpenGraph before meta tags before visible elements. Values are raw.
    """
    try:
        tree = html.document_fromstring(
            page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Markup()
    schema = _schema(tree)
    meta = _meta(tree)
    return Markup(
        title=_text(schema.get("headline"))
        or meta.get("og:title")
        or _first(tree, "//article//h1", "//h1")
        or meta.get("dc.title")
        or _first(tree, "//title"),
        source=_text(schema.get("publisher"))
        or meta.get("og:site_name")
        or meta.get("dc.publisher")
        or meta.get("publisher")
        or meta.get("application-name"),
        author=_text(schema.get("author")) or _person(meta),
        agency=_text(schema.get("creditText")) or _text(schema.get("sourceOrganization")),
        url=_link(tree, "canonical") or meta.get("og:url") or _text(schema.get("url")),
        published=_text(schema.get("datePublished"))
        or meta.get("article:published_time")
        or _named_date(meta)
        or _time(tree),
        updated=_text(schema.get("dateModified"))
        or meta.get("article:modified_time")
        or meta.get("og:updated_time")
        or meta.get("last-modified"),
        language=_text(schema.get("inLanguage"))
        or tree.get("lang")
        or meta.get("og:locale")
        or meta.get("language"),
    )


def _schema(tree: html.HtmlElement) -> dict[str, object]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json" or not script.text:
            continue
        try:
            data = json.loads(script.text[:_JSON_MAX_CHARS])
        except (ValueError, RecursionError):
            continue
        for item in _items(data):
            kinds = item.get("@type")
            if any(kind in _ARTICLE_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
                return item
    return {}


def _items(data: object) -> Iterator[dict[str, object]]:
    if isinstance(data, list):
        for entry in data:
            yield from _items(entry)
    elif isinstance(data, dict):
        yield data
        yield from _items(data.get("@graph"))
        yield from _items(data.get("mainEntity"))


def _text(value: object) -> str | None:
    """Read a schema.org value: a text, an object with a name, or a list of either."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dict):
        return _text(value.get("name"))
    if isinstance(value, list):
        names = [name for name in map(_text, value) if name]
        return ", ".join(dict.fromkeys(names)) or None
    return None


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content.strip())
    return found


def _person(meta: dict[str, str]) -> str | None:
    for name in ("author", "article:author", "dc.creator", "byl", "parsely-author"):
        value = meta.get(name)
        # Facebook asks for the address of a profile here; that is no name.
        if value and "://" not in value and "@" not in value:
            return value
    return None


def _named_date(meta: dict[str, str]) -> str | None:
    for name in (
        "date",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
        "dcterms.created",
        "pubdate",
        "publish-date",
        "datepublished",
    ):
        if meta.get(name):
            return meta[name]
    return None


def _first(tree: html.HtmlElement, *paths: str) -> str | None:
    for path in paths:
        for element in tree.xpath(path)[:1]:
            text = " ".join(element.text_content().split())
            if text:
                return text
    return None


def _link(tree: html.HtmlElement, rel: str) -> str | None:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == rel and element.get("href"):
            return str(element.get("href"))
    return None


def _time(tree: html.HtmlElement) -> str | None:
    for element in tree.iter("time"):
        value = element.get("datetime") or element.text_content()
        if value and value.strip():
            return str(value).strip()
    return None
