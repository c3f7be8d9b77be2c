"""The German texts that the server side shows to readers; nothing else here speaks German."""

from collections.abc import Sequence

from qa_service.types import NoAnswerReason

NO_ANSWER = "Keine Antwort gefunden"

REASONS: dict[NoAnswerReason, str] = {
    "no_relevant_passage": "Im Archiv steht nichts, was zu dieser Frage passt.",
    "low_confidence": "Die gefundenen Stellen belegen keine Antwort sicher genug.",
    "outside_filters": "In den gewählten Quellen und Zeiträumen steht nichts dazu.",
    "not_a_question": "Das ist keine Frage, die sich aus Artikeln beantworten lässt.",
    "index_empty": "Das Archiv ist noch leer.",
}

NEAREST = "Die nächstliegenden Textstellen:"
NO_DATE = "ohne Datum"


def confidence(value: float) -> str:
    """Say a probability (0 to 1) in words."""
    for least, words in ((0.8, "sehr sicher"), (0.6, "ziemlich sicher"), (0.4, "eher unsicher")):
        if value >= least:
            return words
    return "unsicher"


def support(articles: int, independent_sources: int) -> str:
    """Say how many articles give an answer, and how many of them independently of each other."""
    if articles == 1:
        return "1 Artikel"
    if independent_sources == 1:
        return f"{articles} Artikel, eine Quelle"
    if independent_sources == articles:
        return f"{articles} unabhängige Quellen"
    return f"{articles} Artikel, {independent_sources} unabhängige Quellen"


def copies(article_ids: Sequence[str]) -> str:
    """Name the near-copies of an article."""
    return f"Gleichlautend: {', '.join(article_ids)}"


def stands_for(text: str, how: str, country: str) -> str:
    """Say why a word that is no country's name supports a country; `how` as in `qa_service.normal`."""
    if how == "capital":
        return f"{text} ist die Hauptstadt von {country}."
    return f"„{text}“ steht hier für {country}."


def passages_read(read: int, *, may_be_incomplete: bool) -> str:
    """Say how far a list answer reaches."""
    more = "; weitere Treffer sind möglich" if may_be_incomplete else ""
    return f"{read} {'Textstelle' if read == 1 else 'Textstellen'} gelesen{more}."
