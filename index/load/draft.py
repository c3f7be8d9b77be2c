"""From the raw fields of any format to an article.

Every format ends here, so that cleaning, metadata and checks are the same for all of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.bylines import agencies
from index.clean import clean, drop_furniture, reflow
from index.dates import parse_date
from index.load.ids import content_id, safe_id
from index.load.limits import MAX_ARTICLE_CHARS, MAX_NAME_CHARS, MAX_TITLE_CHARS, MAX_URL_CHARS
from index.metadata import Facts, first_words, read_metadata
from index.types import Article, Rejected

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_VISIBLE = re.compile(r"\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a format says about an article, as it stands there; only `text` is needed."""

    text: str
    id: str | None = None
    title: str | None = None
    source: str | None = None
    author: str | None = None
    agency: str | None = None
    url: str | None = None
    published: str | None = None
    updated: str | None = None
    language: str | None = None


def finish(draft: Draft, where: str) -> Article | Rejected:
    """Clean a draft, fill its gaps from the text, and check it.

    Args:
        draft: Raw fields.
        where: File, and record where there is one; said in rejections.

    Returns:
        The article, or why there is none. Metadata given wins over metadata found in the text.
    """
    if len(draft.text) > MAX_ARTICLE_CHARS:
        return Rejected(
            where,
            f"text of {len(draft.text):,} characters, more than the {MAX_ARTICLE_CHARS:,} allowed; split it",
        )
    text = reflow(clean(draft.text))
    given_title = _line(draft.title, MAX_TITLE_CHARS)
    facts = read_metadata(text, title=given_title)
    body = drop_furniture(facts.text) or text
    if not _VISIBLE.search(body):
        return Rejected(where, "no text in it; an article needs at least one word")
    return _article(draft, facts, body)


def from_record(record: Mapping[str, object], where: str) -> Article | Rejected:
    """Make an article of a record with the fields of JSONL, CSV or a request body.

    Args:
        record: `text`, and any of `id`, `title`, `source`, `author`, `agency`, `url`, `published`
            (or `date`), `updated`, `language`; other fields are ignored.
        where: File and line; said in rejections.

    Returns:
        The article, or why there is none.
    """
    fields: dict[str, str] = {}
    for name in (*Draft.__slots__, "date"):
        value = record.get(name)
        if value is None or isinstance(value, bool):
            continue
        if isinstance(value, list) and name == "author":
            value = ", ".join(str(author) for author in value)
        if isinstance(value, int) and name in {"id", "published", "date", "updated"}:
            value = str(value)
        if not isinstance(value, str):
            return Rejected(where, f'"{name}" must be a string, not {type(value).__name__}')
        fields[name] = value
    date = fields.pop("date", None)
    if date is not None:
        fields.setdefault("published", date)
    text = fields.pop("text", None)
    if text is None:
        return Rejected(where, '"text" is missing')
    return finish(Draft(text=text, **fields), where)


def _article(draft: Draft, facts: Facts, body: str) -> Article:
    url = _url(draft.url)
    given = draft.id.strip() if draft.id is not None else ""
    title = facts.title or first_words(body)
    agency = _line(draft.agency, MAX_NAME_CHARS)
    return Article(
        id=safe_id(given) if given else content_id(title, body, url),
        title=title,
        text=body,
        source=_line(draft.source, MAX_NAME_CHARS) or facts.source,
        author=_author(draft.author) or facts.author,
        agency=_agency(agency) if agency else facts.agency,
        url=url,
        published=(parse_date(draft.published) if draft.published else None) or facts.published,
        updated=(parse_date(draft.updated) if draft.updated else None) or facts.updated,
        language=_language(draft.language),
    )


def _line(value: str | None, most: int) -> str | None:
    """Clean a short field; an empty one is none."""
    if value is None:
        return None
    return " ".join(clean(value[: 4 * most]).split())[:most].strip() or None


def _author(value: str | None) -> str | None:
    line = _line(value, MAX_NAME_CHARS)
    return None if line is None else re.sub(r"^(?:von|by) ", "", line, flags=re.IGNORECASE) or None


def _agency(names: str) -> str:
    """Spell agencies as they spell themselves; a list with one that is not known stays as it is."""
    known = agencies(names)
    return known if known and known.count(",") == names.count(",") else names


def _url(value: str | None) -> str | None:
    """Keep web addresses only: what the page shows as a link must not run a script."""
    if value is None or len(value) > MAX_URL_CHARS:
        return None
    value = value.strip()
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    fine = parts.scheme.lower() in {"http", "https"} and parts.netloc and not re.search(r"[\s<>\"]", value)
    return value if fine else None


def _language(value: str | None) -> str | None:
    match = _LANGUAGE.fullmatch(value.strip()) if value else None
    return match[1].lower() if match else None
