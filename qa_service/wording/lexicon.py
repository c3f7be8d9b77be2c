"""The closed classes that questions are made of; all folded, so that spelling does not matter."""

import re

from qa_service.wording.words import listed

WHO = {"wer", "wen", "wem", "wessen"}
WHERE = {"wo", "wohin", "woher"}
WHEN = {"wann"}
WHY = {"warum", "weshalb", "wieso", "weswegen", "wozu"}
# "womit", "woran", "worueber": "wo(r)" and a preposition.
WHAT_BY = re.compile(
    r"wo(r?)(mit|an|auf|ueber|von|aus|in|um|unter|fuer|gegen|nach|bei|durch|vor|hinter|neben|zwischen)$"
)
WHICH = re.compile(r"welch(e[rsmn]?)?$")
HOW_MANY = re.compile(r"(wie)?viele?[rnsm]?$|wieviele?[rnm]?$|wievielte[nrms]?$")
GREETINGS = listed(
    "hallo hi hey moin servus guten gute morgen tag abend nacht danke vielen dank bitte tschuess tschues "
    "ciao ok okay ja nein test liebe gruesse gruess gott na huhu hello thanks"
)
# Words that say nothing of a subject: without any other word there is nothing to look for.
EMPTY = listed(
    "der die das den dem des ein eine einen einem einer eines und oder aber auch noch denn dann da dort "
    "hier so es er sie ihn ihm ihr ihre sein seine wir ich du ihr man mir mich dir dich uns euch sich ist "
    "sind war waren wird werden wurde hat haben hatte nicht kein keine von vom zu zum zur in im an am auf "
    "aus bei mit nach fuer ueber unter um durch als wie was bitte mal doch eigentlich denn dieser diese "
    "dieses jener genau alles alle etwas nichts mehr"
)
# Verbs that ask for an answer when they come as an order.
ASKING = listed(
    "nennen auflisten listen zeigen geben sagen aufzaehlen zaehlen suchen finden verraten wissen "
    "interessieren erklaeren erlaeutern beschreiben definieren anzeigen angeben"
)
# What follows an order ("Schreibe ein ...", "Mach das ..."), but not the noun of a keyword query.
AFTER_ORDER = listed(
    "alles alle mir uns mich dich dir ein eine einen einem das den dem die der bitte nun jetzt nicht deine "
    "deinen dein diese dieses diesen meine meinen mein so weiter und als wie nur kein keine mal doch auf "
    "ueber"
)
# Verbs of saying: "Was sagte ...", "Wie beurteilte ..." ask for what somebody said.
SAYING = listed(
    "sagen aeussern erklaeren fordern kritisieren bezeichnen begruenden beurteilen kommentieren bewerten "
    "rechtfertigen behaupten meinen verlangen vergleichen empfehlen raten raeumen ankuendigen versprechen "
    "vermissen antworten erwidern entgegnen titulieren bescheinigen geisseln verurteilen vorschlagen "
    "mitteilen urteilen warnen schreiben betonen loben bemaengeln vorwerfen verteidigen beschreiben "
    "einschaetzen halten"
)
# Adjectives and adverbs of degree: "wie hoch", "wie lange".
DEGREES = listed(
    "hoch gross lang lange alt schwer stark teuer weit oft haeufig schnell tief breit viel wenig jung dick "
    "warm heiss kalt laut nah nahe zahlreich spaet frueh dicht voll reich knapp steil kurz klein gut fern "
    "heftig ergiebig"
)
NAMED = listed("heissen lauten nennen")
COST = listed("kosten wiegen betragen messen verdienen zahlen bezahlen")
# What brings something about: "Was führte zu ...", "Woran starb ..." ask for reasons.
CAUSES = listed(
    "sterben erkranken ausloesen verursachen fuehren hindern bewegen veranlassen scheitern zwingen treiben "
    "provozieren"
)
# Prepositions by the case that they govern.
DATIVE = listed("aus bei mit nach seit von zu gegenueber ausser samt")
ACCUSATIVE = listed("fuer durch gegen ohne um wider")
TWO_WAY = listed("in an auf unter ueber vor hinter neben zwischen")
# Prepositions that hold an article; as they are written, since they are also put back into texts.
CONTRACTED = {
    "im": "in", "ins": "in", "am": "an", "ans": "an", "vom": "von", "zum": "zu", "zur": "zu", "beim": "bei",
    "fürs": "für", "ums": "um", "aufs": "auf", "durchs": "durch",
}  # fmt: skip
DETERMINERS = listed(
    "der die das den dem des ein eine einen einem einer eines dieser diese dieses diesem diesen seine ihre "
    "sein ihr seinen ihren seiner ihrer alle aller allen saemtliche beide beiden"
)
# Nouns that only stand for what follows: "der Name des Piloten", "eine Liste aller Seen".
TRANSPARENT = listed("name liste aufzählung bezeichnung art typ sorte reihe anzahl gruppe vorname nachname")
# Plurals that mean one amount or one saying.
PLURAL_ONLY = listed("kosten einnahme einnahmen ausgabe schuld schulden zins wort zusatzkosten")
# Nouns that name several people at once: who orders "Nenne die Besatzung" wants each of them.
COLLECTIVE = listed(
    "besatzung crew mannschaft besetzung kader aufstellung team jury kabinett vorstand mitgliedschaft duo "
    "trio quartett gespann"
)
# Words that spread a question over several cases.
EACH = listed("jeweils alles ueberall saemtliche saemtlichen beziehungsweise bzw einzelnen")
COUNT_WORDS = listed("zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf")
# Words that say that something was not so, or was called off.
DENYING = listed(
    "nicht nie niemals kein keine keinen keinem keiner keines keineswegs weder statt anstatt ohne verzichten "
    "absagen fernbleiben ausschlagen meiden vermeiden verschieben streichen ausladen"
)
# Verbs of being or coming somewhere, and words for having been in touch from afar instead.
BEING_THERE = listed("besuchen bereisen reisen fahren fliegen kommen eintreffen weilen")
FROM_AFAR = listed("zuschalten schalten video videoschalte videobotschaft virtuell telefonieren telefonat")
