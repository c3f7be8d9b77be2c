"""Averages the parameters of several runs of which each went on from the one before.

    python -m training.average --runs RUNS/one.npz RUNS/two.npz --out RUNS/mean.npz

Runs that share their beginning lie in one basin of the loss, where the mean is better than either
(Wortsman et al. 2022, "model soups"); runs from different beginnings must not be averaged.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def average(runs: Sequence[Path], out: Path) -> None:
    """Writes the mean of every parameter.

    Args:
        runs: Results of `training.train`, one or more.
        out: Where to write the mean, in the same form.

    Raises:
        ValueError: The runs have different parameters.
    """
    opened = [np.load(run) for run in runs]
    names = set(opened[0].files)
    for run, parameters in zip(runs, opened, strict=True):
        if set(parameters.files) != names:
            other = sorted(names ^ set(parameters.files))[:3]
            raise ValueError(f"{run} does not have the parameters of {runs[0]}: {other}; average like runs")
    np.savez(out, **{name: np.mean([each[name] for each in opened], axis=0) for name in sorted(names)})


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--runs", type=Path, nargs="+", required=True, help="results of training.train (.npz)"
    )
    parser.add_argument("--out", type=Path, required=True, help="result (.npz)")
    options = parser.parse_args()
    average(options.runs, options.out)


if __name__ == "__main__":
    main()
