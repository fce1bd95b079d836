"""Places on the web to publish to: services on loopback, what they hold, where runs end."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import github_service
import hub_service
import zenodo_service
from projects import COMMAND, ENVIRONMENT
from service import Service, served


@dataclass(frozen=True)
class Place:
    """A place: its name for the command, the variables that it needs, the services behind it.

    `token` is the variable that holds the secret. `held` gives the digests of the published version
    by path; `stops` are words of requests, with their services, at which runs end one after the
    other, the first by a kill; `once` are those of a request that none of them repeats.
    """

    dest: str
    environment: dict[str, str]
    token: str
    services: Sequence[Service]
    held: Callable[[], dict[str, str]]
    stops: Sequence[tuple[Service, str]]
    once: str

    @property
    def secret(self) -> str:
        """What no output may show."""
        return self.environment[self.token]

    def changes(self) -> list[str]:
        """The requests that changed something."""
        return [change for each in self.services for change in each.changes()]


@contextmanager
def zenodo() -> Iterator[Place]:
    """Zenodo without a record."""
    service = zenodo_service.Zenodo()

    def held() -> dict[str, str]:
        (record,) = [each for each in service.records.values() if each["is_published"]]
        return {key: _hex(file["bytes"]) for key, file in service.files[record["id"]].items()}

    with served(service) as base:
        variables = {"ZENODO_URL": base, "ZENODO_TOKEN": zenodo_service.TOKEN}
        stops = [(service, "PUT /api/records/2/draft/files/README.md"), (service, "publish")]
        once = "SHA256SUMS/content"
        yield Place("zenodo:", variables, "ZENODO_TOKEN", [service], held, stops, once)


@contextmanager
def github() -> Iterator[Place]:
    """GitHub with a repository without releases."""
    storage = github_service.Storage()
    service = github_service.GitHub(storage)

    def held() -> dict[str, str]:
        (release,) = [each for each in service.releases.values() if not each["draft"]]
        return {a["name"]: _hex(service.content[a["id"]]) for a in release["assets"]}

    with served(storage), served(service) as base:
        variables = {"GITHUB_API_URL": base, "GITHUB_TOKEN": github_service.TOKEN}
        dest = f"github:{github_service.REPOSITORY}"
        # The second is the one that publishes, the third the one that makes it the latest.
        stops = [(storage, "name=README.md"), (service, "PATCH"), (service, "PATCH")]
        once = "name=SHA256SUMS"
        services = [service, storage]
        yield Place(dest, variables, "GITHUB_TOKEN", services, held, stops, once)


@contextmanager
def hub() -> Iterator[Place]:
    """The Hugging Face Hub without the repository."""
    storage = hub_service.Storage()
    service = hub_service.Hub(storage, "owner/data")

    def held() -> dict[str, str]:
        (commit,) = service.tags.values()
        return {path: _hex(service.content(c)) for path, c in service.commits[commit].items()}

    with served(storage), served(service) as base:
        # The store that is faster than LFS has an interface of its own.
        variables = {"HF_ENDPOINT": base, "HF_TOKEN": hub_service.TOKEN}
        variables["HF_HUB_DISABLE_XET"] = "1"
        stops = [(storage, "PUT /storage"), (service, "POST /api/datasets/owner/data/tag")]
        once = "commit/main"
        services = [service, storage]
        yield Place("hf:owner/data", variables, "HF_TOKEN", services, held, stops, once)


def killed(place: Place, service: Service, words: str, release: Path) -> None:
    """A run that is killed at a request."""
    service.stop(words)
    process = subprocess.Popen(
        [*COMMAND, "publish", str(release), place.dest],
        env={**ENVIRONMENT, **place.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert service.stopped.wait(60), process.communicate(timeout=5)
    finally:
        process.kill()
        process.communicate()
        service.go_on()


def _hex(content: bytes) -> str:
    return sha256(content).hexdigest()
