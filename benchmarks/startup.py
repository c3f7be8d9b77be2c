"""From a command to a service that answers: the first time, with nothing unpacked, and later.

The operating system's file cache is left as it is; a machine just switched on is slower.
"""

import statistics
from pathlib import Path

from benchmarks.inputs import SAMPLES, Inputs
from benchmarks.process import Client, command, serving
from evaluation.report import Section, table


def measure(inputs: Inputs, folder: Path) -> Section:
    """Do what `make serve` does after installing, in an empty folder; then start again."""
    data_dir, models = folder / "data", folder / "models"
    setup_s = command("setup", data_dir=data_dir, model_cache=models)
    add_s = command("index", "add", "--if-empty", str(SAMPLES), data_dir=data_dir, model_cache=models)
    starts = [_start(data_dir, models, inputs.questions[0].text) for _ in range(1 + inputs.sizes.starts)]
    first, *later = starts
    ready_s = statistics.median(ready for ready, _ in later)
    answered_s = statistics.median(answered for _, answered in later)
    figures = {
        "setup_s": setup_s,
        "index_samples_s": add_s,
        "first_start_s": first[0],
        "cold_s": setup_s + add_s + first[0],
        "warm_s": ready_s,
        "warm_s_each": [ready for ready, _ in later],
        "warm_first_answer_s": answered_s,
    }
    rows = [
        ["unpack and export the models", f"{setup_s:.1f}"],
        ["index the samples", f"{add_s:.1f}"],
        ["first start, to ready", f"{first[0]:.1f}"],
        ["cold, all three", f"{figures['cold_s']:.1f}"],
        [f"warm, to ready (median of {len(later)})", f"{ready_s:.1f}"],
        ["warm, to the first answer", f"{answered_s:.1f}"],
    ]
    return Section("start-up", [*table(["step", "seconds"], rows)], figures)


def _start(data_dir: Path, models: Path, question: str) -> tuple[float, float]:
    """Start, ask once, stop; returns seconds to ready and to the first answer."""
    with serving(data_dir, models) as server:
        client = Client(server.port)
        _, took_ms = client.ask(question)
        client.close()
        return server.ready_s, server.ready_s + took_ms / 1000
