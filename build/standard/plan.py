"""What is done with each column of a table, made once from its labels and its schema."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.standard.columns import Proof, proof
from dateline.build.standard.judge import Judge, Problem, judge
from dateline.build.standard.model import Dialect, Field, Schema

# Of the verdicts on distinct texts of a column, so that memory does not follow the file.
_KEPT = 50_000


@dataclass(frozen=True)
class Column:
    """One column of a file: its field, how its cells are judged, and which texts are null.

    `verdicts` holds what is known of texts met before; `nan` is the text, as part of a key, of a
    number that is none.
    """

    field: Field
    judge: Judge
    proof: Proof | None
    missing: pa.Array
    nan: str | None = None
    verdicts: dict[str, tuple[Problem, ...]] = dataclasses.field(default_factory=dict)

    def nulled(self, texts: pa.Array, empty_is_null: bool = False) -> pa.Array:
        """The texts, null where they stand for null; `empty_is_null` says empty ones are."""
        if empty_is_null and len(self.missing) == 1:
            return texts
        if self.missing.to_pylist() == [""]:
            null = pc.equal(pc.binary_length(texts), 0)
        else:
            null = pc.is_in(texts, self.missing)
        # Most columns hold none, and need no copy.
        return (
            pc.if_else(null, pa.scalar(None, texts.type), texts) if pc.any(null).as_py() else texts
        )

    def problems_of(self, text: str) -> tuple[Problem, ...]:
        """What is wrong with one text."""
        known = self.verdicts.get(text)
        if known is None:
            known = self.judge.problems_of(text)
            if len(self.verdicts) < _KEPT:
                self.verdicts[text] = known
        return known


@dataclass(frozen=True)
class Plan:
    """How the blocks of one file are judged: columns in the file's order, and those of keys.

    `primary` are the columns of the primary key; `keyed` all that a key of this or another table
    needs. `empty_is_null` says that an empty cell is null in every column.
    """

    columns: tuple[Column, ...]
    dialect: Dialect
    primary: tuple[int, ...]
    keyed: tuple[int, ...]
    empty_is_null: bool


def column(of: Field, dialect: Dialect, proving: bool = True, nan: str | None = None) -> Column:
    """The column of a field; with `proving` false every cell is judged by the reference."""
    judged = judge(of)
    null = of.missing_values | ({dialect.null_sequence} if dialect.null_sequence else set())
    proved = proof(judged) if proving else None
    return Column(of, judged, proved, pa.array(sorted(null), pa.string()), nan)


def plan(
    columns: tuple[Column, ...], dialect: Dialect, schema: Schema | None, keyed: Sequence[str]
) -> Plan:
    """The plan of a file; `keyed` names the fields that keys need."""
    at: dict[str, int] = {}
    for index, of in enumerate(columns):
        # A key means the first of the fields that share a name.
        at.setdefault(of.field.name, index)
    primary = tuple(schema.primary_key) if schema is not None else ()
    known = set(primary) <= set(at)
    return Plan(
        columns,
        dialect,
        tuple(at[name] for name in primary) if known else (),
        tuple(at[name] for name in keyed if name in at),
        all("" in c.field.missing_values or dialect.null_sequence == "" for c in columns),
    )
