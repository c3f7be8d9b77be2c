"""What it brings that questions share the cores: eight clients, with and without, in turns.

    python -m benchmarks.sharing --data DATA --archive FOLDER [--rounds 4] [--seconds 25]

DATA holds `mlqa/de_dev.jsonl`; FOLDER is a data folder (QA_DATA_DIR) with an archive, the samples without it.
Two services run, one as it is and one that takes a question only when the one before is answered
(QA_QUESTIONS_AT_ONCE=1); eight clients ask each in turn, the other stands still. Afterwards both are asked
the same questions by eight clients, and have to give the same answers. Prints JSON.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import inputs
from benchmarks.asking import Questions, closed, summary
from benchmarks.process import Client, Server, archive_or_samples, serving
from evaluation import machine
from index.cores import usable

CLIENTS = 8
#: Settings of the two services.
SHARED: Mapping[str, str] = {}
ALONE: Mapping[str, str] = {"QA_QUESTIONS_AT_ONCE": "1"}
_COMPARED = 64


def measure(servers: Mapping[str, Server], texts: Sequence[str], *, rounds: int, seconds: float) -> Any:
    """Ask every service in turn, another one first each round.

    Args:
        servers: By name, "shared" and "alone".
        texts: Distinct questions.
        rounds: Turns of each service.
        seconds: Length of a turn.

    Returns:
        Answers per second, their ratio, and "busy": which share of the cores' time the service used. What
        is not used is all that sharing can win.
    """
    questions = {name: Questions(texts) for name in servers}
    rates: dict[str, list[float]] = {name: [] for name in servers}
    busy: dict[str, list[float]] = {name: [] for name in servers}
    for name, server in servers.items():
        closed(server.port, questions[name], clients=CLIENTS, seconds=seconds / 4)
    for number in range(rounds):
        for name in sorted(servers, reverse=bool(number % 2)):
            worked, began = servers[name].worked_s(), perf_counter()
            outcomes = closed(servers[name].port, questions[name], clients=CLIENTS, seconds=seconds)
            worked, took = servers[name].worked_s() - worked, perf_counter() - began
            busy[name].append(round(worked / took / usable(), 3))
            rates[name].append(summary(outcomes, seconds)["answers_per_s"])
    by_round = [round(a / b, 3) for a, b in zip(rates["shared"], rates["alone"], strict=True)]
    return {
        "answers_per_s": rates,
        "ratio": round(float(np.sum(rates["shared"]) / np.sum(rates["alone"])), 3),
        "by_round": by_round,
        "busy": busy,
    }


def differing(servers: Mapping[str, Server], texts: Sequence[str]) -> list[str]:
    """Return the questions that the services answer differently, asked by eight clients at once."""
    shared, alone = (_said(servers[name].port, texts) for name in ("shared", "alone"))
    return [text for text, one, other in zip(texts, shared, alone, strict=True) if one != other]


def _said(port: int, texts: Sequence[str]) -> list[Any]:
    """What is said to each question; the times and the request's number left out."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda text: _answers(port, text), texts))


def _answers(port: int, text: str) -> Any:
    client = Client(port)
    try:
        reply, _ = client.ask(text)
    finally:
        client.close()
    return [(answer["text"], answer["confidence"], answer["citations"]) for answer in reply["answers"]]


@contextmanager
def _both(folder: Path, model_cache: Path) -> Iterator[Mapping[str, Server]]:
    with ExitStack() as stack:
        services = {"shared": SHARED, "alone": ALONE}
        yield {
            name: stack.enter_context(serving(folder, model_cache, settings))
            for name, settings in services.items()
        }


def main() -> None:
    """Run the command."""
    options = _options()
    about = machine.describe()
    texts = inputs.read(options.data, quick=options.data is None).texts()
    with (
        archive_or_samples(options.archive, options.model_cache) as folder,
        _both(folder, options.model_cache) as servers,
    ):
        found = measure(servers, texts, rounds=options.rounds, seconds=options.seconds)
        found["asked of both"] = len(texts[-_COMPARED:])
        found["answered differently"] = differing(servers, texts[-_COMPARED:])
    print(json.dumps({"machine": about, **found}, indent=1, ensure_ascii=False))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of question sets")
    parser.add_argument("--archive", type=Path, help="data folder to serve; the samples without it")
    parser.add_argument("--model-cache", type=Path, default=Path("var/models"), help="unpacked models")
    parser.add_argument("--rounds", type=int, default=4, help="turns of each service")
    parser.add_argument("--seconds", type=float, default=25.0, help="length of a turn")
    return parser.parse_args()


if __name__ == "__main__":
    main()
