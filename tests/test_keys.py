"""Keys are recognised, kept as digests only, and revoked for every process at once."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_service.cli import main
from qa_service.errors import KeysError
from qa_service.keys import Keys


def test_a_key_is_recognised_by_another_process(tmp_path: Path):
    other = Keys(tmp_path)
    assert not other.exist()
    secret = Keys(tmp_path).add("leser", ["read", "ask", "ask"])
    found = other.find(secret)
    assert found is not None
    assert (found.name, tuple(found.scopes)) == ("leser", ("ask", "read"))
    assert other.find(secret + "x") is None


def test_a_revoked_key_is_refused_at_once_and_still_counts(tmp_path: Path):
    keys, other = Keys(tmp_path), Keys(tmp_path)
    secret = keys.add("k", ["admin"])
    assert other.find(secret)
    keys.revoke("k")
    assert other.find(secret) is None
    assert other.exist()  # else revoking the last key would let everybody in


def test_no_file_holds_a_key(tmp_path: Path):
    keys = Keys(tmp_path)
    secret = keys.add("k", ["ask"])
    keys.session_secret()
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.iterdir())
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "session.secret").stat().st_mode & 0o077 == 0


def test_the_secret_of_sessions_stays_the_same(tmp_path: Path):
    assert Keys(tmp_path).session_secret() == Keys(tmp_path).session_secret()
    assert len(Keys(tmp_path).session_secret()) == 32


@pytest.mark.parametrize("name", ["", "a b", "-x", "x" * 65, "a/b", "ä"])
def test_a_strange_name_is_refused(tmp_path: Path, name: str):
    with pytest.raises(KeysError, match="is no name for a key"):
        Keys(tmp_path).add(name, ["ask"])


def test_a_name_is_given_once(tmp_path: Path):
    keys = Keys(tmp_path)
    keys.add("k", ["ask"])
    with pytest.raises(KeysError, match="choose another name"):
        keys.add("k", ["ask"])


def test_a_damaged_file_is_explained(tmp_path: Path):
    (tmp_path / "keys.json").write_text('[{"name": "k"}]')
    with pytest.raises(KeysError, match="Restore the file"):
        Keys(tmp_path).exist()


def test_the_commands_make_list_and_revoke(tmp_path: Path):
    run, environ = CliRunner(), {"QA_DATA_DIR": str(tmp_path)}
    made = run.invoke(main, ["keys", "add", "redaktion", "--scope", "write"], env=environ)
    secret = made.stdout.strip()
    assert Keys(tmp_path).find(secret)
    listed = run.invoke(main, ["keys", "list"], env=environ).output
    assert "redaktion" in listed
    assert secret not in listed
    assert run.invoke(main, ["keys", "revoke", "redaktion"], env=environ).exit_code == 0
    assert Keys(tmp_path).find(secret) is None
    unknown = run.invoke(main, ["keys", "revoke", "niemand"], env=environ)
    assert unknown.exit_code == 1
    assert "No key is called niemand" in unknown.output
