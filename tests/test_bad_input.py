"""What a hostile or broken delivery may hold: told clearly, read in bounded memory, nothing half-stored."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks import files
from index.archive import Archive
from index.build import Builder
from index.load import load, load_bytes, load_jsonl, zipped
from index.split import Splitter
from index.types import Article, Rejected
from tests.fakes import FakeEmbedder, article
from tests.living import living

LARGE = 500 * 1024 * 1024


def reason(found: Article | Rejected) -> str:
    assert isinstance(found, Rejected), found
    return found.reason


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.pdf", "a.docx", "a.csv", "a.xml", "a.md"])
def test_a_file_of_500_megabytes_is_refused_without_reading_it(tmp_path: Path, name: str):
    with (tmp_path / name).open("wb") as stream:
        stream.truncate(LARGE)  # takes no space
    (found,) = load(tmp_path / name)
    assert "bytes that are allowed; split the file" in reason(found)


def test_a_zip_of_500_megabytes_that_is_none_is_refused(tmp_path: Path):
    with (tmp_path / "a.zip").open("wb") as stream:
        stream.truncate(LARGE)
    (found,) = load(tmp_path / "a.zip")
    assert "damaged ZIP archive" in reason(found)


def test_a_zip_whose_directory_alone_would_fill_the_memory_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(zipped, "MAX_ZIP_DIRECTORY_BYTES", 1000)
    data = packed(20)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # reading it would fail
    (found,) = zipped.load_zip(io.BytesIO(data), "a.zip")
    assert "split it" in reason(found)


def test_a_zip_with_a_directory_below_the_limit_is_read():
    assert len(list(load_bytes(packed(20), "a.zip"))) == 20


def packed(members: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(members):
            archive.writestr(f"meldung-{number}.txt", "Eins.")
    return out.getvalue()


class Endless(io.RawIOBase):
    """A file of tiny articles without an end."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0

    def readline(self, _size: int | None = -1, /) -> bytes:
        self.lines += 1
        return b'{"id": "n%d", "text": "Meldung %d."}\n' % (self.lines, self.lines)


def test_tiny_articles_are_read_one_by_one_however_many_follow():
    endless = Endless()
    found = load_jsonl(endless, "a.jsonl")  # type: ignore[arg-type]
    assert [next(found).id for _ in range(3)] == ["n1", "n2", "n3"]  # type: ignore[union-attr]
    assert endless.lines == 3


class Watching(FakeEmbedder):
    """Notes how many passages it was given at once."""

    def __init__(self) -> None:
        super().__init__()
        self.most = 0

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.most = max(self.most, len(texts))
        return super().embed_passages(texts)


def test_many_tiny_articles_are_stored_in_small_batches(tmp_path: Path):
    taken, stored = 0, []

    def tiny() -> Iterator[Article]:
        nonlocal taken
        for number in range(600):
            taken += 1
            yield article(f"n{number}", f"Meldung {number} vom Hafen.")

    embedder = Watching()
    archive = Archive(tmp_path / "archive.db")
    builder = Builder(archive, Splitter(), embedder)
    builder.add(tiny(), progress=lambda summary: stored.append((taken, summary.added)))
    assert embedder.most <= 512
    assert all(read - added == 0 for read, added in stored)
    assert archive.count().articles == 600


def test_one_article_of_50_megabytes_is_refused_and_the_next_is_read():
    line = b'{"text": "%s"}\n' % (b"Ein sehr langer Roman. " * 2_200_000)
    long, other = load_bytes(line + b'{"id": "b", "text": "Eins."}\n', "a.jsonl")
    assert "split the article" in reason(long)
    assert isinstance(other, Article)


def test_a_text_of_more_characters_than_an_article_may_have_is_refused():
    (found,) = load_bytes(b"Ein Satz, der sich oft wiederholt. " * 200_000, "a.txt")
    assert "5,000,000" in reason(found)


def test_50_megabytes_over_http_are_refused_and_nothing_is_stored(tmp_path: Path):
    place = living(tmp_path)
    refused = place.client.post("/articles", json={"text": "Ein Roman. " * 5_000_000})
    assert refused.status_code == 413
    assert place.archive.count().articles == 0


def test_what_is_refused_in_a_list_leaves_the_others_whole(tmp_path: Path):
    place = living(tmp_path)
    sent = [{"id": "a", "text": "Eins ist da."}, {"id": "b", "text": ""}, {"id": "c", "text": "Drei ist da."}]
    place.client.post("/articles", json=sent)
    stored = place.archive.all_articles()
    assert all(place.archive.article_passages(each.id) for each in stored)
    assert place.archive.problems() == []


def test_stages_of_indexing_are_timed(tmp_path: Path):
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"Meldung {number}. Im Hafen wurde gebaut.")
    (tmp_path / "kaputt.pdf").write_bytes(b"?")
    work = tmp_path / "work"
    result = files.run(tmp_path, 3, FakeEmbedder(), work)
    assert (result["articles"], set(result["seconds"])) == (
        3,
        {"load", "split", "embed", "store", "index", "total"},
    )
