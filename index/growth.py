"""When the dense index changes its form, and how the next one is made beside the one that serves.

Up to `EXACT_UP_TO` passages every vector is compared: that takes 6 ms there, little beside reading, and
nothing has to be trained. Beyond, lists keep a search short; their number grows with the square root of the
passages, so that finding the near centres and reading their lists cost about the same.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import numpy.typing as npt

from index import cores, forms
from index.archive import Archive
from index.forms import Form
from index.types import Filters

Keys = npt.NDArray[np.int64]
Locked = Callable[[], AbstractContextManager[None]]
Progress = Callable[[float], None]

EXACT_UP_TO = 200_000
_CHUNK_PASSAGES = 20_000
_LISTS_PER_ROOT = 2
# Lists are made anew when four times as many passages are there as when they were, or a quarter of what made
# them necessary: then training is rare, and an archive near a limit does not go to and fro.
_GROWN = 2
_SHRUNK = 4


def lists_for(passages: int, *, exact_up_to: int = EXACT_UP_TO) -> int:
    """Return how many lists so many passages need, 0 for none."""
    return 0 if passages <= exact_up_to else max(1, round(_LISTS_PER_ROOT * math.sqrt(passages)))


def is_due(lists: int, passages: int, *, exact_up_to: int = EXACT_UP_TO) -> bool:
    """Whether so many passages need another form than one of so many lists."""
    if not lists:
        return passages > exact_up_to
    if passages < exact_up_to / _SHRUNK:
        return True
    return lists_for(passages, exact_up_to=exact_up_to) >= _GROWN * lists


def made(archive: Archive, *, exact_up_to: int, progress: Progress) -> tuple[Form, int]:
    """Make the form that the archive needs now, and fill it; the archive may be written to meanwhile.

    Args:
        archive: The truth. No transaction is held for long.
        exact_up_to: Most passages of an exact form.
        progress: Told the share that is done, 0 to 1.

    Returns:
        The form, and the change up to which it holds everything.
    """
    with archive.snapshot():
        change, keys = archive.change(), archive.keys(Filters())
    lists = lists_for(len(keys), exact_up_to=exact_up_to)
    form = _trained(archive, keys, lists) if lists else forms.exact(archive.dimension)
    for start in range(0, len(keys), _CHUNK_PASSAGES):
        progress(start / len(keys))
        form.add(*archive.known_embeddings(keys[start : start + _CHUNK_PASSAGES]))
    return form, take_in(form, archive, change)


def take_in(form: Form, archive: Archive, since: int, writing: Locked = nullcontext) -> int:
    """Bring a form up to date with the archive.

    Args:
        form: Holds everything up to the change `since`.
        archive: The truth.
        since: Number of a change.
        writing: Held during each change of the form.

    Returns:
        The change up to which it holds everything now.
    """
    with archive.snapshot():
        delta = archive.changes_since(since)
        if delta.removed:
            with writing():
                form.remove(np.array(delta.removed, np.int64))
        for start in range(0, len(delta.added), _CHUNK_PASSAGES):
            keys = np.array(delta.added[start : start + _CHUNK_PASSAGES], np.int64)
            embeddings = archive.embeddings(keys)
            with writing():
                form.add(keys, embeddings)
    return delta.change


def _trained(archive: Archive, keys: Keys, lists: int) -> Form:
    drawn = np.random.default_rng(lists)
    wanted = min(len(keys), forms.SAMPLE_PER_LIST * lists)
    chosen = np.sort(drawn.choice(keys, wanted, replace=False))
    parts = [
        archive.known_embeddings(chosen[start : start + _CHUNK_PASSAGES])[1]
        for start in range(0, wanted, _CHUNK_PASSAGES)
    ]
    sample = np.concatenate(parts)
    # Half of the cores: questions are answered meanwhile.
    return forms.trained(sample, min(lists, len(sample)), threads=max(1, cores.usable() // 2))
