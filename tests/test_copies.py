import random

from hypothesis import given
from hypothesis import strategies as st

from index.copies import bands, signature, similarity

WORDS = [f"wort{number}" for number in range(2_000)]
TEXT = " ".join(WORDS[:300])


def changed(text: str, every: int) -> str:
    words = text.split()
    words[::every] = [f"neu{number}" for number in range(len(words[::every]))]
    return " ".join(words)


def jaccard(a: str, b: str) -> float:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}

    return len(runs(a) & runs(b)) / len(runs(a) | runs(b))


def test_the_same_words_are_wholly_alike_whatever_the_punctuation():
    assert similarity(signature(TEXT), signature(TEXT.upper().replace(" ", ",\n"))) == 1.0


def test_different_texts_have_nothing_in_common():
    assert similarity(signature(TEXT), signature(" ".join(WORDS[1_000:1_300]))) < 0.05


def test_similarity_estimates_the_share_of_common_runs():
    for every in (100, 50, 30):
        other = changed(TEXT, every)
        assert abs(similarity(signature(TEXT), signature(other)) - jaccard(TEXT, other)) < 0.13


def test_near_copies_share_a_band():
    rng = random.Random(1)
    for _ in range(50):
        words = rng.sample(WORDS, 300)
        text = " ".join(words)
        other = changed(text, 75)
        assert set(bands(signature(text))) & set(bands(signature(other)))


def test_different_texts_share_no_band():
    assert not set(bands(signature(TEXT))) & set(bands(signature(" ".join(WORDS[1_000:1_300]))))


def test_short_texts_are_copies_only_of_the_same_words():
    short = "Der Rat tagt heute in Oberau."

    assert similarity(signature(short), signature("DER RAT tagt heute in Oberau")) == 1.0
    assert similarity(signature(short), signature("Der Rat tagt morgen in Oberau.")) == 0.0
    assert similarity(signature(short), signature(TEXT)) == 0.0
    assert bands(signature(short)) == [signature(short)]


def test_signatures_are_the_same_on_every_machine():
    assert signature(TEXT)[:9].hex() == "6d49b64d0017479002"


@given(st.text())
def test_any_text_is_a_copy_of_itself(text: str):
    assert similarity(signature(text), signature(text)) == 1.0
