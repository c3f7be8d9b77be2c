"""Tokens and characters: whatever the text, a window's span is a slice of the passage."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from index.types import Article, Hit, Passage
from qa_service.span_reader.windows import Template, trimmed, windows

TEMPLATE = Template((0,), (2, 2), (2,), 48)


def characters() -> Tokenizer:
    """A tokenizer with one token a character."""
    tokenizer = Tokenizer(models.WordLevel({"?": 3}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    return tokenizer


def hit(text: str, start: int = 0, end: int | None = None) -> Hit:
    article = Article("a", "T", text)
    return Hit(Passage(1, "a", 0, start, len(text) if end is None else end), article, 0.0, 0.0, 0.0)


def test_a_short_passage_is_one_window_with_question_and_title_before_it():
    (window,) = windows(characters(), TEMPLATE, "Wer?", [hit("Anna")])
    assert window.first == 1 + 4 + 2 + len("T. ")
    assert window.characters(window.first, window.last - 1) == (0, 4)


def test_a_long_passage_is_covered_by_overlapping_windows():
    found = windows(characters(), TEMPLATE, "Wer?", [hit("x" * 100)])
    covered = {place for w in found for start, end in w.offsets for place in range(start, end)}
    assert covered == set(range(100))
    assert all(len(w.ids) <= TEMPLATE.most for w in found)


def test_an_empty_passage_has_no_window():
    assert windows(characters(), TEMPLATE, "Wer?", [hit("")]) == []


def test_a_question_longer_than_the_window_is_cut():
    found = windows(characters(), TEMPLATE, "w" * 5000, [hit("Anna")])
    assert found[0].characters(found[0].first, found[0].last - 1) == (0, 4)


@given(st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_windows_cover_every_character_of_any_text(text, question):
    found = windows(characters(), TEMPLATE, question, [hit(text)])
    covered = {place for w in found for start, end in w.offsets for place in range(start, end)}
    assert covered == set(range(len(text)))


@given(st.text(alphabet=' ,;:.!?()„“»«"abä\n', max_size=30))
def test_trimming_stays_inside_and_ends_on_no_white_space(text):
    start, end = trimmed(text, 0, len(text))
    assert 0 <= start <= end <= len(text)
    inside = text[start:end]
    assert inside == inside.strip()


def test_quotation_marks_stay_only_in_pairs():
    def cut(text: str) -> str:
        return text[slice(*trimmed(text, 0, len(text)))]

    assert cut(" „Christoph 27“, ") == "„Christoph 27“"
    assert cut("„Christoph 27") == "Christoph 27"
    assert cut("Christoph 27“") == "Christoph 27"
    assert cut('"Titanic') == "Titanic"
    assert cut("Partei (SPD)") == "Partei (SPD)"
    assert cut("SPD)") == "SPD"


def test_half_a_word_becomes_the_whole_word():
    text = "die Verfolgung der Schlepperbanden"
    start = text.index("band")
    assert text[slice(*trimmed(text, start, start + 4))] == "Schlepperbanden"


def test_a_part_before_a_hyphen_stays_a_part():
    text = "seine Nordkorea-Reise"
    assert text[slice(*trimmed(text, 6, 15))] == "Nordkorea"
