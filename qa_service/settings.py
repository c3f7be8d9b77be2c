"""The settings of one process, read once from the environment (and `.env`) and never changed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa_service import dotenv
from qa_service.errors import SettingsError

PREFIX = "QA_"
_DEVICE = re.compile(r"auto|cpu|cuda(:[0-9]+)?")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._:\[\]-]+(/[^\s?#]*)?")
_HIGHEST_PORT = 65535
_MOST_THREADS = 256
_MOST_AT_ONCE = 64
_MOST_DEADLINE_S = 600
_MOST_CACHED = 100_000
_MOST_A_MINUTE = 1_000_000
_MOST_PROXIES = 10
_ORIGIN = re.compile(r"(https?)://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_USUAL_PORTS = {"http": 80, "https": 443}
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# Threads for what is not a question: pages, articles, /health, and the refusals themselves.
SPARE_THREADS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; each field is the variable QA_<FIELD>.

    Attributes:
        data_dir: Folder of the archive and its indexes; created when missing.
        host: Address to listen on; the default is reachable from this machine only.
        port: Port to listen on, 1 to 65535.
        threads: Requests that are held open at once, waiting ones included, 1 to 256.
        questions_at_once: Questions that the models work on at once, 1 to 64.
        questions_waiting: Questions that wait for their turn, 0 to 256; more are turned away.
        deadline_s: Longest wait of a question for its turn in seconds, 1 to 600.
        cached_answers: Answers that are kept until the archive changes, 0 to 100,000.
        rate_per_key: Questions and changes a minute for each API key, 0 to 1,000,000; 0 for any number.
        rate_per_address: The same for each client's address; None for 1,200 where other machines are served
            and any number where not.
        trusted_proxies: How many proxies, one behind the other, stand before the service and say by
            X-Forwarded-For, -Proto and -Host who asks, 0 to 10.
        https: Whether people reach the service by https only, so that a session is never sent otherwise;
            behind a trusted proxy that is known without.
        allowed_origins: Pages of which other sites may call the API and show the chat box in a frame.
        embedder: Folder or hub name of a sentence-transformers model; None for the embedded one.
        reader: Folder or hub name of an extractive question answering model, or "sentences" for the
            reader that quotes whole sentences; None for the shipped one.
        device: "auto", "cpu", "cuda" or "cuda:<number>".
        model_cache: Folder of the unpacked models.
        without_keys: Whether other machines may ask and read while there are no API keys.
        log_questions: Whether the log names the questions asked.
        otel_endpoint: Address of an OpenTelemetry collector (OTLP over HTTP) for traces, None for none.
    """

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 32
    questions_at_once: int = 2
    questions_waiting: int = 8
    deadline_s: int = 10
    cached_answers: int = 1000
    rate_per_key: int = 1200
    rate_per_address: int | None = None
    trusted_proxies: int = 0
    https: bool = False
    allowed_origins: tuple[str, ...] = ()
    embedder: str | None = None
    reader: str | None = None
    device: str = "auto"
    model_cache: Path = Path("var/models")
    without_keys: bool = False
    log_questions: bool = False
    otel_endpoint: str | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str], file: Path = dotenv.FILE) -> "Settings":
        """Read the settings from the environment and, where it is silent, from a file.

        Raises:
            SettingsError: As `from_env`, or the file is not understood.
        """
        return cls.from_env(dotenv.merged(environ, file, prefix=PREFIX))

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; a variable that is absent or blank leaves its default.

        Raises:
            SettingsError: A QA_ variable has a wrong value, two contradict each other, or no setting has
                its name.
        """
        given = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX)}
        _refuse_unknown(given)
        values = {
            field: parse(variable(field), given[variable(field)])
            for field, parse in _PARSERS.items()
            if given.get(variable(field))
        }
        settings = cls(**values)
        _refuse_contradictions(settings)
        if "model_cache" in values:
            return settings
        return replace(settings, model_cache=settings.data_dir / "models")


def variable(field: str) -> str:
    """Return the variable of a field of `Settings`."""
    return PREFIX + field.upper()


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = sorted(map(variable, _PARSERS))
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise SettingsError(
            f"No setting is called {', '.join(unknown)}. Known are {', '.join(known)}; "
            "correct the name or unset the variable."
        )


def _refuse_contradictions(settings: Settings) -> None:
    needed = settings.questions_at_once + settings.questions_waiting + SPARE_THREADS
    if settings.threads < needed:
        raise SettingsError(
            f"QA_THREADS={settings.threads} contradicts QA_QUESTIONS_AT_ONCE={settings.questions_at_once} "
            f"and QA_QUESTIONS_WAITING={settings.questions_waiting}: each of those takes a thread, and "
            f"{SPARE_THREADS} more are needed for everything else. Set QA_THREADS to {needed} or more, or "
            "let fewer questions wait."
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


def _origins(name: str, value: str) -> tuple[str, ...]:
    origins = tuple(dict.fromkeys(re.split(r"[\s,]+", value.strip(" ,"))))
    for origin in origins:
        if not _is_origin(origin):
            raise SettingsError(
                f"{name}: {origin} is no origin. Give it as browsers send it, scheme and host in small "
                "letters, a port only where it is not the usual one, and nothing behind: "
                "https://intranet.example http://127.0.0.1:8000 (several are divided by spaces)."
            )
    return origins


def _is_origin(text: str) -> bool:
    match = _ORIGIN.fullmatch(text)
    if match is None:
        return False
    scheme, port = match.groups()
    return port is None or (int(port) <= _HIGHEST_PORT and int(port) != _USUAL_PORTS[scheme])


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


def _yes_or_no(name: str, value: str) -> bool:
    if value.lower() not in _WORDS:
        raise SettingsError(f"{name}={value} is neither true nor false.")
    return _WORDS[value.lower()]


def _address(name: str, value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise SettingsError(f"{name}={value} is no address; give one like http://localhost:4318.")
    return value


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "data_dir": _folder,
    "host": _host,
    "port": _whole_number(1, _HIGHEST_PORT),
    "threads": _whole_number(1, _MOST_THREADS),
    "questions_at_once": _whole_number(1, _MOST_AT_ONCE),
    "questions_waiting": _whole_number(0, _MOST_THREADS),
    "deadline_s": _whole_number(1, _MOST_DEADLINE_S),
    "cached_answers": _whole_number(0, _MOST_CACHED),
    "rate_per_key": _whole_number(0, _MOST_A_MINUTE),
    "rate_per_address": _whole_number(0, _MOST_A_MINUTE),
    "trusted_proxies": _whole_number(0, _MOST_PROXIES),
    "https": _yes_or_no,
    "allowed_origins": _origins,
    "embedder": _text,
    "reader": _text,
    "device": _device,
    "model_cache": _folder,
    "without_keys": _yes_or_no,
    "log_questions": _yes_or_no,
    "otel_endpoint": _address,
}
