"""The writer that is killed, the reader beside it, and the check afterwards; see `benchmarks.durability`.

Each runs in a process of its own, forked from one that holds no thread and no open file of the archive. The
embedder counts letters, so that an operation takes milliseconds and kills fall into storing, not embedding.
"""

import json
import os
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.archive import Archive
from index.backup import backup, restore
from index.build import Builder
from index.copies import signature, similarity
from index.rebuild import rebuild, reembed
from index.search import Search, open_search
from index.types import Article, Passage
from index.verify import verify

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
WORDS = ["Brücke", "Rat", "Haushalt", "Freibad", "Bahn", "Klinik", "Theater", "Hafen", "Schule", "Deich"]
_OPERATIONS = {
    "add": 8, "update": 6, "delete": 4, "batch": 3, "search": 4, "save": 2, "rebuild": 1, "copy": 1, "swap": 1
}  # fmt: skip
State = dict[str, str]

# Loads the packages that it needs; otherwise every writer would spend its short life on that.
signature(" ".join(4 * WORDS))


class Letters:
    """Counts the letters of a text; two alphabets are two models."""

    def __init__(self, alphabet: str) -> None:
        self.identity = f"letters-{alphabet}"
        self.dimension = len(alphabet)
        self._alphabet = alphabet

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one normalised vector a text, float32 (n, dimension)."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one normalised vector a text, float32 (n, dimension)."""
        counts = np.array([[1 + text.lower().count(c) for c in self._alphabet] for text in texts], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


class Paragraphs:
    """Makes a passage of each paragraph."""

    def split(self, article: Article) -> list[Passage]:
        """Return the passages of an article in order."""
        passages, start = [], 0
        for number, paragraph in enumerate(article.text.split("\n\n")):
            passages.append(Passage(0, article.id, number, start, start + len(paragraph)))
            start += len(paragraph) + 2
        return passages


@dataclass
class Place:
    """An archive with its indexes, opened with whichever model it was embedded with."""

    archive: Archive
    embedder: Letters
    builder: Builder
    search: Search

    @classmethod
    def open(cls, folder: Path, indexes: str = "index") -> "Place":
        """Open what is in a folder."""
        archive = Archive(folder / "archive.sqlite", similarity=similarity)
        embedder = Letters((archive.model or f"letters-{ALPHABET}").removeprefix("letters-"))
        builder = Builder(archive, Paragraphs(), embedder)
        return cls(archive, embedder, builder, open_search(archive, embedder, folder / indexes))

    def state(self) -> State:
        """Return the text of every article by its id."""
        return {article.id: article.text for article in self.archive.all_articles()}


def operation(name: str, known: State, drawn: random.Random, *, copied: State | None) -> dict[str, Any]:
    """Draw one operation: its name and what the archive holds after it; an empty archive is filled first."""
    after = dict(known)
    if not known:
        name = "batch"
    if name in {"add", "batch"}:
        for _ in range(1 if name == "add" else 5):
            after[f"{drawn.choice(WORDS)}/{drawn.randrange(10**6)}"] = text(drawn)
    elif name == "update":
        after[drawn.choice(sorted(known))] = text(drawn)
    elif name == "delete":
        del after[drawn.choice(sorted(known))]
    elif name == "copy" and copied is not None:
        after = dict(copied)
    changes = {key: after.get(key) for key in known.keys() | after.keys() if known.get(key) != after.get(key)}
    return {"name": name, "changes": changes}


def write_until_killed(folder: Path, seed: int, pipe: int, *, alone: bool) -> None:
    """Change the archive at random, telling `pipe` before each operation and after it is acknowledged."""
    drawn = random.Random(seed)  # noqa: S311 - no secret
    place = Place.open(folder)
    known = place.state()
    names = [name for name in _OPERATIONS if alone or name != "swap"]
    copy: tuple[Path, State] | None = None
    while True:
        name = drawn.choices(names, [_OPERATIONS[each] for each in names])[0]
        wanted = operation(name, known, drawn, copied=copy[1] if copy else None)
        name = wanted["name"]
        os.write(pipe, f"{json.dumps(wanted)}\n".encode())
        if name == "copy" and copy is None:
            backup(place.archive.path, folder / "copy.sqlite")
            copy = (folder / "copy.sqlite", dict(known))
        elif name == "copy" and copy is not None:
            restore(copy[0], place.archive.path)
            copy = None
        else:
            place = _carry_out(name, wanted["changes"], place, folder)
            if name == "swap":
                copy = None  # of the other model
        known = _applied(known, wanted["changes"])
        os.write(pipe, b"done\n")


def read_until_told(folder: Path, stop: int, pipe: int) -> None:
    """Search until `stop` can be read; then tell `pipe` how often, and what went wrong."""
    place = Place.open(folder, "reader")
    wrong, count, drawn = [], 0, random.Random(0)  # noqa: S311 - no secret
    os.write(pipe, b"ready\n")
    os.set_blocking(stop, False)
    while True:
        try:
            if os.read(stop, 1) == b"":
                break
        except BlockingIOError:
            pass
        wrong += _search_once(place, drawn.choice(WORDS))
        count += 1
        time.sleep(0.005)
    os.write(pipe, json.dumps({"searches": count, "wrong": wrong[:5]}).encode())


def check(folder: Path) -> dict[str, Any]:
    """Open everything again, as after a restart; return what is there and what is wrong."""
    started = time.perf_counter()
    place = Place.open(folder)
    opened_s = time.perf_counter() - started
    problems = verify(place.archive, place.search.vectors, place.search.lexical)
    problems += [problem for word in WORDS[:3] for problem in _search_once(place, word)]
    damaged = sorted(path.name for path in folder.rglob("*.damaged-*"))
    for path in folder.rglob("*.damaged-*"):
        shutil.rmtree(path)
    return {"state": place.state(), "problems": problems, "damaged": damaged, "opened_s": opened_s}


def _carry_out(name: str, changes: dict[str, str | None], place: Place, folder: Path) -> Place:
    removed = [article_id for article_id, text in changes.items() if text is None]
    for article_id in removed:
        place.archive.delete(article_id)
    stored = [
        Article(article_id, article_id, text) for article_id, text in changes.items() if text is not None
    ]
    if stored:
        place.builder.add(stored)
    if name == "search":
        _search_once(place, "Brücke")
    elif name == "save":
        place.search.refresh()
        place.search.save(folder / "index")
    elif name == "rebuild":
        place.search = rebuild(place.archive, place.embedder, folder / "index")
    elif name == "swap":
        place.archive.close()
        other = Letters(ALPHABET[::-1] if place.embedder.identity.endswith("z") else ALPHABET)
        reembed(place.archive.path, Paragraphs(), other, similarity=similarity)
        return Place.open(folder)
    return place


def _search_once(place: Place, word: str) -> list[str]:
    before = place.archive.change()
    found = place.search.search(f"Was geschah mit {word}?")
    if place.archive.change() != before:
        return []  # written to meanwhile: what was found may rightly be older
    there = place.archive.articles_by_id(hit.article.id for hit in found.hits)
    return [
        f"{hit.article.id} was found and is not there any more"
        for hit in found.hits
        if there.get(hit.article.id) != hit.article
    ]


def _applied(known: State, changes: dict[str, str | None]) -> State:
    return {key: text for key, text in (known | changes).items() if text is not None}


def text(drawn: random.Random) -> str:
    """Draw a text of one to four paragraphs."""
    return "\n\n".join(_sentence(drawn) for _ in range(drawn.randint(1, 4)))


def _sentence(drawn: random.Random) -> str:
    return f"{' '.join(drawn.choices(WORDS, k=drawn.randint(4, 30)))} {drawn.randrange(10**6)}."


def possible(known: State, lines: Iterator[str]) -> list[State]:
    """Work out from what the writer told which states may be there: the acknowledged one, or one further."""
    states = [known]
    for line in lines:
        if line == "done":
            states = states[-1:]
        elif line.endswith("}"):
            states = [states[0], _applied(states[0], json.loads(line)["changes"])]
    return states
