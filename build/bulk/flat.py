"""Lists of items as flat columns: which article and which parent each item belongs to."""

from __future__ import annotations

from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

NULL = pa.scalar(None, pa.string())


def joined(*parts: pa.Array | str, separator: str = "\0") -> pa.Array:
    """The parts of each row in one string; null where a part is null."""
    return pc.binary_join_element_wise(*parts, separator)


def text(numbers: pa.Array) -> pa.Array:
    """Whole numbers as decimal strings."""
    return numbers.cast(pa.string())


def numbers(count: int) -> pa.Array:
    """The whole numbers from 0 up to a count."""
    return pa.arange(0, count).cast(pa.int32())


def are_first(sorted_numbers: pa.Array) -> pa.Array:
    """Whether each of these numbers from 0 up is the first like it."""
    return pc.not_equal(sorted_numbers, previous(sorted_numbers))


def previous(values: pa.Array) -> pa.Array:
    """The number before each; -1 for the first."""
    return pa.concat_arrays([pa.array([-1], values.type), values]).slice(0, len(values))


def given(values: pa.Array) -> pa.Array:
    """The strings, the empty one for null, as they stand in what ids are made of."""
    return pc.fill_null(values, "")


class Items:
    """The items of one kind in a batch, in the order they stand.

    `article` is each one's article (a number in the batch), `parent` the row of its parent.
    """

    def __init__(
        self, lists: pa.Array, name: str, articles: pa.Array, pointers: pa.Array | None = None
    ) -> None:
        """Flattens `lists`, one for each parent; `articles` and `pointers` are the parents'."""
        self.rows: pa.StructArray = pc.list_flatten(lists)
        self.parent = pc.list_parent_indices(lists).cast(pa.int32())
        self.article: pa.Array = articles.take(self.parent)
        self._lengths = pc.fill_null(pc.list_value_length(lists), 0)
        self._name, self._pointers = name, pointers

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> pa.Array:
        return self.rows.field(name)

    @property
    def names(self) -> list[str]:
        """The members that items of this kind may have."""
        return [field.name for field in self.rows.type]

    @cached_property
    def pointer(self) -> pa.Array:
        """The JSON pointer of each."""
        firsts = pc.subtract(pc.cumulative_sum(self._lengths), self._lengths)
        place = text(pc.subtract(numbers(len(self)), firsts.take(self.parent)))
        outer = "" if self._pointers is None else self._pointers.take(self.parent)
        return joined(outer, self._name, place, separator="/")

    @cached_property
    def keys(self) -> pa.Array:
        """What tells items with an id apart: article and local id; null without an id."""
        return joined(self.scope, self["id"])

    @cached_property
    def scope(self) -> pa.Array:
        """The number of each one's article as text, which a local id is told apart by."""
        return text(self.article)

    def find(self, scope: pa.Array, names: pa.Array) -> pa.Array:
        """The rows of the items that have these local ids in these articles; null for none."""
        if names.null_count == len(names):
            return pa.nulls(len(names), pa.int32())
        return pc.index_in(joined(scope, names), self.keys, skip_nulls=True)


class Rejected:
    """The articles that the fast way leaves to the exact one, by number."""

    def __init__(self) -> None:
        """None at first."""
        self.articles: set[int] = set()

    def where(self, doubtful: pa.Array, articles: pa.Array) -> None:
        """Rejects the articles of the rows for which `doubtful` is true."""
        self.articles.update(articles.filter(doubtful).to_pylist())

    def repeated(self, keys: pa.Array, articles: pa.Array) -> None:
        """Rejects the articles of rows whose key is not the only one like it; null is none."""
        known = keys.drop_null()
        if len(known.unique()) < len(known):
            counts = known.value_counts()
            many = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
            self.where(pc.is_in(keys, many), articles)
