"""How the service bears load: 1, 8 and 32 clients, then three times as many questions as it can answer.

    python -m benchmarks.load --data DATA --archive FOLDER              about five minutes
    python -m benchmarks.load --data DATA --archive FOLDER --soak 30   half an hour more
    python -m benchmarks.load                                          with the samples, to try it

DATA holds `mlqa/de_dev.jsonl`; FOLDER is a data folder (QA_DATA_DIR) with an archive. Everything runs on
loopback, clients and service share the cores. Prints JSON; the exit status is 1 where a target was missed.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import inputs
from benchmarks.asking import Outcome, Questions, at_rate, closed, summary
from benchmarks.process import Server, archive_or_samples, serving
from evaluation import machine

CLIENTS = (1, 8, 32)
TIMES_CAPACITY = 3
MOST_SLOWDOWN = 2.0
MOST_RECOVERY_S = 5.0
MOST_GROWTH = 0.05
_OPEN_AT_ONCE = 64
_PROBED_S = 10.0
_SOAKING_CLIENTS = 4
_SAMPLED_EVERY_S = 10.0
_OK = 200


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is wanted, and whether it was seen."""

    what: str
    met: bool


class Memory:
    """Weighs a server every ten seconds; call it as often as you like."""

    def __init__(self, server: Server) -> None:
        self.mb: list[float] = []
        self._server = server
        self._next_s = 0.0

    def __call__(self) -> None:
        """Weigh it where it is time."""
        if time.perf_counter() >= self._next_s:
            self._next_s = time.perf_counter() + _SAMPLED_EVERY_S
            self.mb.append(round(self._server.memory().resident_mb, 1))


def measure(server: Server, questions: Questions, *, seconds: float) -> dict[str, Any]:
    """Ask by 1, 8 and 32 clients, then at three times the best rate, and look how it recovers."""
    closed(server.port, questions, clients=2, seconds=seconds / 4)  # warms it up
    found: dict[str, Any] = {}
    unloaded: list[Outcome] = []
    for clients in CLIENTS:
        outcomes = closed(server.port, questions, clients=clients, seconds=seconds)
        unloaded = unloaded or outcomes
        found[f"{clients} clients"] = summary(outcomes, seconds)
    capacity = max(phase["answers_per_s"] for phase in found.values())
    outcomes, probes, ended_s = _overload(server, questions, capacity * TIMES_CAPACITY, seconds)
    found["overload"] = summary(outcomes, seconds) | {"asked_per_s": round(capacity * TIMES_CAPACITY, 2)}
    limit_ms = slow_ms(unloaded)
    found["recovery"] = {
        "seconds": recovery_s(probes, ended_s, limit_ms),
        "slow_from_ms": limit_ms,
        **summary(probes, _PROBED_S),
    }
    return found


def soak(server: Server, questions: Questions, *, minutes: float) -> dict[str, Any]:
    """Ask for a long time, and weigh the service meanwhile."""
    memory = Memory(server)
    outcomes = closed(
        server.port, questions, clients=_SOAKING_CLIENTS, seconds=60 * minutes, meanwhile=memory
    )
    return summary(outcomes, 60 * minutes) | {"resident_mb": memory.mb, "growth": growth(memory.mb)}


def slow_ms(unloaded: Sequence[Outcome]) -> float:
    """Return from how many milliseconds on an answer is slower than an unloaded service gives any."""
    took = [outcome.took_ms for outcome in unloaded if outcome.status == _OK]
    return max([MOST_SLOWDOWN * float(np.percentile(took, 95)), *took])


def recovery_s(probes: Sequence[Outcome], ended_s: float, limit_ms: float) -> float | None:
    """Return seconds from the end of the overload to the end of the last refused or slow answer.

    None where that was the last one asked, so that it has not recovered.
    """
    bad = [outcome.status != _OK or outcome.took_ms > limit_ms for outcome in probes]
    if not bad or bad[-1]:
        return None
    ends = [o.at_s + o.took_ms / 1000 - ended_s for o, is_bad in zip(probes, bad, strict=True) if is_bad]
    return round(max(ends, default=0.0), 2)


def growth(resident_mb: Sequence[float]) -> float:
    """Return by how much the last third holds more than the middle one, medians, as a share.

    The first third is left out: the answers that are kept fill up meanwhile.
    """
    third = len(resident_mb) // 3
    if third == 0:
        return 0.0
    middle, last = np.median(resident_mb[third : 2 * third]), np.median(resident_mb[2 * third :])
    return round(float(last / middle - 1), 4)


def targets(found: dict[str, Any]) -> list[Target]:
    """Say what is wanted of these results, and whether it was seen."""
    wrong = sum(phase["wrong"] for phase in found.values())
    wanted = [Target(f"nothing but answers, and refusals with Retry-After ({wrong} others)", wrong == 0)]
    if "overload" in found:
        alone, loaded = found["1 clients"]["ms"]["p95"], found["overload"]["ms"].get("p95", float("inf"))
        recovered = found["recovery"]["seconds"]
        wanted += [
            Target(
                f"p95 of answers in overload at most {MOST_SLOWDOWN:g} times {alone} ms ({loaded} ms)",
                loaded <= MOST_SLOWDOWN * alone,
            ),
            Target(
                f"recovered within {MOST_RECOVERY_S:g} s ({recovered})",
                recovered is not None and recovered <= MOST_RECOVERY_S,
            ),
        ]
    if "soak" in found:
        grown = found["soak"]["growth"]
        wanted.append(
            Target(f"memory grows by at most {MOST_GROWTH:.0%} ({grown:.1%})", grown <= MOST_GROWTH)
        )
    return wanted


def _overload(
    server: Server, questions: Questions, per_s: float, seconds: float
) -> tuple[list[Outcome], list[Outcome], float]:
    """Returns what became of the flood, of the questions asked after it by one client, and when it ended."""
    with ThreadPoolExecutor(1) as pool:
        flood = pool.submit(
            at_rate, server.port, questions, per_s=per_s, seconds=seconds, clients=_OPEN_AT_ONCE
        )
        time.sleep(seconds)
        ended_s = time.perf_counter()
        probes = closed(server.port, questions, clients=1, seconds=_PROBED_S)
        return flood.result(), probes, ended_s


def _run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    questions = Questions(inputs.read(options.data, quick=options.data is None).texts())
    settings = {
        name: str(value)
        for name, value in (
            ("QA_QUESTIONS_AT_ONCE", options.at_once),
            ("QA_QUESTIONS_WAITING", options.waiting),
        )
        if value is not None
    }
    with serving(folder, options.model_cache, settings) as server:
        found = {} if options.only_soak else measure(server, questions, seconds=options.seconds)
        if options.soak:
            found["soak"] = soak(server, questions, minutes=options.soak)
    return {"settings": settings, "phases": found}


def main() -> None:
    """Run the command."""
    options = _options()
    about = machine.describe()
    with archive_or_samples(options.archive, options.model_cache) as folder:
        found = _run(options, folder)
    wanted = targets(found["phases"])
    text = json.dumps({"machine": about, **found, "targets": [asdict(target) for target in wanted]}, indent=1)
    print(text)
    if options.out is not None:
        options.out.write_text(text + "\n", encoding="utf-8")
    sys.exit(0 if all(target.met for target in wanted) else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of question sets")
    parser.add_argument("--archive", type=Path, help="data folder to serve; the samples without it")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of each phase")
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES", help="also ask for so long")
    parser.add_argument("--only-soak", action="store_true", help="nothing but that")
    parser.add_argument("--at-once", type=int, help="QA_QUESTIONS_AT_ONCE")
    parser.add_argument("--waiting", type=int, help="QA_QUESTIONS_WAITING")
    parser.add_argument("--out", type=Path, help="JSON file for the results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
