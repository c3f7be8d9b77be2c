"""From data files to one packed file of token numbers that a training run reads, and the base to start from.

Every text is tokenised once, with the positions of its sentences, so that windows are cut at random while
training. Only token numbers that occur are kept (a compact vocabulary), so that the file and the embeddings
that go with it are small.

    python -m training.prepare --data FOLDER --out FOLDER
"""

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from safetensors import safe_open
from tokenizers import Tokenizer

from index import model
from training.cloze import WORDS, cloze
from training.packing import Pack, Ragged, context_line
from training.sources import DEV_FILES, GERMAN_FILES, MEASURE_FILES, TRAIN_FILES, read
from training.swaps import Swapper

WORD_VECTORS = "embeddings.word_embeddings.weight"


def main() -> None:
    """Packs the training data, the cloze data and the development sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cloze-chars", type=int, default=35_000_000)
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    base = model.resolve(None, cache=options.model_cache)
    tokenizer = Tokenizer.from_file(str(base.tokenizer))
    started = time.time()
    asked = (
        example.question for name in GERMAN_FILES for example in read(options.data, name) if example.spans
    )
    parameters = _parameters(base.folder)
    swapper = Swapper(asked, partial(_word_vectors, tokenizer, parameters[WORD_VECTORS]))
    pack = Pack(tokenizer, options.seed, swapper)
    examples = []
    for name in TRAIN_FILES:
        for example in read(options.data, name):
            before = len(pack.rows)
            pack.add(example)
            if len(pack.rows) > before:
                examples.append(example)
        print(name, len(pack.rows), f"{time.time() - started:.0f}s", flush=True)
    pack.find_negatives(examples)
    print("negatives", len(pack.negatives.flat), f"{time.time() - started:.0f}s", flush=True)
    wiki = Pack(tokenizer, options.seed)
    with gzip.open(options.data / "wikipedia" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = cloze(wiki, (json.loads(line) for line in lines), options.cloze_chars)
    print("cloze", len(rows), len(wiki.contexts.index), f"{time.time() - started:.0f}s", flush=True)
    question_words = Ragged()
    for word in WORDS:
        question_words.add(tokenizer.encode(word, add_special_tokens=False).ids)
    mark = tokenizer.encode("?", add_special_tokens=False).ids
    arrays = pack.arrays() | {
        f"wiki_{k}": v for k, v in wiki.arrays().items() if k.startswith(("contexts", "prefixes"))
    }
    arrays |= question_words.arrays("words") | {"cloze": np.array(rows, np.int32), "mark": np.array(mark)}
    used = set(range(4)) | {250001} | set(mark) | set(question_words.flat)
    for name in ("contexts", "prefixes", "questions", "wiki_contexts", "wiki_prefixes"):
        used |= set(np.unique(arrays[name]).tolist())
    dev = _development(options.data, tokenizer, used)
    vocabulary = np.array(sorted(used), np.int32)
    for name in ("contexts", "prefixes", "questions", "wiki_contexts", "wiki_prefixes", "words", "mark"):
        arrays[name] = np.searchsorted(vocabulary, arrays[name]).astype(np.int32)
    arrays["vocabulary"] = vocabulary
    np.savez_compressed(options.out / "train.npz", **arrays)
    np.savez(options.out / "base.npz", **(parameters | {WORD_VECTORS: parameters[WORD_VECTORS][vocabulary]}))
    (options.out / "sources.json").write_text(json.dumps(pack.sources))
    with gzip.open(options.out / "dev.jsonl.gz", "wt", encoding="utf-8") as file:
        for record in dev:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    print("vocabulary", len(vocabulary), "rows", len(pack.rows), f"{time.time() - started:.0f}s")


def _parameters(folder: Path) -> dict[str, np.ndarray]:
    """The parameters of the base encoder by their present names."""
    with safe_open(folder / "model.safetensors", framework="numpy") as file:
        return {
            _present_name(name): file.get_tensor(name)
            for name in file.keys()  # noqa: SIM118 - not a mapping
            if "pooler" not in name
        }


def _word_vectors(tokenizer: Tokenizer, vectors: np.ndarray, pieces: Sequence[str]) -> np.ndarray:
    """(n, size) mean word vectors of unit length of n pieces of text."""
    encoded = tokenizer.encode_batch(list(pieces), add_special_tokens=False)
    means = np.array([vectors[text.ids].mean(axis=0) for text in encoded], np.float32)
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def _present_name(name: str) -> str:
    """Older checkpoints call a normalisation's weight and bias gamma and beta."""
    return name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")


def _development(folder: Path, tokenizer: Tokenizer, used: set[int]) -> list[dict]:
    """Development questions with their token numbers, for scoring where no tokenizer is at hand."""
    records = []
    for name in (*DEV_FILES, "mlqa/de_dev_unanswerable", *MEASURE_FILES):
        for example in read(folder, name):
            question = tokenizer.encode(example.question, add_special_tokens=False).ids[:64]
            context = tokenizer.encode(example.context, add_special_tokens=False)
            prefix = context_line(example.title, example.date)
            prefix_ids = tokenizer.encode(prefix, add_special_tokens=False).ids if prefix else []
            used |= set(question) | set(context.ids) | set(prefix_ids)
            records.append(
                {
                    "source": name,
                    "id": example.id,
                    "type": example.type,
                    "question": question,
                    "prefix": prefix_ids,
                    "context": context.ids,
                    "offsets": context.offsets,
                    "text": example.context,
                    "spans": example.spans,
                    "q": example.question,
                }
            )
    return records


if __name__ == "__main__":
    main()
