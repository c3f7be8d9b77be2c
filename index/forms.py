"""The forms that FAISS keeps vectors in: all compared one by one, or in lists of which the near are read.

What only this module knows: FAISS. Exact: float16, as the archive stores them; one query over 100,000 vectors
of 384 dimensions takes 3 ms on one core and 77 MB. Lists (IVF): every vector belongs to the nearest of some
centres, which k-means finds on a sample, and is held in 8 bits, as its difference from that centre; a query
reads the lists of the nearest centres only. Half the memory, a fraction of the time, and an order that is
almost right: who searches takes more than needed and compares those with the vectors as stored.
"""

import errno
import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndexError

Keys = npt.NDArray[np.int64]
Embeddings = npt.NDArray[np.float32]

# Faiss's own advice is 39 to 256 vectors for each centre; more only make training slower here.
SAMPLE_PER_LIST = 50
# Of the lists, the share that a query reads, and the fewest: see benchmarks/README.md for what others give.
_PROBED = 1 / 4
_PROBED_LEAST = 16
_SEED = 1234


class Form:
    """Vectors by key in one of the two forms. Searching in parallel is safe, changing meanwhile is not.

    Args:
        index: A FAISS index that knows ids.

    Attributes:
        lists: How many lists there are, 0 where every vector is compared.
        dimension: Length of the vectors.
    """

    def __init__(self, index: Any) -> None:
        self._index = index
        self.lists = int(getattr(index, "nlist", 0))
        self.dimension = int(index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def words(self) -> str:
        """The form in words."""
        return f"{self.lists} lists, 8 bits" if self.lists else "exact, 16 bits"

    def add(self, keys: Keys, embeddings: Embeddings) -> None:
        """Add vectors, float32 (len(keys), dimension), under keys that are not in yet."""
        self._index.add_with_ids(np.ascontiguousarray(embeddings, np.float32), np.asarray(keys, np.int64))

    def remove(self, keys: Keys) -> int:
        """Remove these keys; return how many were there."""
        return int(self._index.remove_ids(np.asarray(keys, np.int64)))

    def search(self, query: Embeddings, k: int, allowed: Keys | None) -> tuple[Keys, Embeddings]:
        """Return at most k keys and their cosines, best first; among `allowed` no list is left out."""
        faiss.omp_set_num_threads(1)  # a single query gains nothing, and idle helpers spin
        parameters, _bits = self._parameters(allowed)
        scores, keys = self._index.search(query.reshape(1, -1), min(k, len(self)), params=parameters)
        there = keys[0] >= 0
        return keys[0][there], scores[0][there]

    def keys(self) -> Keys:
        """Return all keys, ascending."""
        if not self.lists:
            keys: Keys = np.sort(faiss.vector_to_array(self._index.id_map))
            return keys
        held = self._index.invlists
        sizes = [held.list_size(number) for number in range(self.lists)]
        parts = [
            faiss.rev_swig_ptr(held.get_ids(number), size).copy() for number, size in enumerate(sizes) if size
        ]
        return np.sort(np.concatenate([*parts, np.zeros(0, np.int64)]))

    def write(self, path: Path) -> None:
        """Write to a file.

        Raises:
            OSError: The disk is full or not writable.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(errno.EIO, f"{error}; free space on that disk and repeat it", str(path)) from error

    def _parameters(self, allowed: Keys | None) -> tuple[Any, Any]:
        """Return FAISS's search parameters, and what must live as long as they do."""
        given: dict[str, Any] = {}
        kind, bits = faiss.SearchParameters, None
        if allowed is not None:
            members = np.zeros(int(allowed.max()) + 1, np.uint8)
            members[allowed] = 1
            bits = np.packbits(members, bitorder="little")
            given["sel"] = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        if self.lists:
            kind = faiss.SearchParametersIVF
            probed = max(_PROBED_LEAST, math.ceil(_PROBED * self.lists))
            given["nprobe"] = self.lists if allowed is not None else min(probed, self.lists)
        return (kind(**given) if given else None), (given, bits)


def exact(dimension: int) -> Form:
    """Return an empty exact form."""
    flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return Form(faiss.IndexIDMap(flat))


def trained(sample: Embeddings, lists: int, *, threads: int) -> Form:
    """Return an empty form of lists.

    Args:
        sample: L2-normalised vectors like those to come, float32 (n, dimension), n at least `lists`.
        lists: How many.
        threads: To train with; a hundred thousand vectors and 2,000 lists take half a minute on one core.
    """
    faiss.omp_set_num_threads(threads)
    dimension = sample.shape[1]
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.seed = _SEED
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = SAMPLE_PER_LIST
    index.train(np.ascontiguousarray(sample, np.float32))
    return Form(index)


def read(path: Path) -> Form:
    """Read what `Form.write` wrote.

    Raises:
        DamagedIndexError: It cannot be read.
    """
    try:
        return Form(faiss.read_index(str(path)))
    except (OSError, RuntimeError, AttributeError) as error:
        raise DamagedIndexError(f"{path} cannot be read: {error}") from error
