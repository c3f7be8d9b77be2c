"""Whether a question is asked in another language than German, which the archive's articles are written in.

Told by function words, which every question has and names have not; words that German has too ("was", "in",
"die") tell nothing.
"""

import unicodedata
from collections.abc import Mapping

from qa_service.quotations import without_quotations
from qa_service.wording.lexicon import DETERMINERS, EMPTY, GREETINGS, WHEN, WHERE, WHO, WHY
from qa_service.wording.words import Word, listed, words

#: A language that has no name here (another script).
UNKNOWN = "und"

_GERMAN = (
    DETERMINERS
    | EMPTY
    | GREETINGS
    | WHO
    | WHERE
    | WHEN
    | WHY
    | listed(
        "welche welcher welches welchen welchem gab gibt worden wenn dass ob weil kann soll muss will "
        "bis seit"
    )
)
# The words that ask come first; "|" parts them from other function words.
_FUNCTION_WORDS = {
    "en": "who whom whose what where when why which how and is are were does did has have | the of was "
    "do had by many much can could will would about tell me list name all you your with from been "
    "this that to there for in an his her",
    "fr": "qui quoi quel quelle quels quelles où quand pourquoi comment combien qu'est-ce est-ce | les "
    "le une du est sont a-t-il a-t-elle ont été avec pour dans sur et il elle qu'il par au aux ce "
    "cette",
    "es": "qué quién quiénes dónde cuándo cómo cuánto cuántos cuántas cuál cuáles | los las el una por "
    "para con fue ha han del y que en su son está",
    "it": "chi cosa dove quando perché quanti quante quale quali | il gli lo della del nel è sono ha "
    "hanno stato che per con una",
    "pt": "quem quais qual onde porquê quantos quantas | os uma foi são do da no na não que em por com",
    "nl": "welke waarom waar wanneer hoeveel hoe | het een heeft zijn werd werden is zij van voor met "
    "ook naar",
    "pl": "kto co gdzie kiedy dlaczego jak ile który która jakie jakich czy | jest był była są się na w "
    "z do nie",
    "tr": "hangi nerede neden niçin nasıl kaç kimdir | ve bir için oldu mi mı ile",
}


def _lists() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """By language: the words that ask, and all function words, without those that German has."""
    found = {}
    for language, text in _FUNCTION_WORDS.items():
        asking, _, others = text.partition("|")
        found[language] = (listed(asking) - _GERMAN, (listed(asking) | listed(others)) - _GERMAN)
    return found


_LISTS = _lists()
# What German shares with another language tells nothing, not even as the first word ("In which city").
_GERMAN_ONLY = _GERMAN - listed(" ".join(_FUNCTION_WORDS.values()))


def language_of(text: str) -> str:
    """The language of a question: "de" unless its words clearly are another's.

    Returns:
        An ISO 639-1 code, or "und" for a script that is not Latin.
    """
    if _in_another_script(text):
        return UNKNOWN
    own = words(without_quotations(text))
    tokens = [word for i, word in enumerate(own) if _can_be_function_word(word, i)]
    german = sum(word.fold in _GERMAN_ONLY for word in tokens)
    found = {language: sum(word.fold in known for word in tokens) for language, (_, known) in _LISTS.items()}
    best = max(found, key=lambda language: found[language])
    asking, known = _LISTS[best]
    first = next((word.fold for word in tokens if word.fold in _GERMAN_ONLY | known), "")
    if first in known and found[best] > max(1, german):
        return best
    return best if first in asking and german == 0 and "?" in text else "de"


def _can_be_function_word(word: Word, position: int) -> bool:
    """Whether a word is no name: lower case, or the first one ("Who", not "WHO")."""
    return word.text.islower() or (position == 0 and word.text[1:].islower())


def _in_another_script(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return bool(letters) and latin * 2 < len(letters)
