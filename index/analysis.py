"""German words as the lexical index compares them.

"Lander", "Laender" and "Länder" become one term, and so do "Straße", "Strasse" and "STRASSE": before
stemming, "ae", "oe", "ue" are read as umlauts as in the stemmer German2 (snowballstem.org), but not after a
vowel or q ("Frauen", "neue", "Quelle" stay), and the German stemmer then drops the dots of all umlauts.
Question and passage go through the same steps, so a word that is folded without need ("aktuell") still
finds itself. Numbers are kept.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Goes into the manifest of the index: with another number the index is made again.
VERSION = 1

_LONGEST_WORD = 60
_WRITTEN_OUT = re.compile(r"(?<![aeiouyäöüq])([aou])e")
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}


def fold(text: str) -> str:
    """Return the text with case, ß and written-out umlauts made alike."""
    lower = unicodedata.normalize("NFC", text).replace("\u00ad", "").lower().replace("ß", "ss")
    return _WRITTEN_OUT.sub(lambda match: _UMLAUTS[match[1]], lower)


def analyzer() -> TextAnalyzer:
    """Return the analyser for folded text: words, no stop words, stems, no accents."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_WORD))
        .filter(Filter.stopword("german"))
        .filter(Filter.stemmer("german"))
        .filter(Filter.ascii_fold())
        .build()
    )
