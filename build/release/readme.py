"""The README of a dataset: what it is, how to cite, load and check it, and its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dateline.build.describe import markdown
from dateline.build.release.changelog import FILE as CHANGELOG
from dateline.build.release.citation import FILE as CITATION
from dateline.build.release.citation import citation, citation_file, title_of
from dateline.build.signing import NAMESPACE, SIGNATURE, Kind
from dateline.build.sums import SUMS
from dateline.schema import Table

Json = dict[str, Any]

FILE = "README.md"
_FILES = """\
Each table is `data/<table>.parquet` and `data/<table>.csv`, with the same rows. `vocab/` has the
values of coded columns with their definitions, `rules/` the rules that the rows keep, as SQL.
`datapackage.json` describes every file. Null means: not stated, or none; it is not 0. An id names
the same row in every version: `changes` tells what has become of those that are gone.
"""
_LOAD = """\
## Load it

Parquet carries the types. In CSV an empty cell is null, and a list is JSON text.

```python
import pandas as pd

# Without dtype_backend, pandas makes floats of integers with nulls.
incidents = pd.read_parquet("data/incidents.parquet", dtype_backend="numpy_nullable")
```

```python
import polars as pl

incidents = pl.read_parquet("data/incidents.parquet")
```

```python
import duckdb

incidents = duckdb.sql("FROM 'data/incidents.parquet'")
```

```r
incidents <- arrow::read_parquet("data/incidents.parquet")
```

Any Data Package tool reads the CSV files, by `datapackage.json`.
"""
_DIFFERENCES = """\
## Known differences

* pandas reads dates of Parquet as objects, and `NA`, `None` and the like in CSV as null unless
  `keep_default_na=False` is given.
* DuckDB needs `pytz` to give instants to Python one by one.
* Lists are arrays in pandas, lists in Polars, DuckDB and R.
"""


def readme(
    metadata: Json, day: str, rows: Mapping[str, int], tables: Sequence[Table], kind: Kind | None
) -> str:
    """The README of a release with these metadata, of that day, with so many rows by table.

    `tables` are those of the data dictionary, in their order; `kind` is whose signature it has,
    null for none.
    """
    parts = [
        "\n".join(_head(metadata, day)),
        "\n".join(_cite(metadata, day)),
        "\n".join(_licence(metadata)),
        "\n".join(_files(rows, tables)),
        _LOAD,
        "\n".join(_check(metadata, kind)),
        _DIFFERENCES,
        "\n".join(_dictionary(tables)),
    ]
    return "\n".join(parts)


def _head(metadata: Json, day: str) -> Iterator[str]:
    yield f"# {title_of(metadata)}"
    yield ""
    if metadata.get("description"):
        yield from (str(metadata["description"]), "")
    yield f"Version {metadata['version']} of {day}. [{CHANGELOG}]({CHANGELOG}) says what changed."
    if metadata.get("homepage"):
        yield f"Home page: <{metadata['homepage']}>"
    yield ""


def _cite(metadata: Json, day: str) -> Iterator[str]:
    yield from ("## How to cite", "", citation(metadata, day), "")
    programs = f" [{CITATION}]({CITATION}) is for programs." if citation_file(metadata, day) else ""
    yield f"Say which version you have used.{programs}"
    yield ""


def _licence(metadata: Json) -> Iterator[str]:
    yield from ("## Licence", "")
    licences = metadata.get("licenses") or ()
    for each in licences:
        words = str(each.get("title") or each.get("name") or each["path"])
        yield f"[{words}]({each['path']})" if "path" in each else words
    if not licences:
        yield "None is given: ask who published the data before you use them."
    yield ""


def _files(rows: Mapping[str, int], tables: Sequence[Table]) -> Iterator[str]:
    yield from ("## What is in it", "")
    yield from ("| table | rows | holds |", "|---|---|---|")
    for table in tables:
        first = table.description.partition(". ")[0].removesuffix(".")
        first = first.partition(":")[0]
        yield f"| `{table.name}` | {rows.get(table.name, 0):,} | {first} |"
    yield ""
    yield _FILES


def _check(metadata: Json, kind: Kind | None) -> Iterator[str]:
    yield from ("## Check it", "", "```sh", f"sha256sum --check --quiet {SUMS}")
    if kind == "ssh":
        signature = SIGNATURE[kind]
        yield f"ssh-keygen -Y verify -f ALLOWED_SIGNERS -I SIGNER -n {NAMESPACE} \\"
        yield f"  -s {signature} < {SUMS}"
    if kind == "minisign":
        yield f"minisign -V -p PUBLIC_KEY -m {SUMS} -x {SIGNATURE[kind]}"
    yield "dateline validate ." + (" --allowed-signers FILE" if kind else "")
    yield from ("```", "")
    if kind:
        signer = "allowed signers" if kind == "ssh" else "public key"
        yield f"Get the {signer} from the publisher, not from where you have the files from."
        yield ""


def _dictionary(tables: Sequence[Table]) -> Iterator[str]:
    yield from ("## Data dictionary", "")
    yield "A type that is a vocabulary has its values in `vocab/<type>.csv`."
    yield ""
    for table in tables:
        yield from (f"#{markdown(table)}", "")
