import multiprocessing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import analysis
from index.archive import Archive, Entry
from index.errors import DamagedIndexError
from index.lexical import Lexical, open_lexical
from index.types import Article, Passage
from tests.fakes import article


def whole(of: Article) -> Entry:
    """An article that is one passage."""
    return Entry(of, [Passage(0, of.id, 0, 0, len(of.text))], np.ones((1, 4), np.float32))


def archive_of(folder: Path, *texts: str) -> Archive:
    """Articles "0", "1", ... with these texts; the key of article n is n + 1."""
    archive = Archive(folder / "archive.db")
    archive.put_many([whole(article(str(n), text)) for n, text in enumerate(texts)])
    return archive


def index_of(folder: Path, *texts: str) -> Lexical:
    lexical = Lexical(None)
    lexical.catch_up(archive_of(folder, *texts))
    return lexical


def found(lexical: Lexical, text: str, **more: object) -> list[int]:
    return sorted(key for key, _ in lexical.search(text, 10, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spellings",
    [
        ["Länder", "Laender", "Lander", "LÄNDER", "La\u0308nder", "Län\u00adder"],
        ["Straße", "Strasse", "STRASSE", "STRAẞE"],
        ["Größe", "Groesse", "Grösse"],
        ["Müller", "Mueller", "Muller"],
        ["Präsident", "Praesidenten", "Präsidenten"],
        ["grün", "gruen", "Grünen", "Gruenen"],
        ["Frau", "Frauen"],
        ["Café", "Cafe"],
    ],
)
def test_spellings_of_one_word_become_one_term(spellings: list[str]):
    assert len({tuple(analysis.analyzer().analyze(analysis.fold(word))) for word in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("neue", "neun"), ("Frau", "Frist"), ("2024", "2023")])
def test_different_words_stay_different(one: str, other: str):
    analyzer = analysis.analyzer()
    assert analyzer.analyze(analysis.fold(one)) != analyzer.analyze(analysis.fold(other))


def test_a_word_is_found_in_whatever_spelling(tmp_path: Path):
    lexical = index_of(tmp_path, "Viele Länder kamen.", "Der Laender viele.", "Zwei Lander.", "Nichts davon.")
    for spelling in ("Länder", "Laender", "Lander"):
        assert found(lexical, spelling) == [1, 2, 3]


def test_a_rarer_word_counts_more(tmp_path: Path):
    lexical = index_of(tmp_path, "Wahl in Wien", "Wahl in Bonn", "Wahl in Graz")
    assert lexical.search("Wahl in Bonn", 3)[0][0] == 2


def test_numbers_and_titles_are_found(tmp_path: Path):
    lexical = Lexical(None)
    archive = Archive(tmp_path / "a.db")
    archive.put_many(
        [whole(article("a", "Es waren 4711 Gäste.", title="Sturmflut")), whole(article("b", "x y"))]
    )
    lexical.catch_up(archive)
    assert found(lexical, "4711") == found(lexical, "Sturmfluten") == [1]


def test_stop_words_alone_find_nothing(tmp_path: Path):
    assert found(index_of(tmp_path, "Wer ist das und was ist nicht?"), "Wer ist das?") == []


@pytest.mark.parametrize(
    "odd", ["AND OR NOT", '"', "a:b", "*", "(", "[1 TO 2]", "\\", "text:^2~", "", "\x00", "+-"]
)
def test_a_question_has_no_syntax_that_could_go_wrong(tmp_path: Path, odd: str):
    assert found(index_of(tmp_path, "Bonn ist schön"), f"{odd} Bonn {odd}") == [1]


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_no_text_makes_a_search_fail(text: str):
    lexical = Lexical(None)
    lexical.search(text, 5)


def test_only_allowed_keys_are_found_in_the_same_order_with_the_same_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    texts = [f"Wahl {'Bonn ' * (n % 5)} {'x ' * n}" for n in range(30)]
    lexical = index_of(tmp_path, *texts)
    everything = lexical.search("Wahl Bonn", 30)
    allowed = np.array([3, 8, 9, 21, 30, 99])
    expected = [pair for pair in everything if pair[0] in allowed][:4]
    assert lexical.search("Wahl Bonn", 4, allowed) == [(key, pytest.approx(score)) for key, score in expected]
    monkeypatch.setattr("index.lexical._NARROW", 0)
    assert lexical.search("Wahl Bonn", 4, allowed) == [(key, pytest.approx(score)) for key, score in expected]
    assert lexical.search("Wahl Bonn", 4, np.array([], np.int64)) == []


def test_it_catches_up_with_what_was_added_changed_and_deleted(tmp_path: Path):
    archive = archive_of(tmp_path, "Bonn", "Wien", "Graz")
    lexical = open_lexical(tmp_path / "l", archive)
    archive.put_many([whole(article("0", "Köln"))])
    archive.delete("1")
    assert lexical.catch_up(archive)
    assert not lexical.catch_up(archive)
    assert (found(lexical, "Bonn Wien Graz"), found(lexical, "Koeln")) == ([3], [4])
    assert lexical.keys().tolist() == [3, 4]


def test_a_second_process_opens_what_the_first_made(tmp_path: Path):
    archive = archive_of(tmp_path, "Bonn")
    first, second = open_lexical(tmp_path / "l", archive), open_lexical(tmp_path / "l", archive)
    archive.put_many([whole(article("neu", "Wien"))])
    assert first.catch_up(archive)
    assert second.catch_up(archive)
    assert found(second, "Wien") == [2]
    assert len(second) == 2


def test_an_index_cut_off_before_its_manifest_is_caught_up_without_doubles(tmp_path: Path):
    archive = archive_of(tmp_path, "Bonn")
    lexical = open_lexical(tmp_path / "l", archive)
    before = (tmp_path / "l" / "manifest.json").read_text()
    archive.put_many([whole(article("neu", "Wien"))])
    lexical.catch_up(archive)
    (tmp_path / "l" / "manifest.json").write_text(before)
    assert open_lexical(tmp_path / "l", archive).keys().tolist() == [1, 2]


@pytest.mark.parametrize("how", ["flipped", "gone", "manifest", "meta"])
def test_a_damaged_index_is_set_aside_and_made_again(
    tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
):
    archive = archive_of(tmp_path, "Bonn", "Wien")
    open_lexical(tmp_path / "l", archive)
    name = {"manifest": "manifest.json", "meta": "meta.json"}.get(how)
    file = tmp_path / "l" / name if name else max((tmp_path / "l").glob("*.term"))
    if how == "gone":
        file.unlink()
    elif how == "flipped":
        content = file.read_bytes()
        file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    else:
        file.write_text("{")
    lexical = open_lexical(tmp_path / "l", archive)
    assert found(lexical, "Bonn") == [1]
    assert "made again from the archive" in caplog.text
    assert len(list(tmp_path.glob("l.damaged-*"))) == 1


def test_an_index_of_another_archive_is_not_served(tmp_path: Path):
    open_lexical(tmp_path / "l", archive_of(tmp_path, "Bonn"))
    with pytest.raises(DamagedIndexError, match="belongs elsewhere"):
        Lexical(tmp_path / "l", archive_id="another")


def test_an_index_of_another_version_is_replaced_without_alarm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    archive = archive_of(tmp_path, "Bonn", "Wien")
    with monkeypatch.context() as before:
        before.setattr(analysis, "VERSION", 0)
        open_lexical(tmp_path / "l", archive)
    caplog.set_level("INFO")
    lexical = open_lexical(tmp_path / "l", archive)
    assert found(lexical, "Bonn") == [1]
    assert [record.levelname for record in caplog.records if "another version" in record.message] == ["INFO"]
    assert not list(tmp_path.glob("l.damaged-*"))


def _catch_up(folder: str) -> list[int]:
    archive = Archive(Path(folder) / "archive.db")
    return open_lexical(Path(folder) / "l", archive).keys().tolist()


def test_processes_that_start_at_once_make_one_index(tmp_path: Path):
    archive_of(tmp_path, "Bonn", "Wien", "Graz").close()
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(_catch_up, [str(tmp_path)] * 3) == [[1, 2, 3]] * 3
    assert list(tmp_path.glob("l.damaged-*")) == []


def test_words_are_counted_as_they_are_whatever_their_case_and_accents(tmp_path: Path):
    lexical = index_of(tmp_path, "Die Länder und das Land.", "Ein Land: Perú.", "Straßen.")
    counts = lexical.occurrences(["Land", "LAND", "Laender", "Länder", "Lands", "peru", "Strassen", "Straße"])
    assert counts == [2, 2, 1, 1, 0, 1, 1, 0]


def test_what_is_no_single_word_is_counted_nowhere(tmp_path: Path):
    lexical = index_of(tmp_path, "Die Länder und das Land.")
    assert lexical.occurrences(["das Land", "", " ", "?", "x" * 80]) == [0, 0, 0, 0, 0]
    assert lexical.holding("das Land", 5) == lexical.holding("", 5) == []


def test_the_passages_that_hold_a_word_in_text_or_title(tmp_path: Path):
    lexical, archive = Lexical(None), Archive(tmp_path / "a.db")
    archive.put_many([whole(article("a", "Viel Sturm.", title="Flut")), whole(article("b", "Die Fluten."))])
    lexical.catch_up(archive)
    assert lexical.holding("flut", 5) == [1]
    assert lexical.holding("sturm", 5) == [1]
    assert lexical.holding("fluten", 5) == [2]
    assert lexical.is_spelling("FLÜT", "Flut")
    assert not lexical.is_spelling("Fluten", "Flut")
