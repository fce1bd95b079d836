"""One batch on its way from nested columns to the flat ones of every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble import VERBATIM
from dateline.build.bulk.claims import settled
from dateline.build.bulk.doubts import reject_copied, reject_odd_quotes, reject_odd_tolls
from dateline.build.bulk.evidence import Subject, evidence_table, gather, numbered, proved
from dateline.build.bulk.flat import Items, Rejected, joined, numbers
from dateline.build.bulk.ids import ids_of
from dateline.build.bulk.statements import reject_unsaid, spoken
from dateline.build.bulk.tables import (
    Columns,
    casualty_ids,
    entity_ids,
    participant_ids,
    references,
    reject_odd_space,
    reject_open_codes,
    statement_ids,
)
from dateline.schema import Table

_OUTER = ("actors", "incidents", "statements")
_INNER = ("participants", "casualties")
_OPEN = pa.array(["import", "model"])
_MODELS = pa.array(["model", "model_reviewed"])


@dataclass(frozen=True)
class Readied:
    """An article whose structure, text and source are sound: `line` is its JSON on one line.

    `published` is the day it was published, as written; null where an import does not know it.
    `language` is the primary subtag of its language.
    """

    line: bytes
    own: str
    words: str
    published: str | None
    language: str


class Batch:
    """The articles of a batch as columns; `rejected` are those left to the exact way."""

    def __init__(
        self,
        articles: Sequence[Readied],
        nested: pa.Table,
        tables: Mapping[str, Table],
        profile: str,
    ) -> None:
        """`nested` holds the articles in their order."""
        self.rejected = Rejected()
        self._tables, self._profile = tables, profile
        self._texts = [article.words for article in articles]
        self._languages = [article.language for article in articles]
        self._own = pa.array([article.own for article in articles], pa.string())
        self._ids = ids_of("art", joined("art", self._own))
        self._days = pa.array([article.published for article in articles], pa.string())
        number = numbers(len(articles))
        self.items = {n: Items(nested[n].chunk(0), n, number) for n in _OUTER}
        around = self.items["incidents"]
        self.items |= {n: Items(around[n], n, around.article, around.pointer) for n in _INNER}
        self._who = self._annotators(annotators(nested["annotation"].chunk(0)))
        self._open = {n: pc.is_in(who["method"], _OPEN) for n, who in self._who.items()}
        self._rows = {n: references(n, i, self.items, self.rejected) for n, i in self.items.items()}
        for name in (*_OUTER, "casualties"):
            self.rejected.repeated(self.items[name].keys, self.items[name].article)
        self._item_ids: dict[str, pa.Array] = {}

    def _annotators(self, outer: Columns) -> dict[str, Columns]:
        """Who annotated each item: its own annotation, else its incident's, else the article's."""
        found: dict[str, Columns] = {}
        for name, items in self.items.items():
            around = found["incidents"] if name in _INNER else outer
            given, own = items["annotation"].is_valid(), annotators(items["annotation"])
            # An empty annotation is none to the exact way, which takes the one around it.
            empty = pc.and_(own["method"].is_null(), own["annotator_id"].is_null())
            self.rejected.where(pc.and_(given, empty), items.article)
            who = {n: pc.if_else(given, own[n], a.take(items.parent)) for n, a in around.items()}
            is_model = pc.is_in(pc.fill_null(who["method"], "manual"), _MODELS)
            self.rejected.where(pc.and_not(who["confidence"].is_valid(), is_model), items.article)
            found[name] = who
        return found

    def columns(self) -> dict[str, Columns]:
        """The columns of all tables but articles and evidence, by table."""
        made = {
            "actors": self._actors(),
            "incidents": self._incidents(),
            "statements": self._statements(),
        }
        made["participants"] = self._participants()
        made["casualties"] = self._casualties()
        spans = self._spans()
        made["statements"] |= spoken(self.items["statements"], spans, self.rejected)
        self._reject_by_words(spans, made["casualties"])
        return {name: self._finished(name, columns) for name, columns in made.items()}

    def _reject_by_words(self, spans: pa.Table, claims: Columns) -> None:
        """Leaves to the exact way what the words of an article throw a doubt on."""
        said, told = self.items["statements"], self.items["casualties"]
        is_open, verbatim = self._open["statements"], self._profile != "no_verbatim"
        reject_odd_quotes(said, is_open, spans, self.rejected, verbatim=verbatim)
        reject_odd_tolls(told, claims, self._languages, spans, self.rejected)
        reject_copied(self.items["incidents"], self._texts, self.rejected)

    def _finished(self, name: str, made: Columns) -> Columns:
        """The columns of a table with those given as they are, and where they come from."""
        items, is_open = self.items[name], self._open[name]
        columns = {n: items[n] for n in items.names} | made
        reject_open_codes(self._tables[name], columns, items, is_open, self.rejected)
        columns |= {
            "_open": is_open,
            "_pointer": items.pointer,
            "_article": self._ids.take(items.article),
        }
        hidden = VERBATIM.get(name, ()) if self._profile == "no_verbatim" else ()
        return {n: array for n, array in columns.items() if n not in hidden}

    def _ref(self, name: str, member: str, target: str) -> pa.Array:
        """The ids that a member of items names."""
        return self._item_ids[target].take(self._rows[name][member])

    def _actors(self) -> Columns:
        items = self.items["actors"]
        ids = self._item_ids["actors"] = entity_ids("act", items, self._own)
        parent = self._ref("actors", "parent", "actors")
        return {"actor_id": ids, "actor_key": items["key"], "parent_actor_id": parent}

    def _incidents(self) -> Columns:
        items = self.items["incidents"]
        ids = self._item_ids["incidents"] = entity_ids("inc", items, self._own)
        place = items["location"]
        return {
            **{f.name: pc.struct_field(place, f.name) for f in place.type},
            "incident_id": ids,
            "incident_key": items["key"],
            "parent_incident_id": self._ref("incidents", "parent", "incidents"),
        }

    def _statements(self) -> Columns:
        items, name = self.items["statements"], "statements"
        ids = self._item_ids[name] = statement_ids(items, self._own)
        verbatim = self._profile != "no_verbatim"
        days = self._days.take(items.article)
        reject_unsaid(items, self._open[name], days, self.rejected, verbatim=verbatim)
        reject_odd_space(items["quote_text"], items.article, self.rejected)
        members = ("speaker", "on_behalf_of", "addressee", "target")
        return {
            "statement_id": ids,
            "article_id": self._ids.take(items.article),
            **{f"{m}_actor_id": self._ref(name, m, "actors") for m in members},
            "parent_statement_id": self._ref(name, "parent", "statements"),
            "incident_id": self._ref(name, "incident", "incidents"),
        }

    def _participants(self) -> Columns:
        items, name = self.items["participants"], "participants"
        columns = {
            "incident_id": self._item_ids["incidents"].take(items.parent),
            "actor_id": self._ref(name, "actor", "actors"),
            "attribution_basis": pc.fill_null(items["attribution_basis"], "reported_as_fact"),
            "attributed_by_actor_id": self._ref(name, "attributed_by", "actors"),
            "statement_id": self._ref(name, "statement", "statements"),
        }
        ids = self._item_ids[name] = participant_ids(items, columns)
        return {**columns, "participant_id": ids}

    def _casualties(self) -> Columns:
        items, name = self.items["casualties"], "casualties"
        reject_odd_space(items["count_text"], items.article, self.rejected)
        days = self._days.take(items.article)
        columns = {
            **settled(items, self._open[name], days, self.rejected),
            "article_id": self._ids.take(items.article),
            "incident_id": self._item_ids["incidents"].take(items.parent),
            "claimant_actor_id": self._ref(name, "claimant", "actors"),
            "victim_actor_id": self._ref(name, "victim_actor", "actors"),
            "statement_id": self._ref(name, "statement", "statements"),
        }
        ids = self._item_ids[name] = casualty_ids(items, columns)
        return {
            **columns,
            "casualty_id": ids,
            "supersedes_casualty_id": self._ref(name, "supersedes", name),
            "subset_of_casualty_id": self._ref(name, "subset_of", name),
        }

    def _spans(self) -> pa.Table:
        """All evidence, proved against the texts."""
        subjects = [
            Subject(
                self._tables[name].primary_key,
                items,
                self._item_ids[name],
                _named(self._who[name]),
                frozenset(self._tables[name].names),
            )
            for name, items in self.items.items()
        ]
        self._proved = proved(gather(subjects, self.rejected), self._texts, self.rejected)
        return self._proved

    def evidence(self, schema: pa.Schema) -> pa.Table:
        """The raw evidence table; after `columns`."""
        spans = numbered(self._proved, self.rejected)
        return evidence_table(spans, self._ids, schema, exact=self._profile == "full")

    def kept(self, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """The tables without the rows of rejected articles."""
        if not self.rejected.articles:
            return dict(tables)
        left_out = self._ids.take(pa.array(sorted(self.rejected.articles), pa.int32()))
        return {
            name: table.filter(
                pc.invert(
                    pc.is_in(table["article_id" if name == "evidence" else "_article"], left_out)
                )
            )
            for name, table in tables.items()
        }


def _named(who: Columns) -> Columns:
    """The annotators with the defaults that evidence is published with."""
    defaults = {"method": "manual", "annotator_id": "unnamed"}
    return who | {name: pc.fill_null(who[name], value) for name, value in defaults.items()}


def annotators(annotations: pa.StructArray) -> Columns:
    """Method, annotator and confidence of annotations, null where not given."""
    names = {"method": "method", "annotator_id": "annotator", "confidence": "confidence"}
    return {name: pc.struct_field(annotations, member) for name, member in names.items()}
