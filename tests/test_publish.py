"""Releases in folders and object stores: published once, whole, resumed, never replaced."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import servers
from click.testing import CliRunner, Result
from releases import (
    NAME,
    change_descriptor,
    files,
    publish,
    publish_killed,
    release,
    small,
    summed,
)

from dateline.build.issues import EnvironmentFailure, InvalidInput, RemoteFailure
from dateline.build.sums import SUMS, digest
from dateline.build.targets.fetch import fetched, is_published
from dateline.build.targets.registry import opened
from dateline.build.targets.releases import release_of
from dateline.cli import main

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ROOT = Path(__file__).parents[1]
# Of more parts than are sent at once.
LARGE = 40 << 20


@pytest.fixture(scope="module")
def package(example_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What tests publish that do not ask whether it is valid."""
    return small(example_package, tmp_path_factory.mktemp("small"))


@pytest.fixture(params=["folder", "s3"])
def dest(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for files where nothing is yet: a folder, or a prefix of a bucket."""
    if request.param == "folder":
        return str(tmp_path / "published")
    request.getfixturevalue("s3")
    return f"s3://{servers.BUCKET}/{tmp_path.parent.name}/{tmp_path.name}"


def there(dest: str) -> dict[str, bytes]:
    """What a place holds, by path."""
    if not dest.startswith("s3:"):
        return files(Path(dest))
    prefix = dest.removeprefix(f"s3://{servers.BUCKET}/") + "/"
    client = servers.s3_client(os.environ["AWS_ENDPOINT_URL"])
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=servers.BUCKET, Prefix=prefix)
    keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
    return {key.removeprefix(prefix): body(client, key) for key in keys}


def body(client: Any, key: str) -> bytes:
    content: bytes = client.get_object(Bucket=servers.BUCKET, Key=key)["Body"].read()
    return content


def put(dest: str, path: str, content: bytes) -> None:
    """Puts a file at a place, whatever is there, as a stranger would."""
    if dest.startswith("s3:"):
        prefix = dest.removeprefix(f"s3://{servers.BUCKET}/")
        client = servers.s3_client(os.environ["AWS_ENDPOINT_URL"])
        client.put_object(Bucket=servers.BUCKET, Key=f"{prefix}/{path}", Body=content)
    else:
        (Path(dest) / path).parent.mkdir(parents=True, exist_ok=True)
        (Path(dest) / path).write_bytes(content)


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["publish", *map(str, arguments)])


def test_a_release_is_published_and_fetched_byte_for_byte(
    example_package: Path, tmp_path: Path, dest: str
) -> None:
    folder = release(example_package, tmp_path)
    result = invoke(folder, dest)
    assert (result.exit_code, result.stderr.count("\n") < 2) == (0, True)
    place = f"{dest}/{NAME}/v0.1.0"
    assert f"published {place} ({len(files(folder))} items, " in result.stdout
    assert f"latest: {dest}/{NAME}/latest.json" in result.stdout
    held = there(dest)
    pointer = json.loads(held.pop(f"{NAME}/latest.json"))
    sums = digest(folder / SUMS)
    assert pointer == {"name": NAME, "version": "0.1.0", "path": "v0.1.0", "sha256": sums}
    assert held == {f"{NAME}/v0.1.0/{path}": data for path, data in files(folder).items()}
    assert is_published(f"{dest}/{NAME}")
    assert not is_published(str(folder))
    for number, location in enumerate((f"{dest}/{NAME}", place)):
        into = tmp_path / f"fetched-{number}"
        assert files(fetched(location, into)) == files(folder)
    again = invoke(folder, dest)
    assert (again.exit_code, again.stdout) == (5, "")
    assert again.stderr == (
        f"Error: {place}: is published already; a published version never changes: release the "
        "data under a new version\n"
    )


def test_other_data_under_a_published_version_are_refused(
    package: Path, tmp_path: Path, dest: str
) -> None:
    publish(release(package, tmp_path / "a"), dest)
    before = there(dest)
    with pytest.raises(RemoteFailure, match="holds another release under this version"):
        publish(release(package, tmp_path / "b", title="Another"), dest)
    assert there(dest) == before


def test_the_latest_is_the_newest_version_not_the_last(
    package: Path, tmp_path: Path, dest: str
) -> None:
    said = []
    for version in ("0.9.0", "0.10.0-rc.1", "0.10.0", "0.9.1"):
        done = publish(release(package, tmp_path, version), dest)
        newest = json.loads(there(dest)[f"{NAME}/latest.json"])["version"]
        said.append((newest, done.latest is not None))
    assert said == [("0.9.0", True), ("0.10.0-rc.1", True), ("0.10.0", True), ("0.10.0", False)]


def test_a_dry_run_says_all_and_sends_nothing(
    example_package: Path, tmp_path: Path, dest: str
) -> None:
    folder = release(example_package, tmp_path)
    result = invoke(folder, dest, "--dry-run", "--json")
    plan = json.loads(result.stdout)
    assert (result.exit_code, plan["dry_run"], plan["there"]) == (0, True, [])
    paths = [item["path"] for item in plan["sent"]]
    assert (paths[0], paths[-1], sorted(paths)) == (SUMS, "datapackage.json", sorted(files(folder)))
    assert not there(dest)
    assert not Path(dest).exists()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["claim", "middle", "pointer"])
def test_what_a_kill_left_is_finished(
    package: Path, tmp_path: Path, dest: str, share: float
) -> None:
    folder = release(package, tmp_path, large=LARGE)
    publish_killed(folder, dest, share)
    before = there(dest)
    assert f"{NAME}/v0.1.0/{SUMS}" in before
    assert (f"{NAME}/v0.1.0/datapackage.json" in before) == (share == 1.0)
    assert f"{NAME}/v0.1.0/large.bin" not in before or share == 1.0
    assert f"{NAME}/latest.json" not in before
    done = publish(folder, dest)
    held = there(dest)
    assert json.loads(held.pop(f"{NAME}/latest.json"))["version"] == "0.1.0"
    assert held == {f"{NAME}/v0.1.0/{path}": data for path, data in files(folder).items()}
    if not dest.startswith("s3:"):
        assert sorted(path.name for path in (Path(dest) / NAME).iterdir()) == [
            "latest.json",
            "v0.1.0",
        ]
    assert {item.path for item in done.there} == {
        path.removeprefix(f"{NAME}/v0.1.0/") for path in before if f"{NAME}/v0.1.0/" in path
    }


@pytest.mark.parametrize("claimed", [False, True])
@pytest.mark.parametrize("path", ["data/actors.csv", "large.bin"])
def test_a_file_of_others_is_never_replaced(
    package: Path, tmp_path: Path, dest: str, claimed: bool, path: str
) -> None:
    folder = release(package, tmp_path, large=9 << 20)
    place = f"{NAME}/v0.1.0/{path}"
    put(dest, place, b"of others")
    if claimed:
        put(dest, f"{NAME}/v0.1.0/{SUMS}", (folder / SUMS).read_bytes())
    with pytest.raises(RemoteFailure, match=rf"{path}: expected the digest .* got"):
        publish(folder, dest)
    held = there(dest)
    assert held[place] == b"of others"
    assert not any(path.endswith(("datapackage.json", ".sending")) for path in held)


def test_what_is_too_large_to_be_copied_is_sent_to_its_name(
    package: Path, tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dateline.build.targets.s3.COPIED", 8 << 20)
    folder = release(package, tmp_path, large=9 << 20)
    dest = f"s3://{servers.BUCKET}/{tmp_path.name}"
    publish(folder, dest)
    assert files(fetched(f"{dest}/{NAME}", tmp_path / "into")) == files(folder)


def test_of_many_at_once_the_newest_is_the_latest(package: Path, tmp_path: Path, dest: str) -> None:
    folders = [release(package, tmp_path, f"0.{n}.0") for n in range(5)]
    with ThreadPoolExecutor(len(folders)) as pool:
        list(pool.map(lambda folder: publish(folder, dest), folders))
    assert json.loads(there(dest)[f"{NAME}/latest.json"])["version"] == "0.4.0"


def test_of_two_at_once_one_has_the_version(package: Path, tmp_path: Path, dest: str) -> None:
    folders = [release(package, tmp_path / t, title=t) for t in ("One", "Two")]
    ends: dict[Path, str] = {}
    ready = threading.Barrier(2)

    def run(folder: Path) -> None:
        with opened(dest) as target:
            ready.wait()
            del target
        try:
            publish(folder, dest)
            ends[folder] = "published"
        except RemoteFailure as error:
            ends[folder] = str(error)

    threads = [threading.Thread(target=run, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = (folder for folder in folders if ends[folder] == "published")
    held = {path: data for path, data in there(dest).items() if not path.endswith("latest.json")}
    assert held == {f"{NAME}/v0.1.0/{path}": data for path, data in files(winner).items()}


def test_a_pointer_of_others_is_left_alone(package: Path, tmp_path: Path, dest: str) -> None:
    put(dest, f"{NAME}/latest.json", b'{"version": 3}')
    with pytest.raises(RemoteFailure, match="expected a pointer to a release"):
        publish(release(package, tmp_path), dest)
    assert there(dest)[f"{NAME}/latest.json"] == b'{"version": 3}'


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        ("v0.1.0/data/actors.csv", b"", "expected the bytes that SHA256SUMS says, got others"),
        ("v0.1.0/SHA256SUMS", b"", "expected what latest.json says, got other"),
        ("latest.json", b"[]", "expected a pointer to a release, got another file"),
        ("latest.json", b'{"name":"n","version":"1","path":"p","sha256":"s"}', "semantic version"),
    ],
)
def test_what_is_not_as_it_was_published_is_not_fetched(
    package: Path, tmp_path: Path, dest: str, path: str, content: bytes, message: str
) -> None:
    publish(release(package, tmp_path), dest)
    put(dest, f"{NAME}/{path}", content)
    with pytest.raises(RemoteFailure, match=message):
        fetched(f"{dest}/{NAME}", tmp_path / "into")


def test_a_version_that_is_not_complete_is_not_fetched(
    package: Path, tmp_path: Path, dest: str
) -> None:
    publish_killed(release(package, tmp_path), dest, 0.2)
    for location in (f"{dest}/{NAME}", f"{dest}/{NAME}/v0.1.0"):
        with pytest.raises(RemoteFailure, match=r"expected a published version or latest.json"):
            fetched(location, tmp_path / "into")


def test_no_path_of_a_published_version_leads_out_of_the_folder(tmp_path: Path) -> None:
    version = tmp_path / "published"
    version.mkdir()
    (tmp_path / "secret").write_text("secret")
    (version / "datapackage.json").write_text("{}")
    lines = [f"{digest(version / 'datapackage.json')}  datapackage.json\n"]
    lines.append(f"{digest(tmp_path / 'secret')}  ../secret\n")
    (version / SUMS).write_text("".join(lines))
    with pytest.raises(RemoteFailure, match="which leads upwards"):
        fetched(str(version), tmp_path / "into" / "here")
    assert not (tmp_path / "into" / "secret").exists()


def test_a_packed_release_is_published_as_its_folder_is(
    example_package: Path, tmp_path: Path
) -> None:
    folder = release(example_package, tmp_path / "releases")
    command = [sys.executable, "-m", "zipfile", "-c", f"{folder}.zip", str(folder)]
    subprocess.run(command, check=True, cwd=folder.parent)
    result = invoke(f"{folder}.zip", tmp_path / "published")
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "published" / NAME / "v0.1.0") == files(folder)


def test_an_invalid_package_is_not_published(example_package: Path, tmp_path: Path) -> None:
    folder = release(example_package, tmp_path)
    with (folder / "data" / "actors.csv").open("ab") as file:
        file.write(b"x")
    result = invoke(summed(folder), tmp_path / "published")
    assert result.exit_code == 1
    assert "nothing was published" in result.stdout
    assert not (tmp_path / "published").exists()


def spoilt(folder: Path, kind: str) -> None:
    """Makes something else of a release."""
    if kind == "flipped":
        (folder / "data" / "actors.csv").write_bytes(b"x")
    elif kind == "gone":
        (folder / "data" / "actors.csv").unlink()
    elif kind == "more":
        (folder / "more.txt").write_text("more")
    elif kind == "unsummed":
        (folder / SUMS).unlink()
    elif kind == "link":
        (folder / "data" / "actors.csv").rename(folder.parent / "elsewhere")
        (folder / "data" / "actors.csv").symlink_to(folder.parent / "elsewhere")
    elif kind == "name":
        change_descriptor(folder, lambda d: d.update(name="../other"))
        summed(folder)
    elif kind == "archive":
        folder.with_name(f"{folder.name}.zip").write_bytes(b"x")
        folder.with_name(f"{folder.name}.zip.sha256").write_text(f"{'0' * 64}  {folder.name}.zip\n")
    elif kind == "version":
        change_descriptor(folder, lambda d: d.update(version="first"))
        summed(folder)
    else:
        (folder / "datapackage.json").write_text("[]")
        summed(folder)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (
            "flipped",
            "expected data/actors.csv with the digest [0-9a-f]{64}, got one with [0-9a-f]{64};",
        ),
        ("gone", "expected data/actors.csv with the digest [0-9a-f]{64}, got no such file;"),
        ("more", "expected a line for each file, got none for more.txt;"),
        ("unsummed", "expected a release with SHA256SUMS, got none"),
        ("link", "expected data/actors.csv with .*, got one with no digest, as it is a link"),
        ("name", 'got "../other" "0.1.0"'),
        ("archive", "0.1.0.zip: expected the line .*, got another;"),
        ("version", 'a semantic version, got "dateline-example" "first"'),
        ("descriptor", r"expected a release with a datapackage.json, got none"),
    ],
)
def test_what_is_no_release_is_refused(
    package: Path, tmp_path: Path, kind: str, message: str
) -> None:
    folder = release(package, tmp_path)
    spoilt(folder, kind)
    with pytest.raises(InvalidInput, match=message):
        release_of(folder, tmp_path)


def test_a_place_without_a_known_scheme_is_refused(example_package: Path, tmp_path: Path) -> None:
    result = invoke(release(example_package, tmp_path), "s4://bucket/prefix")
    assert result.exit_code == 2
    assert "got s4:" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_folder_may_be_an_address(package: Path, tmp_path: Path) -> None:
    folder = release(package, tmp_path)
    publish(folder, f"file:{tmp_path / 'one'}")
    publish(folder, f"file://{tmp_path}/o%20two")
    assert files(tmp_path / "one") == files(tmp_path / "o two")


def test_a_folder_that_cannot_be_written_to_is_told(example_package: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = invoke(release(example_package, tmp_path), tmp_path / "file" / "published")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
    assert f"{tmp_path / 'file'}" in result.stderr


def test_a_missing_extra_is_named(
    example_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = tmp_path / "without"
    without.mkdir()
    (without / "obstore.py").write_text('raise ModuleNotFoundError("gone", name="obstore")')
    folder = release(example_package, tmp_path)
    path = f"{without}{os.pathsep}{ROOT / 'src'}"
    command = [sys.executable, "-P", "-m", "dateline", "publish", str(folder), "s3://some/where"]
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert run.returncode == 3
    assert run.stderr == "Error: s3: needs obstore; install it with `pip install 'dateline[s3]'`\n"


@pytest.mark.parametrize(
    ("changed", "bucket", "message"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "a-wrong-secret"}, "shared", "the store refused the keys"),
        ({"AWS_ACCESS_KEY_ID": "a-wrong-key"}, "shared", "the store refused the keys"),
        ({}, "missing", "expected the bucket missing, got none; create it first"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "shared", "cannot be reached; check AWS_E"),
    ],
    ids=["secret", "key", "bucket", "endpoint"],
)
def test_what_a_store_refuses_is_one_line_without_a_secret(
    example_package: Path,
    tmp_path: Path,
    s3: str,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    bucket: str,
    message: str,
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    result = invoke(release(example_package, tmp_path), f"s3://{bucket}/prefix")
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr.startswith(f"Error: s3://{bucket}/prefix: {message}")
    assert result.stderr.count("\n") == 1
    for secret in (servers.KEY, servers.SECRET, *changed.values()):
        assert secret not in result.stderr


def test_the_address_of_a_bucket_takes_no_keys(example_package: Path, tmp_path: Path) -> None:
    result = invoke(release(example_package, tmp_path), "s3://a-key:a-secret@shared/prefix")
    assert (result.exit_code, "a-secret" in result.output) == (2, False)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_ENDPOINT_URL", "nonsense"),
        ("AWS_ENDPOINT_URL_S3", "ftp://host"),
        ("AWS_SESSION_TOKEN", "a-token\n"),
        ("AWS_ACCESS_KEY_ID", "a\tkey"),
        ("AWS_REGION", "eu west"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told(
    s3: str, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with (
        pytest.raises(EnvironmentFailure, match="expected settings of an S3 store in AWS_") as told,
        opened("s3://shared/prefix"),
    ):
        pass
    assert value not in str(told.value)


def test_settings_are_taken_from_the_files_of_the_platform(
    package: Path, tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    home = tmp_path / "home" / ".aws"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home.parent))
    monkeypatch.setenv("AWS_PROFILE", "news")
    (home / "config").write_text(f"[profile news]\nregion = eu-west-1\nendpoint_url = {s3}\n")
    keys = f"aws_access_key_id = {servers.KEY}\naws_secret_access_key = {servers.SECRET}\n"
    (home / "credentials").write_text(f"[news]\n{keys}")
    dest = f"s3://{servers.BUCKET}/{tmp_path.name}"
    assert publish(release(package, tmp_path), dest).latest is not None


_MEMORY = """
import re, sys
from pathlib import Path
from releases import publish
from dateline.build.targets import s3

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

assert s3.PART < 10 << 20
before = peak()
publish(Path(sys.argv[1]), sys.argv[2])
print(peak() - before)
"""


def test_a_large_file_is_not_held_in_memory(package: Path, tmp_path: Path, s3: str) -> None:
    folder = release(package, tmp_path, large=100 << 20)
    dest = f"s3://{servers.BUCKET}/{tmp_path.name}"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    command = [sys.executable, "-P", "-c", _MEMORY, str(folder), dest]
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    assert 0 < int(run.stdout) < 60 << 10
