"""The lexical index: BM25 by tantivy over German terms. Derived; the archive makes it again at any time.

What only this module knows: tantivy. The index lies in a folder that several processes share: whoever
first notices a change of the archive brings it up to date under a file lock, the others open the result.
`rebuild_lexical` puts another folder in its place; who has the old one open goes over when catching up.
A question is turned into terms by the analyser, never parsed: it has no syntax that could go wrong.
"""

import contextlib
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy
from filelock import FileLock, Timeout
from tantivy import Occur, Query

from index import analysis, manifest
from index.archive import Archive
from index.durable import set_aside, take_place
from index.errors import DamagedIndexError
from index.memory import give_large_blocks_back

Keys = npt.NDArray[np.int64]

_logger = logging.getLogger(__name__)

_FORMAT = 2
# With less space on the disk a failed write does not mean damage.
_LITTLE_SPACE_BYTES = 1 << 20
_TOKENIZER, _WORD_TOKENIZER = "german", "words"
_FIELDS = ("title", "text")
# 0 to 0.5 rank alike when fused; alone, titles help news and a higher weight hurts.
_TITLE_BOOST = 0.3
_MOST_TERMS = 64
_WRITER_BYTES = 64_000_000
_CHUNK_PASSAGES = 2_000
# Another process is usually done sooner; else a question is answered from the state before.
_SHORT_WAIT_S = 0.3
# Up to so many allowed keys become part of the query; with more, results are filtered.
_NARROW = 5_000


class Lexical:
    """Passages by key, found by their words and those of their article's title.

    Args:
        folder: Where the index lies; None keeps it in memory.
        archive_id: `Archive.id` of the archive it is made from.
        title_boost: Weight of a word in the title, relative to the passage's own text.

    Attributes:
        change: Number of the last archive change that this process searches.

    Raises:
        DamagedIndexError: The folder cannot be read, or belongs to another archive or version.
    """

    def __init__(
        self, folder: Path | None, *, archive_id: str = "", title_boost: float = _TITLE_BOOST
    ) -> None:
        self.change = 0
        self._build = manifest.new_build()
        self._seen: manifest.Seen | None = None
        self._folder = folder
        self._about = {"format": _FORMAT, "analysis": analysis.VERSION, "archive": archive_id}
        self._title_boost = title_boost
        self._analyzer, self._word_analyzer = analysis.analyzer(), analysis.word_analyzer()
        self._catching_up = threading.Lock()
        give_large_blocks_back()
        if folder is None:
            self._index = self._open(None)
        else:
            with self._file_lock():
                self._check_files(folder)
                self._index, self._build = self._newest(None)
                self.change = self._change_on_disk()

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def search(self, text: str, k: int, allowed: Keys | None = None) -> list[tuple[int, float]]:
        """Find passages that share words with a text.

        Args:
            text: A question or any words; punctuation means nothing.
            k: Most passages to return.
            allowed: Only these keys are returned; the ranking among them is exact. None for all.

        Returns:
            (key, BM25) pairs, best first; only passages that share a term.
        """
        query = self._query(text)
        if query is None or (allowed is not None and len(allowed) == 0):
            return []
        index = self._index  # another thread may open another one meanwhile
        searcher = index.searcher()
        if allowed is None:
            return _ranked(searcher, query, k)
        if len(allowed) <= _NARROW:
            return _ranked(searcher, _restricted(query, allowed, index.schema), k)
        return _filtered(searcher, query, k, allowed)

    def occurrences(self, words: Sequence[str]) -> list[int]:
        """Count the passages that hold each word just so, in text or title; half a microsecond a word.

        Case, accents and written-out umlauts make no difference, endings do. Passages that were deleted may
        count until the index is tidied; what is no single word counts 0.
        """
        searcher = self._index.searcher()
        forms = [self._form(word) for word in words]
        return [searcher.doc_freq("word", form) if form else 0 for form in forms]

    def holding(self, word: str, k: int) -> list[int]:
        """Return the keys of up to k passages that hold a word as `occurrences` counts it."""
        index, form = self._index, self._form(word)
        if form is None:
            return []
        return [
            key
            for key, _ in _ranked(index.searcher(), Query.term_query(index.schema, "word", form, "basic"), k)
        ]

    def is_spelling(self, text: str, word: str) -> bool:
        """Whether two words count as the same one."""
        return self._form(text) == self._form(word)

    def catch_up(self, archive: Archive, *, wait: bool = True) -> bool:
        """Take in what changed in the archive; return whether this call did. Safe to call from any thread.

        Where the folder was replaced, or is gone, what is there now (or made anew) is searched from then on.

        Args:
            archive: The truth.
            wait: Whether to wait for a thread or process that is catching up already.

        Raises:
            OSError: The disk is full or not writable; the index stays as it was.
            DamagedIndexError: What replaced it is damaged or belongs elsewhere; the old one goes on serving.
        """
        if archive.change() == self.change and not self._is_replaced():
            return False
        if not self._catching_up.acquire(blocking=wait):
            return False
        try:
            with self._file_lock(wait=wait):
                index, build = self._newest(self._index)
                with archive.snapshot():
                    last = archive.change()
                    self._write_changes(index, build, archive, last)
                index.reload()
                self._index, self._build, self.change = index, build, last
                self._seen = None if self._folder is None else manifest.seen(self._folder)
        except Timeout:
            return False
        finally:
            self._catching_up.release()
        return True

    def keys(self) -> Keys:
        """Return all keys, ascending."""
        searcher = self._index.searcher()
        found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs), count=False)
        keys = searcher.fast_field_values("key", [address for _, address in found.hits])
        return np.sort(np.array(keys, np.int64))

    def _query(self, text: str) -> Query | None:
        terms = list(dict.fromkeys(self._analyzer.analyze(analysis.fold(text))))[:_MOST_TERMS]
        schema = self._index.schema
        clauses = []
        for term in terms:
            title = Query.boost_query(Query.term_query(schema, "title", term, "freq"), self._title_boost)
            clauses += [(Occur.Should, Query.term_query(schema, "text", term, "freq")), (Occur.Should, title)]
        return Query.boolean_query(clauses) if clauses else None

    def _form(self, word: str) -> str | None:
        forms = self._word_analyzer.analyze(analysis.fold(word))
        return forms[0] if len(forms) == 1 else None

    def _is_replaced(self) -> bool:
        return self._folder is not None and manifest.seen(self._folder) != self._seen

    def _newest(self, opened: Any | None) -> tuple[Any, str]:
        """Return what the folder holds now, and its build; what is open stays open where it is the same."""
        if self._folder is None:
            return opened, self._build
        try:
            build = str(manifest.read_unchecked(self._folder).get("build", ""))
        except FileNotFoundError:
            if self._folder.exists():
                set_aside(self._folder)
            self._folder.mkdir()
            build, opened = manifest.new_build(), None
            manifest.write(self._folder, self._about | {"build": build, "change": 0}, [])
        if opened is None or build != self._build:
            manifest.compare(self._folder, manifest.read_unchecked(self._folder), self._about)
            opened = self._open(self._folder)
        return opened, build

    def _write_changes(self, index: Any, build: str, archive: Archive, last: int) -> None:
        done = self.change if self._folder is None else self._change_on_disk()
        if done == last:  # another process was faster
            return
        about = self._about | {"build": build}
        writer = index.writer(_WRITER_BYTES, 1)
        # Files that a killed commit left have the names that the next one wants to give.
        writer.garbage_collect_files()
        if done > last:
            _logger.warning("the archive went back in time; building the lexical index anew")
            writer.delete_all_documents()
            done = 0
        delta = archive.changes_since(done)
        if done:
            # Also those to be added: a run that was cut off may have added them already.
            gone = Query.term_set_query(index.schema, "key", [*delta.removed, *delta.added])
            writer.delete_documents_by_query(gone)
        else:
            writer.delete_all_documents()
        for start in range(0, len(delta.added), _CHUNK_PASSAGES):
            for key, title, text in archive.texts(delta.added[start : start + _CHUNK_PASSAGES]):
                writer.add_document(_document(key, analysis.fold(title), analysis.fold(text)))
        if self._folder is not None:
            # Were this cut off, the files would differ from a list; without one they are caught up again.
            manifest.write(self._folder, about | {"change": done}, [])
        writer.commit()
        writer.wait_merging_threads()
        if self._folder is not None:
            manifest.write(self._folder, about | {"change": last}, _segment_files(self._folder))

    def _open(self, folder: Path | None) -> Any:
        schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("key", indexed=True, fast=True)
            .add_text_field("title", tokenizer_name=_TOKENIZER, index_option="freq")
            .add_text_field("text", tokenizer_name=_TOKENIZER, index_option="freq")
            .add_text_field("word", tokenizer_name=_WORD_TOKENIZER, index_option="basic")
            .build()
        )
        try:
            index = tantivy.Index(schema, path=None if folder is None else str(folder))
        except (OSError, ValueError) as error:
            raise DamagedIndexError(f"{folder} cannot be opened: {error}") from error
        index.register_tokenizer(_TOKENIZER, self._analyzer)
        index.register_tokenizer(_WORD_TOKENIZER, self._word_analyzer)
        index.config_reader("Manual")
        index.reload()
        return index

    def _check_files(self, folder: Path) -> None:
        if not folder.exists():
            return
        try:
            about = manifest.read(folder)
        except FileNotFoundError as error:
            raise DamagedIndexError(f"{folder} has no manifest: making it was cut off") from error
        manifest.compare(folder, about, self._about)

    def _change_on_disk(self) -> int:
        try:
            return int(manifest.read_unchecked(self._folder)["change"]) if self._folder else 0
        except FileNotFoundError:
            return 0

    def _file_lock(self, *, wait: bool = True) -> Any:
        if self._folder is None:
            return contextlib.nullcontext()
        return manifest.lock(self._folder).acquire(timeout=-1 if wait else _SHORT_WAIT_S)


def open_lexical(folder: Path, archive: Archive) -> Lexical:
    """Open the index in a folder, or a new one where it is missing or damaged; then catch up."""
    with manifest.lock(folder):
        lexical = manifest.load_or_none(folder, lambda: _caught_up(folder, archive))
        return _caught_up(folder, archive) if lexical is None else lexical


def rebuild_lexical(folder: Path, archive: Archive) -> None:
    """Make the index again beside the one in the folder, which is searched meanwhile; then replace that.

    Raises:
        OSError: The disk is full or not writable; what was there is as it was.
    """
    hidden = f".{folder.name}.rebuild-"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.rebuild.lock")):
        for left in folder.parent.glob(f"{hidden}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=hidden, dir=folder.parent) as beside:
            fresh = Path(beside) / "fresh"
            Lexical(fresh, archive_id=archive.id).catch_up(archive)
            with manifest.lock(folder):
                take_place(fresh, folder, Path(beside) / "old")


def _caught_up(folder: Path, archive: Archive) -> Lexical:
    lexical = Lexical(folder, archive_id=archive.id)
    try:
        lexical.catch_up(archive)
    except ValueError as error:  # tantivy's own, for everything that it finds or cannot write
        if shutil.disk_usage(folder).free > _LITTLE_SPACE_BYTES:
            raise DamagedIndexError(f"{folder} cannot be written to: {error}") from error
        raise
    return lexical


def _document(key: int, title: str, text: str) -> Any:
    document = tantivy.Document(title=title, text=text, word=f"{title}\n{text}")
    document.add_unsigned("key", key)
    return document


def _ranked(searcher: Any, query: Query, k: int) -> list[tuple[int, float]]:
    hits = searcher.search(query, limit=max(1, k), count=False).hits[:k]
    keys = searcher.fast_field_values("key", [address for _, address in hits])
    return [(int(key), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]


def _restricted(query: Query, allowed: Keys, schema: Any) -> Query:
    only = Query.const_score_query(Query.term_set_query(schema, "key", allowed.tolist()), 0.0)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, only)])


def _filtered(searcher: Any, query: Query, k: int, allowed: Keys) -> list[tuple[int, float]]:
    """Take more and more results until k of them are allowed, or there are no more."""
    members = set(allowed.tolist())
    limit = 2 * k
    while True:
        found = _ranked(searcher, query, limit)
        kept = [pair for pair in found if pair[0] in members]
        if len(kept) >= k or len(found) < limit:
            return kept[:k]
        limit *= 4


def _segment_files(folder: Path) -> Iterable[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix not in (".json", ".lock"))
