"""What the rules ask of a batch's evidence, so that they need not have all of it at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.columns import raw_schemas
from dateline.build.assemble.evidence import with_subjects
from dateline.schema import Codebook, Vocabulary

# By what an item has evidence of: the span role of that, the columns that the evidence may name
# instead. `_evidence.sql` says the same of a package.
_SUPPORTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "has_trigger": ("trigger", ("incident_type",)),
    "has_date": ("date", ("date_start", "date_end", "date_precision")),
    "has_place": (
        "place",
        tuple("country_code admin1 admin2 place_name latitude longitude geo_precision".split()),
    ),
    "has_role": ("role", ("role",)),
    "has_count": ("count", ()),
    "has_cue": ("cue", ("cue_text",)),
    "has_content": ("content", ()),
    "has_source": ("source", ()),
}
_COUNTS = "count_"
# Words that share a run of eight with others are longer than this.
_SHORT = 15


def rule_tables(
    evidence: pa.Table, statements: pa.Table, codebook: Codebook
) -> dict[str, pa.Table]:
    """What rules ask of the raw evidence of whole articles, by name.

    `evidence_summary`: what `summary` gives. `annotators`: each `annotator_id` by `article_id`.
    `asked_evidence`: the rows that may still break a rule, when each article has been checked.
    """
    people = {name: _encoded(evidence[name]) for name in ("annotator_id", "article_id")}
    return {
        "evidence_summary": summary(evidence, codebook),
        "annotators": _grouped(people, {}),
        "asked_evidence": _open_rows(evidence, statements, codebook.vocabularies["span_role"]),
    }


def asked_schemas(codebook: Codebook) -> dict[str, pa.Schema]:
    """The schemas of what `rule_tables` gives, by name."""
    raw = raw_schemas(codebook)
    none = rule_tables(raw["evidence"].empty_table(), raw["statements"].empty_table(), codebook)
    return {name: table.schema for name, table in none.items()}


def summary(evidence: pa.Table, codebook: Codebook) -> pa.Table:
    """A row for each item and article with evidence of it there, in any order.

    Columns: `id`, `article_id`; whether any is `by_hand`, or `by_program` (an import or a model);
    `unreviewed`, how many are by a model and not reviewed; `has_trigger` and the like.
    """
    keys = {"id": _encoded(evidence["subject_id"]), "article_id": _encoded(evidence["article_id"])}
    return _grouped(keys, _flags(evidence, codebook))


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The column as numbers: what is asked of each of its values is asked once."""
    return pc.dictionary_encode(column, null_encoding="encode").combine_chunks()


def _grouped(keys: Mapping[str, pa.DictionaryArray], flags: Mapping[str, pa.Array]) -> pa.Table:
    """A row for all with the same keys: of each flag whether any has it, of numbers the sum."""
    codes = {name: key.indices for name, key in keys.items()}
    functions = [
        (name, "any" if pa.types.is_boolean(flag.type) else "sum") for name, flag in flags.items()
    ]
    groups = pa.table({**codes, **flags}).group_by(list(keys), use_threads=False)
    found = groups.aggregate(functions)
    values = {name: key.dictionary.take(found[name]) for name, key in keys.items()}
    return pa.table(values | {name: found[f"{name}_{how}"] for name, how in functions})


def _flags(evidence: pa.Table, codebook: Codebook) -> dict[str, pa.Array]:
    methods, roles = (codebook.vocabularies[name] for name in ("method", "span_role"))
    programs = [*_as(methods, "import"), *_as(methods, "model")]
    people = [value for value in methods.values if value not in programs]
    method, role, field = (_encoded(evidence[name]) for name in ("method", "span_role", "field"))
    flags = {
        "by_hand": _among(method, people),
        "by_program": _among(method, programs),
        "unreviewed": _among(method, _as(methods, "model")).cast(pa.int64()),
    }
    counts = [name for name in field.dictionary.drop_null().to_pylist() if name.startswith(_COUNTS)]
    for name, (meant, fields) in _SUPPORTED.items():
        named = [*fields, *(counts if name == "has_count" else ())]
        flags[name] = _among(role, _as(roles, meant))
        if named:
            flags[name] = pc.or_(flags[name], _among(field, named))
    return flags


def _among(column: pa.DictionaryArray, values: Collection[str]) -> pa.Array:
    """Whether each cell is one of the values; false where it is null."""
    listed = pa.array(list(values), pa.string())
    return pc.is_in(column.dictionary, listed, skip_nulls=True).take(column.indices)


def _as(vocabulary: Vocabulary, value: str) -> list[str]:
    """A value and all narrower ones, which rules take for it."""
    return [value, *(name for name, seen in vocabulary.seen.items() if seen == value)]


def _open_rows(evidence: pa.Table, statements: pa.Table, roles: Vocabulary) -> pa.Table:
    """Rows that may break a rule although their article has been checked on its own.

    They are the content of statements in others, and words that an incident of another article may
    have taken over. Spans in parts are kept whole, as the parts are counted.
    """
    parents = statements["parent_statement_id"]
    inner = statements["statement_id"].filter(parents.is_valid())
    nested = pa.chunked_array([*parents.drop_null().chunks, *inner.chunks], pa.string())
    contents = pa.array(_as(roles, "content"), pa.string())
    kept = pc.is_in(evidence["subject_id"], nested, skip_nulls=True)
    kept = pc.and_(kept, pc.is_in(evidence["span_role"], contents))
    words = pc.fill_null(pc.greater(pc.utf8_length(evidence["exact"]), _SHORT), False)
    if pc.any(words).as_py():
        items = evidence["subject_id"]
        in_parts = items.filter(pc.greater(evidence["part"], 0))
        words = pc.or_(words, pc.is_in(items, in_parts, skip_nulls=True))
    return with_subjects(evidence.filter(pc.or_(kept, words)))
