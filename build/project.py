"""Projects: a folder's `datapackage.json` with the dataset's metadata and the tool's settings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline.build.issues import EnvironmentFailure, Issue, Place
from dateline.schema import read_json

Json = dict[str, Any]

FILE = "datapackage.json"
KEY = "dateline"


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


@dataclass(frozen=True)
class Project:
    """A dataset to build: its metadata in the standard's words, its inputs and settings.

    `articles` are paths or globs; `registry` is a folder or null; `named` is false where the
    metadata are a stand-in for a project's.
    """

    root: Path
    metadata: Json
    articles: tuple[str, ...]
    registry: Path | None
    settings: Settings
    named: bool = True

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


def stand_in(articles: tuple[str, ...]) -> Project:
    """The project of articles that have none: version 0.1.0 of a dataset called `dataset`."""
    metadata = {"name": "dataset", "version": "0.1.0"}
    return Project(Path(), metadata, articles, None, Settings(), named=False)


def load_project(root: Path) -> tuple[Project | None, list[Issue]]:
    """The project of a folder, null where issues say what is wrong with its settings."""
    path = root / FILE
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise EnvironmentFailure(f"{path}: {(error.strerror or 'unreadable').lower()}") from None
    except ValueError as error:
        message = f"expected JSON, got something else: {error}"
        return None, [Issue("project-invalid", message, (Place(str(path)),))]
    issues = list(_problems(content, str(path)))
    return (None, issues) if issues else (_project(root, content), [])


def _problems(content: Any, file: str) -> list[Issue]:
    # Here: jsonschema takes a while to import, and commands that build nothing need none of it.
    import jsonschema

    if not isinstance(content, dict) or not isinstance(content.get(KEY), dict):
        message = f'expected an object with the key "{KEY}", got none; `dateline init` writes one'
        return [Issue("project-invalid", message, (Place(file),))]
    issues = [
        Issue(
            "project-invalid",
            f"/{name}: expected a string, as the name of a package has one; got none",
            (Place(file, pointer=f"/{name}"),),
        )
        for name in ("name", "version")
        if not isinstance(content.get(name), str)
    ]
    validator = jsonschema.Draft202012Validator(read_json("project.schema.json"))
    for error in validator.iter_errors(content[KEY]):
        pointer = "".join(f"/{part}" for part in (KEY, *error.absolute_path))
        message = f"{pointer}: expected a setting as `dateline init` writes it, got {error.message}"
        issues.append(Issue("project-invalid", message, (Place(file, pointer=pointer),)))
    return issues


def _project(root: Path, content: Json) -> Project:
    settings = content[KEY]
    globs = settings.get("articles", "articles/**/*.json*")
    patterns = [globs] if isinstance(globs, str) else globs
    codebook, registry = settings.get("codebook"), settings.get("registry", "registry")
    folder = root / registry if registry else None
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
        ),
    )
