"""What sort of thing a noun asks for: "Land" a country, "Politiker" a person, "Höhe" a number.

German compounds have their head at the end, so a noun is known by the longest known tail; agent
nouns are recognised as persons by their feminine form. The table holds heads, not words.
"""

from collections.abc import Mapping
from functools import lru_cache

from qa_service.types import Kind
from qa_service.wording.morphology import is_person_noun, noun_lemma

# Heads of German nouns by what answers them. "clause": asked for with a noun, answered with a clause.
_HEADS: Mapping[Kind | None, str] = {
    "country": (
        "land staat nation nationalität staatsangehörigkeit herkunftsland nachbarland monarchie republik"
    ),
    "place": (
        "bundesland bundesstaat bundestaat teilstaat stadt ort dorf gemeinde region gebiet insel hafen "
        "flughafen straße platz kreis landkreis bezirk viertel teil stadtteil kontinent gebirge berg fluss "
        "see tal provinz gegend standort sitz strand halle stadion gebäude hauptstadt gefängnis kanton "
        "distrikt department vorort station bahnhof meer küste wüste krankenhaus klinik kloster moschee "
        "wohnort metropole tatort schauplatz bauwerk palast schloss brücke park ausland heimat grenze lager "
        "stelle raum"
    ),
    "organisation": (
        "partei unternehmen firma konzern verein verband behörde ministerium gericht gewerkschaft bank "
        "agentur organisation fraktion klub club sender zeitung zeitschrift universität hochschule schule "
        "institut airline gesellschaft hersteller anbieter betreiber verlag mannschaft team kirche "
        "kommission stiftung armee miliz reederei anstalt geheimdienst nachrichtendienst band orchester "
        "arbeitgeber bundesamt landesamt verfassungsamt koalition bündnis allianz initiative bundestag "
        "landtag parlament regierung rat blatt magazin börse staatsanwaltschaft polizei autobauer "
        "autohersteller einrichtung institution dienststelle spezialeinheit "
        "observatorium gremium museum instanz rennstall "
        "ausschuss terrorgruppe gruppe gruppierung organ holding veranstalter auftraggeber werft "
        "kreisverband feuerwehr"
    ),
    "person": (
        "person mensch mann frau kind sohn tochter vater mutter bruder schwester papst leute persönlichkeit "
        "prominente verstorbene abgeordnete mitglied boss star general bischof kardinal opfer täter baby "
        "junge mädchen ehepaar familie deutsche angehörige überlebende gast held gegner nachfolge "
        "staatsoberhaupt vorsitzende angeklagte verdächtige vize könig coach idol bewerber stürmer prinz "
        "graf besatzung sieger kopf ehefrau gattin witwe witwer onkel tante großvater großmutter torwart "
        "verantwortliche beauftragte beamte ministerpräsident tote spitzname pseudonym beiname"
    ),
    "number": (
        "zahl anzahl höhe betrag summe prozent prozentsatz anteil quote rate kosten wert größe länge breite "
        "tiefe gewicht alter dauer geschwindigkeit temperatur stärke magnitude menge umsatz gewinn verlust "
        "beteiligung preisgeld strompreis goldpreis ölpreis kaufpreis höchstpreis kopfgeld lösegeld "
        "schadenssumme endstand spielstand torverhältnis steigerung einkommen gehalt lohn budget "
        "haushaltsvolumen volumen kapazität leistung fläche abstand entfernung distanz reichweite "
        "wahlergebnis promille platzierung durchmesser umfang wahrscheinlichkeit mehrheit stand kurs "
        "höchststand tiefststand todesopferzahl fassungsvermögen haftstrafe sachschaden gebühr resultat "
        "strecke honorar investition schulden defizit"
    ),
    "date": (
        "datum jahr tag monat woche zeitpunkt zeitraum termin uhrzeit jahrhundert jahrzehnt wochentag uhr "
        "geburtsdatum epoche sommer winter herbst frühling stunde"
    ),
    "clause": "grund ursache anlass motiv auslöser begründung zweck absicht argument",
    "thing": (
        "körper himmelskörper flieger frachter hubschrauber messenger computer wetter wasser meter zimmer "
        "fenster messer theater charakter muster fehler träger raumfähre schiff rakete flugzeug film buch "
        "titel preis feiertag parteitag ausstand gegenstand bestand widerstand aufstand zustand verstand "
        "umstand vertrag auftrag antrag beitrag ertrag verdienst orden maßnahme waffe art typ modell thema "
        "sprache gesetz projekt krankheit tier rolle posten amt sportart platz rang auszeichnung name motto "
        "spitze spiel programm werk stoff fahrzeug marke farbe beruf inhalt aufgabe mittel ziel folge wort "
        "vorschlag nachbar vorwurf verbrechen delikt straftat urteil strafe konzept hilfe recht flagge "
        "messgerät gerät satellit sonde leiter rat-beschluss urheber hurrikan orkan"
    ),
}


def _table() -> dict[str, Kind]:
    table: dict[str, Kind] = {}
    for kind, heads in _HEADS.items():
        for head in heads.split():
            if kind is not None:
                table.setdefault(head, kind)
    # "Platz" alone asks for a square or a rank; only its compounds are places.
    return table | {
        "platz": "thing",
        "leiter": "person",
        "urheber": "person",
        "teil": "thing",
        "vorstand": "person",
    }


_KINDS = _table()
_SHORTEST_TAIL = 3


@lru_cache(maxsize=4096)
def kind_of(noun: str) -> Kind:
    """Kind of thing that a noun (any form) asks for, "thing" where nothing narrower is known."""
    lemma = noun_lemma(noun)
    lower = lemma.lower().replace("ß", "ss").rsplit("-", 1)[-1]
    for cut in range(max(1, len(lower) - _SHORTEST_TAIL + 1)):
        kind = _HEAD_KINDS.get(lower[cut:])
        # A tail must leave a whole first part: "Abend" does not end in the head "end".
        if kind is not None and (cut == 0 or cut >= _SHORTEST_TAIL - 1):
            return kind
    return "person" if is_person_noun(lemma) else "thing"


_HEAD_KINDS: dict[str, Kind] = {head.replace("ß", "ss"): kind for head, kind in _KINDS.items()}
