"""Kills a writer at random moments and looks whether anything acknowledged is lost.

    python -m benchmarks.durability --kills 200

In every round one process changes an archive at random (add, update, delete, store in batches, search, save
and rebuild the indexes, back up and restore, swap the model) and is killed by SIGKILL. Then everything is
opened as after a restart: each acknowledged operation must be there, one that was under way may be there
whole or not at all, and `verify` must be clean. In half of the rounds another process searches meanwhile.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import killing

_LONGEST_S = 1.0
# Of the writers, so many are killed while they start, the others from their first operation on.
_KILLED_AT_START = 0.15


def main() -> None:
    """Run the rounds and print a summary as JSON; the exit status is 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        summary = run(Path(folder), options.kills, options.seed)
    print(json.dumps(summary, indent=1))
    sys.exit(1 if summary["problems"] else 0)


def run(folder: Path, kills: int, seed: int) -> dict[str, Any]:
    """Kill a writer so many times; return what was under way each time and what went wrong."""
    drawn = random.Random(seed)  # noqa: S311 - no secret
    known: killing.State = {}
    under_way: Counter[str] = Counter()
    problems: list[str] = []
    operations = searches = damaged = 0
    opened_s: list[float] = []
    started = time.perf_counter()
    for number in range(kills):
        with _reader(folder if number % 2 else None) as reader:
            lines = _killed(folder, drawn, alone=not number % 2)
        states = killing.possible(known, iter(lines))
        checked = _forked(lambda: killing.check(folder))
        known = checked["state"]
        if known not in states:
            problems.append(f"kill {number}: {_difference(states, known)}")
        wrong = [*checked["problems"], *reader.get("wrong", [])]
        problems += [f"kill {number}: {problem}" for problem in wrong]
        operations += lines.count("done")
        under_way[json.loads(lines[-1])["name"] if lines and lines[-1].endswith("}") else "between"] += 1
        searches += reader.get("searches", 0)
        damaged += len(checked["damaged"])
        opened_s.append(checked["opened_s"])
    return {
        "kills": kills,
        "seed": seed,
        "acknowledged": operations,
        "under_way": dict(under_way.most_common()),
        "searches_meanwhile": searches,
        "indexes_set_aside": damaged,
        "articles": len(known),
        "slowest_restart_s": round(max(opened_s, default=0.0), 2),
        "took_s": round(time.perf_counter() - started, 1),
        "problems": problems,
    }


def _killed(folder: Path, drawn: random.Random, *, alone: bool) -> list[str]:
    """Start a writer, kill it after a random time, and return what it told."""
    seed, after_s = drawn.randrange(2**31), drawn.uniform(0, _LONGEST_S)
    early = drawn.random() < _KILLED_AT_START
    out, told = os.pipe()
    pid = _fork(lambda: killing.write_until_killed(folder, seed, told, alone=alone), [out])
    os.close(told)
    with os.fdopen(out, "rb") as stream:
        first = b"" if early else stream.readline()
        time.sleep(after_s)
        os.kill(pid, signal.SIGKILL)
        rest = stream.read()
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("the writer ended by itself; its error is above")
    return (first + rest).decode().split("\n")[:-1]


@contextlib.contextmanager
def _reader(folder: Path | None) -> Any:
    """Search in another process until the block ends; the dict given is filled then."""
    result: dict[str, Any] = {}
    if folder is None:
        yield result
        return
    (stop, stopping), (out, told) = os.pipe(), os.pipe()
    pid = _fork(lambda: killing.read_until_told(folder, stop, told), [stopping, out])
    os.close(stop)
    os.close(told)
    with os.fdopen(out, "rb") as stream:
        stream.readline()  # it is searching
        yield result
        os.close(stopping)
        content = stream.read()
    os.waitpid(pid, 0)
    result.update(json.loads(content) if content else {"wrong": ["the reader ended with an error"]})


def _forked(work: Callable[[], Any]) -> Any:
    """Return what work returns in a process of its own."""
    out, told = os.pipe()

    def tell() -> None:
        with os.fdopen(told, "wb") as stream:
            stream.write(json.dumps(work()).encode())

    pid = _fork(tell, [out])
    os.close(told)
    with os.fdopen(out, "rb") as stream:
        content = stream.read()
    os.waitpid(pid, 0)
    if not content:
        raise RuntimeError("the archive could not be checked; the error is above")
    return json.loads(content)


def _fork(work: Callable[[], None], not_ours: list[int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for descriptor in not_ours:
            os.close(descriptor)
        work()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        raise
    finally:
        os._exit(status)


def _difference(states: list[killing.State], found: killing.State) -> str:
    wanted = states[0]
    different = [key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)]
    return f"{len(different)} articles are not as acknowledged: {sorted(different)[:5]}"


if __name__ == "__main__":
    main()
