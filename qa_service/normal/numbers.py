"""Numbers and quantities: "zwölf" = 12, "1,5 Mio." = 1.500.000, "Prozent" = "%", scores, fractions.

Words such as "rund", "mindestens" or "etwa" qualify a number without changing it, so they do not
count. A unit that measures (Euro, Meter, Jahre) counts; a noun that is counted (Menschen) does not.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from qa_service.normal.form import Normal
from qa_service.normal.strings import fold

_ONES = {
    "null": 0, "kein": 0, "ein": 1, "eins": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwei": 2,
    "zwo": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    "elf": 11, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "fuenfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19, "beide": 2, "beiden": 2,
}  # fmt: skip
_TENS = {
    "zwanzig": 20, "dreissig": 30, "vierzig": 40, "fuenfzig": 50, "sechzig": 60, "siebzig": 70,
    "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_SCALES = {
    "dutzend": 12, "hundert": 100, "tausend": 1000, "tsd": 1000, "mio": 10**6, "million": 10**6,
    "millionen": 10**6, "mrd": 10**9, "milliarde": 10**9, "milliarden": 10**9, "billion": 10**12,
    "billionen": 10**12, "hunderttausend": 10**5,
}  # fmt: skip
_FRACTIONS = {
    "halb": Fraction(1, 2), "halbe": Fraction(1, 2), "halben": Fraction(1, 2), "halbes": Fraction(1, 2),
    "haelfte": Fraction(1, 2), "drittel": Fraction(1, 3), "viertel": Fraction(1, 4),
    "fuenftel": Fraction(1, 5), "achtel": Fraction(1, 8), "zehntel": Fraction(1, 10),
    "anderthalb": Fraction(3, 2), "eineinhalb": Fraction(3, 2), "zweieinhalb": Fraction(5, 2),
    "dreieinhalb": Fraction(7, 2), "viereinhalb": Fraction(9, 2), "fuenfeinhalb": Fraction(11, 2),
    "sechseinhalb": Fraction(13, 2),
}  # fmt: skip
_ORDINALS = {"erste": 1, "zweite": 2, "dritte": 3, "siebte": 7, "achte": 8}
# "sechsspurig", "vierköpfig": adjectives with a number in front.
_NUMBERED = ("spurig", "koepfig", "mal", "fach", "taegige", "jaehrige")
_FORMS = {
    "share": {"%": "% prozent prozentpunkte prozentpunkten v.h.", "promille": "promille ‰"},
    "money": {
        "eur": "€ euro euros eur",
        "usd": "$ dollar us-dollar us-$ us$ usd dollars",
        "gbp": "£ pfund gbp",
        "chf": "franken chf sfr",
        "dem": "mark dm d-mark",
    },
    "length": {
        "m": "m meter metern",
        "km": "km kilometer kilometern",
        "cm": "cm zentimeter zentimetern",
        "mi": "meile meilen",
        "nmi": "seemeile seemeilen",
    },
    "mass": {"kg": "kg kilogramm kilo kilos", "t": "t tonne tonnen", "g": "g gramm"},
    "volume": {"l": "l liter litern"},
    "time": {
        "h": "h stunde stunden stuendig stuendige stuendigen",
        "min": "min minute minuten minuetig minuetige minuetigen",
        "s": "sekunde sekunden",
        "d": "tag tage tagen taegig taegige taegigen taegiger",
        "w": "woche wochen woechig woechige woechigen",
        "mon": "monat monate monaten monatig monatige monatigen",
        "a": "jahr jahre jahren jaehrig jaehrige jaehrigen jaehriger jaehriges",
    },
    "temperature": {"grad": "grad °c ° celsius"},
    "area": {
        "km2": "quadratkilometer quadratkilometern km²",
        "m2": "quadratmeter quadratmetern m²",
        "ha": "hektar",
    },
    "speed": {"kmh": "km/h stundenkilometer stundenkilometern"},
    "power": {"mw": "megawatt", "kw": "kilowatt"},
}
_UNITS: Mapping[str, str] = {
    form: unit for units in _FORMS.values() for unit, forms in units.items() for form in forms.split()
}
_MEASURED: Mapping[str, str] = {unit: measure for measure, units in _FORMS.items() for unit in units}
#: What units measure.
MEASURES = frozenset(_FORMS)
_DIGITS = r"\d{1,3}(?:[. \u00a0']\d{3})+(?:,\d+)?|\d+(?:,\d+)?|\d+\.\d+"
_SCORE = re.compile(r"(?<![\d.,])(\d{1,3})\s?:\s?(\d{1,3})(?![\d.,:])")
_NUMBER = re.compile(rf"(?<![\w.,])(minus |[-−])?({_DIGITS})(?![.,]?\d)")
_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d\d)? uhr\b")
_JOINED = re.compile(r"(?<=\d)\s?[-–]\s?(?=\d)|\bbis\b(?! zu)|\b(?:jahren?|monaten?|stunden?|minuten?) und\b")
_WORD = re.compile(r"[a-z]+")
_BEHIND = re.compile(r"[ \u00a0]?(%|‰|°C?|[€$£](?!\w)|[^\W\d_][\w$²-]*(?:/h)?\.?)")
_AFTER = re.compile(r"[\s-]*([%‰€$£°]c?|us-\$|us\$|[a-z²/-]+)")


@lru_cache(maxsize=8192)
def word_value(word: str) -> int | None:
    """Value of a folded German number word ("zweihunderttausend" 200000, "siebenundzwanzig" 27), or None."""
    if word in _ONES:
        return _ONES[word]
    for scale, factor in (("millionen", 10**6), ("million", 10**6), ("tausend", 1000), ("hundert", 100)):
        head, found, tail = word.partition(scale)
        if found:
            high = word_value(head) if head else 1
            low = word_value(tail.removeprefix("und")) if tail else 0
            return None if high is None or low is None else high * factor + low
    for tens, value in _TENS.items():
        if word == tens:
            return value
        if word.endswith("und" + tens):
            ones = _ONES.get(word.removesuffix("und" + tens))
            return None if ones is None else ones + value
    return None


@lru_cache(maxsize=8192)
def quantity(text: str) -> tuple[Fraction, str] | None:
    """The first number of a text with its unit ("" where it has none), or None."""
    folded = fold(text)
    if match := _NUMBER.search(folded):
        value, end = _value(match[2]) * (-1 if match[1] else 1), match.end()
    elif (spelt := _spelt(folded)) is not None:
        value, end = spelt
    else:
        return None
    return _scaled(value, folded, end)


def _value(digits: str) -> Fraction:
    plain = re.sub(r"[. \u00a0'](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    return Fraction(Decimal(plain))


def _spelt(folded: str) -> tuple[Fraction, int] | None:
    """The first number in words and where it ends."""
    for match in _WORD.finditer(folded):
        word = match.group()
        if word in _FRACTIONS:
            return _FRACTIONS[word], match.end()
        if word in _SCALES and word != "mio":
            return Fraction(_SCALES[word]), match.end()
        value = word_value(word)
        if value is None:
            endings = (ending for ending in _NUMBERED if word.endswith(ending))
            value = next((word_value(word.removesuffix(ending)) for ending in endings), None)
        if value is None:
            value = _ordinal(word)
        if value is not None:
            return Fraction(value), match.end()
    return None


def _ordinal(word: str) -> int | None:
    stem = re.sub(r"(?<=te)[nrsm]$", "", word)
    if stem in _ORDINALS:
        return _ORDINALS[stem]
    return word_value(re.sub(r"s?te$", "", stem)) if stem.endswith("te") else None


def _scaled(value: Fraction, folded: str, end: int) -> tuple[Fraction, str]:
    """Apply the scale and fraction words that follow ("1,5 Mio.", "zwei Drittel"), and read the unit."""
    while match := _AFTER.match(folded, end):
        word = match[1].strip("-.")
        if word in _SCALES:
            value *= _SCALES[word]
        elif word in _FRACTIONS:
            value *= _FRACTIONS[word]
        elif (below := word_value(word)) is not None and value >= 10**3:
            value += below
        else:
            return value, _UNITS.get(word, "")
        end = match.end() + (1 if folded[match.end() : match.end() + 1] == "." else 0)
    return value, ""


def with_unit(text: str, start: int, end: int) -> int:
    """Where the number at the end of a part of a text is complete: behind its scale and its unit.

    Args:
        text: A whole text.
        start: Where the part begins.
        end: One past its last code point.

    Returns:
        `end`, or more where a scale ("Millionen") or a unit that measures ("Euro", "%") follows a number.
    """
    last = fold(text[start:end]).replace("-", " ").split()[-1:]
    if not last or not (last[0][-1].isdigit() or last[0] in _SCALES or word_value(last[0]) is not None):
        return end
    while match := _BEHIND.match(text, end):
        word = fold(match[1]).strip(".")
        if word in _UNITS:
            return match.start(1) + len(match[1].rstrip("."))
        if word not in _SCALES:
            break
        end = match.end()
    return end


def score_in(text: str) -> tuple[int, int] | None:
    """Where a result such as "2:3" stands in a text, or None; times of day are none."""
    match = None if _CLOCK.search(fold(text)) else _SCORE.search(text)
    return match.span() if match else None


def measure_of(unit: str) -> str | None:
    """What a folded unit measures ("tonnen" the "mass"), one of `MEASURES`; None for other words."""
    return _MEASURED.get(_UNITS.get(unit, ""))


def measured(text: str) -> str | None:
    """What the first number of a text measures by its unit, one of `MEASURES`; None without one."""
    found = quantity(text)
    return _MEASURED.get(found[1]) if found else None


def is_amount(text: str) -> bool:
    """Whether a text is a number with a unit that measures, or nothing but a number word."""
    found = quantity(text)
    return found is not None and (bool(found[1]) or word_value(fold(text).strip()) is not None)


def has_number(text: str) -> bool:
    """Whether a text holds a number, in digits or words."""
    return any(c.isdigit() for c in text) or quantity(text) is not None


def normal_number(text: str) -> Normal:
    """Normal form of a number with its unit; a text without one stays a string and does not fit."""
    folded = fold(text)
    if (score := _SCORE.search(folded)) and not _CLOCK.search(folded):
        return Normal(f"score:{int(score[1])}:{int(score[2])}")
    found = quantity(text)
    if found is None:
        return Normal("text:" + folded.strip(), fits=False)
    value, unit = found
    return Normal(f"number:{value}|{unit}{_second(folded)}")


def _second(folded: str) -> str:
    """The other end of a range, or the smaller part of a length of time ("zwei Jahre und fünf Monate")."""
    match = _JOINED.search(folded)
    second = quantity(folded[match.end() :]) if match else None
    return f"+{second[0]}|{second[1]}" if second else ""
