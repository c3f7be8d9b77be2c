"""German texts of the command line and of notes on citations; `qa_service.texts` has those of the pages."""

from collections.abc import Sequence


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
