"""Text as it is stored: one Unicode form, plain spaces, paragraphs apart by one blank line.

Only this module knows which characters are invisible ballast. It never touches a visible one.
"""

import re
import unicodedata

from index.furniture import drop_furniture

__all__ = ["clean", "drop_furniture", "reflow"]

# Zero-width joiners hold emoji together; between letters they are ballast like the rest.
_JOINER = re.compile(r"(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d")
_INVISIBLE = (
    "\u00ad"  # soft hyphen
    "\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"  # zero width
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # writing direction
    "\ufff9\ufffa\ufffb\uffff\ufffe"  # annotation marks and noncharacters
)
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
_BREAKS = re.compile(r"\n{2,}")
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))

# Wrapped at a margin: no line above this, and all but the last filled to this share of the longest.
WRAP_MAX_CHARS = 100
WRAP_MIN_CHARS = 50
WRAP_FILL = 0.7


def _characters() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(character): None for character in _INVISIBLE}
    table.update(dict.fromkeys(_CONTROLS))
    # Lone surrogates come out of JSON escapes and cannot be written as UTF-8.
    table.update(dict.fromkeys(range(0xD800, 0xE000)))
    table.update({ord("\t"): " ", ord("\n"): "\n", ord("\v"): "\n", ord("\x85"): "\n"})
    table.update({ord("\f"): "\n\n", 0x2028: "\n", 0x2029: "\n\n"})
    return table


_TABLE = _characters()


def clean(text: str) -> str:
    r"""Normalise characters and white space; visible characters stay as they are.

    Args:
        text: Any text.

    Returns:
        The text in NFC, without soft hyphens, zero-width and control characters. Every other white
        space (no-break spaces too) is one plain space, line breaks are `\n`, blank lines come
        singly, and no line begins or ends with a space. Cleaning it again changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    # Last before white space: what stood between a letter and its accent is gone by now.
    text = unicodedata.normalize("NFC", _JOINER.sub("", text))
    text = _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text))
    return _BREAKS.sub("\n\n", text).strip()


def reflow(text: str) -> str:
    """Make every line of cleaned text a paragraph, joining lines that were wrapped at a margin.

    Args:
        text: Cleaned text.

    Returns:
        Text whose only line breaks are blank lines between paragraphs.
    """
    return "\n\n".join(_unwrapped(block) for block in text.split("\n\n"))


def _unwrapped(block: str) -> str:
    lines = block.split("\n")
    longest = max(map(len, lines))
    if (
        WRAP_MIN_CHARS <= longest <= WRAP_MAX_CHARS
        and min(map(len, lines[:-1]), default=0) >= WRAP_FILL * longest
    ):
        return " ".join(lines)
    return "\n\n".join(lines)
