"""The bodies of requests that change the archive: whether they may come, how large, of what kind."""

from http import HTTPStatus
from typing import Any

from flask import Response, abort, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from qa_service import access, problems
from qa_service.settings import Settings

MIB = 1024 * 1024
# A JSON body is held in memory as a whole; a larger one goes as a JSONL file.
MOST_JSON_BYTES = 32 * MIB
MOST_UPLOAD_BYTES = 512 * MIB
MOST_FILES = 1000
MULTIPART = "multipart/form-data"
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def check(settings: Settings) -> None:
    """Decide before the body is read whether it may come, then how much of it is read.

    Raises:
        HTTPException: It is refused; 403, 413 or 415 say why.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    reason = access.refusal(
        settings,
        host=request.host,
        origin=request.headers.get("Origin"),
        fetch_site=request.headers.get("Sec-Fetch-Site"),
        forwarded=any(name in request.headers for name in _FORWARDED),
    )
    if reason is not None and "api_key" not in g:  # `qa_service.guard` has looked at the key
        abort(problems.problem(HTTPStatus.FORBIDDEN, reason))
    if request.method != "DELETE":
        _check_kind()


def _check_kind() -> None:
    multipart = request.mimetype == MULTIPART and request.method == "POST"
    if not multipart and not request.is_json:
        kinds = "JSON (Content-Type: application/json) or files (multipart/form-data)"
        wanted = kinds if request.method == "POST" else "JSON; send it with Content-Type: application/json"
        abort(problems.problem(415, f"The body must be {wanted}."))
    request.max_content_length = MOST_UPLOAD_BYTES if multipart else MOST_JSON_BYTES
    request.max_form_parts = MOST_FILES
    if (request.content_length or 0) > request.max_content_length:
        abort(_too_large())
    if request.method == "PUT" and not isinstance(json_body(), dict):
        raise BadRequest('The body must be a JSON object like {"text": "..."}.')


def json_body() -> Any:
    """Return what a JSON body holds.

    Raises:
        BadRequest: It is no JSON.
        HTTPException: It is too large (413).
    """
    try:
        return request.get_json()
    except RequestEntityTooLarge:
        abort(_too_large())
    except RecursionError as error:
        raise BadRequest("The JSON is nested too deeply.") from error
    except BadRequest as error:
        raise BadRequest("The body is not valid JSON in UTF-8.") from error


def files() -> list[FileStorage]:
    """Return the files of a form, whatever its fields are called.

    Raises:
        HTTPException: They are too large or too many (413).
    """
    try:
        return [file for _, file in request.files.items(multi=True) if file.filename]
    except RequestEntityTooLarge:
        abort(_too_large())


def _too_large() -> Response:
    detail = (
        f"A JSON body may have {MOST_JSON_BYTES // MIB} MiB, an upload {MOST_UPLOAD_BYTES // MIB} MiB "
        f"in up to {MOST_FILES} files; send less at once, or use `qa index add` on the machine itself."
    )
    response = problems.problem(413, detail)
    response.headers["Connection"] = "close"  # the rest of the body is not read
    return response


def size(file: FileStorage) -> int:
    """Return the bytes of a file that was sent."""
    end = file.stream.seek(0, 2)
    file.stream.seek(0)
    return end


def name(file: FileStorage) -> str:
    """Return the name of a file that was sent; it names the article, never a place on the disk."""
    return (file.filename or "").replace("\\", "/")
