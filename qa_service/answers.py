"""From spans to answers: the same answer merged, its confidence, disagreement, and whether to speak."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import Hit
from qa_service.candidates import Candidate, candidates, is_open, kind_shown
from qa_service.enumerations import are_neighbours
from qa_service.evidence import (
    LIST,
    SINGLE,
    Copies,
    Evidence,
    Weights,
    best_by_witness,
    confidence,
    log_odds,
    witnesses,
)
from qa_service.grouping import Group, group
from qa_service.normal import names_country
from qa_service.questions import understand
from qa_service.types import Answer, NoAnswerReason, Question, Span, Status, Understanding

# Answers below are not shown. Chosen on the questions of `evaluation.calibration_archive`: of those that the
# archive does not answer 0.60 stay silent, and 0.52 of the others get the one wording that is accepted there.
LINE = 0.25
# The items of a list have a line of their own: a missing item costs as much as a wrong one.
# The best F1 over items was found there, with the lists of `evidence.LIST`.
LIST_LINE = 0.18
# A second answer to a single-valued question is a disagreement only when it is nearly as sure as the first.
_RIVAL_MARGIN = 0.25
_RIVAL_LEAST = 0.35
# Where nothing competes a weak answer is still weak: as if there were a rival of this strength. Items of a
# list compete less: a weak lone one would be believed otherwise, and a sure one would speak against others.
_LEAST_RIVAL, _LEAST_RIVAL_OF_ITEM, _MOST_RIVAL_OF_ITEM = 0.1, 0.5, 0.8
# A place supports an answer, and is cited, when it is at least so sure in relation to the surest one.
_SUPPORTING = 0.4
_PAIR = 2
_NO_RIVALS = frozenset({"clause"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What to say.

    Attributes:
        status: "answered" or "no_answer".
        reason: Why there is no answer, or None.
        answers: Those to show, `disagrees_with` counted among them.
    """

    status: Status
    reason: NoAnswerReason | None
    answers: Sequence[Answer]


def prepare() -> None:
    """Load dictionary and country tables (a second or two) before the first question waits for them."""
    merge("Welche Länder?", understand("Welche Länder besuchte er?"), (), {})
    names_country("Deutschland")


def merge(
    question: Question | str,
    understanding: Understanding,
    spans: Sequence[Span],
    copies: Copies,
    *,
    weights: Weights | None = None,
) -> list[Answer]:
    """Merge spans that say the same into answers, best first.

    Args:
        question: The question; what it names itself is no answer.
        understanding: What its wording asks for.
        spans: The reader's spans in any order.
        copies: Ids of each article's near-copies, as `Archive.copies` gives them.
        weights: Logistic weights; None for those of `qa_service.evidence`.

    Returns:
        Answers in order of confidence (lists: of support, then confidence; answers that disagree: newest
        first). `text` is the text of the first of `spans`, which is the best wording found, and a slice
        of an article. All are returned, however unsure: `decide` draws the line.
    """
    text = question if isinstance(question, str) else question.text
    chosen = weights if weights is not None else (LIST if understanding.many else SINGLE)
    answers = [
        _answer(members, found, understanding, copies, chosen)
        for members, found in _weighed(text, understanding, spans, copies)
        if not _lies_elsewhere(members, understanding)
    ]
    if understanding.many:
        return sorted(
            answers, key=lambda a: (-_shown_first(a), -a.independent_sources, -a.articles, -a.confidence)
        )
    return _with_disagreement(sorted(answers, key=lambda answer: -answer.confidence), understanding)


def _lies_elsewhere(members: Group, understanding: Understanding) -> bool:
    """Whether a group is a country outside the part of the world that is asked for.

    It is left out only here: until then it speaks against what else its sentences name.
    """
    kind, _, code = members[0].normal.key.partition(":")
    return understanding.countries is not None and kind == "country" and code not in understanding.countries


def evidences(
    question: str, understanding: Understanding, spans: Sequence[Span], copies: Copies
) -> list[tuple[str, Evidence]]:
    """The text of every merged answer with what speaks for it: what the weights are fitted on."""
    weighed = _weighed(question, understanding, spans, copies)
    return [(min(members, key=_wording).span.text, found) for members, found in weighed]


def _weighed(
    question: str, understanding: Understanding, spans: Sequence[Span], copies: Copies
) -> list[tuple[Group, Evidence]]:
    """Groups of candidates, strongest first, with what speaks for each."""
    groups = group(candidates(question, understanding, spans), understanding)
    strengths = [max(candidate.strength for candidate in members) for members in groups]
    fellows = _fellows(groups)
    least, most = (_LEAST_RIVAL, 1.0)
    if understanding.many:
        least, most = _LEAST_RIVAL_OF_ITEM, _MOST_RIVAL_OF_ITEM
    weighed = []
    for i, members in enumerate(groups):
        others = (s for j, s in enumerate(strengths) if j != i and not fellows[i] & fellows[j])
        weighed.append((members, evidence(members, min(max(next(others, 0.0), least), most), copies)))
    return weighed


def _fellows(groups: Sequence[Group]) -> list[set[int]]:
    """Numbers of the enumerations that each group has an item in; fellow items are no rivals."""
    places = [(candidate.span, i) for i, members in enumerate(groups) for candidate in members]
    places.sort(key=lambda place: (place[0].hit.article.id, place[0].start))
    found: list[set[int]] = [set() for _ in groups]
    number, last = 0, None
    for span, i in places:
        if last is None or not are_neighbours(last, span):
            number += 1
        found[i].add(number)
        last = span
    return found


def evidence(members: Group, rival: float, copies: Copies) -> Evidence:
    """What speaks for a group of candidates.

    Args:
        members: The candidates of one answer.
        rival: Strength of the best candidate of any other answer, above 0.
        copies: As in `merge`.
    """
    best = max(members, key=lambda candidate: candidate.strength)
    by_witness = best_by_witness([c.span for c in members], [c.strength for c in members], copies)
    return Evidence(
        best=best.strength,
        support=sum(by_witness[1:]),
        margin=log_odds(best.strength) - log_odds(rival),
        dense=best.span.hit.dense,
        lag=best.lag,
    )


def _answer(
    members: Group, found: Evidence, understanding: Understanding, copies: Copies, weights: Weights
) -> Answer:
    clear = _SUPPORTING * max(candidate.strength for candidate in members)
    ordered = sorted((c for c in members if c.strength >= clear), key=_wording)
    spans = [candidate.span for candidate in [ordered[0], *sorted(ordered[1:], key=lambda c: -c.strength)]]
    articles = list({span.hit.article.id: span.hit.article for span in spans}.values())
    published = sorted(article.published for article in articles if article.published)
    return Answer(
        text=spans[0].text,
        kind=kind_shown(spans[0].text, understanding.kind, ordered[0].normal),
        confidence=confidence(found, weights),
        spans=spans,
        articles=len(articles),
        independent_sources=len(witnesses(articles, copies)),
        first_published=published[0] if published else None,
        last_published=published[-1] if published else None,
    )


def _wording(candidate: Candidate) -> tuple[int, float]:
    """Order of wordings of one answer: complete nominatives first, then the surest."""
    return candidate.normal.rank, -candidate.strength


def _shown_first(answer: Answer) -> bool:
    """Whether a list item is above the line, so that well-supported noise does not come before it."""
    return answer.confidence >= LIST_LINE


def _with_disagreement(answers: list[Answer], understanding: Understanding) -> list[Answer]:
    """Link the first two answers where other articles say otherwise, and put the newer one first."""
    comparable = understanding.kind not in _NO_RIVALS and understanding.question_type != "yes_no"
    if len(answers) < _PAIR or not comparable:
        return answers
    first, second = answers[:2]
    shared = {s.hit.article.id for s in first.spans} & {s.hit.article.id for s in second.spans}
    close = first.confidence - second.confidence <= _RIVAL_MARGIN and second.confidence >= _RIVAL_LEAST
    if shared or not close:
        return answers
    newest = sorted((first, second), key=lambda answer: answer.last_published or "", reverse=True)
    linked = [replace(newest[0], disagrees_with=(1,)), replace(newest[1], disagrees_with=(0,))]
    return [*linked, *answers[2:]]


def decide(
    answers: Sequence[Answer],
    understanding: Understanding,
    hits: Sequence[Hit],
    *,
    filtered: bool = False,
    min_confidence: float | None = None,
    max_answers: int = 10,
) -> Decision:
    """Choose what to show, or say why nothing is.

    Args:
        answers: As `merge` returns them.
        understanding: A question for one thing shows its best answer and those that disagree with it.
        hits: What the search found.
        filtered: Whether filters kept articles out.
        min_confidence: Answers below are not shown; None for `LINE` or `LIST_LINE`.
        max_answers: Most answers to show.
    """
    own_line = LIST_LINE if understanding.many else LINE
    line = own_line if min_confidence is None else min_confidence
    above = [i for i, answer in enumerate(answers) if answer.confidence >= line]
    if not understanding.many and above:
        shown_with = {*answers[above[0]].disagrees_with, *companions(answers, understanding, line)}
        above = [above[0], *(i for i in range(len(answers)) if i in shown_with - {above[0]})]
    kept = above[:max_answers]
    if not kept:
        return Decision("no_answer", _reason(answers, hits, filtered=filtered), ())
    place = {old: new for new, old in enumerate(kept)}
    shown = [
        replace(answers[i], disagrees_with=tuple(place[j] for j in answers[i].disagrees_with if j in place))
        for i in kept
    ]
    return Decision("answered", None, shown)


def companions(answers: Sequence[Answer], understanding: Understanding, line: float) -> list[int]:
    """Positions of answers that stand in one enumeration with the first ("Kuba, Syrien und Venezuela").

    Only where the wording leaves open how many are asked for. One sentence is evidence for all of them, so
    half of the line is enough.
    """
    if not answers or not is_open(understanding) or answers[0].disagrees_with:
        return []
    top = answers[0].spans[0]
    here = [
        (s, i)
        for i, a in enumerate(answers[1:], start=1)
        for s in a.spans
        if s.hit.article.id == top.hit.article.id
    ]
    here = [(span, i) for span, i in here if answers[i].confidence >= line / 2]
    after = sorted((pair for pair in here if pair[0].start >= top.end), key=lambda pair: pair[0].start)
    before = sorted((pair for pair in here if pair[0].end <= top.start), key=lambda pair: -pair[0].end)
    return [*_chained(top, after), *_chained(top, before)]


def _chained(top: Span, ordered: Sequence[tuple[Span, int]]) -> Iterator[int]:
    """Positions of the answers that follow each other, away from the first, with only a joint between."""
    last = top
    for span, i in ordered:
        if not are_neighbours(*sorted((last, span), key=lambda each: each.start)):
            return
        yield i
        last = span


def _reason(answers: Sequence[Answer], hits: Sequence[Hit], *, filtered: bool) -> NoAnswerReason:
    if answers:
        return "low_confidence"
    if not hits and filtered:
        return "outside_filters"
    return "no_relevant_passage"


def sentence(answers: Sequence[Answer], understanding: Understanding | None = None) -> str:
    """The answers joined in German: "Nordkorea, Vietnam und China"; answers that disagree: "12 oder 14"."""
    texts = [answer.text for answer in answers]
    single = understanding is None or not understanding.many
    word = "oder" if single and answers and answers[0].disagrees_with else "und"
    if len(texts) < _PAIR:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"
