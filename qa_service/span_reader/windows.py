"""From a question and passages to token windows that a model can read, and back to characters.

The only place that translates between tokens and code points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.split import context
from index.types import Hit

#: Longer questions are cut; what follows rarely asks.
QUESTION_TOKENS = 96
CONTEXT_TOKENS = 48
#: Tokens that neighbouring windows of a long passage share.
STRIDE = 96


@dataclass(frozen=True, slots=True)
class Template:
    """The special tokens around question and passage.

    Attributes:
        before: Before the question.
        between: Between question and passage.
        after: After the passage.
        most: Tokens that the model can read at once.
    """

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Window:
    """One sequence for the model.

    Attributes:
        hit: Which of the passages it reads, by position.
        ids: Token numbers, special tokens included.
        first: Place of the first token of the passage.
        last: One past the place of its last token.
        offsets: Half-open code-point offsets into the passage's text, one for each place in `[first, last)`.
    """

    hit: int
    ids: Sequence[int]
    first: int
    last: int
    offsets: Sequence[tuple[int, int]]

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """Half-open offsets into the passage's text of the tokens `first` to `last`, both inclusive."""
        return self.offsets[first - self.first][0], self.offsets[last - self.first][1]


def windows(
    tokenizer: Any, template: Template, question: str, hits: Sequence[Hit], *, with_context: bool = True
) -> list[Window]:
    """Cuts passages into windows.

    Args:
        tokenizer: A `tokenizers.Tokenizer`.
        template: The model's special tokens and length.
        question: The question; only its first `QUESTION_TOKENS` tokens are read.
        hits: The passages.
        with_context: Whether title and date stand before each passage.

    Returns:
        At least one window for each passage that has a token; windows of a long passage overlap by `STRIDE`.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
    texts = [hit.text for hit in hits]
    passages = tokenizer.encode_batch(texts, add_special_tokens=False)
    lines = [context(hit.article) if with_context else "" for hit in hits]
    prefixes = tokenizer.encode_batch(lines, add_special_tokens=False)
    found = []
    for number, (passage, prefix) in enumerate(zip(passages, prefixes, strict=True)):
        head = [
            *template.before,
            *asked,
            *template.between,
            *(prefix.ids[:CONTEXT_TOKENS] if lines[number] else ()),
        ]
        room = max(32, template.most - len(head) - len(template.after))
        start = 0
        while start < len(passage.ids):
            piece = passage.ids[start : start + room]
            ids = [*head, *piece, *template.after]
            offsets = passage.offsets[start : start + room]
            found.append(Window(number, ids, len(head), len(head) + len(piece), offsets))
            if start + room >= len(passage.ids):
                break
            start += max(1, room - STRIDE)
    return found


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a span to where an answer can begin and end.

    First outwards to whole words (tokens are parts of words), then inwards over white space and over
    punctuation that is not part of an answer. Quotation marks and brackets stay where both stand inside.
    """
    while 0 < start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while (moved := _trimmed_once(text, start, end)) != (start, end):
        start, end = moved
    return start, end


def _trimmed_once(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in ",;:.!?–—-…)]"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:–—([…-"):
        end -= 1
    inside = text[start:end]
    for opening, closing in ("()", "[]", "„“", "»«", "“”", "‚‘"):
        if inside.startswith(opening) and closing not in inside[1:]:
            return start + 1, end
        if inside.endswith(closing) and opening not in inside[:-1]:
            return start, end - 1
    if inside.count('"') == 1 and inside[0] == '"':
        return start + 1, end
    if inside.count('"') == 1 and inside[-1] == '"':
        return start, end - 1
    return start, end
