"""The parts of the benchmarks that can be checked by hand; the measuring itself needs the real model."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import inputs, interleaved, latency, throughput
from benchmarks.pipelines import texts_of
from benchmarks.process import Memory
from evaluation.corpora import Sought
from index.archive import Archive
from tests.fakes import FakeEmbedder, article


def test_without_data_everything_comes_from_the_samples():
    material = inputs.read(None, quick=False)
    assert material.sizes == inputs.QUICK
    assert len(material.articles) > 10
    assert all(question.golds for question in material.questions)


def test_mixed_articles_have_the_characters_wanted_and_ids_of_their_own():
    mixed = list(inputs.mixed([article("a", "Eins. Zwei. Drei."), article("b", "Vier.")], chars=500))
    assert sum(len(a.text) for a in mixed) >= 500
    assert len({a.id for a in mixed}) == len(mixed)
    assert set(mixed[0].text.split()) <= {"Eins.", "Zwei.", "Drei.", "Vier."}


def test_more_mixed_articles_begin_with_the_same_ones():
    material = inputs.read(None, quick=True)
    few, many = material.distractors(10), material.distractors(50)
    assert [a.text for a in many[: len(few)]] == [a.text for a in few]


def test_a_passage_is_right_by_its_article_or_where_none_is_known_by_its_text():
    named = Sought("?", frozenset({"a"}), ("Oslo",))
    assert inputs.is_right(named, "a", "nichts")
    assert not inputs.is_right(named, "b", "Oslo")
    assert inputs.is_right(Sought("?", frozenset(), ("Oslo",)), "b", "In Oslo.")


def test_articles_are_dealt_out_and_none_is_lost():
    articles = [article(str(number)) for number in range(5)]
    assert [[a.id for a in part] for part in throughput.divided(articles, 2)] == [["0", "2", "4"], ["1", "3"]]
    assert len(throughput.divided(articles[:1], 4)) == 1


def test_both_ways_embed_the_same_text_title_first():
    (text,) = texts_of([article("a", "Ein Satz.", published="2024-06-19")])
    assert (text.text, text.embedded) == ("Ein Satz.", "A. 19. Juni 2024. Ein Satz.")


def test_the_comparison_says_ratio_and_share_outside_the_encoder():
    compared = throughput.Compared(
        passages=100,
        product_s={"embed": 9.0, "store": 1.0, "total": 10.0},
        plain_s=20.0,
        ratios=[1.9, 2.1],
        ranks={"plain": [1, None], "dense": [1, None], "fused": [1, 1]},
    )
    figures = throughput.section("texts", compared).figures
    assert figures["ratio"] == 2.0
    assert figures["share_outside_encoder"] == pytest.approx(0.1)
    assert figures["passages_per_s"] == {"product": 10.0, "plain": 5.0}
    assert figures["R@1_difference"].value == 0.0


def test_noisy_vectors_have_length_one_and_a_cosine_of_about_nine_tenths_with_a_real_one():
    real = np.eye(384, dtype=np.float32)[:3]
    made = latency.Noisy(FakeEmbedder(), real).embed_passages(["?"] * 200)
    assert np.linalg.norm(made, axis=1) == pytest.approx(1.0, abs=1e-5)
    nearest = (made @ real.T).max(axis=1)
    assert nearest.mean() == pytest.approx(0.9, abs=0.02)


def test_the_large_archive_holds_real_vectors_and_made_ones(tmp_path: Path):
    articles = [article(str(n), f"Artikel {n} über Brücken und Häfen.") for n in range(3)]
    sizes = inputs.Sizes(distractors=0, rounds=1, real=0, passages=30, questions=1, starts=1)
    material = inputs.Inputs("made", articles, [], None, sizes)
    folder, passages, real = latency.large_archive(material, FakeEmbedder(), tmp_path)
    archive = Archive(folder / "archive.sqlite")
    assert real == 3
    assert passages == archive.count().passages > real
    assert (folder / "vectors" / "manifest.json").exists()


def test_latency_is_said_in_percentiles():
    times = {step: [float(value) for value in range(1, 102)] for step in latency._STEPS}
    section = latency.section(times, 100_000, 20_000, Memory(900, 950), Memory(1000, 1050))
    assert section.figures["ms"]["embed"] == {"p50": 51.0, "p95": 96.0}
    assert section.figures["memory"]["after"]["resident_mb"] == 1000
    assert json.dumps(section.figures)


def test_every_question_is_asked_once_because_a_service_may_remember_it():
    asked = latency.questions(inputs.read(None, quick=True))
    assert len(asked) == len(set(asked)) == latency.WARM_UP + inputs.QUICK.questions


def test_too_few_questions_are_an_error():
    material = inputs.Inputs("few", [], [Sought("?", frozenset(), ())], None, inputs.QUICK)
    with pytest.raises(ValueError, match="few has 1 questions, 30 are needed"):
        latency.questions(material)


def test_memory_grew_by_what_the_last_third_has_more_than_the_middle():
    assert interleaved.grown([100, 150, 200, 200, 200, 190, 210, 220, 205]) == pytest.approx(1.1)
    assert interleaved.grown([100, 300]) == 1.0
