"""Retrieval measures on cases worked out by hand, and the whole measurement over letters as vectors."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evaluation import report, retrieval, retrieval_sweeps
from evaluation.corpora import Sought, accepted, evenly, read_archive, read_contexts, read_distractors
from evaluation.indexed import Setting, indexed
from evaluation.machine import describe, in_words
from evaluation.ranking import interval, lead, measures, rank, recalls, reciprocals
from index.embed import Embedder
from tests.fakes import FakeEmbedder, article

HARBOUR = "Der Hafen von Westrum wurde 1897 gebaut."
BRIDGE = "Die Brücke bei Altenkamp trägt seit 2011 Züge."
HARBOUR_QUESTION = "Wann wurde der Hafen von Westrum gebaut?"


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = "".join(json.dumps(record) + "\n" for record in records).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def asked(question: str, context: str, *answers: str) -> dict[str, Any]:
    return {
        "title": context.split()[1],
        "context": context,
        "question": question,
        "answers": [{"text": answer, "answer_start": context.index(answer)} for answer in answers],
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two contexts with three questions, and three other articles, one of them a context's own."""
    folder = tmp_path / "data"
    write_lines(
        folder / "mlqa" / "de_dev.jsonl",
        [
            asked(HARBOUR_QUESTION, HARBOUR, "1897"),
            asked("Seit wann trägt die Brücke Züge?", BRIDGE, "2011"),
            asked("Was trägt die Brücke?", BRIDGE, "Züge"),
            asked("Wer baute die Brücke?", BRIDGE),
        ],
    )
    others = [("Hafen", HARBOUR), ("Eulen", "Quokkas jagen Xylophone."), ("Zebus", "Yaks pfeifen auf Jazz.")]
    write_lines(
        folder / "wikipedia" / "articles.jsonl.gz",
        [{"id": f"w{i}", "title": title, "text": text} for i, (title, text) in enumerate(others)],
    )
    return folder


@pytest.fixture
def setting(data: Path, tmp_path: Path) -> Setting:
    embedder: Embedder = FakeEmbedder()
    return Setting(data, "mlqa/de_dev", tmp_path / "work", distractors=2, limit=None, embedder=embedder)


def test_the_rank_is_the_place_of_the_first_right_passage():
    assert rank([False, True, True]) == 2
    assert rank([False]) is None


def test_recall_counts_ranks_up_to_the_cutoff_and_a_miss_is_zero():
    assert recalls([1, 5, 6, None], 5) == [1.0, 1.0, 0.0, 0.0]


def test_reciprocal_ranks_are_zero_for_a_miss():
    assert reciprocals([1, 4, None]) == [1.0, 0.25, 0.0]


def test_measures_are_means_over_questions():
    figures = measures([1, 2, 7, None])
    assert [figures[name].value for name in ("R@1", "R@5", "R@10")] == [0.25, 0.5, 0.75]
    assert figures["MRR"].value == pytest.approx((1 + 1 / 2 + 1 / 7) / 4)


def test_the_interval_of_equal_values_is_their_value():
    same = interval([1.0] * 20)
    assert (same.low, same.value, same.high) == (1.0, 1.0, 1.0)


def test_the_interval_is_near_the_binomial_one():
    # 100 of 200: standard error sqrt(.25 / 200) = .0354, so .5 ± .0693.
    half = interval([0.0, 1.0] * 100)
    assert half.low == pytest.approx(0.43, abs=0.012)
    assert half.high == pytest.approx(0.57, abs=0.012)


def test_no_question_at_all_is_an_error_and_not_a_perfect_score():
    with pytest.raises(ValueError, match="no question was asked"):
        interval([])


def test_the_lead_compares_question_by_question():
    ahead = lead([1, 1, 1, 3], [1, 2, 2, 1])
    assert ahead.value == pytest.approx(0.25)
    assert str(lead([1, 1], [1, 1])) == "0.0 (0.0–0.0)"


def test_questions_about_one_context_share_an_article_and_unanswerable_ones_are_left_out(data: Path):
    corpus = read_contexts(data / "mlqa" / "de_dev.jsonl")
    assert [a.text for a in corpus.articles] == [HARBOUR, BRIDGE]
    assert [q.article_ids for q in corpus.questions] == [{"de_dev-0000"}, {"de_dev-0001"}, {"de_dev-0001"}]
    assert corpus.questions[0].golds == ("1897",)


def test_only_facts_are_asked_of_the_archive(tmp_path: Path):
    write_lines(tmp_path / "articles.jsonl", [{"id": "a1", "title": "Hafen", "text": HARBOUR}])
    fact = {"qid": "1", "t": "fact", "q": "?", "gold": [["1897"]], "support": ["a1"]}
    write_lines(tmp_path / "dev.jsonl", [fact, fact | {"t": "none", "gold": [], "support": []}])
    corpus = read_archive(tmp_path)
    assert corpus.questions == [Sought("?", frozenset({"a1"}), ("1897",))]


def test_distractors_leave_out_the_articles_that_contexts_come_from(data: Path):
    found = read_distractors(data / "wikipedia" / "articles.jsonl.gz", 2, without={"Hafen"})
    assert {a.title for a in found} == {"Eulen", "Zebus"}


def test_too_few_distractors_are_an_error(data: Path):
    with pytest.raises(ValueError, match="1 passages short"):
        read_distractors(data / "wikipedia" / "articles.jsonl.gz", 4)


def test_what_the_product_rejects_cannot_be_evaluated(tmp_path: Path):
    with pytest.raises(ValueError, match="cannot be evaluated"):
        accepted({"id": "leer", "text": ""}, tmp_path)


def test_a_limit_takes_questions_evenly():
    questions = [Sought(str(number), frozenset(), ()) for number in range(10)]
    assert [q.text for q in evenly(questions, 4)] == ["0", "2", "5", "7"]


def test_a_word_that_only_one_context_has_finds_it_first(setting: Setting):
    corpus = setting.corpus()
    with setting.open(corpus) as parts:
        found = retrieval.ranks(parts, corpus.questions)
    assert found["lexical"][0] == 1
    assert found["fused"][0] == 1
    assert len(found["dense"]) == len(corpus.questions)


def test_the_distractors_stand_beside_the_contexts(setting: Setting):
    corpus = setting.corpus()
    with setting.open(corpus) as parts:
        assert parts.archive.count().articles == len(corpus.articles) + 2
    with setting.open(corpus, alone=True) as parts:
        assert parts.archive.count().articles == len(corpus.articles)


def test_a_second_run_reuses_what_the_first_indexed(setting: Setting):
    corpus = setting.corpus()
    with setting.open(corpus) as parts:
        change = parts.archive.change()
    with setting.open(corpus) as parts:
        assert parts.archive.change() == change


def test_a_folder_of_other_data_is_refused(tmp_path: Path):
    with indexed(tmp_path, [article("a"), article("b")], FakeEmbedder()):
        pass
    with (
        pytest.raises(ValueError, match="holds 2 articles instead of 1"),
        indexed(tmp_path, [article("a")], FakeEmbedder()),
    ):
        pass


def test_the_section_on_contexts_has_a_row_for_each_way_of_searching(setting: Setting):
    section = retrieval.contexts(setting)
    assert [line.split(" ")[1] for line in section.lines if line.startswith("| ")][1:] == list(retrieval.WAYS)
    assert section.figures["passages"] == 4


def test_both_halves_of_a_sweep_hold_every_question_once_and_share_no_context():
    questions = [Sought(str(n), frozenset({f"a{n // 2}"}), ()) for n in range(40)]
    choosing, reporting = retrieval_sweeps.halves(questions)
    assert sorted(choosing + reporting, key=lambda q: int(q.text)) == questions
    assert not {q.article_ids for q in choosing} & {q.article_ids for q in reporting}


def test_the_default_fusion_is_the_one_that_the_product_searches_with(setting: Setting):
    corpus = setting.corpus()
    with setting.open(corpus) as parts:
        same = dict(retrieval_sweeps._searches(parts))[retrieval_sweeps.Fusion()]
        for question in corpus.questions:
            swept = [hit.score for hit in same.search(question.text).hits]
            assert swept == [hit.score for hit in parts.search.search(question.text).hits]


def test_sizes_of_passages_are_compared_over_the_same_articles(setting: Setting):
    section = retrieval_sweeps.sizes(setting, None, ["20:0", "700:1"])
    small, large = section.figures["rows"]
    assert small["passages"] > large["passages"] == 4
    assert small["answer first"].value <= small["R@1"].value


def test_a_section_replaces_itself_and_leaves_the_rest():
    before = "# Title\n\n<!-- a -->\nold\n<!-- /a -->\n\nEnd\n"
    assert report.replaced(before, "a", "new") == before.replace("old", "new")
    assert report.replaced("# Title\n", "a", "new") == "# Title\n\n<!-- a -->\nnew\n<!-- /a -->\n"


def test_results_are_written_with_their_machine(tmp_path: Path):
    section = report.Section("contexts", ["text"], {"R@1": interval([1.0])})
    report.write(section, describe(), tmp_path / "docs.md", tmp_path / "results.json")
    report.write(report.Section("other", [], {}), describe(), tmp_path / "docs.md", tmp_path / "results.json")
    stored = json.loads((tmp_path / "results.json").read_text())
    assert stored["contexts"]["R@1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert stored["contexts"]["machine"]["cores"] >= 1
    assert stored.keys() == {"contexts", "other"}


def test_the_machine_is_said_with_its_cores():
    assert in_words(describe()).startswith(f"{describe()['cores']} cores of ")
