"""Articles in and out over HTTP; reading them is in `qa_service.routes`."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Response, abort, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest

from index.errors import ArchiveError
from index.load import load_bytes
from index.types import Article, Rejected
from qa_service import bodies, problems
from qa_service.editing import Editor, Written
from qa_service.jobs import Job, Jobs, Part, UnknownJobError
from qa_service.schemas import articles as schemas
from qa_service.schemas.replies import ProblemError, index_state, link
from qa_service.schemas.requests import ArticlePath
from qa_service.service import Service
from qa_service.settings import Settings
from qa_service.uploads import read_record, read_records

# Above any of these an upload becomes a job: below, the answer comes within seconds.
MOST_BYTES_AT_ONCE = 1024 * 1024
MOST_ARTICLES_AT_ONCE = 20
MOST_CHARS_AT_ONCE = 100_000

_JSON = "application/json"
_INPUT = {"$ref": f"#/components/schemas/{schemas.ArticleInput.__name__}"}
_BODY = {
    "required": True,
    "content": {
        _JSON: {"schema": {"oneOf": [_INPUT, {"type": "array", "items": _INPUT, "minItems": 1}]}},
        bodies.MULTIPART: {
            "schema": {
                "type": "object",
                "required": ["files"],
                "properties": {
                    "files": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "minItems": 1,
                    }
                },
            }
        },
    },
}
_ARTICLES = Tag(name="articles", description="Read and change the archive.")

Found = tuple[str, Article | Rejected]

_log = logging.getLogger(__name__)


class JobPath(BaseModel):
    """Which job."""

    id: str = Field(min_length=1, max_length=100)


def article_routes(service: Service, settings: Settings) -> APIBlueprint:
    """Build the part of the API that changes the archive."""
    api = APIBlueprint("changes", __name__, abp_responses=problems.described(401, 403, 422, 429, 500, 503))
    api.before_request(partial(bodies.check, settings))
    api.register_error_handler(ArchiveError, _not_written)
    written: dict[str | int | HTTPStatus, Any] = {
        200: schemas.WrittenBody,
        201: schemas.WrittenBody,
        202: schemas.JobBody,
    }

    @api.post(
        "/articles",
        tags=[_ARTICLES],
        responses={**written, **problems.described(400, 413, 415)},
        openapi_extensions={"requestBody": _BODY},
    )
    def add_articles() -> Response:
        """Store articles: one JSON object, a list of them, or files of any known format.

        201 where one was added, 200 where all were known or changed; either tells what became of each. What
        is sent again unchanged stays as it is. More than 20 articles, 100,000 characters or 1 MiB become a
        job, and so does anything with "Prefer: respond-async": 202 with its address.
        """
        editor, jobs = _writers(service)
        if request.mimetype == bodies.MULTIPART:
            return _add_files(service, editor, jobs)
        return _add_json(service, editor, jobs)

    @api.put(
        "/articles/<article_id:id>",
        tags=[_ARTICLES],
        responses={**written, **problems.described(400, 413, 415)},
    )
    def put_article(path: ArticlePath, body: schemas.ArticleInput) -> Response:
        """Store an article under this id, in the place of one that is there."""
        if body.id not in {None, path.id}:
            return problems.problem(
                422, "The id in the body differs from the one in the address; leave it out."
            )
        try:
            given = schemas.ArticleInput.model_validate({**body.model_dump(), "id": path.id})
        except ValidationError as error:
            return problems.invalid(error)
        editor, jobs = _writers(service)
        found = [("article", read_record(given, "article"))]
        return _store(service, editor, found, lambda: _records_job(jobs, [given.model_dump()]))

    @api.delete(
        "/articles/<article_id:id>", tags=[_ARTICLES], responses={204: None, **problems.described(404)}
    )
    def delete_article(path: ArticlePath) -> Response:
        """Delete an article; no question asked afterwards is answered from it."""
        editor, _ = _writers(service)
        if not editor.delete(path.id):
            return problems.problem(404, "No article has this id; GET /articles lists them.")
        return Response(status=HTTPStatus.NO_CONTENT)

    @api.get("/jobs/<id>", tags=[_ARTICLES], responses={200: schemas.JobBody, **problems.described(404)})
    def read_job(path: JobPath) -> Response:
        """Say how far a long upload is; jobs are forgotten a week after their end."""
        _, jobs = _writers(service)
        try:
            return _json(schemas.job_body(jobs.get(path.id)))
        except UnknownJobError:
            return problems.problem(404, "No job has this id; jobs are forgotten a week after their end.")

    return api


def _add_json(service: Service, editor: Editor, jobs: Jobs) -> Response:
    sent = bodies.json_body()
    if isinstance(sent, list):
        if not sent:
            return problems.problem(422, "The list is empty; send at least one article.")
        if len(sent) > MOST_ARTICLES_AT_ONCE or len(request.get_data()) > MOST_BYTES_AT_ONCE:
            return _accepted(_records_job(jobs, sent))
        return _store(service, editor, list(read_records(sent)), lambda: _records_job(jobs, sent))
    if not isinstance(sent, dict):
        raise BadRequest("The body must be a JSON object or a list of them.")
    try:
        given = schemas.ArticleInput.model_validate(sent)
    except ValidationError as error:
        return problems.invalid(error)
    found = [("article", read_record(given, "article"))]
    return _store(service, editor, found, lambda: _records_job(jobs, [sent]))


def _add_files(service: Service, editor: Editor, jobs: Jobs) -> Response:
    files = bodies.files()
    if not files:
        return problems.problem(422, "No file in the form; send each as a part with a file name.")
    if sum(bodies.size(file) for file in files) > MOST_BYTES_AT_ONCE:
        return _accepted(_files_job(jobs, files))
    found = list(islice(_loaded(files), MOST_ARTICLES_AT_ONCE + 1))  # a small archive may unpack to much
    return _store(service, editor, found, lambda: _files_job(jobs, files))


def _store(service: Service, editor: Editor, found: Sequence[Found], job: Callable[[], Job]) -> Response:
    """Store what was read at once where it is little, by a job where it is much."""
    articles = [item for _, item in found if isinstance(item, Article)]
    much = sum(len(article.text) for article in articles) > MOST_CHARS_AT_ONCE
    if len(found) > MOST_ARTICLES_AT_ONCE or much or "respond-async" in request.headers.get("Prefer", ""):
        return _accepted(job())
    written = editor.write(found)
    if all(each.outcome == "rejected" for each in written):
        return _refused(written)
    response = _json(schemas.written_body(written, index_state(service)))
    added = [each for each in written if each.outcome == "added"]
    response.status_code = HTTPStatus.CREATED if added else HTTPStatus.OK
    if len(written) == 1 and added:
        response.headers["Location"] = link(added[0].article_id or "")
    return response


def _refused(written: Iterable[Written]) -> Response:
    errors = [ProblemError(field=each.where, detail=each.reason or "") for each in written]
    return problems.problem(422, "Nothing of it could become an article; errors says why.", errors)


def _accepted(job: Job) -> Response:
    response = _json(schemas.job_body(job))
    response.status_code = HTTPStatus.ACCEPTED
    response.headers["Location"] = schemas.job_link(job.id)
    return response


def _loaded(files: Iterable[FileStorage]) -> Iterator[Found]:
    for file in files:
        name = bodies.name(file)
        file.stream.seek(0)
        yield from ((name, item) for item in load_bytes(file.stream.read(), name))


def _not_written(error: ArchiveError) -> Response:
    _log.error("an article could not be written", exc_info=error)
    reason = str(error).split(": ", 1)[-1]  # without the archive's path
    return problems.unavailable([f"The archive cannot be written: {reason}."])


def _records_job(jobs: Jobs, records: list[Any]) -> Job:
    def save(path: Path) -> None:
        path.write_text(json.dumps(records), encoding="utf-8")

    return _submitted(jobs, [(Part("records", "articles"), save)])


def _files_job(jobs: Jobs, files: Iterable[FileStorage]) -> Job:
    def saving(file: FileStorage) -> Callable[[Path], object]:
        def save(path: Path) -> None:
            file.stream.seek(0)
            file.save(path)

        return save

    return _submitted(jobs, [(Part("file", bodies.name(file)), saving(file)) for file in files])


def _submitted(jobs: Jobs, parts: Sequence[tuple[Part, Callable[[Path], object]]]) -> Job:
    try:
        return jobs.submit(parts)
    except OSError as error:
        abort(
            problems.unavailable([f"The upload cannot be kept: {error.strerror}. Nothing of it is stored."])
        )


def _writers(service: Service) -> tuple[Editor, Jobs]:
    if service.editor is None or service.jobs is None:
        abort(problems.unavailable(["This service only reads; nothing can be written through it."]))
    return service.editor, service.jobs


def _json(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), mimetype=_JSON)
