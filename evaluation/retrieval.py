"""How well questions find their passages, by meaning, by words, and fused, with the product's own parts.

    python -m evaluation.retrieval --data FOLDER                    contexts amid distractors
    python -m evaluation.retrieval --data FOLDER --archive FOLDER   also facts asked of an archive
    python -m evaluation.retrieval --data FOLDER --sweep            fusion, chosen on one half
    python -m evaluation.retrieval --data FOLDER --sweep-passages   sizes and overlaps of passages

FOLDER holds `mlqa/de_dev.jsonl` (or what --questions names) and `wikipedia/articles.jsonl.gz`. With --work
the indexes stay for the next run. A run with --limit prints only; a whole run also writes its section of
docs/evaluation.md and evaluation/results/retrieval.json.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluation import machine, report, retrieval_sweeps
from evaluation.corpora import Sought, read_archive
from evaluation.indexed import Indexed, Setting
from evaluation.ranking import Interval, Rank, interval, lead, measures, rank, recalls
from index.embed import open_embedder
from index.model import resolve

DEPTH = 100
WAYS = ("dense", "lexical", "fused")


def ranks(parts: Indexed, questions: Sequence[Sought]) -> dict[str, list[Rank]]:
    """Return for every way of searching the rank of the first right passage, question by question."""
    found: dict[str, list[Rank]] = {way: [] for way in WAYS}
    for question in questions:
        for way, article_ids in found_articles(parts, question.text).items():
            found[way].append(rank([article_id in question.article_ids for article_id in article_ids]))
    return found


def found_articles(parts: Indexed, question: str) -> dict[str, list[str]]:
    """Return for every way of searching the article of each passage found, best first, at most `DEPTH`."""
    query = parts.embedder.embed_questions([question])[0]
    keys = {
        "dense": [key for key, _ in parts.vectors.search(query, DEPTH)],
        "lexical": [key for key, _ in parts.lexical.search(question, DEPTH)],
    }
    passages = parts.archive.passages(keys["dense"] + keys["lexical"])
    single = {way: [passages[key].article_id for key in found] for way, found in keys.items()}
    fused = parts.search.search(question, limit=DEPTH).hits
    return single | {"fused": [hit.passage.article_id for hit in fused]}


def contexts(setting: Setting) -> report.Section:
    """Measure questions with contexts amid the distractors."""
    corpus = setting.corpus()
    with setting.open(corpus) as parts:
        found, counts = ranks(parts, corpus.questions), parts.archive.count()
    figures = {way: measures(found[way]) for way in WAYS}
    better = max(("dense", "lexical"), key=lambda way: figures[way]["R@1"].value)
    ahead = lead(found["fused"], found[better])
    about = (
        f"{len(corpus.questions)} questions of {corpus.name} over {len(corpus.articles)} contexts, each one "
        f"an article, amid Wikipedia articles: {counts.passages} passages in all. Right is a passage of the "
        f"question's context. Percent, with 95 % bootstrap intervals over questions; MRR over {DEPTH} "
        "passages."
    )
    lines = [
        about,
        "",
        *report.table(["", "R@1", "R@5", "R@10", "MRR"], [[way, *figures[way].values()] for way in WAYS]),
        "",
        f"Fused R@1 is above {better} by {ahead} points.",
    ]
    return report.Section(
        "contexts", lines, {"figures": figures, "lead": ahead, "over": better, "passages": counts.passages}
    )


def whole_archive(setting: Setting, folder: Path) -> report.Section:
    """Measure facts asked of a whole archive, alone and amid the distractors."""
    corpus = read_archive(folder, setting.limit)
    rows: list[list[object]] = []
    figures: dict[str, dict[str, Interval]] = {}
    for alone in (True, False):
        with setting.open(corpus, alone=alone) as parts:
            found, passages = ranks(parts, corpus.questions), parts.archive.count().passages
        for way in WAYS:
            shares = {f"first {k}": interval(recalls(found[way], k)) for k in (1, 5)}
            figures[f"{way}, {passages} passages"] = shares
            rows.append([way, passages, *shares.values()])
    about = (
        f"{len(corpus.questions)} facts asked of the {len(corpus.articles)} articles of {corpus.name}, alone "
        "and amid the same Wikipedia articles: percent of questions whose supporting article owns the first "
        "passage, or one of the first five."
    )
    lines = [
        about,
        "",
        *report.table(["", "passages", "first passage", "first five"], rows),
    ]
    return report.Section("archive", lines, {"figures": figures})


def main() -> None:
    """Run the command."""
    options = _options()
    about = machine.describe()
    with tempfile.TemporaryDirectory(prefix="retrieval-") as temporary:
        setting = Setting(
            data=options.data,
            questions=options.questions,
            work=options.work or Path(temporary),
            distractors=options.distractors,
            limit=options.limit,
            embedder=open_embedder(
                resolve(options.embedder, cache=options.model_cache), device=options.device
            ),
        )
        for section in _measured(setting, options):
            print(f"\n## {section.name}\n\n" + "\n".join(section.lines), flush=True)
            if options.limit is None:
                report.write(section, about, options.docs, options.out)


def _measured(setting: Setting, options: argparse.Namespace) -> Iterator[report.Section]:
    if options.sweep or options.sweep_passages:
        if options.sweep:
            yield retrieval_sweeps.weights(setting)
        if options.sweep_passages:
            yield retrieval_sweeps.sizes(setting, options.archive, options.sweep_passages)
        return
    yield contexts(setting)
    if options.archive is not None:
        yield whole_archive(setting, options.archive)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of question sets and distractors")
    parser.add_argument("--questions", default="mlqa/de_dev", help="questions file below it, without .jsonl")
    parser.add_argument("--distractors", type=int, default=20_000, help="passages around them (20000)")
    parser.add_argument(
        "--archive", type=Path, help="folder with articles.jsonl and dev.jsonl to ask as well"
    )
    parser.add_argument("--sweep", action="store_true", help="choose fusion on one half, report the other")
    parser.add_argument(
        "--sweep-passages",
        nargs="*",
        metavar="CHARS:OVERLAP",
        help="passage sizes to compare (default: " + " ".join(retrieval_sweeps.SIZES) + ")",
    )
    parser.add_argument("--limit", type=int, help="ask only so many questions of each set; writes nothing")
    parser.add_argument("--work", type=Path, help="keep the indexes here; default: a temporary folder")
    parser.add_argument("--embedder", help="folder or hub name of another embedding model")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    parser.add_argument("--docs", type=Path, default=Path("docs/evaluation.md"), help="where the tables go")
    parser.add_argument("--out", type=Path, default=Path("evaluation/results/retrieval.json"))
    options = parser.parse_args()
    if options.sweep_passages is not None and not options.sweep_passages:
        options.sweep_passages = list(retrieval_sweeps.SIZES)
    return options


if __name__ == "__main__":
    main()
