"""A question without a verb takes the sentence of the question before.

What only this module knows: what becomes of that sentence when something else is asked of it ("Und wann?").
Where the new words are no question, `slots` finds the place that they fill.
"""

import re
from collections.abc import Sequence

from qa_service.conversation import mentions, noun_phrases, slots, wording
from qa_service.conversation.noun_phrases import Phrase
from qa_service.conversation.pronouns import Known
from qa_service.conversation.slots import Filled
from qa_service.conversation.wording import Token
from qa_service.wording.focus import kind_of

_CONNECTORS = frozenset(("und", "aber", "oder"))
_FADING = frozenset(("denn", "eigentlich", "nun", "genau", "also"))
_PLURAL_VERBS = re.compile(r"(?:sind|waren|\w+en)$")
_SUBJECT_CASES = frozenset(("der", "ein", "den", "einen"))
_AGENTS = frozenset(("person", "organisation"))
# "Wann war das?" asks the last question anew, "Wo ist das?" asks where something is.
_EVENT = re.compile(
    r"(?P<asked>(?:seit |bis |um )?(?:wann|wo|wohin|woher|warum|weshalb|wieso|wie lange|wie oft)) (?:genau )?"
    r"(?:(?:war|passierte|geschah|ereignete sich) (?:das|es|dies)|(?:ist|war) (?:das|es) "
    r"(?:passiert|geschehen|gewesen)|fand (?:das|es) statt)\W*",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:was|wie) (?:ist|war|sieht|sah|steht|verhält)(?: es| das| sich)?(?: denn| eigentlich)? "
    r"(?:mit |um )?(?P<new>(?:in |im |bei |für )?[^\W\d_][\w.-]*(?: [A-ZÄÖÜ][\w.-]*)*)(?: aus)?\W*",
    re.IGNORECASE,
)


def shortened(question: str) -> str:
    """What a question with an empty verb says: "Wann war das?" is "Wann", "Was ist mit Kiel?" is "Kiel"."""
    first, _, rest = question.strip().partition(" ")
    text = rest if first.lower() in _CONNECTORS else question.strip()
    if (event := _EVENT.fullmatch(text)) is not None:
        return event["asked"]
    about = _ABOUT.fullmatch(text)
    if about is None or not any(p in text.lower() for p in (" mit ", " um ", " aus", " in ", " im ")):
        return question
    first = about["new"].partition(" ")[0].lower()
    return question if first in wording.CLOSED - wording.PREPOSITIONS else about["new"]


def fill(question: str, last: Known) -> Filled | None:
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
    return slots.other_phrase(new, words, last)


def _other_question_word(new: str, last: Known) -> Filled | None:
    words = wording.tokens(last.text)
    verb = wording.finite_verb(words)
    if verb is None:
        return None
    new = _with_noun(new, words, verb)
    rest = last.text[words[verb].start :]
    if verb == 0:
        return Filled(f"{_upper(new)} {_lower(_without_counted(rest, new))}")
    subject = _subject(words, verb, noun_phrases.phrases(words, start=verb + 1))
    vacated = _vacated(words, verb, last.answer)
    asked = last.text[: words[verb].start]
    if subject is None:
        added = "" if new.lower().startswith(("wer", "welche", "wie viele")) else vacated
        head = f"{words[verb].text} {added}" if added else words[verb].text
        return Filled(f"{_upper(new)} {head}{last.text[words[verb].end :]}", asked)
    start, end = words[subject.first].start, words[subject.last - 1].end
    if new.lower().startswith("wer"):
        kept, asked = last.text[words[verb].start : start].rstrip(), last.text[start:end]
    else:
        kept = last.text[words[verb].start : end]
    return Filled(f"{_upper(new)} {kept}{' ' if vacated else ''}{vacated}{last.text[end:]}", asked)


def _with_noun(new: str, words: Sequence[Token], verb: int) -> str:
    """Give "Wie viele Länder" for "Wie viele", "Welche Städte noch" for "Welche noch"."""
    noun = mentions.asked_noun(words)
    first = re.match(
        r"(?:wie ?viele?|welche[rsnm]?)(?= (?:noch|davon|sonst|insgesamt)\b|$)", new, re.IGNORECASE
    )
    if first is None:
        return new
    if noun is None and verb == 0:
        plural = [p for p in noun_phrases.phrases(words, start=1) if not p.determiner and not p.preposition]
        noun = words[plural[0].head] if plural else None
    return new if noun is None else f"{first[0]} {noun.text}{new[first.end() :]}"


def _without_counted(rest: str, new: str) -> str:
    """Give "gab es bei dem Brand" for "Gab es Tote bei dem Brand" where "Wie viele Tote" asks."""
    return re.sub(rf"\s{re.escape(new.rsplit(maxsplit=1)[-1])}\b", "", rest, count=1)


def _subject(words: Sequence[Token], verb: int, phrases: Sequence[Phrase]) -> Phrase | None:
    """The subject behind the verb; None where the question phrase is the subject itself.

    Told by number ("Welche Länder hat Putin"), case ("den Vertrag" is no subject) and by what acts: a person
    or organisation asked for does, a country or a thing does not.
    """
    first = words[0].lower
    plain = [p for p in phrases if not p.preposition and not p.time]
    if not plain or first in {"wer", *wording.PREPOSITIONS} or plain[0].first != verb + 1:
        return plain[0] if plain and first in wording.PREPOSITIONS | _ADVERBIAL else None
    if plain[0].determiner in _SUBJECT_CASES:
        return plain[0] if plain[0].determiner in {"der", "ein"} else None
    noun = mentions.asked_noun(words)
    if noun is None:
        return plain[0]
    if words[verb].lower in wording.AUXILIARIES and mentions.is_plural(noun) != bool(
        _PLURAL_VERBS.match(words[verb].lower)
    ):
        return plain[0]
    return None if kind_of(noun.text) in _AGENTS else plain[0]


_ADVERBIAL = wording.vocabulary("wo wann warum wieso weshalb wie wohin woher wofür woran womit was wen wem")


def _vacated(words: Sequence[Token], verb: int, answer: str) -> str:
    """What takes the place of the old question phrase: its answer, else its noun ("Länder")."""
    first = words[0].lower
    if first in wording.PREPOSITIONS | {"wo", "wann", "warum", "wieso", "weshalb", "was", "wohin", "woher"}:
        return ""
    noun = mentions.asked_noun(words)
    if first.startswith("wie"):
        counts = len(words) > 1 and words[1].lower in {"viele", "viel"} and noun is not None
        return last_part(words, verb) if counts else ""
    found = mentions.named(answer)
    if found:
        return found
    return noun.text if noun is not None and mentions.is_plural(noun) else ""


def last_part(words: Sequence[Token], verb: int) -> str:
    """What is counted: "Menschen" of "Wie viele Menschen starben"."""
    return " ".join(token.text for token in words[2:verb])


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
