"""Near copies of an article: five papers that print one agency text are one witness.

MinHash (Broder 1997) over runs of five words, through datasketch, whose only home is here. Texts too
short for that are copies only where their words are the same. Bands (Leskovec, Rajaraman and Ullman,
Mining of Massive Datasets, ch. 3) let the archive find candidates by equality of short keys.
"""

import hashlib
import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE_WORDS = 5
PERMUTATIONS = 128
# 20 bands of 4: a pair of similarity 0.7 shares a key with probability .996, one of 0.3 with .15.
BANDS = 20
ROWS = 4
# With fewer words a single changed one moves the similarity too far to say anything.
MIN_WORDS = 30

_SEED = 1
_WORD = re.compile(r"\w+")
_MINHASH = b"m"
_EXACT = b"x"
_VALUES = np.dtype("<u4")
# An odd multiplier spreads the words of a shingle over all 64 bits (Knuth, TAOCP 6.4).
_MULTIPLIER = 0x9E3779B97F4A7C15


def signature(text: str) -> bytes:
    """Sum up a text so that near copies can be told.

    Args:
        text: Article text; case, punctuation and white space do not count.

    Returns:
        513 bytes (a tag and 128 little-endian 32-bit values), or 33 for texts of fewer than 30 words
        (a tag and a SHA-256). The same on every machine.
    """
    words = _WORD.findall(text.casefold())
    if len(words) < MIN_WORDS:
        return _EXACT + hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).digest()
    minhash = _permutations().copy()
    minhash.update_batch(_shingles(words))
    values: NDArray[np.uint32] = minhash.hashvalues.astype(_VALUES)
    return _MINHASH + values.tobytes()


def similarity(a: bytes, b: bytes) -> float:
    """Estimate how much of their wording two texts share.

    Args:
        a: Signature of one text.
        b: Signature of the other.

    Returns:
        Jaccard similarity of their five-word runs, 0 (nothing in common) to 1 (the same), with a
        standard error of at most 0.045. Short texts have 0 or 1.
    """
    if a[:1] != _MINHASH or b[:1] != _MINHASH:
        return float(a == b)
    return float(np.mean(_values(a) == _values(b)))


def bands(signature: bytes) -> list[bytes]:
    """Give the keys under which near copies meet.

    Args:
        signature: Signature of a text.

    Returns:
        20 keys of 17 bytes (1 of 33 for a short text). Two texts with a key in common are candidates,
        to be confirmed with `similarity`.
    """
    if signature[:1] != _MINHASH:
        return [signature]
    size = ROWS * _VALUES.itemsize
    values = signature[1:]
    return [bytes([band]) + values[band * size : (band + 1) * size] for band in range(BANDS)]


def _values(signature: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(signature, dtype=_VALUES, offset=1)


def _shingles(words: list[str]) -> NDArray[np.uint64]:
    """Hash every run of words, shape (words - 4,), to 32 bits, which is what datasketch permutes."""
    codes = np.array([_code(word) for word in words], dtype=np.uint64)
    runs = len(words) - SHINGLE_WORDS + 1
    mixed = np.zeros(runs, dtype=np.uint64)
    for offset in range(SHINGLE_WORDS):
        mixed = (mixed + codes[offset : offset + runs]) * np.uint64(_MULTIPLIER)
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed >> np.uint64(32))


@lru_cache(maxsize=100_000)
def _code(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1)
def _permutations() -> "MinHash":
    from datasketch import MinHash  # noqa: PLC0415 - half a second, at the first article that is added

    return MinHash(num_perm=PERMUTATIONS, seed=_SEED, hashfunc=int)
