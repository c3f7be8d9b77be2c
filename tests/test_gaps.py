"""Passages that lost a sentence: the answer is gone, or still there and in its new place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.gaps import SHORTEST, holds, shortened, unanswered

#: Three sentences of 40 tokens, all different.
PASSAGE = list(range(120))
BOUNDS = [0, 40, 80, 120]


def test_the_sentences_that_answer_are_left_out():
    assert unanswered(PASSAGE, BOUNDS, [(45, 47)]) == [*range(40), *range(80, 120)]
    assert unanswered(PASSAGE, BOUNDS, [(3, 3), (100, 101)]) == [*range(40, 80)]
    assert unanswered(PASSAGE, BOUNDS, [(39, 41)]) == [*range(80, 120)]


def test_too_little_left_or_an_answer_that_stands_elsewhere_as_well_is_no_example():
    assert unanswered(PASSAGE, BOUNDS, [(3, 3), (45, 45), (100, 101)]) is None
    assert unanswered(PASSAGE[: 40 + SHORTEST - 1], [0, 40, 40 + SHORTEST - 1], [(3, 4)]) is None
    assert unanswered([*PASSAGE[:119], 45], BOUNDS, [(45, 45)]) is None
    assert unanswered(PASSAGE, BOUNDS, []) is None


def test_one_sentence_alone_keeps_its_place():
    rng = np.random.default_rng(1)
    assert shortened(PASSAGE, [0, 120], [(3, 4)], rng) == (PASSAGE, [(3, 4)])
    assert shortened(PASSAGE, [0, 40, 120], [(3, 4)], rng) == (PASSAGE, [(3, 4)])


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 12)), max_size=4),
    st.integers(0, 99),
)
def test_answers_are_found_in_what_is_left(lengths: list[int], places: list[tuple[int, int]], seed: int):
    bounds = np.cumsum([0, *lengths]).tolist()
    passage = list(range(bounds[-1]))
    spans = [(a, min(a + more, len(passage) - 1)) for a, more in places if a < len(passage)]
    rest, moved = shortened(passage, bounds, spans, np.random.default_rng(seed))
    assert [rest[a : b + 1] for a, b in moved] == [passage[a : b + 1] for a, b in spans]
    assert len(passage) - len(rest) in {0, *lengths}


def test_a_row_of_tokens_is_found_where_it_stands():
    assert holds([1, 2, 3, 4], [2, 3])
    assert not holds([1, 2, 3, 4], [2, 4])
    assert not holds([1], [1, 1])
