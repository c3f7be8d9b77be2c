"""A service over a real archive and real indexes, with an embedder that can be followed by hand."""

from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from index.archive import Archive
from index.build import Builder
from index.copies import similarity
from index.search import Search, open_search
from index.split import Splitter
from qa_service.answerer import Answerer
from qa_service.app import create_app
from qa_service.editing import Editor
from qa_service.feedback import FeedbackStore
from qa_service.jobs import Jobs
from qa_service.keys import Keys
from qa_service.sentence_reader import SentenceReader
from qa_service.service import Service
from qa_service.settings import Settings
from qa_service.uploads import read_part
from tests.fakes import FakeEmbedder


@dataclass
class Living:
    """One process's parts over a data folder; two of them on one folder act like two processes."""

    archive: Archive
    search: Search
    builder: Builder
    jobs: Jobs
    client: FlaskClient


def living(folder: Path, keys: Keys | None = None, **settings: object) -> Living:
    embedder = FakeEmbedder()
    archive = Archive(folder / "archive.sqlite", similarity=similarity)
    builder = Builder(archive, Splitter(), embedder)
    search = open_search(archive, embedder, folder)
    editor = Editor(archive, builder, search)
    jobs = Jobs(folder / "jobs", editor, read_part)
    answerer = Answerer(search=search, reader=SentenceReader(embedder), archive=archive)
    feedback = FeedbackStore(folder / "feedback.sqlite")
    service = Service(answerer, archive, embedder.identity, "sentences", editor, jobs, feedback, keys=keys)
    app = create_app(service, Settings(data_dir=folder, **settings))
    return Living(archive, search, builder, jobs, app.test_client())
