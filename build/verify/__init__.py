"""A package judged from its files alone: by the build before it appears, by anybody after that.

`verify` says whether the files are those that the descriptor names, whether each table's CSV and
Parquet hold the same rows, and whether the rows keep what the Table Schemas promise.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dateline.build.issues import Report
from dateline.build.verify.files import file_issues
from dateline.build.verify.keys import key_issues
from dateline.build.verify.opened import opened
from dateline.build.verify.rows import has_columns, table_issues
from dateline.build.verify.ruled import rule_issues

__all__ = ["verify"]


def verify(package: Path, *, rules: bool = True) -> Report:
    """The report on a package that this tool built: a folder, or the descriptor in one.

    The rules over tables are asked where the files are whole and `rules` is true.

    Counts are the rows by table. Places are relative to the package; where a row is wrong, they
    are its line and record number in the CSV. Raises EnvironmentFailure where nothing is there.
    """
    content, issues = opened(package)
    if content is None:
        return Report.of(issues)
    readable, damaged, found = file_issues(content)
    issues += found
    pairs = [p for p in content.pairs if {p.csv.path, p.parquet.path} <= readable]
    sound = [pair for pair in pairs if has_columns(content.folder, pair)]
    counts: dict[str, int] = {}
    with ThreadPoolExecutor(1) as beside:
        keys = beside.submit(key_issues, content.folder, sound)
        for pair in pairs:
            checked = table_issues(content.folder, pair, damaged)
            issues += checked.issues
            counts[pair.table.name] = checked.rows
        issues += keys.result()
    if rules and not issues and len(sound) == len(content.pairs):
        issues += rule_issues(content)
    return Report.of(issues, counts)
