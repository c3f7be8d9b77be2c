import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import clean, reflow

MESSY = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(" \n\t\r\f\u00a0\u00ad\u200b\u200d\u0308a😀"))
)


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("Mu\u0308nchen", "München"),
        ("Bundes\u00adkanzler", "Bundeskanzler"),
        ("Auf\u200blage und \ufeffAuf\u200clage", "Auflage und Auflage"),
        ("u\u00ad\u0308ber", "über"),
        ("10\u00a0000\u202fEuro", "10 000 Euro"),
        ("zwei   Wörter\tund  mehr", "zwei Wörter und mehr"),
        ("Ende.  \r\n\r\n  \r\n  Anfang", "Ende.\n\nAnfang"),
        ("Ende.\u2029Anfang", "Ende.\n\nAnfang"),
        ("Zeile eins \n Zeile zwei", "Zeile eins\nZeile zwei"),
        ("Null\x00 und\x07 Ton", "Null und Ton"),
        ("halb \ud83d offen", "halb offen"),
        ("  \n außen \n\n", "außen"),
        ("", ""),
    ],
)
def test_ballast_goes_and_white_space_is_plain(dirty: str, tidy: str):
    assert clean(dirty) == tidy


def test_what_can_be_seen_stays():
    text = "„Straße“ – 1.234,5 €; ½ ﬁn … 👩\u200d🚒 ẞ 東京"

    assert clean(text) == text


@given(MESSY)
def test_cleaning_twice_is_cleaning_once(text: str):
    assert clean(clean(text)) == clean(text)


@given(MESSY)
def test_clean_text_is_nfc_and_has_single_blank_lines(text: str):
    tidy = clean(text)

    assert unicodedata.is_normalized("NFC", tidy)
    assert "\n\n\n" not in tidy
    assert "  " not in tidy
    assert tidy == tidy.strip()


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Po", "Zs"])))
def test_letters_digits_and_punctuation_are_never_lost(text: str):
    def visible(of: str) -> str:
        return "".join(unicodedata.normalize("NFC", of).split())

    assert visible(clean(text)) == visible(text)


def test_lines_wrapped_at_a_margin_are_joined():
    text = (
        "Der Gemeinderat von Oberau hat am Dienstagabend nach langer\n"
        "Debatte beschlossen, die alte Mühle am Bach zu erhalten. Die\n"
        "Kosten trägt das Land."
    )

    assert reflow(text) == text.replace("\n", " ")


def test_other_lines_become_paragraphs():
    assert (
        reflow("Kurz\nEine zweite Zeile.\n\nDritter Absatz.")
        == "Kurz\n\nEine zweite Zeile.\n\nDritter Absatz."
    )


@given(MESSY)
def test_reflowed_text_has_paragraphs_and_no_other_line_breaks(text: str):
    flowing = reflow(clean(text))

    assert "\n" not in flowing.replace("\n\n", "")
    assert flowing.split() == clean(text).split()
