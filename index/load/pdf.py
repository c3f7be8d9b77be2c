"""PDF with text in it, by pypdf, whose only home is here. Pictures of text are not read."""

import io
import re

from pypdf import PdfReader
from pypdf.errors import DependencyError

from index.errors import LoadError
from index.load.draft import Draft
from index.load.limits import MAX_ARTICLE_CHARS, MAX_PDF_PAGES

_HYPHENATED = re.compile(r"(?<=[a-zäöüß])-\n(?=[a-zäöüß])")
_SENTENCE_END = re.compile(r"[.!?…][\"“”»«)]*\Z")
# A line that ends a sentence and stays this far below the longest ends a paragraph.
_SHORT_LINE = 0.85
_PRODUCER_TITLE = re.compile(
    r"microsoft word|untitled|unbenannt|\.(?:docx?|pdf|indd|odt|qxp)\b", re.IGNORECASE
)


def read_pdf(data: bytes) -> Draft:
    """Read the text of a PDF.

    Raises:
        LoadError: It is damaged, encrypted, too long, or holds no text.
    """
    try:
        draft = _draft(PdfReader(io.BytesIO(data)))
    except LoadError:
        raise
    except Exception as error:
        # A damaged PDF can break its parser anywhere.
        raise LoadError(f"damaged PDF: {type(error).__name__}: {error}") from error
    if not draft.text.strip():
        raise LoadError("no text in the PDF; scanned pages need text recognition first")
    return draft


def _draft(reader: PdfReader) -> Draft:
    if reader.is_encrypted and not _opened(reader):
        raise LoadError("encrypted PDF; save it without a password")
    if len(reader.pages) > MAX_PDF_PAGES:
        raise LoadError(f"{len(reader.pages):,} pages, and {MAX_PDF_PAGES:,} are allowed; split it")
    title = reader.metadata.title if reader.metadata else None
    return Draft(text=_text(reader), title=None if title is None or _PRODUCER_TITLE.search(title) else title)


def _opened(reader: PdfReader) -> bool:
    """Try the empty password, which opens files that are only protected from changes."""
    try:
        return bool(reader.decrypt(""))
    except DependencyError:
        return False


def _text(reader: PdfReader) -> str:
    pages: list[str] = []
    chars = 0
    for page in reader.pages:
        text = page.extract_text()
        chars += len(text)
        if chars > MAX_ARTICLE_CHARS:
            raise LoadError(f"more than {MAX_ARTICLE_CHARS:,} characters of text; split it")
        pages.append(text)
    return _paragraphs(_HYPHENATED.sub("", "\n".join(pages)))


def _paragraphs(text: str) -> str:
    """Join the lines of a page into paragraphs, which PDF does not mark."""
    lines = [line.strip() for line in text.split("\n")]
    longest = max(map(len, lines))
    parts: list[str] = []
    for line in lines:
        short = len(line) < _SHORT_LINE * longest
        ends = not line or (short and _SENTENCE_END.search(line) is not None)
        parts.append(line + ("\n\n" if ends else " "))
    return "".join(parts)
