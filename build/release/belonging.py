"""Rows that belong to others: with these they go, and are private."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.schema import Codebook

# What rows belong to, the nearest first: where it is gone, so are they.
BELONGS = {
    "participants": ("incident_id", "actor_id", "attributed_by_actor_id", "statement_id"),
    "casualties": (
        "incident_id",
        "article_id",
        "statement_id",
        "claimant_actor_id",
        "victim_actor_id",
    ),
    "evidence": (
        "incident_id",
        "actor_id",
        "statement_id",
        "participant_id",
        "casualty_id",
        "article_id",
    ),
}


def inherited(codebook: Codebook, table: str, parents: Sequence[str]) -> str:
    """The SQL that explains rows by what they belong to: privacy first, then the nearest."""
    key = codebook.tables[table].primary_key
    ranks = ", ".join(map(str, range(len(parents))))
    return f"""
    INSERT INTO explained
    SELECT '{table}', g.row_id, coalesce(f.change, 'withdrawn'), f.merged_into_id,
           coalesce(f.reason, i.reason, getvariable('reason'), 'correction')
    FROM (FROM gone WHERE "table" = '{table}') AS g
    LEFT JOIN (FROM given WHERE change <> 'updated') AS f USING (row_id)
    LEFT JOIN (
      SELECT o.row_id, arg_min(e.reason, if(e.reason = 'privacy', -1, o.rank)) AS reason
      FROM (
        SELECT {key} AS row_id, unnest([{", ".join(parents)}]) AS parent, unnest([{ranks}]) AS rank
        FROM old_{table} SEMI JOIN gone ON row_id = {key}
      ) AS o JOIN explained AS e ON e.row_id = o.parent
      GROUP BY o.row_id
    ) AS i USING (row_id);
    """


def private(codebook: Codebook, table: str, parents: Sequence[str]) -> str:
    """The SQL that makes rows private that belong to private ones, in either release."""
    key = codebook.tables[table].primary_key
    rows = " UNION ALL ".join(
        f"SELECT {key} AS row_id, unnest([{', '.join(parents)}]) AS parent FROM {age}_{table}"
        for age in ("old", "new")
    )
    return f"""
    INSERT INTO private
    SELECT DISTINCT o.row_id FROM ({rows}) AS o JOIN private AS p ON p.row_id = o.parent
    WHERE o.row_id NOT IN (FROM private)
    """
