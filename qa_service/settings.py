"""The settings of one process, read once from the environment and never changed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa_service.errors import SettingsError

PREFIX = "QA_"
_DEVICE = re.compile(r"auto|cpu|cuda(:[0-9]+)?")
_HIGHEST_PORT = 65535
_MOST_THREADS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; each field is the variable QA_<FIELD>.

    Attributes:
        data_dir: Folder of the archive and its indexes; created when missing.
        host: Address to listen on; the default is reachable from this machine only.
        port: Port to listen on, 1 to 65535.
        embedder: Folder or hub name of a sentence-transformers model; None for the embedded one.
        reader: Folder or hub name of an extractive question answering model, or "sentences" for the
            reader that quotes whole sentences; None for the shipped one.
        device: "auto", "cpu", "cuda" or "cuda:<number>".
        threads: Requests that are answered at once, 1 to 256.
        model_cache: Folder of the unpacked models.
    """

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8080
    embedder: str | None = None
    reader: str | None = None
    device: str = "auto"
    threads: int = 8
    model_cache: Path = Path("var/models")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; a variable that is absent or blank leaves its default.

        Raises:
            SettingsError: A QA_ variable has a wrong value, or no setting has its name.
        """
        given = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX)}
        _refuse_unknown(given)
        values = {
            field: parse(PREFIX + field.upper(), given[PREFIX + field.upper()])
            for field, parse in _PARSERS.items()
            if given.get(PREFIX + field.upper())
        }
        settings = cls(**values)
        if "model_cache" in values:
            return settings
        return replace(settings, model_cache=settings.data_dir / "models")


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = sorted(PREFIX + field.upper() for field in _PARSERS)
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise SettingsError(
            f"No setting is called {', '.join(unknown)}. Known are {', '.join(known)}; "
            "correct the name or unset the variable."
        )


def _text(_name: str, value: str) -> str:
    return value


def _path(name: str, value: str) -> Path:
    if "\0" in value:
        raise SettingsError(f"{name} holds a null character; give the path of a folder.")
    return Path(value).expanduser()


def _folder(name: str, value: str) -> Path:
    path = _path(name, value)
    if path.exists() and not path.is_dir():
        raise SettingsError(f"{name}={value} is a file; give a folder (it is created when missing).")
    return path


def _host(name: str, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", value):
        raise SettingsError(
            f"{name}={value} is no address; give a host name or an IP address like 127.0.0.1."
        )
    return value


def _device(name: str, value: str) -> str:
    if not _DEVICE.fullmatch(value):
        raise SettingsError(f"{name}={value} is no device; give auto, cpu, cuda or cuda:0.")
    return value


def _whole_number(lowest: int, highest: int) -> Callable[[str, str], int]:
    def parse(name: str, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not lowest <= int(value) <= highest:
            raise SettingsError(f"{name}={value} is wrong; give a whole number from {lowest} to {highest}.")
        return int(value)

    return parse


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "data_dir": _folder,
    "host": _host,
    "port": _whole_number(1, _HIGHEST_PORT),
    "embedder": _text,
    "reader": _text,
    "device": _device,
    "threads": _whole_number(1, _MOST_THREADS),
    "model_cache": _folder,
}
