"""Publishing to an OCI registry and fetching from it: layers, tags, kills, credentials."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import servers
from archived import tiny
from click.testing import CliRunner, Result
from releases import NAME, files, publish, publish_killed, release
from service import Asked, Said, Service, served
from token_registry import TokenRegistry

from dateline.build.issues import RemoteFailure, UsageError
from dateline.build.sums import SUMS, digest, parsed
from dateline.build.targets.fetch import fetched
from dateline.build.targets.registry import opened
from dateline.cli import main

# Sent in several pieces.
LARGE = 8 << 20


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What is known of a registry: `host`, the folder of its `data`."""
    with servers.shared(tmp_path_factory, "registry", servers.registry) as facts:
        yield facts


@pytest.fixture
def dest(registry: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository that is not there yet, with the environment of somebody who may write there."""
    monkeypatch.setenv("ORAS_USER", servers.USER)
    monkeypatch.setenv("ORAS_PASS", servers.REGISTRY_PASSWORD)
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    # What requests would take in place of what it is given.
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login others password others\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    name = tmp_path.name.lower().replace("_", "-").strip("-")
    return f"oci://{registry['host']}/some/{tmp_path.parent.name}/{name}"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is published; tests leave it as it is."""
    return tiny(tmp_path_factory.mktemp("tiny"))


def asked(dest: str, path: str) -> requests.Response:
    """What the registry says, asked apart from the library that is tested."""
    host, _, repository = dest.removeprefix("oci://").partition("/")
    return requests.get(
        f"http://{host}/v2/{repository}/{path}",
        headers={"Accept": "application/vnd.oci.image.manifest.v1+json"},
        auth=(servers.USER, servers.REGISTRY_PASSWORD),
        timeout=10,
    )


def tags(dest: str) -> list[str]:
    return sorted(asked(dest, "tags/list").json().get("tags") or [])


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["publish", *map(str, arguments)])


def test_a_release_is_an_artifact_with_a_layer_for_each_file(
    package: Path, tmp_path: Path, dest: str
) -> None:
    folder = release(package, tmp_path)
    result = invoke(folder, dest)
    assert result.exit_code == 0, result.output
    assert f"published {dest}:0.1.0 (" in result.stdout
    assert f"latest: {dest}:latest" in result.stdout
    answer = asked(dest, "manifests/0.1.0")
    manifest = answer.json()
    layers = {
        layer["annotations"]["org.opencontainers.image.title"]: layer["digest"]
        for layer in manifest["layers"]
    }
    sums = parsed((folder / SUMS).read_text("utf-8")) | {SUMS: digest(folder / SUMS)}
    assert layers == {path: f"sha256:{sha256}" for path, sha256 in sums.items()}
    assert manifest["annotations"]["org.opencontainers.image.version"] == "0.1.0"
    assert asked(dest, "manifests/latest").content == answer.content
    assert tags(dest) == ["0.1.0", "latest"]

    assert files(fetched(dest, tmp_path / "fetched")) == files(folder)

    again = invoke(folder, dest)
    assert (again.exit_code, again.stdout) == (5, "")
    assert again.stderr == (
        f"Error: {dest}:0.1.0: is published already; a published version never changes: release "
        "the data under a new version\n"
    )


def test_a_dry_run_sends_nothing(package: Path, tmp_path: Path, dest: str) -> None:
    result = invoke(release(package, tmp_path), dest, "--dry-run")
    assert (result.exit_code, "nothing was sent" in result.stdout) == (0, True), result.output
    assert asked(dest, "tags/list").status_code == 404


def test_other_data_under_a_published_version_are_refused(
    package: Path, tmp_path: Path, dest: str
) -> None:
    publish(release(package, tmp_path / "a"), dest)
    before = asked(dest, "manifests/0.1.0").content
    with pytest.raises(RemoteFailure, match="got another one with this version"):
        publish(release(package, tmp_path / "b", title="Another"), dest)
    assert asked(dest, "manifests/0.1.0").content == before


def test_the_latest_is_the_newest_version_not_the_last(
    package: Path, tmp_path: Path, dest: str
) -> None:
    said = []
    for version in ("0.9.0", "0.10.0-rc.1", "0.10.0", "0.9.1"):
        done = publish(release(package, tmp_path, version), dest)
        latest = asked(dest, "manifests/latest").json()["annotations"]
        said.append((latest["org.opencontainers.image.version"], done.latest is not None))
    assert said == [("0.9.0", True), ("0.10.0-rc.1", True), ("0.10.0", True), ("0.10.0", False)]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["claim", "middle", "pointer"])
def test_what_a_kill_left_is_finished(
    package: Path, tmp_path: Path, dest: str, share: float
) -> None:
    folder = release(package, tmp_path, large=LARGE)
    publish_killed(folder, dest, share)
    assert asked(dest, "manifests/latest").status_code == 404
    assert asked(dest, "manifests/0.1.0").ok == (share == 1.0)
    done = publish(folder, dest)
    assert tags(dest) == ["0.1.0", "latest"]
    assert {item.path for item in done.there} >= {SUMS}
    assert files(fetched(dest, tmp_path / "fetched")) == files(folder)


@pytest.mark.parametrize(
    ("password", "said"),
    [("another word to hide", "got 401 Unauthorized"), ("", "expected a user and password")],
)
def test_wrong_credentials_are_told_in_one_line(
    package: Path,
    tmp_path: Path,
    dest: str,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
    said: str,
) -> None:
    monkeypatch.setenv("ORAS_PASS", password)
    result = invoke(release(package, tmp_path), dest)
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr.startswith(f"Error: {dest}: ")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert "docker login" in result.stderr
    assert "to hide" not in result.stderr


def logged_in(folder: Path, dest: str, auth: str) -> None:
    """What `docker login` leaves behind."""
    (folder / "none" / ".docker").mkdir(parents=True)
    host = dest.removeprefix("oci://").partition("/")[0]
    content = json.dumps({"auths": {host: {"auth": auth}}})
    (folder / "none" / ".docker" / "config.json").write_text(content)


def test_what_docker_has_stored_is_used(
    package: Path, tmp_path: Path, dest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = f"{servers.USER}:{servers.REGISTRY_PASSWORD}".encode()
    logged_in(tmp_path, dest, base64.b64encode(pair).decode())
    monkeypatch.delenv("ORAS_USER")
    publish(release(package, tmp_path), dest)
    assert tags(dest) == ["0.1.0", "latest"]


def test_a_registry_that_asks_for_tokens_gets_new_ones(
    package: Path, tmp_path: Path, dest: str, registry: dict[str, str]
) -> None:
    folder = release(package, tmp_path)
    front = TokenRegistry(registry["host"])
    with served(front) as base:
        place = f"oci://{base.removeprefix('http://')}/tokens/{tmp_path.name.lower()[:20]}"
        publish(folder, place)
        assert files(fetched(place, tmp_path / "fetched")) == files(folder)
        # For reading and for writing, and again where one has been used up.
        assert front.given > 3


def test_credentials_go_to_no_other_host(
    package: Path, tmp_path: Path, dest: str, registry: dict[str, str]
) -> None:
    front, other = TokenRegistry(registry["host"]), Service()
    sent: list[Asked] = []

    def taken(asked: Asked) -> Said:
        sent.append(asked)
        return Said(201)

    other.routes = [("PUT", ".*", taken)]
    with served(front) as base, served(other) as elsewhere:
        front.uploads = elsewhere
        with pytest.raises(RemoteFailure, match="got nothing; the version is not complete"):
            publish(release(package, tmp_path), f"oci://{base.removeprefix('http://')}/else/data")
    assert len(sent) == 1
    assert sent[0].body == (tmp_path / f"{NAME}-0.1.0" / SUMS).read_bytes()
    assert "authorization" not in sent[0].headers


def test_a_registry_that_gives_no_token_is_told_in_one_line(
    package: Path,
    tmp_path: Path,
    dest: str,
    registry: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ORAS_PASS", "another word to hide")
    with (
        served(TokenRegistry(registry["host"])) as base,
        pytest.raises(RemoteFailure, match="expected credentials that may use the repository"),
    ):
        publish(release(package, tmp_path), f"oci://{base.removeprefix('http://')}/tokens/x")


def test_a_registry_that_is_not_there_is_told(package: Path, tmp_path: Path) -> None:
    with pytest.raises(RemoteFailure, match=r"expected an answer, got none \(Connection refused\)"):
        publish(release(package, tmp_path), "oci://127.0.0.1:9/some/data")


@pytest.mark.parametrize(
    "address",
    ["oci://", "oci://host", "oci://user:secret@host/data", "oci://host/Data", "oci://host/data:1"],
)
def test_what_names_no_repository_is_wrong_usage(address: str) -> None:
    with (
        pytest.raises(UsageError, match=r"expected oci://HOST/REPOSITORY") as told,
        opened(address),
    ):
        pass
    assert "secret" not in str(told.value)


# Fetching


def test_a_version_is_fetched_by_its_tag_or_digest(
    package: Path, tmp_path: Path, dest: str
) -> None:
    folder = release(package, tmp_path)
    publish(folder, dest)
    publish(release(package, tmp_path, "0.2.0"), dest)
    content = asked(dest, "manifests/0.1.0").headers["Docker-Content-Digest"]
    for number, location in enumerate((f"{dest}:0.1.0", f"{dest}@{content}")):
        assert files(fetched(location, tmp_path / str(number))) == files(folder)


def pushed(dest: str, tag: str, layers: list[dict[str, Any]]) -> None:
    """Puts a manifest of these layers under a tag, as a stranger would."""
    manifest = json.loads(asked(dest, "manifests/0.1.0").content)
    host, _, repository = dest.removeprefix("oci://").partition("/")
    answer = requests.put(
        f"http://{host}/v2/{repository}/manifests/{tag}",
        data=json.dumps({**manifest, "layers": layers}),
        headers={"Content-Type": manifest["mediaType"]},
        auth=(servers.USER, servers.REGISTRY_PASSWORD),
        timeout=10,
    )
    assert answer.ok, answer.text


def test_what_is_fetched_is_whole_and_stays_in_its_folder(
    package: Path, tmp_path: Path, dest: str
) -> None:
    publish(release(package, tmp_path), dest)
    layers = asked(dest, "manifests/0.1.0").json()["layers"]
    title = "org.opencontainers.image.title"
    outside = {**layers[1], "annotations": {title: "../outside.csv"}}
    pushed(dest, "outside", [*layers, outside])
    pushed(dest, "less", layers[:-2])
    pushed(dest, "untitled", [{**layers[0], "annotations": {}}])
    pushed(dest, "swapped", [*layers[:1], {**layers[1], "annotations": layers[2]["annotations"]}])
    for tag, said in (
        ("outside", "which leads upwards"),
        ("less", "expected SHA256SUMS over all files"),
        ("swapped", "expected SHA256SUMS over all files"),
        ("untitled", "expected answers in the form of its interface"),
        ("none", "expected a version none, got none"),
    ):
        with pytest.raises(RemoteFailure, match=said):
            fetched(f"{dest}:{tag}", tmp_path / tag)
    assert not (tmp_path / "outside.csv").exists()


def test_a_damaged_blob_is_not_taken(
    package: Path, tmp_path: Path, dest: str, registry: dict[str, str]
) -> None:
    folder = release(package, tmp_path, large=LARGE)
    sha256 = digest(folder / "large.bin")
    publish_killed(folder, dest, 0.998)
    blob = Path(registry["data"]) / "docker/registry/v2/blobs/sha256" / sha256[:2] / sha256 / "data"
    content = bytearray(blob.read_bytes())
    content[5] ^= 1
    blob.write_bytes(content)
    try:
        with pytest.raises(RemoteFailure, match=r"large\.bin: expected the digest .* read back"):
            publish(folder, dest)
        assert asked(dest, "manifests/0.1.0").status_code == 404
    finally:
        content[5] ^= 1
        blob.write_bytes(content)
    publish(folder, dest)
    assert f"{NAME}-0.1.0" == folder.name
