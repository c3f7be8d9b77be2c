"""An archive to calibrate on: the `wikinews_qa` development questions, asked of a whole archive.

    python -m evaluation.calibration_archive --data FOLDER --out FOLDER

Writes `articles.jsonl` (their articles amid those of `wikinews_archive`) and `dev.jsonl` in the format that
`evaluation.archive_questions` asks. The answers' weights and the line are fitted on these questions, so that
`wikinews_archive/dev.jsonl` stays a set that nothing was tuned on.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAME = "wikinews_qa/dev.jsonl"


def articles(data: Path) -> Iterator[dict[str, Any]]:
    """The articles of the questions once each, then those of the archive."""
    seen = set()
    for record in _lines(data / NAME):
        if record["article_id"] not in seen:
            seen.add(record["article_id"])
            yield {
                "id": record["article_id"], "title": record["title"], "date": record["date"],
                "text": record["context"],
            }  # fmt: skip
    for record in _lines(data / "wikinews_archive" / "articles.jsonl"):
        if record["id"] not in seen:
            yield record


def questions(data: Path) -> Iterator[dict[str, Any]]:
    """The questions in the archive's format: one group of accepted strings per item."""
    kinds = {"list": "list", "none": "none"}
    for record in _lines(data / NAME):
        yield {
            "qid": record["id"], "t": kinds.get(record["type"], "fact"), "q": record["question"],
            "gold": [[answer["text"]] for answer in record["answers"]], "forbid": [],
            "support": [] if record["type"] == "none" else [record["article_id"]],
        }  # fmt: skip


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def main() -> None:
    """Writes both files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, records in (("articles", articles(options.data)), ("dev", questions(options.data))):
        with (options.out / f"{name}.jsonl").open("w", encoding="utf-8") as stream:
            for record in records:
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
