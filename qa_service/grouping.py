"""Which candidates are the same answer: equal keys, then short forms of a full one when there is no doubt."""

from collections.abc import Callable, Iterator, Sequence

from qa_service.candidates import Candidate
from qa_service.normal.dates import is_coarser
from qa_service.normal.names import abbreviation, initials_match
from qa_service.types import Understanding

Group = list[Candidate]
Groups = dict[str, Group]

# Kinds of keys whose words can be a part of a longer key's words.
_WORDED = frozenset({"text", "organisation", "person"})


def group(found: Sequence[Candidate], understanding: Understanding) -> list[Group]:
    """Candidates by answer, in order of the strongest candidate of each.

    Args:
        found: Candidates, strongest first.
        understanding: Several answers asked for keep apart what one answer would join
            ("Karlsruhe" and "Landkreis Karlsruhe").
    """
    groups: Groups = {}
    for candidate in found:
        groups.setdefault(candidate.normal.key, []).append(candidate)
    rules = [_genitives, _short_names, _abbreviations, _without_units, _coarser_dates]
    for rule in rules if understanding.many else [*rules, _parts]:
        groups = _joined(groups, rule)
    return sorted(groups.values(), key=lambda members: -max(c.strength for c in members))


def _joined(groups: Groups, rule: Callable[[Groups], Iterator[tuple[str, str]]]) -> Groups:
    """Merge each group into the one other that the rule names; where it names several the group stays."""
    homes: dict[str, set[str]] = {}
    for key, home in rule(groups):
        homes.setdefault(key, set()).add(home)
    joined = dict(groups)
    for key, candidates in homes.items():
        here = [home for home in candidates if home in joined and home != key]
        if key in joined and len(candidates) == 1 and here:
            joined[here[0]] = [*joined[here[0]], *joined.pop(key)]
    return joined


def _words(key: str) -> tuple[str, tuple[str, ...]]:
    kind, _, words = key.partition(":")
    return kind, tuple(words.split())


def _genitives(groups: Groups) -> Iterator[tuple[str, str]]:
    """Find "Putins" beside "Putin", "Ataturks" beside "Ataturk"."""
    for key in groups:
        if key.endswith("s") and key[:-1] in groups and key.startswith(("person:", "text:", "organisation:")):
            yield key, key[:-1]


def _short_names(groups: Groups) -> Iterator[tuple[str, str]]:
    """A surname or a first name beside the full name; a genitive s does not count."""
    ends: dict[tuple[str, ...], list[str]] = {}
    for key in groups:
        kind, words = _words(key)
        if kind == "person" and len(words) > 1:
            for part in {words[:1], *(words[i:] for i in range(1, len(words)))}:
                ends.setdefault(part, []).append(key)
    for key in groups:
        kind, words = _words(key)
        if kind == "person" and words:
            for part in {words, (*words[:-1], words[-1].removesuffix("s"))}:
                yield from ((key, home) for home in ends.get(part, ()))


def _abbreviations(groups: Groups) -> Iterator[tuple[str, str]]:
    """Find "BfV" beside "Bundesamt für Verfassungsschutz", by initials or by "... (BfV)" in an article."""
    for key, members in groups.items():
        if not key.startswith(("text:", "organisation:", "person:")) or "(" in members[0].span.text:
            continue
        short = abbreviation(members[0].span.text)
        if short is not None:
            yield from (
                (key, home) for home, other in groups.items() if any(_expands(short, c) for c in other)
            )


def _expands(short: str, candidate: Candidate) -> bool:
    full, article, end = candidate.span.text, candidate.span.hit.article.text, candidate.span.end
    follows = article.startswith((f" ({short})", f" ({short},", f" „{short}“"), end)
    return len(full) > len(short) and (follows or abbreviation(full) == short or initials_match(short, full))


def _without_units(groups: Groups) -> Iterator[tuple[str, str]]:
    """Find "123" beside "123 Meter"."""
    for key in groups:
        if key.startswith("number:") and key.endswith("|"):
            yield from ((key, home) for home in groups if home != key and home.startswith(key))


def _coarser_dates(groups: Groups) -> Iterator[tuple[str, str]]:
    """Find "2006" beside "27. März 2006"."""
    dates = [key for key in groups if key.startswith("date:")]
    for key in dates:
        yield from ((key, home) for home in dates if is_coarser(key, home))


def _parts(groups: Groups) -> Iterator[tuple[str, str]]:
    """Find "Cuzco" in "Stadt Cuzco": one answer, said more fully."""
    ends: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for key in groups:
        kind, words = _words(key)
        for i in range(1, len(words)) if kind in _WORDED else ():
            ends.setdefault((kind, words[:i]), []).append(key)
            ends.setdefault((kind, words[i:]), []).append(key)
    for key in groups:
        yield from ((key, home) for home in ends.get(_words(key), ()))
