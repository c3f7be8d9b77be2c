"""The API's description is made from the schemas that validate, and its page loads nothing foreign."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

STATIC = Path(__file__).parent.parent / "qa_service" / "static"


@pytest.fixture
def spec(client: FlaskClient) -> dict:
    return client.get("/openapi.json").get_json()


def test_every_route_of_the_api_is_described(spec: dict):
    assert set(spec["paths"]) == {
        "/ask",
        "/articles",
        "/articles/{id}",
        "/jobs/{id}",
        "/sources",
        "/copies",
        "/feedback",
        "/health",
        "/ready",
    }


def test_the_question_is_the_only_required_field(spec: dict):
    schema = spec["components"]["schemas"]["AskBody"]
    assert schema["required"] == ["question"]
    assert schema["additionalProperties"] is False
    assert (schema["properties"]["question"]["minLength"], schema["properties"]["question"]["maxLength"]) == (
        1,
        1000,
    )


def test_every_reference_leads_somewhere(spec: dict):
    references = set(re.findall(r"#/components/schemas/(\w+)", str(spec)))
    assert references <= set(spec["components"]["schemas"])


def test_errors_are_described_as_problem_details(spec: dict):
    responses = spec["paths"]["/ask"]["post"]["responses"]
    for status in ("400", "413", "415", "422", "500", "503"):
        assert list(responses[status]["content"]) == ["application/problem+json"]


def test_the_answer_may_be_streamed(spec: dict):
    content = spec["paths"]["/ask"]["post"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/event-stream"}


@pytest.mark.parametrize("page", ["/", "/docs"])
def test_a_page_loads_only_files_of_this_server(client: FlaskClient, page: str):
    with client.get(page) as response:
        addresses = re.findall(r'(?:src|href)="([^"]+)"', response.get_data(as_text=True))
    assert addresses
    for address in addresses:
        if address.startswith("#"):
            continue
        assert address.startswith("/")
        with client.get(address) as response:
            assert response.status_code == 200


def test_no_script_makes_markup_from_strings():
    for script in STATIC.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script.read_text()
        )


def test_no_file_may_leave_the_folders_of_the_pages(client: FlaskClient):
    for address in ("/docs/../templates/__init__.py", "/docs/..%2f__init__.py", "/static/../app.py"):
        assert client.get(address).status_code == 404
