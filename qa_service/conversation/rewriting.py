"""A follow-up becomes a question that stands alone.

What only this module knows: the order of the attempts. A missing verb is filled from the last question,
a pronoun is replaced where its noun is certain, and what the sentence still does not say stands in brackets.
"""

from collections.abc import Sequence

from qa_service.conversation import topic, wording
from qa_service.conversation.dependence import Dependence, dependence, is_elliptic
from qa_service.conversation.ellipsis import fill
from qa_service.conversation.pronouns import Known, substitute
from qa_service.types import Turn
from qa_service.wording.intent import is_remark
from qa_service.wording.language import language_of

_CONNECTORS = frozenset(("und", "aber", "oder"))
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
    leaning = dependence(question)
    if leaning is Dependence.NONE:
        return [question]
    best = _rewrite(question.strip(), thread, "")
    subject = _subject(thread)
    unresolved = best.referent is None and best.asked == question.strip()
    answer = topic.as_name(thread[-1].answer) if unresolved else ""
    context = _missing(best.text, ", ".join(part for part in (answer, subject) if part))
    whole = " ".join(known.text for known in thread[-_MOST_WHOLE_TURNS:])
    candidates = [_bracketed(best.text, context), _bracketed(question.strip(), whole)]
    if not context and best.text == question.strip():
        candidates = candidates[1:]
    if leaning is Dependence.POSSIBLE:
        candidates.append(question)
    return list(dict.fromkeys(candidates))


def _thread(history: Sequence[Turn]) -> list[Known]:
    """The turns since the last one that named its own subject, each with its pronouns resolved."""
    thread: list[Known] = []
    for turn in history:
        asked = turn.question.strip()
        if not asked:
            continue
        if dependence(asked) is Dependence.NONE:
            thread = []
        thread.append(_rewrite(asked, thread, turn.answer.strip()))
    return thread


def _rewrite(question: str, thread: Sequence[Known], answer: str) -> Known:
    """The question with its verb or its noun put back, as far as the thread gives them."""
    if not thread:
        return Known(question, question, answer)
    if is_elliptic(wording.tokens(question)):
        filled = fill(question, thread[-1])
        text = question if filled is None else filled
        return Known(text, text, answer, thread[-1].referent)
    replaced = substitute(question, thread)
    if replaced is None:
        return Known(question, question, answer)
    text, referent = replaced
    return Known(question, text, answer, referent)


def _subject(thread: Sequence[Known]) -> str:
    """What the thread is about: the gist of its first question, then what later ones added."""
    subject = topic.gist(thread[0].text)
    for known in thread[1:]:
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
    return ", ".join(filter(None, map(topic.trimmed, runs)))


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
