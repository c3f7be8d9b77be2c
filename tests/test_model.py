import json
import multiprocessing
from pathlib import Path

import pytest

from index import model
from index.durable import sha256
from index.errors import ModelError
from tests.embedded import embedded_model


def folder_of(path: Path, *, prompts: dict[str, str] | None = None, hidden: int = 384) -> Path:
    """A sentence-transformers folder as far as `resolve` reads it."""
    (path / "1_Pooling").mkdir(parents=True)
    (path / "config.json").write_text(json.dumps({"hidden_size": hidden}))
    (path / "modules.json").write_text(json.dumps([{"path": ""}, {"path": "1_Pooling"}]))
    (path / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": hidden}))
    (path / "model.safetensors").write_bytes(b"weights")
    if prompts is not None:
        (path / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    return path


def unpacked(cache: Path) -> Path:
    """A cache as `resolve` leaves it, with small files in the place of the weights."""
    folder = folder_of(
        cache / "multilingual-e5-small-q4.2", prompts={"query": "query: ", "passage": "passage: "}
    )
    (folder / "onnx").mkdir()
    (folder / "onnx" / "encoder-int8.onnx").write_bytes(b"graph")
    (folder / "tokenizer.json").write_text("{}")
    files = {
        path.relative_to(folder).as_posix(): {"sha256": sha256(path), "bytes": path.stat().st_size}
        for path in folder.rglob("*")
        if path.is_file()
    }
    about = {"format": 2, "identity": "e5@abc", "dimension": 384, "files": files}
    (folder / "manifest.json").write_text(json.dumps(about))
    return folder


def test_a_folder_is_used_as_it_is(tmp_path: Path):
    folder = folder_of(tmp_path / "eigenes", prompts={"query": "Frage: ", "passage": "Text: "}, hidden=768)
    source = model.resolve(str(folder), cache=tmp_path / "cache")
    assert (source.folder, source.dimension, source.onnx) == (folder, 768, None)
    assert (source.query_prefix, source.passage_prefix) == ("Frage: ", "Text: ")


def test_a_folder_without_prompts_has_no_prefixes(tmp_path: Path):
    source = model.resolve(str(folder_of(tmp_path / "m")), cache=tmp_path)
    assert (source.query_prefix, source.passage_prefix) == ("", "")


def test_the_identity_of_a_folder_changes_with_its_weights(tmp_path: Path):
    folder = folder_of(tmp_path / "m")
    before = model.resolve(str(folder), cache=tmp_path).identity
    (folder / "model.safetensors").write_bytes(b"other weights")
    after = model.resolve(str(folder), cache=tmp_path).identity
    assert before.startswith("m@")
    assert before != after


def test_a_folder_without_a_model_is_an_error_that_names_what_is_missing(tmp_path: Path):
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        model.resolve(str(tmp_path), cache=tmp_path)


def test_a_name_that_is_neither_folder_nor_model_says_so(tmp_path: Path):
    with pytest.raises(ModelError, match="neither a folder nor a model"):
        model.resolve("gibt/es/nicht", cache=tmp_path)


def test_a_filled_cache_is_used_without_unpacking(tmp_path: Path):
    folder = unpacked(tmp_path)
    source = model.resolve(None, cache=tmp_path)
    assert (source.folder, source.identity, source.onnx) == (
        folder,
        "e5@abc",
        folder / "onnx/encoder-int8.onnx",
    )
    assert (source.query_prefix, source.passage_prefix) == ("query: ", "passage: ")


@pytest.mark.parametrize("name", ["tokenizer.json", "onnx/encoder-int8.onnx"])
def test_a_changed_byte_in_what_a_start_reads_is_noticed(tmp_path: Path, name: str):
    folder = unpacked(tmp_path)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1] + b"!")
    assert model._differences(folder) == [name]


def test_a_changed_byte_in_the_weights_is_noticed_by_verify(tmp_path: Path):
    folder = unpacked(tmp_path)
    (folder / "model.safetensors").write_bytes(b"weighty")
    assert model.verify(model.resolve(None, cache=tmp_path)) == ["model.safetensors"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "files": {}}'])
def test_a_damaged_manifest_counts_as_no_manifest(tmp_path: Path, content: str):
    folder = unpacked(tmp_path)
    (folder / "manifest.json").write_text(content)
    assert model._differences(folder) == ["manifest.json"]


def test_a_cache_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be unpacked into"):
        model.resolve(None, cache=tmp_path / "file")


@pytest.mark.model
def test_the_unpacked_model_matches_its_manifest():
    assert model.verify(embedded_model()) == []


def _resolve(cache: str) -> str:
    return model.resolve(None, cache=Path(cache)).identity


@pytest.mark.model
@pytest.mark.timeout(600)
def test_two_processes_that_start_at_once_on_a_damaged_cache_make_it_whole_once(tmp_path: Path):
    folder = unpacked(tmp_path)
    (folder / "tokenizer.json").unlink()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        identities = pool.map(_resolve, [str(tmp_path)] * 2)
    assert len(set(identities)) == 1
    assert model.verify(model.resolve(None, cache=tmp_path)) == []
    assert len(list(tmp_path.glob("*.damaged-*"))) == 1
