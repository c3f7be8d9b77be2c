"""The dense index over the archive's embeddings. Derived; the archive makes it again at any time.

What only this module knows: how searches, changes and a change of form go on at once. FAISS may search in
parallel but not change meanwhile: a shared lock keeps the two apart, a second one lets only one change it.
Another form (`index.growth`) is made beside the one that serves, and takes its place with all that came
meanwhile. A process that has an index open goes over to what another saved in its place when it catches up.

Whatever the form, the cosines are exact over what the archive holds: of lists, more than needed is taken and
compared again with the archive's vectors; of few allowed passages, all are; of many, no list is left out.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from index import forms, growth, manifest
from index.archive import Archive
from index.durable import new_file
from index.errors import DamagedIndexError
from index.locks import SharedLock

Keys = npt.NDArray[np.int64]
Embeddings = npt.NDArray[np.float32]
Stored = Callable[[Keys], tuple[Keys, Embeddings]]

_logger = logging.getLogger(__name__)

_FORMAT = 3
# Lists order by 8 bits; among so many times more than wanted the right ones are (measured: all).
_COMPARED_AGAIN = 2
# Up to so many allowed passages are read from the archive and compared: 10 ms.
_NARROW = 2_000


class Vectors:
    """Passage vectors by key.

    Args:
        dimension: Length of the vectors.
        model: Identity of the model that made them.
        archive_id: `Archive.id` of the archive they come from.
        stored: Returns those of some keys that the archive holds, and their vectors; needed for lists.
        exact_up_to: Most passages that are all compared; more are put into lists.

    Attributes:
        change: Number of the last archive change that is in the index.
        growing: How far another form is made, 0 to 1; None where none is.
    """

    def __init__(
        self,
        dimension: int,
        *,
        model: str = "",
        archive_id: str = "",
        stored: Stored | None = None,
        exact_up_to: int = growth.EXACT_UP_TO,
    ) -> None:
        self.dimension = dimension
        self.change = 0
        self.growing: float | None = None
        self._model = model
        self._archive_id = archive_id
        self._stored = stored
        self._exact_up_to = exact_up_to
        self._build = manifest.new_build()
        self._folder: Path | None = None
        self._seen: manifest.Seen | None = None
        self._form = forms.exact(dimension)
        self._lock = SharedLock()
        self._changing = threading.RLock()
        self._growing = threading.Lock()

    def __len__(self) -> int:
        return len(self._form)

    @property
    def lists(self) -> int:
        """How many lists the vectors are in, 0 where all are compared."""
        return self._form.lists

    def add(self, keys: Keys, embeddings: Embeddings) -> None:
        """Add L2-normalised vectors, float32 (len(keys), dimension), under keys that are not in yet."""
        with self._changing, self._lock.write():
            self._form.add(keys, embeddings)

    def remove(self, keys: Keys) -> int:
        """Remove these keys; return how many were there."""
        with self._changing, self._lock.write():
            return self._form.remove(keys)

    def search(self, query: Embeddings, k: int, allowed: Keys | None = None) -> list[tuple[int, float]]:
        """Find the nearest passages.

        Args:
            query: L2-normalised vector, float32 (dimension,).
            k: Most passages to return.
            allowed: Only these keys are searched, all of them; None for the nearest of all.

        Returns:
            (key, cosine) pairs, best first.
        """
        if k < 1 or (allowed is not None and len(allowed) == 0):
            return []
        with self._lock.read():
            lists = self._form.lists
            if not len(self._form):
                return []
            if lists and allowed is not None and len(allowed) <= _NARROW:
                keys, scores = allowed, None
            else:
                keys, scores = self._form.search(query, k * _COMPARED_AGAIN if lists else k, allowed)
        if lists and self._stored is not None:
            keys, embeddings = self._stored(keys)
            scores = embeddings @ query
        if scores is None:
            return []
        best = np.argsort(-scores, kind="stable")[:k]
        cosines = np.clip(scores[best], -1.0, 1.0)
        return list(zip(keys[best].tolist(), cosines.tolist(), strict=True))

    def catch_up(self, archive: Archive, *, wait: bool = True) -> bool:
        """Take in what changed in the archive; return whether this call did. Safe to call from any thread.

        Args:
            archive: The truth.
            wait: Whether to wait for a thread that is catching up already.
        """
        if archive.change() == self.change and not self.is_replaced():
            return False
        if not self._changing.acquire(blocking=wait):
            return False
        try:
            self._go_over(archive)
            self._take_in(archive)
        finally:
            self._changing.release()
        return True

    def is_replaced(self) -> bool:
        """Whether the folder that this was opened from holds an index that was made anew."""
        if self._folder is None:
            return False
        now = manifest.seen(self._folder)
        if now is None or now == self._seen:
            return False
        try:
            replaced = bool(manifest.read_unchecked(self._folder).get("build") != self._build)
        except (FileNotFoundError, DamagedIndexError):
            return False  # what is in memory is as good
        if not replaced:
            self._seen = now
        return replaced

    def is_due(self) -> bool:
        """Whether there are too many, or too few, passages for the form; see `grow`."""
        return growth.is_due(self.lists, len(self), exact_up_to=self._exact_up_to)

    def grow(self, archive: Archive) -> bool:
        """Make the form that so many passages need, where another is due; return whether it serves now.

        Searches and changes go on meanwhile. A thread that does this already is waited for; a process that
        does is not: what it saves is gone over to later. The result is saved where this was opened from.

        Raises:
            OSError: It serves, but the disk is full or not writable.
        """
        with self._growing:
            if not self.is_due():
                return False
            if self._folder is None:
                return self._grow(archive)
            beside = self._folder.with_name(f"{self._folder.name}.grow.lock")
            try:
                with FileLock(beside, timeout=0):
                    self.catch_up(archive)
                    if not self.is_due() or not self._grow(archive):
                        return False
                    self.save(self._folder)
            except Timeout:
                return False
        return True

    def keys(self) -> Keys:
        """Return all keys, ascending."""
        with self._lock.read():
            return self._form.keys()

    def save(self, folder: Path) -> None:
        """Write the index atomically; a reader sees the old one or the new one, whole.

        Raises:
            OSError: The disk is full or not writable; what was saved before is still there.
        """
        with self._changing, manifest.lock(folder):
            name = f"vectors-{self._build}-{self.change}.faiss"
            with new_file(folder / name) as path:
                self._form.write(path)
            about = {"build": self._build, "change": self.change, "form": self._form.words, "keys": len(self)}
            manifest.write(folder, self._about() | about, [name])
            for old in folder.glob("vectors-*.faiss"):
                if old.name != name:
                    old.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, *, dimension: int, model: str, archive_id: str, **more: Any) -> "Vectors":
        """Read what `save` wrote; `more` as the class takes it.

        Raises:
            FileNotFoundError: Nothing was saved there.
            DamagedIndexError: The files are damaged or belong to another model, archive or version.
        """
        vectors = cls(dimension, model=model, archive_id=archive_id, **more)
        with manifest.lock(folder):
            vectors._seen = manifest.seen(folder)
            about = manifest.read(folder)
            manifest.compare(folder, about, vectors._about())
            vectors._build, vectors._folder = str(about.get("build")), folder
            vectors._form = forms.read(folder / f"vectors-{vectors._build}-{about.get('change')}.faiss")
            vectors.change = int(about["change"])
        return vectors

    def _go_over(self, archive: Archive) -> None:
        """Take over what another process made anew, with all that is in the archive now."""
        if self._folder is None or not self.is_replaced():
            return
        try:
            other = Vectors.load(
                self._folder, dimension=self.dimension, model=self._model, archive_id=self._archive_id
            )
        except (FileNotFoundError, DamagedIndexError) as error:
            _logger.warning("%s; what was open before goes on serving", error)
            self._seen = manifest.seen(self._folder)
            return
        other._take_in(archive)  # noqa: SLF001 - our own
        self._put(other._form, other.change, other._build)  # noqa: SLF001 - the same
        self._seen = other._seen  # noqa: SLF001 - the same

    def _grow(self, archive: Archive) -> bool:
        self.growing = 0.0
        _logger.info("another form for %d passages is made; searches go on", len(self))
        try:
            form, change = growth.made(archive, exact_up_to=self._exact_up_to, progress=self._tell)
            with self._changing:  # from here on the one that serves does not change
                if archive.change() < change:
                    return False  # another archive was put in its place
                change = growth.take_in(form, archive, change)
                self._put(form, change, manifest.new_build())
        finally:
            self.growing = None
        _logger.info("the vectors are searched in this form now: %s", form.words)
        return True

    def _tell(self, share: float) -> None:
        self.growing = share

    def _put(self, form: forms.Form, change: int, build: str) -> None:
        with self._lock.write():
            self._form, self.change, self._build = form, change, build

    def _take_in(self, archive: Archive) -> None:
        if archive.change() < self.change:
            _logger.warning("the archive went back in time; building the vectors anew")
            self._put(forms.exact(self.dimension), 0, self._build)
        self.change = growth.take_in(self._form, archive, self.change, self._lock.write)

    def _about(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "model": self._model,
            "dimension": self.dimension,
            "archive": self._archive_id,
        }


def open_vectors(folder: Path, archive: Archive, *, exact_up_to: int = growth.EXACT_UP_TO) -> Vectors:
    """Load the saved index, or start an empty one where it is missing or damaged; then catch up."""
    about: dict[str, Any] = {
        "dimension": archive.dimension,
        "model": archive.model or "",
        "archive_id": archive.id,
        "stored": archive.known_embeddings,
        "exact_up_to": exact_up_to,
    }
    with manifest.lock(folder):
        loaded = manifest.load_or_none(folder, lambda: Vectors.load(folder, **about))
    vectors = Vectors(**about) if loaded is None else loaded
    vectors._folder = folder  # noqa: SLF001 - our own
    if vectors.dimension:
        vectors.catch_up(archive)
    return vectors


def rebuild_vectors(folder: Path, archive: Archive, *, exact_up_to: int = growth.EXACT_UP_TO) -> None:
    """Make the index again from the archive and save it; who has another open goes over to it.

    Raises:
        OSError: The disk is full or not writable; what was there is as it was.
    """
    vectors = Vectors(
        archive.dimension, model=archive.model or "", archive_id=archive.id, exact_up_to=exact_up_to
    )
    form, change = growth.made(archive, exact_up_to=exact_up_to, progress=lambda _: None)
    vectors._put(form, change, vectors._build)  # noqa: SLF001 - our own
    vectors.save(folder)


def described(folder: Path) -> str:
    """Return in words what form is saved in a folder, and how many vectors; reads no vector."""
    try:
        about = manifest.read_unchecked(folder)
    except (FileNotFoundError, DamagedIndexError):
        return "none saved yet"
    return f"{about.get('form')}; {about.get('keys')} vectors up to change {about.get('change')}"
