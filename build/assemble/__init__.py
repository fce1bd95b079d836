"""Articles to raw tables: what each article says, as rows with ids, before any are merged."""

from __future__ import annotations

import pyarrow as pa

from dateline.build.assemble.columns import Rows, declared, own_columns, raw_schemas
from dateline.build.assemble.evidence import EvidenceRows
from dateline.build.assemble.rows import MAKERS, Ids, Row, article_row, casualty_id
from dateline.build.check import Article, Item
from dateline.schema import Codebook

_SUBJECTS = {
    "actors": "actor_id",
    "incidents": "incident_id",
    "participants": "participant_id",
    "casualties": "casualty_id",
    "statements": "statement_id",
}
# The columns of printed words, which the profile `no_verbatim` leaves out.
VERBATIM = {
    "articles": ("headline",),
    "statements": ("speaker_label", "quote_text", "cue_text"),
    "casualties": ("count_text",),
}


class Assembly:
    """The raw tables of a batch, filled article by article, so that no article has to be kept."""

    def __init__(self, codebook: Codebook, profile: str) -> None:
        """`profile` (quotes, no_verbatim, full) decides which printed words are published."""
        schemas = raw_schemas(codebook)
        self._evidence = EvidenceRows(schemas.pop("evidence"), exact=profile == "full")
        self._rows = {name: Rows(schema) for name, schema in schemas.items()}
        hidden = VERBATIM if profile == "no_verbatim" else {}
        self._hidden = {name: dict.fromkeys(hidden.get(name, ())) for name in schemas}
        self._own = {name: own_columns(codebook.tables[name]) for name in schemas}

    def add(self, article: Article) -> None:
        """Adds the rows of one article and of its items."""
        ids = Ids(article)
        own = declared(article.data, self._own["articles"])
        self.add_source(article_row(article), own)
        _name_claims(article, ids)
        for item in article.items:
            self._add_item(item, article, ids)

    def add_source(self, *parts: Row) -> None:
        """Adds the row of an article alone, whose items are in tables of their own."""
        self._rows["articles"].add(*parts, self._hidden["articles"])

    def _add_item(self, item: Item, article: Article, ids: Ids) -> None:
        made = MAKERS[item.table](item, article, ids)
        made["_article"] = ids.article
        made["_pointer"] = item.pointer
        made["_open"] = item.is_open
        own = declared(item.data, self._own[item.table])
        self._rows[item.table].add(item.data, made, own, self._hidden[item.table])
        if item.spans:
            subject = _SUBJECTS[item.table]
            self._evidence.add(item, subject, made[subject], ids.article)

    def tables(self) -> dict[str, pa.Table]:
        """The raw tables by name, rows in the order in which they were added."""
        tables = {name: rows.table() for name, rows in self._rows.items()}
        return {**tables, "evidence": self._evidence.table()}


def _name_claims(article: Article, ids: Ids) -> None:
    """The ids of the claims that others may refer to, which may stand after those."""
    for item in article.items:
        if item.table == "casualties" and item.data.get("id") is not None:
            ids.claims[item.data["id"]] = casualty_id(item, article, ids)
