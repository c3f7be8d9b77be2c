"""Settings in a file: NAME=value lines, as docker compose and shells read them.

Understood are blank lines, comments (#), `export NAME=value`, and values in single or double quotes. Nothing
is expanded. Names that do not begin with QA_ belong to others and are left out.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from qa_service.errors import SettingsError

FILE = Path(".env")

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_QUOTED = re.compile(r"""(?:"([^"]*)"|'([^']*)')(?:\s+#.*)?""")


def merged(environ: Mapping[str, str], path: Path, *, prefix: str) -> dict[str, str]:
    """Return the environment with what the file adds; what is set in both is the environment's.

    Args:
        environ: The environment.
        path: The file; it may be missing.
        prefix: What the names taken from it begin with.

    Raises:
        SettingsError: The file cannot be read, or a line is not understood.
    """
    return {name: value for name, value in read(path).items() if name.startswith(prefix)} | dict(environ)


def read(path: Path) -> dict[str, str]:
    """Return what the file sets; nothing where there is none.

    Raises:
        SettingsError: It cannot be read, or a line is not understood.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}; correct or remove it.") from error
    values = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            raise SettingsError(
                f"{path}, line {number}, is no setting; write NAME=value, or # for a comment."
            )
        values[match[1]] = _value(match[2], f"{path}, line {number}")
    return values


def _value(written: str, where: str) -> str:
    if written[:1] not in {'"', "'"}:
        return re.split(r"\s+#", written, maxsplit=1)[0].strip()
    match = _QUOTED.fullmatch(written)
    if match is None:
        raise SettingsError(f"{where}: the quotation mark is not closed at the end of the value.")
    return match[1] if match[1] is not None else match[2]
