"""English questions about the German archive: enough of their wording to know what is asked for."""

import re

from qa_service.types import Kind, QuestionType, Understanding
from qa_service.wording.words import listed, words

_ENGLISH = re.compile(
    r"\s*(who|whom|whose|what|where|when|why|which|how|is|are|was|were|do|does|did|has|have|had|can|could|list|name)\b"
    r"(?=\s+(?!das\b|die\b|der\b)[a-z0-9'])",
    re.IGNORECASE,
)
_ENGLISH_WORDS = listed(
    "the of is are were did does has have to and by for many much who which what when where"
)
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


def is_english(text: str) -> bool:
    """Whether the question is asked in English."""
    tokens = [word.fold for word in words(text)]
    return bool(_ENGLISH.match(text)) and sum(token in _ENGLISH_WORDS for token in tokens) > 1


def understand_english(question: str) -> Understanding:
    """Form, kind and number that an English question asks for."""
    text = question.strip().lower()
    plural = re.match(
        r"(which|what|name|list)(?: all| the)*(?: \w+)? \w+(?:s|people)\b(?<!ss)(?<!is)(?<!was)", text
    )
    for pattern, question_type, kind in _ENGLISH_KINDS:
        if re.match(pattern, text):
            return Understanding(question_type, kind, many=bool(plural) and question_type == "fact")
    return Understanding("fact", "thing", many=bool(plural))
