"""What agencies send: NITF and NewsML-G2 (both IPTC standards).

Element names are compared without their namespaces, which senders get wrong more often than the names.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from index.bylines import agencies
from index.load.draft import Draft, finish
from index.types import Article, Rejected

_BLOCKS = frozenset({"p", "hl2", "h2", "h3", "h4", "li", "tr", "pre"})
_INLINE = frozenset({"inlineXML", "inlineData"})
_BODIES = ("body.content", "body")


def local_name(element: Element) -> str:
    """Give an element's name without its namespace."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def load_nitf(root: Element, name: str) -> Article | Rejected:
    """Read an NITF document, which is one article.

    Args:
        root: The `nitf` element.
        name: File name, said in a rejection.
    """
    provider = _said(root, "distributor") or _said(root, "doc.rights", "provider")
    return finish(
        Draft(
            id=_said(root, "doc-id", "id-string"),
            text=_body(root),
            title=_said(root, "hl1") or _said(root, "title"),
            author=_said(root, "byline"),
            agency=agencies(provider or ""),
            source=provider,
            published=_said(root, "date.issue", "norm") or _said(root, "story.date", "norm"),
            updated=_said(root, "date.release", "norm"),
            language=_language(root),
        ),
        name,
    )


def load_newsml(root: Element, name: str) -> Iterator[Article | Rejected]:
    """Read the text items of a NewsML-G2 message; pictures and other items are passed over.

    Args:
        root: A `newsMessage` or `newsItem` element.
        name: File name; rejections say "name:guid".

    Yields:
        An article or a rejection for each item with text.
    """
    found = False
    for item in _all(root, "newsItem"):
        content = next(_all(item, "contentSet"), None)
        if content is None or not any(local_name(part) in _INLINE for part in content.iter()):
            continue
        found = True
        guid = item.get("guid")
        yield finish(_item(item, content, guid), f"{name}:{guid}" if guid else name)
    if not found:
        yield Rejected(name, "no item with text in it")


def _item(item: Element, content: Element, guid: str | None) -> Draft:
    provider = _provider(item)
    credit = _said(item, "creditline")
    return Draft(
        id=guid,
        text=_body(content),
        title=_said(item, "headline") or _said(content, "hl1") or _said(content, "title"),
        author=_said(item, "by") or _said(content, "byline"),
        agency=agencies(credit or "") or agencies(provider or ""),
        source=provider or credit,
        published=_said(item, "firstCreated")
        or _said(item, "contentCreated")
        or _said(item, "versionCreated"),
        updated=_said(item, "contentModified") or _said(item, "versionCreated"),
        language=_said(item, "language", "tag") or _language(item),
    )


def _provider(item: Element) -> str | None:
    for element in _all(item, "provider"):
        code = element.get("literal") or element.get("qcode", "").rsplit(":", 1)[-1]
        return _said(element, "name") or code or None
    return None


def _body(root: Element) -> str:
    for tag in _BODIES:
        for body in _all(root, tag):
            text = "\n\n".join(_paragraphs(body))
            if text.strip():
                return text
    return "\n\n".join("".join(data.itertext()) for data in _all(root, "inlineData"))


def _paragraphs(body: Element) -> Iterator[str]:
    found = False
    for element in body.iter():
        if local_name(element) in _BLOCKS:
            found = True
            yield " ".join("".join(element.itertext()).split())
    if not found:
        yield "".join(body.itertext())


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if local_name(element) == name)


def _said(root: Element, name: str, attribute: str | None = None) -> str | None:
    """Read the first element of a name that says something, in an attribute or as text."""
    for element in _all(root, name):
        value = element.get(attribute) if attribute else " ".join("".join(element.itertext()).split())
        if value:
            return value
    return None


def _language(root: Element) -> str | None:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.rsplit("}", 1)[-1] == "lang":
                return value
    return None
