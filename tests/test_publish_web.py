"""Publishing to Zenodo, GitHub and the Hugging Face Hub: their order, kills, refusals, metadata."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from archived import archived, tiny
from click.testing import CliRunner, Result
from github_service import GitHub
from hub_service import Hub
from places import Place, github, hub, killed, zenodo
from releases import publish as sent
from releases import small
from service import Said
from zenodo_service import LATE, Zenodo

from dateline.build.issues import EnvironmentFailure, InvalidInput, RemoteFailure, UsageError
from dateline.build.sums import digest
from dateline.build.targets.hf_card import card
from dateline.build.targets.registry import opened
from dateline.build.targets.releases import release_of
from dateline.build.targets.zenodo_metadata import metadata
from dateline.cli import main

PLACES = {"zenodo": zenodo, "github": github, "hf": hub}
each_place = pytest.mark.parametrize("place", PLACES, indirect=True)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is published; tests leave it as it is."""
    return tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def first(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of version 0.1.0; tests leave it as it is."""
    return archived(package, tmp_path_factory.mktemp("first"))


@pytest.fixture
def place(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Place]:
    """A place that holds nothing yet, with the variables that it needs."""
    # What requests would take in place of a token.
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login others password others\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with PLACES[request.param]() as found:
        for variable in ("GH_TOKEN", *found.environment):
            monkeypatch.delenv(variable, raising=False)
        for variable, value in found.environment.items():
            monkeypatch.setenv(variable, value)
        # The variable of this is read when the library is imported.
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
        yield found


def publish(path: Path, dest: str, *options: str) -> Result:
    """The command, in this process."""
    result = CliRunner().invoke(main, ["publish", str(path), dest, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(path: Path, dest: str) -> str:
    """The only line on stderr of a run that fails and prints nothing else."""
    result = publish(path, dest)
    assert (result.exit_code, result.stdout) == (5, ""), result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def files(path: Path) -> dict[str, str]:
    """The digests of a release's files, and of those beside it, by name."""
    inside = {f.relative_to(path).as_posix(): f for f in path.rglob("*") if f.is_file()}
    beside = {f.name: f for f in path.parent.glob(f"{path.name}.zip*")}
    return {name: digest(file) for name, file in {**inside, **beside}.items()}


@each_place
def test_a_release_is_published_whole_and_once(place: Place, first: Path) -> None:
    result = publish(first, place.dest, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert {each["path"]: each["sha256"] for each in said["sent"]}.items() <= place.held().items()
    held, own = place.held(), files(first)
    differing = {name for name in held if held[name] != own.get(name)}
    assert differing == ({"README.md", ".gitattributes"} if place.dest[:2] == "hf" else set())
    assert held.keys() >= {"SHA256SUMS", "README.md", "CHANGELOG.md", "datapackage.json"}

    before = place.changes()
    time.sleep(LATE)
    message = refused(first, place.dest)
    assert "is published already" in message
    assert place.changes() == before
    assert place.secret not in result.output + message


@each_place
def test_a_dry_run_sends_nothing(place: Place, first: Path) -> None:
    result = publish(first, place.dest, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "nothing was sent" in result.stdout
    assert place.changes() == []


@pytest.mark.slow
@each_place
def test_a_run_that_was_killed_is_finished_by_another(place: Place, first: Path) -> None:
    (service, words), *others = place.stops
    killed(place, service, words, first)
    for service, words in others:
        time.sleep(LATE)
        service.stop(words, waits=False)
        with pytest.raises(RemoteFailure, match="got 503"):
            sent(first, place.dest)
        assert service.stopped.is_set()
    time.sleep(LATE)
    result = publish(first, place.dest)
    assert result.exit_code == 0, result.output
    own = files(first)
    held = {name: found for name, found in place.held().items() if name in own}
    assert held.pop("README.md")
    assert held.items() <= own.items()
    assert len([change for change in place.changes() if place.once in change]) == 1
    time.sleep(LATE)
    with pytest.raises(RemoteFailure, match="is published already"):
        sent(first, place.dest)


@each_place
def test_a_token_that_is_not_accepted_is_told_in_one_line(
    place: Place, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(place.token, "another-token-to-hide")
    message = refused(first, place.dest)
    assert "expected a token that may" in message
    assert place.token in message
    assert "401" in message
    assert "to-hide" not in message
    assert place.changes() == []


@each_place
def test_a_service_that_is_not_there_is_told_in_one_line(
    place: Place, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in place.environment:
        if place.environment[variable].startswith("http"):
            monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with pytest.raises(RemoteFailure, match=r"expected an answer.*\(Connection refused\)"):
        sent(first, place.dest)


@each_place
def test_without_a_token_nothing_is_asked(
    place: Place, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(place.token)
    # Where the library would look for what its own command has stored.
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", "/nowhere/token")
    with pytest.raises(RemoteFailure, match="expected a token in the variable"):
        sent(first, place.dest)
    assert [each.log for each in place.services] == [[] for _ in place.services]


@each_place
@pytest.mark.parametrize("address", ["http://example.org", "https://me:secret@example.org", "x"])
def test_no_token_is_sent_where_others_can_read_it(
    place: Place, first: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    (variable,) = (name for name in place.environment if name.endswith(("URL", "ENDPOINT")))
    monkeypatch.setenv(variable, address)
    with pytest.raises(EnvironmentFailure, match="expected an address with https:// and a host"):
        sent(first, place.dest)


@each_place
def test_an_answer_of_another_form_is_told_in_one_line(place: Place, first: Path) -> None:
    service = place.services[0]
    service.routes = [("GET", ".*", lambda asked: Said(200, b"<html>"))]
    with pytest.raises(RemoteFailure, match="expected answers in the form of its interface"):
        sent(first, place.dest)


@pytest.mark.parametrize("dest", ["zenodo:a/b", "github:owner", "github:a/b/c", "hf:name", "hf:"])
def test_what_names_no_place_is_wrong_usage(dest: str) -> None:
    with (
        pytest.raises(UsageError, match=f"expected {dest.partition(':')[0]}:"),
        opened(dest),
    ):
        pass


@each_place
def test_another_release_of_the_version_is_refused(
    place: Place, first: Path, package: Path, tmp_path: Path
) -> None:
    sent(first, place.dest)
    time.sleep(LATE)
    before = place.changes()
    other = archived(package, tmp_path, description="Another one.")
    with pytest.raises(RemoteFailure, match="got another one with this"):
        sent(other, place.dest)
    assert place.changes() == before


# Zenodo


@pytest.fixture
def zenodo_service(place: Place) -> Zenodo:
    (service,) = place.services
    assert isinstance(service, Zenodo)
    return service


on_zenodo = pytest.mark.parametrize("place", ["zenodo"], indirect=True)


@on_zenodo
def test_a_later_version_is_a_version_of_the_record(
    place: Place, zenodo_service: Zenodo, first: Path, package: Path, tmp_path: Path
) -> None:
    sent(first, "zenodo:")
    time.sleep(LATE)
    later = archived(package, tmp_path, "0.2.0")
    with pytest.raises(RemoteFailure, match="publish to zenodo:2 to make a new version of it"):
        sent(later, "zenodo:")
    assert sent(later, "zenodo:2").latest == "https://doi.org/10.5072/zenodo.4"
    records = zenodo_service.records.values()
    assert [each["metadata"]["version"] for each in records] == ["0.1.0", "0.2.0"]
    time.sleep(LATE)
    # More versions than a page of the search has; the number is that of all versions.
    last = archived(package, tmp_path, "0.3.0")
    sent(last, "zenodo:1")
    time.sleep(LATE)
    with pytest.raises(RemoteFailure, match="is published already"):
        sent(last, "zenodo:2")
    older = archived(package, tmp_path, "0.1.1")
    with pytest.raises(RemoteFailure, match=r"expected no newer version, got 0\."):
        sent(older, "zenodo:2")
    assert len(records) == 3
    assert len({each["parent"]["id"] for each in records}) == 1


@on_zenodo
def test_a_file_is_sent_again_where_the_service_is_busy(
    place: Place, zenodo_service: Zenodo, first: Path
) -> None:
    zenodo_service.stop("PUT /api/records/2/draft/files/README.md", waits=False)
    sent(first, place.dest)
    assert place.held().items() <= files(first).items()
    assert len([each for each in place.changes() if "README.md/content" in each]) == 2


@on_zenodo
def test_a_draft_with_other_files_is_not_published(
    place: Place, zenodo_service: Zenodo, first: Path
) -> None:
    zenodo_service.stop("publish", waits=False)
    with pytest.raises(RemoteFailure, match="got 503"):
        sent(first, place.dest)
    zenodo_service.files["2"]["notes.txt"] = {"key": "notes.txt", "status": "completed"}
    time.sleep(LATE)
    with pytest.raises(RemoteFailure, match=r"notes\.txt; discard the draft and publish again"):
        sent(first, place.dest)


@on_zenodo
def test_metadata_that_a_doi_needs_are_asked_for_before_anything_is_sent(
    place: Place, zenodo_service: Zenodo, package: Path, tmp_path: Path
) -> None:
    poor = archived(package, tmp_path, contributors=None, licenses=None)
    with pytest.raises(InvalidInput, match="contributors with names, a licence with a name"):
        sent(poor, place.dest)
    assert zenodo_service.log == []


def described(package: Path, folder: Path, **about: Any) -> dict[str, Any]:
    """The metadata for Zenodo of a release whose descriptor has these members."""
    path = archived(package, folder, **about)
    return metadata(release_of(path, folder / "spill"))


def test_metadata_follow_the_descriptor(package: Path, tmp_path: Path) -> None:
    people = [
        {
            "title": "Ada Sol",
            "givenName": "Ada",
            "familyName": "Sol",
            "roles": ["creator"],
            "path": "https://orcid.org/0000-0002-1825-0097",
            "organization": "An institute",
        },
        {"title": "A press office", "roles": ["contact"]},
    ]
    found = described(
        package,
        tmp_path,
        contributors=people,
        description="One & <two>.\n\nThree.",
        licenses=[{"name": "CC-BY-4.0"}, {"title": "Own terms", "path": "https://example.org/t"}],
    )
    orcid = {"scheme": "orcid", "identifier": "0000-0002-1825-0097"}
    person = {"type": "personal", "family_name": "Sol", "given_name": "Ada", "identifiers": [orcid]}
    office = {"type": "organizational", "name": "A press office"}
    assert found["creators"] == [
        {"person_or_org": person, "affiliations": [{"name": "An institute"}]}
    ]
    assert found["contributors"] == [{"person_or_org": office, "role": {"id": "contactperson"}}]
    assert found["rights"] == [
        {"id": "cc-by-4.0"},
        {"title": {"en": "Own terms"}, "link": "https://example.org/t"},
    ]
    assert found["description"] == "<p>One &amp; &lt;two&gt;.</p><p>Three.</p>"
    assert found["resource_type"] == {"id": "dataset"}
    assert found["publication_date"] == "2024-06-30"
    assert found["version"] == "0.1.0"
    assert {"subject": "news"} in found["subjects"]


@pytest.mark.parametrize(
    ("about", "missing"),
    [
        ({"title": None}, "a title"),
        ({"created": "soon"}, "created, a date"),
        ({"contributors": [{"email": "a@example.org"}]}, "contributors with names"),
        ({"licenses": [{"name": "other-open"}]}, "a licence with a name"),
    ],
)
def test_metadata_that_are_missing_are_named(
    package: Path, tmp_path: Path, about: dict[str, Any], missing: str
) -> None:
    with pytest.raises(InvalidInput, match=f"expected {missing} in datapackage.json"):
        described(package, tmp_path, **about)


# GitHub


@pytest.fixture
def github_service(place: Place) -> GitHub:
    service = place.services[0]
    assert isinstance(service, GitHub)
    return service


on_github = pytest.mark.parametrize("place", ["github"], indirect=True)


@on_github
def test_the_latest_release_is_the_highest_version(
    place: Place, github_service: GitHub, package: Path, tmp_path: Path
) -> None:
    latest = []
    # The list of releases has more than one page.
    for version in ("0.9.0", "0.10.0", "0.9.1", "1.0.0-rc.1"):
        path = archived(package, tmp_path, version)
        sent(path, place.dest)
        assert github_service.latest is not None
        latest.append(github_service.releases[github_service.latest]["tag_name"])
    assert latest == ["v0.9.0", "v0.10.0", "v0.10.0", "v0.10.0"]
    releases = list(github_service.releases.values())
    assert [each["prerelease"] for each in releases] == [False, False, False, True]
    assert releases[0]["name"] == "Dateline example dataset 0.9.0"
    assert releases[0]["body"] == "## 0.9.0\n\nNews."
    with pytest.raises(RemoteFailure, match="is published already"):
        sent(tmp_path / "dateline-example-0.9.0", place.dest)


@on_github
def test_an_upload_that_was_broken_off_is_sent_again(
    place: Place, github_service: GitHub, first: Path
) -> None:
    place.services[1].stop("name=README.md", waits=False)
    with pytest.raises(RemoteFailure, match="got 503"):
        sent(first, place.dest)
    broken = {"id": 99, "name": "README.md", "state": "starter", "size": 0}
    github_service.releases[1]["assets"].append(broken)
    github_service.content[99] = b""
    sent(first, place.dest)
    assert place.held().items() <= files(first).items()


# Hugging Face


@pytest.fixture
def hub_service(place: Place) -> Hub:
    service = place.services[0]
    assert isinstance(service, Hub)
    return service


on_hub = pytest.mark.parametrize("place", ["hf"], indirect=True)


@on_hub
def test_the_card_of_the_hub_says_what_the_parquet_files_are(
    place: Place, hub_service: Hub, example_package: Path, tmp_path: Path
) -> None:
    from huggingface_hub import DatasetCard

    first = archived(small(example_package, tmp_path / "small"), tmp_path)
    sent(first, place.dest)
    files = hub_service.commits[hub_service.main]
    text = hub_service.content(files["README.md"]).decode()
    assert text.endswith((first / "README.md").read_text("utf-8"))
    said: Any = DatasetCard(text).data
    assert said["license"] == "cc-by-4.0"
    assert "news" in said["tags"]
    paths = [each["data_files"] for each in said["configs"]]
    assert sorted(paths) == sorted(path for path in files if path.endswith(".parquet"))
    for each in said["configs"]:
        assert each["data_files"] == f"data/{each['config_name']}.parquet"
        assert pq.read_metadata(first / each["data_files"]).num_rows > 0


@on_hub
def test_a_later_version_leaves_no_file_of_an_earlier_one(
    place: Place, hub_service: Hub, package: Path, tmp_path: Path
) -> None:
    earlier = archived(package, tmp_path, "0.1.0", extra={"NOTICE.txt": "Once."})
    sent(earlier, place.dest)
    assert "NOTICE.txt" in hub_service.commits[hub_service.main]
    later = archived(package, tmp_path, "0.2.0")
    sent(later, place.dest)
    assert "NOTICE.txt" not in hub_service.commits[hub_service.main]
    assert ".gitattributes" in hub_service.commits[hub_service.main]
    assert "NOTICE.txt" in hub_service.commits[hub_service.tags["v0.1.0"]]
    between = archived(package, tmp_path, "0.1.1")
    with pytest.raises(RemoteFailure, match=r"expected no newer version, got 0\.2\.0"):
        sent(between, place.dest)
    assert len(hub_service.commits) == 3


@on_hub
def test_a_repository_with_other_files_is_left_as_it_is(
    place: Place, hub_service: Hub, first: Path
) -> None:
    hub_service.add({"README.md": b"# Mine\n", "model.bin": b"1"})
    with pytest.raises(RemoteFailure, match="got files of something else; choose another"):
        sent(first, place.dest)
    assert len(hub_service.commits) == 1


def test_a_parquet_file_with_other_columns_than_told_is_not_published(
    package: Path, tmp_path: Path
) -> None:
    found = release_of(archived(package, tmp_path), tmp_path / "spill")
    content: Any = found.descriptor
    del content["resources"][1]["schema"]["fields"][-1]
    with pytest.raises(InvalidInput, match=r"data/words\.parquet: expected the columns"):
        card(found)


@pytest.mark.parametrize(
    ("licences", "said"),
    [
        ([{"name": "ODbL-1.0"}], ["license: odbl"]),
        (
            [{"name": "OGL-UK-3.0", "path": "https://example.org/ogl"}],
            [
                "license: other",
                "license_name: ogl-uk-3.0",
                "license_link: https://example.org/ogl",
            ],
        ),
        ([], []),
    ],
)
def test_a_licence_has_the_name_that_the_hub_knows(
    package: Path, tmp_path: Path, licences: list[dict[str, str]], said: list[str]
) -> None:
    path = archived(package, tmp_path, licenses=licences)
    lines = card(release_of(path, tmp_path / "spill")).decode().split("\n")
    assert [line for line in lines if line.startswith("license")] == said
