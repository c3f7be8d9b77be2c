import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentences
from index.split import Splitter, context
from index.types import Article

PARAGRAPH = " ".join(f"Dies ist der {number}. Satz in Oberau. Er ist z. B. kurz." for number in range(1, 20))
TEXT = f"Ein Vorspann.\n\n{PARAGRAPH}\n\nEine Zwischenzeile\n\n{PARAGRAPH}\n\nDer Schluss."


def article(text: str, *, title: str = "Titel", published: str | None = None) -> Article:
    return Article(id="a", title=title, text=text, published=published)


def passages(text: str, **settings: int) -> list[str]:
    return [text[passage.start : passage.end] for passage in Splitter(**settings).split(article(text))]


def test_a_short_article_is_one_passage():
    assert passages("Ein Satz. Noch einer.\n\nEin Absatz.") == ["Ein Satz. Noch einer.\n\nEin Absatz."]


def test_passages_begin_and_end_with_whole_sentences():
    starts = {start for start, _ in sentences(TEXT)}
    ends = {end for _, end in sentences(TEXT)}

    found = Splitter(passage_chars=200).split(article(TEXT))

    assert len(found) > 5
    assert all(passage.start in starts and passage.end in ends for passage in found)


def test_a_passage_repeats_the_sentence_before_it():
    assert passages("Satz eins. Satz zwei. Satz drei.", passage_chars=22) == [
        "Satz eins. Satz zwei.",
        "Satz zwei. Satz drei.",
    ]


def test_without_overlap_nothing_is_repeated():
    found = Splitter(passage_chars=100, overlap_sentences=0).split(article(TEXT))

    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


def test_glued_sentences_are_cut_between_them():
    text = "Das ist der erste Satz.Das ist der zweite Satz."

    assert passages(text, passage_chars=25, overlap_sentences=0) == [text[:23], text[23:]]


def test_a_short_last_paragraph_joins_the_passage_before():
    assert passages("Der erste Absatz ist lang genug. " * 3 + "\n\nEnde.", passage_chars=100) == [
        "Der erste Absatz ist lang genug. " * 3 + "\n\nEnde."
    ]


def test_passages_are_numbered_and_not_yet_stored():
    found = Splitter(passage_chars=100).split(article(TEXT))

    assert [(passage.key, passage.number) for passage in found] == [
        (0, number) for number in range(len(found))
    ]
    assert found[2].id == "a:2"


def test_an_empty_text_has_no_passage():
    assert Splitter().split(article(" \n\n ")) == []


def test_a_word_without_end_is_cut_hard():
    assert [len(text) for text in passages("x" * 5_000, overlap_sentences=0)] == [700] * 6 + [800]


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="passage_chars"):
        Splitter(passage_chars=0)


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["Ein Satz. ", "\n\n", "\n", " ", "Wort", "\uffff", "\ufffe", "Glied.Satz", "x" * 60, "„Ja.“ "]
        ),
    ),
    max_size=60,
).map("".join)


@given(TEXTS, st.integers(1, 120), st.integers(0, 3))
def test_passages_cover_everything_visible_in_order(text: str, passage_chars: int, overlap: int):
    found = Splitter(passage_chars=passage_chars, overlap_sentences=overlap).split(article(text))

    covered = set()
    for passage in found:
        piece = text[passage.start : passage.end]
        assert piece
        assert piece == piece.strip()
        assert len(piece) <= passage_chars * 1.75
        covered.update(range(passage.start, passage.end))
    assert all(at in covered for at, character in enumerate(text) if not character.isspace())
    assert all(a.start <= b.start and a.end < b.end for a, b in itertools.pairwise(found))


def test_a_thousand_articles_are_split_within_seconds():
    text = (PARAGRAPH + "\n\n") * 2
    splitter = Splitter()
    began = time.perf_counter()
    for _ in range(1_000):
        splitter.split(article(text))

    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("title", "published", "said"),
    [
        ("Rat tagt", "2024-06-19", "Rat tagt. 19. Juni 2024. "),
        ("Rat tagt", "2024-06", "Rat tagt. Juni 2024. "),
        ("Tagt der Rat?", None, "Tagt der Rat? "),
        ("Rat tagt …", "2024", "Rat tagt … 2024. "),
    ],
)
def test_the_context_is_title_and_date(title: str, published: str | None, said: str):
    assert context(article("Text.", title=title, published=published)) == said
