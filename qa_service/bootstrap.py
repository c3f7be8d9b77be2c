"""The composition root: the one place where the real parts are built and put together."""

import logging
from dataclasses import dataclass
from pathlib import Path

from index.archive import Archive
from index.build import Builder
from index.copies import similarity
from index.embed import Embedder, open_embedder
from index.errors import ArchiveError, ModelError
from index.model import ModelSource, resolve
from index.search import Search, open_search
from index.split import Splitter
from qa_service import tracing
from qa_service.answer_cache import AnswerCache
from qa_service.answerer import Answerer
from qa_service.desk import Answering, Desk
from qa_service.editing import Editor
from qa_service.errors import ReaderError
from qa_service.feedback import FILE as FEEDBACK_FILE
from qa_service.feedback import FeedbackStore
from qa_service.gate import Backlog, Gate
from qa_service.guard import check_start
from qa_service.jobs import Jobs
from qa_service.keys import Keys
from qa_service.metrics import Metrics
from qa_service.reader import Reader
from qa_service.sentence_reader import SentenceReader
from qa_service.service import Service
from qa_service.settings import SPARE_THREADS, Settings
from qa_service.span_reader import export, weights
from qa_service.span_reader import reader as span_reader
from qa_service.statements import CountryReader
from qa_service.types import Question
from qa_service.uploads import read_part

ARCHIVE_FILE = "archive.sqlite"
JOBS_FOLDER = "jobs"
SENTENCES = "sentences"  # QA_READER for the reader that quotes whole sentences

_log = logging.getLogger(__name__)


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
    backlog = Backlog()
    reader = open_reader(settings, parts.embedder, backlog)
    traces = tracing.open_tracing(settings)
    metrics = Metrics()
    editor = Editor(parts.archive, parts.builder, parts.search)
    return Service(
        answerer=open_desk(settings, parts, reader, metrics, traces=traces, backlog=backlog),
        archive=parts.archive,
        embedder=parts.embedder.identity,
        reader=reader.identity,
        editor=editor,
        jobs=Jobs(settings.data_dir / JOBS_FOLDER, editor, read_part),
        feedback=FeedbackStore(settings.data_dir / FEEDBACK_FILE),
        metrics=metrics,
        keys=Keys(settings.data_dir),
        tracing=traces,
    )


def open_desk(
    settings: Settings,
    parts: Parts,
    reader: Reader,
    metrics: Metrics,
    *,
    traces: tracing.Tracing | None = None,
    backlog: Backlog | None = None,
) -> Desk:
    """Put the desk before an answerer, and let the numbers (and traces, where wanted) tell of both.

    The backlog is the one that the reader was opened with.
    """
    held = settings.questions_at_once + settings.questions_waiting
    gate = Gate(at_once=settings.questions_at_once, waiting=settings.questions_waiting, backlog=backlog)
    desk = Desk(
        _answerer(parts, reader, traces),
        gate,
        cache=AnswerCache(settings.cached_answers),
        followers=settings.threads - held - SPARE_THREADS,
        change=parts.archive.change,
        embedder=parts.embedder.identity,
        reader=reader.identity,
        deadline_s=settings.deadline_s,
        watcher=metrics,
    )
    metrics.identify(embedder=parts.embedder.identity, reader=reader.identity)
    metrics.watch(
        {
            "qa_questions_answering": ("Questions that the models work on.", lambda: gate.inside),
            "qa_questions_waiting": ("Questions that wait for their turn.", lambda: gate.waiting),
            "qa_archive_change": ("Number of the archive's last change.", parts.archive.change),
            "qa_index_change": ("Last change that both indexes have seen.", lambda: parts.search.change),
            "qa_vectors_lists": (
                "Lists of the vector index, 0 where every vector is compared.",
                lambda: parts.search.vectors.lists,
            ),
            "qa_vectors_growing": (
                "Share of the vector index's next form that is made, -1 where none is.",
                lambda: -1.0 if parts.search.vectors.growing is None else parts.search.vectors.growing,
            ),
            "qa_articles": ("Articles in the archive.", lambda: parts.archive.count().articles),
            "qa_passages": ("Passages in the archive.", lambda: parts.archive.count().passages),
        }
    )
    return desk


def _answerer(parts: Parts, reader: Reader, traces: tracing.Tracing | None) -> Answering:
    if traces is None:
        return Answerer(search=parts.search, reader=reader, archive=parts.archive, vocabulary=parts.search)
    search, traced = tracing.TracedFinder(parts.search, traces), tracing.TracedReader(reader, traces)
    answerer = Answerer(search=search, reader=traced, archive=parts.archive, vocabulary=parts.search)
    return tracing.TracedAnswerer(answerer, traces)


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
        ReaderError: The reader's folder is missing.
        SettingsError: Other machines may reach the service, and there are no keys; or traces are wanted and
            the packages for them are missing.
    """
    check_start(settings, Keys(settings.data_dir))
    _check_folders(settings)
    tracing.check(settings)
    source = prepare_models(settings)
    archive = open_archive(settings)
    archive.bind(identity=source.identity, dimension=source.dimension)
    archive.close()


def _check_folders(settings: Settings) -> None:
    """Refuse models that are named like folders and are none, before a hub is asked for them."""
    named = ((settings.embedder, "QA_EMBEDDER", ModelError), (settings.reader, "QA_READER", ReaderError))
    for name, variable, error in named:
        if name is not None and name.startswith(("/", ".", "~")) and not Path(name).expanduser().is_dir():
            raise error(
                f"{variable}={name} is no folder; correct it, or unset it for the model that is shipped."
            )


def warm_up(service: Service) -> None:
    """Answer one question, so that what is loaded on first use is there when people ask."""
    try:
        service.answerer.answer(Question("Welche Länder hat der Präsident im Juni 2024 besucht?"))
    except Exception:  # noqa: BLE001 - a service that cannot answer yet must start, and say why
        _log.exception("the first question, asked to load what is needed, was not answered")


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


def open_reader(settings: Settings, embedder: Embedder, backlog: Backlog | None = None) -> Reader:
    """Open the reader that the settings name, which may count what waits for a core.

    Raises:
        ModelError: The embedded model, on which the shipped reader is built, cannot be unpacked.
        ReaderError: The reader cannot be found or loaded.
    """
    if settings.reader == SENTENCES:
        return SentenceReader(embedder)
    # The shipped reader belongs to the embedded model, whatever model the passages are found with.
    base = resolve(None, cache=settings.model_cache)
    reader = span_reader.open_reader(
        settings.reader, base=base, cache=settings.model_cache, device=settings.device, backlog=backlog
    )
    return CountryReader(reader, embedder)
