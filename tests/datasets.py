"""Projects of a few articles that are quick to release, and what releases of them say and hold."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from click.testing import CliRunner, Result

from dateline.cli import main

Json = dict[str, Any]

BASE: Json = json.loads((Path(__file__).parent / "bad" / "base.json").read_bytes())
NAME = "hill-towns"
# Towns, so that no two of them tell of one incident.
TOWNS = ("Orra", "Ambry", "Tarvel")


def article(number: int = 0, change: Callable[[Json], object] | None = None) -> Json:
    """An article on its own town, with a change made to it."""
    town = TOWNS[number]
    text = json.dumps(BASE).replace("Army of Sade", f"Army of {town}").replace("Orra", town)
    found: Json = json.loads(text.replace("orra", town.lower()))
    found["incidents"][0]["location"]["latitude"] += number / 10
    found["incidents"][0]["location"]["longitude"] += number / 10
    if change is not None:
        change(found)
    return found


class Dataset:
    """A project in a folder: articles by name, and the version."""

    def __init__(self, folder: Path, **metadata: Any) -> None:
        """A project of version 1.0.0 with the article of the first town."""
        self.folder = folder
        (folder / "articles").mkdir(parents=True)
        self.metadata: Json = {
            "name": NAME,
            "version": "1.0.0",
            "title": "Hill towns",
            "created": "2024-06-30T12:00:00Z",
            "licenses": [{"name": "CC-BY-4.0"}],
            "contributors": [{"title": "A. Coder", "roles": ["creator"]}],
            "dateline": {},
            **metadata,
        }
        self.set()
        self.put(article())

    def set(self, version: str | None = None, **settings: Any) -> None:
        """Writes the project's file with another version, with settings of the tool."""
        self.metadata["version"] = version or self.metadata["version"]
        self.metadata["dateline"].update(settings)
        path = self.folder / "datapackage.json"
        path.write_text(json.dumps(self.metadata), "utf-8")

    def put(self, content: Json) -> None:
        """Writes an article, in the place of an earlier one of its id."""
        path = self.folder / "articles" / f"{content['id']}.json"
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    def drop(self, number: int) -> None:
        """Takes the article of a town out."""
        (self.folder / "articles" / f"{article(number)['id']}.json").unlink()

    def explain(self, *lines: str) -> None:
        """Writes the file of reasons."""
        text = "\n".join(["row_id,change,merged_into_id,reason", *lines]) + "\n"
        (self.folder / "changes.csv").write_text(text, "utf-8")

    def copied(self, folder: Path) -> "Dataset":
        """The same in another folder, with its releases."""
        copy = Dataset(folder)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        copy.metadata = json.loads((folder / "datapackage.json").read_bytes())
        return copy

    def release(self, *options: str | Path) -> Result:
        """What `dateline release` does."""
        return Dataset.command(self.folder, *options)

    @staticmethod
    def command(project: Path, *options: str | Path) -> Result:
        """What it does with a path."""
        command = ["release", str(project), "--jobs", "1", *map(str, options)]
        return CliRunner().invoke(main, command)

    def released(self, version: str, *options: str | Path) -> Path:
        """The folder of a version that is released now."""
        self.set(version)
        result = self.release(*options)
        assert result.exit_code == 0, result.output
        return self.folder / "releases" / f"{NAME}-{version}"

    def refused(self, version: str, *options: str | Path) -> list[Json]:
        """The reasons for which a version is refused; nothing is written then."""
        self.set(version)
        before = tree(self.folder)
        result = self.release("--json", *options)
        assert result.exit_code == 4, result.output
        assert tree(self.folder) == before
        reasons: list[Json] = json.loads(result.stdout)["refused"]
        return reasons


def tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder, what is kept between builds left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".dateline" not in path.parts
    }


def ledger(release: Path) -> list[Json]:
    """The rows of a release's ledger."""
    rows: list[Json] = pq.read_table(release / "data" / "changes.parquet").to_pylist()
    with (release / "data" / "changes.csv").open(encoding="utf-8", newline="") as file:
        assert [row["change_id"] for row in csv.DictReader(file)] == [r["change_id"] for r in rows]
    return rows


def ids(release: Path, table: str) -> dict[str, str]:
    """The ids of a table's rows by the name, key or title that people know them by."""
    known = {"actors": "name", "incidents": "title", "articles": "article_key"}
    rows = pq.read_table(release / "data" / f"{table}.parquet").to_pylist()
    key = {"articles": "article_id", "incidents": "incident_id", "actors": "actor_id"}[table]
    return {row[known[table]]: row[key] for row in rows}


def validate(path: Path, *options: str | Path) -> Result:
    """What `dateline validate --strict` says of a release."""
    return CliRunner().invoke(main, ["validate", str(path), "--strict", *map(str, options)])
