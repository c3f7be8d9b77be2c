"""The chat page's address: /?q=...&from=...&to=...&source=..., as a form without JavaScript sends it."""

from werkzeug.datastructures import MultiDict

from qa_service.schemas.requests import AskBody


def asked(parameters: MultiDict[str, str]) -> AskBody | None:
    """Read the question and its filters; None where nothing is asked. Unknown parameters are ignored.

    Raises:
        pydantic.ValidationError: The question is too long, or a filter is wrong.
    """
    question = parameters.get("q", "").strip()
    if not question:
        return None
    sources = [name.strip() for name in parameters.getlist("source") if name.strip()]
    return AskBody.model_validate(
        {
            "question": question,
            "filters": {
                "published_from": parameters.get("from") or None,
                "published_to": parameters.get("to") or None,
                "sources": list(dict.fromkeys(sources)),
            },
        }
    )
