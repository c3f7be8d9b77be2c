"""Folders of saved pages with a sitemap (sitemaps.org): where each page came from, and when it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as SafeTree

from index.dates import parse_date
from index.load.limits import MAX_XML_BYTES
from index.types import Article

SITEMAP = "sitemap.xml"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a sitemap says of a page; `updated` is an ISO date or None."""

    url: str
    updated: str | None


def read_sitemap(folder: Path) -> dict[str, Origin]:
    """Read a folder's sitemap.

    Args:
        folder: Folder with saved pages; its `sitemap.xml` may be missing or broken.

    Returns:
        Origins by every relative path under which a page is usually saved ("rat", "rat.html",
        "rat/index.html", each also below the host's name); empty where there is no sitemap.
    """
    path = folder / SITEMAP
    try:
        if not path.is_file() or path.stat().st_size > MAX_XML_BYTES:
            return {}
        root = SafeTree.fromstring(path.read_bytes())
    except (OSError, ParseError, ValueError):
        return {}
    origins: dict[str, Origin] = {}
    for entry in root:
        said = {child.tag.rsplit("}", 1)[-1]: (child.text or "").strip() for child in entry}
        url = said.get("loc", "")
        if url.startswith(("http://", "https://")):
            origin = Origin(url, parse_date(said.get("lastmod", "")))
            for name in _saved_as(url):
                origins.setdefault(name, origin)
    return origins


def with_origin(article: Article, name: str, origins: Mapping[str, Origin]) -> Article:
    """Fill address and change date of a page's article where its own markup does not give them."""
    origin = origins.get(name)
    if origin is None:
        return article
    return replace(article, url=article.url or origin.url, updated=article.updated or origin.updated)


def _saved_as(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    path = unquote(parts.path).strip("/")
    names = [path, f"{path}.html", f"{path}.htm", f"{path}/index.html"] if path else ["index.html"]
    return [*names, *(f"{parts.netloc}/{name}" for name in names)]
