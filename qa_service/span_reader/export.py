"""Makes what the CPU runs out of the shipped weights: an ONNX graph in eight bits.

It maps word vectors and their mask to start, end, item and answerability scores. The vectors of words come
from the base model's own file, which is mapped into memory: nothing of it is stored or loaded twice.
Weights and activations are quantised in blocks of 128 numbers with a scale each (`MatMulNBits`): five times
nearer to float32 than one scale for a whole matrix of activations, which is what the embedding model has
(`index.onnx_export`), and what a window scores does not depend on the windows beside it.
"""

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from index.durable import new_folder
from index.model import ModelSource, resolve
from qa_service.errors import ReaderError
from qa_service.span_reader import weights

if TYPE_CHECKING:
    from qa_service.span_reader.network import ReaderNetwork

GRAPH = "reader.onnx"
_FORMAT = 3
_OPSET = 17
_BLOCK = 128
_INT8_PRODUCTS = 4  # MatMulNBits' `accuracy_level` for integer products


def exported(path: Path, cache: Path, *, base: str) -> Path:
    """The graph, made once for every version of the weights.

    Args:
        path: The shipped weights.
        cache: Where unpacked models lie.
        base: Identity of the unpacked base model.

    Raises:
        ReaderError: The weights are missing, damaged, or belong to another base.
    """
    folder = cache / f"reader-{weights.checksum(path)[:12]}.{_FORMAT}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "reader.lock"):
            if not folder.exists():
                model = resolve(None, cache=cache)
                if model.identity != base:
                    raise ReaderError(f"{cache} holds {model.identity}, not {base}; set QA_MODEL_CACHE.")
                with new_folder(folder) as fresh:
                    _export(path, fresh, model)
    return folder / GRAPH


def network(path: Path, *, base: str) -> "ReaderNetwork":
    """The network with the shipped weights in float32; it knows no words, only their vectors.

    Args:
        path: The shipped weights.
        base: Identity of the unpacked base model.

    Raises:
        ReaderError: The weights are missing, damaged, or belong to another base.
    """
    import torch  # noqa: PLC0415 - seconds, once

    from qa_service.span_reader.network import ReaderNetwork  # noqa: PLC0415

    made = ReaderNetwork(1, dropout=0.0)
    parameters, wanted = weights.load(path)
    if wanted != base:
        raise ReaderError(f"{path} was trained on {wanted}, not on {base}; train it again on this base.")
    state = {name: torch.from_numpy(value) for name, value in parameters.items()}
    unfit = made.load_state_dict(state, strict=False)
    lacking = [name for name in unfit.missing_keys if "word_embeddings" not in name]
    if lacking or unfit.unexpected_keys:
        raise ReaderError(f"{path} does not fit the network: {lacking[:3]} {unfit.unexpected_keys[:3]}")
    made.eval()
    return made


def _export(path: Path, folder: Path, base: ModelSource) -> None:
    import torch  # noqa: PLC0415

    from qa_service.span_reader.network import HIDDEN  # noqa: PLC0415

    read = network(path, base=base.identity)

    class Reading(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = read

        def forward(self, words: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
            return self.network.read(words, mask)

    words, mask = torch.randn(2, 7, HIDDEN), torch.tensor([[True] * 7, [True] * 4 + [False] * 3])
    _write(Reading(), (words, mask), folder / GRAPH)


def _write(module: Any, example: tuple[Any, ...], target: Path) -> None:
    import torch  # noqa: PLC0415

    full = target.with_suffix(".fp32.onnx")
    axes = {0: "batch", 1: "tokens"}
    inputs, outputs = ["words", "mask"], ["start", "end", "item", "holds"]
    dynamic = {name: {0: "batch"} if name == "holds" else axes for name in (*inputs, *outputs)}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter announces its retirement
        torch.onnx.export(
            module.eval(), example, full, input_names=inputs, output_names=outputs,
            dynamic_axes=dynamic, opset_version=_OPSET, dynamo=False,
        )  # fmt: skip
    _quantise(full, target)
    full.unlink()


def _quantise(full: Path, target: Path) -> None:
    """Write the float32 graph `full` with its matrix products in eight bits, block by block."""
    import onnx  # noqa: PLC0415
    from onnxruntime.quantization.matmul_nbits_quantizer import (  # noqa: PLC0415
        DefaultWeightOnlyQuantConfig,
        MatMulNBitsQuantizer,
    )

    config = DefaultWeightOnlyQuantConfig(
        block_size=_BLOCK, is_symmetric=True, accuracy_level=_INT8_PRODUCTS, bits=8
    )
    talkative = logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer")
    talkative.setLevel(logging.ERROR)
    quantiser = MatMulNBitsQuantizer(onnx.load(full), algo_config=config)
    quantiser.process()
    quantiser.model.save_model_to_file(str(target))
