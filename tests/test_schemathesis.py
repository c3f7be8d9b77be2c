"""The API does what its description says: schemathesis makes requests of it and runs all its checks."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.living import living

OPERATIONS = [
    "POST /ask",
    "GET /articles",
    "POST /articles",
    "GET /articles/{id}",
    "PUT /articles/{id}",
    "DELETE /articles/{id}",
    "GET /jobs/{id}",
    "GET /sources",
    "GET /copies",
    "POST /feedback",
    "GET /feedback",
    "GET /health",
    "GET /ready",
]
TAKE_NOTHING = {"GET /sources", "GET /health", "GET /ready"}
# Rules that JSON Schema cannot say: they compare two fields, read German, or open a file.
UNSAID = (
    "must not be before published_from",
    "is no date; send it like",
    'must not hold "." or ".."',
    "must not hold control characters",
    "needs at least one word",
    "differs from the one in the address",
)
EXAMPLES = 25  # of each kind for each operation


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    here = living(tmp_path_factory.mktemp("described"))
    here.client.put("/articles/a", json={"text": "Am Montag fuhr in Steinhaven ein Schiff aus dem Hafen."})
    return from_wsgi("/openapi.json", here.client.application)


def test_every_operation_is_tried(schema: schemathesis.BaseSchema):
    described = [operation.ok() for operation in schema.get_all_operations()]
    assert {f"{each.method.upper()} {each.path}" for each in described} == set(OPERATIONS)


def check_all(operation: schemathesis.APIOperation, mode: GenerationMode) -> None:
    """Send requests that fit the description, or that do not, and look at what comes back."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        response = case.call()
        unsaid = response.status_code == 422 and is_unsaid(response.json())
        case.validate_response(response, excluded_checks=[positive_data_acceptance] if unsaid else [])

    check()


def is_unsaid(problem: dict) -> bool:
    """Tell whether a refusal is by rules that a description cannot hold, and by nothing else."""
    told = [each["detail"] for each in problem["errors"]] or [problem["detail"]]
    unreadable = problem["detail"].startswith("Nothing of it could become an article")
    return unreadable or all(any(rule in detail for rule in UNSAID) for detail in told)


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_fits_the_description_is_answered_as_described(schema: schemathesis.BaseSchema, name: str):
    method, path = name.split()
    check_all(schema[path][method], GenerationMode.POSITIVE)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in TAKE_NOTHING])
def test_what_does_not_fit_the_description_is_refused(schema: schemathesis.BaseSchema, name: str):
    method, path = name.split()
    check_all(schema[path][method], GenerationMode.NEGATIVE)
