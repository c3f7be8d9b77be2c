"""The scores of the archive's questions, on cases worked out by hand."""

import gzip
import json
from pathlib import Path

import pytest

from evaluation.archive_questions import read_questions
from evaluation.archive_replay import load, outcomes, written
from evaluation.archive_scores import (
    Asked,
    Outcome,
    calibration_error,
    first_right,
    group_of,
    list_f1,
    percentile,
    says_forbidden,
    scores,
)
from evaluation.archive_server import write_articles
from evaluation.depth import list_figures
from index.types import Article, Hit, Passage
from qa_service.reading import Depth
from qa_service.types import Span

PLACES = ("Hanoi", "Wien", "Riga", "Oslo")
GOLD = (("Nordkorea", "DVRK"), ("Vietnam",))


def asked(sort: str = "list", **fields: object) -> Asked:
    return Asked(**{"qid": "1", "sort": sort, "text": "?", "gold": GOLD, "forbid": ("USA",), **fields})  # type: ignore[arg-type]


def test_a_whole_answer_counts_and_a_part_does_not():
    assert group_of("die „DVRK“", GOLD) == 0
    assert group_of("Korea", GOLD) is None


def test_silence_is_not_right():
    assert not first_right([], asked())


def test_only_the_first_answer_makes_a_fact_right():
    assert first_right(["Vietnam", "USA"], asked())
    assert not first_right(["USA", "Vietnam"], asked())


def test_an_item_said_twice_is_right_once():
    # 1 hit of 2 said and 2 wanted: precision 1/2, recall 1/2.
    assert list_f1(["Nordkorea", "DVRK"], asked()) == pytest.approx(0.5)


def test_a_list_with_all_items_is_perfect_and_one_with_none_is_zero():
    assert list_f1(["Vietnam", "Nordkorea"], asked()) == 1.0
    assert list_f1([], asked()) == 0.0


def test_a_forbidden_item_is_noticed():
    assert says_forbidden(["Vietnam", "die USA"], asked())


def test_calibration_error_is_the_weighted_gap_of_the_bins():
    # Bin 0.9: mean 0.95, right 1/2 -> gap 0.45 of 2; bin 0.2: mean 0.25, right 0 -> 0.25 of 1.
    assert calibration_error([(0.95, True), (0.95, False), (0.25, False)]) == pytest.approx((0.9 + 0.25) / 3)
    assert calibration_error([]) is None


def test_a_percentile_is_one_of_the_values():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([], 0.5) is None


def test_the_table_counts_each_sort_for_itself():
    outcomes = [
        Outcome(
            asked("fact"),
            ["Vietnam"],
            [0.9],
            found=["a", "b"],
            citations=2,
            citations_with_answer=2,
            offsets=1,
        ),
        Outcome(asked("none", gold=(), forbid=()), [], []),
        Outcome(asked("chat", shift=True), ["USA"], [0.8], alone=["Vietnam"]),
        Outcome(asked("list", support=("b",)), ["USA"], [0.6], found=["a", "b"]),
    ]
    figures = scores(outcomes)
    assert figures["facts: first answer right"] == 1.0
    assert figures["unanswerable: silent"] == 1.0
    assert figures["chat: lost to the turns"] == 1.0
    assert figures["lists: share with a forbidden item"] == 1.0
    assert figures["citations with exact offsets"] == 0.5
    assert (
        figures["retrieval: support article first"],
        figures["retrieval: support article in first five"],
    ) == (0.0, 1.0)
    assert figures["dated: right within the filter"] is None


def test_distractors_are_added_and_dates_become_published(tmp_path: Path):
    articles, distractors = tmp_path / "a.jsonl", tmp_path / "d.jsonl.gz"
    articles.write_text(
        json.dumps({"id": "a", "title": "A", "date": "2006-03-29", "text": "Ä"}) + "\n", encoding="utf-8"
    )
    with gzip.open(distractors, "wt", encoding="utf-8") as out:
        out.writelines(
            json.dumps({"id": f"d{i}", "title": "D", "date": None, "text": "T"}) + "\n" for i in range(3)
        )
    write_articles(tmp_path / "all.jsonl", articles, distractors, 2)
    records = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["id"] for record in records] == ["a", "d0", "d1"]
    assert records[0]["published"] == "2006-03-29"
    assert "published" not in records[1]


def test_a_limit_keeps_so_many_questions_of_each_sort(tmp_path: Path):
    lines = [
        json.dumps({"qid": str(i), "t": sort, "q": "?", "gold": []})
        for i, sort in enumerate(["fact", "fact", "none"])
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [question.qid for question in read_questions(tmp_path / "q.jsonl", limit=1)] == ["0", "2"]


def test_a_dump_gives_back_what_was_read(tmp_path: Path):
    article = Article(id="a", title="T", text="Putin flog nach Vietnam.")
    hit = Hit(Passage(1, "a", 0, 0, 24), article, score=2.0, dense=0.8, lexical=3.0)
    question = asked("fact", text="Wohin flog Putin?", gold=(("Vietnam",),))
    record = written(question, [hit], [Span(hit, 16, 23, 1.0, 0.9)], {"a": frozenset({"a"})})
    (tmp_path / "dump.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    reads = list(load(tmp_path / "dump.jsonl"))
    assert [outcome.answers for outcome in outcomes(reads, 0.5)] == [["Vietnam"]]
    assert scores(outcomes(reads, 0.5))["facts: first answer right"] == 1.0


def test_the_curve_of_depths_counts_only_what_would_have_been_read():
    articles = [Article(f"a{n}", "T", f"Am {n}. Juni war Putin in {name}.") for n, name in enumerate(PLACES)]
    hits = [Hit(Passage(n, a.id, 0, 0, len(a.text)), a, 1.0, 1.0, 1.0) for n, a in enumerate(articles)]
    places = [(hit, hit.article.text.index(name)) for hit, name in zip(hits, PLACES, strict=True)]
    spans = [Span(hit, at, at + len(name), 2.0, 0.9) for (hit, at), name in zip(places, PLACES, strict=True)]
    question = asked(text="Welche Orte besuchte Putin?", gold=tuple((name,) for name in PLACES))
    copies = {article.id: frozenset([article.id]) for article in articles}
    reads = [(question, hits, spans, copies)]
    assert list_figures(reads, Depth(4, 4)) == ["100.0", "4.0"]
    assert list_figures(reads, Depth(2, 2)) == ["66.7", "2.0"]  # 2 of 2 said, 2 of 4 wanted
    assert list_figures(reads, Depth(2, 4)) == ["100.0", "4.0"]  # the first two answer, so it goes on
