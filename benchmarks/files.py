"""From files to searchable: the time of each stage, for any folder or file of articles.

    python -m benchmarks.files FOLDER --articles 1000

Everything is what `qa index add` does, with the real encoder, in a new archive. The exit status is 1 where
more than 15 % of the time is spent outside the encoder.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.archive import Archive
from index.build import Builder
from index.copies import similarity
from index.embed import Embedder, open_embedder
from index.load import load
from index.model import resolve
from index.search import open_search
from index.split import Splitter
from index.types import Article, Rejected

_MOST_OUTSIDE = 0.15


def first(found: Iterable[Article | Rejected], articles: int) -> Iterator[Article | Rejected]:
    """Yield until so many articles were there; what is rejected does not count."""
    left = articles
    for each in found:
        if left == 0:
            return
        left -= isinstance(each, Article)
        yield each


def run(source: Path, articles: int, embedder: Embedder, folder: Path) -> dict[str, Any]:
    """Index up to so many articles; return seconds by stage and the share outside the encoder."""
    archive = Archive(folder / "archive.sqlite", similarity=similarity)
    builder = Builder(archive, Splitter(), embedder)
    search = open_search(archive, embedder, folder)
    embedder.embed_passages(["Was auf erste Benutzung geladen wird, zählt nicht."])
    began = time.perf_counter()
    summary = builder.add(first(load(source), articles))
    built = time.perf_counter()
    search.refresh()
    search.save(folder)
    total_s = time.perf_counter() - began
    stages = {name: seconds for name, seconds in summary.timings_s.items() if name != "total"}
    stages |= {"index": total_s - (built - began), "total": total_s}
    archive.close()
    return {
        "articles": summary.added,
        "passages": summary.passages,
        "rejected": len(summary.rejected),
        "seconds": {name: round(seconds, 2) for name, seconds in stages.items()},
        "articles_per_s": round(summary.added / total_s, 1),
        "share_outside_encoder": round(1 - stages.get("embed", 0.0) / total_s, 4),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Run and print the result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder or file of articles")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    options = parser.parse_args()
    embedder = open_embedder(resolve(None, cache=options.model_cache), device="cpu")
    with tempfile.TemporaryDirectory() as folder:
        result = run(options.source, options.articles, embedder, Path(folder))
    print(json.dumps(result, indent=1))
    sys.exit(1 if result["share_outside_encoder"] > _MOST_OUTSIDE else 0)


if __name__ == "__main__":
    main()
