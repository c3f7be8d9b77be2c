"""Parts of the world, alliances, and the countries in them ("asiatisch", "Nahen Ostens", "EU").

Continents are GeoNames'; their parts follow the United Nations' M49 and what Germans call them. Where people
disagree whether a country lies there, or it once belonged to an alliance and left, it may count as both
inside and outside: what is left out has to be wrong for certain.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa_service.normal.countries import continents


@dataclass(frozen=True, slots=True)
class Region:
    """Countries by ISO 3166-1 alpha-2.

    Attributes:
        surely: Those that lie in it or belong to it.
        maybe: Those that some count among them.
    """

    surely: frozenset[str]
    maybe: frozenset[str]

    @property
    def inside(self) -> frozenset[str]:
        """Those that can be meant by "in Asien"."""
        return self.surely | self.maybe

    @property
    def outside(self) -> frozenset[str]:
        """Those that can be meant by "außerhalb Asiens"."""
        return frozenset(continents()) - self.surely


# Names as `wording.words.fold` writes them: those that lie there, and after "|" those that some count in.
_PARTS = {
    "nordafrika": "DZ EG EH LY MA SD TN | MR",
    "westafrika": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SL SN TG | CM TD",
    "ostafrika": "BI DJ ER ET KE KM MG MU MW MZ RW SC SO SS TZ UG ZM ZW | SD",
    "zentralafrika": "AO CD CF CG CM GA GQ ST TD | BI RW SS",
    "osteuropa": "BG BY CZ HU MD PL RO RU SK UA | AL BA EE HR LT LV ME MK RS SI XK GE AM AZ",
    "westeuropa": "AT BE CH DE FR LI LU MC NL | AD DK ES FI GB IE IS IT NO PT SE",
    "nordeuropa": "DK EE FI IS LT LV NO SE | GB IE",
    "suedeuropa": "AD AL BA ES GR HR IT ME MK MT PT RS SI SM VA XK | CY TR BG RO FR",
    "suedosteuropa": "AL BA BG GR HR ME MK RO RS XK | CY MD SI TR",
    "mitteleuropa": "AT CH CZ DE HU LI PL SI SK | LU HR RO",
    "balkan": "AL BA BG GR HR ME MK RO RS XK | SI TR",
    "westbalkan": "AL BA ME MK RS XK |",
    "skandinavien": "DK NO SE | FI IS",
    "baltikum": "EE LT LV |",
    "benelux": "BE LU NL |",
    "kaukasus": "AM AZ GE | RU",
    "zentralasien": "KG KZ TJ TM UZ | AF MN",
    "ostasien": "CN HK JP KP KR MN MO TW | RU",
    "suedostasien": "BN ID KH LA MM MY PH SG TH TL VN |",
    "suedasien": "AF BD BT IN LK MV NP PK | IR",
    "vorderasien": "AE BH IL IQ JO KW LB OM PS QA SA SY TR YE | AM AZ CY EG GE IR",
    "westasien": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE | IR EG",
    "naher osten": "AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE | AF CY LY",
    "ferner osten": "CN HK JP KP KR MN MO TW | RU VN TH MY SG ID PH KH LA MM BN",
    "golf": "AE BH KW OM QA SA | IQ IR YE",
    "arabien": "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE | EH",
    "maghreb": "DZ MA TN | EH LY MR",
    "suedamerika": "AR BO BR CL CO EC GF GY PE PY SR UY VE | FK PA TT",
    "mittelamerika": "BZ CR GT HN NI PA SV | MX",
    "karibik": "AG AI AW BB BL BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI | "
    "BM BZ GY SR",
    "nordamerika": "CA MX US | GL BM PM",
    "lateinamerika": "AR BO BR BZ CL CO CR CU DO EC GF GT GY HN HT MX NI PA PE PR PY SR SV UY VE | "
    "AG BB BS DM GD JM KN LC TT VC",
    "eu": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK | GB",
    "nato": "AL BE BG CA CZ DE DK EE ES FR GB GR HR HU IS IT LT LU LV ME MK NL NO PL PT RO SI SK TR US | "
    "FI SE",
    "g7": "CA DE FR GB IT JP US |",
    "g8": "CA DE FR GB IT JP US | RU",
    "g20": "AR AU BR CA CN DE FR GB ID IN IT JP KR MX RU SA TR US ZA |",
    "euro": "AT BE CY DE ES FI FR GR IE IT LU MT NL PT SI SK | BG EE HR LT LV",
}
_CONTINENTS = {"afrika": "AF", "asien": "AS", "europa": "EU", "ozeanien": "OC"}
# On two continents, or counted among the other one.
_EURASIAN = frozenset({"RU", "TR", "KZ", "GE", "AZ", "AM", "CY"})
_BETWEEN = {"EU": _EURASIAN, "AS": _EURASIAN | {"EG"}, "AF": frozenset({"EG"})}
_SYNONYMS = {
    "zentraleuropa": "mitteleuropa",
    "mittelasien": "zentralasien",
    "zentralamerika": "mittelamerika",
    "nahost": "naher osten",
    "fernost": "ferner osten",
    "europaeisch union": "eu",
    "nordatlantikpakt": "nato",
    "eurozone": "euro",
    "eurogruppe": "euro",
    "golfregion": "golf",
    "persisch golf": "golf",
    "baltisch": "baltikum",
    "skandinavisch": "skandinavien",
    "nordisch": "nordeuropa",
    "karibisch": "karibik",
    "arabisch": "arabien",
    "arabisch welt": "arabien",
    "nahoestlich": "naher osten",
    "fernoestlich": "ferner osten",
}
# What is "amerikanisch" without a prefix belongs to the United States.
_ADJECTIVES = re.compile(r"(?:(.*)(afrikan|asiat|europae)|(.+)(amerikan))isch")
_NOUNS = {"afrikan": "afrika", "asiat": "asien", "europae": "europa", "amerikan": "amerika"}
_ENDING = re.compile(r"(?<=isch)e[nrms]?$")


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, Region]:
    by_continent = continents()
    found = {
        name: _continent(frozenset(of for of, where in by_continent.items() if where == continent), continent)
        for name, continent in _CONTINENTS.items()
    }
    for name, members in _PARTS.items():
        surely, _, maybe = members.partition("|")
        found[name] = Region(frozenset(surely.split()), frozenset(maybe.split()))
    new_world = frozenset(of for of, where in by_continent.items() if where in {"NA", "SA"})
    return found | {"amerika": Region(new_world, frozenset())}


def _continent(members: frozenset[str], code: str) -> Region:
    between = _BETWEEN.get(code, frozenset())
    return Region(members - between, between)


@lru_cache(maxsize=1024)
def region(name: str) -> Region | None:
    """The region that a noun or an adjective names in whatever case, or None.

    Args:
        name: Folded, hyphens or none: "suedostasiens", "west-afrikanischen", "nahen ostens", "eu".
    """
    plain = " ".join(_nominative(word) for word in name.replace("-", "").split())
    for key in (plain, plain.removesuffix("s")):
        noun = _noun(key)
        if (found := _regions().get(_SYNONYMS.get(noun, noun))) is not None:
            return found
    return None


def _noun(name: str) -> str:
    """The continent or its part that an adjective is made of ("westafrikanisch"); other names as they are."""
    adjective = _ADJECTIVES.fullmatch(name)
    if adjective is None:
        return name
    prefix, stem = (part for part in adjective.groups() if part is not None)
    return prefix + _NOUNS[stem]


def _nominative(word: str) -> str:
    """An adjective without its ending ("europaeischen"), "naher" and "ferner Osten" as they are named."""
    if word in {"nahen", "nahe", "fernen", "ferne"}:
        return word[: word.index("e", 2)] + "er"
    return word.removesuffix("s") if word == "ostens" else _ENDING.sub("", word)
