"""Random schemas and dirty data: cells, keys and headers against frictionless, both run."""

import csv
import io
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Field as Reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standard_package import PLAIN, Triple, by_frictionless, judged

# Texts by type: right, wrong, and at the border between the two.
TEXTS: dict[str, list[str]] = {
    "string": ["a", "ab", "A-1", "été", "x y", "a\nb", "a,b", 'q"q', "NA", "a\n", "-"],
    "integer": [
        "1",
        "0",
        "-3",
        "007",
        "+5",
        "12345678901234567890",
        "1.0",
        "x",
        "0x1F",
        "1_0",
        " 5",
        "٣",
        "-0",
        "-",
        "--1",
    ],
    "number": [
        "1",
        "1.0",
        "1.50",
        "-2.5",
        ".5",
        "5.",
        "1e3",
        "NaN",
        "INF",
        "-inf",
        "x",
        "1,5",
        "1_0",
        " 5",
        "infinity",
        "+-5",
        "0.1",
        "100000000000000.01",
        "1E-400",
    ],
    "boolean": ["true", "False", "1", "0", "yes", "TRUE ", "t"],
    "date": [
        "2024-01-31",
        "2024-02-30",
        "2023-1-5",
        "0001-01-01",
        "0000-01-01",
        "26.01.2024",
        "٢٠٢٤-01-01",
        "2024-01-31 ",
    ],
    "datetime": [
        "2024-01-31T10:00:00Z",
        "2024-01-31T10:00:00",
        "2024-01-31 10:00:00",
        "2024-01-31T10:00:00.250+05:30",
        "2024-01-31T25:00:00Z",
        "2024-02-30T10:00:00",
        "2024-01-31T10:00",
        "2024-01-31",
    ],
    "time": ["10:00:00", "24:00:00", "10:00", "10:00:00.5", "10:00:60", "x"],
    "year": ["2024", "0000", "24", "20245", "-200", " 202", "x"],
    "yearmonth": ["2024-01", "2024-13", "2024-1", "x", "2024"],
    "duration": ["P1D", "PT36H", "P1M", "P1Y2M", "P", "PT", "P1W", "x", "P1.5D"],
    "object": ["{}", '{"a": 1}', "[]", "x", '{"a": NaN}'],
    "array": ["[]", "[1, 2]", "{}", "x", "[Infinity]"],
    "geopoint": ["1,2", "1, 2", "181,0", "0,91", "1", "x,y", "1_0,2", "1,2,3"],
    "any": ["a", "1", "NA", "x,y"],
    "list": ["a", "a,b", "a,,b"],
}
BOUNDS: dict[str, list[Any]] = {
    "integer": ["1", "0", 2, -3],
    "number": ["1", 1.5, 0.1, "0"],
    "date": ["2024-01-31", "0001-01-01"],
    "time": ["10:00:00"],
    "year": ["2024", 2000],
    "yearmonth": ["2024-01"],
}
PATTERNS = ["[a-z]+", "a|ab", r"\w+", "[A-Z]-[0-9]", r"(?=a).*", r"[^b]*", r".", r"\S+", "^a.*$"]
KEYED = ["string", "integer", "number", "boolean", "date", "year", "any"]
# What the standard writes of a type, where Python's readers take more.
STANDARD = {
    "integer": r"[+-]?[0-9]+",
    "number": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|(?i:nan|-?inf)",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": r"[0-9-]{10}T[0-9:]{8}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?",
    "time": r"[0-9]{2}:[0-9]{2}:[0-9]{2}",
    "year": r"[1-9][0-9]{3}",
    "yearmonth": r"[0-9]{4}-[0-9]{2}",
    "duration": r"P(?=.)([0-9]+[YMD])*(T(?=.)([0-9]+[HMS])*)?",
    "geopoint": r"[0-9.]+, ?[0-9.]+",
    "object": r"(?s)(?!.*NaN).*",
    "array": r"(?s)(?!.*Infinity).*",
}
# The differences that decide on such a text, and all that are allowed: ids of docs/differences.md.
LEXICAL = {
    **{kind: f"{kind}-lexical" for kind in STANDARD},
    "yearmonth": "year-lexical",
    "geopoint": "geopoint-numbers",
    "object": "json-constants",
    "array": "json-constants",
}
ALLOWED = {
    *LEXICAL.values(),
    "foreign-key-column-missing",
    "key-nan",
    "key-null",
    "lexical-in-key",
    "pattern-whole",
}
Table = dict[str, Any]


def constraints(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Constraints that frictionless takes for a type."""
    made: dict[str, st.SearchStrategy[Any]] = {"required": st.booleans()}
    if kind in KEYED:
        made["unique"] = st.booleans()
    if kind in BOUNDS:
        for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            made[name] = st.sampled_from(BOUNDS[kind])
    if kind == "string":
        made["pattern"] = st.sampled_from(PATTERNS)
    if kind in ("string", "array", "object", "list"):
        made["minLength"] = made["maxLength"] = st.integers(0, 3)
    if kind in ("string", "integer", "number", "date", "boolean", "year", "any"):
        valid = [text for text in TEXTS[kind] if lexical({"type": kind}, text) is None]
        read = Reference.from_descriptor({"name": "f", "type": kind}).read_cell
        known = [text for text in valid if read(text)[1] is None]
        made["enum"] = st.lists(st.sampled_from(known), min_size=1, max_size=3)
    return st.fixed_dictionaries({}, optional=made)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A schema, labels and records of a table, and the table that it refers to."""
    kinds = draw(st.lists(st.sampled_from(sorted(TEXTS)), min_size=1, max_size=4))
    missing = draw(st.sampled_from([[""], ["", "NA"], ["-"], []]))
    fields: list[dict[str, Any]] = []
    for at, kind in enumerate(kinds):
        fields.append({"name": f"f{at}", "type": kind, "constraints": draw(constraints(kind))})
        if draw(st.integers(0, 5)) == 0:
            fields[-1]["missingValues"] = draw(st.sampled_from([["", "x"], ["NA"]]))
    schema: dict[str, Any] = {"fields": fields, "missingValues": missing}
    keyed = [field["name"] for field in fields if field["type"] in KEYED]
    if keyed:
        schema["primaryKey"] = draw(st.lists(st.sampled_from(keyed), max_size=2, unique=True))
        single = draw(st.sampled_from([*keyed, ""]))
        if single:
            target = draw(st.sampled_from(["", "r"]))
            reference: dict[str, Any] = {
                "fields": [draw(st.sampled_from(keyed)) if not target else "key"]
            }
            if target:
                reference["resource"] = target
            schema["foreignKeys"] = [{"fields": [single], "reference": reference}]
    cells = [st.sampled_from([*TEXTS[kind], "", "", *TEXTS[kind][:3]]) for kind in kinds]
    records = draw(st.lists(st.tuples(*cells).map(list), max_size=12))
    labels = [field["name"] for field in fields]
    if draw(st.integers(0, 6)) == 0:
        labels = draw(st.lists(st.sampled_from([*labels, "new", ""]), min_size=1, max_size=5))
    for record in records:
        shape = draw(st.integers(0, 15))
        if shape == 0:
            del record[draw(st.integers(0, len(record))) :]
        elif shape == 1:
            record += ["more"] * draw(st.integers(1, 2))
    referring = _fk(schema).get("fields", [])
    of = next((field["type"] for field in fields if field["name"] in referring), "any")
    others = draw(st.lists(st.sampled_from(TEXTS[of]), max_size=5))
    return {"schema": schema, "labels": labels, "records": records, "kind": of, "keys": others}


def _fk(schema: dict[str, Any]) -> dict[str, Any]:
    return dict((schema.get("foreignKeys") or [{}])[0])


def resources(drawn: Table) -> list[dict[str, Any]]:
    """The descriptors of both tables."""
    other = {"fields": [{"name": "key", "type": drawn["kind"]}]}
    return [
        {"name": "t", "path": "t.csv", "dialect": PLAIN, "schema": drawn["schema"]},
        {"name": "r", "path": "r.csv", "dialect": PLAIN, "schema": other},
    ]


def write(folder: Path, drawn: Table, quoting: Any, end: str) -> None:
    """Both tables as CSV files."""
    for name, records in (
        ("t", [drawn["labels"], *drawn["records"]]),
        ("r", [["key"], *([key] for key in drawn["keys"])]),
    ):
        out = io.StringIO()
        csv.writer(out, quoting=quoting, lineterminator=end).writerows(records)
        (folder / f"{name}.csv").write_bytes(out.getvalue().encode())


def lexical(field: dict[str, Any], text: str) -> str | None:
    """The difference by which the standard decides otherwise on a text, null where there is none.

    A text that is not written as the standard writes the type is of another type; a pattern
    is of the whole value.
    """
    kind = field["type"]
    shape = STANDARD.get(kind)
    if shape is not None and re.fullmatch(shape, text) is None:
        read = Reference.from_descriptor({"name": "f", "type": kind}).read_cell
        return LEXICAL[kind] if read(text)[1] is None or kind == "year" else None
    pattern = field.get("constraints", {}).get("pattern")
    if pattern is None:
        return None
    loose = re.compile(f"^{pattern}$").match(text) is not None
    return None if loose is (re.fullmatch(pattern, text) is not None) else "pattern-whole"


def comparable(drawn: Table, found: list[Triple]) -> list[Triple]:
    """The errors but those on which a documented difference has a bearing."""
    bearing = Bearing(drawn)
    kept = []
    for error in found:
        difference = bearing.difference(*error)
        assert difference is None or difference in ALLOWED
        if difference is None:
            kept.append(error)
    return kept


class Bearing:
    """Which difference has a bearing on an error in a table that was drawn."""

    def __init__(self, drawn: Table) -> None:
        schema = drawn["schema"]
        self.fields = {field["name"]: field for field in schema["fields"]}
        names = list(self.fields)
        cells = [
            (row, name, text)
            for row, record in enumerate(drawn["records"], 2)
            for name, text in zip(names, record, strict=False)
        ]
        self.odd = {(row, n): lexical(self.fields[n], text) for row, n, text in cells}
        self.odd = {at: difference for at, difference in self.odd.items() if difference}
        self.odd_rows = {row: difference for (row, _), difference in self.odd.items()}
        self.odd_fields = {name for _, name in self.odd}
        other = {"type": drawn["kind"]}
        self.odd_keys = any(lexical(other, key) for key in drawn["keys"])
        self.odd |= {
            (row, "key"): difference
            for row, text in enumerate(drawn["keys"], 2)
            if (difference := lexical(other, text))
        }
        self.not_numbers = {
            n for _, n, text in cells if self.fields[n]["type"] == "number" and text == "NaN"
        }
        self.primary = schema.get("primaryKey", [])
        self.foreign = _fk(schema).get("fields", [])
        self.referred = _fk(schema).get("reference", {}).get("fields", [])
        self.absent = not {*self.referred} <= {*names[: len(drawn["labels"])], "key"}
        self.holes = {
            row
            for row, record in enumerate(drawn["records"], 2)
            for name in self.primary
            if _is_hole(schema, self.fields[name], record, names.index(name))
        }

    def difference(self, row: int, name: str, rule: str) -> str | None:
        """The id of the difference, null where the tools have to agree."""
        if rule in ("type-error", "constraint-error"):
            return self.odd.get((row, name))
        if rule == "blank-row":
            return self.odd_rows.get(row) or self.odd.get((row, "key"))
        if rule == "unique-error":
            return self._in_key({name})
        if rule == "primary-key":
            return "key-null" if row in self.holes else self._in_key({*self.primary})
        if rule == "foreign-key":
            if self.absent:
                return "foreign-key-column-missing"
            return (
                "lexical-in-key" if self.odd_keys else self._in_key({*self.foreign, *self.referred})
            )
        return None

    def _in_key(self, names: set[str]) -> str | None:
        if names & self.not_numbers:
            return "key-nan"
        return "lexical-in-key" if names & self.odd_fields else None


def _is_hole(schema: Table, field: dict[str, Any], record: list[str], at: int) -> bool:
    """Whether a record has no value of its type in a field."""
    missing: list[str] = field.get("missingValues") or schema["missingValues"]
    if at >= len(record) or record[at] in missing:
        return True
    kind = Reference.from_descriptor({"name": "f", "type": field["type"], "missingValues": []})
    return kind.read_cell(record[at])[1] is not None


RUNS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@pytest.mark.slow
@RUNS
@given(
    tables(),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([24, 64, 300, 8 << 20]),
)
def test_cells_keys_and_labels_are_judged_as_by_frictionless(
    drawn: Table, quoting: Any, end: str, size: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, drawn, quoting, end)
        mine = judged(folder, resources(drawn), size).triples
        theirs = by_frictionless(folder, resources(drawn))
    assert comparable(drawn, mine) == comparable(drawn, theirs), json.dumps(drawn)


@pytest.mark.slow
@RUNS
@given(tables(), st.sampled_from([24, 8 << 20]))
def test_proofs_change_no_verdict(drawn: Table, size: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, drawn, csv.QUOTE_MINIMAL, "\n")
        fast = judged(folder, resources(drawn), size)
        slow = judged(folder, resources(drawn), proving=False)
    assert sorted(map(str, fast.issues)) == sorted(map(str, slow.issues))


# The types whose columns Parquet holds as they are, and how.
NATIVE = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "year": pa.int32(),
}
PLAIN_TEXTS = {
    "string": ["a", "ab", "A-1", "été", "x y"],
    "integer": ["1", "0", "-3", "5"],
    "number": ["1.5", "0.1", "-2.5", "0.0"],
    "boolean": ["true", "false"],
    "date": ["2024-01-31", "0001-01-01"],
    "year": ["2024", "1999"],
}


@st.composite
def typed_tables(draw: st.DrawFn) -> Table:
    """A schema and records of valid texts, which may break constraints and keys."""
    kinds = draw(st.lists(st.sampled_from(sorted(NATIVE)), min_size=1, max_size=4))
    fields = [
        {"name": f"f{at}", "type": kind, "constraints": draw(constraints(kind))}
        for at, kind in enumerate(kinds)
    ]
    names = [field["name"] for field in fields]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    schema["primaryKey"] = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    cells = [st.sampled_from([*PLAIN_TEXTS[kind], ""]) for kind in kinds]
    records = draw(st.lists(st.tuples(*cells).map(list), max_size=12))
    return {"schema": schema, "labels": names, "records": records, "kind": "any", "keys": []}


@pytest.mark.slow
@RUNS
@given(typed_tables(), st.sampled_from([16, 8 << 20]))
def test_parquet_is_judged_as_csv_of_the_same_rows(drawn: Table, size: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, drawn, csv.QUOTE_MINIMAL, "\n")
        columns = {
            field["name"]: pa.array(
                [record[at] or None for record in drawn["records"]], pa.string()
            ).cast(NATIVE[field["type"]])
            for at, field in enumerate(drawn["schema"]["fields"])
        }
        pq.write_table(pa.table(columns), folder / "t.parquet", row_group_size=3)
        as_csv, other = resources(drawn)
        as_parquet = {"name": "t", "path": "t.parquet", "schema": drawn["schema"]}
        native = judged(folder, [as_parquet, other], size).triples
        theirs = by_frictionless(folder, [as_csv, other])
    assert comparable(drawn, native) == comparable(drawn, theirs), json.dumps(drawn)
