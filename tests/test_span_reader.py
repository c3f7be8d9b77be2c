"""The span reader behind its protocol, with a scorer whose scores are known, and with real models."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index import model
from index.types import Article, Hit, Passage
from qa_service.errors import ReaderError
from qa_service.gate import Backlog
from qa_service.span_reader import confidence, weights
from qa_service.span_reader.decode import TokenScores, TokenSpan
from qa_service.span_reader.reader import SpanReader, open_reader
from qa_service.span_reader.scorers import TorchScorer
from qa_service.span_reader.windows import Template, Window

TEXT = "Putin reiste nach Nordkorea und Vietnam ."
WORDS = ["Wer", "?", *TEXT.split()]


class KnownScorer:
    """Gives each word the score it was told."""

    identity = "known"
    template = Template((0,), (2, 2), (2,), 64)

    def __init__(self, starts: dict[str, float], *, items: Sequence[str] = ()) -> None:
        self.vocabulary = {word: number + 5 for number, word in enumerate(dict.fromkeys([*WORDS, "[x]"]))}
        self.tokenizer = Tokenizer(models.WordLevel(self.vocabulary, unk_token="[x]"))
        self.tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        self.starts = {self.vocabulary[word]: score for word, score in starts.items()}
        self.items = {self.vocabulary[word] for word in items}

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        found = []
        for window in windows:
            logits = np.array([self.starts.get(n, 0.0) for n in window.ids], np.float32)
            item = np.array([[0.0, 4.0 if n in self.items else -4.0, -9.0] for n in window.ids], np.float32)
            found.append(TokenScores(logits, logits.copy(), item, 0.0))
        return found


def hit(text: str = TEXT, start: int = 0, *, article: str = "a", key: int = 1) -> Hit:
    return Hit(Passage(key, article, 0, start, len(text)), Article(article, "Wer", text), 0.0, 0.0, 0.0)


def test_the_answer_is_a_slice_of_the_article():
    (first, *_) = SpanReader(KnownScorer({"Nordkorea": 3.0})).read("Wer ?", [hit(start=6)], many=False)
    assert first.text == "Nordkorea"
    assert TEXT[first.start : first.end] == "Nordkorea"


def test_a_list_gives_every_item():
    reader = SpanReader(KnownScorer({"Nordkorea": 3.0, "Vietnam": 2.0}, items=["Nordkorea", "Vietnam"]))
    found = reader.read("Wer ?", [hit()], many=True)
    assert [span.text for span in found[:2]] == ["Nordkorea", "Vietnam"]


def test_items_of_one_enumeration_share_their_chance_and_others_do_not():
    apart = SpanReader(KnownScorer({"Nordkorea": 3.0, "Putin": 3.0}, items=["Nordkorea", "Putin"]))
    joined = SpanReader(KnownScorer({"Nordkorea": 3.0, "Vietnam": 1.0}, items=["Nordkorea", "Vietnam"]))
    alone = {span.text: span.score for span in apart.read("Wer ?", [hit()], many=True)}
    together = {span.text: span.score for span in joined.read("Wer ?", [hit()], many=True)}
    assert alone["Nordkorea"] == alone["Putin"] == pytest.approx(6.0)
    assert together["Nordkorea"] == together["Vietnam"] == pytest.approx(float(np.logaddexp(6, 2)))


def test_an_item_far_less_sure_than_the_surest_is_none():
    named = ["Nordkorea", "Putin", "Vietnam"]
    scorer = KnownScorer({"Nordkorea": 0.0, "Vietnam": 0.0, "Putin": -0.2}, items=named)
    assert {"Nordkorea", "Vietnam", "Putin"} <= {
        s.text for s in SpanReader(scorer).read("Wer ?", [hit()], many=True)
    }
    scorer.starts[scorer.vocabulary["Putin"]] = -1.5
    found = SpanReader(scorer).read("Wer ?", [hit()], many=True)
    assert "Putin" not in {span.text for span in found}
    assert min(span.confidence for span in found) >= 0.25 * max(span.confidence for span in found)
    assert len(SpanReader(scorer).read("Wer ?", [hit()], many=False)) == 3  # of one answer others are rivals


@pytest.fixture(scope="module")
def shipped() -> SpanReader:
    cache = Path("var/models")
    return open_reader(None, base=model.resolve(None, cache=cache), cache=cache)


def test_questions_read_at_the_same_time_get_what_each_gets_alone(shipped: SpanReader):
    texts = [f"Am Montag wurden in Lindenau {n} Bäume gepflanzt. " * (1 + n % 4) for n in range(3, 12)]
    hits = [hit(text, article=str(n), key=n) for n, text in enumerate(texts)]
    asked = ["Wie viele Bäume wurden gepflanzt?", "Wo wurden Bäume gepflanzt?", "Wann war das?"]
    alone = [shipped.read(question, hits, many=False) for question in asked]
    with ThreadPoolExecutor(len(asked)) as clients:
        together = list(clients.map(lambda question: shipped.read(question, hits, many=False), asked))
    assert together == alone
    assert alone[0][0].text.split()[0].isdigit()


def test_a_question_is_read_to_its_end_where_the_process_is_ending(shipped: SpanReader):
    hits = [hit("Am Montag wurden in Lindenau 40 Bäume gepflanzt.")]
    scorer = copy(shipped._scorer)
    scorer._cores, scorer._backlog = ThreadPoolExecutor(1), Backlog()
    scorer._cores.shutdown()
    ending = SpanReader(scorer, shipped._calibration)
    asked = "Wie viele Bäume wurden gepflanzt?"
    assert ending.read(asked, hits, many=False) == shipped.read(asked, hits, many=False)
    assert scorer._backlog.waiting == 0


def test_what_waits_for_a_core_is_counted_until_it_is_being_read(shipped: SpanReader):
    backlog, scorer = Backlog(), copy(shipped._scorer)
    read_by_then: list[int] = []
    scorer._cores, scorer._backlog = ThreadPoolExecutor(1), backlog
    one, read = scorer._one, []
    scorer._one = lambda window: read.append(window) or one(window)
    backlog.when_empty(lambda: read_by_then.append(len(read)))
    hits = [hit(f"Am Montag wurden in Lindenau {n} Bäume gepflanzt.", key=n) for n in range(4)]
    SpanReader(scorer).read("Wie viele Bäume wurden gepflanzt?", hits, many=False)
    assert backlog.waiting == 0
    assert read_by_then[-1] == 3  # the last of four begins


def test_the_same_place_in_two_overlapping_passages_is_one_span():
    found = SpanReader(KnownScorer({"Vietnam": 3.0})).read("Wer ?", [hit(), hit(start=13, key=2)], many=False)
    assert [span.text for span in found].count("Vietnam") == 1


def test_no_passages_give_no_spans():
    assert SpanReader(KnownScorer({})).read("Wer ?", [], many=False) == []


@pytest.mark.parametrize("text", ["", " ", "x" * 5000, "🙂" * 40, "שלום עולם", "a\x00b\x1f c", "\n\n\n"])
def test_odd_passages_neither_crash_nor_move_offsets(text):
    for span in SpanReader(KnownScorer({})).read("Wer ?", [hit(text)], many=True):
        assert span.text == text[span.start : span.end]


def test_confidence_is_the_logistic_of_the_score():
    logistic = confidence.Logistic(bias=-1.0, margin=0.5, holds=2.0, odds=0.0)
    score = logistic.score(TokenSpan(0, 0, 4.0, 0.0), holds=0.5)
    assert score == pytest.approx(2.0)
    assert confidence.probability(score) == pytest.approx(0.880797, abs=1e-6)


def test_a_broken_calibration_is_refused_with_its_path(tmp_path):
    path = tmp_path / "calibration.json"
    path.write_text('{"single": {}}')
    with pytest.raises(ReaderError, match=r"calibration\.json"):
        confidence.load(path)


def test_stored_weights_are_within_half_a_step_of_the_originals(tmp_path):
    matrix = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)
    weights.save({"m": matrix, "b": np.array([0.5], np.float32)}, tmp_path / "w.safetensors", base="base@1")
    parameters, base = weights.load(tmp_path / "w.safetensors")
    assert base == "base@1"
    assert np.abs(parameters["m"] - matrix).max() <= 1 / 254 + 1e-6
    assert parameters["b"] == pytest.approx([0.5])


def test_damaged_weights_are_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    weights.save({"m": np.eye(2, dtype=np.float32)}, path, base="base@1")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ReaderError, match="damaged"):
        weights.load(path)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    """A BERT of a few thousand random parameters in Hugging Face's format."""
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = {
        word: n
        for n, word in enumerate(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", *WORDS]))
    }
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    from tokenizers.processors import TemplateProcessing

    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64,
    )  # fmt: skip
    BertForQuestionAnswering(config).save_pretrained(folder)
    return folder


@pytest.mark.model
def test_any_extractive_model_reads_through_the_same_class(tiny_model):
    scorer = TorchScorer(str(tiny_model), device="cpu")
    assert scorer.template == Template((2,), (3,), (3,), 64)
    found = SpanReader(scorer, with_context=False).read("Wer ?", [hit()], many=False)
    assert found
    assert all(0.0 <= span.confidence <= 1.0 and span.text == TEXT[span.start : span.end] for span in found)


@pytest.mark.model
def test_what_a_passage_scores_does_not_depend_on_its_neighbours(tiny_model):
    reader = SpanReader(TorchScorer(str(tiny_model), device="cpu"), with_context=False)
    alone = reader.read("Wer ?", [hit()], many=False)
    beside = reader.read("Wer ?", [hit("Nordkorea .", article="b", key=2), hit()], many=False)
    mine = [span for span in beside if span.hit.article.id == "a"]
    assert [(s.start, s.end) for s in mine] == [(s.start, s.end) for s in alone]
    assert [s.score for s in mine] == pytest.approx([s.score for s in alone], abs=1e-4)


def test_a_name_that_is_no_model_says_which_setting_is_wrong(tmp_path):
    with pytest.raises(ReaderError, match="QA_READER"):
        TorchScorer(str(tmp_path / "nothing"), device="cpu")
