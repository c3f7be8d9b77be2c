"""Spans out of token scores: known answers, and every pair tried."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.span_reader.decode import TokenScores, TokenSpan, best_spans, enumerations, item_spans


def scores(start: list[float], end: list[float], item: list[list[float]] | None = None) -> TokenScores:
    tags = None if item is None else np.array(item, np.float32)
    return TokenScores(np.array(start, np.float32), np.array(end, np.float32), tags, 0.0)


def test_the_best_span_has_the_highest_sum_and_its_margin_is_over_no_answer():
    found = best_spans(scores([1, 0, 5, 0], [1, 0, 0, 4]), 1, 4, keep=1)
    assert [(s.first, s.last, s.margin) for s in found] == [(2, 3, 7.0)]


def test_a_span_never_ends_before_it_starts():
    found = best_spans(scores([0, 0, 0, 9], [0, 9, 0, 0]), 1, 4, keep=1)
    assert found[0].first <= found[0].last


def test_question_tokens_are_never_answers():
    found = best_spans(scores([0, 99, 1, 2], [0, 99, 1, 2]), 2, 4, keep=5)
    assert all(s.first >= 2 for s in found)


def test_a_span_is_no_longer_than_allowed():
    found = best_spans(scores([0, 9, 0, 0, 0], [0, 0, 0, 0, 9]), 1, 5, keep=1, longest=3)
    assert found[0].last - found[0].first < 3


def test_an_empty_passage_gives_no_span():
    assert best_spans(scores([0, 1], [0, 1]), 1, 1, keep=3) == []
    assert item_spans(scores([0, 1], [0, 1], [[0, 1, 0]] * 2), 1, 1) == []


def test_runs_of_begin_and_inside_are_items():
    outside, begin, inside = [9.0, 0.0, 0.0], [0.0, 9.0, 0.0], [0.0, 0.0, 9.0]
    found = item_spans(
        scores([0] * 7, [0] * 7, [outside, begin, inside, outside, begin, begin, outside]), 0, 7
    )
    assert [(s.first, s.last) for s in found] == [(1, 2), (4, 4), (5, 5)]


def test_a_model_without_an_item_head_gives_no_items():
    assert item_spans(scores([0, 1], [0, 1]), 1, 2) == []


def test_items_of_one_enumeration_are_one_span_with_their_summed_chance():
    spans = [TokenSpan(1, 1, 0.0, 1.0), TokenSpan(3, 4, 0.0, 2.0), TokenSpan(9, 9, 5.0, 3.0)]
    (found,) = enumerations(spans, lambda first, second: second.first - first.last == 2)
    assert (found.first, found.last, round(found.margin, 3), found.odds) == (1, 4, 0.693, 1.5)
    assert found.items == ((1, 1), (3, 4))


@given(st.integers(2, 12), st.integers(1, 6), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_first_span_is_what_trying_every_pair_finds(length, longest, seed):
    rng = random.Random(seed)
    start = [rng.gauss(0, 3) for _ in range(length)]
    end = [rng.gauss(0, 3) for _ in range(length)]
    found = best_spans(scores(start, end), 1, length, keep=1, longest=longest)
    best = max(start[a] + end[b] for a in range(1, length) for b in range(a, min(length, a + longest)))
    assert found[0].margin == pytest.approx(best - start[0] - end[0], abs=1e-4)


@given(st.integers(2, 15), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_spans_of_one_window_never_overlap(length, seed):
    rng = random.Random(seed)
    start = [rng.gauss(0, 3) for _ in range(length)]
    end = [rng.gauss(0, 3) for _ in range(length)]
    found = best_spans(scores(start, end), 1, length, keep=5)
    places = [place for s in found for place in range(s.first, s.last + 1)]
    assert len(places) == len(set(places))
