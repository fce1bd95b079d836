"""Evidence rows: every span of every item, with its subject, its place and who annotated it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.columns import SUBJECTS, column
from dateline.build.assemble.ids import id_of
from dateline.build.check import Item

_COLUMNS = (
    "evidence_id",
    "article_id",
    "subject",
    "subject_id",
    "field",
    "span_role",
    "start",
    "end",
    "span",
    "part",
    "exact_sha256",
    "exact",
    "who",
)
_WHO = ("method", "annotator_id", "confidence")
EXACT_LENGTH = 200


class EvidenceRows:
    """The evidence of a batch, added item by item."""

    def __init__(self, schema: pa.Schema, *, exact: bool) -> None:
        """`exact` says whether the exact words are published."""
        self._schema = schema
        self._exact = exact
        self._rows: list[tuple[Any, ...]] = []

    def add(self, item: Item, subject: str, subject_id: str, article_id: str) -> None:
        """Adds a row for each span of an item, which is `subject_id` in the column `subject`."""
        outer = _who(item.annotation)
        head = f"evd\0{subject_id}\0{article_id}\0"
        for field, role, start, end, part, span, exact, digest, source in item.spans:
            own = source.get("annotation")
            self._rows.append(
                (
                    id_of("evd", f"{head}{field or ''}\0{role}\0{start}\0{end}\0{part}"),
                    article_id,
                    subject,
                    subject_id,
                    field,
                    role,
                    start,
                    end,
                    span,
                    part,
                    digest,
                    _words(exact) if self._exact else None,
                    _who(own) if own else outer,
                )
            )

    def table(self) -> pa.Table:
        """All rows added so far, in that order."""
        values = zip(*self._rows, strict=True) if self._rows else ((),) * len(_COLUMNS)
        columns = dict(zip(_COLUMNS, values, strict=True))
        columns |= zip(_WHO, zip(*columns.pop("who"), strict=True), strict=False)
        nulls = (None,) * len(self._rows)
        arrays = [column(columns.get(field.name, nulls), field.type) for field in self._schema]
        return pa.Table.from_arrays(arrays, schema=self._schema)


def with_subjects(rows: pa.Table) -> pa.Table:
    """Raw evidence with the subject columns that it is published with: one is set in each row."""
    kind, ids = rows["subject"], rows["subject_id"]
    for name in SUBJECTS:
        mine = pc.if_else(pc.equal(kind, name), ids, pa.scalar(None, pa.string()))
        rows = rows.append_column(name, mine)
    return rows


def _who(annotation: dict[str, Any]) -> tuple[str, str, float | None]:
    """The method, annotator and confidence of an annotation."""
    return (
        annotation.get("method") or "manual",
        annotation.get("annotator") or "unnamed",
        annotation.get("confidence"),
    )


def _words(exact: str | None) -> str | None:
    words = " ".join(exact.split()) if exact else None
    return words if words and len(words) <= EXACT_LENGTH else None
