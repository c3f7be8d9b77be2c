"""CSV: one article a row, the first row names the fields."""

import csv
import io
from collections.abc import Iterator

from index.errors import LoadError
from index.load.draft import from_record
from index.load.encoding import decode
from index.load.limits import MAX_ARTICLE_BYTES
from index.types import Article, Rejected

_DELIMITERS = ",;\t|"
_GERMAN_NAMES = {
    "titel": "title",
    "überschrift": "title",
    "headline": "title",
    "inhalt": "text",
    "body": "text",
    "content": "text",
    "quelle": "source",
    "autor": "author",
    "autorin": "author",
    "datum": "date",
    "veröffentlicht": "published",
    "agentur": "agency",
    "sprache": "language",
    "link": "url",
}


def load_table(data: bytes, name: str) -> Iterator[Article | Rejected]:
    """Read articles from CSV or TSV.

    Args:
        data: The whole file; comma, semicolon, tab or bar separate fields. Fields as in
            `index.load.from_record`, with English or German names; a column "text" is needed.
        name: File name; rejections say "name:line".

    Yields:
        An article or a rejection for each row, in order.
    """
    csv.field_size_limit(MAX_ARTICLE_BYTES)
    try:
        text = decode(data)
    except LoadError as error:
        yield Rejected(name, str(error))
        return
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [_field(cell) for cell in next(rows, [])]
        if "text" not in header:
            yield Rejected(name, f'no column "text" in the first row; found {", ".join(header)[:200]}')
            return
        for row in rows:
            if any(map(str.strip, row)):
                yield _row(header, row, f"{name}:{rows.line_num}")
    except csv.Error as error:
        yield Rejected(f"{name}:{rows.line_num}", f"not CSV: {error}; the rows after it are not read")


def _field(cell: str) -> str:
    cell = cell.strip().lower()
    return _GERMAN_NAMES.get(cell, cell)


def _row(header: list[str], row: list[str], where: str) -> Article | Rejected:
    if len(row) > len(header):
        return Rejected(where, f"{len(row)} fields where the first row names {len(header)}; quote the text")
    cells = zip(header, row, strict=False)
    return from_record({field: cell for field, cell in cells if cell.strip()}, where)
