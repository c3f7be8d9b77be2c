"""Indexing, stage by stage, against the plain script that one would write without this project.

The plain script is `SentenceTransformer.encode` on torch in batches of 32, then a flat FAISS index. It is
handed the very passages; loading, splitting, storing and the lexical index are the product's own burden.
Both take turns on parts of the texts, so that a busy minute of the machine hits both.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.inputs import Inputs
from benchmarks.pipelines import Plain, Product, texts_of
from evaluation.ranking import Rank, interval, lead, recalls
from evaluation.report import Section, table
from index.model import ModelSource
from index.types import Article


@dataclass(frozen=True, slots=True)
class Compared:
    """What was measured.

    Attributes:
        passages: Passages that both indexed.
        product_s: Seconds of the product by stage, and in all ("total").
        plain_s: Seconds of the plain script.
        ratios: Plain seconds over product seconds, round by round.
        ranks: Rank 1 or None, question by question, of "plain", "dense" and "fused" search.
    """

    passages: int
    product_s: dict[str, float]
    plain_s: float
    ratios: Sequence[float]
    ranks: dict[str, list[Rank]]


def compare(inputs: Inputs, source: ModelSource, folder: Path, *, device: str = "cpu") -> Section:
    """Index the same passages both ways, in turns, and ask both the same questions."""
    parts = divided([*inputs.articles, *inputs.distractors(inputs.sizes.distractors)], inputs.sizes.rounds)
    _warm_up(parts[0][:1], source, folder, device)
    product, plain = Product(source, folder / "archive", device), Plain(source, device)
    ratios: list[float] = []
    passages = 0
    for number, part in enumerate(parts):
        texts, file = texts_of(part), _written(part, folder / f"part-{number}.jsonl")
        passages += len(texts)
        if number % 2:
            product_s, plain_s = product.index(file), plain.index(texts)
        else:
            plain_s, product_s = plain.index(texts), product.index(file)
        ratios.append(plain_s / product_s)
    (dense, fused), plain_dense = product.ranks(inputs.questions), plain.ranks(inputs.questions)
    product.close()
    return section(
        inputs.name,
        Compared(
            passages=passages,
            product_s=product.seconds | {"total": product.total_s},
            plain_s=plain.total_s,
            ratios=ratios,
            ranks={"plain": plain_dense, "dense": dense, "fused": fused},
        ),
    )


def _warm_up(articles: Sequence[Article], source: ModelSource, folder: Path, device: str) -> None:
    """Do a little of both first: what is loaded on first use is not timed."""
    product = Product(source, folder / "warm-up", device)
    product.index(_written(articles, folder / "warm-up.jsonl"))
    product.close()
    Plain(source, device).index(texts_of(articles))


def divided(articles: Sequence[Article], parts: int) -> list[list[Article]]:
    """Deal articles out, so that every part has its share of all kinds; parts without any are left out."""
    return [list(part) for number in range(parts) if (part := articles[number::parts])]


def section(name: str, compared: Compared) -> Section:
    """Put a comparison on texts of this name into tables."""
    total_s = compared.product_s["total"]
    recall = {way: interval(recalls(found, 1)) for way, found in compared.ranks.items()}
    difference = lead(compared.ranks["dense"], compared.ranks["plain"])
    outside = 1 - compared.product_s["embed"] / total_s
    per_s = {"product": compared.passages / total_s, "plain": compared.passages / compared.plain_s}
    figures = {
        "passages": compared.passages,
        "passages_per_s": per_s,
        "ratio": compared.plain_s / total_s,
        "ratio_by_round": list(compared.ratios),
        "seconds": compared.product_s,
        "share_outside_encoder": outside,
        "R@1": recall,
        "R@1_difference": difference,
    }
    about = (
        f"{compared.passages} passages of {name}, in {len(compared.ratios)} rounds by turns; "
        f"{len(compared.ranks['dense'])} questions. The product is {compared.plain_s / total_s:.2f} times as "
        f"fast (by round {min(compared.ratios):.2f} to {max(compared.ratios):.2f}); "
        f"{100 * outside:.1f} % of its time is outside the encoder. R@1 by vectors "
        f"alone differs by {difference} points."
    )
    rows = [
        ["plain script", f"{per_s['plain']:.1f}", recall["plain"], "–"],
        ["product", f"{per_s['product']:.1f}", recall["dense"], recall["fused"]],
    ]
    stages = [[stage, f"{s:.2f}", f"{100 * s / total_s:.1f}"] for stage, s in compared.product_s.items()]
    lines = [
        about,
        "",
        *table(["", "passages/s", "R@1 dense", "R@1 fused"], rows),
        "",
        *table(["stage of the product", "seconds", "% of the time"], stages),
    ]
    return Section("throughput", lines, figures)


def _written(articles: Sequence[Article], file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({k: v for k, v in asdict(a).items() if v}, ensure_ascii=False) for a in articles]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
