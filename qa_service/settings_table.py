"""Every setting in words: the table of docs/settings.md, the end of `qa --help`, and `qa settings`."""

from dataclasses import fields
from typing import Any

from qa_service.settings import Settings, variable

# Field: what it is, what is accepted, the default in words where the value says too little.
_WORDS: dict[str, tuple[str, str, str | None]] = {
    "data_dir": ("archive, indexes, keys and feedback", "folder, made where missing", None),
    "host": ("where to listen", "host name or IP address", None),
    "port": ("where to listen", "1 to 65535", None),
    "threads": ("requests held open at once, waiting ones included", "1 to 256", None),
    "questions_at_once": ("questions that the models work on at once", "1 to 64", None),
    "questions_waiting": ("questions that wait for their turn; more get 503", "0 to 256", None),
    "deadline_s": ("longest wait of a question for its turn, in seconds", "1 to 600", None),
    "cached_answers": ("answers kept until the archive changes", "0 to 100000", None),
    "rate_per_key": ("questions and changes a minute for each API key; 0: any number", "0 to 1000000", None),
    "rate_per_address": (
        "the same for each client's address; 0: any number",
        "0 to 1000000",
        "1200; 0 on loopback",
    ),
    "trusted_proxies": (
        "proxies before the service whose X-Forwarded-For, -Proto and -Host are believed",
        "0 to 10",
        None,
    ),
    "https": (
        "whether people reach the service by https only; then sessions are never sent otherwise",
        "`true` or `false`",
        None,
    ),
    "allowed_origins": (
        "other sites whose pages may call the API and show the chat box",
        "origins like `https://intranet.example`, divided by spaces",
        "none",
    ),
    "embedder": ("model that finds passages", "folder or hub name (sentence-transformers)", "embedded"),
    "reader": ("model that reads them", "folder or hub name (extractive QA), or `sentences`", "shipped"),
    "device": ("where the models run", "`auto`, `cpu`, `cuda`, `cuda:0`", None),
    "model_cache": ("unpacked models", "folder, made where missing", "QA_DATA_DIR/models"),
    "without_keys": (
        "whether other machines may ask and read while there are no API keys",
        "`true` or `false`",
        None,
    ),
    "log_questions": ("whether the log names the questions asked", "`true` or `false`", None),
    "otel_endpoint": (
        "OpenTelemetry collector for traces (OTLP over HTTP); needs the extra `otel`",
        "address like `http://localhost:4318`",
        "none",
    ),
}

_INTRODUCTION = """\
# Settings

Made by `qa settings --markdown`; a test fails where it is out of date.

Settings are environment variables, read once at the start. A file `.env` in the folder where `qa` is started
may hold them too, one `NAME=value` a line; the environment goes before it. A wrong, unknown or contradictory
setting stops the start with the reason.

| Variable | Meaning | Accepted | Default |
|---|---|---|---|
"""


def markdown() -> str:
    """Return docs/settings.md."""
    return _INTRODUCTION + "".join(
        f"| `{name}` | {meaning} | {accepted} | `{default}` |\n"
        for name, meaning, accepted, default in _rows()
    )


def plain() -> str:
    """Return the settings for the end of `qa --help`."""
    return "".join(f"  {name:21} {meaning} ({default})\n" for name, meaning, _, default in _rows())


def current(settings: Settings) -> str:
    """Return what every setting is now."""
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    return "".join(f"{variable(name)}={_written(value)}\n" for name, value in values.items())


def _rows() -> list[tuple[str, str, str, str]]:
    defaults, rows = Settings(), []
    for field in fields(Settings):
        meaning, accepted, default = _WORDS[field.name]
        shown = _written(getattr(defaults, field.name)) if default is None else default
        rows.append((variable(field.name), meaning, accepted, shown))
    return rows


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
