"""A follow-up becomes a question that stands alone.

What only this module knows: the order of the attempts. A missing verb is filled from the last question,
a pronoun is replaced where its noun is certain, and what the sentence still does not say stands in brackets.
"""

import re
from collections.abc import Sequence

from qa_service.conversation import topic, wording
from qa_service.conversation.dependence import IDENTIFYING, Dependence, dependence, is_elliptic, specificity
from qa_service.conversation.ellipsis import fill, shortened
from qa_service.conversation.mentions import in_full, mentioned, named, place
from qa_service.conversation.pronouns import Known, substitute
from qa_service.types import Turn
from qa_service.wording.intent import after_greeting, is_remark
from qa_service.wording.language import language_of

_CONNECTORS = frozenset(("und", "aber", "oder"))
# Words for all that was said: its verb belongs to what they mean.
_AT_THAT = wording.vocabulary(
    "damals danach davor daraufhin dazu darauf deswegen deshalb seitdem dabei dagegen dafür darüber"
)
_VERB_LEFT = re.compile(r"^[^A-ZÄÖÜ\d]*,\s*")
_MOST_CONTEXT_WORDS = 24
_MOST_WHOLE_TURNS = 4


def standalone(question: str, history: Sequence[Turn]) -> list[str]:
    """Rewrite a follow-up so that it can be searched and read alone.

    Args:
        question: As typed.
        history: Earlier turns, oldest first; an answer is "" where none is known.

    Returns:
        One to three candidates without repetition, the best guess first. Exactly `[question]` where the
        question names its own subject or there is no history. Otherwise the second carries the whole
        conversation since the subject changed in brackets, for a search that found nothing with less. The
        bare question comes last where it might stand alone after all ("Wie hoch ist die Strafe?"), and is
        left out where it cannot ("Und wann war das?"): out of context it would find something unrelated.
    """
    thread = _thread(history)
    if not thread or is_remark(question) or language_of(question) != "de":
        return [question]
    asked = after_greeting(question).strip()
    leaning = dependence(shortened(asked))
    if leaning is Dependence.NONE:
        return list(dict.fromkeys([in_full(question, thread), question]))
    best = _rewrite(asked, thread, "")
    subject = _subject(thread)
    unresolved = best.referent is None and best.asked == asked
    at_that = unresolved and any(token.lower in _AT_THAT for token in wording.tokens(asked))
    answer = mentioned(thread[-1], with_time=at_that) if unresolved else ""
    context = _missing(f"{best.text} {best.gone}", ", ".join(part for part in (answer, subject) if part))
    if at_that:
        context = f"{context} {topic.lexical_verb(thread[-1].text)}".strip()
    whole = " ".join(
        [*(known.text for known in thread[-_MOST_WHOLE_TURNS:]), named(thread[-1].answer)]
    ).strip()
    candidates = [_bracketed(best.text, context), _bracketed(asked, whole)]
    if not context and best.text == asked:
        candidates = candidates[1:]
    if leaning is Dependence.POSSIBLE:
        names_subject = specificity(asked, wording.tokens(asked)) >= IDENTIFYING
        candidates.insert(0 if names_subject else len(candidates), _without_connector(asked))
    return list(dict.fromkeys(candidates))


def _thread(history: Sequence[Turn]) -> list[Known]:
    """The turns since the last one that named its own subject, each with its pronouns resolved."""
    thread: list[Known] = []
    for turn in history:
        asked = after_greeting(turn.question).strip()
        if not asked or is_remark(asked):
            continue
        if dependence(shortened(asked)) is Dependence.NONE:
            thread = []
        thread.append(_rewrite(asked, thread, turn.answer.strip()))
    return thread


def _rewrite(question: str, thread: Sequence[Known], answer: str) -> Known:
    """The question with its verb or its noun put back, as far as the thread gives them."""
    if not thread:
        return Known(question, question, answer)
    short = shortened(question)
    if is_elliptic(wording.tokens(short)):
        filled = fill(short, thread[-1])
        if filled is not None:
            return Known(filled.text, filled.text, answer, thread[-1].referent, filled.gone, whole=True)
        return Known(question, question, answer, thread[-1].referent)
    completed = _placed(in_full(question, thread), thread)
    replaced = substitute(completed, thread)
    if replaced is None:
        return Known(question, completed, answer)
    text, referent = replaced
    return Known(question, text, answer, referent)


def _placed(question: str, thread: Sequence[Known]) -> str:
    """The question with "dort" and "dorthin" replaced where only one place can be meant."""
    found = place(thread)
    if not found or found in question:
        return question
    text = re.sub(r"\b[Dd]ort\b", f"in {found}", question, count=1)
    return re.sub(r"\b[Dd](?:ort|a)hin\b", f"nach {found}", text, count=1)


def _subject(thread: Sequence[Known]) -> str:
    """What the thread is about: the gist of its first question, then what later ones added or replaced."""
    subject = topic.gist(thread[0].text)
    for known in thread[1:]:
        if known.whole:
            subject = topic.gist(known.text)
            continue
        added = _missing(subject, topic.gist(known.text))
        subject = ", ".join(part for part in (subject, added) if part)
    return " ".join(subject.split()[:_MOST_CONTEXT_WORDS]).rstrip(",")


def _missing(text: str, subject: str) -> str:
    """The stretches of `subject` whose nouns and numbers `text` does not say yet."""
    said = {_stem(token) for token in wording.tokens(text)}
    runs: list[str] = []
    start = end = 0
    for token in wording.tokens(subject):
        if not (token.capital or token.number):
            continue
        if _stem(token) in said:
            runs += [subject[start:end]] if end > start else []
            start = end = token.end
        else:
            end = token.end
    runs += [subject[start:]] if end > start else []
    return ", ".join(filter(None, (topic.trimmed(_VERB_LEFT.sub("", run)) for run in runs)))


def _stem(token: wording.Token) -> str:
    """Equal for "Hamburg" and "Hamburgs", so that a name is not said twice."""
    return token.lower.rstrip("s’'")


def _bracketed(text: str, context: str) -> str:
    """Give "Wer betreibt das? (Kernkraftwerk Brunsbüttel, Juni 2007)"."""
    text = _without_connector(text)
    return f"{text} ({context})" if context else text


def _without_connector(text: str) -> str:
    first, _, rest = text.partition(" ")
    if first.lower() not in _CONNECTORS or not rest:
        return text
    return rest[0].upper() + rest[1:]
