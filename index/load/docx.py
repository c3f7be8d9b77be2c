"""Word documents, by python-docx, whose only home is here."""

import io
import zipfile
from typing import TYPE_CHECKING

from index.errors import LoadError
from index.load.draft import Draft
from index.load.limits import MAX_DOCX_BYTES

if TYPE_CHECKING:
    from docx.document import Document


def read_docx(data: bytes) -> Draft:
    """Read the text of a Word document: paragraphs and tables in order; a title style is the title.

    Raises:
        LoadError: It is no Word document, damaged, encrypted, or unpacks to too much.
    """
    import docx  # noqa: PLC0415 - at the first Word document, not at every start

    try:
        _check_size(data)
        document = docx.Document(io.BytesIO(data))
        return _draft(document)
    except LoadError:
        raise
    except Exception as error:
        raise LoadError(f"no readable Word document: {type(error).__name__}: {error}") from error


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > MAX_DOCX_BYTES:
        raise LoadError(f"unpacks to {size:,} bytes, and {MAX_DOCX_BYTES:,} are allowed")


def _draft(document: "Document") -> Draft:
    from docx.table import Table  # noqa: PLC0415

    title: str | None = None
    parts: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            parts.extend(" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows)
            continue
        style = block.style.name if block.style is not None else None
        if title is None and style == "Title" and block.text.strip():
            title = block.text
        else:
            parts.append(block.text)
    properties = document.core_properties
    return Draft(
        text="\n\n".join(parts),
        title=title or properties.title or None,
        language=properties.language or None,
    )
