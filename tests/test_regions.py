"""Parts of the world: which countries lie there, and which questions are limited to them."""

import pytest

from qa_service.normal.countries import continents
from qa_service.normal.regions import _PARTS, region
from qa_service.questions import understand


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("asien", "VN", "FR"),
        ("asiens", "VN", "FR"),
        ("asiatischen", "KP", "MA"),
        ("suedostasiatische", "VN", "KP"),
        ("suedost-asien", "VN", "KP"),
        ("westafrikanischen", "GH", "KE"),
        ("europaeischer", "PL", "CN"),
        ("europas", "GB", "CN"),
        ("lateinamerikanischen", "MX", "US"),
        ("suedamerikas", "BR", "MX"),
        ("nahen ostens", "IL", "GR"),
        ("naher osten", "SY", "GR"),
        ("arabische", "EG", "IR"),
        ("arabischen welt", "EG", "IR"),
        ("baltischen", "EE", "PL"),
        ("karibischen", "CU", "MX"),
        ("eu", "DE", "CH"),
        ("europaeischen union", "DE", "CH"),
        ("nato", "TR", "AT"),
        ("ozeanien", "FJ", "RU"),
        ("afrika", "EG", "AM"),
        ("afrikanischen", "KE", "TR"),
        ("asien", "AM", "KE"),
    ],
)
def test_what_lies_in_a_region(name: str, inside: str, outside: str):
    found = region(name)
    assert found is not None
    assert inside in found.inside
    assert outside not in found.inside
    assert outside in found.outside


@pytest.mark.parametrize("name", ["", "laender", "amerikanischen", "deutschen", "welche", "osten", "s"])
def test_what_is_no_region(name: str):
    assert region(name) is None


def test_countries_between_two_continents_or_that_left_count_as_both():
    for name, codes in (("europa", ("TR", "RU")), ("asien", ("TR", "RU", "EG")), ("eu", ("GB",))):
        found = region(name)
        assert found is not None
        assert set(codes) <= found.inside & found.outside


def test_every_region_is_of_countries_that_there_are():
    known = set(continents())
    for name in _PARTS:
        found = region(name)
        assert found is not None, name
        assert found.inside <= known, (name, found.inside - known)
        assert not found.surely & found.maybe, name


@pytest.mark.parametrize(
    "question",
    [
        "Welche asiatischen Länder hat Putin besucht?",
        "Welche anderen asiatischen Länder hat Putin besucht?",
        "Welche Länder Asiens hat Putin besucht?",
        "Welche Länder in Asien hat Putin besucht?",
        "Welche Staaten aus Südostasien kamen?",
        "Welches südostasiatische Land hat Putin besucht?",
        "welche laender asiens hat putin besucht",
        "Nenne alle Länder Südostasiens, die er besuchte.",
        "Welche außereuropäischen Länder hat er besucht?",
        "Welche asiatischen und afrikanischen Länder hat er besucht?",
        "Welche Länder Afrikas und Asiens hat er besucht?",
        "Welche Nicht-EU-Staaten waren dabei?",
        "Welche Länder außerhalb der EU waren dabei?",
        "Welche Staaten außerhalb Europas waren dabei?",
        "Welche Länder hat Putin in Asien besucht?",
        "Welche Länder besuchte Putin im Juni 2024 in Asien?",
        "Welche Länder außer China hat er außerhalb Europas bereist?",
    ],
)
def test_a_question_limited_to_a_region_leaves_others_out(question: str):
    countries = understand(question).countries
    assert countries is not None
    assert "VN" in countries
    assert "FR" not in countries


@pytest.mark.parametrize(
    "question",
    [
        "Welche EU-Staaten stimmten dagegen?",
        "Welche Mitgliedstaaten der Europäischen Union stimmten dagegen?",
        "Welche NATO-Länder liefern Panzer?",
        "Welche Staaten Europas liefern Panzer?",
        "Welche nichtasiatischen Länder liefern Panzer?",
    ],
)
def test_alliances_and_continents_of_others(question: str):
    countries = understand(question).countries
    assert countries is not None
    assert "FR" in countries
    assert "VN" not in countries


@pytest.mark.parametrize(
    "question",
    [
        "Welche Länder hat Putin besucht?",
        "Welche Länder wollen in Asien Truppen haben?",
        "Welche Länder verkaufen in Asien Panzer?",
        "Welche Länder hat Putin im Juni 2024 besucht?",
        "Welche amerikanischen Staaten wählten Obama?",
        "Welche Länder europäische Waffen kaufen, fragt er?",
        "Welche asiatischen Präsidenten kamen?",
        "Wer besuchte Asien?",
    ],
)
def test_questions_that_are_not_limited(question: str):
    assert understand(question).countries is None


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("Welche Länder Asiens hat Putin besucht?", "Länder"),
        ("Welche Kinder Hamburgs gingen zur Schule?", "Kinder"),
        ("Welche Berliner Bürgermeister kamen?", "Bürgermeister"),
    ],
)
def test_a_plural_in_er_is_a_noun_also_before_a_name(question: str, focus: str):
    assert understand(question).focus == focus
