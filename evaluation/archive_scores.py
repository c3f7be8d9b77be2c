"""How answers from a whole archive are scored; no I/O, so that hand-made cases can check it.

Whole answers are compared with the accepted strings after SQuAD-like normalisation with German
articles removed; a part of an accepted string is wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.squad import f1, normalise

_BINS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A development question.

    Attributes:
        qid: Its id.
        sort: "fact", "list", "none", "chat" or "dated".
        text: The question.
        turns: The questions before it, oldest first.
        gold: One group of accepted strings for each item of the answer; none where the archive is silent.
        forbid: Wrong items that stand near.
        support: Articles that hold the answer.
        filters: As `POST /ask` takes them.
        shift: True where the topic changed, so that the turns must not disturb.
    """

    qid: str
    sort: str
    text: str
    turns: Sequence[str] = ()
    gold: Sequence[Sequence[str]] = ()
    forbid: Sequence[str] = ()
    support: Sequence[str] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    shift: bool = False

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Asked":
        """Read one line of a questions file."""
        return cls(
            qid=record["qid"],
            sort=record["t"],
            text=record["q"],
            turns=tuple(record.get("turns") or ()),
            gold=tuple(tuple(group) for group in record.get("gold") or ()),
            forbid=tuple(record.get("forbid") or ()),
            support=tuple(record.get("support") or ()),
            filters=dict(record.get("filters") or {}),
            shift=bool(record.get("shift")),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service said to one question.

    Attributes:
        asked: The question.
        answers: Texts shown, best first; empty where it was silent.
        confidences: Of each answer, 0 to 1.
        found: Article ids of the passages found, best first, each once.
        citations: How many citations were checked.
        citations_with_answer: How many of their sentences hold what is cited (the first: the answer).
        offsets: How many offsets gave exactly what they should.
        took_ms: Milliseconds at the client.
        alone: For a shifted topic, the answers to the question without the turns; else None.
    """

    asked: Asked
    answers: Sequence[str]
    confidences: Sequence[float]
    found: Sequence[str] = ()
    citations: int = 0
    citations_with_answer: int = 0
    offsets: int = 0
    took_ms: float = 0.0
    alone: Sequence[str] | None = None


def group_of(answer: str, gold: Sequence[Sequence[str]], *, least_f1: float = 1.0) -> int | None:
    """Position of the item that an answer says, or None.

    Args:
        answer: What was said.
        gold: Accepted strings, a group for each item.
        least_f1: Token F1 from which a string is taken for an accepted one; 1.0 compares whole answers.
    """
    said = normalise(answer)
    for i, group in enumerate(gold):
        if said in {normalise(accepted) for accepted in group}:
            return i
        if least_f1 < 1.0 and any(f1(answer, accepted) >= least_f1 for accepted in group):
            return i
    return None


def first_right(answers: Sequence[str], asked: Asked) -> bool:
    """Whether something is shown and the first of it is right."""
    return bool(answers) and group_of(answers[0], asked.gold) is not None


def list_f1(answers: Sequence[str], asked: Asked) -> float:
    """F1 over items; an item said twice is right once."""
    hit = {group for answer in answers if (group := group_of(answer, asked.gold)) is not None}
    return 2 * len(hit) / (len(answers) + len(asked.gold)) if answers else 0.0


def says_forbidden(answers: Sequence[str], asked: Asked) -> bool:
    """Whether an answer is one of the wrong items that stand near."""
    forbidden = {normalise(item) for item in asked.forbid}
    return any(normalise(answer) in forbidden for answer in answers)


def calibration_error(shown: Iterable[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten bins of equal width, weighted by how many fall in each."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in shown:
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, right))
    total = sum(map(len, bins))
    if not total:
        return None
    return sum(abs(sum(c for c, _ in each) - sum(r for _, r in each)) for each in bins) / total


def shown_with_truth(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """Confidence and correctness of every answer shown."""
    return [
        (confidence, group_of(answer, outcome.asked.gold) is not None)
        for outcome in outcomes
        for answer, confidence in zip(outcome.answers, outcome.confidences, strict=True)
    ]


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share (0 to 1) of the values does not exceed, None where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def scores(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """The table: every figure by its name, None where no question of the sort was asked."""
    of = {
        sort: [o for o in outcomes if o.asked.sort == sort]
        for sort in ("fact", "list", "none", "chat", "dated")
    }
    shifts = [o for o in of["chat"] if o.alone is not None]
    supported = [o for o in outcomes if o.asked.support]
    citations = sum(o.citations for o in outcomes)
    in_chat = _mean(first_right(o.answers, o.asked) for o in shifts)
    alone = _mean(first_right(o.alone or (), o.asked) for o in shifts)
    return {
        "facts: first answer right": _mean(first_right(o.answers, o.asked) for o in of["fact"]),
        "facts: silent": _mean(not o.answers for o in of["fact"]),
        "lists: F1": _mean(list_f1(o.answers, o.asked) for o in of["list"]),
        "lists: share with a forbidden item": _mean(says_forbidden(o.answers, o.asked) for o in of["list"]),
        "lists: silent": _mean(not o.answers for o in of["list"]),
        "unanswerable: silent": _mean(not o.answers for o in of["none"]),
        "chat: first answer right": _mean(first_right(o.answers, o.asked) for o in of["chat"]),
        "chat: shifted topic right": in_chat,
        "chat: shifted topic right without the turns": alone,
        "chat: lost to the turns": None if in_chat is None or alone is None else alone - in_chat,
        "dated: right within the filter": _mean(first_right(o.answers, o.asked) for o in of["dated"]),
        "calibration error": calibration_error(shown_with_truth(outcomes)),
        "citations whose sentence contains the answer": _mean_of(
            outcomes, "citations_with_answer", citations
        ),
        "citations with exact offsets": _mean_of(outcomes, "offsets", citations),
        "retrieval: support article first": _mean(
            bool({*o.found[:1]} & {*o.asked.support}) for o in supported
        ),
        "retrieval: support article in first five": _mean(
            bool({*o.found[:5]} & {*o.asked.support}) for o in supported
        ),
        "latency p50, ms": percentile([o.took_ms for o in outcomes], 0.5),
        "latency p95, ms": percentile([o.took_ms for o in outcomes], 0.95),
        "latency of lists p95, ms": percentile([o.took_ms for o in of["list"]], 0.95),
    }


def _mean_of(outcomes: Sequence[Outcome], name: str, total: int) -> float | None:
    return sum(getattr(outcome, name) for outcome in outcomes) / total if total else None


def table(figures: Mapping[str, float | None], counts: Mapping[str, int], title: str) -> str:
    """The figures as a Markdown table."""
    asked = ", ".join(f"{count} {sort}" for sort, count in sorted(counts.items()))
    lines = [f"# {title}", "", f"Asked: {asked}.", "", "| | |", "|---|---:|"]
    for name, value in figures.items():
        shown = "–" if value is None else f"{value:.0f}" if name.startswith("latency") else f"{value:.3f}"
        lines.append(f"| {name} | {shown} |")
    return "\n".join([*lines, ""])
