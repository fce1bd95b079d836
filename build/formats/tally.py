"""What became of everything that an import has read, by label of the source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# What a label is of: a mark, or a link between two.
Label = tuple[str, str]


@dataclass
class Tally:
    """Counts by label: of what was read, of what each became, of what was lost and why.

    `units` are documents by the unit of their offsets, `shifts` mended spans by label.
    """

    documents: int = 0
    read: Counter[Label] = field(default_factory=Counter)
    became: Counter[tuple[Label, str]] = field(default_factory=Counter)
    attributes: Counter[tuple[Label, str]] = field(default_factory=Counter)
    skipped: Counter[tuple[Label, str]] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    shifts: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Tally) -> Tally:
        self.documents += other.documents
        for name in ("read", "became", "attributes", "skipped", "units", "shifts"):
            getattr(self, name).update(getattr(other, name))
        return self

    @property
    def labels(self) -> list[Label]:
        """The labels of everything counted, marks first, sorted."""
        of = [label for label, _ in [*self.became, *self.attributes, *self.skipped]]
        return sorted({*self.read, *of}, key=lambda each: (each[0] != "marks", each))

    def values(self) -> dict[str, Any]:
        """The counts as JSON values."""
        labels: dict[str, dict[str, Any]] = {"marks": {}, "links": {}}
        for label in self.labels:
            labels[label[0]][label[1]] = {
                "read": self.read[label],
                "became": of_label(self.became, label),
                "attributes": of_label(self.attributes, label),
                "skipped": of_label(self.skipped, label),
            }
        return {
            "documents": self.documents,
            "offsets": dict(sorted(self.units.items())),
            "shifted": dict(sorted(self.shifts.items())),
            **labels,
        }


def of_label(counts: Counter[tuple[Label, str]], label: Label) -> dict[str, int]:
    """The counts of one label, by what they count."""
    return {what: n for (each, what), n in sorted(counts.items()) if each == label}
