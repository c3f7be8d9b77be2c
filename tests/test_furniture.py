import pytest

from index.clean import drop_furniture
from index.furniture import is_furniture, is_stamp

FURNITURE = """
Teilen
Artikel teilen
Auf Facebook teilen
Per E-Mail versenden
Facebook Twitter WhatsApp
Teilen | Drucken | E-Mail
Link kopieren
Mehr lesen
Weiterlesen
Ähnliche Nachrichten
Ähnliche Artikel:
Mehr zum Thema
Mehr zum Thema - Neue Brücke über die Oste eröffnet
Lesen Sie auch: Warum die Fähre nicht mehr fährt
Das könnte Sie auch interessieren
12 Kommentare
1.024 Kommentare
Kommentare
Kommentar schreiben
Anzeige
Newsletter abonnieren
Zur Startseite
Impressum | Datenschutz | AGB
Lesezeit: 4 min
Lesedauer: 4 Minuten
3 Min. Lesezeit
Ihr Browser unterstützt die Wiedergabe von Audio Dateien nicht.
Ihr Browser unterstützt die Wiedergabe von Audio Dateien nicht. Download der Datei als mp3: https://example.org/a/b.mp3
Mara Lindner - Figure 2
Foto TAGBLATT ONLINE
Foto: Jana Weiß/dpa
Foto: picture alliance / dpa
(Foto: privat)
© Jana Weiß/TASS/action press
Bild 3 von 12
Die Bürgermeisterin vor der neuen Halle. © Jana Weiß/dpa
Besucher am Eingang: Der Andrang war groß. Foto: Jana Weiß
Stand: 4. Mai 2024, 10:15 Uhr
Aktualisiert am 4. Mai 2024, 10:15 Uhr
Aktualisiert am 4. Mai 2024, 10:15 Uhr Quelle: TAGBLATT ONLINE, dpa, AFP, jwe
Veröffentlicht am 04.05.2024 | Aktualisiert: 05.05.2024
Quelle: TAGBLATT ONLINE, dpa
""".strip().splitlines()

OWN_TEXT = """
Teilen wollte die Gemeinde ihre Turnhalle nicht.
Mehr lesen Kinder dort, wo es Bibliotheken gibt.
Weiter lesen die Schüler jeden Morgen vor.
12 Kommentare gingen in der ersten Stunde ein.
Ein Kommentar des Ministers fehlte.
Kommentar: Die Brücke kommt zu spät
Die Lesezeit: 4 Minuten, sagt der Verlag, genügten.
Foto des Jahres gekürt
Foto von verschwundenem Kind aufgetaucht
Foto Kim Jong Uns verschwunden
Bild: Minister tritt zurück
Anzeige gegen Unbekannt
Anzeige erstattet
Newsletter abonnieren immer mehr Deutsche
Quelle des Rheins
Quelle: Nach Angaben der Polizei war es ein Unfall.
Die Quelle: ein Beamter im Ministerium
Der Vertrag wurde am 4. Mai 2024 unterzeichnet.
Am 4. Mai 2024
4. Mai 2024
© 2024 ist das Jahr, das auf dem Schild steht, sagte die Direktorin.
Das Zeichen © steht auf jedem Blatt.
Das Foto: Es zeigt zwei Männer vor einem Auto.
Drucken will die Zeitung künftig in Polen.
Ihr Browser unterstützt das neue Verfahren, sagten die Entwickler.
Startseite umgestaltet: Amt wirbt um Vertrauen
Aktualisiert wurde der Plan am 4. Mai 2024.
Kontakt zu den Geiseln abgebrochen
""".strip().splitlines()


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_recognised(line: str):
    assert is_furniture(line)


@pytest.mark.parametrize("line", OWN_TEXT)
def test_the_articles_own_words_are_kept(line: str):
    assert not is_furniture(line)


def test_only_the_furniture_of_a_text_goes():
    text = "Der Rat tagt.\n\n7 Kommentare\n\nEr berät lange.\n\nMehr lesen\nÄhnliche Nachrichten"

    assert drop_furniture(text) == "Der Rat tagt.\n\nEr berät lange."


def test_a_furniture_line_within_a_paragraph_goes_alone():
    assert drop_furniture("7 Kommentare\nDer Rat tagt.") == "Der Rat tagt."


def test_a_text_of_nothing_but_furniture_is_returned_as_it_is():
    assert drop_furniture("Anzeige") == "Anzeige"


def test_a_long_paragraph_that_ends_with_a_credit_is_kept():
    text = "Die Halle war voll, die Stimmung gut und die Musik laut. " * 10 + "© Jana Weiß/dpa"

    assert drop_furniture(text) == text


@pytest.mark.parametrize(
    "line", ["20 Jun 2024", "19.06.2024, 20:12 Uhr", "Mittwoch, 19. Juni 2024", "2024-06-19T20:12:00+02:00"]
)
def test_a_line_with_nothing_but_a_date_is_a_stamp(line: str):
    assert is_stamp(line)


def test_long_lines_of_names_take_no_time():
    assert not is_furniture("Foto: " + "Abc " * 160 + "ging.")
    assert not is_furniture("Abc Def. © " + "Abc/" * 150 + "ging.")
