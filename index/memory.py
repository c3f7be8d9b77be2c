"""Gives large blocks of memory back to the system, so that a service does not grow with its writes.

What only this module knows: glibc. Freed large blocks make it take later ones from its heap, where small ones
between them keep them from being given back; a writer of tantivy takes dozens of a megabyte for each change,
so that 300 small changes beside eight clients left 180 MB of which 25 were in use.
"""

import ctypes
import functools

_M_MMAP_THRESHOLD = -3  # malloc.h
_LARGE_BYTES = 1 << 20


@functools.cache
def give_large_blocks_back() -> bool:
    """Let blocks of a megabyte and more be mapped, and unmapped when freed; return whether that can be."""
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES))
    except (AttributeError, OSError):
        return False  # another C library
