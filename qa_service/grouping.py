"""Which candidates are the same answer: equal keys, then short forms of a full one when there is no doubt."""

from collections.abc import Callable, Iterable, Sequence

from qa_service.candidates import Candidate
from qa_service.normal.dates import is_coarser
from qa_service.normal.names import abbreviation, initials_match, same_person
from qa_service.types import Understanding

Group = list[Candidate]


def group(found: Sequence[Candidate], understanding: Understanding) -> list[Group]:
    """Candidates by answer, in order of the strongest candidate of each.

    Args:
        found: Candidates, strongest first.
        understanding: Several answers asked for keep apart what one answer would join
            ("Karlsruhe" and "Landkreis Karlsruhe").
    """
    groups: dict[str, Group] = {}
    for candidate in found:
        groups.setdefault(candidate.normal.key, []).append(candidate)
    for belongs in _rules(understanding):
        groups = _joined(groups, belongs)
    return sorted(groups.values(), key=lambda members: -max(c.strength for c in members))


def _rules(understanding: Understanding) -> Iterable[Callable[[Group, Group], bool]]:
    yield _is_genitive
    yield _is_short_name
    yield _is_abbreviation
    yield _is_without_unit
    yield _is_coarser_date
    if not understanding.many:
        yield _is_part


def _joined(groups: dict[str, Group], belongs: Callable[[Group, Group], bool]) -> dict[str, Group]:
    """Merge each group into the one group that it belongs to; where several could be meant it stays."""
    joined = dict(groups)
    for key, members in groups.items():
        homes = [other for other in joined if other != key and belongs(members, joined[other])]
        if key in joined and len(homes) == 1:
            joined[homes[0]] = [*joined[homes[0]], *joined.pop(key)]
    return joined


def _words(members: Group, kind: str) -> tuple[str, ...] | None:
    """The words of a group's key where it is of the kind, else None."""
    prefix, _, words = members[0].normal.key.partition(":")
    return tuple(words.split()) if prefix == kind else None


def _is_genitive(members: Group, other: Group) -> bool:
    """ "Putins" beside "Putin", "Ataturks" beside "Ataturk"."""
    key, home = members[0].normal.key, other[0].normal.key
    return key == home + "s"


def _is_short_name(members: Group, other: Group) -> bool:
    short, full = _words(members, "person"), _words(other, "person")
    return bool(short and full) and same_person(short or (), full or ())


def _is_abbreviation(members: Group, other: Group) -> bool:
    """ "BfV" beside "Bundesamt für Verfassungsschutz", by initials or by "... (BfV)" in an article."""
    if members[0].normal.key.startswith(("number:", "date:", "country:")):
        return False
    short = abbreviation(members[0].span.text)
    if short is None or "(" in members[0].span.text:
        return False
    return any(_expands(short, candidate) for candidate in other)


def _expands(short: str, candidate: Candidate) -> bool:
    full, article = candidate.span.text, candidate.span.hit.article.text
    end = candidate.span.end
    return len(full) > len(short) and (
        abbreviation(full) == short
        or article.startswith((f" ({short})", f" ({short},"), end)
        or initials_match(short, full)
    )


def _is_without_unit(members: Group, other: Group) -> bool:
    """ "123" beside "123 Meter"."""
    key, home = members[0].normal.key, other[0].normal.key
    return key.startswith("number:") and key.endswith("|") and home.startswith(key) and home != key


def _is_coarser_date(members: Group, other: Group) -> bool:
    return is_coarser(members[0].normal.key, other[0].normal.key)


def _is_part(members: Group, other: Group) -> bool:
    """ "Cuzco" in "Stadt Cuzco", "West Richland" in "West Richland, Washington": one answer, said more fully."""
    for kind in ("text", "organisation", "person"):
        short, full = _words(members, kind), _words(other, kind)
        if short and full and len(short) < len(full):
            return full[: len(short)] == short or full[-len(short) :] == short
    return False
