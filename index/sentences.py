"""German sentence boundaries, with exact offsets.

Only this module knows where a full stop ends a sentence and where it belongs to "z. B.", "3. Oktober",
"Wilhelm II." or "George W. Bush". One pass over the places that could end a sentence, each decided from
a few characters around it, so the time grows with the length of the text and nothing else.

The doubtful case is decided by the next word: German writes nouns with a capital, so a capital alone
says little after "3." or "usw.", but "Der", "Er" or "Danach" begins a sentence.
"""

import re
from itertools import pairwise

from index.boundaries import (
    AFTER_ORDINAL,
    BEFORE_ORDINAL,
    CLOSING_ABBREVIATIONS,
    MONTHS,
    OPEN_ABBREVIATIONS,
    STARTERS,
)

# A place that could end a sentence: stops, what closes with them, then a space or a capital.
_CANDIDATE = re.compile(
    r"""(?P<stop>[.!?…]++)
        (?P<close>(?:["“”’'‘«›‹)\]]|»(?=\s|\Z))*+(?:\[\d{1,3}\])*+)
        (?P<gap>\s++)?
        (?=(?P<next>["„“‚‘'»«›‹(\[–—•-]{0,3}+\s?[^\W_][\w'’-]{0,30}+)|(?P<other>\S)|\Z)""",
    re.VERBOSE,
)
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*+\n\s*+")
_BULLET_LINE = re.compile(r"\n(?=[•▪●*–-] )")
_ROMAN = re.compile(r"[IVX]{1,6}\Z")
_ONE_LETTER = re.compile(r"[^\W\d_]\.")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]\Z")
_NUMBER = re.compile(r"\d[\d.,:]*\Z")
_DAY_MONTH = re.compile(r"\d{1,2}\.\d{1,2}\Z")
_INNER_CAPITAL = re.compile(r"[a-zäöü]+[A-ZÄÖÜ]")
_ADDRESS = re.compile(r"www\.|://|[@/=\\]", re.IGNORECASE)
_OPENERS = "\"„“‚‘'»«›‹([{–—-•"
_BEFORE_OMISSION = ' \n([„"»'
_LOOK_BACK_CHARS = 48
_ORDINAL_MAX_DIGITS = 3


def sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text.

    Args:
        text: Any text; a blank line ends a paragraph and with it a sentence.

    Returns:
        Half-open (start, end) code-point offsets, in order and disjoint, without white space at either
        end; together they cover every character that is not white space. Closing quotes and brackets
        stay with the sentence they close.
    """
    cuts = sorted({0, len(text), *_breaks(text), *_ends(text)})
    spans = []
    for start, end in pairwise(cuts):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            spans.append((first, first + len(stripped)))
    return spans


def _breaks(text: str) -> list[int]:
    paragraphs = [match.end() for match in _PARAGRAPH_BREAK.finditer(text)]
    return paragraphs + [match.end() for match in _BULLET_LINE.finditer(text)]


def _ends(text: str) -> list[int]:
    return [match.end("close") for match in _CANDIDATE.finditer(text) if _is_end(text, match)]


def _is_end(text: str, match: re.Match[str]) -> bool:
    following = match["next"]
    if following is None:
        # Nothing, or a sign such as an emoji, follows.
        return match["gap"] is not None
    word = following.lstrip(_OPENERS + " ")
    before = text[max(0, match.start() - _LOOK_BACK_CHARS) : match.start()]
    token = _last_token(before)
    if match["gap"] is None:
        return _is_glued_end(token, match, following, word)
    if word[:1].islower():
        return _INNER_CAPITAL.match(word) is not None and len(token) > 1 and not _is_abbreviation(token)
    stop = match["stop"]
    if stop == "." and not match["close"]:
        return _full_stop_ends(before, token, following, word)
    if stop in {"...", "…"} and before[-1:] in _BEFORE_OMISSION:
        return word in STARTERS or following[0] in _OPENERS
    return True


def _last_token(before: str) -> str:
    words = before.rsplit(None, 1)
    if not words or before[-1].isspace():
        return ""
    return words[-1].lstrip(_OPENERS)


def _is_glued_end(token: str, match: re.Match[str], following: str, word: str) -> bool:
    """Decide where no space follows: „Stabilität“.Putin ends a sentence, z.B. and www.Zeit.De do not."""
    if not word[:1].isupper() or following[:1] in "-–—'" or _ADDRESS.search(token):
        return False
    last = token[-1:]
    if match["close"] or last in '“”"»«)]’':
        return bool(token)
    if match["stop"] != ".":
        return last.isalpha()
    core = token.rsplit(".", 1)[-1]
    if core.isdigit():
        return len(core) > _ORDINAL_MAX_DIGITS and word[1:2].islower()
    if len(core) <= 1 or not core[-1].islower() or _is_abbreviation(core):
        return False
    return core[0].islower() or word[1:2].islower() or len(word) == 1


def _is_abbreviation(token: str) -> bool:
    lowered = token.lower()
    return lowered in OPEN_ABBREVIATIONS or lowered in CLOSING_ABBREVIATIONS or "." in token


def _full_stop_ends(before: str, token: str, following: str, word: str) -> bool:
    starts = word in STARTERS
    core = token.rsplit("-", 1)[-1]
    if _NUMBER.match(token):
        return _number_ends(before, token, word, starts=starts)
    if _INITIALS.match(core):
        return _letter_ends(before, core, starts=starts)
    lowered = core.lower()
    if lowered in OPEN_ABBREVIATIONS:
        return False
    if lowered in CLOSING_ABBREVIATIONS or lowered.endswith("str") or _ROMAN.match(core):
        return starts or following[0] in '„»"'
    return True


def _number_ends(before: str, token: str, word: str, *, starts: bool) -> bool:
    if word in MONTHS or (word[:1].isdigit() and len(token) <= _ORDINAL_MAX_DIGITS + 2):
        return False
    day_and_month = _DAY_MONTH.match(token) is not None
    if starts or not (day_and_month or (token.isdigit() and len(token) <= _ORDINAL_MAX_DIGITS)):
        return True
    if day_and_month or word in AFTER_ORDINAL:
        return False
    words = before[: -len(token)].split()
    if not words:
        return False
    previous = words[-1].lstrip(_OPENERS)
    return not (
        previous.lower() in BEFORE_ORDINAL
        or previous[-1:] in ",(:;/"
        or previous.endswith((".", "?", "!"))
        or previous.lower().endswith(("einem", "einen", "einer", "ihrem", "ihren", "ihrer", "iesem", "iesen"))
    )


def _letter_ends(before: str, letters: str, *, starts: bool) -> bool:
    """Decide after single letters: "z. B.", "George W." and "u. a." differ by what stands before."""
    chain = letters
    for word in reversed(before[: -len(letters)].split()[-2:]):
        bare = word.lstrip(_OPENERS)
        if not _ONE_LETTER.fullmatch(bare):
            break
        chain = bare + chain
    # Initials are capitals; "z. B. Der Spiegel" begins no sentence.
    return starts and (chain[0].isupper() or chain.lower() in CLOSING_ABBREVIATIONS)
