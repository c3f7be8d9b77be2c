"""Measures the product and writes the numbers with the machine that they were measured on.

    python -m benchmarks.run                     with the samples of this repository, a few minutes
    python -m benchmarks.run --data FOLDER       in full: 100,000 passages, about half an hour on two cores
    python -m benchmarks.run --data FOLDER --quick --parts latency

FOLDER holds `mlqa/de_dev.jsonl` and `wikipedia/articles.jsonl.gz`. A full run writes its sections of
benchmarks/README.md and benchmarks/results/latest.json; a quick one only prints,
and writes --out where given.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import inputs, latency, startup, throughput
from evaluation import machine, report
from index.embed import open_embedder
from index.model import resolve

PARTS = ("throughput", "latency", "startup")
_RESULTS = Path(__file__).parent / "results" / "latest.json"
_README = Path(__file__).parent / "README.md"


def main() -> None:
    """Run the command."""
    options = _options()
    material = inputs.read(options.data, quick=options.quick)
    if options.data is None and not options.quick:
        print("No --data: measuring a little, with the samples of this repository.")
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary:
        for part in options.parts:
            about = machine.describe()
            section = _measures(options, material, Path(temporary))[part]()
            print(f"\n## {section.name}\n\n" + "\n".join(section.lines), flush=True)
            _write(section, about, options, full=material.sizes == inputs.FULL)


def _measures(
    options: argparse.Namespace, material: inputs.Inputs, temporary: Path
) -> dict[str, Callable[[], report.Section]]:
    """Return what measures each part; nothing is loaded before it is called."""
    work = options.work or temporary
    cache = options.model_cache

    def answering() -> report.Section:
        embedder = open_embedder(resolve(None, cache=cache), device="cpu")
        return latency.measure(material, embedder, work, cache)

    return {
        "throughput": lambda: throughput.compare(
            material, resolve(None, cache=cache), temporary / "throughput"
        ),
        "latency": answering,
        "startup": lambda: startup.measure(material, temporary / "startup"),
    }


def _write(
    section: report.Section, about: machine.Machine, options: argparse.Namespace, *, full: bool
) -> None:
    if full:
        report.write(section, about, _README, options.out or _RESULTS)
    elif options.out is not None:
        report.write_results(section, about, options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small, with the samples only")
    parser.add_argument("--data", type=Path, help="folder of question sets and Wikipedia articles")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="only these")
    parser.add_argument("--work", type=Path, help="keep the large archive here for the next run")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    parser.add_argument("--out", type=Path, help="JSON file for the results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
