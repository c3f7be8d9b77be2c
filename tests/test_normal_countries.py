"""Countries under all their names."""

import pytest

from qa_service.normal import stands_for
from qa_service.normal.countries import country, country_name


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("Nordkorea", "KP", "name"),
        ("Nordkoreas", "KP", "inflected"),
        ("Demokratische Volksrepublik Korea (DVRK)", "KP", "alias"),
        ("DVRK", "KP", "alias"),
        ("Großbritannien", "GB", "name"),
        ("Demokratischen Volksrepublik Korea", "KP", "inflected"),
        ("nordkoreanischen", "KP", "adjective"),
        ("Pjöngjang", "KP", "capital"),
        ("die Vereinigten Arabischen Emirate", "AE", "inflected"),
        ("der Türkei", "TR", "name"),
        ("USA", "US", "name"),
        ("Islamische Republik Iran", "IR", "long"),
        ("Königreich Saudi-Arabien", "SA", "long"),
        ("mexikanische Staat", "MX", "adjective"),
        ("Bulgariens", "BG", "inflected"),
        ("Laos", "LA", "name"),
        ("Niger", "NE", "name"),
        ("Nigeria", "NG", "name"),
        ("thailändische", "TH", "adjective"),
        ("Rom", "IT", "capital"),
    ],
)
def test_a_country_is_known_by_any_of_its_names(text: str, code: str, how: str):
    found = country(text)
    assert found is not None
    assert (found.code, found.how) == (code, how)


@pytest.mark.parametrize("text", ["Präsident Nordkoreas", "Putin", "Hamburg", "Europa", "Georg", "", "EU"])
def test_what_is_no_country_is_none(text: str):
    assert country(text) is None


def test_a_code_has_a_german_name():
    assert country_name("KP") == "Nordkorea"


def test_it_is_told_why_another_word_supports_a_country():
    assert stands_for("Pjöngjang") == ("capital", "Nordkorea")
    assert stands_for("nordkoreanischen") == ("adjective", "Nordkorea")
    assert stands_for("Nordkoreas") is None
