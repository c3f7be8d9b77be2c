"""From question-answering files to weights that the reader loads: every step once, on a handful of texts."""

import gzip
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import model
from qa_service.span_reader import weights
from training import average, export, prepare, train
from training.sources import DEV_FILES, MEASURE_FILES, TRAIN_FILES
from training.swaps import Swapper, runs

TEXT = (
    "Der Stadtrat von Lindenau hat am Mittwoch den Bau einer Brücke beschlossen. Sie soll 12 Millionen Euro "
    "kosten. Bürgermeisterin Vera Kolb nannte den Beschluss einen Erfolg. Gegen den Bau stimmten Grüne und "
    "Linke. Die alte Brücke war 2019 gesperrt worden."
)
ASKED = (
    ("Wie viel soll die Brücke in Lindenau kosten?", "12 Millionen Euro"),
    ("Wie heißt die Bürgermeisterin von Lindenau?", "Vera Kolb"),
    ("Wann wurde die alte Brücke in Lindenau gesperrt?", "2019"),
)
MODELS = Path("var/models")


def records(town: str) -> list[dict]:
    """Three questions about a town and one without an answer."""
    text = TEXT.replace("Lindenau", town)
    found = [
        {
            "id": f"{town}{number}", "title": "Neue Brücke", "context": text,
            "question": question.replace("Lindenau", town),
            "answers": [{"text": answer, "answer_start": text.index(answer)}],
        }
        for number, (question, answer) in enumerate(ASKED)
    ]  # fmt: skip
    return [*found, found[0] | {"id": town, "question": "Wer entwarf sie?", "answers": []}]


def write_data(folder: Path) -> None:
    """Every file that training reads, each about two towns of its own."""
    for number, name in enumerate((*TRAIN_FILES, *DEV_FILES, "mlqa/de_dev_unanswerable", *MEASURE_FILES)):
        path = folder / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        asked = [*records(f"Neustadt{number}"), *records(f"Altdorf{number}")]
        lines = (json.dumps(record, ensure_ascii=False) for record in asked)
        path.write_text("\n".join(lines), encoding="utf-8")
    (folder / "wikipedia").mkdir()
    with gzip.open(folder / "wikipedia" / "articles.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"title": "Lindenau", "text": TEXT * 12}) + "\n")


def command(monkeypatch: pytest.MonkeyPatch, module: object, *arguments: object) -> None:
    """Runs a module's command line."""
    monkeypatch.setattr(sys, "argv", ["command", *map(str, arguments)])
    module.main()  # type: ignore[attr-defined]


def test_every_step_from_the_data_to_weights_that_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_data(tmp_path / "data")
    pack = tmp_path / "pack"
    base = model.resolve(None, cache=MODELS)
    command(monkeypatch, prepare, "--data", tmp_path / "data", "--model-cache", MODELS, "--out", pack)
    for name, start in (("one", pack / "base.npz"), ("two", tmp_path / "one.npz")):
        command(
            monkeypatch, train, "--pack", pack, "--start", start, "--out", tmp_path / f"{name}.npz",
            "--steps", 2, "--tokens", 512, "--most", 160, "--seed", len(name), "--swapped", 1, "--no-score",
        )  # fmt: skip
    runs_made = [tmp_path / "one.npz", tmp_path / "two.npz"]
    command(monkeypatch, average, "--runs", *runs_made, "--out", tmp_path / "mean.npz")
    shipped = tmp_path / "weights" / "reader.safetensors"
    command(monkeypatch, export, "--run", tmp_path / "mean.npz", "--base", base.folder, "--out", shipped)
    parameters, identity = weights.load(shipped)
    ours, _ = weights.load(weights.SHIPPED)
    assert identity == base.identity
    assert {name: value.shape for name, value in parameters.items()} == {
        name: value.shape for name, value in ours.items()
    }
    logged = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [entry["steps"] for entry in logged] == [2, 2]
    one, two = (np.load(path)["encoder.layer.0.output.LayerNorm.weight"] for path in runs_made)
    assert np.abs(one - two).max() > 0


def alike(pieces: Sequence[str]) -> np.ndarray:
    """Vectors by which pieces of like length are alike."""
    angles = np.array([len(piece) for piece in pieces]) / 30
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_capitalised_words_and_numbers_of_a_question_are_found():
    question = "Wie viele Menschen starben 2009 in New York?"
    assert [(question[a:b], before) for a, b, before in runs(question)] == [
        ("Menschen", "viele"), ("2009", "starben"), ("New York", "in"),
    ]  # fmt: skip


def test_a_question_is_turned_to_something_that_the_text_does_not_say():
    swapper = Swapper(["Wer wohnt in Oslo?", "Wer wohnt in Rom?", "Was geschah in Lindenau?"], alike)
    for seed in range(20):
        found = swapper.swapped("Wann wurde 2019 in Lindenau gebaut?", [TEXT], random.Random(seed), most=2)
        assert len(found) == 2
        for question in found:
            changed = [word.strip("?") for word in question.split() if word.strip("?") not in TEXT]
            assert set(changed) - {"Wann", "gebaut"}


def test_a_question_that_hangs_on_nothing_is_left_alone():
    swapper = Swapper(["Wer wohnt in Oslo?"], alike)
    assert swapper.swapped("Warum?", [TEXT], random.Random(1), most=2) == []
    assert swapper.swapped("Wer kommt in Oslo an?", ["Oslo"], random.Random(1), most=2) == []
