"""Witnesses, confidence and enumerations by hand-worked cases."""

import pytest

from index.types import Article
from qa_service.enumerations import is_joint, items
from qa_service.evidence import Evidence, Weights, confidence, witnesses


def article(article_id: str, source: str | None = None) -> Article:
    return Article(id=article_id, title="T", text="T", source=source)


def test_articles_without_a_source_are_independent():
    assert witnesses([article("1"), article("2")], {}) == [{"1"}, {"2"}]


def test_copies_and_publishers_join_in_chains():
    articles = [article("1", "A"), article("2", "B"), article("3", "B"), article("4", "C")]
    copies = {"1": frozenset({"1", "2"}), "2": frozenset({"1", "2"})}
    assert witnesses(articles, copies) == [{"1", "2", "3"}, {"4"}]


def evidence(best: float, support: float = 0.0) -> Evidence:
    return Evidence(best=best, support=support, margin=0.0, dense=0.5, lag=0.0)


def test_confidence_without_support_is_the_readers():
    assert confidence(evidence(0.7), Weights()) == pytest.approx(0.7)


def test_support_raises_confidence_by_its_weight_in_log_odds():
    assert confidence(evidence(0.6, support=0.6), Weights()) == pytest.approx(0.6694, abs=1e-4)


def test_confidence_is_never_certain():
    assert 0 < confidence(evidence(0.0), Weights()) < confidence(evidence(1.0, support=50), Weights()) < 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Mannheim, Leipzig und Essen", ["Mannheim", "Leipzig", "Essen"]),
        ("CDU und FDP", ["CDU", "FDP"]),
        ("Bosnien und Herzegowina", ["Bosnien und Herzegowina"]),
        ("Bosnien und Herzegowina, Kroatien und Serbien", ["Bosnien und Herzegowina", "Kroatien", "Serbien"]),
        ("Kuba und Trinidad und Tobago", ["Kuba", "Trinidad und Tobago"]),
        ("Amt für Umwelt und Klima", ["Amt für Umwelt und Klima"]),
        ("„Nazis raus“ und „Mehr Arbeit, sofort“", ["„Nazis raus“", "„Mehr Arbeit, sofort“"]),
        ("1,5 Millionen", ["1,5 Millionen"]),
        ("Stadt- und Landkreis Karlsruhe", ["Stadt- und Landkreis Karlsruhe"]),
        ("der Mann, der kam und ging", ["der Mann, der kam und ging"]),
    ],
)
def test_an_enumeration_has_items_and_a_name_has_none(text: str, parts: list[str]):
    assert [text[start:end] for start, end in items(text)] == parts


@pytest.mark.parametrize(
    "between",
    [", ", " und ", ", und ", " sowie die ", " oder ", " bzw. ", "/", "; ", " (SPD) und ", " (Sport), ",
     "“ und „", "« sowie »", " als auch ", " & ", ", in "],
)  # fmt: skip
def test_joints_of_an_enumeration(between: str):
    assert is_joint(between)


@pytest.mark.parametrize(
    "between",
    ["", " ", " wurde ", ". ", " und traf dort ", " (SPD) ", ", der im Mai nach ", "\n", " unddas "],
)
def test_what_is_no_joint(between: str):
    assert not is_joint(between)
