"""The dense index: FAISS over the archive's embeddings. Derived; the archive makes it again at any time.

What only this module knows: FAISS, and its form here. Vectors are held as float16, as the archive stores
them, and compared one by one: the search is exact over what the archive holds, with no rescoring. One query
over 100,000 vectors of 384 dimensions takes 3 ms on one core (float32: 7 ms, 8 bits: 3 ms) and 77 MB.
FAISS may search in parallel but not add meanwhile: a shared lock keeps the two apart. A process that has an
index open goes over to what `rebuild_vectors` put in its place when it next catches up.
"""

import logging
import threading
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index import manifest
from index.archive import Archive
from index.durable import write_file
from index.errors import DamagedIndexError
from index.locks import SharedLock

Keys = npt.NDArray[np.int64]
Embeddings = npt.NDArray[np.float32]

_logger = logging.getLogger(__name__)

_FORMAT = 2
_CHUNK_PASSAGES = 20_000


class Vectors:
    """Passage vectors by key.

    Args:
        dimension: Length of the vectors.
        model: Identity of the model that made them.
        archive_id: `Archive.id` of the archive they come from.

    Attributes:
        change: Number of the last archive change that is in the index.
    """

    def __init__(self, dimension: int, *, model: str = "", archive_id: str = "") -> None:
        self.dimension = dimension
        self.change = 0
        self._model = model
        self._archive_id = archive_id
        self._build = manifest.new_build()
        self._folder: Path | None = None
        self._seen: manifest.Seen | None = None
        self._index = _empty(dimension)
        self._lock = SharedLock()
        self._catching_up = threading.RLock()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, keys: Keys, embeddings: Embeddings) -> None:
        """Add L2-normalised vectors, float32 (len(keys), dimension), under keys that are not in yet."""
        with self._catching_up, self._lock.write():
            self._index.add_with_ids(np.ascontiguousarray(embeddings, np.float32), np.asarray(keys, np.int64))

    def remove(self, keys: Keys) -> int:
        """Remove these keys; return how many were there."""
        with self._catching_up, self._lock.write():
            return int(self._index.remove_ids(np.asarray(keys, np.int64)))

    def search(self, query: Embeddings, k: int, allowed: Keys | None = None) -> list[tuple[int, float]]:
        """Find the nearest passages.

        Args:
            query: L2-normalised vector, float32 (dimension,).
            k: Most passages to return.
            allowed: Only these keys are searched (exactly), None for all.

        Returns:
            (key, cosine) pairs, best first.
        """
        with self._lock.read():
            count = min(k, len(self))
            if count == 0 or (allowed is not None and len(allowed) == 0):
                return []
            faiss.omp_set_num_threads(1)  # a single query gains nothing, and idle helpers spin
            parameters, _bits = _selection(allowed)
            scores, keys = self._index.search(query.reshape(1, -1), count, params=parameters)
        found = zip(keys[0].tolist(), np.clip(scores[0], -1.0, 1.0).tolist(), strict=True)
        return [(key, score) for key, score in found if key >= 0]

    def catch_up(self, archive: Archive, *, wait: bool = True) -> bool:
        """Take in what changed in the archive; return whether this call did. Safe to call from any thread.

        Args:
            archive: The truth.
            wait: Whether to wait for a thread that is catching up already.
        """
        if archive.change() == self.change and not self.is_replaced():
            return False
        if not self._catching_up.acquire(blocking=wait):
            return False
        try:
            self._go_over(archive)
            self._take_in(archive)
        finally:
            self._catching_up.release()
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

    def keys(self) -> Keys:
        """Return all keys, ascending."""
        with self._lock.read():
            keys: Keys = np.sort(faiss.vector_to_array(self._index.id_map))
        return keys

    def save(self, folder: Path) -> None:
        """Write the index atomically; a reader sees the old one or the new one, whole.

        Raises:
            OSError: The disk is full or not writable; what was saved before is still there.
        """
        with self._catching_up, manifest.lock(folder):
            name = f"vectors-{self._build}-{self.change}.faiss"
            write_file(folder / name, faiss.serialize_index(self._index).tobytes())
            manifest.write(folder, self._about() | {"build": self._build, "change": self.change}, [name])
            for old in folder.glob("vectors-*.faiss"):
                if old.name != name:
                    old.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, *, dimension: int, model: str, archive_id: str) -> "Vectors":
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: Nothing was saved there.
            DamagedIndexError: The files are damaged or belong to another model, archive or version.
        """
        vectors = cls(dimension, model=model, archive_id=archive_id)
        with manifest.lock(folder):
            vectors._seen = manifest.seen(folder)
            about = manifest.read(folder)
            manifest.compare(folder, about, vectors._about())
            vectors._build, vectors._folder = str(about.get("build")), folder
            vectors._read(folder / f"vectors-{vectors._build}-{about.get('change')}.faiss")
            vectors.change = int(about["change"])
        return vectors

    def _read(self, file: Path) -> None:
        try:
            self._index = faiss.deserialize_index(np.frombuffer(file.read_bytes(), np.uint8))
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            raise DamagedIndexError(f"{file} cannot be read: {error}") from error

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
        with self._lock.write():
            self._index, self.change = other._index, other.change  # noqa: SLF001 - the same
        self._build, self._seen = other._build, other._seen  # noqa: SLF001 - the same

    def _take_in(self, archive: Archive) -> None:
        with archive.snapshot():
            if archive.change() < self.change:
                _logger.warning("the archive went back in time; building the vectors anew")
                self._start_over()
            delta = archive.changes_since(self.change)
            if delta.removed:
                self.remove(np.array(delta.removed, np.int64))
            for start in range(0, len(delta.added), _CHUNK_PASSAGES):
                keys = np.array(delta.added[start : start + _CHUNK_PASSAGES], np.int64)
                self.add(keys, archive.embeddings(keys))
            self.change = delta.change

    def _about(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "model": self._model,
            "dimension": self.dimension,
            "archive": self._archive_id,
        }

    def _start_over(self) -> None:
        with self._lock.write():
            self._index = _empty(self.dimension)
            self.change = 0


def open_vectors(folder: Path, archive: Archive) -> Vectors:
    """Load the saved index, or start an empty one where it is missing or damaged; then catch up."""
    about: dict[str, Any] = {
        "dimension": archive.dimension,
        "model": archive.model or "",
        "archive_id": archive.id,
    }
    with manifest.lock(folder):
        loaded = manifest.load_or_none(folder, lambda: Vectors.load(folder, **about))
    vectors = Vectors(**about) if loaded is None else loaded
    vectors._folder = folder  # noqa: SLF001 - our own
    if vectors.dimension:
        vectors.catch_up(archive)
    return vectors


def rebuild_vectors(folder: Path, archive: Archive) -> None:
    """Make the index again from the archive and save it; who has another open goes over to it.

    Raises:
        OSError: The disk is full or not writable; what was there is as it was.
    """
    vectors = Vectors(archive.dimension, model=archive.model or "", archive_id=archive.id)
    vectors.catch_up(archive)
    vectors.save(folder)


def _empty(dimension: int) -> Any:
    flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(flat)


def _selection(allowed: Keys | None) -> tuple[Any, Any]:
    """Return FAISS search parameters for these keys, and the bits, which must live as long as they do."""
    if allowed is None:
        return None, None
    members = np.zeros(int(allowed.max()) + 1, np.uint8)
    members[allowed] = 1
    bits = np.packbits(members, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
    parameters: Any = faiss.SearchParameters
    return parameters(sel=selector), (selector, bits)
