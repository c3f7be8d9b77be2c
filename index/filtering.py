"""Filters as SQL over the articles table.

What only this module knows: dates of reduced precision. "2024-06" means any day of June 2024; an article
matches a range where the two overlap. Days are compared as strings, so the last day of every month is "31".
"""

from collections.abc import Sequence

from index.database import folded, well_formed
from index.types import Filters


def period(date: str | None) -> tuple[str | None, str | None]:
    """Return the first and the last day that an ISO date of any precision may mean."""
    if not date:
        return None, None
    earliest = {4: f"{date}-01-01", 7: f"{date}-01"}.get(len(date), date[:10])
    latest = {4: f"{date}-12-31", 7: f"{date}-31"}.get(len(date), date[:10])
    return earliest, latest


def conditions(filters: Filters) -> tuple[str, list[str]]:
    """Return a WHERE clause ("" where nothing is filtered) and its values."""
    parts: list[str] = []
    values: list[str] = []
    first_day, _ = period(filters.published_from)
    _, last_day = period(filters.published_to)
    if first_day is not None:
        parts.append("latest >= ?")
        values.append(first_day)
    if last_day is not None:
        parts.append("earliest <= ?")
        values.append(last_day)
    for column, accepted in (
        ("source_folded", [folded(source) or "" for source in filters.sources]),
        ("id", list(filters.article_ids)),
        ("language", list(filters.languages)),
    ):
        if accepted:
            parts.append(f"{column} IN ({', '.join('?' * len(accepted))})")
            values.extend(accepted)
    for column, names in (("author_folded", filters.authors), ("agency_folded", filters.agencies)):
        _one_of_several(column, names, parts, values)
    return ("WHERE " + " AND ".join(parts) if parts else ""), [well_formed(value) for value in values]


def matching(query: str | None) -> tuple[str, list[str]]:
    """Return a WHERE clause for articles with `query` in title, source, author or id, whatever the case."""
    wanted = folded(well_formed((query or "").strip()))
    if not wanted:
        return "", []
    columns = ("folded(title)", "source_folded", "author_folded", "folded(id)")
    return "WHERE " + " OR ".join(f"instr({column}, ?)" for column in columns), [wanted] * len(columns)


def selecting(query: str | None, filters: Filters) -> tuple[str, list[str]]:
    """Return a WHERE clause for articles that both `matching` and `conditions` let through."""
    (words, word_values), (facts, fact_values) = matching(query), conditions(filters)
    parts = [f"({clause.removeprefix('WHERE ')})" for clause in (words, facts) if clause]
    return ("WHERE " + " AND ".join(parts) if parts else ""), word_values + fact_values


def _one_of_several(column: str, names: Sequence[str], parts: list[str], values: list[str]) -> None:
    """Match columns that hold several names joined by ", " ("dpa, AFP")."""
    if names:
        parts.append(
            "(" + " OR ".join([f"instr(', ' || {column} || ', ', ', ' || ? || ', ')"] * len(names)) + ")"
        )
        values.extend(folded(name) or "" for name in names)
