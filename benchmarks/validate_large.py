"""Time and memory of `dateline validate` on a table larger than memory should hold.

Run `python benchmarks/validate_large.py --rows 10000000`. The rows of `validate.py` are repeated
with keys of their own until there are enough; a primary and a foreign key are checked. Prints one
JSON line; the memory is the peak of the whole process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
from validate import FIELDS, columns, write

_PART = 100_000


def lengthened(folder: Path, rows: int) -> None:
    """Writes `rows` rows to the large table, in parts of which each repeats the cells."""
    made = columns(_PART, 0)
    write(folder, made)
    part = pa.table({field["name"]: made[field["name"]] for field in FIELDS})
    with (folder / "events.csv").open("wb") as file:
        for start in range(0, rows, _PART):
            ids = [str(number + 1) for number in range(start, start + _PART)]
            codes = [
                f"A{chr(65 + number // 10**7)}-{number % 10**7:07d}"
                for number in range(start, start + _PART)
            ]
            one = part.set_column(0, "id", pa.array(ids)).set_column(1, "code", pa.array(codes))
            options = pacsv.WriteOptions(
                include_header=not start, quoting_style="needed", quoting_header="none"
            )
            pacsv.write_csv(one, file, options)


def main() -> None:
    """Make the file, validate it in a process of its own, print time and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lengthened(folder, given.rows)
        size = (folder / "events.csv").stat().st_size
        begin = time.perf_counter()
        command = [sys.executable, "-Im", "dateline", "validate", str(folder / "csv.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    result = {
        "rows": given.rows,
        "bytes": size,
        "seconds": round(seconds, 1),
        "peak_mib": round(peak),
        "exit": done.returncode,
    }
    print(json.dumps(result))
    sys.exit(done.stderr if done.returncode else 0)


if __name__ == "__main__":
    main()
