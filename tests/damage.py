"""Ways to damage a package: its descriptor, its files, the form of its CSV, its rows."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tables import change_descriptor, resealed, resource

from dateline.build.write import csv_body, header
from dateline.schema import load_codebook

Damage = Callable[[Path], object]
Row = dict[str, Any]
ROOT = Path(__file__).parents[1]


def said(change: Callable[[Any], object]) -> Damage:
    """Changes the descriptor."""
    return lambda package: change_descriptor(package, change)


def of_resource(which: str, /, **values: object) -> Damage:
    """Changes properties of a resource; null takes one away."""

    def change(content: Any) -> None:
        for key, value in values.items():
            key = key.replace("dateline_", "dateline:")
            if value is None:
                del resource(content, which)[key]
            else:
                resource(content, which)[key] = value

    return said(change)


def of_schema(table: str, change: Callable[[Any], object]) -> Damage:
    """Changes the schema of both resources of a table."""

    def both(content: Any) -> None:
        for name in (table, f"{table}-parquet"):
            change(resource(content, name)["schema"])

    return said(both)


def of_field(table: str, which: str, /, **values: object) -> Damage:
    """Changes properties of a field in both schemas of a table."""

    def change(schema: Any) -> None:
        next(f for f in schema["fields"] if f["name"] == which).update(values)

    return of_schema(table, change)


def constrained(table: str, which: str, /, **values: object) -> Damage:
    """Adds constraints to a field in both schemas of a table."""

    def change(schema: Any) -> None:
        found = next(f for f in schema["fields"] if f["name"] == which)
        found["constraints"] = {**found.get("constraints", {}), **values}

    return of_schema(table, change)


def of_bytes(path: str, change: Callable[[bytes], bytes], seal: str = "") -> Damage:
    """Changes the bytes of a file, and with `seal` the digest of the resource of that name."""

    def damage(package: Path) -> None:
        file = package / path
        before = file.read_bytes()
        after = change(before)
        assert after != before
        file.write_bytes(after)
        if seal:
            resealed(package, seal)

    return damage


def of_csv(table: str, change: Callable[[bytes], bytes]) -> Damage:
    """Changes the bytes of a table's CSV; its digest is then that of the new ones."""
    return of_bytes(f"data/{table}.csv", change, table)


def flipped(path: str, at: float) -> Damage:
    """Flips one bit at a part of the way through a file; its digest stays as it was."""

    def change(content: bytes) -> bytes:
        spot = int(len(content) * at)
        return content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :]

    return of_bytes(path, change)


def cell(table: str, column: str, text: bytes, *, row: int = 0) -> Damage:
    """Writes other text into one cell of a table's CSV, which holds no line break before it."""

    def change(content: bytes) -> bytes:
        lines = content.split(b"\r\n")
        cells = _cells(lines[row + 1])
        cells[load_codebook(ROOT / "examples/codebook").tables[table].names.index(column)] = text
        lines[row + 1] = b",".join(cells)
        return b"\r\n".join(lines)

    return of_csv(table, change)


def _cells(line: bytes) -> list[bytes]:
    """The cells of a record as written, quotes included."""
    cells, quoted = [b""], False
    for byte in line:
        quoted ^= byte == ord('"')
        if byte == ord(",") and not quoted:
            cells.append(b"")
        else:
            cells[-1] += bytes([byte])
    return cells


def of_rows(table: str, change: Callable[[list[Row]], object]) -> Damage:
    """Changes the rows of a table in CSV and Parquet alike, as a careful forger would."""

    def damage(package: Path) -> None:
        path = package / f"data/{table}.parquet"
        before = pq.read_table(path)
        rows = before.to_pylist()
        change(rows)
        columns = [pa.array([row[f.name] for row in rows], f.type) for f in before.schema]
        write(package, table, pa.Table.from_arrays(columns, schema=before.schema))

    return damage


def write(package: Path, table: str, rows: pa.Table) -> None:
    """Writes a table's two files and says in the descriptor what they hold."""
    definition = load_codebook(ROOT / "examples/codebook").tables[table]
    text = header(definition) + bytes(csv_body(rows))
    (package / f"data/{table}.csv").write_bytes(text)
    pq.write_table(rows, package / f"data/{table}.parquet")
    content = "sha256:" + hashlib.sha256(text).hexdigest()

    def change(descriptor: Any) -> None:
        for name in (table, f"{table}-parquet"):
            resource(descriptor, name)["dateline:rows"] = rows.num_rows
            resource(descriptor, name)["dateline:content"] = content

    change_descriptor(package, change)
    resealed(package, table, f"{table}-parquet")


def row(table: str, at: int, **values: object) -> Damage:
    """Changes one row of a table in CSV and Parquet alike."""
    return of_rows(table, lambda rows: rows[at].update(values))


def linked(path: str, target: str) -> Damage:
    """Puts a link in the place of a file."""

    def damage(package: Path) -> None:
        (package / path).unlink()
        (package / path).symlink_to(target)

    return damage


def moved_out(path: str) -> Damage:
    """Moves a file out of the package and links to it."""

    def damage(package: Path) -> None:
        outside = package.parent / "outside"
        shutil.move(package / path, outside)
        (package / path).symlink_to(outside)

    return damage
