"""Errors as problem details (RFC 9457); the one place that turns exceptions into responses."""

import logging
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from flask_openapi3.types import ResponseDict
from pydantic import ValidationError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    UnsupportedMediaType,
)
from werkzeug.sansio.response import Response as BaseResponse

from index.errors import IndexingError, UnknownArticleError
from qa_service.errors import LimitedError, OverloadedError
from qa_service.schemas.replies import ProblemBody, ProblemError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

_log = logging.getLogger(__name__)

_DETAILS = {
    404: "Nothing is at this address; GET /openapi.json lists what there is.",
    413: "The body is larger than 1 MB; send less.",
    415: "The body must be JSON; send it with Content-Type: application/json.",
    500: "Something went wrong here; the log names the cause under this request's X-Request-ID.",
}


def register(app: Flask) -> None:
    """Answer every error of `app` with problem details."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(UnknownArticleError, _unknown_article)
    app.register_error_handler(IndexingError, _unavailable)
    app.register_error_handler(OverloadedError, _overloaded)
    app.register_error_handler(LimitedError, _limited)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, detail: str, errors: Sequence[ProblemError] = ()) -> Response:
    """Build a response of problem details.

    Args:
        status: HTTP status, 400 to 599.
        detail: What is wrong with this request and how to mend it.
        errors: The fields at fault, where there are any.
    """
    return Response(_body(status, detail, errors).model_dump_json(), status, mimetype=MEDIA_TYPE)


def described(*codes: int) -> ResponseDict:
    """Return what the API's description says of these statuses."""
    schema = {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}
    return {code: {"content": {MEDIA_TYPE: {"schema": schema}}} for code in codes}


def broken_off(error: Exception) -> ProblemBody:
    """Describe an error after the response has begun, when its status can no longer change."""
    if isinstance(error, OverloadedError):
        return _body(503, _overload(error))
    _log.error("unexpected error, request %s", g.request_id, exc_info=error)
    return _body(500, _DETAILS[500])


def unavailable(reasons: Sequence[str]) -> Response:
    """Build a 503 that asks to come back, with each reason as an error of its own."""
    response = problem(503, " ".join(reasons), [ProblemError(field="", detail=reason) for reason in reasons])
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def invalid(error: ValidationError) -> Response:
    """Translate what pydantic found wrong; the values sent are not repeated."""
    errors = [
        ProblemError(
            field=".".join(map(str, found["loc"])), detail=found["msg"].removeprefix("Value error, ")
        )
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return problem(422, "The request does not fit the schema; errors names the fields.", errors)


def require_json_object() -> None:
    """Refuse a body that is not one JSON object, before anything looks at it.

    Raises:
        UnsupportedMediaType: The content type is not JSON.
        BadRequest: The body is no JSON, or no object.
        RequestEntityTooLarge: It is over `MAX_CONTENT_LENGTH`.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        body = request.get_json()
    except RecursionError as error:
        raise BadRequest("The JSON is nested too deeply.") from error
    except BadRequest as error:
        raise BadRequest("The body is not valid JSON in UTF-8.") from error
    if not isinstance(body, dict):
        raise BadRequest('The body must be a JSON object like {"question": "..."}.')


def _body(status: int, detail: str, errors: Sequence[ProblemError] = ()) -> ProblemBody:
    return ProblemBody(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=f"urn:request:{g.request_id}",
        errors=list(errors),
    )


def _http(error: HTTPException) -> BaseResponse:
    if error.response is not None:  # flask-openapi3 aborts with a response made by `invalid`
        return error.response
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:  # a redirect
        return Response(status=status, headers=error.get_headers())
    detail = _DETAILS.get(status) or error.description or HTTPStatus(status).description
    response = problem(status, detail)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _unknown_article(_error: UnknownArticleError) -> Response:
    if request.accept_mimetypes.best_match([MEDIA_TYPE, "application/json", "text/html"]) == "text/html":
        return Response(render_template("missing.html"), 404)
    return problem(404, "No article has this id; GET /articles lists them.")


def _unavailable(error: IndexingError) -> Response:
    _log.error("archive or index unavailable, request %s", g.request_id, exc_info=error)
    return unavailable(["The archive cannot be read at the moment; GET /ready says why. Try again."])


def _overloaded(error: OverloadedError) -> Response:
    response = problem(503, _overload(error))
    response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _limited(error: LimitedError) -> Response:
    response = problem(
        429,
        f"This {error.by} may ask or change something {error.per_minute} times a minute; nothing was done "
        f"for this request. Come back in {error.retry_after_s} seconds.",
    )
    response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _overload(error: OverloadedError) -> str:
    why = {
        "queue_full": "Too many questions are waiting already",
        "too_late": "The question would not be answered within the time allowed",
    }
    return f"{why[error.why]}; nothing was done for this one. Ask again in {error.retry_after_s} seconds."


def _unexpected(error: Exception) -> Response:
    return Response(broken_off(error).model_dump_json(), 500, mimetype=MEDIA_TYPE)
