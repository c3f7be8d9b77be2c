"""The container files are valid and take the same steps as the Makefile."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_compose_file_follows_the_compose_specification():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run(
        [*command, str(ROOT / "docker-compose.yml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_port_is_reachable_from_this_machine_only():
    assert '"127.0.0.1:8080:8080"' in (ROOT / "docker-compose.yml").read_text()


def test_the_image_installs_the_versions_that_the_makefile_installs():
    for name in ("Dockerfile", "Makefile"):
        assert "--constraint requirements.lock" in (ROOT / name).read_text()


def test_the_image_runs_without_root_and_with_its_model():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.index("qa setup") < dockerfile.index("USER qa") < dockerfile.index("HEALTHCHECK")


def test_torch_is_constrained_to_exactly_the_version_required():
    assert "torch==2.13.0" in (ROOT / "requirements.lock").read_text().splitlines()
