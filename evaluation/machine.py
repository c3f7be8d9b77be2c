"""The machine and versions that a measurement was made with; numbers without them mean little."""

import importlib.metadata
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from index import cores

# What decides how fast eight-bit and sixteen-bit products are.
_TELLING_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "amx_bf16")
_PACKAGES = (
    "torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "tantivy", "numpy", "flask", "gunicorn",
)  # fmt: skip


class Machine(TypedDict):
    """What a result says of where it comes from.

    Attributes:
        measured: Time of the measurement, UTC, ISO 8601 to the minute.
        cpu: Model name as the system gives it.
        flags: Instruction sets that matter to the encoder, those present.
        cores: Cores that this process may use.
        memory_gb: Installed memory.
        load_before: Processes that wanted a core over the minute before (near 0 on a quiet machine).
        system: Kernel and architecture.
        python: Version of Python.
        versions: Versions of the libraries that do the work.
        commit: Git commit of the code, "-dirty" appended where files differ; None outside a checkout.
    """

    measured: str
    cpu: str
    flags: list[str]
    cores: int
    memory_gb: float
    load_before: float
    system: str
    python: str
    versions: dict[str, str]
    commit: str | None


def describe() -> Machine:
    """Describe this machine now; call it before the measurement, for the sake of the load."""
    name, flags = _cpu()
    return Machine(
        measured=datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        cpu=name,
        flags=[flag for flag in _TELLING_FLAGS if flag in flags],
        cores=cores.usable(),
        memory_gb=round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        load_before=round(os.getloadavg()[0], 1),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        versions={package: importlib.metadata.version(package) for package in _PACKAGES},
        commit=_commit(),
    )


def in_words(machine: Machine) -> str:
    """Say it in one line, for the text around a table."""
    return (
        f"{machine['cores']} cores of {machine['cpu']} ({', '.join(machine['flags']) or 'no AVX2'}), "
        f"{machine['memory_gb']:.0f} GB, Python {machine['python']}, {machine['measured'][:10]}, "
        f"load before {machine['load_before']}"
    )


def _cpu() -> tuple[str, set[str]]:
    name, flags = platform.processor() or platform.machine(), set[str]()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return name, flags
    for line in lines:
        key, _, value = (part.strip() for part in line.partition(":"))
        if key == "model name":
            name = value
        elif key in ("flags", "Features"):
            flags |= set(value.split())
    return name, flags


def _commit() -> str | None:
    command = ("git", "describe", "--always", "--dirty", "--abbrev=12")
    try:
        found = subprocess.run(  # noqa: S603 - fixed words
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()
