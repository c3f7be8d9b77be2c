import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentences

# "|" marks where one sentence ends and the next begins.
EXAMPLES = """
Der Rat tagt.| Er berät lange.
Kommt er?| Ja!| Er kommt.
Wir haben z. B. Der Spiegel und d. h. Die Zeit gelesen.| Das genügt.
Wir haben z.B. Äpfel gegessen.| Das genügt.
Sie fragte u. a. Minister Kern.| Er schwieg.
Äpfel, Birnen u. a.| Die Ernte war gut.
Äpfel, Birnen usw.| Die Ernte war gut.
Es gibt Äpfel usw.| Auch Birnen fehlen nicht.
Dr. Eva Kern und Prof. Dr. Jan Holm sprachen.| Frau Kern ging.
Das kostet ca. 5 Mio. Euro bzw. 6 Mrd. Dollar.| Mehr nicht.
Nr. 5 und Abs. 2 sowie Art. 1 gelten.| Das sagt § 3.
Er wohnt in St. Gallen.| Sie wohnt in Bad Oeynhausen.
Sie wohnt in der Hauptstr. 5 in Ulm.| Er nicht.
Die Feier ist am 3. Oktober in Bonn.| Alle kommen.
Er kam am 3. 10. 2024 nach Bonn.| Sie kam am 4.10.2024 auch.
Das war am 9. November 1989.| Danach fiel die Mauer.
Der 1. FC Köln stieg ab.| Der 2. Weltkrieg war vorbei.
Er lud zum 80. Jahrestag ein.| Alle kamen.
Die Mannschaft steigt in die 2. Bundesliga auf.
Sie wurde Dritte, er kam auf Platz 3.| Bayern gewann.
Das war im Jahr 2024.| Putin reiste ab.
Es kamen 1.234.| Zwei gingen.
Er zahlte 3.50 Euro, sie 1.234,5 Euro.| Das reicht.
Wilhelm II. reiste nach Jerusalem.| So war Wilhelm II.| Er reiste.
Papst Johannes Paul II. kam.| Elisabeth II. starb.
George W. Bush kam.| J. R. R. Tolkien und G.W. Bush auch.
Der Angeklagte Paul N. schwieg.| So war Frau K.| Die Polizei schwieg.
„Das ist gut.“| Er ging.
„Das ist gut“, sagte er.| „Wirklich?“, fragte sie.| „Ja!“ rief er.
Er sagte: „Ich komme.“| Dann kam er.
»Ich komme.«| Dann kam er.| »Und du?«
"Ich komme."| Dann kam er.| "Und du?"
Er kam (siehe S. 5).| Sie ging.
Er kam.| (Sie ging.)| Alle schwiegen.
Und dann ... Stille.| Er ging ...| Er kam.
Sie las „Wir [...] Menschen“ vor.
Das war es...| Oder nicht?!| Doch.
Sie sah www.example.de und mail@example.de.| Dann ging sie.
Die Datei steht auf https://example.de/a.Html hier.
Er lobte die „innere Ordnung“.|Sie war da.
Sie wird ihn treffen.|Zu erwarten sei ein Streit.|Das sagte er.
Er kam 2024.|Sie ging.
Das war die Stabilität.|Putin war da.
Dr.Kern und Prof.Holm wohnen z.B. in St.Gallen.
Er ist Kanzler a. D. Schröder.
Cäsar starb 44 v. Chr. in Rom.| Augustus starb 14 n. Chr.| Er war alt.
Die Fa. Holm GmbH & Co. KG zahlt.| Sie zahlt viel.
Das ist so.[1]| Das nicht.
Der Konzern wächst.| eBay auch.
Laut Abschn. 3 gilt das.| 20 Menschen kamen.
Er kommt um 20.15 Uhr.| Sie um 8.
Er kam – endlich.| – Sie ging.
Es war Montag, 3. Spieltag der Saison.
Die EU-Komm. bzw. der Rat tagt.
Er kam am Di.| Sie kam am Mi.
"""


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def expected(marked: str) -> tuple[str, list[str]]:
    return marked.replace("|", ""), [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize("marked", EXAMPLES.strip().splitlines())
def test_german_text_is_cut_into_its_sentences(marked: str):
    text, wanted = expected(marked)

    assert cut(text) == wanted


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not():
    assert cut("Die\nÜberschrift\n\nDer Text geht\nweiter. Ende") == [
        "Die\nÜberschrift",
        "Der Text geht\nweiter.",
        "Ende",
    ]


def test_the_points_of_a_list_are_sentences():
    assert cut("Es gibt\n- Äpfel\n- Birnen") == ["Es gibt", "- Äpfel", "- Birnen"]


def test_an_abbreviation_at_the_end_of_a_paragraph_ends_it():
    assert cut("Äpfel, Birnen usw.\n\nDie Ernte") == ["Äpfel, Birnen usw.", "Die Ernte"]


def test_white_space_alone_has_no_sentence():
    assert sentences(" \n\n ") == []


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            [
                ". ",
                "! ",
                "?",
                "…",
                "...",
                "“",
                "„",
                "»",
                '"',
                "z. B. ",
                "3. ",
                "Mai",
                "Der ",
                "ab",
                "\n\n",
                "\n",
                "B.",
            ]
        ),
    ),
    max_size=40,
).map("".join)


@given(TEXTS)
def test_sentences_are_ordered_disjoint_and_cover_everything_visible(text: str):
    spans = sentences(text)

    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@given(TEXTS)
def test_no_sentence_crosses_a_paragraph_break(text: str):
    assert not any("\n\n" in sentence for sentence in cut(text))


@pytest.mark.parametrize(
    "piece",
    [
        "Ein Satz mit Dr. Kern am 3. Oktober. ",
        ".",
        ". ",
        "a. ",
        "A.B",
        "3. ",
        '."',
        ".“»",
        "\n ",
        "\n\n ",
        "([",
        "x",
        "B. ",
    ],
)
def test_a_million_characters_take_no_longer_whatever_they_are(piece: str):
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    sentences(text)

    assert time.perf_counter() - began < 5
