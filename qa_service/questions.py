"""What the wording of a question says about its answer: form, kind, one or several, and the time named.

Reads German morphology (question words, number of the noun asked for, agreement of the verb); the
closed classes live in `qa_service.wording`, the nouns in `qa_service.focus`.
"""

import re
from dataclasses import replace

from qa_service.focus import kind_of
from qa_service.morphology import is_feminine, noun_lemma, number, verb_lemma
from qa_service.periods import period, periods
from qa_service.types import Kind, QuestionType, Understanding
from qa_service.wording import (
    HOW_MANY,
    WHAT_BY,
    WHEN,
    WHERE,
    WHICH,
    WHO,
    WHY,
    Word,
    asks_by_order,
    is_english,
    is_question,
    order,
    question_word,
    words,
    yes_no,
)

__all__ = ["is_question", "understand"]

# Verbs of saying: "Was sagte ...", "Wie beurteilte ..." ask for what somebody said.
_SAYING = frozenset(
    "sagen aeussern erklaeren fordern kritisieren bezeichnen begruenden beurteilen kommentieren bewerten "
    "rechtfertigen behaupten meinen verlangen vergleichen empfehlen raten raeumen ankuendigen versprechen vermissen "
    "antworten erwidern entgegnen titulieren bescheinigen geisseln verurteilen vorschlagen mitteilen "
    "urteilen warnen schreiben betonen loben bemaengeln vorwerfen verteidigen beschreiben einschaetzen halten".split()
)
# Adjectives and adverbs of degree: "wie hoch", "wie lange".
_DEGREES = frozenset(
    "hoch gross lang lange alt schwer stark teuer weit oft haeufig schnell tief breit viel wenig jung dick warm heiss "
    "kalt laut nah nahe zahlreich spaet frueh dicht voll reich knapp steil kurz klein gut fern heftig ergiebig".split()
)
_COPULA = frozenset("sein heissen lauten werden bleiben".split())
_NAMED = frozenset("heissen lauten nennen".split())
_DATIVE = frozenset("aus bei mit nach seit von zu gegenueber ausser samt".split())
_ACCUSATIVE = frozenset("fuer durch gegen ohne um wider".split())
_DETERMINERS = frozenset(
    "der die das den dem des ein eine einen einem einer eines dieser diese dieses diesem diesen seine ihre sein ihr "
    "seinen ihren seiner ihrer alle aller allen saemtliche beide beiden".split()
)
# Nouns that only stand for what follows: "der Name des Piloten", "eine Liste aller Seen".
# Plurals that mean one amount or one saying.
_PLURAL_ONLY = frozenset("kosten einnahme einnahmen ausgabe schuld schulden zins wort zusatzkosten".split())
_TWO_WAY = frozenset("in an auf unter ueber vor hinter neben zwischen".split())
_PREFIXED = re.compile("unter|ver|be|ent|er|ge|zer|ab|vor|ein|auf|zusammen|treffen|rennen|schreiben|leben")
_TRANSPARENT = frozenset(
    "name liste aufzählung bezeichnung art typ sorte reihe anzahl gruppe vorname nachname".split()
)
_COST = frozenset("kosten wiegen betragen messen verdienen zahlen bezahlen".split())
_EACH = frozenset("jeweils alles ueberall saemtliche saemtlichen beziehungsweise bzw einzelnen".split())
_CAUSES = frozenset(
    "sterben erkranken ausloesen verursachen fuehren hindern bewegen veranlassen scheitern zwingen treiben provozieren".split()
)
_COUNT_WORDS = frozenset("zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf".split())
_TWO_YEARS = re.compile(
    r"\b(?:19|20)\d\d\)?,? (?:[^.?!]{0,60} )?(?:und|sowie|bzw\.) (?:\S+ ){0,2}\(?(?:19|20)\d\d",
)
_PLURAL_VERBS = re.compile(
    r"(sind|waren|haben|hatten|werden|wurden|koennen|konnten|sollen|sollten|wollen|wollten|duerfen|muessen)$"
)


def understand(question: str) -> Understanding:
    """Form, kind, number, noun and time that the wording asks for.

    Args:
        question: A question that stands alone; spelling with "ae", lower case and a missing question
            mark make no difference.
    """
    understood = _english(question) if is_english(question) else _german(question)
    if (
        not understood.many
        and understood.question_type in {"fact", "number", "date"}
        and _asks_for_each(question)
    ):
        understood = replace(understood, many=True)
    if understood.many:
        understood = replace(understood, question_type="list")
    return replace(understood, period=period(question))


def _german(question: str) -> Understanding:
    tokens = words(question)
    asks = question_word(question)
    if asks is None:
        if yes_no(question):
            return _result("yes_no", "clause")
        return _request(tokens) if asks_by_order(question) else _keywords(tokens)
    word, rest = tokens[asks], tokens[asks + 1 :]
    if WHICH.match(word.fold):
        return _which(tokens, asks)
    if word.fold in WHO:
        return _who(word, rest)
    if word.fold in WHEN or (word.fold == "was" and rest and rest[0].fold == "fuer"):
        return _result("date", "date") if word.fold in WHEN else _what_sort(rest[1:])
    if word.fold in WHERE:
        return _result("fact", "place")
    if word.fold in WHY:
        return _result("reason", "clause")
    if word.fold.startswith("wie"):
        return _how(word, rest)
    if WHAT_BY.match(word.fold):
        return _what_by(word, rest)
    if asks and tokens[asks - 1].fold == "als":
        return _result("statement" if _verb_of(rest, _SAYING) else "fact", "thing")
    return _what(rest)


def _result(
    question_type: QuestionType, kind: Kind, *, many: bool = False, focus: str | None = None
) -> Understanding:
    return Understanding(question_type=question_type, kind=kind, many=many, focus=focus)


def _of_kind(kind: Kind, *, many: bool, focus: str | None) -> Understanding:
    """The question type that fits a noun's kind."""
    types: dict[Kind, QuestionType] = {"number": "number", "date": "date", "clause": "reason"}
    return _result(types.get(kind, "fact"), kind, many=many, focus=focus)


def _which(tokens: tuple[Word, ...], asks: int) -> Understanding:
    """ "Welche Länder", "welchem Land", "auf Flügen welcher Gesellschaften"."""
    noun = _head(tokens[asks + 1 :])
    if noun is None:
        return _result(
            "fact", "thing", many=tokens[asks].fold == "welche" and _plural_verb(tokens[asks + 1 :])
        )
    position = tokens.index(noun)
    before = tokens[asks - 1].fold if asks else ""
    many = _which_is_plural(tokens[asks].fold, noun, before=before, between=tokens[asks + 1 : position])
    many = many and noun_lemma(noun.text).lower() not in _PLURAL_ONLY
    saying = _verb_of(tokens[position + 1 :], _SAYING) and kind_of(noun.text) == "thing"
    if saying and noun_lemma(noun.text) in {
        "Vorwurf",
        "Rat",
        "Urteil",
        "Meinung",
        "Forderung",
        "Antwort",
        "Kritik",
    }:
        return _result("statement", "clause", many=many, focus=noun.text)
    return _of_kind(kind_of(noun.text), many=many, focus=noun.text)


def _which_is_plural(form: str, noun: Word, *, before: str, between: tuple[Word, ...]) -> bool:
    """Number of "welch-" and its noun by ending, governing preposition, adjective, then gender."""
    known = number(noun.text)
    if form in {"welches", "welchem"}:
        return False
    if form == "welcher":
        # Genitive plural needs a noun before it ("Mitarbeiter welcher Stellen"); else masculine or feminine singular.
        return known == "plural" and bool(before) and before not in _DATIVE | _TWO_WAY
    if form == "welchen":
        if before in _DATIVE:
            return True
        if before in _ACCUSATIVE:
            return False
        inflected = noun.text.lower().endswith("s") and noun_lemma(noun.text) != noun.text
        return known == "plural" or (known == "either" and (inflected or _neuter(noun.text)))
    adjectives = [word.fold for word in between if word.text[:1].islower() and verb_lemma(word.text) is None]
    if adjectives and adjectives[-1].endswith(("e", "en")):
        return adjectives[-1].endswith("en")  # "welche weiteren Städte", "welche isländische Abgeordnete"
    # "welche" before a masculine or neuter noun can only be the plural.
    return known == "plural" or (known == "either" and not is_feminine(noun_lemma(noun.text)))


def _neuter(noun: str) -> bool:
    """ "Unternehmen", "Mädchen": nouns in -en whose accusative singular would take "welches"."""
    lower = noun.lower()
    return lower.endswith("chen") or (verb_lemma(noun) == lower and bool(_PREFIXED.match(lower)))


def _plural_verb(after: tuple[Word, ...]) -> bool:
    return any(_PLURAL_VERBS.match(word.fold) for word in after[:6])


def _head(tokens: tuple[Word, ...]) -> Word | None:
    """The noun of the phrase that begins here: the first capitalised word that is no adjective before one."""
    phrase = _phrase(tokens)
    for i, word in enumerate(phrase):
        if not word.text[:1].isupper():
            continue
        following = phrase[i + 1] if i + 1 < len(phrase) else None
        if following is not None and _attributive(word, following):
            continue
        return word
    return _lower_case_head(phrase)


def _phrase(tokens: tuple[Word, ...]) -> tuple[Word, ...]:
    for i, word in enumerate(tokens[:8]):
        if word.opens and i:
            return tokens[:i]
    return tokens[:8]


def _attributive(word: Word, following: Word) -> bool:
    """ "US-amerikanischen Politiker", "Berliner Bürgermeister", "Frankfurter Schulen": a capital, but no head."""
    if not following.text[:1].isupper():
        return False
    return word.fold.endswith(("ischen", "ische", "ischer", "isches", "ischem")) or (
        word.fold.endswith("er") and (kind_of(following.text) != "thing" or "-" in following.text)
    )


def _lower_case_head(phrase: tuple[Word, ...]) -> Word | None:
    """The noun of a question typed in lower case: the first word that the dictionary has as a noun."""
    for word in phrase:
        if word.fold in _DETERMINERS or word.fold[:1].isdigit():
            continue
        if kind_of(word.text) != "thing" or (
            noun_lemma(word.text).lower() != word.text and verb_lemma(word.text) is None
        ):
            return word
        if verb_lemma(word.text) is not None:
            return None
    return None


def _who(word: Word, rest: tuple[Word, ...]) -> Understanding:
    if word.fold == "wer" and rest and verb_lemma(rest[0].text) == "sein" and _is_name(rest[1:]):
        return _result("definition", "clause", focus=rest[-1].text)
    focus = _head(rest[1:]) if rest and verb_lemma(rest[0].text) in {"sein", "heißen"} else None
    many = bool(rest) and rest[0].fold in {"sind", "waren"} and word.fold == "wer"
    return _result("fact", "person", many=many, focus=focus.text if focus else None)


def _is_name(tokens: tuple[Word, ...]) -> bool:
    """Whether nothing but a name follows: no article and no noun for a role or office."""
    if not 1 <= len(tokens) <= 4 or any(
        word.fold in _DETERMINERS or word.fold[:1].isdigit() for word in tokens
    ):  # noqa: PLR2004
        return False
    if len(tokens) == 1:
        return tokens[0].text[:1].isupper() and kind_of(tokens[0].text) == "thing"
    return all(
        word.text[:1].isupper() or word.fold in {"von", "al", "bin", "zu", "van"} for word in tokens
    ) and (kind_of(tokens[0].text) == "thing")


def _how(word: Word, rest: tuple[Word, ...]) -> Understanding:
    first = rest[0].fold if rest else ""
    if word.fold != "wie" or HOW_MANY.match(first) or first in _DEGREES:
        counted = rest if word.fold != "wie" else rest[1:]
        if counted and counted[0].fold == "uhr":
            return _result("date", "date")
        noun = _head(counted[:3]) if HOW_MANY.match(first) or word.fold != "wie" else None
        return _result("number", "number", focus=noun.text if noun else None)
    verb = verb_lemma(rest[0].text) if rest else None
    folded = fold_or_none(verb)
    if folded in _NAMED:
        return _named(rest[1:], plural=rest[0].fold in {"heissen", "hiessen", "lauten", "lauteten"})
    if folded == "kommen" and any(word.fold == "zu" for word in rest):
        return _result("reason", "clause")
    if folded in _SAYING or folded == "reagieren":
        return _result("statement", "clause")
    if folded in {"enden", "ausgehen", "spielen", "gehen", "stehen"} and any(
        w.fold == "gegen" or "derby" in w.fold for w in rest
    ):
        return _result("number", "number")
    return _result("fact", "clause")


def fold_or_none(verb: str | None) -> str | None:
    """The infinitive as closed classes spell it."""
    return (
        verb.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
        if verb
        else None
    )


def _named(rest: tuple[Word, ...], *, plural: bool) -> Understanding:
    """ "Wie heißt der Pilot", "Wie hießen die Parteien", "Wie lautet der Titel des Buches"."""
    understood = _noun_phrase(rest, article=rest[0].fold if rest else None)
    kind: Kind = "thing" if understood.kind == "clause" else understood.kind
    return _result(
        "fact" if kind not in {"number", "date"} else understood.question_type,
        kind,
        many=plural,
        focus=understood.focus,
    )


def _noun_phrase(tokens: tuple[Word, ...], *, article: str | None) -> Understanding:
    """Kind and number by a noun phrase with its article; "der Name des Piloten" is about the pilot."""
    noun = _head(tokens)
    if noun is None:
        return _result("fact", "thing")
    several = _determined_plural(noun, article)
    inner = _owner(tokens[tokens.index(noun) + 1 :])
    if noun_lemma(noun.text).lower() in _TRANSPARENT and inner is not None:
        several = several or _determined_plural(inner, tokens[tokens.index(inner) - 1].fold)
        return _of_kind(kind_of(inner.text), many=several, focus=inner.text)
    return _of_kind(kind_of(noun.text), many=several, focus=noun.text)


def _owner(after: tuple[Word, ...]) -> Word | None:
    """The noun of the genitive that follows: "der Name | des Piloten"."""
    genitive = {"der", "des", "aller", "von", "saemtlicher", "dieser", "seiner", "ihrer"}
    return _head(after[1:]) if after and after[0].fold in genitive else None


def _determined_plural(noun: Word, article: str | None) -> bool:
    """Whether a noun is plural by its form, or by an article that its gender does not take in the singular."""
    form = number(noun.text)
    plural_article = article in {"die", "alle", "aller", "der", "saemtliche", "saemtlicher"}
    return form == "plural" or (
        form == "either" and plural_article and not is_feminine(noun_lemma(noun.text))
    )


def _what_by(word: Word, rest: tuple[Word, ...]) -> Understanding:
    verb = next((fold_or_none(verb_lemma(w.text)) for w in rest[:1]), None)
    if word.fold == "wofuer" and verb == "stehen":
        return _result("definition", "clause")
    if word.fold in {"wodurch", "woran", "woraus"} and _verb_of(rest, _CAUSES):
        return _result("reason", "clause")
    return _result(
        "reason" if word.fold == "wodurch" else "fact",
        "clause" if word.fold in {"wodurch", "wovon"} else "thing",
    )


def _verb_of(tokens: tuple[Word, ...], infinitives: frozenset[str]) -> bool:
    """Whether one of the first words, or the last, is a form of one of the verbs."""
    return any(fold_or_none(verb_lemma(word.text)) in infinitives for word in (*tokens[:3], *tokens[-2:]))


def _what_sort(rest: tuple[Word, ...]) -> Understanding:
    """ "Was für ein Pronomen", "Was für Musik": the article alone makes it singular."""
    understood = _noun_phrase(rest, article=None)
    return replace(understood, many=understood.many and rest[0].fold not in _DETERMINERS)


def _what(rest: tuple[Word, ...]) -> Understanding:
    if not rest:
        return _result("fact", "thing")
    if rest[0].fold == "genau":
        return _what(rest[1:])
    verb = fold_or_none(verb_lemma(rest[0].text))
    if verb in _COST or rest[-1].fold == "kosten":
        return _result("number", "number")
    if verb in {"bedeuten", "bezeichnen", "verstehen", "verbergen", "heissen"}:
        return _result("definition", "clause")
    if verb in _SAYING or (rest[-1].fold == "vor" and verb in {"werfen", "schlagen"}):
        return _result("statement", "clause")
    if verb in _CAUSES:
        return _result("reason", "clause")
    if verb == "sein" and len(rest) > 1:
        return _what_is(rest[1:], plural=rest[0].fold in {"sind", "waren"})
    return _result(
        "fact",
        "clause" if verb in {"passieren", "geschehen", "machen", "tun", "wollen", "sollen"} else "thing",
    )


def _what_is(tokens: tuple[Word, ...], *, plural: bool) -> Understanding:
    understood = _noun_phrase(tokens, article=tokens[0].fold)
    determined = tokens[0].fold in _DETERMINERS
    if plural and determined:
        return replace(understood, many=True)
    specified = len(tokens) > 2 + int(determined)  # noqa: PLR2004 - a noun with something said of it
    if understood.kind != "thing" or (
        specified and tokens[0].fold in {"der", "die", "das", "sein", "ihr", "seine", "ihre"}
    ):
        return replace(understood, many=understood.many and plural)
    return _result("definition", "clause", focus=understood.focus)


def _request(tokens: tuple[Word, ...]) -> Understanding:
    """ "Nenne alle ...", "Gib mir den Geburtsort von ...", "Bitte die Namen der ..."."""
    verb = order(" ".join(word.text for word in tokens))
    if verb in {"erklaeren", "erlaeutern", "definieren", "beschreiben"}:
        return _result("definition", "clause")
    skipped = {"sie", "mir", "uns", "bitte", "mal", "auf", "doch"}
    start = next((i for i, word in enumerate(tokens) if i and word.fold not in skipped), len(tokens))
    if tokens[0].fold == "bitte" and verb is not None:
        start = next((i for i, word in enumerate(tokens) if i > 1 and word.fold not in skipped), len(tokens))
    phrase = tokens[start:]
    understood = _noun_phrase(phrase, article=phrase[0].fold if phrase else None)
    return replace(
        understood,
        many=understood.many or any(w.fold in {"alle", "aller", "liste", "saemtliche"} for w in tokens),
    )


def _keywords(tokens: tuple[Word, ...]) -> Understanding:
    """A query without question word: its first noun, or the one after the dash, says what is asked."""
    dashed = [i for i, word in enumerate(tokens) if i and ("–" in word.before or " - " in word.before)]
    last = tokens[dashed[-1] :] if dashed else ()
    candidates = [noun for noun in (_head(last), _head(tokens)) if noun is not None]
    named = next(
        (noun for noun in candidates if kind_of(noun.text) != "thing"), candidates[0] if candidates else None
    )
    if named is None:
        return _result("fact", "thing")
    several = number(named.text) == "plural" and kind_of(named.text) != "number"
    return _of_kind(kind_of(named.text), many=several, focus=named.text)


def _asks_for_each(question: str) -> bool:
    """Whether the wording spreads over several cases: "jeweils", "wer alles", "2005 und 2011", "A, B und C"."""
    tokens = words(question)
    if any(word.fold == "jeweils" for word in tokens):
        return True
    if any(word.fold in {"welcher", "welches", "welchem", "welchen", "welche"} for word in tokens):
        return False  # the noun has decided
    if any(word.fold in _EACH for word in tokens):
        return True
    if re.search(rf"\b(?:wer|wen|wem) (?:\w+ )?die (?:{'|'.join(_COUNT_WORDS)})\b", question.lower()):
        return True
    if re.match(r"wie (?:alt|lang|gro(?:ß|ss)|schwer|breit|tief) (?:sind|waren) die ", question.lower()):
        return True
    if re.search(r"\bzwischen\b|\bvon (?:19|20)", question.lower()):
        return False
    return bool(_TWO_YEARS.search(question) and len(periods(question)) > 1) or _enumerates(tokens)


def _enumerates(tokens: tuple[Word, ...]) -> bool:
    """Whether three things are lined up ("A, B und C"): a comma, a few words without a verb, "und"."""
    for i, word in enumerate(tokens):
        if i < 3 or "," not in word.before or not tokens[i - 1].text[:1].isupper():  # noqa: PLR2004 - question, verb, thing
            continue
        for j in range(i + 1, min(i + 7, len(tokens) - 1)):
            if tokens[j].opens or (tokens[j].text[:1].islower() and verb_lemma(tokens[j].text)):
                break
            if tokens[j].fold in {"und", "sowie"} and _starts_thing(word) and _starts_thing(tokens[j + 1]):
                return True
    return False


def _starts_thing(word: Word) -> bool:
    return word.text[:1].isupper() or word.fold in _DETERMINERS


_ENGLISH_KINDS: tuple[tuple[str, QuestionType, Kind], ...] = (
    (r"(which|what|name|list)( \w+)? (countries|country|states?|nations?)\b", "fact", "country"),
    (r"(which|what|name|list)( \w+)? (cit|place|town)", "fact", "place"),
    (r"(which|what|name|list)( \w+)? (part(y|ies)|compan|organi[sz]ation)", "fact", "organisation"),
    (r"who(m|se)?\b", "fact", "person"),
    (r"where\b", "fact", "place"),
    (r"when\b|(in )?(which|what) year\b", "date", "date"),
    (r"why\b", "reason", "clause"),
    (r"how (many|much|long|old|high|big|large|far|often|tall|fast)\b", "number", "number"),
    (r"(is|are|was|were|do|does|did|has|have|had|can|could)\b", "yes_no", "clause"),
)


def _english(question: str) -> Understanding:
    text = question.strip().lower()
    plural = re.match(
        r"(which|what|name|list)(?: all| the)*(?: \w+)? \w+(?:s|people)\b(?<!ss)(?<!is)(?<!was)", text
    )
    for pattern, question_type, kind in _ENGLISH_KINDS:
        if re.match(pattern, text):
            return _result(question_type, kind, many=bool(plural) and question_type == "fact")
    return _result("fact", "thing", many=bool(plural))
