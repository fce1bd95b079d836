"""Projects: a folder's `datapackage.json` with the dataset's metadata and the tool's settings."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dateline.build.check.structure import StructureCheck
from dateline.build.issues import EnvironmentFailure, Issue, Place, shown
from dateline.build.locate import locate
from dateline.build.read import Record, label
from dateline.build.waivers import Waiver
from dateline.schema import load_codebook, read_json
from dateline.schema.profiles import violations

Json = dict[str, Any]

FILE = "datapackage.json"
KEY = "dateline"
# Where the reasons stand for which rows are gone, unless the settings say otherwise.
CHANGES = "changes.csv"


@dataclass(frozen=True)
class Settings:
    """What a build works with beside the articles.

    `codebook` is a folder or null; `limits` are those of data, by name, as far as they are set.
    """

    profile: str = "quotes"
    estimate_rule: str = "range_only"
    codebook: Path | None = None
    limits: dict[str, int] = field(default_factory=dict)
    require_classified: bool = False
    allow_model_rows: bool = False
    compat: str = "exact"
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class Project:
    """A dataset to build: its metadata in the standard's words, its inputs and settings.

    `articles` are paths or globs; `registry` is a folder or null; `named` is false where the
    metadata are a stand-in for a project's. `changes` is the file of the reasons for which rows are
    gone from a release, null for none; `releases` is the folder of the releases.
    """

    root: Path
    metadata: Json
    articles: tuple[str, ...]
    registry: Path | None
    settings: Settings
    named: bool = True
    changes: Path | None = None
    releases: Path = Path("releases")

    @property
    def release(self) -> str:
        """The dataset's name and version as a folder name."""
        return f"{self.metadata['name']}-{self.metadata['version']}"


def is_project(folder: Path) -> bool:
    """Whether a folder is a project: its `datapackage.json` holds the tool's settings."""
    try:
        return KEY in json.loads((folder / FILE).read_text("utf-8-sig"))
    except (OSError, ValueError, TypeError):
        return False


def is_broken(folder: Path) -> bool:
    """Whether a folder has a `datapackage.json` that is no JSON object."""
    try:
        return not isinstance(json.loads((folder / FILE).read_text("utf-8-sig")), dict)
    except OSError:
        return False
    except ValueError:
        return True


def stand_in(articles: tuple[str, ...]) -> Project:
    """The project of articles that have none: version 0.1.0 of a dataset called `dataset`."""
    metadata = {"name": "dataset", "version": "0.1.0"}
    return Project(Path(), metadata, articles, None, Settings(), named=False)


def load_project(root: Path) -> tuple[Project | None, list[Issue]]:
    """The project of a folder, null where issues say what is wrong with its file."""
    path = root / FILE
    try:
        data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise EnvironmentFailure(f"{path}: {(error.strerror or 'unreadable').lower()}") from None
    record = Record(label(path), 1, data, root)
    check = StructureCheck(load_codebook(), schema=_schema())
    content, found = check.parse(record)
    issues = [replace(issue, rule="project-invalid") for issue in found]
    if content is None:
        return None, issues
    issues = list(_unpublishable(content, record))
    return (None, issues) if issues else (_project(root, content, record), [])


def _schema() -> Json:
    """The JSON Schema of a project's file; the standard's own profile says the rest."""
    settings = read_json("project.schema.json")
    definitions = settings.pop("$defs")
    name = {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]*$"}
    version = {"type": "string", "pattern": "^[0-9A-Za-z][0-9A-Za-z.+-]*$"}
    return {
        "type": "object",
        "required": ["name", "version", KEY],
        "properties": {"name": name, "version": version, KEY: settings},
        "$defs": definitions,
    }


def _unpublishable(content: Json, record: Record) -> Iterator[Issue]:
    """Issues with metadata that would make the package's descriptor invalid."""
    content = {key: value for key, value in content.items() if key not in (KEY, "resources")}
    found = violations({**content, "resources": [{"name": "any", "path": "any.csv"}]})
    where = locate(record.data, [violation.pointer for violation in found])
    for violation in found:
        message = (
            f"{violation.pointer}: expected {violation.expected}, got {shown(violation.value)}"
        )
        place = Place(record.file, *where[violation.pointer], violation.pointer)
        yield Issue("descriptor-invalid", message, (place,))


def _project(root: Path, content: Json, record: Record) -> Project:
    settings = content[KEY]
    globs = settings.get("articles", "articles/**/*.json*")
    patterns = [globs] if isinstance(globs, str) else globs
    codebook, registry = settings.get("codebook"), settings.get("registry", "registry")
    folder = root / registry if registry else None
    changes = root / (settings.get("changes", CHANGES) or "")
    return Project(
        root,
        {key: value for key, value in content.items() if key not in (KEY, "resources")},
        tuple(str(root / pattern) for pattern in patterns),
        folder if folder and ("registry" in settings or folder.is_dir()) else None,
        Settings(
            settings.get("profile", "quotes"),
            settings.get("estimate_rule", "range_only"),
            root / codebook if codebook else None,
            settings.get("limits", {}),
            settings.get("require_classified", False),
            settings.get("allow_model_rows", False),
            settings.get("compat", "exact"),
            _waivers(root, settings.get("waivers", []), record),
        ),
        changes=changes if settings.get("changes") or changes.is_file() else None,
        releases=root / settings.get("releases", "releases"),
    )


def _waivers(root: Path, entries: list[Json], record: Record) -> tuple[Waiver, ...]:
    """The waivers in their order, each with the place of its rule; paths as messages show them."""
    pointers = [f"/{KEY}/waivers/{number}/rule" for number in range(len(entries))]
    where = locate(record.data, pointers)
    return tuple(
        Waiver(
            entry["rule"],
            entry["reason"],
            _labelled(root, entry["place"]) if "place" in entry else None,
            entry.get("id"),
            Place(record.file, *where[pointer], pointer),
        )
        for entry, pointer in zip(entries, pointers, strict=True)
    )


def _labelled(root: Path, place: str) -> str:
    """A place of the project's file, which starts with a path, as the places of issues are."""
    file, mark, pointer = place.partition("#")
    return label(root / file) + mark + pointer
