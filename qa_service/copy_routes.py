"""HTTP for the clusters of near-copies, so that editors see which articles are copies of which."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from qa_service import problems
from qa_service.schemas.replies import ArticleSummary, article_summary
from qa_service.service import Library

#: Articles shown of one cluster; a text printed everywhere would fill the page.
MOST_MEMBERS = 50

_ARTICLES = Tag(name="articles", description="Read the archive.")


class CopiesQuery(BaseModel):
    """One page of the list of clusters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    offset: int = Field(default=0, ge=0, le=2**31 - 1, description="Clusters to skip.")
    limit: int = Field(default=20, ge=1, le=100, description="Most clusters to return.")


class ClusterBody(BaseModel):
    """Articles of nearly the same wording, which count as one witness."""

    articles: list[ArticleSummary] = Field(description="The earliest first, at most 50.")
    total: int = Field(description="Articles in the cluster.")


class CopiesBody(BaseModel):
    """One page of the clusters of near-copies, the one with the latest article first."""

    clusters: list[ClusterBody]
    offset: int
    limit: int
    total: int = Field(description="Clusters on all pages.")


def copy_routes(archive: Library) -> APIBlueprint:
    """Build the route over the articles."""
    api = APIBlueprint("copies", __name__, abp_responses=problems.described(401, 403, 422, 500, 503))

    @api.get("/copies", tags=[_ARTICLES], responses={200: CopiesBody})
    def copies(query: CopiesQuery) -> Response:
        """List the clusters of near-copies, page by page."""
        found = [
            ClusterBody(articles=[article_summary(article) for article in members], total=total)
            for members, total in archive.clusters(query.offset, query.limit, MOST_MEMBERS)
        ]
        body = CopiesBody(
            clusters=found, offset=query.offset, limit=query.limit, total=archive.count_clusters()
        )
        return Response(body.model_dump_json(), mimetype="application/json")

    return api
