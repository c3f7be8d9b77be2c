import pytest

from index.bylines import agencies
from index.metadata import first_words, read_metadata

PROSE = "Der Rat von Oberau hat am Dienstag lange beraten. Er will die Mühle erhalten. " * 4


def page(*paragraphs: str) -> str:
    return "\n\n".join((*paragraphs, PROSE.strip()))


def test_the_rest_of_a_date_line_is_the_title():
    facts = read_metadata(page("date 2023-05 Rat von Oberau: Neue Pläne für die alte Mühle"))

    assert (facts.title, facts.published) == ("Rat von Oberau: Neue Pläne für die alte Mühle", "2023-05")
    assert facts.text == PROSE.strip()


def test_a_reading_time_is_no_title():
    facts = read_metadata(page("date 2023-05 Lesezeit: 3 min"))

    assert (facts.title, facts.published) == (None, "2023-05")
    assert facts.text == PROSE.strip()


def test_a_picture_credit_before_the_title_is_left_out():
    facts = read_metadata(
        page("date 2023-05 Bildwerk/Jana Weiß/Pool via REUTERS Gut gelaunt: Kern am Montag in Ulm")
    )

    assert facts.title == "Gut gelaunt: Kern am Montag in Ulm"


def test_a_sentence_after_the_date_stays_in_the_text():
    sentence = "Der Rat hat beraten. " * 15
    facts = read_metadata(page(f"date 2023-05 {sentence.strip()}"))

    assert facts.title is None
    assert facts.text.startswith("Der Rat hat beraten.")


def test_a_short_first_line_without_full_stop_is_the_title():
    facts = read_metadata(page("Rat von Oberau: Alte Mühle und neue ..."))

    assert facts.title == "Rat von Oberau: Alte Mühle und neue ..."
    assert facts.text == PROSE.strip()


@pytest.mark.parametrize("first", ["Das ist ein Satz.", "Er sagte:"])
def test_a_first_sentence_is_no_title(first: str):
    facts = read_metadata(page(first))

    assert facts.title is None
    assert facts.text.startswith(first)


def test_a_single_line_is_text_and_not_title():
    assert read_metadata("Rat tagt").text == "Rat tagt"


def test_a_known_title_is_not_repeated_in_the_text():
    facts = read_metadata(page("Rat tagt"), title="Rat tagt")

    assert (facts.title, facts.text) == ("Rat tagt", PROSE.strip())


def test_the_most_precise_date_is_the_date():
    facts = read_metadata(page("date 2023-05 Rat tagt", "20 May 2023"))

    assert facts.published == "2023-05-20"


def test_a_line_of_changes_gives_date_source_and_agencies():
    facts = read_metadata(
        page(
            "Rat tagt",
            "20 May 2023",
            "Aktualisiert am 19. Mai 2023, 20:12 Uhr Quelle: TAGBLATT ONLINE, dpa, AFP, jwe",
        )
    )

    assert (facts.published, facts.updated) == ("2023-05-20", "2023-05-19")
    assert (facts.source, facts.agency) == ("TAGBLATT ONLINE", "dpa, AFP")
    assert facts.text == PROSE.strip()


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Von Jana Weiß", "Jana Weiß"),
        ("Von Jana Weiß und Tom von der Aue", "Jana Weiß und Tom von der Aue"),
        ("Von Jana Weiß, Ulm", "Jana Weiß"),
        ("Eine Analyse von Jana Weiß", "Jana Weiß"),
        ("Autorin: Dr. Jana Weiß", "Dr. Jana Weiß"),
    ],
)
def test_a_byline_names_the_author(line: str, author: str):
    facts = read_metadata(page("Rat tagt", line))

    assert (facts.author, facts.text) == (author, PROSE.strip())


@pytest.mark.parametrize(
    "line", ["Von Ulm nach Oberau", "Von Hand gemacht", "Von Sinnen", "Von Jana Weiß kam kein Wort."]
)
def test_other_lines_that_begin_with_von_stay(line: str):
    facts = read_metadata(page("Rat tagt", line))

    assert facts.author is None
    assert line in facts.text


def test_a_byline_in_the_middle_of_the_text_is_text():
    facts = read_metadata(f"Rat tagt\n\n{PROSE}\n\n{PROSE}\n\nVon Jana Weiß\n\n{PROSE}")

    assert facts.author is None


@pytest.mark.parametrize(
    ("before", "after", "agency"),
    [
        ("Ulm (dpa) - Der Rat tagt.", "Ulm - Der Rat tagt.", "dpa"),
        ("Ulm (dpa/lsw) – Der Rat tagt.", "Ulm – Der Rat tagt.", "dpa"),
        ("Bad Ems, 3. Mai (Reuters) - Der Rat tagt.", "Bad Ems, 3. Mai - Der Rat tagt.", "Reuters"),
        ("Der Rat tagt. (AFP)", "Der Rat tagt.", "AFP"),
        ("Die Behörde (BKA) - so heißt sie - tagt.", "Die Behörde (BKA) - so heißt sie - tagt.", None),
        ("Ulm an der Donau (XYZ) - Der Rat tagt.", "Ulm an der Donau - Der Rat tagt.", "XYZ"),
        ("Das Amt (BKA) - Der Rat tagt.", "Das Amt (BKA) - Der Rat tagt.", None),
        ("Das sagte die Agentur (dpa) am Montag.", "Das sagte die Agentur (dpa) am Montag.", None),
    ],
)
def test_an_agency_is_metadata_and_the_place_stays(before: str, after: str, agency: str | None):
    facts = read_metadata(before)

    assert (facts.text, facts.agency) == (after, agency)


@pytest.mark.parametrize(
    ("line", "author", "source", "agency", "published"),
    [
        ("Von Jana Weiß | Tagblatt | 4. Mai 2023", "Jana Weiß", "Tagblatt", None, "2023-05-04"),
        ("Von Jana Weiß, Tagblatt, 4. Mai 2023", "Jana Weiß", "Tagblatt", None, "2023-05-04"),
        ("4. Mai 2023 · Tagblatt am Sonntag · dpa", None, "Tagblatt am Sonntag", "dpa", "2023-05-04"),
        ("Tagblatt Oberau / XYZ", None, "Tagblatt Oberau", "XYZ", None),
        ("Tagblatt / dpa", None, "Tagblatt", "dpa", None),
    ],
)
def test_a_line_of_several_credits_is_taken_apart(
    line: str, author: str | None, source: str | None, agency: str | None, published: str | None
):
    facts = read_metadata(page("Rat tagt", line))

    assert (facts.author, facts.source, facts.agency, facts.published) == (author, source, agency, published)
    assert facts.text == PROSE.strip()


@pytest.mark.parametrize(
    "line", ["Washington / USA", "Rat | Kreis | Land", "Mühle | 4. Mai 2023 | es regnet", "Er / sie"]
)
def test_lines_that_only_look_like_credits_stay(line: str):
    assert line in read_metadata(page("Rat tagt", line)).text


def test_an_agency_line_at_the_end_is_metadata():
    facts = read_metadata(f"{PROSE.strip()}\n\ndpa/AFP")

    assert (facts.text, facts.agency) == (PROSE.strip(), "dpa, AFP")


def test_dates_that_head_the_parts_of_a_chronicle_stay():
    text = "Chronik\n\n1. Mai 2023\n\nRegen.\n\n2. Mai 2023\n\nSonne.\n\n3. Mai 2023\n\nWind."

    facts = read_metadata(text)

    assert facts.published is None
    assert "2. Mai 2023" in facts.text


def test_agencies_are_spelled_as_they_spell_themselves():
    assert agencies("TAGBLATT, DPA, reuters und afp") == "dpa, Reuters, AFP"
    assert agencies("Deutsche Presse-Agentur") == "dpa"
    assert agencies("TAGBLATT") is None


def test_long_first_sentences_are_cut_at_a_word():
    title = first_words("Wort " * 100)

    assert title.endswith("Wort …")
    assert len(title) <= 202
