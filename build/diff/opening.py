"""Packages opened to be compared: whatever names them, and which resource holds which table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from dateline.build.issues import InvalidInput
from dateline.build.package import PARQUET_SUFFIX
from dateline.build.read import Limits
from dateline.build.standard.model import Json, Package, Resource
from dateline.build.standard.opened import opened
from dateline.build.standard.unpacked import unpacked
from dateline.build.targets.fetch import fetched, is_published
from dateline.build.verify.pairs import is_own
from dateline.schema import LEDGER


@dataclass(frozen=True)
class Side:
    """A package to compare: how it was named, and what its descriptor says.

    `resources` are all that are compared, by name; `tables` those that hold rows, by table: of a
    package of this tool the Parquet, of any other each. `twins` are the Parquet files whose table
    has another resource too. `ledger` is that of a release, null where it has none.
    """

    path: str
    package: Package
    own: bool
    resources: dict[str, Resource]
    tables: dict[str, Resource]
    twins: frozenset[str]
    ledger: Resource | None

    @property
    def descriptor(self) -> Json:
        """The descriptor's values."""
        return self.package.descriptor

    def said(self, name: str) -> str | None:
        """A property of the package that is text, null where it has none."""
        value = self.descriptor.get(name)
        return value if isinstance(value, str) else None


@contextmanager
def both(old: str, new: str, *, allow_remote: bool) -> Iterator[tuple[Side, Side, Path]]:
    """The two packages, and a folder for what memory does not hold, which is removed at the end.

    A place where versions are published is that of its newest. InvalidInput where one breaks the
    standard; UsageError and EnvironmentFailure as `opened`, RemoteFailure as `fetched`.
    """
    with TemporaryDirectory(prefix="dateline-diff-") as name:
        spill = Path(name)
        before, after = (_package(path, spill, allow_remote) for path in (old, new))
        # Of two packages of this tool each Parquet is a table's twin, of others a table.
        own = is_own(before.descriptor) and is_own(after.descriptor)
        yield _side(old, before, own, spill), _side(new, after, own, spill), spill


def _package(path: str, spill: Path, allow_remote: bool) -> Package:
    folders = [spill / f"{name}-{len(list(spill.iterdir()))}" for name in ("fetched", "opened")]
    for folder in folders:
        folder.mkdir()
    local = str(fetched(path, folders[0])) if is_published(path) else path
    package, issues = opened(local, allow_remote=allow_remote, limits=Limits(), spill=folders[1])
    errors = [issue for issue in issues if issue.severity == "error"]
    if package is None or errors:
        where = errors[0].places[0] if errors and errors[0].places else path
        words = errors[0].message if errors else "expected a data package, got none"
        raise InvalidInput(f"{path}: {where}: {words}; `dateline validate` says more")
    return package


def _side(path: str, package: Package, own: bool, spill: Path) -> Side:
    found = {name: _plain(path, each, spill) for name, each in package.by_name.items()}
    if not own:
        tables = {name: each for name, each in found.items() if each.kind != "file"}
        return Side(path, package, own, found, tables, frozenset(), None)
    ledger = found.get(LEDGER + PARQUET_SUFFIX)
    kept = {n: each for n, each in found.items() if n not in (LEDGER, LEDGER + PARQUET_SUFFIX)}
    twins = frozenset(n for n in kept if n.removesuffix(PARQUET_SUFFIX) in kept.keys() - {n})
    tables = {
        name: kept.get(name + PARQUET_SUFFIX, each)
        for name, each in kept.items()
        if name not in twins and each.kind != "file"
    }
    return Side(path, package, own, kept, tables, twins, ledger)


def _plain(path: str, resource: Resource, spill: Path) -> Resource:
    """The resource with its tables unpacked; InvalidInput where a file is missing or damaged."""
    for file in resource.files:
        if not file.local.is_file():
            raise InvalidInput(
                f"{path}: {file.path}: expected a file, got nothing there; "
                f"`dateline validate {path}` says more"
            )
    if resource.kind == "file" or not resource.compression:
        return resource
    files, issues = unpacked(resource, Path(mkdtemp(dir=spill)), Limits())
    for issue in issues:
        words = f"{path}: {resource.name}: {issue.message}"
        raise InvalidInput(f"{words}; `dateline validate {path}` says more")
    return replace(resource, files=files)
