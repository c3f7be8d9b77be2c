"""The mean of several training runs."""

from pathlib import Path

import numpy as np
import pytest

from training.average import average


def run(folder: Path, name: str, **parameters: list[float]) -> Path:
    path = folder / f"{name}.npz"
    np.savez(path, **{key: np.array(value, np.float32) for key, value in parameters.items()})
    return path


def test_the_mean_of_two_runs_is_taken_parameter_by_parameter(tmp_path: Path):
    runs = [run(tmp_path, "a", w=[1, 3], b=[0]), run(tmp_path, "b", w=[3, 5], b=[1])]
    average(runs, tmp_path / "mean.npz")
    mean = np.load(tmp_path / "mean.npz")
    assert (mean["w"].tolist(), mean["b"].tolist(), mean["w"].dtype) == ([2, 4], [0.5], np.float32)


def test_runs_of_different_networks_are_refused_by_name(tmp_path: Path):
    runs = [run(tmp_path, "a", w=[1]), run(tmp_path, "b", v=[1])]
    with pytest.raises(ValueError, match=r"b\.npz does not have the parameters of .*a\.npz"):
        average(runs, tmp_path / "mean.npz")
