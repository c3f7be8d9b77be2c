"""The measuring of large archives, on small ones."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import large, synthetic
from index.archive import Archive
from index.types import Filters


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return synthetic.fill(tmp_path / "archive.sqlite", 200, 1)


def test_an_archive_has_the_passages_wanted_and_is_filled_up_where_some_are_missing(archive: Archive):
    archive.delete("m0")
    assert synthetic.fill(archive.path, 200, 1).count().passages == 200


def test_vectors_are_of_length_one_and_as_near_as_real_ones(archive: Archive):
    vectors = archive.embeddings(archive.keys(Filters()))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)
    cosines = np.sort(vectors @ vectors.T, axis=1)
    assert np.median(cosines[:, -2]) == pytest.approx(0.92, abs=0.03)
    assert np.median(cosines[:, -11]) == pytest.approx(0.88, abs=0.03)


def test_vectors_made_beside_others_lie_among_them():
    drawn = np.random.default_rng(3)
    real = (drawn.standard_normal((4000, 384)) * np.linspace(0.002, 0.06, 384) + 0.04).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    vectors = synthetic.Vectors(1, real)
    made = np.concatenate([vectors.article(20 * n) for n in range(300)])
    assert made.mean(axis=0) == pytest.approx(real.mean(axis=0), abs=0.02)
    assert made.var(axis=0).sum() == pytest.approx(real.var(axis=0).sum(), rel=0.1)


def test_the_exact_order_is_that_of_the_cosines(archive: Archive, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(large, "_CHUNK", 64)
    keys = archive.keys(Filters())
    embeddings = archive.embeddings(keys)
    questions = synthetic.Vectors(1).questions(embeddings[:5])
    want = [keys[np.argsort(-(embeddings @ question))[:7]].tolist() for question in questions]
    assert large.exact(archive, questions, 7) == want


def test_everything_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(large, "_QUESTIONS", 5)
    monkeypatch.setattr(large, "_CHANGES", 2)
    result = large.run(tmp_path, 200, sentences_each=1, exact_up_to=100)
    assert (result["passages"], result["lists"]) == (200, 28)
    assert result["filtered"]["10"]["recall@10"] == 1.0
    assert set(result["build_s"]) == {"store", "vectors_exact", "vectors_lists", "save", "load", "lexical"}
