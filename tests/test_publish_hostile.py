"""Places that fail, lie or lead elsewhere, and runs at one moment: bounded, told, no token lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import places
import pytest
import servers
from archived import archived, tiny
from releases import NAME, publish, publish_killed, release
from service import Asked, Said, Service, served

from dateline.build.issues import RemoteFailure
from dateline.build.publish import published
from dateline.build.targets import bounds
from dateline.build.targets.oci import _client, _parsed, _version
from dateline.build.targets.ociclient import Client
from dateline.build.targets.registry import opened
from dateline.build.targets.releases import release_of


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is published; tests leave it as it is."""
    return tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(autouse=True)
def _account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORAS_USER", servers.USER)
    monkeypatch.setenv("ORAS_PASS", servers.REGISTRY_PASSWORD)
    monkeypatch.setenv("HOME", str(tmp_path / "none"))


def oci(base: str) -> str:
    return f"oci://{base.removeprefix('http://')}/some/data"


def test_a_registry_that_falls_silent_is_given_up(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dateline.build.targets.http.ANSWER", 0.2, raising=False)
    silent = Service()
    silent.routes = [("GET", "/v2/", lambda _: Said(200))]
    silent.stop("manifests")
    with (
        served(silent) as base,
        pytest.raises(RemoteFailure, match="expected an answer, got none"),
    ):
        publish(release(package, tmp_path), oci(base))


@pytest.mark.parametrize("status", [200, 307, 404, 500])
def test_an_answer_without_an_end_is_not_held_in_memory(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("dateline.build.targets.http._BYTES", 1000, raising=False)
    long = Service()
    elsewhere = {"Location": "/v2/"} if status == 307 else {}
    long.routes = [
        ("GET", "/v2/", lambda _: Said(200)),
        ("GET", ".*", lambda _: Said(status, b"x" * 5000, elsewhere)),
    ]
    with served(long) as base, pytest.raises(RemoteFailure, match="an answer without an end"):
        publish(release(package, tmp_path), oci(base))


def test_a_file_that_does_not_end_is_another(package: Path, tmp_path: Path) -> None:
    folder = release(package, tmp_path)
    publish_killed(folder, str(tmp_path / "published"), 0.0)
    (tmp_path / "published" / NAME / "v0.1.0" / "data").mkdir(exist_ok=True)
    (tmp_path / "published" / NAME / "v0.1.0" / "data" / "words.csv").symlink_to("/dev/zero")
    with pytest.raises(RemoteFailure, match=r"words.csv: expected the digest"):
        publish(folder, str(tmp_path / "published"))


def test_what_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "ANSWER", -1)
    with pytest.raises(TimeoutError, match="too slowly"):
        list(bounds.within(itertools.repeat(b"x"), 1000))


def test_an_answer_that_is_nested_without_an_end_is_told(package: Path, tmp_path: Path) -> None:
    nested = Service()
    nested.routes = [
        ("GET", "/v2/", lambda _: Said(200)),
        ("GET", ".*", lambda _: Said(200, b"[" * 100_000)),
    ]
    with served(nested) as base, pytest.raises(RemoteFailure, match="in the form of its interface"):
        publish(release(package, tmp_path), oci(base))


@pytest.mark.parametrize("way", ["basic", "token"])
def test_a_password_is_not_given_to_a_host_that_asks_for_it(
    package: Path, tmp_path: Path, way: str
) -> None:
    front, other = Service(), Service()
    sent: list[Asked] = []

    def asks(asked: Asked) -> Said:
        sent.append(asked)
        challenge = f'Bearer realm="{other.base}/token",service="x"'
        return Said(401, {}, {"WWW-Authenticate": "Basic" if way == "basic" else challenge})

    def answered(asked: Asked) -> Said:
        if "authorization" not in asked.headers:
            challenge = f'Bearer realm="{front.base}/token",service="x"'
            return Said(401, {}, {"WWW-Authenticate": "Basic" if way == "basic" else challenge})
        if asked.method == "POST":
            return Said(202, b"", {"Location": f"{other.base}/upload"})
        return Said(404, {})

    front.routes = [("GET", "/token", lambda _: Said(200, {"token": "a-token"}))]
    front.routes += [(method, "/v2/.*", answered) for method in ("GET", "HEAD", "POST", "PUT")]
    other.routes = [("GET", ".*", asks), ("PUT", ".*", asks)]
    with served(front) as base, served(other), pytest.raises(RemoteFailure, match="got 401"):
        publish(release(package, tmp_path), oci(base))
    assert sent
    assert [asked for asked in sent if "authorization" in asked.headers] == []


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[places.Place]:
    """GitHub without a release, with the environment of somebody who may publish there."""
    with places.github() as found:
        for variable, value in found.environment.items():
            monkeypatch.setenv(variable, value)
        yield found


def test_an_answer_leads_no_token_to_another_host(
    package: Path, tmp_path: Path, github: places.Place
) -> None:
    storage = github.services[1]
    storage.base = storage.base.replace("127.0.0.1", "localhost")
    with pytest.raises(RemoteFailure, match="got one of another host in an answer"):
        publish(archived(package, tmp_path), github.dest)
    assert storage.log == []


def test_a_service_that_asks_to_wait_for_hours_is_asked_again_now(
    package: Path, tmp_path: Path, github: places.Place
) -> None:
    times = iter([503])

    def busy(asked: Asked) -> Said:
        return Said(next(times, 404), {}, {"Retry-After": "3600"})

    github.services[0].routes.insert(0, ("GET", ".*/releases", busy))
    with pytest.raises(RemoteFailure, match="got 404"):
        publish(archived(package, tmp_path), github.dest)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The host of a registry."""
    with servers.shared(tmp_path_factory, "registry", servers.registry) as facts:
        yield facts["host"]


@pytest.fixture
def dest(registry: str, tmp_path: Path) -> str:
    """A repository that is not there yet."""
    name = tmp_path.name.lower().replace("_", "-").strip("-")
    return f"oci://{registry}/hostile/{tmp_path.parent.name}/{name}"


def latest(dest: str) -> str:
    """The version that the tag `latest` names."""
    with _client(_parsed(dest)) as client:
        return str(_version(client.manifest("latest")))


def test_the_latest_goes_back_for_no_version_that_counts_the_same(
    package: Path, tmp_path: Path, dest: str
) -> None:
    folders = [release(package, tmp_path, f"1.0.0+{build}") for build in "ab"]
    assert [publish(folder, dest).latest is not None for folder in folders] == [True, False]
    with pytest.raises(RemoteFailure, match="is published already"):
        publish(folders[1], dest)
    assert latest(dest) == "1.0.0+a"


def test_a_newer_version_that_comes_in_between_is_the_latest(
    package: Path, tmp_path: Path, dest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = (release(package, tmp_path, version) for version in ("0.1.0", "0.2.0"))
    send = Client.send_manifest
    waiting = [newer]

    def sent(client: Client, tag: str, content: bytes, media_type: str) -> None:
        if tag == "latest" and waiting:
            publish(waiting.pop(), dest)
        send(client, tag, content, media_type)

    monkeypatch.setattr(Client, "send_manifest", sent)
    assert publish(older, dest).latest is None
    assert latest(dest) == "0.2.0"


def test_of_two_in_one_moment_the_first_is_told_that_it_was_replaced(
    package: Path, tmp_path: Path, dest: str
) -> None:
    mine, other = (release(package, tmp_path / t, title=t) for t in ("One", "Two"))
    found = release_of(mine, mine)
    with opened(dest) as target:
        items = target.items(found)
        # Its last file is there, under a manifest that is replaced.
        target._client.send_blob(items[-1].sha256, items[-1].file.read_bytes())  # type: ignore[attr-defined]
        publish(other, dest)
        assert target.held(found, items[-1]) != items[-1].sha256


def test_a_version_that_is_no_tag_is_refused_before_anything_is_sent(
    package: Path, tmp_path: Path, dest: str
) -> None:
    with pytest.raises(Exception, match="expected a version of at most 128 characters"):
        publish(release(package, tmp_path, f"1.0.0-{'a' * 123}"), dest)


@pytest.mark.parametrize("kind", ["folder", "duckdb"])
def test_who_comes_second_is_told_so(example_package: Path, tmp_path: Path, kind: str) -> None:
    dest = f"duckdb:{tmp_path / 'p'}" if kind == "duckdb" else str(tmp_path / "p")
    mine, other = (release(example_package, tmp_path / t, title=t) for t in ("One", "Two"))
    found = release_of(mine, mine)
    waiting = [other]

    def told(*_: object) -> None:
        if waiting:
            publish(waiting.pop(), dest)

    with opened(dest) as target:
        state = target.state

        def asked(given: object) -> object:
            answer = state(found)
            told()
            return answer

        target.state = asked  # type: ignore[method-assign,assignment]
        message = "holds another release under this version|is there and holds something else"
        with pytest.raises(RemoteFailure, match=message):
            published(found, target, lambda *_: None)


def test_a_database_with_other_sums_is_of_another_release(
    example_package: Path, tmp_path: Path
) -> None:
    mine, other = (release(example_package, tmp_path / t, large=n) for t, n in (("1", 0), ("2", 9)))
    dest = f"duckdb:{tmp_path / 'p'}"
    publish(other, dest)
    found = release_of(mine, mine)
    with opened(dest) as target:
        last = target.items(found)[-1]
        assert target.held(found, last) != last.sha256


def test_what_a_kill_left_of_a_large_object_goes(package: Path, tmp_path: Path, s3: str) -> None:
    folder = release(package, tmp_path)
    prefix = tmp_path.name
    client = servers.s3_client(s3)
    left = f"{prefix}/{NAME}/v0.1.0/large.bin.sending"
    client.put_object(Bucket=servers.BUCKET, Key=left, Body=b"half")
    publish(folder, f"s3://{servers.BUCKET}/{prefix}")
    listed = client.list_objects_v2(Bucket=servers.BUCKET, Prefix=prefix)["Contents"]
    assert [each["Key"] for each in listed if each["Key"].endswith(".sending")] == []


@pytest.mark.parametrize(
    ("first", "second"),
    [(("news-a", "1.0.0"), ("news.a", "1.1.0")), (("n", "1.0.0"), ("n.v1.0.0", "2.0.0"))],
)
def test_names_that_are_one_in_a_database_are_told_before_anything_is_made(
    example_package: Path,
    tmp_path: Path,
    postgresql: str,
    first: tuple[str, str],
    second: tuple[str, str],
) -> None:
    def made(name: str, version: str) -> Path:
        unlike = f"x{abs(hash(tmp_path))}-{name}"
        return release(example_package, tmp_path, version, name=unlike)

    publish(made(*first), postgresql)
    folder = made(*second)
    with opened(postgresql) as target:
        found = release_of(folder, folder)
        with pytest.raises(RemoteFailure, match="expected views of the newest version, got"):
            target.state(found)


def test_a_version_that_is_too_long_for_a_schema_is_cut_once(
    example_package: Path, tmp_path: Path, postgresql: str
) -> None:
    name = f"x{abs(hash(tmp_path))}"
    folder = release(example_package, tmp_path, f"1.0.0-{'a' * 70}", name=name)
    publish(folder, postgresql)
    with pytest.raises(RemoteFailure, match="is published already"):
        publish(folder, postgresql)
    publish(release(example_package, tmp_path, f"1.0.0-{'a' * 70}b", name=name), postgresql)
