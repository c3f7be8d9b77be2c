"""API keys: made, listed, revoked, and recognised. Only this module knows their file and their form.

A key is 32 random bytes; the file keeps its SHA-256, which is enough for secrets that nobody chose (a slow
hash guards guessable passwords). The file is read again when it changed, so a key that `qa keys revoke` took
back is refused by running services with the next request.
"""

import hashlib
import json
import os
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock

from index.durable import write_file
from qa_service.errors import KeysError

Scope = Literal["ask", "read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
FILE = "keys.json"

_PREFIX = "qa_"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SECRET_FILE = "session.secret"  # noqa: S105 - a file's name
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key; the key itself is shown once and not kept.

    Attributes:
        name: Whose it is; unique.
        digest: SHA-256 of the key, hexadecimal.
        scopes: What it may do; "admin" may everything.
        created: ISO 8601 in UTC.
        revoked: When it was taken back, or None.
    """

    name: str
    digest: str
    scopes: Sequence[Scope]
    created: str
    revoked: str | None = None

    def may(self, scope: Scope) -> bool:
        """Tell whether it may be used for something of this scope."""
        return self.revoked is None and (scope in self.scopes or "admin" in self.scopes)


class Keys:
    """The keys of one data folder; safe to share among threads and processes.

    Args:
        folder: The data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._keys: tuple[ApiKey, ...] = ()

    def all(self) -> Sequence[ApiKey]:
        """Return every key, revoked ones included, in the order in which they were made.

        Raises:
            KeysError: The file cannot be read.
        """
        with self._lock:
            try:
                status = self._path.stat()
                seen = (status.st_mtime_ns, status.st_size, status.st_ino)
                if seen != self._seen:
                    self._keys = _parsed(self._path.read_bytes())
                    self._seen = seen
            except FileNotFoundError:
                self._seen, self._keys = None, ()
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise KeysError(
                    f"The keys in {self._path} cannot be read: {error!r}. Restore the file, or delete it and "
                    "make the keys again."
                ) from error
            return self._keys

    def exist(self) -> bool:
        """Tell whether any key was ever made; revoking the last one opens nothing."""
        return bool(self.all())

    def find(self, secret: str) -> ApiKey | None:
        """Return the key that this is, None for a wrong or revoked one."""
        return self.by_digest(_digest(secret))

    def by_digest(self, digest: str) -> ApiKey | None:
        """Return the key of this digest, None for an unknown or revoked one."""
        return next((key for key in self.all() if key.digest == digest and key.revoked is None), None)

    def add(self, name: str, scopes: Sequence[Scope]) -> str:
        """Make a key and return it; it cannot be shown again.

        Raises:
            KeysError: The name is wrong or taken, or the file cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise KeysError(f"{name!r} is no name for a key; use up to 64 letters, digits, dots, - and _.")
        secret = _PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        with self._writing():
            keys = self.all()
            if any(key.name == name for key in keys):
                raise KeysError(f"There is a key called {name} already; choose another name.")
            chosen = tuple(scope for scope in SCOPES if scope in scopes)
            self._write([*keys, ApiKey(name, _digest(secret), chosen, _now())])
        return secret

    def revoke(self, name: str) -> None:
        """Take a key back, at once and for good.

        Raises:
            KeysError: No key has this name, or the file cannot be written.
        """
        with self._writing():
            keys = self.all()
            if all(key.name != name for key in keys):
                raise KeysError(f"No key is called {name}; `qa keys list` shows them.")
            self._write(
                [replace(key, revoked=key.revoked or _now()) if key.name == name else key for key in keys]
            )

    def session_secret(self) -> bytes:
        """Return the secret that signs the pages' sessions; made with the first call.

        Raises:
            KeysError: It cannot be read or written.
        """
        path = self._folder / _SECRET_FILE
        with self._writing():
            try:
                if not path.exists():
                    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                    with os.fdopen(opened, "wb") as file:
                        file.write(secrets.token_bytes(_SECRET_BYTES))
                return path.read_bytes()
            except OSError as error:
                raise KeysError(f"{path} cannot be read or written: {error}") from error

    def _writing(self) -> FileLock:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KeysError(f"{self._folder} cannot be created: {error}; set QA_DATA_DIR") from error
        return FileLock(self._folder / f"{FILE}.lock")

    def _write(self, keys: Sequence[ApiKey]) -> None:
        try:
            write_file(self._path, json.dumps([asdict(key) for key in keys], indent=1).encode())
            self._path.chmod(0o600)
        except OSError as error:
            raise KeysError(f"{self._path} cannot be written: {error}") from error


def _parsed(content: bytes) -> tuple[ApiKey, ...]:
    return tuple(ApiKey(**values) for values in json.loads(content))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
