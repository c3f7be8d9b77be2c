"""From scores of every token to the best spans of one window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

#: Longest span in tokens; an answer that is a clause fits, a paragraph does not.
LONGEST = 48
#: Margins below this are no candidates at all.
_IMPOSSIBLE = -1e8


@dataclass(frozen=True, slots=True)
class TokenScores:
    """What the network says of one window.

    Attributes:
        start: (length,) logit of the answer starting at a token; place 0 stands for "no answer".
        end: (length,) the same for its last token.
        item: (length, 3) logits of outside, begin and inside of a list item, or None where a model has no
            such head.
        holds: Logit that the window holds an answer; 0.0 where a model has no such head.
    """

    start: Floats
    end: Floats
    item: Floats | None
    holds: float


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A candidate in token places, both inclusive.

    Attributes:
        first: First token.
        last: Last token.
        margin: Start and end logit less those of "no answer"; 0 where both are equally likely.
        odds: Mean log-odds of its tokens being in a list item; 0.0 without that head.
        items: Places of the items where the span is an enumeration, else none.
    """

    first: int
    last: int
    margin: float
    odds: float
    items: tuple[tuple[int, int], ...] = ()


def best_spans(
    scores: TokenScores, first: int, last: int, *, keep: int, longest: int = LONGEST
) -> list[TokenSpan]:
    """Finds the best spans that do not overlap.

    Args:
        scores: Scores of the window.
        first: First place of the passage (question and title are not answers).
        last: One past its last place.
        keep: Most spans to return, 1 or more.
        longest: Longest span in tokens.

    Returns:
        At most `keep` spans, best margin first; fewer where the passage has no room for more.
    """
    if last <= first:
        return []
    null = float(scores.start[0] + scores.end[0])
    table = scores.start[first:last, None] + scores.end[None, first:last] - null
    size = last - first
    allowed = np.triu(np.ones((size, size), bool)) & ~np.triu(np.ones((size, size), bool), longest)
    table = np.where(allowed, table, 2 * _IMPOSSIBLE)
    odds = item_odds(scores)
    spans = []
    for _ in range(keep):
        low, high = divmod(int(table.argmax()), size)
        margin = float(table[low, high])
        if margin < _IMPOSSIBLE:
            break
        spans.append(TokenSpan(first + low, first + high, margin, _mean(odds, first + low, first + high)))
        table[: high + 1, low:] = 2 * _IMPOSSIBLE
    return spans


def item_spans(scores: TokenScores, first: int, last: int) -> list[TokenSpan]:
    """Finds the runs of tokens tagged as list items, in reading order.

    Args:
        scores: Scores of the window.
        first: First place of the passage.
        last: One past its last place.
    """
    if scores.item is None or last <= first:
        return []
    tags = scores.item[first:last].argmax(-1)
    odds = item_odds(scores)
    null = float(scores.start[0] + scores.end[0])
    spans = []
    at = 0
    while at < len(tags):
        stop = at + 1
        if tags[at]:
            while stop < len(tags) and tags[stop] == 2:  # noqa: PLR2004 - the tag "inside"
                stop += 1
            low, high = first + at, first + stop - 1
            margin = float(scores.start[low] + scores.end[high]) - null
            spans.append(TokenSpan(low, high, margin, _mean(odds, low, high)))
        at = stop
    return spans


def enumerations(
    spans: Sequence[TokenSpan], joined: Callable[[TokenSpan, TokenSpan], bool]
) -> list[TokenSpan]:
    """Finds the enumerations among tagged items: "Kuba, Syrien und Venezuela" is one span with three items.

    Start and end are scored as if there were one answer, so items take it from each other; together they have
    the logarithm of their summed exponentials as margin.

    Args:
        spans: Items in reading order.
        joined: Whether nothing but a comma or "und" stands between two neighbours.
    """
    chains: list[list[TokenSpan]] = []
    for span in spans:
        if chains and joined(chains[-1][-1], span):
            chains[-1].append(span)
        else:
            chains.append([span])
    return [
        TokenSpan(
            chain[0].first,
            chain[-1].last,
            float(np.logaddexp.reduce([each.margin for each in chain])),
            sum(each.odds for each in chain) / len(chain),
            tuple((each.first, each.last) for each in chain),
        )
        for chain in chains
        if len(chain) > 1
    ]


def item_odds(scores: TokenScores) -> Floats | None:
    """(length,) log-odds of a token being inside an item rather than outside, or None."""
    if scores.item is None:
        return None
    odds: Floats = np.logaddexp(scores.item[:, 1], scores.item[:, 2]) - scores.item[:, 0]
    return odds


def _mean(odds: Floats | None, first: int, last: int) -> float:
    return 0.0 if odds is None else float(odds[first : last + 1].mean())
