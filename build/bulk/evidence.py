"""Evidence of many articles at once: offsets proved against the text, hashed, numbered, named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.evidence import EXACT_LENGTH
from dateline.build.bulk.flat import (
    NULL,
    Items,
    Rejected,
    are_first,
    given,
    joined,
    numbers,
    previous,
    text,
)
from dateline.build.bulk.ids import ids_of
from dateline.build.bulk.tables import raw_columns

Who = Mapping[str, pa.Array]
# What of a span is published as it is.
_GIVEN = (
    *("subject", "subject_id", "field", "start", "end", "span"),
    *("method", "annotator_id", "confidence"),
)


@dataclass(frozen=True)
class Subject:
    """Items that evidence is about: the evidence column of their ids, the ids, who annotated."""

    column: str
    items: Items
    ids: pa.Array
    who: Who
    columns: frozenset[str]


def gather(subjects: Sequence[Subject], rejected: Rejected) -> pa.Table:
    """The spans of all subjects as given, with the ids of their subjects.

    Columns beside those of a span: article, owner (the row among its subject's items), subject,
    subject_id, and who annotated it.
    """
    parts = []
    for subject in subjects:
        spans = Items(subject.items["evidence"], "evidence", subject.items.article)
        known = pa.array(sorted(subject.columns))
        field = spans["field"]
        rejected.where(pc.and_(field.is_valid(), pc.invert(pc.is_in(field, known))), spans.article)
        columns = {
            "article": spans.article,
            "owner": spans.parent,
            "subject": pa.repeat(subject.column, len(spans)),
            "subject_id": subject.ids.take(spans.parent),
            **{name: values.take(spans.parent) for name, values in subject.who.items()},
            **{name: spans[name] for name in ("role", "field", "start", "end", "quote", "part")},
        }
        odd = pc.or_(spans["exact_sha256"].is_valid(), spans["annotation"].is_valid())
        rejected.where(odd, spans.article)
        parts.append(pa.table(columns))
    return pa.concat_tables(parts).combine_chunks()


def proved(spans: pa.Table, texts: Sequence[str], rejected: Rejected) -> pa.Table:
    """The spans with `exact`, the words that they cover; doubtful ones reject their articles."""
    article, start, end = (_whole(spans[name]) for name in ("article", "start", "end"))
    length = pa.array([len(text) for text in texts], pa.int64()).take(article)
    sound = pc.and_(
        pc.and_(pc.greater_equal(start, 0), pc.less(start, end)), pc.less_equal(end, length)
    )
    part = pc.fill_null(_whole(spans["part"]), 0)
    doubtful = pc.or_(pc.invert(pc.fill_null(sound, False)), pc.not_equal(part, 0))
    rejected.where(doubtful, article)
    bounds = zip(article.to_pylist(), start.to_pylist(), end.to_pylist(), strict=True)
    exact = pa.array([texts[a][s:e] for a, s, e in bounds], pa.string())
    rejected.where(pc.not_equal(exact, _whole(spans["quote"])), article)
    return spans.append_column("exact", exact)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """The only chunk of a column; an empty array for none."""
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def numbered(spans: pa.Table, rejected: Rejected) -> pa.Table:
    """The spans with `span`: where each stands among those of its subject, field and role, from 0.

    They are counted in the order of the text. A span that is there twice rejects its article.
    """
    kind = _whole(spans["owner"]).cast(pa.int64())
    for name in ("subject", "field", "role"):
        codes = _whole(spans[name]).dictionary_encode(null_encoding="encode")
        kind = pc.add(pc.multiply(kind, len(codes.dictionary)), codes.indices.cast(pa.int64()))
    group = kind.dictionary_encode().indices
    keyed = pa.table({"group": group, "start": spans["start"], "end": spans["end"]})
    order = pc.sort_indices(keyed, [(name, "ascending") for name in keyed.column_names])
    group, start, end = (_whole(keyed[name]).take(order) for name in keyed.column_names)
    number, is_first = numbers(len(group)), are_first(group)
    first = pc.cumulative_max(pc.if_else(is_first, number, 0))
    same_start, same_end = (pc.equal(place, previous(place)) for place in (start, end))
    twice = pc.and_not(pc.and_(same_start, same_end), is_first)
    rejected.where(twice, _whole(spans["article"]).take(order))
    places = pc.subtract(number, first).take(pc.inverse_permutation(order.cast(pa.int64())))
    return spans.append_column("span", places)


def evidence_table(
    spans: pa.Table, article_ids: pa.Array, schema: pa.Schema, *, exact: bool
) -> pa.Table:
    """The raw evidence table of proved and numbered spans; `exact` keeps their words."""
    article = article_ids.take(_whole(spans["article"]))
    # Most words are there many times: a name, a verb of saying.
    words = _whole(spans["exact"]).dictionary_encode()
    columns = {
        "evidence_id": _ids(spans, article),
        "article_id": article,
        "span_role": _whole(spans["role"]),
        "part": pa.repeat(0, len(spans)),
        "exact_sha256": _digests(words.dictionary).take(words.indices),
        **({"exact": _published(words.dictionary).take(words.indices)} if exact else {}),
        **{name: _whole(spans[name]) for name in _GIVEN},
    }
    return raw_columns(schema, columns, len(spans))


def _ids(spans: pa.Table, article: pa.Array) -> pa.Array:
    """The ids of spans, of what they are unique by; `article` are the ids of their articles."""
    names = joined(
        "evd",
        _whole(spans["subject_id"]),
        article,
        given(_whole(spans["field"])),
        _whole(spans["role"]),
        text(_whole(spans["start"])),
        text(_whole(spans["end"])),
        "0",
    )
    return ids_of("evd", names)


def _digests(words: pa.Array) -> pa.Array:
    """The SHA-256 of each, in hexadecimal digits."""
    digests = b"".join([sha256(word).digest() for word in words.cast(pa.binary()).to_pylist()])
    characters = pa.py_buffer(digests.hex().encode())
    return pa.Array.from_buffers(pa.binary(64), len(words), [None, characters]).cast(pa.string())


def _published(words: pa.Array) -> pa.Array:
    """The words with runs of white space as one, null where longer than the column."""
    plain = pa.array([" ".join(w.split()) or None for w in words.to_pylist()], pa.string())
    return pc.if_else(pc.less_equal(pc.utf8_length(plain), EXACT_LENGTH), plain, NULL)
