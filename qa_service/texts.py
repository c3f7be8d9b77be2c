"""What the pages say, by language; `static/texts/*.json` hold every word, for the server and the scripts."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("de", "en")  # the first is the default


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language.

    Attributes:
        language: ISO 639-1 code, one of `LANGUAGES`.
        entries: The whole catalogue by key, as the scripts receive it.
    """

    language: str
    entries: dict[str, Any]

    def say(self, key: str, **values: object) -> str:
        """Return one text with its blanks filled; `n` also chooses singular or plural.

        Raises:
            KeyError: The catalogue has no such text.
        """
        entry = self.entries[key]
        if isinstance(entry, dict):
            entry = entry["one" if values["n"] == 1 else "other"]
        return str(entry.format(**{name: self._written(value) for name, value in values.items()}))

    def day(self, iso: str | None) -> str:
        """Write an ISO date of any precision in words, or say that there is none."""
        if not iso:
            return self.say("no_date")
        year, *rest = iso.split("-")
        if not rest:
            return year
        month = self.entries["months"][int(rest[0]) - 1]
        if len(rest) == 1:
            return f"{month} {year}"
        return str(self.entries["date"].format(day=int(rest[1]), month=month, year=year))

    def confidence(self, value: float) -> str:
        """Say a probability (0 to 1) in words."""
        for least, key in ((0.8, "very_sure"), (0.6, "fairly_sure"), (0.4, "rather_unsure")):
            if value >= least:
                return self.say(key)
        return self.say("unsure")

    def support(self, articles: int, independent: int) -> str:
        """Say how many articles give an answer, and how many of them independently of each other."""
        if articles == 1:
            return self.say("support_one")
        if independent == 1:
            return self.say("support_same", articles=articles)
        key = "support_all" if independent == articles else "support_some"
        return self.say(key, articles=articles, independent=independent)

    def reason(self, reason: str, language: str) -> str:
        """Say why there is no answer; `language` is the question's."""
        return str(self.entries["reasons"][reason if language == "de" else "not_german"])

    def _written(self, value: object) -> object:
        if isinstance(value, int):
            return f"{value:,}".replace(",", self.entries["thousands"])
        return value


@cache
def texts(language: str) -> Texts:
    """Load the words of a language.

    Args:
        language: One of `LANGUAGES`.
    """
    catalogue = files("qa_service") / "static" / "texts" / f"{language}.json"
    return Texts(language, json.loads(catalogue.read_text(encoding="utf-8")))
