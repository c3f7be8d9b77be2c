"""HTTP for the publishers in the archive, so that people can choose among them."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from qa_service import problems
from qa_service.service import Library

MOST_SOURCES = 200

_ARTICLES = Tag(name="articles", description="Read the archive.")


class SourceBody(BaseModel):
    """One publisher."""

    name: str
    articles: int


class SourcesBody(BaseModel):
    """The publishers with the most articles, at most 200."""

    sources: list[SourceBody]


def source_routes(archive: Library) -> APIBlueprint:
    """Build the route over the articles."""
    api = APIBlueprint("sources", __name__, abp_responses=problems.described(401, 403, 500, 503))

    @api.get("/sources", tags=[_ARTICLES], responses={200: SourcesBody})
    def sources() -> Response:
        """List the publishers, those with the most articles first."""
        counts = archive.sources(MOST_SOURCES)
        body = SourcesBody(sources=[SourceBody(name=name, articles=n) for name, n in counts.items()])
        return Response(body.model_dump_json(), mimetype="application/json")

    return api
