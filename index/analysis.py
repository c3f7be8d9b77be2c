"""German words as the lexical index compares them.

"Lander", "Laender" and "Länder" become one term, and so do "Straße", "Strasse" and "STRASSE": before
stemming, "ae", "oe", "ue" are read as umlauts as in the stemmer German2 (snowballstem.org), but not after a
vowel or q ("Frauen", "neue", "Quelle" stay); accents and dots are dropped, and the rest is stemmed.
Question and passage go through the same steps, so a word that is folded without need ("aktuell") still
finds itself. Numbers are kept. Beside the terms, the words themselves are indexed, unstemmed, so that one can
tell which words there are.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Goes into the manifest of the index: with another number the index is made again.
VERSION = 2

_LONGEST_WORD = 60
# The built-in list has "was" and "welche", but not these.
_QUESTION_WORDS = ["wer", "wen", "wem", "wessen", "wann", "warum", "wieso", "weshalb", "woher", "wohin"]
_WRITTEN_OUT = re.compile(r"(?<![aeiouyäöüq])([aou])e")
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}


def fold(text: str) -> str:
    """Return the text with case, ß and written-out umlauts made alike."""
    lower = unicodedata.normalize("NFC", text).replace("\u00ad", "").lower().replace("ß", "ss")
    return _WRITTEN_OUT.sub(lambda match: _UMLAUTS[match[1]], lower)


def analyzer() -> TextAnalyzer:
    """Return the analyser for folded text: words without stop words and accents, stemmed."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_WORD))
        .filter(Filter.stopword("german"))
        .filter(Filter.custom_stopword(_QUESTION_WORDS))
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("german"))
        .build()
    )


def word_analyzer() -> TextAnalyzer:
    """Return the analyser for folded text that keeps every word as it is, without accents."""
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST_WORD))
        .filter(Filter.ascii_fold())
        .build()
    )
