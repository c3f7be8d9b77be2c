"""The container files are valid and take the same steps as the Makefile."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from qa_service.bootstrap import Parts, open_desk
from qa_service.metrics import Metrics
from qa_service.settings import Settings
from qa_service.types import Question
from tests.fakes import FakeEmbedder, FakeReader
from tests.living import living

ROOT = Path(__file__).parent.parent
MONITORING = ROOT / "monitoring"
DASHBOARD = MONITORING / "grafana" / "dashboards" / "german-news-qa.json"
METRIC = re.compile(r"\b(?:qa|process|python)_[a-z_]+\b")


def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content


def expressions() -> list[str]:
    """Every query of the dashboard."""
    dashboard = json.loads(DASHBOARD.read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return queries + [each["expr"] for each in dashboard["annotations"]["list"]]


def test_the_compose_file_follows_the_compose_specification():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run(
        [*command, str(ROOT / "docker-compose.yml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_port_is_reachable_from_this_machine_only():
    ports = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    assert sorted(ports) == ["127.0.0.1:3000:3000", "127.0.0.1:8080:8080", "127.0.0.1:9090:9090"]


def test_monitoring_and_backup_start_only_where_they_are_asked_for():
    profiles = {name: service.get("profiles") for name, service in compose()["services"].items()}
    assert profiles == {
        "qa": None, "prometheus": ["monitoring"], "grafana": ["monitoring"], "backup": ["backup"],
    }  # fmt: skip


def test_every_file_that_a_container_is_given_is_there():
    mounts = [mount for service in compose()["services"].values() for mount in service.get("volumes", [])]
    given = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert len(given) == 3
    assert all((ROOT / path).exists() for path in given)


def test_prometheus_reads_from_the_service_and_grafana_from_prometheus():
    jobs = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["scrape_configs"]
    assert [job["static_configs"][0]["targets"] for job in jobs] == [["qa:8080"]]
    provisioning = MONITORING / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())["datasources"]
    assert (source["url"], source["type"]) == ("http://prometheus:9090", "prometheus")
    (files,) = yaml.safe_load((provisioning / "dashboards" / "files.yml").read_text())["providers"]
    mounts = compose()["services"]["grafana"]["volumes"]
    assert f"./monitoring/grafana/dashboards:{files['options']['path']}:ro" in mounts
    used = {panel["datasource"]["uid"] for panel in json.loads(DASHBOARD.read_text())["panels"]}
    assert used == {source["uid"]}


def test_every_number_of_the_dashboard_is_one_that_the_service_tells(tmp_path: Path):
    place, embedder, metrics = living(tmp_path), FakeEmbedder(), Metrics()
    parts = Parts(place.archive, embedder, place.search, place.builder)
    desk = open_desk(Settings(data_dir=tmp_path), parts, FakeReader({}), metrics)
    desk.answer(Question("Wer hat die Brücke eröffnet?"))
    metrics.requested("POST", "/ask", 200, 0.1)
    told = set(METRIC.findall(metrics.text().decode()))
    used = {name for query in expressions() for name in METRIC.findall(query)}
    assert used - told == set()


def test_the_dashboard_shows_what_operators_ask_for():
    used = {name for query in expressions() for name in METRIC.findall(query)}
    assert used >= {
        "qa_stage_seconds_bucket", "qa_replies_total", "qa_questions_waiting", "qa_archive_change",
        "qa_index_change", "process_resident_memory_bytes",
    }  # fmt: skip


def test_panels_do_not_overlap():
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + column, place["y"] + row)
            for column in range(place["w"])
            for row in range(place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_the_image_installs_the_versions_that_the_makefile_installs():
    for name in ("Dockerfile", "Makefile"):
        assert "--constraint requirements.lock" in (ROOT / name).read_text()


def test_the_image_runs_without_root_and_with_its_model():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.index("qa setup") < dockerfile.index("USER qa") < dockerfile.index("HEALTHCHECK")


def test_torch_is_constrained_to_exactly_the_version_required():
    assert "torch==2.13.0" in (ROOT / "requirements.lock").read_text().splitlines()
