"""What daff finds of two CSV files, by the column id: rows added, removed and changed, as JSON."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import daff


def table(path: str) -> Any:
    """The cells of a file as daff takes them."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return daff.PythonTableView(list(csv.reader(file)))


def main() -> None:
    flags = daff.CompareFlags()
    flags.addPrimaryKey("id")
    old, new = map(table, sys.argv[1:])
    found = daff.TableDiff(daff.Coopy.compareTables(old, new, flags).align(), flags)
    found.hilite(daff.PythonTableView([]))
    summary = found.getSummary()
    print(json.dumps([summary.row_inserts, summary.row_deletes, summary.row_updates]))


if __name__ == "__main__":
    main()
