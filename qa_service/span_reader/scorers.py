"""Token scores for windows: the shipped reader by ONNX Runtime, or any extractive QA model by torch.

Both keep the windows of one question apart: what a passage scores does not depend on the passages beside
it, so that scores compare.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index import cores
from index.errors import ModelError
from index.model import open_tokenizer
from index.words import embedded_words
from qa_service.errors import ReaderError
from qa_service.gate import Backlog
from qa_service.span_reader.decode import TokenScores
from qa_service.span_reader.windows import Template, Window

_BATCH_TOKENS = 2048


class Scorer(Protocol):
    """A model that scores windows."""

    identity: str
    template: Template
    tokenizer: Any

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """Score windows, in any order; one entry a window."""


class OnnxScorer:
    """The shipped reader on the CPU; safe to call from several threads.

    Each core reads a window of its own, from all questions that are asked at the time: two cores that share
    each window wait for one another (`training/README.md` has the times), and one question's last window does
    not keep a core from the next question's first.

    Args:
        base: Folder of the unpacked base model, for its tokenizer.
        graph: File made by `qa_service.span_reader.export`.
        identity: Name and version.
        threads: Cores to use, None for all.
        backlog: Counts the windows that wait for a core, from all questions.
    """

    #: XLM-R's `<s> question </s> </s> passage </s>`.
    template = Template((0,), (2, 2), (2,), 384)

    def __init__(
        self,
        base: Path,
        graph: Path,
        *,
        identity: str,
        threads: int | None = None,
        backlog: Backlog | None = None,
    ) -> None:
        import onnxruntime  # noqa: PLC0415

        self.identity = identity
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_mem_pattern = False  # every batch has another shape
        try:
            self._words = embedded_words()
            self.tokenizer = open_tokenizer(base / "tokenizer.json")
            self._session: Any = onnxruntime.InferenceSession(
                graph, options, providers=["CPUExecutionProvider"]
            )
        except ModelError as error:
            raise ReaderError(str(error)) from error
        except Exception as error:  # both libraries raise bare exceptions
            raise ReaderError(
                f"The reader in {graph.parent} cannot be opened: {error}. Delete that folder."
            ) from error

        self._backlog = Backlog() if backlog is None else backlog
        self._cores = ThreadPoolExecutor(threads or cores.usable(), thread_name_prefix="reading")

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """Score windows, the longest first; one entry a window, in the order given."""
        order = sorted(range(len(windows)), key=lambda n: -len(windows[n].ids))
        try:
            begun = {number: self._begin(windows[number]) for number in order}
        except RuntimeError:
            # The process is ending and its pools are closed; what is being answered is finished here.
            return [self._one(window) for window in windows]
        return [begun[number].result() for number in range(len(windows))]

    def _begin(self, window: Window) -> Future[TokenScores]:
        def work() -> TokenScores:
            self._backlog.begun()
            return self._one(window)

        self._backlog.add()
        try:
            return self._cores.submit(work)
        except RuntimeError:
            self._backlog.begun()
            raise

    def _one(self, window: Window) -> TokenScores:
        words = self._words[np.asarray(window.ids, np.int64)][None]
        start, end, item, holds = self._session.run(
            None, {"words": words, "mask": np.ones(words.shape[:2], bool)}
        )
        return TokenScores(start[0], end[0], item[0], float(holds[0]))


class TorchScorer:
    """Any extractive question answering model in Hugging Face's format, on the CPU or a GPU.

    Args:
        name: Folder or hub name.
        device: "auto", "cpu", "cuda" or another torch device.
    """

    def __init__(self, name: str, *, device: str = "auto") -> None:
        import torch  # noqa: PLC0415
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer  # noqa: PLC0415

        self._torch = torch
        chosen = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        try:
            fast: Any = AutoTokenizer.from_pretrained(name)
            model: Any = AutoModelForQuestionAnswering.from_pretrained(name)
            self._model = model.to(chosen).eval()
        except Exception as error:  # several libraries, no common base
            raise ReaderError(
                f"QA_READER={name!r} is not an extractive question answering model that loads: {error}. "
                "Name a folder or hub model, or unset QA_READER for the shipped reader."
            ) from error
        self._device = chosen
        self.identity = Path(name).name
        self.tokenizer = fast.backend_tokenizer
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._pad = fast.pad_token_id or 0
        self._types = "token_type_ids" in fast.model_input_names
        most = min(512, int(getattr(self._model.config, "max_position_embeddings", 512)))
        # RoBERTa counts positions from its padding token on.
        most -= 2 if self._model.config.model_type in ("roberta", "xlm-roberta", "camembert") else 0
        self.template = _template(fast, min(most, 512))

    def score(self, windows: Sequence[Window]) -> list[TokenScores]:
        """Score windows in batches of like length."""
        torch = self._torch
        scores: dict[int, TokenScores] = {}
        order = sorted(range(len(windows)), key=lambda n: len(windows[n].ids))
        while order:
            size = max(1, _BATCH_TOKENS // len(windows[order[0]].ids))
            group, order = order[:size], order[size:]
            longest = max(len(windows[n].ids) for n in group)
            ids = torch.full((len(group), longest), self._pad)
            mask = torch.zeros_like(ids)
            types = torch.zeros_like(ids)
            for row, number in enumerate(group):
                window = windows[number]
                ids[row, : len(window.ids)] = torch.tensor(window.ids)
                mask[row, : len(window.ids)] = 1
                types[row, window.first : len(window.ids)] = 1
            inputs = {"input_ids": ids, "attention_mask": mask} | (
                {"token_type_ids": types} if self._types else {}
            )
            with torch.inference_mode():
                out = self._model(**{name: value.to(self._device) for name, value in inputs.items()})
            start, end = out.start_logits.float().cpu().numpy(), out.end_logits.float().cpu().numpy()
            for row, number in enumerate(group):
                length = len(windows[number].ids)
                scores[number] = TokenScores(start[row, :length], end[row, :length], None, 0.0)
        return [scores[number] for number in range(len(windows))]


def _template(tokenizer: Any, most: int) -> Template:
    """Reads the special tokens off the tokenizer's own pair template."""
    question, passage = (
        tokenizer.encode("a", add_special_tokens=False),
        tokenizer.encode("b", add_special_tokens=False),
    )
    pair = tokenizer("a", "b")["input_ids"]
    at = next(n for n in range(len(pair)) if pair[n : n + len(question)] == question)
    after = at + len(question)
    to = next(n for n in range(after, len(pair)) if pair[n : n + len(passage)] == passage)
    return Template(tuple(pair[:at]), tuple(pair[after:to]), tuple(pair[to + len(passage) :]), most)
