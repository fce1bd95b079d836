"""Imports go one way: schema, then the build steps in their order, then the command line."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dateline.build import STEPS

ROOT = Path(__file__).parents[1]
FRONT = ROOT / "src" / "dateline"


def module_name(path: Path) -> str:
    """Import name of a source file: `dateline.build.check` for build/check/__init__.py."""
    base = FRONT if path.is_relative_to(FRONT) else ROOT
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(("dateline", *parts)).removesuffix(".__init__")


# Named one by one: rglob differs between Python versions in following the links in FRONT.
SOURCES = [*FRONT.glob("*.py"), *(ROOT / "build").rglob("*.py"), *(ROOT / "schema").rglob("*.py")]
MODULES = {module_name(path): path for path in sorted(SOURCES)}


def named(node: ast.AST) -> Iterator[str]:
    """Modules that one import statement names; nothing for any other node."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module is not None:
        for alias in node.names:
            submodule = f"{node.module}.{alias.name}"
            yield submodule if submodule in MODULES else node.module


def imports(module: str) -> set[str]:
    """Modules of this package that a module imports, at its top or inside a function."""
    tree = ast.parse(MODULES[module].read_bytes())
    return {name for node in ast.walk(tree) for name in named(node) if name in MODULES}


def part(module: str, index: int) -> str:
    """One part of a dotted name, counted from 0; empty beyond its last."""
    return dict(enumerate(module.split("."))).get(index, "")


def step(module: str) -> str:
    """Build step that a module belongs to; empty outside of the steps."""
    return part(module, 2) if part(module, 1) == "build" else ""


@pytest.mark.parametrize("name", STEPS)
def test_a_step_imports_only_itself_and_earlier_steps(name: str) -> None:
    allowed = {"", *STEPS[: STEPS.index(name) + 1]}
    modules = [module for module in MODULES if step(module) == name]
    later = [(m, used) for m in modules for used in sorted(imports(m)) if step(used) not in allowed]
    assert later == []


def test_every_step_is_listed_once() -> None:
    folder = ROOT / "build"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert sorted(STEPS) == sorted(files | packages)


@pytest.mark.parametrize(
    ("layer", "allowed"),
    [("schema", {"", "schema"}), ("build", {"", "schema", "build"})],
)
def test_a_layer_imports_nothing_of_the_layers_above(layer: str, allowed: set[str]) -> None:
    modules = [module for module in MODULES if part(module, 1) == layer]
    above = [
        (m, used) for m in modules for used in sorted(imports(m)) if part(used, 1) not in allowed
    ]
    assert above == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({module: imports(module) for module in MODULES}).prepare()
