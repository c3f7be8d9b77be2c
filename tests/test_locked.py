"""What is installed is what was locked, and fits together; no network is needed to see that."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKED = {
    canonicalize_name(name): version
    for name, _, version in (
        line.partition("==") for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line
    )
}
DIRECT = [
    *PROJECT["dependencies"],
    *(line for lines in PROJECT["optional-dependencies"].values() for line in lines),
]


def needed(names: list[str]) -> set[str]:
    """Everything that these need in turn, themselves included, as what is installed says."""
    found: set[str] = set()
    while names:
        requirement = Requirement(names.pop())
        name = canonicalize_name(requirement.name)
        if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found.add(name)
            names += metadata.requires(name) or []
    return found


def test_what_is_installed_fits_together():
    checked = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("line", DIRECT)
def test_every_dependency_is_pinned_to_the_version_that_is_locked(line: str):
    requirement = Requirement(line)
    assert str(requirement.specifier) == f"=={LOCKED[canonicalize_name(requirement.name)]}"


def test_all_that_is_needed_is_locked_and_installed_in_that_version():
    others = {
        name: (metadata.version(name), LOCKED.get(name))
        for name in needed(list(DIRECT))
        if metadata.version(name).partition("+")[0] != LOCKED.get(name)
    }
    assert others == {}


def test_the_lock_names_versions_and_nothing_else():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in entries if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", line)] == []
    assert len(entries) == len(LOCKED)
