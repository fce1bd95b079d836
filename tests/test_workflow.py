"""The workflow of a new project: its own scripts are run as a runner of GitHub runs them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from dateline.build.scaffold import TEMPLATE, scaffold

WORKFLOW = yaml.safe_load((TEMPLATE / ".github/workflows/dateline.yml").read_text("utf-8"))


def step(job: str, name: str) -> str:
    """The script of a named step."""
    (found,) = [each["run"] for each in WORKFLOW["jobs"][job]["steps"] if each.get("name") == name]
    return str(found)


def ran(script: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """One script as a runner runs it: `bash -e -o pipefail`, in the project."""
    shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": scripts, **environment}
    return subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    scaffold(folder)
    return folder


def changed(project: Path, **values: Any) -> None:
    path = project / "datapackage.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **values}), "utf-8")


def test_a_push_is_validated_built_and_compared(project: Path, tmp_path: Path) -> None:
    names = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "GITHUB_ENV": str(tmp_path / "env")}
    for name in ("Validate", "Build"):
        assert ran(step("check", name), project).returncode == 0
    (project / "dist/last").mkdir()
    assert ran(step("check", "Compare"), project, **names).returncode == 0
    summary = (tmp_path / "summary").read_text("utf-8")
    assert summary == "```text\nThere is no release to compare with.\n```\n"

    refused = ran(step("release", "Release"), project, **names, GITHUB_REF_NAME="v9.9.9")
    assert refused.returncode == 1
    assert refused.stdout == "::error::expected the tag v0.1.0, got v9.9.9\n"
    assert not (project / "dist/releases").exists()
    made = ran(step("release", "Release"), project, **names, GITHUB_REF_NAME="v0.1.0")
    assert (made.returncode, made.stderr) == (0, "")
    assert (tmp_path / "env").read_text("utf-8") == "RELEASE=dist/releases/news-0.1.0\n"

    shutil.copy(project / "dist/releases/news-0.1.0.zip", project / "dist/last")
    changed(project, version="0.2.0", title="News, revised")
    for name in ("Build", "Compare"):
        assert ran(step("check", name), project, **names).returncode == 0
    comment = (project / "dist/comment.md").read_text("utf-8")
    assert "METADATA_CHANGED" in comment
    assert (project / "dist/diff.html").stat().st_size > 1000


@pytest.mark.parametrize("job", ["check", "release"])
def test_no_release_is_taken_for_the_first_one_because_a_service_fails(
    tmp_path: Path, job: str
) -> None:
    script = step(job, "Fetch the last release")
    program = tmp_path / "gh"
    for answer, code, fetched in (
        ("exit 1", 1, None),
        ("exit 0", 0, ""),
        ('if [ "$2" = list ]; then echo v1.0.0; else echo "$*" >dist/last/args; fi', 0, "v1.0.0"),
        ('test "$2" = list && echo v1.0.0', 1, None),
    ):
        program.write_text(f"#!/bin/sh\n{answer}\n", "utf-8")
        program.chmod(0o755)
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
        assert ran(script, folder, PATH=path).returncode == code
        if fetched is not None:
            args = "".join(each.read_text("utf-8") for each in (folder / "dist/last").iterdir())
            assert fetched in args


def test_every_action_and_secret_is_named_once_a_job() -> None:
    for job in WORKFLOW["jobs"].values():
        uses = [each["uses"] for each in job["steps"] if "uses" in each]
        assert uses[:2] == ["actions/checkout@v4", "actions/setup-python@v5"]
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert WORKFLOW["jobs"]["release"]["permissions"] == {"contents": "write"}
