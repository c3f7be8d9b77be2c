"""How much of what was found is read: texts that differ, the best first, as long as they bring something.

Papers print what an agency sends. A passage that stands word for word in several articles is read once: its
copies would take the places of passages that say something else. Answers are cited from them all the same.

What answers a list may stand in one passage or in many. The first are read, and then more as long as the last
ones read brought something.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.types import Hit
from qa_service.reader import Reader, apart
from qa_service.spelling import cased
from qa_service.types import Span


@dataclass(frozen=True, slots=True)
class Depth:
    """How many texts to read.

    Attributes:
        first: In any case, and as many more each time that it goes on.
        most: At most.
    """

    first: int
    most: int


#: For a question with one answer, for a list, and for each part of a question about several things
#: (`compound`). More costs time and brings next to nothing: `training/README.md` has the curves.
SINGLE, LIST, PART = Depth(3, 3), Depth(6, 12), Depth(4, 4)
# It goes on where the second half of what was read last holds a span of this confidence.
_BRINGS = 0.4


def read(
    reader: Reader, question: str, hits: Sequence[Hit], depth: Depth, *, many: bool
) -> tuple[Sequence[Hit], list[Span]]:
    """Read, and find the spans in all articles that have the passages read.

    Args:
        reader: Reads.
        question: Standing alone.
        hits: Passages, the best first.
        depth: How many to read.
        many: As in `Reader.read`.

    Returns:
        The hits that were read, and the spans in any order.
    """
    others = _by_text(hits)
    texts = list(others)[: depth.most]
    asked = cased(question, [hit.text for hit in hits])
    done, spans = 0, list[Span]()
    while done < len(texts) and (done == 0 or _brought(spans, texts[done - depth.first // 2 : done])):
        step = texts[done : done + depth.first]
        spans = apart([*spans, *reader.read(asked, step, many=many)])
        done += len(step)
    copied = [_moved(span, other) for span in spans for other in others.get(span.hit, ())]
    return texts[:done], [*spans, *copied]


def _by_text(hits: Sequence[Hit]) -> Mapping[Hit, list[Hit]]:
    """The first hit of each text, with the later hits of the same text."""
    first: dict[str, Hit] = {}
    others: dict[Hit, list[Hit]] = {}
    for hit in hits:
        if hit.text in first:
            others[first[hit.text]].append(hit)
        else:
            first[hit.text] = hit
            others[hit] = []
    return others


def _brought(spans: Sequence[Span], hits: Sequence[Hit]) -> bool:
    return any(span.confidence >= _BRINGS and span.hit in hits for span in spans)


def _moved(span: Span, hit: Hit) -> Span:
    """The span in another article that has the same passage."""
    by = hit.passage.start - span.hit.passage.start
    items = tuple((start + by, end + by) for start, end in span.items)
    return replace(span, hit=hit, start=span.start + by, end=span.end + by, items=items)
