"""Measured sections as Markdown and JSON; a run replaces its own section of a file and leaves the rest.

In the Markdown file a section stands between `<!-- NAME -->` and `<!-- /NAME -->`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from evaluation.machine import Machine, in_words


@dataclass(frozen=True, slots=True)
class Section:
    """One measurement.

    Attributes:
        name: Of the section in both files.
        lines: Markdown.
        figures: The same numbers, JSON-ready but for dataclasses.
    """

    name: str
    lines: Sequence[str]
    figures: dict[str, Any]


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the lines of a Markdown table; columns after the first are aligned right."""
    rule = "|---|" + "---:|" * (len(header) - 1)
    return [_row(header), rule, *(_row(row) for row in rows)]


def write(section: Section, machine: Machine, document: Path, results: Path) -> None:
    """Write a section into both files; the Markdown says which machine it was measured on."""
    lines = [*section.lines, "", f"Measured on {in_words(machine)}, commit {machine['commit']}."]
    document.parent.mkdir(parents=True, exist_ok=True)
    before = document.read_text(encoding="utf-8") if document.exists() else ""
    document.write_text(replaced(before, section.name, "\n".join(lines)), encoding="utf-8")
    write_results(section, machine, results)


def write_results(section: Section, machine: Machine, results: Path) -> None:
    """Write a section into the JSON file, beside those of earlier runs."""
    results.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    known[section.name] = section.figures | {"machine": machine}
    results.write_text(
        json.dumps(known, indent=1, ensure_ascii=False, default=_plain) + "\n", encoding="utf-8"
    )


def deliver(section: Section, machine: Machine, document: Path | None, results: Path | None) -> None:
    """Print a section, and write it where files are named: into both, or into the results alone."""
    print(*section.lines, "", f"On {in_words(machine)}.", sep="\n")
    if document is not None and results is not None:
        write(section, machine, document, results)
    elif results is not None:
        write_results(section, machine, results)


def replaced(document: str, name: str, content: str) -> str:
    """Return the document with the section of this name holding `content`; appended where it has none."""
    section = f"<!-- {name} -->\n{content}\n<!-- /{name} -->"
    pattern = re.compile(f"<!-- {re.escape(name)} -->.*?<!-- /{re.escape(name)} -->", re.DOTALL)
    if pattern.search(document):
        return pattern.sub(lambda _: section, document)
    return f"{document.rstrip()}\n\n{section}\n".lstrip()


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
