"""What each question word asks for: "welche", "wer", "wie", "was", "womit" with what follows them."""

import re
from dataclasses import replace

from qa_service.types import Kind, QuestionType, Understanding
from qa_service.wording.focus import kind_of
from qa_service.wording.lexicon import CAUSES, COST, DEGREES, DETERMINERS, HOW_MANY, NAMED, SAYING
from qa_service.wording.morphology import noun_lemma
from qa_service.wording.phrases import head, named_noun, which_is_plural
from qa_service.wording.words import Word, infinitive

_PLURAL_VERBS = re.compile(
    r"(sind|waren|haben|hatten|werden|wurden|koennen|konnten|sollen|sollten|wollen|wollten|duerfen|muessen)$"
)
_UTTERANCES = frozenset({"Vorwurf", "Rat", "Urteil", "Meinung", "Forderung", "Antwort", "Kritik"})
_MEANING = frozenset({"bedeuten", "bezeichnen", "verstehen", "verbergen", "heissen"})
_DOING = frozenset({"passieren", "geschehen", "machen", "tun", "wollen", "sollen"})
_PLAYING = frozenset({"enden", "ausgehen", "spielen", "gehen", "stehen"})
_PLURAL_NAMED = frozenset({"heissen", "hiessen", "lauten", "lauteten"})
_NAME_WORDS = frozenset({"von", "al", "bin", "zu", "van"})
_LONGEST_NAME = 4

Words = tuple[Word, ...]


def result(
    question_type: QuestionType, kind: Kind, *, many: bool = False, focus: str | None = None
) -> Understanding:
    """An understanding without a period."""
    return Understanding(question_type=question_type, kind=kind, many=many, focus=focus)


def of_kind(kind: Kind, *, many: bool, focus: str | None) -> Understanding:
    """The question type that fits a noun's kind."""
    types: dict[Kind, QuestionType] = {"number": "number", "date": "date", "clause": "reason"}
    return result(types.get(kind, "fact"), kind, many=many, focus=focus)


def noun_phrase(tokens: Words, *, article: str | None) -> Understanding:
    """Kind and number by a noun phrase with its article."""
    about = named_noun(tokens, article=article)
    if about is None:
        return result("fact", "thing")
    noun, several = about
    return of_kind(kind_of(noun.text), many=several, focus=noun.text)


def which(tokens: Words, asks: int) -> Understanding:
    """Read "Welche Länder", "welchem Land", "auf Flügen welcher Gesellschaften"."""
    after = tokens[asks + 1 :]
    noun = head(after)
    if noun is None:
        return result("fact", "thing", many=tokens[asks].fold == "welche" and _plural_verb(after))
    position = tokens.index(noun)
    before = tokens[asks - 1].fold if asks else ""
    many = which_is_plural(tokens[asks].fold, noun, before=before, between=tokens[asks + 1 : position])
    if noun_lemma(noun.text) in _UTTERANCES and _has_verb(tokens[position + 1 :], SAYING):
        return result("statement", "clause", many=many, focus=noun.text)
    return of_kind(kind_of(noun.text), many=many, focus=noun.text)


def _plural_verb(after: Words) -> bool:
    return any(_PLURAL_VERBS.match(word.fold) for word in after[:6])


def who(word: Word, rest: Words) -> Understanding:
    """Read "Wer gewann", "Wer ist Bundespräsident", "Wer waren die Täter", "Wer war Heinz Kluncker"."""
    verb = infinitive(rest[0].text) if rest else None
    if word.fold == "wer" and verb == "sein" and _is_name(rest[1:]):
        return result("definition", "clause", focus=rest[-1].text)
    focus = head(rest[1:]) if verb in {"sein", "heissen"} else None
    many = word.fold == "wer" and bool(rest) and rest[0].fold in {"sind", "waren"}
    return result("fact", "person", many=many, focus=focus.text if focus else None)


def _is_name(tokens: Words) -> bool:
    """Whether nothing but a name follows: no article and no noun for a role or office."""
    plain = not any(word.fold in DETERMINERS or word.fold[:1].isdigit() for word in tokens)
    if not plain or not 1 <= len(tokens) <= _LONGEST_NAME:
        return False
    capitals = all(word.text[:1].isupper() or word.fold in _NAME_WORDS for word in tokens)
    return capitals and kind_of(tokens[0].text) == "thing"


def how(word: Word, rest: Words) -> Understanding:
    """Read "Wie viele", "Wie hoch", "Wie heißt", "Wie beurteilte", "Wie kam es zu"."""
    first = rest[0].fold if rest else ""
    if word.fold != "wie" or HOW_MANY.match(first) or first in DEGREES:
        return _how_many(word, rest)
    verb = infinitive(rest[0].text) if rest else None
    if verb in NAMED:
        return _named(rest[1:], plural=first in _PLURAL_NAMED)
    called = next((word.fold for word in rest if infinitive(word.text) in {"heissen", "lauten"}), None)
    if called is not None:  # "... sagen, wie der Pilot heißt"
        return _named(rest, plural=called in _PLURAL_NAMED)
    if verb in SAYING or verb == "reagieren":
        return result("statement", "clause")
    return _how_it_went(verb, rest)


def _how_many(word: Word, rest: Words) -> Understanding:
    """Read "Wie viele Menschen", "Wieviel Uhr", "Wie hoch"; only what is counted is a focus."""
    counted = rest if word.fold != "wie" else rest[1:]
    if counted and counted[0].fold == "uhr":
        return result("date", "date")
    counts = word.fold != "wie" or HOW_MANY.match(rest[0].fold)
    noun = head(counted[:3]) if counts else None
    return result("number", "number", focus=noun.text if noun else None)


def _how_it_went(verb: str | None, rest: Words) -> Understanding:
    """Read "Wie kam es zu ..." (a reason), "Wie endete Dortmund gegen Schalke" (a score), and all else."""
    if verb == "kommen" and any(word.fold == "zu" for word in rest):
        return result("reason", "clause")
    verbs = {verb, infinitive(rest[-1].text) if rest else None}
    match = any(word.fold == "gegen" or "derby" in word.fold for word in rest)
    return result("number", "number") if verbs & _PLAYING and match else result("fact", "clause")


def _named(rest: Words, *, plural: bool) -> Understanding:
    """Read "Wie heißt der Pilot", "Wie hießen die Parteien", "Wie lautet der Titel des Buches"."""
    understood = noun_phrase(rest, article=rest[0].fold if rest else None)
    if understood.kind in {"number", "date"}:
        return replace(understood, many=plural)
    kind: Kind = "thing" if understood.kind == "clause" else understood.kind
    return result("fact", kind, many=plural, focus=understood.focus)


def what_by(word: Word, rest: Words) -> Understanding:
    """Read "Womit", "Woran", "Wofür steht"."""
    if word.fold == "wofuer" and rest and infinitive(rest[0].text) == "stehen":
        return result("definition", "clause")
    if word.fold == "wodurch" or (word.fold in {"woran", "woraus"} and _has_verb(rest, CAUSES)):
        return result("reason", "clause")
    return result("fact", "clause" if word.fold == "wovon" else "thing")


def as_what(rest: Words) -> Understanding:
    """Read "Als was bezeichnete ..."."""
    return result("statement" if _has_verb(rest, SAYING) else "fact", "thing")


def _has_verb(tokens: Words, infinitives: frozenset[str]) -> bool:
    """Whether one of the first words, or of the last two, is a form of one of the verbs."""
    return any(infinitive(word.text) in infinitives for word in (*tokens[:3], *tokens[-2:]))


def what_sort(rest: Words) -> Understanding:
    """Read "Was für ein Pronomen", "Was für Musik": the article alone makes it singular."""
    understood = noun_phrase(rest, article=None)
    single = bool(rest) and rest[0].fold in DETERMINERS
    return replace(understood, many=understood.many and not single)


def what(rest: Words) -> Understanding:
    """Read "Was ist", "Was kostet", "Was sagte", "Was bedeutet", "Was löste ... aus"."""
    if rest and rest[0].fold == "genau":
        rest = rest[1:]
    if not rest:
        return result("fact", "thing")
    verb, last = infinitive(rest[0].text), rest[-1].fold
    if verb == "sein" and len(rest) > 1:
        return _what_is(rest[1:], plural=rest[0].fold in {"sind", "waren"})
    if verb in COST or last == "kosten":
        return result("number", "number")
    if verb in _MEANING:
        return result("definition", "clause")
    if verb in SAYING or (last == "vor" and verb in {"werfen", "schlagen"}):
        return result("statement", "clause")
    return (
        result("reason", "clause")
        if verb in CAUSES
        else result("fact", "clause" if verb in _DOING else "thing")
    )


def _what_is(tokens: Words, *, plural: bool) -> Understanding:
    """Read "Was ist die documenta" (a definition) and "Was ist der Titel seines Buches" (a fact)."""
    understood = noun_phrase(tokens, article=tokens[0].fold)
    determined = tokens[0].fold in DETERMINERS
    if plural and determined:
        return replace(understood, many=True)
    definite = tokens[0].fold in {"der", "die", "das", "sein", "ihr", "seine", "ihre"}
    specified = definite and len(tokens) > 2 + int(determined)
    if understood.kind != "thing" or specified:
        return replace(understood, many=understood.many and plural)
    return result("definition", "clause", focus=understood.focus)
