"""The composition root: the one place where the real parts are built and put together."""

from dataclasses import dataclass

from index.archive import Archive
from index.build import Builder
from index.copies import similarity
from index.embed import Embedder, open_embedder
from index.errors import ArchiveError
from index.model import ModelSource, resolve
from index.search import Search, open_search
from index.split import Splitter
from qa_service.answerer import Answerer
from qa_service.editing import Editor
from qa_service.feedback import FILE as FEEDBACK_FILE
from qa_service.feedback import FeedbackStore
from qa_service.jobs import Jobs
from qa_service.reader import Reader
from qa_service.sentence_reader import SentenceReader
from qa_service.service import Service
from qa_service.settings import Settings
from qa_service.span_reader import export, weights
from qa_service.span_reader import reader as span_reader
from qa_service.types import Question
from qa_service.uploads import read_part

ARCHIVE_FILE = "archive.sqlite"
JOBS_FOLDER = "jobs"
SENTENCES = "sentences"  # QA_READER for the reader that quotes whole sentences


@dataclass(frozen=True, slots=True)
class Parts:
    """What fills and searches one archive.

    Attributes:
        archive: The truth.
        embedder: The model whose embeddings it holds.
        search: Both derived indexes.
        builder: Adds articles.
    """

    archive: Archive
    embedder: Embedder
    search: Search
    builder: Builder


def bootstrap(settings: Settings) -> Service:
    """Build everything that answers questions.

    Raises:
        ModelError: The embedding model cannot be found or loaded.
        ArchiveError: The archive cannot be opened, or belongs to another model.
        ReaderError: The reader cannot be found or loaded.
    """
    parts = open_parts(settings)
    reader = open_reader(settings, parts.embedder)
    editor = Editor(parts.archive, parts.builder, parts.search)
    return Service(
        answerer=Answerer(search=parts.search, reader=reader, archive=parts.archive),
        archive=parts.archive,
        embedder=parts.embedder.identity,
        reader=reader.identity,
        editor=editor,
        jobs=Jobs(settings.data_dir / JOBS_FOLDER, editor, read_part),
        feedback=FeedbackStore(settings.data_dir / FEEDBACK_FILE),
    )


def prepare_models(settings: Settings) -> ModelSource:
    """Unpack the models where they are not unpacked yet.

    Raises:
        ModelError: The embedding model cannot be found or unpacked.
        ReaderError: The shipped reader is damaged.
    """
    if settings.reader is None:
        base = resolve(None, cache=settings.model_cache)
        export.exported(weights.SHIPPED, settings.model_cache, base=base.identity)
    return resolve(settings.embedder, cache=settings.model_cache)


def check(settings: Settings) -> None:
    """Find what would stop a start, without loading anything: an unknown model, a foreign archive.

    Raises:
        ModelError: The embedding model cannot be found or unpacked.
        ArchiveError: The archive cannot be opened, or belongs to another model.
    """
    source = prepare_models(settings)
    archive = open_archive(settings)
    archive.bind(identity=source.identity, dimension=source.dimension)
    archive.close()


def warm_up(service: Service) -> None:
    """Answer one question, so that what is loaded on first use is there when people ask."""
    service.answerer.answer(Question("Welche Länder hat der Präsident im Juni 2024 besucht?"))


def open_parts(settings: Settings) -> Parts:
    """Open the archive with its model and indexes; see `bootstrap` for what it raises."""
    archive = open_archive(settings)
    embedder = open_embedder(prepare_models(settings), device=settings.device)
    return Parts(
        archive=archive,
        embedder=embedder,
        search=open_search(archive, embedder, settings.data_dir),
        builder=Builder(archive, Splitter(), embedder),
    )


def open_archive(settings: Settings) -> Archive:
    """Open the archive alone, which needs no model; it is created where missing.

    Raises:
        ArchiveError: The folder cannot be written or the file cannot be opened.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{settings.data_dir} cannot be created: {error}; set QA_DATA_DIR") from error
    return Archive(settings.data_dir / ARCHIVE_FILE, similarity=similarity)


def open_reader(settings: Settings, embedder: Embedder) -> Reader:
    """Open the reader that the settings name.

    Raises:
        ModelError: The embedded model, on which the shipped reader is built, cannot be unpacked.
        ReaderError: The reader cannot be found or loaded.
    """
    if settings.reader == SENTENCES:
        return SentenceReader(embedder)
    # The shipped reader belongs to the embedded model, whatever model the passages are found with.
    base = resolve(None, cache=settings.model_cache)
    return span_reader.open_reader(
        settings.reader, base=base, cache=settings.model_cache, device=settings.device
    )
