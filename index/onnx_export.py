"""Exports the encoder of a sentence-transformers folder for ONNX Runtime, in eight bits.

The exported graph begins with the vectors of words (`index.words`) and ends in the L2-normalised mean of
the token vectors. Weights are int8 per channel, activations are quantised as they come (dynamic), after
`index.eight_bits` has made both fit for it. `reduce_range` keeps the weights to seven bits: without it the
AVX2 kernel for machines without VNNI adds up beyond 16 bits and clips, and a passage would get another
vector there.

Everything heavy is imported inside the functions: a start with a filled cache needs none of it.
"""

import logging
import warnings
from pathlib import Path
from typing import Any

_OPSET = 17
_MASKED = -10_000.0


# Texts of several kinds, for the sizes of the encoder's channels; which ones hardly matters.
TEXTS = (
    "query: Wann wurde die Brücke über den Fluss gesperrt?",
    "query: Welche Städte hat die Ministerin besucht",
    "passage: Neubau beschlossen. 3. Oktober 2024. Der Gemeinderat hat mit 14 zu 9 Stimmen zugestimmt.",
    "passage: „Wir haben lange gewartet“, sagte Bürgermeisterin Erika Lenz. Es kostet 4,2 Millionen.",
    "passage: Sturm. An der Nordseeküste erwartet der Wetterdienst Böen bis 120 km/h; Fähren fallen aus.",
    "passage: Das Unternehmen (rund 1.300 Beschäftigte) stellt Pumpen her. Sein Umsatz sank um 8 %.",
    "passage: Der FC gewann das Nachholspiel 3:1 (1:1). Die Tore schossen Maier (12.), Öztürk und Nguyen.",
    "passage: Als Mitochondrien bezeichnet man Zellbestandteile, die Energie aus der Nahrung gewinnen.",
    "passage: Paris/Berlin (ag) - Nach dem Gipfel reiste die Delegation am 20. Juni nach Hanoi weiter.",
)


def export_int8(folder: Path, target: Path) -> None:
    """Export the BertModel in `folder` to the ONNX file `target`.

    The graph maps `words`, float32 (batch, tokens, dimension), and `attention_mask`, int64
    (batch, tokens), to `embedding`, float32 (batch, dimension), L2-normalised.
    """
    full = target.with_suffix(".fp32.onnx")
    _export_float32(folder, full)
    quantise(full, target)
    full.unlink()


def quantise(full: Path, target: Path) -> None:
    """Write the float32 graph `full` with the weights of its matrix products in eight bits."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises by the root logger to pre-process, which changes nothing here
    try:
        quantize_dynamic(
            full,
            target,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    finally:
        root.setLevel(level)


def token_numbers(folder: Path) -> list[list[int]]:
    """Return the token numbers of `TEXTS`, as the tokenizer in a folder has them."""
    from tokenizers import Tokenizer  # noqa: PLC0415

    return [
        encoding.ids for encoding in Tokenizer.from_file(str(folder / "tokenizer.json")).encode_batch(TEXTS)
    ]


def _export_float32(folder: Path, target: Path) -> None:
    import torch  # noqa: PLC0415
    from transformers import BertModel  # noqa: PLC0415

    from index.eight_bits import prepare  # noqa: PLC0415

    bert: Any = BertModel.from_pretrained(folder, attn_implementation="eager")
    bert.eval()
    texts = [torch.tensor([ids]) for ids in token_numbers(folder)]
    prepare(bert.encoder, lambda: [bert(input_ids=text) for text in texts])

    class MeanPooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, words: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            mask = attention_mask.to(torch.float32)
            # A mask of four dimensions is used as it is; the library's own cannot be traced.
            hidden: Any = self.bert(
                inputs_embeds=words, attention_mask=(1.0 - mask[:, None, None, :]) * _MASKED
            ).last_hidden_state
            mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
            return torch.nn.functional.normalize(mean, dim=-1)

    words = torch.randn(2, 5, bert.config.hidden_size)
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    axes = {0: "batch", 1: "tokens"}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter announces its retirement
        torch.onnx.export(
            MeanPooled(),
            (words, mask),
            target,
            input_names=["words", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"words": axes, "attention_mask": axes, "embedding": {0: "batch"}},
            opset_version=_OPSET,
            dynamo=False,
        )
