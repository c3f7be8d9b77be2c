"""What stands around an article on its page and is not part of it.

Only this module knows how share lines, comment counts, teasers, audio hints and captions look. It
drops whole paragraphs only, and only those that are furniture from end to end: when in doubt, a
paragraph stays, because a lost sentence can never be quoted.
"""

import re

# Longer paragraphs are prose, whatever they end with.
CAPTION_MAX_CHARS = 450
_LINE_MAX_CHARS = 700

_AGENCY_WORD = (
    r"(?:dpa|afp|reuters|ap|epa|epd|kna|sid|apa|sda|keystone|tass|xinhua|imago|getty(?: images)?|ddp|dts|"
    r"picture[- ]alliance|shutterstock|istock|action press|zeit online|spiegel|sputnik|adobe stock|privat)"
)
_NAME = r"[A-ZÄÖÜ][\w.'’-]+"
# A credit holds names, agencies, slashes and commas, no verb: every word has a capital or is an agency.
_CREDIT = rf"(?:(?:{_AGENCY_WORD}|{_NAME}|[A-Z]{{2,}}|via|von|und|[a-z]{{2,5}}(?=/))[ /,|.-]{{0,3}}){{1,9}}"

_PATTERNS = (
    # Sharing and page navigation.
    r"(?:artikel |beitrag |seite )?(?:teilen|drucken|merken|anhören|vorlesen|versenden|empfehlen|kopieren|speichern)",
    r"(?:artikel |beitrag |jetzt )?(?:auf|per|via|bei|über) (?:facebook|twitter|x|whatsapp|telegram|linkedin|xing|"
    r"e-?mail|pocket|threads|mastodon|bluesky|instagram) (?:teilen|senden|versenden|folgen|weiterleiten|empfehlen)",
    r"(?:(?:teilen|facebook|twitter|x|whatsapp|telegram|linkedin|xing|e-?mail|pocket|flipboard|drucken|mail|"
    r"link kopieren|teilen auf|kopieren|pinterest|reddit)(?:[ ,|/·•-]+|$)){2,}",
    r"link (?:kopieren|kopiert)!?",
    r"(?:zur startseite|nach oben|zum seitenanfang|zurück(?: zur übersicht)?|startseite|zur übersicht|zum inhalt springen)",
    r"(?:impressum|datenschutz(?:erklärung)?|agb|kontakt|nutzungsbedingungen|cookie-einstellungen)"
    r"(?:[ |·•/]+(?:impressum|datenschutz(?:erklärung)?|agb|kontakt|nutzungsbedingungen))*",
    r"(?:anzeige|werbung|advertisement|- anzeige -|newsletter|push-benachrichtigungen)",
    r"(?:jetzt )?(?:den |unseren |zum )?(?:kostenlosen )?newsletter (?:abonnieren|bestellen|anmelden)!?",
    # More to read.
    r"(?:mehr|weiter) ?lesen(?: (?:sie )?(?:auch|dazu))?[ .:…>»]*",
    r"(?:mehr (?:zum thema|dazu|erfahren|anzeigen|laden)|zum thema|ähnliche (?:nachrichten|artikel|beiträge|themen)|"
    r"verwandte (?:artikel|themen|beiträge)|weitere (?:artikel|nachrichten|meldungen|themen)|meistgelesen(?:e artikel)?|"
    r"meistgelesene artikel|das könnte sie auch interessieren|auch interessant|empfohlene artikel|top-themen|"
    r"neueste (?:artikel|nachrichten|meldungen)|related articles|read more|lesen sie (?:auch|mehr|dazu|hier)"
    r"(?: zum thema)?)[ .:…>»]*",
    r"(?:mehr zum thema|lesen sie (?:auch|dazu|mehr)(?: zum thema)?|lesen sie hier|mehr dazu)(?: ?[-–—|:»>]| hier:) ?[^\n]{3,200}",
    # Comments, reading time, players.
    r"(?:\d[\d.]*|keine|ein|alle) kommentare?(?: (?:anzeigen|lesen|schreiben))?",
    r"(?:kommentare?|kommentare? (?:schreiben|lesen|anzeigen|verfassen|\(\d+\))|diskutieren sie mit!?|zu den kommentaren)",
    r"\d[\d.]* (?:shares?|likes?|aufrufe|mal geteilt)",
    r"(?:geschätzte )?(?:lesezeit|lesedauer|hördauer|reading time)[: ]+(?:ca\. ?)?\d+(?:[:.,]\d+)? ?(?:min(?:uten?|s|\.)?|sek(?:unden|\.)?)",
    r"\d+ ?(?:min(?:uten?|s|\.)?) ?(?:lesezeit|lesedauer|read|lesen)",
    r"(?:ihr|dein) browser unterstützt [^\n]{0,120}?nicht\.?(?: ?(?:download|laden|herunterladen)[^\n:]{0,60}(?::\s*\S+)?)?",
    r"your browser does not support [^\n]{0,120}",
    r"(?:download|herunterladen)(?: der datei)? als mp3:? ?\S*",
    r"(?:artikel |diesen artikel |beitrag )?(?:anhören|vorlesen)(?: \(?\d+:\d\d(?: min(?:uten|\.)?)?\)?)?",
    r"(?:bitte )?(?:aktivieren sie|aktiviere) javascript[^\n]{0,120}",
    # Pictures.
    r"[^\n]{1,90} [-–] figure \d+",
    r"(?:bild|galerie|foto) \d+ (?:von|/) \d+",
    r"(?:zum )?(?:bild|foto) (?:vergrößern|anzeigen)",
)
_LINE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_CREDIT_LINE = re.compile(
    rf"\(?(?:(?:Foto|Bild|Grafik|Quelle Foto|Fotograf|Bildquelle|Bildnachweis|Fotos|Photo|Symbolbild)(?:: ?| ?© ?|: ?© ?)"
    rf"|© ?(?:\d{{4}} )?){_CREDIT}\)?|(?:Foto|Bild)(?: [A-ZÄÖÜ]{{2,}}){{1,3}}(?:[/ ]{_AGENCY_WORD})?"
)
_CAPTION = re.compile(
    rf"[^\n]{{0,{CAPTION_MAX_CHARS}}}?[\s.\"“«)|](?:\(?(?:Foto|Bild|Grafik): ?©? ?|© ?)(?:\d{{4}} )?{_CREDIT}\)?"
)
_STAMP = re.compile(
    r"(?:(?:zuletzt )?(?:aktualisiert|veröffentlicht|erstellt|publiziert|erschienen|stand|datum|update|updated|published|"
    r"geändert|letzte (?:aktualisierung|änderung))(?: am| on| um)?:? ?)?"
    r"(?:(?:mo|di|mi|do|fr|sa|so)[a-z]*\.?,? (?:den )?)?"
    r"(?:\d{1,2}\. ?\d{1,2}\. ?(?:\d{4}|\d\d)|\d{4}-\d\d(?:-\d\d)?|\d{1,2}\.? ?[a-zä]{3,9}\.? \d{4}|[a-zä]{3,9} \d{4})"
    r"(?:(?:,|t| um| -| –| \||,? at)? ?\d{1,2}[:.]\d\d(?::\d\d)?(?: ?uhr)?(?: ?(?:mez|mesz|[+-]\d\d:?\d\d|z))?)?"
    r"(?:,? ?\(?(?:zuletzt )?aktualisiert[^\n]{0,60}\)?)?"
    r"(?:[ ,|]*(?:quellen?|autor): ?[^\n.]{2,120})?",
    re.IGNORECASE,
)
_SOURCE_LINE = re.compile(r"\(?Quellen?: ?[^\n.:!?]{2,100}\)?", re.IGNORECASE)


def drop_furniture(text: str) -> str:
    """Leave out the paragraphs that belong to the page and not to the article.

    Args:
        text: Cleaned text; lines and paragraphs are looked at one by one.

    Returns:
        The same text without share lines, comment counts, teasers, reading times, audio hints, captions
        with a credit, bare time stamps and source lines. A text of nothing else is returned as it is.
    """
    blocks = []
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if not is_furniture(line)]
        if lines:
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) if blocks else text


def is_furniture(line: str) -> bool:
    """Tell whether a whole line is furniture.

    Args:
        line: One line, without line breaks.

    Returns:
        True where nothing of the line can belong to the article's own text.
    """
    line = line.strip()
    if not line or len(line) > _LINE_MAX_CHARS:
        return False
    return is_stamp(line) or any(
        pattern.fullmatch(line) for pattern in (_LINE, _CREDIT_LINE, _CAPTION, _SOURCE_LINE)
    )


def is_stamp(line: str) -> bool:
    """Tell whether a line is a bare date or a line such as "Aktualisiert am ... Quelle: ..."."""
    return _STAMP.fullmatch(line.strip()) is not None
