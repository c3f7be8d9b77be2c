"""The shipped parameters: what differs from the embedded base, eight bits a weight.

Format: one safetensors file. A matrix `name` is stored as int8 (rows, columns) with `name.scale`, float32
(rows,); everything else as float16. The embeddings of words are not in it: they are the base's. The
metadata name the base that the reader was trained on; another base is refused.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_service.errors import ReaderError

Arrays = dict[str, npt.NDArray[Any]]

#: The shipped weights; calibration and model card lie beside them.
SHIPPED = Path(__file__).parent.parent / "weights" / "reader.safetensors"

_FORMAT = "1"
_SCALE = ".scale"


def quantise(parameters: Arrays) -> Arrays:
    """Rounds every matrix to int8 with one scale a row (absolute maximum / 127)."""
    stored: Arrays = {}
    for name, value in parameters.items():
        if value.ndim < 2:  # noqa: PLR2004 - a matrix
            stored[name] = value.astype(np.float16)
            continue
        scale = np.maximum(np.abs(value).max(axis=1), 1e-8).astype(np.float32) / 127
        stored[name] = np.rint(value / scale[:, None]).astype(np.int8)
        stored[name + _SCALE] = scale
    return stored


def restore(stored: Arrays) -> Arrays:
    """The float32 parameters of `quantise`'s result."""
    restored: Arrays = {}
    for name, value in stored.items():
        if name.endswith(_SCALE):
            continue
        scale = stored.get(name + _SCALE)
        restored[name] = (
            value.astype(np.float32) if scale is None else value.astype(np.float32) * scale[:, None]
        )
    return restored


def save(parameters: Arrays, path: Path, *, base: str) -> None:
    """Writes parameters and, beside them, `<name>.sha256`."""
    from safetensors.numpy import save_file  # noqa: PLC0415 - only training writes

    save_file(quantise(parameters), path, metadata={"format": _FORMAT, "base": base})
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n")


def checksum(path: Path) -> str:
    """Returns the file's SHA-256 after comparing it with the one beside it.

    Raises:
        ReaderError: The file is missing or damaged.
    """
    try:
        wanted = path.with_suffix(".sha256").read_text().split()[0]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, IndexError) as error:
        raise ReaderError(
            f"The reader's weights cannot be read: {error}. Install the package again."
        ) from error
    if digest != wanted:
        raise ReaderError(
            f"The reader's weights in {path} are damaged (SHA-256 {digest[:12]}, expected {wanted[:12]}). "
            "Install the package again."
        )
    return digest


def load(path: Path) -> tuple[Arrays, str]:
    """Reads the parameters (float32) and the identity of the base that they belong to.

    Raises:
        ReaderError: The file is damaged or of another format.
    """
    from safetensors import safe_open  # noqa: PLC0415 - not needed once the reader is exported

    checksum(path)
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        stored: Arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    if metadata.get("format") != _FORMAT:
        raise ReaderError(f"{path} has format {metadata.get('format')}, this version reads {_FORMAT}.")
    return restore(stored), metadata["base"]
