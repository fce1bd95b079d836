"""Time and memory of `dateline validate` on a table larger than memory should hold.

    python benchmarks/validate_large.py --rows 10000000

The rows of `cells.py` are repeated with keys of their own until there are enough; a primary and a
foreign key are checked.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
from cells import FIELDS, columns, write
from measured import conclude, memory_measure, parser, python, row

PART = 100_000


def lengthened(folder: Path, rows: int) -> int:
    """Size in bytes of the large table, written in parts of which each repeats the cells."""
    made = columns(PART, 0)
    write(folder, made)
    part = pa.table({field["name"]: made[field["name"]] for field in FIELDS})
    with (folder / "events.csv").open("wb") as file:
        for start in range(0, rows, PART):
            numbers = range(start, min(start + PART, rows))
            ids = pa.array([str(number + 1) for number in numbers])
            codes = [f"A{chr(65 + n // 10**7)}-{n % 10**7:07d}" for n in numbers]
            one = part.slice(0, len(numbers)).set_column(0, "id", ids)
            one = one.set_column(1, "code", pa.array(codes))
            options = pacsv.WriteOptions(
                include_header=not start, quoting_style="needed", quoting_header="none"
            )
            pacsv.write_csv(one, file, options)
    return (folder / "events.csv").stat().st_size


def main() -> None:
    options = parser(__doc__, runs=1)
    options.add_argument("--rows", type=int, default=10_000_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as name:
        size = lengthened(Path(name), given.rows)
        command = ("-m", "dateline", "validate", Path(name) / "csv.json")
        made = [python(*command, memory=True) for _ in range(given.runs)]
    one = row("dateline validate", made, rows=given.rows, bytes=size)
    conclude(given, [one], memory=memory_measure())


if __name__ == "__main__":
    main()
