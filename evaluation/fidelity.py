"""What eight bits cost the reader: the shipped one beside the same weights in float32.

    python -m evaluation.fidelity --data FOLDER [--questions 300]

Development questions are drawn evenly from the sets; both read the same texts, decoded and calibrated
alike. The answer of a reader is its surest span, or none where that one's confidence is below the line.
Differences are int8 less float32, with 95 % bootstrap intervals over questions.
"""

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evaluation import machine, report
from evaluation.plain_reader import plain_reader
from evaluation.ranking import interval
from evaluation.reading import Read, read_set
from evaluation.squad import best, exact, f1, items_f1
from index import model
from index.clean import clean
from qa_service.span_reader.reader import open_reader
from training.sources import Example, read

SETS = ("mlqa/de_dev", "wikinews_qa/dev", "wikipedia_qa/dev")
#: Confidence from which an answer is shown, about where the service draws it.
LINE = 0.25
LIST_LINE = 0.12


def draw(data: Path, sets: Sequence[str], questions: int) -> list[Example]:
    """Draw about as many questions from every set, the same ones every time."""
    share = -(-questions // len(sets))
    drawn: list[Example] = []
    for name in sets:
        examples = list(read(data, name))
        drawn += random.Random(7).sample(examples, min(share, len(examples)))
    return drawn[:questions]


def answer(result: Read) -> tuple[int, int] | None:
    """Where the answer stands, None for silence."""
    top = result.spans[0] if result.spans else None
    return (top.start, top.end) if top is not None and top.confidence >= LINE else None


def score(result: Read) -> dict[str, float]:
    """Scores of one question, 0 to 1: those that apply to its kind."""
    golds = [clean(result.example.context[a:b]) for a, b in result.example.spans]
    top = result.spans[0].text if result.spans else ""
    said = top if answer(result) else ""
    if not golds:
        return {"unanswerable: silent": float(not said)}
    found = {
        "F1": best(f1, said, golds),
        "exact": best(exact, said, golds),
        "F1 when it must answer": best(f1, top, golds),
    }
    if result.example.type == "list":
        items = [span.text for span in result.spans if span.confidence >= LIST_LINE]
        found["lists: F1 over items"] = items_f1(items, golds)
    return found


def compare(eight: Sequence[Read], full: Sequence[Read]) -> report.Section:
    """Put both readings of the same questions into a table."""
    same = interval([float(answer(a) == answer(b)) for a, b in zip(eight, full, strict=True)])
    surest = interval([float(_first(a) == _first(b)) for a, b in zip(eight, full, strict=True)])
    moved = [abs(_confidence(a) - _confidence(b)) for a, b in zip(eight, full, strict=True)]
    columns: dict[str, list[tuple[float, float]]] = {}
    for a, b in zip(eight, full, strict=True):
        ours, plain = score(a), score(b)
        for name, value in ours.items():
            columns.setdefault(name, []).append((value, plain[name]))
    rows, figures = [], {}
    for name, pairs in columns.items():
        difference = interval([a - b for a, b in pairs])
        int8, float32 = (100 * float(np.mean(side)) for side in zip(*pairs, strict=True))
        rows.append([name, len(pairs), f"{int8:.1f}", f"{float32:.1f}", _signed(difference)])
        figures[name] = {"questions": len(pairs), "int8": int8, "float32": float32, "difference": difference}
    about = (
        f"{len(eight)} development questions. The same answer, or silence of both, on {same} %; the same "
        f"surest span, shown or not, on {surest} %. The confidence of the surest span differs by "
        f"{np.mean(moved):.3f} on average, by at most {np.max(moved):.2f}. Percent, with 95 % intervals."
    )
    lines = [
        about,
        "",
        *report.table(["", "questions", "int8", "float32", "difference"], rows),
    ]
    return report.Section(
        "fidelity", lines, {"same_answer": same, "same_span": surest, "scores": figures, "line": LINE}
    )


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of question sets")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"))
    parser.add_argument("--docs", type=Path, help="Markdown file whose section `fidelity` is replaced")
    parser.add_argument("--out", type=Path, help="JSON file for the numbers")
    options = parser.parse_args()
    about = machine.describe()
    examples = draw(options.data, options.sets, options.questions)
    base = model.resolve(None, cache=options.model_cache)
    shipped = open_reader(None, base=base, cache=options.model_cache)
    section = compare(read_set(shipped, examples), read_set(plain_reader(base), examples))
    print(shipped.identity, *section.lines, sep="\n")
    if options.docs is not None:
        with tempfile.TemporaryDirectory() as unused:
            report.write(section, about, options.docs, options.out or Path(unused) / "results.json")
    elif options.out is not None:
        report.write_results(section, about, options.out)


def _first(result: Read) -> tuple[int, int] | None:
    return (result.spans[0].start, result.spans[0].end) if result.spans else None


def _confidence(result: Read) -> float:
    return result.spans[0].confidence if result.spans else 0.0


def _signed(difference: object) -> str:
    text = str(difference)
    return text if text.startswith("-") else f"+{text}"


if __name__ == "__main__":
    main()
