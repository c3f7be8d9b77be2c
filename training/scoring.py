"""Scoring a network on development questions, from token scores to SQuAD 2 numbers."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from evaluation.squad import best, exact, f1, items_f1
from qa_service.span_reader.decode import TokenScores, best_spans, item_spans
from qa_service.span_reader.network import ReaderNetwork
from training.batches import BOS, EOS, PAD

WINDOW, STRIDE, LONGEST = 384, 128, 40


@dataclass(slots=True)
class Prediction:
    """What the network says of one question and its whole text.

    Attributes:
        text: The best span.
        margin: Its start and end logits less those of "no answer", the best over all windows.
        holds: The answerability logit, the highest over all windows.
        items: Item strings decoded from the tags, with their mean log-odds.
        nbest: Strings of the best spans with their margins.
    """

    text: str
    margin: float
    holds: float
    items: list[tuple[str, float]]
    nbest: list[tuple[str, float]]


def load(path: Path, vocabulary: np.ndarray) -> list[dict]:
    """Reads the development records, token numbers mapped to the compact vocabulary."""
    records = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for name in ("question", "prefix", "context"):
                record[name] = np.searchsorted(vocabulary, record[name]).tolist()
            records.append(record)
    return records


def _windows(record: dict) -> list[tuple[list[int], int, int]]:
    """(ids, first place of the passage, first context token) of each window."""
    head = [BOS, *record["question"], EOS, EOS, *record["prefix"]]
    room = WINDOW - len(head) - 1
    context = record["context"]
    found, start = [], 0
    while True:
        found.append(([*head, *context[start : start + room], EOS], len(head), start))
        if start + room >= len(context):
            return found
        start += room - STRIDE


@torch.inference_mode()
def predict(
    network: ReaderNetwork, records: Sequence[dict], device: torch.device, tokens: int = 65536
) -> list[Prediction]:
    """Reads every record and returns a prediction for each."""
    network.eval()
    jobs = [(number, *window) for number, record in enumerate(records) for window in _windows(record)]
    jobs.sort(key=lambda job: len(job[1]))
    results: list[list] = [[] for _ in records]
    at = 0
    while at < len(jobs):
        size = max(1, tokens // len(jobs[min(len(jobs) - 1, at + 200)][1]))
        group = jobs[at : at + size]
        at += size
        longest = max(len(job[1]) for job in group)
        ids = torch.full((len(group), longest), PAD)
        for row, job in enumerate(group):
            ids[row, : len(job[1])] = torch.tensor(job[1])
        lengths = torch.tensor([len(job[1]) for job in group])
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            scores = network(ids.to(device), lengths.to(device))
        start, end, item, holds = (
            t.float().cpu().numpy() for t in (scores.start, scores.end, scores.item, scores.holds)
        )
        for row, (number, sequence, first, shift) in enumerate(group):
            last = len(sequence) - 1
            tokens_said = TokenScores(start[row], end[row], item[row], float(holds[row]))
            ranked = best_spans(tokens_said, first, last, keep=5, longest=LONGEST)
            spans = [(span.first, span.last, span.margin) for span in ranked]
            runs = [(span.first, span.last, span.odds) for span in item_spans(tokens_said, first, last)]
            results[number].append((spans, runs, float(holds[row]), first, shift))
    return [_join(record, parts) for record, parts in zip(records, results, strict=True)]


def _join(record: dict, parts: list) -> Prediction:
    def text(low: int, high: int, first: int, shift: int) -> str:
        a = record["offsets"][low - first + shift][0]
        b = record["offsets"][high - first + shift][1]
        return record["text"][a:b].strip()

    nbest: dict[str, float] = {}
    items: dict[str, float] = {}
    for spans, runs, _, first, shift in parts:
        for low, high, margin in spans:
            string = text(low, high, first, shift)
            nbest[string] = max(margin, nbest.get(string, -1e9))
        for low, high, odds in runs:
            string = text(low, high, first, shift)
            items[string] = max(odds, items.get(string, -1e9))
    ranked = sorted(nbest.items(), key=lambda pair: -pair[1])
    return Prediction(ranked[0][0], ranked[0][1], max(part[2] for part in parts), list(items.items()), ranked)


def table(
    records: Sequence[dict], predictions: Sequence[Prediction], line: float, bias: float = 1.0
) -> dict[str, dict[str, float]]:
    """Scores by development set; an answer is given where margin + bias * holds is above `line`."""
    rows: dict[str, dict[str, list[float]]] = {}
    for record, said in zip(records, predictions, strict=True):
        row = rows.setdefault(record["source"], {})
        golds = [record["text"][a:b] for a, b in record["spans"]]
        given = said.margin + bias * said.holds > line
        if not golds:
            row.setdefault("none", []).append(float(not given))
            continue
        if record["type"] == "list":
            row.setdefault("list", []).append(items_f1([t for t, _ in said.items], golds))
            if record["source"].startswith("omos"):
                continue
        row.setdefault("f1", []).append(best(f1, said.text, golds) if given else 0.0)
        row.setdefault("em", []).append(best(exact, said.text, golds) if given else 0.0)
        row.setdefault("f1_forced", []).append(best(f1, said.text, golds))
    return {name: {key: 100 * float(np.mean(v)) for key, v in row.items()} for name, row in rows.items()}


def choose_line(records: Sequence[dict], predictions: Sequence[Prediction], bias: float = 1.0) -> float:
    """The line that balances answered F1 and silence on `wikinews_qa` and `wikipedia_qa`."""
    margins = [p.margin + bias * p.holds for p in predictions]

    def value(line: float) -> float:
        scores = table(records, predictions, line, bias)
        return sum(
            scores[n].get("f1", 0) + scores[n].get("none", 0) for n in ("wikinews_qa/dev", "wikipedia_qa/dev")
        )

    return max(np.quantile(margins, np.linspace(0.05, 0.8, 40)), key=value)
