"""Cores that a process may use, alone and in a container with a limit."""

import os
from pathlib import Path

import pytest

from index import cores

HERE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize("text", ["max 100000", "", "broken"])
def test_without_a_limit_all_cores_count(tmp_path: Path, text: str):
    quota = tmp_path / "cpu.max"
    quota.write_text(text)
    assert (cores.limit(quota), cores.usable(quota)) == (None, HERE)


def test_without_control_groups_all_cores_count(tmp_path: Path):
    assert (cores.limit(tmp_path / "missing"), cores.usable(tmp_path / "missing")) == (None, HERE)


@pytest.mark.parametrize(("text", "limit"), [("30000 100000", 1), ("150000 100000", 2), ("990000 1000", 990)])
def test_a_containers_limit_counts(tmp_path: Path, text: str, limit: int):
    quota = tmp_path / "cpu.max"
    quota.write_text(text)
    assert (cores.limit(quota), cores.usable(quota)) == (limit, min(limit, HERE))
