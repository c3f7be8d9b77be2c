import io
import zipfile

import docx
import pypdf
import pytest

from index.load import load_bytes, zipped
from index.types import Article, Rejected

SENTENCES = ("Der Rat von Oberau hat beraten.", "Er will die alte Mühle erhalten.")


def found_in(data: bytes, name: str) -> list[Article | Rejected]:
    return list(load_bytes(data, name))


def article_in(data: bytes, name: str) -> Article:
    (found,) = found_in(data, name)
    assert isinstance(found, Article), found
    return found


def refusal_of(data: bytes, name: str) -> str:
    (found,) = found_in(data, name)
    assert isinstance(found, Rejected), found
    return found.reason


def pdf(*lines: str) -> bytes:
    """Write a PDF of one page by hand: objects, their places, trailer."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + table
    out += b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def encrypted(data: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_gives_its_text_with_lines_and_hyphens_joined():
    article = article_in(
        pdf("Der Rat von Oberau hat am Dienstag lange bera-", "ten. Er will die Mühle erhalten."), "a.pdf"
    )

    assert article.text == "Der Rat von Oberau hat am Dienstag lange beraten. Er will die Mühle erhalten."


def test_a_pdf_with_a_password_is_rejected():
    assert "encrypted" in refusal_of(encrypted(pdf(SENTENCES[0]), "geheim"), "a.pdf")


def test_a_pdf_that_is_only_protected_from_changes_is_read():
    assert article_in(encrypted(pdf(SENTENCES[0]), ""), "a.pdf").text == SENTENCES[0]


def test_a_pdf_without_text_is_rejected():
    assert "no text in the PDF" in refusal_of(pdf(), "a.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.4\nkaputt", b"kein PDF", pdf(*SENTENCES)[:200]])
def test_a_damaged_pdf_is_rejected(data: bytes):
    assert "PDF" in refusal_of(data, "a.pdf")


def word(*paragraphs: str, title: str | None = None) -> bytes:
    document = docx.Document()
    document.core_properties.title = ""
    if title is not None:
        document.add_paragraph(title, style="Title")
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_document_gives_title_and_paragraphs():
    article = article_in(word(*SENTENCES, title="Rat tagt"), "a.docx")

    assert (article.title, article.text) == ("Rat tagt", "\n\n".join(SENTENCES))


def test_the_cells_of_a_table_are_kept():
    document = docx.Document()
    document.add_paragraph(SENTENCES[0])
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Mühle", "1,5 Mio. Euro"
    out = io.BytesIO()
    document.save(out)

    assert article_in(out.getvalue(), "a.docx").text.endswith("Mühle | 1,5 Mio. Euro")


def test_a_damaged_word_document_is_rejected():
    assert "no readable Word document" in refusal_of(b"PK\x03\x04kaputt", "a.docx")


def test_a_word_document_that_unpacks_to_too_much_is_rejected(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.load.docx.MAX_DOCX_BYTES", 1_000)

    assert "unpacks to" in refusal_of(word(*SENTENCES), "a.docx")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_gives_an_article_a_row(delimiter: str):
    rows = [
        ["Titel", "text", "Datum"],
        ["Rat tagt", '"Ja, nein; gut.\nEnde."', "04.05.2023"],
        ["Zwei", "Text.", ""],
    ]
    data = "\n".join(delimiter.join(row) for row in rows).encode()

    first, second = found_in(data, "a.csv")

    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.published) == ("Rat tagt", "2023-05-04")
    assert "Ende." in first.text
    assert (second.title, second.published) == ("Zwei", None)


def test_a_table_without_texts_is_rejected():
    assert '"text"' in refusal_of(b"a,b\n1,2\n", "a.csv")


def test_a_row_with_too_many_fields_is_rejected_with_its_line():
    found = found_in(b"title,text\nA,Eins.\nB,Zwei, drei.\nC,Vier.\n", "a.csv")

    assert [getattr(each, "text", None) or each.where for each in found] == ["Eins.", "a.csv:3", "Vier."]


RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Tagblatt</title><language>de-DE</language>
<item><title>Rat tagt &amp; berät</title><link>https://example.org/rat</link><guid>rat/1</guid>
<pubDate>Thu, 04 May 2023 10:00:00 +0200</pubDate><description>Kurz.</description>
<content:encoded><![CDATA[<p>Der Rat berät.</p><script>x()</script><p>Er tagt <b>lange</b>.</p>]]>
</content:encoded></item>
<item><title>Zwei</title><description>Nur eine Zeile.</description></item></channel></rss>"""


def test_a_feed_gives_an_article_an_entry():
    first, second = found_in(RSS.encode(), "a.xml")

    assert isinstance(first, Article)
    assert (first.title, first.text) == ("Rat tagt & berät", "Der Rat berät.\n\nEr tagt lange.")
    assert (first.published, first.source, first.language) == ("2023-05-04", "Tagblatt", "de")
    assert first.url == "https://example.org/rat"
    assert isinstance(second, Article)
    assert second.text == "Nur eine Zeile."


def test_an_atom_feed_is_read():
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Tagblatt</title><entry><id>urn:1</id>
    <title>Rat tagt</title><updated>2023-05-05T10:00:00Z</updated><published>2023-05-04T10:00:00Z</published>
    <author><name>Jana Weiß</name></author><content type="text">Der Rat berät.</content></entry></feed>"""

    article = article_in(atom.encode(), "a.atom")

    assert (article.text, article.author) == ("Der Rat berät.", "Jana Weiß")
    assert (article.published, article.updated) == ("2023-05-04", "2023-05-05")


def test_an_empty_feed_is_rejected():
    assert "no entries" in refusal_of(b"<rss><channel></channel></rss>", "a.rss")


NITF = """<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE nitf SYSTEM "nitf-3-5.dtd">
<nitf xml:lang="de"><head><title>Kurz</title><docdata><doc-id id-string="rat-1"/>
<date.issue norm="20230504T101500"/>
</docdata></head><body><body.head><hedline><hl1>Rat tagt</hl1></hedline><byline>Von Jana Weiß</byline>
<distributor>dpa</distributor></body.head><body.content><p>Ulm (dpa) - Der Rat <em>berät</em>.</p>
<hl2>Mühle</hl2><p>Sie bleibt.</p></body.content></body></nitf>"""


def test_an_nitf_document_is_an_article():
    article = article_in(NITF.encode("iso-8859-1"), "a.xml")

    assert (article.id, article.title, article.author) == ("rat-1", "Rat tagt", "Jana Weiß")
    assert article.text == "Ulm - Der Rat berät.\n\nMühle\n\nSie bleibt."
    assert (article.agency, article.published, article.language) == ("dpa", "2023-05-04", "de")


G2 = """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:newsml:1"><itemMeta><provider literal="AFP"/>
<versionCreated>2023-05-05T10:00:00Z</versionCreated>
<firstCreated>2023-05-04T10:00:00Z</firstCreated></itemMeta><contentMeta><language tag="de"/>
<headline>Rat tagt</headline>
<by>Jana Weiß</by></contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>
<p>Der Rat berät.</p><p>Die Mühle bleibt.</p></body></html></inlineXML></contentSet></newsItem>
<newsItem guid="urn:newsml:2"><contentSet><remoteContent href="a.jpg"/></contentSet></newsItem>
</itemSet></newsMessage>"""


def test_the_text_items_of_newsml_are_articles():
    article = article_in(G2.encode(), "a.xml")

    assert article.text == "Der Rat berät.\n\nDie Mühle bleibt."
    assert (article.title, article.author, article.agency) == ("Rat tagt", "Jana Weiß", "AFP")
    assert (article.published, article.updated, article.language) == ("2023-05-04", "2023-05-05", "de")
    assert article.id == "urn:newsml:1"


EXTERNAL = '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><body><p>&x;</p></body></nitf>'
LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
)


@pytest.mark.parametrize("xml", [EXTERNAL, LAUGHS])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(xml: str, encoding: str):
    assert "entity" in refusal_of(xml.encode(encoding), "a.xml")


@pytest.mark.parametrize("xml", ["<a>", "<a/>", "kein XML"])
def test_other_xml_is_rejected(xml: str):
    assert "XML" in refusal_of(xml.encode(), "a.xml")


def test_a_sitemap_is_passed_over():
    assert found_in(b"<urlset><url><loc>https://example.org/</loc></url></urlset>", "sitemap.xml") == []


def zipped_files(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_the_files_of_an_archive_are_read_each_in_its_format():
    data = zipped_files(
        {
            "b/a.txt": b"Eins.",
            "a.jsonl": b'{"text": "Zwei."}\n{"text": "Drei."}',
            "__MACOSX/a.txt": b"x",
            ".hidden": b"x",
            "leer/": b"",
        }
    )

    found = found_in(data, "z.zip")

    assert [each.text for each in found if isinstance(each, Article)] == ["Zwei.", "Drei.", "Eins."]
    assert len(found) == 3


@pytest.mark.parametrize(
    "name", ["../a.txt", "/a.txt", "b/../../a.txt", "..\\a.txt", "C:/a.txt", "C:\\a.txt"]
)
def test_paths_that_lead_out_of_an_archive_are_refused(name: str):
    assert "unsafe path" in refusal_of(zipped_files({name: b"Eins."}), "z.zip")


def test_an_archive_within_an_archive_is_refused():
    assert "within" in refusal_of(zipped_files({"a.zip": zipped_files({"a.txt": b"Eins."})}), "z.zip")


def test_a_bomb_is_refused_and_the_rest_is_read():
    data = zipped_files({"a.txt": b"a" * 10_000_000, "b.txt": b"Eins."})

    bomb, article = found_in(data, "z.zip")

    assert isinstance(bomb, Rejected)
    assert "times its size" in bomb.reason
    assert isinstance(article, Article)


def test_an_archive_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zipped, "MAX_ZIP_BYTES", 10)

    first, stopped = found_in(
        zipped_files({"a.txt": b"Eins.", "b.txt": b"Zwei und drei.", "c.txt": b"x."}), "z.zip"
    )

    assert isinstance(first, Article)
    assert isinstance(stopped, Rejected)
    assert "more than 10 bytes" in stopped.reason


def test_an_archive_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zipped, "MAX_ZIP_MEMBERS", 1)

    assert "1 are allowed" in refusal_of(zipped_files({"a.txt": b"Eins.", "b.txt": b"Zwei."}), "z.zip")


def test_a_symbolic_link_in_an_archive_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert "symbolic link" in refusal_of(out.getvalue(), "z.zip")


def test_a_damaged_member_is_rejected_and_the_rest_is_read():
    data = bytearray(zipped_files({"a.txt": b"Eins zwei drei.", "b.txt": b"Vier."}, zipfile.ZIP_STORED))
    data[data.index(b"zwei")] ^= 0xFF

    damaged, article = found_in(bytes(data), "z.zip")

    assert isinstance(damaged, Rejected)
    assert isinstance(article, Article)


@pytest.mark.parametrize("data", [b"kein ZIP", b"PK\x05\x06", zipped_files({"a.txt": b"Eins."})[:-30]])
def test_what_is_no_archive_is_rejected(data: bytes):
    assert "damaged ZIP" in refusal_of(data, "z.zip")


def test_an_empty_archive_is_rejected():
    assert "no files" in refusal_of(zipped_files({}), "z.zip")


@pytest.mark.parametrize(
    "suffix", [".txt", ".md", ".html", ".pdf", ".docx", ".csv", ".xml", ".jsonl", ".zip", ".rss"]
)
@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 100, b"\xff\xfe\xfd", b"<" * 1_000, b"PK\x03\x04", bytes(range(256)) * 20]
)
def test_no_file_is_too_strange_to_be_answered(suffix: str, data: bytes):
    assert all(isinstance(found, Article | Rejected) for found in found_in(data, "a" + suffix))
