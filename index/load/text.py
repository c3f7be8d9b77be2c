"""Plain text and Markdown: one file, one article."""

import re

from index.load.draft import Draft
from index.load.encoding import decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"(?P<name>[A-Za-z]+)\s*:\s*(?P<value>.+)")
_FIELD_NAMES = {
    "title": "title",
    "titel": "title",
    "date": "published",
    "datum": "published",
    "published": "published",
    "updated": "updated",
    "author": "author",
    "autor": "author",
    "source": "source",
    "quelle": "source",
    "agency": "agency",
    "url": "url",
    "language": "language",
    "lang": "language",
    "id": "id",
}
_HEADING = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+?)[ \t#]*(?:\n|\Z)")
_BLOCK_MARKS = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[*+-][ \t]+(?=\S))", re.MULTILINE)
# Bounded, so that a file of nothing but brackets takes no longer than another.
_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$|^[ \t]*`{3,}.*$|^[ \t]*=+[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[(?P<text>[^\[\]\n]{1,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)")
_STRONG = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~|`)(?=\S)(?P<text>[^\n*_~`]{1,1000}?)(?<=\S)\1(?!\w)")


def read_text(data: bytes) -> Draft:
    """Read a plain text file; title, date and names are found in the text.

    Raises:
        LoadError: The file is binary.
    """
    return Draft(text=decode(data))


def read_markdown(data: bytes) -> Draft:
    """Read a Markdown file: front matter and the first heading are metadata, marks are left out.

    Raises:
        LoadError: The file is binary.
    """
    text = decode(data).replace("\r\n", "\n")
    fields: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        for match in map(_FIELD.fullmatch, front["fields"].split("\n")):
            if match and match["name"].lower() in _FIELD_NAMES:
                fields[_FIELD_NAMES[match["name"].lower()]] = match["value"].strip().strip("\"'")
        text = text[front.end() :]
    if heading := _HEADING.match(text):
        fields.setdefault("title", _plain(heading["title"]))
        text = text[heading.end() :]
    return Draft(text=_plain(text), **fields)


def _plain(text: str) -> str:
    text = _LINK.sub(r"\g<text>", _IMAGE.sub("", _RULE.sub("", text)))
    return _STRONG.sub(r"\g<text>", _BLOCK_MARKS.sub("", text))
