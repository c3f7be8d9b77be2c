"""From a question to a cited answer; the whole pipeline stands here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Protocol

from index.archive import Counts
from index.types import Filters, Found, Hit, Passage
from qa_service import reading
from qa_service.answers import Decision, decide, sentence
from qa_service.citations import cite
from qa_service.compound import Reading, answers_of, joined
from qa_service.conversation import standalone
from qa_service.questions import is_question, understand
from qa_service.reader import Reader
from qa_service.reading import Depth
from qa_service.spelling import cased
from qa_service.types import Answer, Coverage, NoAnswerReason, Question, Reply, Understanding
from qa_service.typos import Vocabulary, corrected
from qa_service.wording.coordination import parts as coordinated

#: From this confidence on, a follow-up is not read in another meaning as well.
SURE = 0.7
NOTHING = Found(hits=(), change=0, embed_ms=0.0, search_ms=0.0)


class Finder(Protocol):
    """Finds passages; `index.search.Search` is the real one."""

    def search(self, question: str, *, limit: int = ..., filters: Filters = ...) -> Found:
        """Return the passages that fit a question best."""


class Records(Protocol):
    """What the archive tells of its articles; `index.archive.Archive` is the real one."""

    def count(self) -> Counts:
        """Return how many articles and passages there are."""

    def copies(self, article_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Return the near-copies, itself included, of each article that is there."""

    def passages(self, keys: Sequence[int]) -> Mapping[int, Passage]:
        """Return the passages with these keys; those of an older version of an article are gone."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question on its way: understood and searched, not yet read.

    Attributes:
        question: The question as asked.
        candidates: Ways to understand it on its own, the best guess first; at least one.
        found: What the search returned for the first of them.
        started: `perf_counter()` when the question came in.
    """

    question: Question
    candidates: Sequence[str]
    found: Found
    started: float


@dataclass(frozen=True, slots=True)
class Said:
    """What reading brought, not yet decided upon.

    Attributes:
        readings: The question's parts and the whole, as far as they were read.
        found: What the searches returned, each hit once.
        answers: Merged, best first, however unsure.
        copies: Near-copies, itself included, of each article that is still there.
        read_at: `perf_counter()` when the reading was done.
    """

    readings: Sequence[Reading]
    found: Sequence[Hit]
    answers: Sequence[Answer]
    copies: Mapping[str, frozenset[str]]
    read_at: float


class Answerer:
    """Answers questions from an archive; stateless between questions, safe to share among threads.

    Args:
        search: Finds passages.
        reader: Finds spans in passages.
        archive: Knows copies, and whether there is anything to find.
        vocabulary: The words that mistyped ones are corrected to; without it none are.
        passages_found: Passages to search for.
        depth: How much to read for a question with one answer.
        list_depth: How much to read for a question that asks for several things.
    """

    def __init__(
        self,
        *,
        search: Finder,
        reader: Reader,
        archive: Records,
        vocabulary: Vocabulary | None = None,
        passages_found: int = 20,
        depth: Depth = reading.SINGLE,
        list_depth: Depth = reading.LIST,
    ) -> None:
        self._search = search
        self._reader = reader
        self._archive = archive
        self._vocabulary = vocabulary
        self._passages_found = passages_found
        self._depth = depth
        self._list_depth = list_depth

    def answer(self, question: Question) -> Reply:
        """Answer a question: `find` and `read` in one."""
        return self.read(self.find(question))

    def find(self, question: Question) -> Inquiry:
        """Understand a question and search for it; the quick part."""
        started = perf_counter()
        history = [replace(turn, question=self._corrected(turn.question)) for turn in question.history]
        candidates = standalone(self._corrected(question.text), history)
        found = self._find(candidates[0], question) if is_question(candidates[0]) else NOTHING
        return Inquiry(question, candidates, found, started)

    def read(self, inquiry: Inquiry) -> Reply:
        """Read what was found; where a follow-up can be understood otherwise, the surer answer decides."""
        reply = self._read(inquiry.candidates[0], inquiry.found, inquiry)
        for candidate in inquiry.candidates[1:]:
            if _confidence(reply) >= SURE:
                break
            if is_question(candidate):
                other = self._read(candidate, self._find(candidate, inquiry.question), inquiry)
                reply = max(reply, other, key=_confidence)
        return reply

    def _corrected(self, text: str) -> str:
        return text if self._vocabulary is None else corrected(text, self._vocabulary)

    def _find(self, text: str, question: Question) -> Found:
        return self._search.search(cased(text), limit=self._passages_found, filters=question.filters)

    def _read(self, text: str, found: Found, inquiry: Inquiry) -> Reply:
        question, understanding = inquiry.question, understand(text)
        read_at = perf_counter()
        said = self._said(text, understanding, found, question)
        there = [hit for hit in said.found if hit.article.id in said.copies]
        decision = decide(
            said.answers,
            understanding,
            there,
            filtered=bool(question.filters),
            min_confidence=question.min_confidence,
            max_answers=question.max_answers,
        )
        cited = cite(decision.answers, said.copies)
        done_at = perf_counter()
        return Reply(
            question=question,
            standalone=text,
            understanding=understanding,
            status=decision.status,
            reason=self._reason(decision, text, found),
            sentence=sentence(cited, understanding),
            answers=cited,
            hits=there,
            coverage=Coverage(
                passages_read=len({hit for each in said.readings for hit in each.hits}),
                passages_found=len(said.found),
                may_be_incomplete=understanding.many and len(found.hits) >= self._passages_found,
            ),
            change=found.change,
            timings_ms={
                "embed": found.embed_ms,
                "search": found.search_ms,
                "read": (said.read_at - read_at) * 1000,
                "answers": (done_at - said.read_at) * 1000,
                "total": (done_at - inquiry.started) * 1000,
            },
        )

    def _said(self, text: str, understanding: Understanding, found: Found, question: Question) -> Said:
        """Read the parts of a question, and it as a whole where they do not answer it or it has none."""
        parts = self._parts(coordinated(text), question) if understanding.many else []
        every = list(dict.fromkeys(hit for each in (found, *(p.found for p in parts)) for hit in each.hits))
        read_at = perf_counter()
        copies = self._still_there(every) if parts else {}
        answers = joined(text, understanding, parts, copies)
        if answers is not None:
            return Said(parts, every, answers, copies, read_at)
        whole = self._reading(text, understanding, found)
        read_at = perf_counter()
        copies = self._still_there(every)
        return Said([*parts, whole], every, answers_of(whole, copies), copies, read_at)

    def _reading(
        self, text: str, understanding: Understanding, found: Found, depth: Depth | None = None
    ) -> Reading:
        usual = self._list_depth if understanding.many else self._depth
        read, spans = reading.read(self._reader, text, found.hits, depth or usual, many=understanding.many)
        return Reading(text, understanding, found, read, spans)

    def _parts(self, texts: Sequence[str], question: Question) -> list[Reading]:
        """Read the parts of a question that coordinates, each as a question with one answer.

        Where they ask of different times ("2009 und 2010"), each is read in the articles of its own time.
        """
        each = [replace(understand(text), many=False, question_type="fact") for text in texts]
        apart = len({understanding.period for understanding in each}) > 1
        readings = []
        for text, understanding in zip(texts, each, strict=True):
            narrowed = _at_its_time(question, understanding) if apart else question
            found = self._find(text, narrowed)
            if not found.hits:
                found = self._find(text, question)
            readings.append(self._reading(text, understanding, found, reading.PART))
        return readings

    def _still_there(self, hits: Sequence[Hit]) -> Mapping[str, frozenset[str]]:
        """Return the near-copies of each article that was neither deleted nor changed while it was read.

        A quotation has the places of the version that was read; in another they would show something else.
        """
        if not hits:
            return {}
        copies = self._archive.copies([hit.article.id for hit in hits])
        known = self._archive.passages([hit.passage.key for hit in hits])
        changed = {hit.article.id for hit in hits if hit.passage.key not in known}
        return {article_id: copies[article_id] for article_id in copies if article_id not in changed}

    def _reason(self, decision: Decision, text: str, found: Found) -> NoAnswerReason | None:
        """Refine the reason for silence by what only the archive and the wording tell."""
        if decision.reason is None or found.hits:
            return decision.reason
        if not is_question(text):
            return "not_a_question"
        return decision.reason if self._archive.count().passages else "index_empty"


def _at_its_time(question: Question, understanding: Understanding) -> Question:
    """The question, limited to articles of the time that is understood; the user's own limits come first."""
    filters, period = question.filters, understanding.period
    if period is None or filters.published_from or filters.published_to:
        return question
    own = replace(filters, published_from=period[0], published_to=period[1])
    return replace(question, filters=own)


def _confidence(reply: Reply) -> float:
    """The confidence of the surest answer, 0.0 where there is none."""
    return max((answer.confidence for answer in reply.answers), default=0.0)
