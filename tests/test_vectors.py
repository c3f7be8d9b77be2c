import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.errors import DamagedIndexError
from index.vectors import Vectors, open_vectors
from tests.fakes import article
from tests.test_archive import entry

NORTH, EAST, NORTH_EAST = [0.0, 1.0], [1.0, 0.0], [0.6, 0.8]


def matrix(*rows: list[float]) -> npt.NDArray[np.float32]:
    return np.array(rows, np.float32)


def keys(*numbers: int) -> npt.NDArray[np.int64]:
    return np.array(numbers, np.int64)


@pytest.fixture
def compass() -> Vectors:
    vectors = Vectors(2)
    vectors.add(keys(10, 20, 30), matrix(NORTH, EAST, NORTH_EAST))
    return vectors


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    opened = Archive(tmp_path / "archive.db")
    opened.bind(identity="unit", dimension=4)
    opened.put_many([entry(article("a"), 3), entry(article("b"), 2)])
    return opened


def test_the_nearest_comes_first_with_its_cosine(compass: Vectors):
    found = compass.search(matrix(NORTH)[0], 3)
    assert [key for key, _ in found] == [10, 30, 20]
    assert [score for _, score in found] == pytest.approx([1.0, 0.8, 0.0], abs=5e-4)


def test_no_more_than_k_are_returned(compass: Vectors):
    assert [key for key, _ in compass.search(matrix(EAST)[0], 2)] == [20, 30]


def test_an_empty_index_finds_nothing():
    assert Vectors(2).search(matrix(NORTH)[0], 5) == []


def test_only_allowed_keys_are_searched(compass: Vectors):
    assert [key for key, _ in compass.search(matrix(NORTH)[0], 3, keys(20, 30))] == [30, 20]
    assert [key for key, _ in compass.search(matrix(NORTH)[0], 3, keys(30, 77))] == [30]
    assert compass.search(matrix(NORTH)[0], 3, keys()) == []


def test_removed_keys_are_not_found_and_unknown_ones_do_not_matter(compass: Vectors):
    assert compass.remove(keys(10, 99)) == 1
    assert [key for key, _ in compass.search(matrix(NORTH)[0], 3)] == [30, 20]
    assert compass.keys().tolist() == [20, 30]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 200), st.integers(1, 20), st.booleans())
def test_the_result_is_the_one_of_a_plain_product(seed: int, count: int, k: int, filtered: bool):  # noqa: FBT001
    generator = np.random.default_rng(seed)
    embeddings = generator.standard_normal((count, 16)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    embeddings = embeddings.astype(np.float16).astype(np.float32)
    numbers = generator.permutation(1000)[:count].astype(np.int64)
    allowed = np.sort(numbers[: max(1, count // 3)]) if filtered else None
    vectors = Vectors(16)
    vectors.add(numbers, embeddings)
    query = embeddings[0]
    scores = {int(key): float(row @ query) for key, row in zip(numbers, embeddings, strict=True)}
    expected = sorted(allowed.tolist() if allowed is not None else scores, key=lambda key: -scores[key])[:k]
    found = vectors.search(query, k, allowed)
    assert [scores[key] for key, _ in found] == pytest.approx([scores[key] for key in expected], abs=1e-5)
    cosines = [min(1.0, scores[key]) for key in expected]  # half precision may be a little longer than 1
    assert [score for _, score in found] == pytest.approx(cosines, abs=1e-5)


def test_it_catches_up_with_what_was_added_changed_and_deleted(archive: Archive):
    vectors = Vectors(4)
    assert vectors.catch_up(archive)
    assert vectors.keys().tolist() == [1, 2, 3, 4, 5]
    assert not vectors.catch_up(archive)
    archive.put_many([entry(article("a", "ein neuer Text"), 1)])
    archive.delete("b")
    assert vectors.catch_up(archive)
    assert vectors.keys().tolist() == [6]
    assert vectors.change == archive.change()


def test_it_starts_over_where_the_archive_went_back_in_time(archive: Archive):
    vectors = Vectors(4)
    vectors.add(keys(70), np.eye(4, dtype=np.float32)[:1])
    vectors.change = 99
    vectors.catch_up(archive)
    assert vectors.keys().tolist() == [1, 2, 3, 4, 5]


def test_what_was_saved_is_loaded(archive: Archive, tmp_path: Path):
    open_vectors(tmp_path / "v", archive).save(tmp_path / "v")
    loaded = Vectors.load(tmp_path / "v", dimension=4, model="unit", archive_id=archive.id)
    assert (loaded.keys().tolist(), loaded.change) == ([1, 2, 3, 4, 5], archive.change())
    assert loaded.search(np.eye(4, dtype=np.float32)[2], 1) == [(3, 1.0)]


def test_saving_again_leaves_only_the_newest_file(archive: Archive, tmp_path: Path):
    vectors = open_vectors(tmp_path / "v", archive)
    vectors.save(tmp_path / "v")
    archive.delete("a")
    vectors.catch_up(archive)
    vectors.save(tmp_path / "v")
    manifest, saved = sorted(path.name for path in (tmp_path / "v").iterdir())
    assert manifest == "manifest.json"
    assert saved.endswith("-3.faiss")


@pytest.mark.parametrize("other", [{"model": "x"}, {"archive_id": "x"}, {"dimension": 8}])
def test_an_index_of_another_model_or_archive_is_not_served(
    archive: Archive, tmp_path: Path, other: dict[str, object]
):
    open_vectors(tmp_path / "v", archive).save(tmp_path / "v")
    mine: dict[str, object] = {"dimension": 4, "model": "unit", "archive_id": archive.id}
    with pytest.raises(DamagedIndexError, match="belongs elsewhere"):
        Vectors.load(tmp_path / "v", **(mine | other))  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["cut", "flipped", "gone", "manifest"])
def test_a_damaged_file_is_set_aside_and_made_again(
    archive: Archive, tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
):
    open_vectors(tmp_path / "v", archive).save(tmp_path / "v")
    (file,) = (tmp_path / "v").glob("vectors-*-2.faiss")
    content = file.read_bytes()
    if how == "gone":
        file.unlink()
    elif how == "manifest":
        (tmp_path / "v" / "manifest.json").write_text("{")
    else:
        file.write_bytes(
            content[:-9] if how == "cut" else content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]
        )
    vectors = open_vectors(tmp_path / "v", archive)
    assert vectors.keys().tolist() == [1, 2, 3, 4, 5]
    assert "made again from the archive" in caplog.text
    assert len(list(tmp_path.glob("v.damaged-*"))) == 1


def test_searching_while_another_thread_adds_and_removes_never_fails(archive: Archive):
    vectors = Vectors(4)
    vectors.catch_up(archive)
    wrong: list[object] = []

    def search() -> None:
        for _ in range(300):
            found = vectors.search(np.eye(4, dtype=np.float32)[0], 3)
            if not found or found[0][1] < 0.99:
                wrong.append(found)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(100, 400):
        vectors.add(keys(number), np.eye(4, dtype=np.float32)[:1])
        if number % 3 == 0:
            vectors.remove(keys(number))
    for thread in threads:
        thread.join()
    assert wrong == []
