"""What the README says is so."""

import json
import re
from dataclasses import fields
from pathlib import Path

from qa_service.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 120


def test_the_readme_names_only_settings_that_exist():
    known = {f"QA_{field.name.upper()}" for field in fields(Settings)}
    assert set(re.findall(r"QA_[A-Z_]*[A-Z]", README)) <= known


def test_the_readme_names_only_targets_that_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+) ", README)) - {"are"} <= targets


def test_the_replies_in_the_readme_are_json_that_agrees_with_itself():
    (block,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    answer = json.loads(block)["answers"][0]
    citation = answer["citations"][0]
    assert citation["end"] - citation["start"] == len(answer["text"])
    assert answer["text"] in citation["quote"]
    assert citation["link"].endswith(f"#{citation['start']}-{citation['end']}")


def test_the_files_that_the_documents_name_exist():
    for document in ("README.md", "docs/architecture.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for name in re.findall(r"`((?:index|qa_service|docs|tests)/[\w/.]+)`", text):
            assert (ROOT / name).exists(), f"{document} names {name}"
