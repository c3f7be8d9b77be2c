"""Which countries a sentence of the archive speaks for, when a question asks for countries.

Where a country is asked for, the archive often names its capital or its people instead ("zu Besuch in
Pjöngjang"), and many other countries stand near. So every mention in the passages is a candidate, and each
candidate is put into the question ("Welche Länder hat Putin besucht?" becomes "Vietnam hat Putin besucht."):
the embedding of that statement is compared with the sentences that name the country. A sentence speaks for
the country whose statement is nearest to it, and for no other that it names. Of the other reader's answers
those count that it is sure of: countries that it finds in one enumeration, or where a statement is not far.
Where no sentence says it outright, the other reader alone decides.
An embedding hardly tells a visit from one called off, so clauses that deny speak for no country.
"""

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.embed import Embedder
from index.sentences import sentences
from index.types import Hit
from qa_service.enumerations import are_neighbours
from qa_service.normal.countries import country, country_name
from qa_service.questions import understand
from qa_service.reader import Reader
from qa_service.types import Span, Understanding
from qa_service.wording.lexicon import BEING_THERE, DENYING, FROM_AFAR
from qa_service.wording.words import infinitive, words

#: Cosine at which a statement is as likely borne out as not, and how fast certainty grows with it. Read off
#: the sample archive: cosines of this encoder lie close together (0.85 unrelated, 0.92 said outright).
EVEN_COSINE, SLOPE = 0.893, 100.0
#: Mentions in sentences that speak less clearly are not quoted.
_LEAST_COSINE = 0.873
#: A country whose statement is at most this much less near than another's is named by the sentence as well.
_TIE = 0.004
#: Where the other reader is so sure it is believed: in an enumeration, of which a statement covers only a
#: part, and where the statement is clear enough although another is nearer.
_SURE = 0.6
#: Sentences that are compared; more would cost more than reading does.
_MOST_SENTENCES = 160
_ASKED = re.compile(r"\b(?:in |nach |aus |mit |von |gegen )?(?:welche[mnrs]?|was für)\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[,;:–]|\bsondern\b|\baber\b")
_ARTICLES = frozenset({"der", "die", "das", "den", "dem", "des"})
_WORDS = re.compile(r"(?:[A-ZÄÖÜ][\w-]+ ){1,2}[A-ZÄÖÜ]\w+|\w[\w-]*")


@dataclass(frozen=True, slots=True)
class _Mention:
    code: str
    sentence: tuple[int, int, int]
    hit: Hit
    start: int
    end: int


class CountryReader:
    """Reads as another reader does, but checks what it says where countries are asked for; a `Reader`.

    Args:
        reader: The other reader.
        embedder: The model that embeds questions and passages.
    """

    def __init__(self, reader: Reader, embedder: Embedder) -> None:
        self.identity = reader.identity
        self._reader = reader
        self._embedder = embedder

    def read(self, question: str, hits: Sequence[Hit], *, many: bool) -> list[Span]:
        """Find answers; see `Reader.read`."""
        understanding = understand(question)
        spans = self._reader.read(question, hits, many=many)
        if not many or understanding.kind != "country" or understanding.focus is None:
            return spans
        mentions = _mentions(hits)
        if not mentions:
            return spans
        denials = _denials(question)
        said: list[_Mention] = []
        denied: list[_Mention] = []
        for mention in mentions:
            (denied if _is_denied(hits, mention, denials) else said).append(mention)
        spans = [span for span in spans if not any(_overlap(span, mention) for mention in denied)]
        compared = self._compared(question, understanding, hits, said) if said else []
        if not any(cosine >= EVEN_COSINE for _, cosine in compared):
            return spans  # where no sentence says it outright, their order tells nothing
        return _together(compared, spans)

    def _compared(
        self, question: str, understanding: Understanding, hits: Sequence[Hit], mentions: Sequence[_Mention]
    ) -> list[tuple[_Mention, float]]:
        """Every mention with the cosine of its sentence and its statement."""
        places = list(dict.fromkeys(mention.sentence for mention in mentions))[:_MOST_SENTENCES]
        codes = list(dict.fromkeys(mention.code for mention in mentions))
        told = self._embedder.embed_passages([_text(hits, place) for place in places])
        statements = [_statement(question, understanding, code) for code in codes]
        cosines = told @ self._embedder.embed_questions(statements).T
        row = {place: number for number, place in enumerate(places)}
        column = {code: number for number, code in enumerate(codes)}
        return [
            (mention, float(cosines[row[mention.sentence], column[mention.code]]))
            for mention in mentions
            if mention.sentence in row
        ]


def _together(compared: Sequence[tuple[_Mention, float]], spans: Sequence[Span]) -> list[Span]:
    """What sentences speak for and what the other reader is sure of, surest first, no place twice."""
    nearest: dict[tuple[int, int, int], float] = {}
    for mention, cosine in compared:
        nearest[mention.sentence] = max(cosine, nearest.get(mention.sentence, -1.0))
    spoken = [
        _span(mention, cosine)
        for mention, cosine in compared
        if cosine >= max(nearest[mention.sentence] - _TIE, _LEAST_COSINE)
    ]
    near = {(m.hit.article.id, m.start) for m, cosine in compared if cosine >= _LEAST_COSINE}
    sure = sorted(
        (span for span in spans if span.confidence >= _SURE and country(span.text) is not None),
        key=lambda span: (span.hit.article.id, span.start),
    )
    lined_up = {id(span) for pair in itertools.pairwise(sure) if are_neighbours(*pair) for span in pair}
    read = [s for s in sure if id(s) in lined_up or (s.hit.article.id, s.start) in near]
    places: dict[tuple[str, int], Span] = {}
    for span in sorted([*spoken, *read], key=lambda span: -span.score):
        places.setdefault((span.hit.article.id, span.start), span)
    return list(places.values())


def _overlap(span: Span, mention: _Mention) -> bool:
    same = span.hit.article.id == mention.hit.article.id
    return same and span.start < mention.end and mention.start < span.end


def _span(mention: _Mention, cosine: float) -> Span:
    score = max(-30.0, min(30.0, SLOPE * (cosine - EVEN_COSINE)))
    return Span(mention.hit, mention.start, mention.end, score, 1 / (1 + math.exp(-score)))


def _mentions(hits: Sequence[Hit]) -> list[_Mention]:
    """Every country name, capital and adjective in the passages, once each."""
    found: dict[tuple[str, int], _Mention] = {}
    for number, hit in enumerate(hits):
        shift = hit.passage.start
        for start, end in sentences(hit.text):
            for match in _WORDS.finditer(hit.text, start, end):
                known = _country(match)
                if known is not None:
                    code, low, high = known
                    place = (hit.article.id, shift + low)
                    sentence = (number, start, end)
                    found.setdefault(place, _Mention(code, sentence, hit, shift + low, shift + high))
    return list(found.values())


def _denials(question: str) -> frozenset[str]:
    """Words by which a clause denies what is asked; none where the question itself asks for the opposite."""
    asked = {form for word in words(question) for form in (word.fold, infinitive(word.text)) if form}
    if asked & DENYING:
        return frozenset()
    return DENYING | FROM_AFAR if asked & BEING_THERE else DENYING


def _is_denied(hits: Sequence[Hit], mention: _Mention, denials: frozenset[str]) -> bool:
    """Whether the clause around a mention holds one of these words; "nicht nur" denies nothing."""
    number, start, end = mention.sentence
    text, place = hits[number].text, mention.start - hits[number].passage.start
    edges = [start, *(match.start() for match in _CLAUSES.finditer(text, start, end)), end]
    low = max(edge for edge in edges if edge <= place)
    high = min(edge for edge in edges if edge > place)
    clause = words(text[low:high].replace("nicht nur", ""))
    return any({word.fold, infinitive(word.text)} & denials for word in clause)


def _country(match: re.Match[str]) -> tuple[str, int, int] | None:
    """Code and place of the country that the words, or some of them, name; longer names first."""
    named = list(re.finditer(r"\S+", match.group()))
    for size in range(len(named), 0, -1):
        for first in range(len(named) - size + 1):
            if named[first].group().casefold() in _ARTICLES:
                continue
            low, high = named[first].start(), named[first + size - 1].end()
            known = country(match.group()[low:high])
            if known is not None:
                return known.code, match.start() + low, match.start() + high
    head, hyphen, _ = match.group().partition("-")
    known = country(head) if hyphen else None
    return (known.code, match.start(), match.start() + len(head)) if known is not None else None


def _statement(question: str, understanding: Understanding, code: str) -> str:
    """The question with a country in the place of what it asks for."""
    focus = re.escape(understanding.focus or "")
    phrase = re.compile(rf"{_ASKED.pattern}\s+(?:\w+\s+){{0,2}}?{focus}", re.IGNORECASE)
    said, count = phrase.subn(country_name(code), question.strip(" ?!."), count=1)
    return f"{said if count else country_name(code) + ': ' + said}."


def _text(hits: Sequence[Hit], place: tuple[int, int, int]) -> str:
    number, start, end = place
    return hits[number].text[start:end]
