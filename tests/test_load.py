import io
import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import clean
from index.load import from_record, load, load_bytes, load_jsonl
from index.load import limits as limits_module
from index.load.encoding import decode
from index.load.ids import safe_id
from index.types import Article, Rejected

TEXT = "Der Rat von Oberau hat beraten. Er will die Mühle für 1,5 Mio. Euro erhalten.\n\nDas sagte Jana Weiß."


def one(data: bytes, name: str = "a.txt") -> Article:
    (found,) = load_bytes(data, name)
    assert isinstance(found, Article), found
    return found


def refusal(data: bytes, name: str = "a.txt") -> Rejected:
    (found,) = load_bytes(data, name)
    assert isinstance(found, Rejected), found
    return found


def test_a_text_file_is_an_article():
    article = one(f"Rat tagt\n\n4. Mai 2023\n\nVon Jana Weiß\n\n{TEXT}\n\nMehr lesen".encode())

    assert article == Article(
        id="a.txt", title="Rat tagt", text=TEXT, author="Jana Weiß", published="2023-05-04"
    )


def test_without_a_title_the_first_sentence_serves_and_stays():
    article = one(TEXT.encode())

    assert article.title == "Der Rat von Oberau hat beraten."
    assert article.text == TEXT


def test_markdown_gives_up_its_marks_and_its_front_matter():
    text = (
        "---\ntitle: Rat tagt\ndate: 2023-05-04\nautor: Jana Weiß\n---\n\n# Rat tagt\n\nDer **Rat** berät "
        "[lange](https://example.org).\n\n## Mühle\n\n- erstens\n- zweitens\n\n![Bild](a.png)\n"
    )

    article = one(text.encode(), "a.md")

    assert (article.title, article.published, article.author) == ("Rat tagt", "2023-05-04", "Jana Weiß")
    assert article.text == "Der Rat berät lange.\n\nMühle\n\nerstens\n\nzweitens"


def test_the_first_heading_of_markdown_is_the_title():
    article = one(b"# Rat tagt\n\nEr ber\xc3\xa4t 2 * 3 * 4 Fragen zu snake_case_namen.", "a.md")

    assert (article.title, article.text) == ("Rat tagt", "Er berät 2 * 3 * 4 Fragen zu snake_case_namen.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_are_detected(encoding: str):
    text = "„Größe“ kostet 5 € – sagt Frau Weiß. Äußerst übel."

    assert decode(text.encode(encoding)) == text


def test_one_broken_byte_does_not_turn_utf8_into_something_else():
    text = "Größe Äußerst übel " * 20

    assert decode(text.encode() + b"\xff").startswith(text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "binary"),
        ("\u00ad…".encode(), "no text"),
    ],
)
def test_files_without_text_are_rejected(data: bytes, said: str):
    assert refusal(data).where == "a.txt"
    assert said in refusal(data).reason


def test_an_unknown_suffix_is_rejected_with_the_known_ones():
    reason = refusal(b"x", "a.exe").reason

    assert ".exe" in reason
    assert ".jsonl" in reason


def test_a_file_that_is_too_large_is_rejected_with_the_limit():
    reason = refusal(b"a" * (limits_module.MAX_ARTICLE_BYTES + 1)).reason

    assert f"{limits_module.MAX_ARTICLE_BYTES:,}" in reason


PAGE = """<!doctype html><html lang="de-DE"><head><title>Rat tagt | Tagblatt</title>
<meta property="og:site_name" content="Tagblatt">
<link rel="canonical" href="https://example.org/rat">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle",
"headline":"Rat tagt lange","datePublished":"2023-05-04T10:00:00+02:00","dateModified":"2023-05-05",
"author":[{"@type":"Person","name":"Jana Weiß"}],
"publisher":{"@type":"Organization","name":"Tagblatt Oberau"}}]}
</script><script>var schlimm = "Skripttext";</script></head>
<body><nav><a href="/">Startseite</a></nav><article><h1>Rat tagt lange</h1>
<p>Der Rat von Oberau hat am Donnerstag sehr lange über die alte Mühle beraten und sie am Ende erhalten.</p>
<p>Das sagte die Bürgermeisterin Jana Weiß nach der Sitzung, zu der
mehr als hundert Bürger gekommen waren.</p>
</article><footer>Impressum</footer></body></html>"""


def test_a_page_gives_text_and_what_its_markup_says():
    article = one(PAGE.encode(), "a.html")

    assert article.title == "Rat tagt lange"
    assert article.text.startswith("Der Rat von Oberau")
    assert article.text.endswith("gekommen waren.")
    assert "\n\n" in article.text
    assert "Skripttext" not in article.text
    assert (article.published, article.updated) == ("2023-05-04", "2023-05-05")
    assert (article.source, article.author) == ("Tagblatt Oberau", "Jana Weiß")
    assert (article.url, article.language) == ("https://example.org/rat", "de")


def test_a_page_in_latin_1_is_read_as_it_says():
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">')

    assert "Mühle" in one(page.encode("cp1252"), "a.html").text


def test_open_graph_and_time_elements_serve_without_schema():
    page = """<html><head><meta property="og:title" content="Rat tagt">
    <meta name="author" content="Von Jana Weiß"></head><body><article>
    <time datetime="2023-05-04">gestern</time>
    <p>Der Rat von Oberau hat am Donnerstag lange
    über die alte Mühle beraten und sie am Ende erhalten.</p></article></body></html>"""

    article = one(page.encode(), "a.html")

    assert (article.title, article.author, article.published) == ("Rat tagt", "Jana Weiß", "2023-05-04")
    assert article.language is None


@pytest.mark.parametrize(
    "page", ["<html><body><script>x()</script></body></html>", "<html></html>", "<", "<!-- -->"]
)
def test_a_page_without_text_is_rejected(page: str):
    assert "no article text" in refusal(page.encode(), "a.html").reason


def lines(*records: object) -> io.BytesIO:
    return io.BytesIO("\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode())


def test_jsonl_gives_an_article_a_line():
    record = {
        "id": "rat-1",
        "title": "Rat tagt",
        "text": TEXT,
        "url": "https://example.org/rat",
        "source": "Tagblatt",
        "author": "Jana Weiß",
        "published": "2023-05-04T10:00:00Z",
        "unbekannt": [1, 2],
    }

    (article,) = load_jsonl(lines(record), "a.jsonl")

    assert article == Article(
        id="rat-1",
        title="Rat tagt",
        text=TEXT,
        url="https://example.org/rat",
        source="Tagblatt",
        author="Jana Weiß",
        published="2023-05-04",
    )


def test_bad_lines_are_rejected_with_their_number_and_the_rest_goes_on():
    stream = io.BytesIO(
        b'{"text": "Eins."}\n\n{"text": \n{"title": "ohne"}\n[1]\n{"text": 5}\n{"text": "\xff\x00"}\n'
        b'{"text": ""}\n{"text": "Zwei."}'
    )

    found = list(load_jsonl(stream, "a.jsonl"))

    assert [getattr(each, "text", None) or each.where for each in found] == [
        "Eins.",
        "a.jsonl:3",
        "a.jsonl:4",
        "a.jsonl:5",
        "a.jsonl:6",
        "a.jsonl:7",
        "a.jsonl:8",
        "Zwei.",
    ]
    assert '"text" is missing' in found[2].reason


def test_deeply_nested_json_is_rejected():
    (found,) = load_jsonl(io.BytesIO(b"[" * 200_000), "a.jsonl")

    assert "not JSON" in found.reason


def test_an_over_long_line_is_skipped_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.load.jsonl.MAX_ARTICLE_BYTES", 50)
    stream = io.BytesIO(b'{"text": "' + b"a" * 500 + b'"}\n{"text": "Zwei."}\n')

    first, second = load_jsonl(stream, "a.jsonl")

    assert (first.where, second.text) == ("a.jsonl:1", "Zwei.")


def test_an_empty_jsonl_file_is_rejected():
    assert [found.reason for found in load_jsonl(io.BytesIO(b"\n"), "a.jsonl")] == ["empty file"]


def test_an_article_without_id_has_one_of_its_content():
    first, again, other = load_jsonl(
        lines({"text": "Eins."}, {"text": " Eins. "}, {"text": "Zwei."}), "a.jsonl"
    )

    assert first.id == again.id != other.id


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "/rat", "https://", "https://a b", "x" * 9_000, "http://["],
)
def test_addresses_that_are_not_of_the_web_are_left_out(url: str):
    article = from_record({"text": "Eins.", "url": url}, "a")

    assert isinstance(article, Article)
    assert article.url is None


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31", "gestern", "", 20240619])
def test_dates_that_cannot_be_believed_are_left_out(date: object):
    article = from_record({"text": "Eins.", "published": date}, "a")

    assert isinstance(article, Article)
    assert article.published in {None, "2024-06-19"}


def test_date_is_another_name_for_published():
    article = from_record({"text": "Eins.", "date": "2023-05-04"}, "a")

    assert isinstance(article, Article)
    assert article.published == "2023-05-04"


@pytest.mark.parametrize("name", ["a.txt", "2023-05-04_rat.html", "wiki:1"])
def test_safe_names_stay_as_they_are(name: str):
    assert safe_id(name) == name


@pytest.mark.parametrize(
    "name", ["a/b.txt", "../a", "..", "ä.txt", "a b", "a\x00b", "日本", "x" * 500, "\ud800", "?q=1#a"]
)
def test_other_names_become_safe_and_stay_apart(name: str):
    made = safe_id(name)

    assert made == safe_id(made)
    assert made != safe_id(name + "2")


def test_a_folder_is_read_in_order_without_what_is_hidden(tmp_path: Path):
    for name in ("b.txt", "a/z.txt", "a/b.txt", ".git/x.txt", "a/.hidden.txt", "c.exe"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Text von {name}.")

    found = list(load(tmp_path))

    assert [getattr(each, "text", None) or each.where for each in found] == [
        "Text von b.txt.",
        "c.exe",
        "Text von a/b.txt.",
        "Text von a/z.txt.",
    ]
    assert len({each.id for each in found if isinstance(each, Article)}) == 3


def test_a_file_keeps_its_id_when_it_changes(tmp_path: Path):
    file = tmp_path / "Über uns.txt"
    file.write_text("Alt.")
    (before,) = load(tmp_path)
    file.write_text("Neu.")
    (after,) = load(tmp_path)

    assert before.id == after.id
    assert before.text != after.text


def test_what_is_not_there_is_rejected(tmp_path: Path):
    assert "no such file" in next(iter(load(tmp_path / "x"))).reason
    assert "no files" in next(iter(load(tmp_path))).reason


@pytest.mark.parametrize("name", ["rat.html", "rat/index.html", "example.org/rat.html"])
def test_a_sitemap_says_where_saved_pages_came_from(tmp_path: Path, name: str):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(
        "<html><body><article><p>Der Rat von Oberau tagt.</p></article></body></html>"
    )
    (tmp_path / "sitemap.xml").write_text(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://example.org/rat</loc>'
        "<lastmod>2023-05-05T10:00:00Z</lastmod></url></urlset>"
    )

    (article,) = load(tmp_path)

    assert isinstance(article, Article)
    assert (article.url, article.updated) == ("https://example.org/rat", "2023-05-05")


@pytest.mark.parametrize("sitemap", ["", "<urlset>", "<urlset><url><loc>javascript:x</loc></url></urlset>"])
def test_a_broken_sitemap_spoils_no_page(tmp_path: Path, sitemap: str):
    (tmp_path / "rat.txt").write_text("Der Rat tagt.")
    (tmp_path / "sitemap.xml").write_text(sitemap)

    assert [found.url for found in load(tmp_path) if isinstance(found, Article)] == [None]


def test_lists_and_tables_of_a_page_are_kept_without_marks():
    page = """<html><body><article><p>Der Rat von Oberau tagt.</p><ul><li>Mühle bleibt.</li></ul>
    <table><tr><th>Ort</th><th>Pegel</th></tr><tr><td>Oberau</td><td>2,9 m</td></tr></table>
    </article></body></html>"""

    assert one(page.encode(), "a.html").text.split("\n\n") == [
        "Der Rat von Oberau tagt.",
        "Mühle bleibt.",
        "Ort | Pegel",
        "Oberau | 2,9 m",
    ]


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "a.txt")

    assert [found.reason for found in load(tmp_path)] == ["not a regular file"]


def test_a_broken_file_does_not_stop_the_folder(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes(b"\x00\x01")
    (tmp_path / "b.html").write_bytes(b"<html></html>")
    (tmp_path / "c.txt").write_text("Gut.")

    assert [type(found) for found in load(tmp_path)] == [Rejected, Rejected, Article]


@given(st.text(max_size=300), st.none() | st.text(max_size=30), st.none() | st.text(max_size=30))
def test_whatever_becomes_an_article_is_clean_and_has_a_title(text: str, title: str | None, name: str | None):
    found = from_record({"text": text, "title": title, "id": name, "published": title}, "a")

    if isinstance(found, Article):
        assert found.title.strip()
        assert found.text == clean(found.text)
        assert safe_id(found.id) == found.id
        assert json.dumps(asdict(found)).encode()


PROSE = st.sampled_from(
    [
        "Der Rat tagt am 4. Mai 2023.",
        "Von Ulm nach Oberau fährt kein Zug.",
        "„Teilen ist schwer“, sagte Kern der dpa.",
        "12 Kommentare gingen ein.",
        "Das Foto zeigt Jana Weiß.",
        "Mehr lesen Kinder hier.",
        "Quelle des Streits ist die Mühle.",
        "Stand der Dinge (Mai 2023) ist offen.",
    ]
)


@given(st.lists(st.lists(PROSE, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=15))
def test_no_sentence_of_an_article_is_lost(paragraphs: list[str]):
    text = "\n\n".join(paragraphs)

    found = from_record({"text": text}, "a")

    assert isinstance(found, Article)
    assert found.text == text
