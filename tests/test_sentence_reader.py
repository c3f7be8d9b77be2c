"""The first reader: whole sentences, ranked by vectors that count letters and by words in common."""

from qa_service.sentence_reader import SentenceReader, stems
from tests.fakes import FakeEmbedder, article, hit

TEXT = "Der Bürgermeister eröffnete die Brücke. Am Abend gab es ein Feuerwerk über dem Fluss."


def read(question: str, *texts: str, many: bool = False) -> list[str]:
    hits = [hit(article(f"a{i}", text), key=i + 1) for i, text in enumerate(texts)]
    return [span.text for span in SentenceReader(FakeEmbedder()).read(question, hits, many=many)]


def test_the_sentence_with_the_words_of_the_question_is_read():
    assert read("Wer eröffnete die Brücke?", TEXT) == ["Der Bürgermeister eröffnete die Brücke."]


def test_several_sentences_of_a_passage_are_read_where_several_things_are_asked_for():
    assert len(read("Was gab es an der Brücke?", TEXT, many=True)) == 2


def test_the_best_passage_comes_first():
    assert (
        read("Wer eröffnete die Brücke?", "Im Norden blieb das Wetter trüb und kalt.", TEXT)[0] == TEXT[:39]
    )


def test_a_sentence_in_two_overlapping_passages_is_read_once():
    of = article("a", TEXT)
    spans = SentenceReader(FakeEmbedder()).read(
        "Wer eröffnete die Brücke?", [hit(of), hit(of, key=2)], many=True
    )
    assert len(spans) == len({(span.start, span.end) for span in spans}) == 2


def test_no_passages_give_no_spans():
    assert read("Wer eröffnete die Brücke?") == []
    assert read("Wer eröffnete die Brücke?", " ") == []


def test_function_words_carry_no_meaning():
    assert stems("Wer hat die Brücke am 3. Oktober eröffnet?") == {"brücke", "3", "oktobe", "eröffn"}
