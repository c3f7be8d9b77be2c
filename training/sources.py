"""Reading question-answering data: JSONL files in SQuAD-like records.

A line is `{"id","title","context","question","answers":[{"text","answer_start"}],"is_impossible"}`; `date`,
`type` and `article_id` are used where present. Answers that do not stand at their offset are dropped.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Example:
    """One question over one text.

    Attributes:
        id: Identifier within its file.
        source: Name of the file it came from ("wikinews_qa/train").
        question: The question.
        title: Title of the text, or "".
        date: ISO date of the text, or "".
        context: The text.
        spans: Half-open code-point offsets of the answers; several only where all are right together.
        type: "list" where every span is an item; "" where unknown.
        article: Identifier of the article, "" where unknown.
    """

    id: str
    source: str
    question: str
    title: str
    date: str
    context: str
    spans: tuple[tuple[int, int], ...]
    type: str
    article: str = ""


#: Everything that may be trained on. `m2qa` may only be measured (its licence and its use here).
TRAIN_FILES = (
    "mlqa/de_train",
    "mlqa/de_train_unanswerable",
    "mlqa/es_train",
    "mlqa/vi_train",
    "mlqa/zh_train",
    "mlqa/en_train",
    "wikinews_qa/train",
    "wikipedia_qa/train",
    "omos/train",
)
#: The files whose questions are German and hang on one text.
GERMAN_FILES = ("mlqa/de_train", "wikinews_qa/train", "wikipedia_qa/train")
#: How the names of the files in other languages begin.
FOREIGN = ("mlqa/en", "mlqa/es", "mlqa/vi", "mlqa/zh")
DEV_FILES = ("mlqa/de_dev", "wikinews_qa/dev", "wikipedia_qa/dev", "omos/dev")
MEASURE_FILES = ("m2qa/de_news_dev", "m2qa/de_reviews_dev")


def _spans(record: dict, context: str) -> tuple[tuple[int, int], ...]:
    answers = record["answers"]
    if isinstance(answers, dict):
        answers = [
            {"text": text, "answer_start": start}
            for text, start in zip(answers["text"], answers["answer_start"], strict=True)
        ]
    found = set()
    for answer in answers:
        start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
        if answer["text"].strip() and context[start:end] == answer["text"]:
            found.add((start, end))
    return tuple(sorted(found))


def read(folder: Path, name: str) -> Iterator[Example]:
    """Yields the examples of `folder/name.jsonl`.

    Raises:
        ValueError: A line is not a record of the expected form; names file and line.
    """
    path = folder / f"{name}.jsonl"
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            record = json.loads(line)
            try:
                spans = _spans(record, record["context"])
                if record["answers"] and not spans and "m2qa" not in name:
                    continue
                title = record.get("title") or ""
                yield Example(
                    id=record["id"],
                    source=name,
                    question=record["question"].strip(),
                    # OMoS titles are names of cities, not headlines.
                    title="" if name.startswith("omos") else title,
                    date=record.get("date") or "",
                    context=record["context"],
                    spans=spans,
                    type=record.get("type") or ("list" if name.startswith("omos") else ""),
                    article=record.get("article_id") or "",
                )
            except KeyError as missing:
                raise ValueError(f"{path}:{number}: the field {missing} is missing") from missing
