"""The benchmarks measure what they say, on a handful of passages and with the real model."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import inputs, latency, throughput
from index.embed import open_embedder
from tests.embedded import embedded_model

pytestmark = pytest.mark.model

FEW = inputs.Sizes(distractors=0, rounds=2, real=0, passages=60, questions=3, starts=1)


def few() -> inputs.Inputs:
    material = inputs.read(None, quick=True)
    return replace(material, articles=material.articles[:3], sizes=FEW)


def test_both_ways_index_the_same_passages_and_every_stage_takes_time(tmp_path: Path):
    figures = throughput.compare(few(), embedded_model(), tmp_path).figures
    assert figures["passages"] >= 3
    assert len(figures["ratio_by_round"]) == 2
    assert all(seconds > 0 for seconds in figures["seconds"].values())
    stages = sum(seconds for stage, seconds in figures["seconds"].items() if stage != "total")
    assert stages == pytest.approx(figures["seconds"]["total"], rel=0.3)


def test_a_server_over_a_large_archive_is_asked_and_weighed(tmp_path: Path):
    source = embedded_model()
    section = latency.measure(few(), open_embedder(source, device="cpu"), tmp_path, source.folder.parent)
    steps = section.figures["ms"]
    assert section.figures["passages"] > section.figures["real_vectors"] > 0
    assert steps["whole request"]["p50"] >= steps["service"]["p50"] >= steps["embed"]["p50"] > 0
    assert section.figures["questions"] == FEW.questions
    assert section.figures["memory"]["after"]["resident_mb"] > 50
