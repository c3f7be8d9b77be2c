"""From what a client sends to articles: JSON records and files of every known format."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from index.load import from_record, load_file
from index.types import Article, Rejected
from qa_service.jobs import Part
from qa_service.schemas.articles import ArticleInput


def read_part(part: Part, path: Path) -> Iterator[Article | Rejected]:
    """Read the articles of one part of an upload that is kept in a file."""
    if part.kind == "records":
        yield from (found for _, found in read_records(json.loads(path.read_bytes())))
    else:
        yield from load_file(path, part.name)


def read_records(records: Iterable[Any]) -> Iterator[tuple[str, Article | Rejected]]:
    """Read the articles of a JSON list, with where each stood."""
    for number, record in enumerate(records):
        where = f"articles[{number}]"
        try:
            yield where, read_record(ArticleInput.model_validate(record), where)
        except ValidationError as error:
            yield where, Rejected(where, _told(error))


def read_record(given: ArticleInput, where: str) -> Article | Rejected:
    """Make an article as one from a file is made, but with exactly the id that was given."""
    found = from_record(given.model_dump(exclude={"id"}), where)
    if isinstance(found, Rejected) or given.id is None:
        return found
    return replace(found, id=given.id)


def _told(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'article'}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems
    )
