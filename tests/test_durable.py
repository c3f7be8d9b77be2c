from pathlib import Path

import pytest

from index.durable import new_folder, set_aside, sha256, write_file


class BrokenError(Exception):
    pass


def test_the_checksum_is_the_known_one_of_abc(tmp_path: Path):
    (tmp_path / "f").write_bytes(b"abc")
    assert sha256(tmp_path / "f") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_written_file_replaces_the_old_one_and_leaves_nothing_else(tmp_path: Path):
    write_file(tmp_path / "deep" / "f", b"old")
    write_file(tmp_path / "deep" / "f", b"new")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "deep").iterdir()] == [("f", b"new")]


def test_a_folder_appears_only_when_it_is_finished(tmp_path: Path):
    with new_folder(tmp_path / "m") as folder:
        (folder / "f").write_text("x")
        assert not (tmp_path / "m").exists()
    assert (tmp_path / "m" / "f").read_text() == "x"


def test_a_folder_that_failed_leaves_the_old_one_and_no_rest(tmp_path: Path):
    (tmp_path / "m").mkdir()
    with pytest.raises(BrokenError), new_folder(tmp_path / "m"):
        raise BrokenError
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_finished_folder_replaces_the_old_one(tmp_path: Path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "old").write_text("")
    with new_folder(tmp_path / "m") as folder:
        (folder / "new").write_text("")
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_what_a_killed_attempt_left_is_removed_by_the_next(tmp_path: Path):
    (tmp_path / ".m-killed").mkdir()
    with new_folder(tmp_path / "m"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_damaged_things_are_kept_under_names_of_their_own(tmp_path: Path):
    for content in ("one", "two"):
        (tmp_path / "f").write_text(content)
        set_aside(tmp_path / "f")
    assert sorted(path.read_text() for path in tmp_path.glob("f.damaged-*")) == ["one", "two"]
    assert not (tmp_path / "f").exists()
