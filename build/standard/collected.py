"""Issues of one table as they come, of which no more are kept than a report can use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dateline.build.issues import Cell, Issue, Place, Severity, shown
from dateline.build.standard.cells import Found

# Of one rule and field of a resource.
LISTED = 100_000


@dataclass
class Collected:
    """The issues of one resource, and how many more break the same rule in the same field."""

    resource: str
    issues: dict[tuple[str, str], list[Issue]] = field(default_factory=dict)
    more: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(
        self, rule: str, message: str, place: Place, cell: Cell, severity: Severity = "error"
    ) -> None:
        """Add an issue, or count it where enough are listed."""
        key = (rule, cell.field)
        kept = self.issues.setdefault(key, [])
        if len(kept) < LISTED:
            kept.append(Issue(rule, message, (place,), severity, cell))
        else:
            self.more[key] = self.more.get(key, 0) + 1

    def plain(self, rule: str, message: str, place: Place, severity: Severity = "error") -> None:
        """Add an issue of the resource as a whole, or of its file."""
        self.add(rule, message, place, Cell(self.resource), severity)

    def has(self, rule: str) -> bool:
        """Whether a rule is broken."""
        return any(found == rule for found, _ in self.issues)

    def all(self) -> list[Issue]:
        """The issues, the last of a rule and field with the number of those not listed."""
        result: list[Issue] = []
        for key, kept in self.issues.items():
            result += kept[:-1]
            result.append(replace(kept[-1], also=self.more.get(key, 0)))
        return result


def message(name: str, found: Found) -> str:
    """What to say of a broken rule in a row, `name` being that of the field."""
    if found.rule not in ("type-error", "constraint-error"):
        return f"expected {found.expected}{found.remedy}"
    got = shown(found.text) if found.text else "an empty cell"
    return f"{name}: expected {found.expected}, got {got}{found.remedy}"
