"""From packed data to batches: windows cut at random, negatives mixed in, sorted by length."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.gaps import holds, shortened, unanswered
from training.packing import NOISY, SWAPPED
from training.sources import FOREIGN

BOS, PAD, EOS, MASK_ID = 0, 1, 2, 250001
MOST_SPANS = 24
#: The languages furthest from German take part in every other epoch.
HALF = ("mlqa/vi_train", "mlqa/zh_train")


@dataclass(slots=True)
class Sample:
    """One window.

    Attributes:
        ids: Token numbers, special tokens included.
        first: Place of the first token of the passage itself (after question and context line).
        spans: Inclusive token places of the answers.
    """

    ids: list[int]
    first: int
    spans: list[tuple[int, int]]


class Ragged:
    """Read side of a packed list of lists."""

    def __init__(self, arrays: dict[str, np.ndarray], name: str) -> None:
        self.flat, self.index = arrays[name], arrays[f"{name}_index"]

    def __getitem__(self, number: int) -> list[int]:
        return self.flat[self.index[number] : self.index[number + 1]].tolist()

    def __len__(self) -> int:
        return len(self.index) - 1


class Packed:
    """Everything `training.prepare` wrote."""

    def __init__(self, folder: Path) -> None:
        arrays = dict(np.load(folder / "train.npz"))
        self.sources: list[str] = json.loads((folder / "sources.json").read_text())
        for name in (
            "contexts", "sentences", "prefixes", "questions", "spans", "negatives",
            "wiki_contexts", "wiki_prefixes", "words",
        ):  # fmt: skip
            setattr(self, name, Ragged(arrays, name))
        self.rows, self.cloze, self.vocabulary = arrays["rows"], arrays["cloze"], arrays["vocabulary"]
        self.mark = arrays["mark"].tolist()
        self.mask = int(np.searchsorted(self.vocabulary, MASK_ID))


def assemble(question: list[int], prefix: list[int], passage: list[int], most: int) -> tuple[list[int], int]:
    """`<s> question </s> </s> prefix passage </s>`, cut to fit, and the first place of the passage."""
    head = [BOS, *question, EOS, EOS, *prefix]
    return [*head, *passage[: most - len(head) - 1], EOS], len(head)


def _window(
    length: int, room: int, spans: list[tuple[int, int]], sentences: list[int], rng: np.random.Generator
) -> tuple[int, int]:
    """Chooses a stretch of at most `room` tokens that starts at a sentence, mostly around an answer."""
    if length <= room:
        return 0, length
    if spans and rng.random() < 0.85:
        low, high = spans[rng.integers(len(spans))]
        starts = [s for s in sentences if high - room < s <= low]
        start = (
            starts[rng.integers(len(starts))]
            if starts
            else max(0, low - int(rng.integers(max(1, room // 2))))
        )
    else:
        starts = [s for s in sentences if s < length - room // 3] or [0]
        start = starts[rng.integers(len(starts))]
    end = min(length, start + room)
    ends = [s for s in sentences if start + room // 2 < s <= end]
    if end < length and ends and not any(start <= a and ends[-1] <= b < end for a, b in spans):
        end = ends[-1]
    return start, end


def question_samples(
    packed: Packed,
    rng: np.random.Generator,
    *,
    most: int,
    negatives: float,
    swapped: float = 0.0,
    removed: float = 0.0,
    foreign: float = 1.0,
) -> Iterator[Sample]:
    """One epoch over the questions: a random wording, window and share of negatives for each.

    Args:
        packed: The data.
        rng: Where chance comes from.
        most: Longest window, in tokens.
        negatives: Share of the German questions that are also asked of another article's passage.
        swapped: Share of the answered German questions that are also asked about something else.
        removed: Share of the answered windows that are also shown without the sentences that answer; half as
            many lose another sentence.
        foreign: Share of the questions in other languages that take part.
    """
    for number, (context, first_question, source, is_list) in enumerate(packed.rows):
        name = packed.sources[source]
        if name.startswith(FOREIGN) and rng.random() >= (foreign / 2 if name in HALF else foreign):
            continue
        variant = 0 if rng.random() < 0.7 else int(rng.integers(1, 4))
        question = packed.questions[first_question + variant]
        flat = packed.spans[number]
        spans = list(zip(flat[::2], flat[1::2], strict=True))
        sentences = packed.sentences[context]
        passage = packed.contexts[context]
        prefix = packed.prefixes[context] if rng.random() < 0.7 else []
        room = most - len(question) - len(prefix) - 4
        if rng.random() < 0.65:
            room = min(room, int(rng.integers(80, 220)))
        start, end = _window(len(passage), room, spans, sentences, rng)
        inside = [(a - start, b - start) for a, b in spans if start <= a and b < end]
        piece = passage[start:end]
        if spans and not inside and any(holds(piece, passage[a : b + 1]) for a, b in spans):
            continue
        if is_list and len(inside) < len(spans) and not inside:
            continue
        bounds = [0, *(s - start for s in sentences if start < s < end), len(piece)]
        if inside and rng.random() < removed and (rest := unanswered(piece, bounds, inside)):
            yield Sample(*assemble(question, prefix, rest, most), [])
        if rng.random() < removed / 2:
            piece, inside = shortened(piece, bounds, inside, rng)
        ids, first = assemble(question, prefix, piece, most)
        places = [(first + a, first + b) for a, b in inside if first + b < len(ids) - 1]
        yield Sample(ids, first, places[:MOST_SPANS])
        other_wording = packed.questions[first_question + 1 + NOISY + int(rng.integers(SWAPPED))]
        if places and other_wording and rng.random() < swapped:
            yield Sample(*assemble(other_wording, prefix, piece, most), [])
        others = packed.negatives[number]
        if others and rng.random() < negatives:
            other = others[min(len(others) - 1, int(rng.exponential(1.5)))]
            passage = packed.contexts[other]
            prefix = packed.prefixes[other] if prefix else []
            room = min(most - len(question) - len(prefix) - 4, int(rng.integers(90, 240)))
            start, end = _window(len(passage), room, [], packed.sentences[other], rng)
            ids, first = assemble(question, prefix, passage[start:end], most)
            yield Sample(ids, first, [])


def cloze_samples(packed: Packed, rng: np.random.Generator, *, most: int) -> Iterator[Sample]:
    """One epoch over the recurring spans: a sentence with a gap is the question."""
    for context, low, high, other, s_first, s_last, m_first, m_last, word in packed.cloze:
        sentence = packed.wiki_contexts[other]
        before, after = sentence[s_first:m_first], sentence[m_last + 1 : s_last + 1]
        style = rng.random()
        if style < 0.4:
            question = [*before, packed.mask, *after]
        elif style < 0.8:
            # A question starts with its question word; the words around the gap follow.
            question = [*packed.words[word], *before, *after, *packed.mark]
        else:
            rest = [*before, *after]
            cut = int(rng.integers(4, max(5, len(rest))))
            question = [*packed.words[word], *rest[:cut], *packed.mark]
        prefix = packed.wiki_prefixes[context] if rng.random() < 0.5 else []
        passage = packed.wiki_contexts[context]
        ids, first = assemble(question[:60], prefix, passage, most)
        spans = [] if low < 0 or first + high >= len(ids) - 1 else [(first + int(low), first + int(high))]
        yield Sample(ids, first, spans)


@dataclass(slots=True)
class Batch:
    """Arrays of one step.

    Attributes:
        ids: (batch, length) token numbers.
        lengths: (batch,) tokens that are not padding.
        first: (batch,) first place of the passage.
        spans: (batch, MOST_SPANS, 2) answers, -1 where unused.
        tags: (batch, length) 0 outside, 1 begin, 2 inside, -100 not passage.
    """

    ids: np.ndarray
    lengths: np.ndarray
    first: np.ndarray
    spans: np.ndarray
    tags: np.ndarray


def collate(samples: list[Sample]) -> Batch:
    """Pads samples to the longest, rounded up to 16."""
    length = -(-max(len(s.ids) for s in samples) // 16) * 16
    size = len(samples)
    ids = np.full((size, length), PAD, np.int32)
    tags = np.full((size, length), -100, np.int8)
    spans = np.full((size, MOST_SPANS, 2), -1, np.int16)
    for row, sample in enumerate(samples):
        ids[row, : len(sample.ids)] = sample.ids
        tags[row, sample.first : len(sample.ids) - 1] = 0
        for number, (low, high) in enumerate(sample.spans):
            spans[row, number] = low, high
            tags[row, low : high + 1] = 2
        for low, _ in sample.spans:
            tags[row, low] = 1
    return Batch(
        ids,
        np.array([len(s.ids) for s in samples], np.int32),
        np.array([s.first for s in samples], np.int32),
        spans,
        tags,
    )


def batches(samples: list[Sample], rng: np.random.Generator, *, tokens: int) -> list[Batch]:
    """Groups samples of like length into batches of about `tokens` padded tokens, in random order."""
    order = sorted(range(len(samples)), key=lambda n: len(samples[n].ids) + rng.random() * 24)
    groups: list[list[Sample]] = []
    group: list[Sample] = []
    longest = 0
    for number in order:
        longest = max(longest, len(samples[number].ids))
        if group and longest * (len(group) + 1) > tokens:
            groups.append(group)
            group, longest = [], len(samples[number].ids)
        group.append(samples[number])
    if group:
        groups.append(group)
    rng.shuffle(groups)
    return [collate(group) for group in groups]
