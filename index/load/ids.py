"""Article ids: stable, unique, and safe in an address and a file name."""

import hashlib
import re
import unicodedata

from index.load.limits import MAX_ID_CHARS

_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:~-]*")
_UNSAFE = re.compile(r"[^A-Za-z0-9._~-]+")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_READABLE_CHARS = 80
_HASH_CHARS = 12


def safe_id(name: str) -> str:
    """Make an id of a name or path; a name that is safe already stays as it is.

    Args:
        name: Id or relative path, with any characters.

    Returns:
        1 to 200 of the characters A-Z, a-z, 0-9 and ".", "_", ":", "~", "-". What had to be changed ends in
        a hash of the name, so different names never meet.
    """
    if len(name) <= MAX_ID_CHARS and _SAFE.fullmatch(name):
        return name
    # One file system says "ä" in one character, another in two: the id is the same.
    name = unicodedata.normalize("NFC", name)
    plain = unicodedata.normalize("NFKD", name.translate(_GERMAN)).encode("ascii", "ignore").decode()
    readable = _UNSAFE.sub("-", plain).strip("-.~")[:_READABLE_CHARS]
    return "-".join(part for part in (readable, _hash(name)) if part)


def content_id(*parts: str | None) -> str:
    """Make an id of an article's content, for articles that bring none."""
    return "text-" + _hash("\x1f".join(part or "" for part in parts))


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:_HASH_CHARS]
