"""Cloze questions from plain text: recurring spans (Ram et al. 2021) asked for in another passage."""

import bisect
import re
from collections.abc import Iterator, Sequence

from training.packing import SENTENCE, Pack, context_line, token_span

_MONTH = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_UNIT = "Prozent|Euro|Dollar|Millionen|Milliarden|Kilometer|Meter|Menschen|Einwohner|Jahre|Tage|Tonnen"
_NAME = r"[A-ZÄÖÜ][\wäöüß.-]+"
_REST = r" (?:von|de|der|van|und|für|zu) (?=[A-ZÄÖÜ])[A-ZÄÖÜ][\wäöüß-]+| [A-ZÄÖÜ][\wäöüß-]+"
#: Names, numbers and dates: what news questions ask for, found without a tagger.
_ENTITY = re.compile(
    rf"\d{{1,2}}\. (?:{_MONTH})(?: \d{{4}})?"
    rf"|(?:rund |etwa |über |mehr als )?\d[\d.,]*(?: (?:{_UNIT})){{0,2}}"
    rf"|{_NAME}(?:{_REST}){{0,3}}"
)
_WH_NUMBER = ("Wie viele", "Wie viel", "Wie hoch", "Wie lange")
_WH_DATE = ("Wann", "In welchem Jahr", "An welchem Tag")
_WH_NAME = ("Wer", "Was", "Welche", "Wo", "Wen", "Wem", "Welcher", "Welches")

#: What takes the place of the gap, when the sentence becomes a question.
WORDS = (*_WH_NUMBER, *_WH_DATE, *_WH_NAME)


def _question_words(name: str) -> Sequence[str]:
    if re.match(r"\d{1,2}\. [A-Z]|\d{4}$", name):
        return _WH_DATE
    return _WH_NUMBER if name[0].isdigit() or name[-1].isdigit() else _WH_NAME


def _places(passages: Sequence[str]) -> dict[str, list[tuple[int, int, int]]]:
    """(passage, start, end) of every name and number, but for the first words of sentences."""
    places: dict[str, list[tuple[int, int, int]]] = {}
    for number, passage in enumerate(passages):
        for match in _ENTITY.finditer(passage):
            name = match.group()
            if 1 < len(name) < 60 and match.start() > 0 and passage[match.start() - 2] not in ".!?\n":
                places.setdefault(name, []).append((number, match.start(), match.end()))
    return places


def cloze(pack: Pack, articles: Iterator[dict], chars: int) -> list[tuple[int, ...]]:
    """Recurring spans (Ram et al. 2021) turned into questions over another passage of the same article.

    Returns:
        Rows (passage, span first, span last, other passage, sentence first, sentence last, mask first,
        mask last, question word number); token numbers, inclusive. A span first of -1 marks a passage of
        the article that does not hold the answer.
    """
    rows: list[tuple[int, ...]] = []
    seen = 0
    for article in articles:
        text = article["text"]
        seen += len(text)
        passages = list(_passages(text))
        places = _places(passages)
        ids = [
            pack.context(passage, context_line(article["title"], ""), article["title"])
            for passage in passages
        ]
        candidates = [
            (name, spots) for name, spots in places.items() if 2 <= len({s[0] for s in spots}) <= 12
        ]
        pack.rng.shuffle(candidates)
        for name, spots in candidates[: max(4, len(passages) * 2)]:
            one, two = pack.rng.sample(spots, 2)
            if one[0] == two[0]:
                continue
            row = _cloze_row(pack, ids, one, two)
            if row is None:
                continue
            word = WORDS.index(pack.rng.choice(_question_words(name)))
            rows.append((*row, word))
            if pack.rng.random() < 0.3:
                holders = {spot[0] for spot in spots}
                others = [
                    n
                    for n in range(max(0, one[0] - 6), min(len(ids), one[0] + 7))
                    if n not in holders and name not in passages[n]
                ]
                if others:
                    rows.append((ids[pack.rng.choice(others)], -1, -1, *row[3:], word))
        if seen > chars:
            break
    return rows


def _passages(text: str) -> Iterator[str]:
    """Cuts at paragraphs and sentences into pieces of about 800 characters."""
    start = 0
    last = 0
    for match in SENTENCE.finditer(text):
        if match.end() - start > 800 and last > start:
            yield text[start:last].strip()
            start = last
        last = match.end()
    if len(text) - start > 200:
        yield text[start : start + 1500].strip()


def _cloze_row(
    pack: Pack, ids: Sequence[int], one: tuple[int, int, int], two: tuple[int, int, int]
) -> tuple[int, ...] | None:
    context, other = ids[one[0]], ids[two[0]]
    if not pack.ends[context] or not pack.ends[other]:
        return None
    first, last = token_span(pack.ends[context], one[1], one[2])
    mask_first, mask_last = token_span(pack.ends[other], two[1], two[2])
    index = pack.sentences.index
    starts = pack.sentences.flat[index[other] : index[other + 1]]
    at = bisect.bisect_right(starts, mask_first) - 1
    sentence_first = starts[at]
    sentence_last = (starts[at + 1] if at + 1 < len(starts) else len(pack.ends[other])) - 1
    if sentence_last - sentence_first - (mask_last - mask_first) < 5:
        return None
    sentence_first = max(sentence_first, mask_first - 24)
    sentence_last = min(sentence_last, mask_last + 24)
    return (
        context,
        first,
        last,
        other,
        sentence_first,
        sentence_last,
        mask_first,
        min(mask_last, sentence_last),
    )
