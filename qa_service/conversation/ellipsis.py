"""A question without a verb takes the sentence of the question before.

What only this module knows: which slot of that sentence the new words fill.
"""

from collections.abc import Sequence

from qa_service.conversation import noun_phrases, topic, wording
from qa_service.conversation.noun_phrases import Phrase
from qa_service.conversation.pronouns import Known
from qa_service.conversation.wording import Token

_CONNECTORS = frozenset(("und", "aber", "oder"))
_FADING = frozenset(("denn", "eigentlich", "nun", "genau", "also"))
_SHARED_ENDING_LETTERS = 5


def fill(question: str, last: Known) -> str | None:
    """The last question with the new words in their slot, or None where none fits.

    "Und wann?" after "Wo wurde Gaddafi beigesetzt?" is "Wann wurde Gaddafi beigesetzt?"; "Und Vietnam?"
    after "Welche Einwohnerzahl hat Nordkorea?" is "Welche Einwohnerzahl hat Vietnam?".
    """
    words = [token for token in wording.tokens(question) if token.lower not in _CONNECTORS | _FADING]
    if not words:
        return None
    new = question[words[0].start : words[-1].end]
    if any(token.lower in wording.QUESTION_WORDS for token in words[:2]):
        return _other_question_word(new, last)
    return _other_phrase(new, words, last.text)


def _other_question_word(new: str, last: Known) -> str | None:
    words = wording.tokens(last.text)
    verb = wording.finite_verb(words)
    if verb is None:
        return None
    rest = last.text[words[verb].start :]
    if verb == 0:
        return f"{_upper(new)} {rest[0].lower()}{rest[1:]}"
    subject = topic.as_name(last.answer) if words[0].lower in {"wer", "welcher", "welche"} else ""
    if subject:
        rest = f"{words[verb].text} {subject}{last.text[words[verb].end :]}"
    return f"{_upper(new)} {rest}"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _other_phrase(new: str, words: Sequence[Token], last: str) -> str | None:
    old = wording.tokens(last)
    if all(token.year for token in words):
        return _replace_last(last, [token for token in old if token.year], new)
    verb = wording.finite_verb(old)
    slots = [p for p in noun_phrases.phrases(old, start=0 if verb is None else verb + 1) if not p.time]
    if words[0].lower in wording.PREPOSITIONS:
        return _replace_after_preposition(last, old, slots, words[0].lower, new)
    similar = _similar_noun(words, old)
    if similar is not None:
        return last[: similar.start] + new + last[similar.end :]
    slot = _slot(words, slots)
    if slot is None:
        return _replace_counted(last, old, verb, new)
    return last[: old[slot.first].start] + new + last[old[slot.last - 1].end :]


def _replace_last(last: str, years: Sequence[Token], new: str) -> str | None:
    if not years:
        return None
    return last[: years[-1].start] + new + last[years[-1].end :]


def _replace_after_preposition(
    last: str, old: Sequence[Token], slots: Sequence[Phrase], preposition: str, new: str
) -> str | None:
    plain = noun_phrases.FUSED.get(preposition, preposition)
    fitting = [slot for slot in slots if slot.preposition == plain]
    if not fitting:
        return None
    slot = fitting[-1]
    fused = slot.determiner in noun_phrases.FUSED
    first = slot.first if fused else slot.first - 1
    return last[: old[first].start] + new + last[old[slot.last - 1].end :]


def _similar_noun(words: Sequence[Token], old: Sequence[Token]) -> Token | None:
    """The noun to replace: "Innenminister" for "Verteidigungsminister": compounds of the same last part."""
    if len(words) > 1:
        return None
    ending = words[0].lower[-_SHARED_ENDING_LETTERS:]
    if len(ending) < _SHARED_ENDING_LETTERS:
        return None
    return next((token for token in reversed(old) if token.capital and token.lower.endswith(ending)), None)


def _slot(words: Sequence[Token], slots: Sequence[Phrase]) -> Phrase | None:
    """The phrase that the new one replaces: a subject or object first, names for names."""
    has_article = words[0].lower in wording.DETERMINERS
    plain = [slot for slot in slots if not slot.preposition]
    alike = [slot for slot in plain if bool(slot.determiner) == has_article]
    named = [slot for slot in plain if slot.name]
    after_preposition = [slot for slot in slots if slot.preposition and slot.name and not slot.determiner]
    order = [alike, named, plain] if has_article else [[s for s in alike if s.name], named, after_preposition]
    return next((choice[0] for choice in order if choice), None)


def _replace_counted(last: str, old: Sequence[Token], verb: int | None, new: str) -> str | None:
    """Answer "Und Tote?" after "Wie viele Verletzte gab es?"."""
    counted = [token for token in old[: verb or 0] if token.capital and token is not old[0]]
    return _replace_last(last, counted, new)
