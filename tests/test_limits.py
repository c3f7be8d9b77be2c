"""The limits that the documentation states are the ones that hold."""

from pathlib import Path

import pytest

from index.load import formats, limits
from qa_service import articles_routes, bodies, jobs

DOCS = (Path(__file__).parent.parent / "docs" / "limits.md").read_text()
MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("row", "stated"),
    [
        ("one line of JSONL", f"{limits.MAX_ARTICLE_BYTES // MIB} MiB"),
        ("HTML page", f"{limits.MAX_PAGE_BYTES // MIB} MiB"),
        ("text of one article", f"{limits.MAX_ARTICLE_CHARS:,} characters"),
        ("title", f"{limits.MAX_TITLE_CHARS:,} characters"),
        ("source, author", f"{limits.MAX_NAME_CHARS:,} characters"),
        ("| id ", f"{limits.MAX_ID_CHARS} characters"),
        ("| address", f"{limits.MAX_URL_CHARS:,} characters"),
        ("JSONL, ZIP", f"{limits.MAX_COLLECTION_BYTES // MIB // 1024} GiB"),
        ("CSV", f"{limits.MAX_TABLE_BYTES // MIB} MiB"),
        ("RSS", f"{limits.MAX_XML_BYTES // MIB} MiB"),
        ("| PDF |", f"{limits.MAX_PDF_PAGES:,} pages"),
        ("| DOCX |", f"{limits.MAX_DOCX_BYTES // MIB} MiB"),
        ("| ZIP |", f"{limits.MAX_ZIP_MEMBERS:,} files, {limits.MAX_ZIP_BYTES // MIB // 1024} GiB"),
        ("| ZIP |", f"{limits.MAX_ZIP_RATIO} times"),
        ("| ZIP |", f"{limits.MAX_ZIP_DIRECTORY_BYTES // MIB} MiB of names"),
        ("as JSON", f"{bodies.MOST_JSON_BYTES // MIB} MiB"),
        ("multipart", f"{bodies.MOST_UPLOAD_BYTES // MIB} MiB in {bodies.MOST_FILES:,} files"),
        ("at once", f"{articles_routes.MOST_ARTICLES_AT_ONCE} articles"),
        ("at once", f"{articles_routes.MOST_CHARS_AT_ONCE:,} characters"),
        ("GET /jobs", f"first {jobs.REJECTIONS_KEPT} rejections"),
    ],
)
def test_a_limit_is_stated_as_it_is(row: str, stated: str):
    (line,) = [line for line in DOCS.splitlines() if line.startswith("|") and row in line]
    assert stated in line


def test_every_format_is_named():
    named = DOCS[DOCS.index("Known are") : DOCS.index("Encodings")].replace(".\n", "\n").split()
    assert {suffix.rstrip(".") for suffix in named if suffix.startswith(".")} == set(formats.SUFFIXES)
