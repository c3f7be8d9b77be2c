"""JSONL: one article a line, read line by line however long the file is."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from index.errors import LoadError
from index.load.draft import from_record
from index.load.encoding import decode
from index.load.limits import MAX_ARTICLE_BYTES
from index.types import Article, Rejected


def load_jsonl(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read articles from JSONL.

    Args:
        stream: Bytes, UTF-8 (other encodings are detected line by line). Fields as in
            `index.load.from_record`; blank lines are skipped.
        name: File name; rejections say "name:line".

    Yields:
        An article or a rejection for each line, in order.
    """
    number = 0
    empty = True
    while line := stream.readline(MAX_ARTICLE_BYTES + 1):
        number += 1
        where = f"{name}:{number}"
        if len(line) > MAX_ARTICLE_BYTES:
            _skip_line(stream, line)
            empty = False
            yield Rejected(where, f"line of more than {MAX_ARTICLE_BYTES:,} bytes; split the article")
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            empty = False
            yield _read_line(line, where)
    if empty:
        yield Rejected(name, "empty file")


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_ARTICLE_BYTES)


def _read_line(line: bytes, where: str) -> Article | Rejected:
    try:
        record = json.loads(decode(line))
    except LoadError as error:
        return Rejected(where, str(error))
    except (ValueError, RecursionError) as error:
        return Rejected(where, f"not JSON: {error}")
    if not isinstance(record, dict):
        return Rejected(where, f"a JSON object is needed, not {type(record).__name__}")
    return from_record(record, where)
