"""What stands around an article on its page and is not part of it.

Only this module knows how share lines, comment counts, teasers, audio hints and captions look. It
drops whole lines only, and only those that are furniture from end to end: when in doubt, a line stays,
because a lost sentence can never be quoted.
"""

import re

# Longer paragraphs are prose, whatever they end with.
CAPTION_MAX_CHARS = 450
_LINE_MAX_CHARS = 700


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_SITE = _any(
    "facebook",
    "twitter",
    "x",
    "whatsapp",
    "telegram",
    "linkedin",
    "xing",
    "e-?mail",
    "mail",
    "pocket",
    "threads",
    "mastodon",
    "bluesky",
    "instagram",
    "flipboard",
    "pinterest",
    "reddit",
)
_SHARE = f"(?:teilen|drucken|link kopieren|{_SITE})"
_PIECE = "(?:artikel |diesen artikel |beitrag |seite )?"
_LEGAL = _any("impressum", "datenschutz(?:erklärung)?", "agb", "kontakt", "nutzungsbedingungen", "cookies?")
_MINUTES = r"\d+(?:[:.,]\d+)? ?(?:min(?:uten?|s|\.)?|sek(?:unden|\.)?)"
_KINDS = "(?:nachrichten|artikel|beiträge|meldungen|themen)"

_NAVIGATION = _any(
    _PIECE + "(?:teilen|drucken|merken|anhören|vorlesen|versenden|empfehlen|kopieren|speichern)",
    f"{_PIECE}(?:jetzt )?(?:auf|per|via|bei|über) {_SITE} "
    "(?:teilen|senden|versenden|folgen|weiterleiten|empfehlen)",
    f"{_SHARE}(?:[ ,|/·•-]+(?:auf |per )?{_SHARE})+",
    "link (?:kopieren|kopiert)!?",
    "zur startseite|nach oben|zum seitenanfang|startseite|zur übersicht|zum inhalt springen",
    "zurück(?: zur (?:übersicht|startseite))?",
    rf"{_LEGAL}(?:[ |·•/]+{_LEGAL})*",
    "(?:- )?(?:anzeige|werbung|advertisement)(?: -)?|push-benachrichtigungen",
    "(?:jetzt )?(?:den |unseren |zum )?(?:kostenlosen )?newsletter(?: (?:abonnieren|bestellen|anmelden))?!?",
)
_TEASER = _any(
    r"(?:mehr|weiter) ?lesen(?: (?:sie )?(?:auch|dazu))?[ .:…>»]*",
    r"lesen sie (?:auch|mehr|dazu|hier)(?: zum thema)?[ .:…>»]*",
    r"mehr (?:zum thema|dazu|erfahren|anzeigen|laden)[ .:…>»]*",
    rf"(?:ähnliche|verwandte|weitere|neueste|empfohlene|meistgelesene) {_KINDS}[ .:…>»]*",
    "(?:zum thema|meistgelesen|auch interessant|das könnte sie auch interessieren|related articles|read more)"
    r"[ .:…>»]*",
    r"(?:mehr zum thema|mehr dazu|lesen sie (?:auch|dazu|mehr)(?: zum thema)?) ?[-–—|:»>] ?[^\n]{3,200}",
    r"lesen sie hier: ?[^\n]{3,200}",
)
_COMMENTS = _any(
    r"(?:\d[\d.]*|keine|ein|alle) kommentare?(?: (?:anzeigen|lesen|schreiben))?",
    r"kommentare?(?: (?:schreiben|lesen|anzeigen|verfassen|\(\d+\)))?",
    "diskutieren sie mit!?|zu den kommentaren",
    r"\d[\d.]* (?:shares?|likes?|aufrufe|mal geteilt)",
)
_PLAYER = _any(
    rf"(?:geschätzte )?(?:lesezeit|lesedauer|hördauer|reading time)[: ]+(?:ca\. ?)?{_MINUTES}",
    rf"{_MINUTES} ?(?:lesezeit|lesedauer|read|lesen)",
    r"(?:ihr|dein) browser unterstützt [^\n]{0,120}?nicht\.?"
    r"(?: ?(?:download|laden|herunterladen)[^\n:]{0,60}(?::\s*\S+)?)?",
    r"your browser does not support [^\n]{0,120}",
    r"(?:download|herunterladen)(?: der datei)? als mp3:? ?\S*",
    _PIECE + r"(?:anhören|vorlesen) ?\(?\d+:\d\d(?: min(?:uten|\.)?)?\)?",
    r"(?:bitte )?(?:aktivieren sie|aktiviere) javascript[^\n]{0,120}",
)
_PICTURE = _any(
    r"[^\n]{1,90} [-–] figure \d+",
    r"(?:bild|galerie|foto) \d+ (?:von|/) \d+",
    "(?:zum )?(?:bild|foto) (?:vergrößern|anzeigen)",
)
_LINE = re.compile(_any(_NAVIGATION, _TEASER, _COMMENTS, _PLAYER, _PICTURE), re.IGNORECASE)

# A credit holds names, agencies, slashes and commas, no verb: every word has a capital or is an agency.
_AGENCY_WORD = _any(
    "dpa",
    "afp",
    "epd",
    "kna",
    "sid",
    "apa",
    "sda",
    "tass",
    "imago",
    "dts",
    "ddp",
    "action press",
    "picture[- ]alliance",
    "privat",
)
_CREDIT_WORD = rf"(?:{_AGENCY_WORD}|[A-ZÄÖÜ][\w.'’-]*|via|von|und|[a-z]{{2,5}}(?=/))"
_CREDIT = rf"(?=\S*\w)(?:{_CREDIT_WORD}(?:[ /,|-]{{1,3}}|\Z|(?=\)))){{1,9}}"
_PICTURE_WORD = "(?:Fotos?|Bild|Grafik|Fotograf|Bildquelle|Bildnachweis|Photo|Symbolbild)"
_CREDIT_LINE = re.compile(
    rf"\(?(?:{_PICTURE_WORD}: ?(?:© ?)?|© ?(?:\d{{4}} )?){_CREDIT}\)?"
    # Without a colon only names in capitals: "Foto ZEIT ONLINE", but not "Foto Kim Jong Uns".
    rf"|(?:Foto|Bild)(?: [A-ZÄÖÜ]{{2,}}){{1,3}}(?:[/ ]{_AGENCY_WORD})?"
)
_CAPTION = re.compile(
    rf"[^\n]{{0,{CAPTION_MAX_CHARS}}}?[\s.\"“«)|]"
    rf"(?:\(?(?:Foto|Bild|Grafik): ?(?:© ?)?|\(?© ?(?:\d{{4}} )?){_CREDIT}\)?"
)

_DAY = _any(
    r"\d{1,2}\. ?\d{1,2}\. ?(?:\d{4}|\d\d)",
    r"\d{4}-\d\d(?:-\d\d)?",
    r"(?:\d{1,2}\.? ?)?[a-zä]{3,9}\.? \d{4}",
)
_TIME = (
    r"(?:(?:,|t| um| -| –| \||,? at)? ?\d{1,2}[:.]\d\d(?::\d\d)?(?: ?uhr)?"
    r"(?: ?(?:mez|mesz|[+-]\d\d:?\d\d|z))?)?"
)
_STAMP = re.compile(
    "(?P<label>(?:zuletzt )?"
    + _any(
        "aktualisiert",
        "veröffentlicht",
        "erstellt",
        "publiziert",
        "erschienen",
        "stand",
        "datum",
        "updated?",
        "published",
        "geändert",
        "letzte (?:aktualisierung|änderung)",
    )
    + "(?: am| on| um)?:? ?)?"
    r"(?:(?:mo|di|mi|do|fr|sa|so)[a-z]*\.?,? (?:den )?)?"
    + _DAY
    + _TIME
    + rf"(?:[ ,|(-]*(?:zuletzt )?(?:aktualisiert|geändert)(?: am)?:? ?{_DAY}{_TIME}\)?)?"
    r"(?:[ ,|]*(?:quellen?|autor): ?[^\n.]{2,120})?",
    re.IGNORECASE,
)
# Names only, no sentence: "Quelle: ZEIT ONLINE, dpa".
_SOURCE_LINE = re.compile(r"\(?Quellen?: ?[^\n.:!?]{2,100}\)?", re.IGNORECASE)


def drop_furniture(text: str) -> str:
    """Leave out the lines that belong to the page and not to the article.

    Args:
        text: Cleaned text; its lines are looked at one by one.

    Returns:
        The same text without share lines, comment counts, teasers, reading times, audio hints, captions
        with a credit, time stamps ("Stand: ...") and source lines. A text of nothing else stays as it is.
    """
    blocks = []
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if not is_furniture(line)]
        if lines:
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) if any(map(str.strip, blocks)) else text


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
    stamp = _STAMP.fullmatch(line)
    # A date alone may be a heading of the article's own.
    return (stamp is not None and stamp["label"] is not None) or any(
        pattern.fullmatch(line) for pattern in (_LINE, _CREDIT_LINE, _CAPTION, _SOURCE_LINE)
    )


def is_stamp(line: str) -> bool:
    """Tell whether a line is a bare date or a line such as "Aktualisiert am ... Quelle: ..."."""
    return _STAMP.fullmatch(line.strip()) is not None
