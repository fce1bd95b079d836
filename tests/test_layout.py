"""The distribution holds one package, complete, whichever way it is built."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
FRONT = ["src/dateline/__init__.py", "src/dateline/__main__.py", "src/dateline/py.typed"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked sdist holds no links"),
]


def sources() -> list[str]:
    """Paths that a commit of the working tree would hold, sorted, with / between their parts."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    paths = {path for path in listed.stdout.split("\0") if path}
    # A path deleted but not yet committed is listed too.
    return sorted(path for path in paths if (ROOT / path).is_symlink() or (ROOT / path).exists())


def build(tree: Path, out: Path, *options: str) -> list[str]:
    """Paths inside the one wheel that a build of the tree leaves in `out`, sorted."""
    command = [sys.executable, "-Im", "build", "--no-isolation", "--outdir", str(out), *options]
    subprocess.run([*command, str(tree)], check=True)
    (wheel,) = out.glob("*.whl")
    with ZipFile(wheel) as archive:
        return sorted(archive.namelist())


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy of the working tree, links kept as links."""
    copy = tmp_path_factory.mktemp("tree")
    for path in sources():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy / path, follow_symlinks=False)
    return copy


@pytest.fixture(scope="module")
def from_tree(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Paths inside the wheel built from the working tree."""
    return build(tree, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def from_sdist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Paths inside the wheel built from the sdist of the working tree."""
    return build(tree, tmp_path_factory.mktemp("sdist"))


def test_the_wheel_installs_only_dateline(from_tree: list[str]) -> None:
    tops = {path.partition("/")[0] for path in from_tree}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dateline"}


def test_the_wheel_holds_every_source_once(from_tree: list[str]) -> None:
    installed = [path for path in from_tree if path.startswith("dateline/")]
    front = [path.removeprefix("src/") for path in FRONT]
    parts = [path for path in sources() if path.startswith(("cli.py", "build/", "schema/"))]
    assert installed == sorted([*front, *(f"dateline/{path}" for path in parts)])


def test_the_wheel_built_from_the_sdist_holds_the_same_files(
    from_tree: list[str], from_sdist: list[str]
) -> None:
    assert from_sdist == from_tree


@pytest.mark.parametrize("name", ["cli.py", "build", "schema"])
def test_the_package_links_to_the_root(name: str) -> None:
    link = ROOT / "src" / "dateline" / name
    assert link.is_symlink()
    assert link.resolve() == (ROOT / name).resolve()


@pytest.mark.parametrize("path", ["build/new.py", "build/new/step.py", "schema/new.json"])
def test_git_ignores_no_source(path: str) -> None:
    command = ["git", "check-ignore", "--quiet", "--no-index", path]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 1
