"""The Hugging Face Hub: a dataset repository, a commit a version, a tag that completes it."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote

import httpx2
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    RepoFile,
    constants,
    get_token,
)
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils.tqdm import disable_progress_bars

from dateline.build.issues import InvalidInput, RemoteFailure, UsageError
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.sums import SUMS, parsed
from dateline.build.targets.hf_card import README, card
from dateline.build.targets.http import AGENT
from dateline.build.targets.layout import file_items
from dateline.build.targets.target import Item, Progress, Release, State
from dateline.build.targets.web import Service, cause, service, understood
from dateline.build.versions import is_newer, is_version

_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", re.ASCII)
_KIND = "dataset"
# Bytes from which a file is sent on its own, so that one that is there is not sent again.
_LARGE = 5_000_000
_MAIN = "main"
# What the Hub itself puts into a new repository.
_OWN = {".gitattributes"}


@contextmanager
def opened(dest: str) -> Iterator[Hub]:
    """A dataset of the Hub, `hf:OWNER/NAME`, as a target; it is made where there is none."""
    repository = dest.partition(":")[2]
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError("expected hf:OWNER/NAME, got something else after the colon")
    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)
    endpoint = os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
    reader = service("Hugging Face", "HF_TOKEN", endpoint, get_token())
    api = HfApi(endpoint=endpoint.rstrip("/"), token=reader.token, user_agent=AGENT)
    with reader.session, understood("Hugging Face"):
        yield Hub(repository, api, reader)


class Hub:
    """A dataset repository: written by the Hub's own library, read back without it."""

    def __init__(self, repository: str, api: HfApi, reader: Service) -> None:
        self._repository = repository
        self._api = api
        self._reader = reader
        # The commit of the version: that of this run, or what a run before has left.
        self._commit_id: str | None = None
        self._tagged = False

    def shown(self, release: Release) -> str:
        """The repository and the tag of the version."""
        return f"hf:{self._repository} {_tag(release.version)}"

    def items(self, release: Release) -> Sequence[Item]:
        """The files of the release, with the card in place of its README."""
        text = card(release)
        kept = [each for each in file_items(release) if each.path != README]
        return [kept[0], _card_item(release, text), *kept[1:]]

    def state(self, release: Release) -> State:
        """By the tag of the version; where there is none, by the sums on the main branch."""
        tags = self._tags()
        claim = file_items(release)[0]
        if _tag(release.version) in tags:
            if self._digest(claim, _tag(release.version)) == claim.sha256:
                return "complete"
            raise RemoteFailure(
                f"{self.shown(release)}: expected this release or none, got another one with this "
                "tag; a published version never changes: release a higher one"
            )
        versions = [tag.removeprefix("v") for tag in tags]
        for version in versions:
            if is_version(version) and is_newer(version, release.version):
                raise RemoteFailure(
                    f"{self.shown(release)}: expected no newer version, got {version}; the main "
                    "branch has the newest, so an older version has to come first"
                )
        return "begun" if self._digest(claim, _MAIN) == claim.sha256 else "absent"

    def held(self, release: Release, item: Item) -> str | None:
        """The digest of a file of the commit; of the last one as soon as there is the tag."""
        if item.path == DESCRIPTOR and _tag(release.version) not in self._tags():
            return None
        return self._digest(item, self._committed())

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """With the first item all files are sent and committed; with the last the tag is made."""
        if item.path == SUMS:
            self._commit(release, progress)
        if item.path == DESCRIPTOR:
            self._complete(release)

    def point(self, release: Release) -> str | None:
        """The main branch, where it has just been tagged as the version."""
        return f"{self._reader.base}datasets/{self._repository}" if self._tagged else None

    def _committed(self) -> str:
        """The commit of the version, which is that of the main branch when it is first asked."""
        if self._commit_id is None:
            with self._telling():
                info = self._api.repo_info(self._repository, repo_type=_KIND, revision=_MAIN)
            self._commit_id = str(info.sha)
        return self._commit_id

    def _tags(self) -> list[str]:
        with self._telling():
            try:
                refs = self._api.list_repo_refs(self._repository, repo_type=_KIND)
            except RepositoryNotFoundError as error:
                if error.response.status_code != 404:
                    raise
                return []
        return [each.name for each in refs.tags]

    def _digest(self, item: Item, revision: str) -> str | None:
        base = f"datasets/{self._repository}/resolve/{quote(revision, safe='')}"
        return self._reader.digest(f"{base}/{quote(item.path)}", item.bytes)

    def _commit(self, release: Release, progress: Progress) -> None:
        """Sends large files one by one, then the others, and makes them one commit."""
        text = card(release)
        with self._telling():
            self._api.create_repo(self._repository, repo_type=_KIND, exist_ok=True)
            parent = self._api.repo_info(self._repository, repo_type=_KIND, revision=_MAIN).sha
            stale = self._stale(release, str(parent))
            files = file_items(release)
            additions = [
                CommitOperationAdd(f.path, text if f.path == README else str(f.file)) for f in files
            ]
            if README not in release.sums:
                additions.append(CommitOperationAdd(README, text))
            large = [each for each in additions if each.upload_info.size >= _LARGE]
            for done, addition in enumerate(large, 1):
                self._api.preupload_lfs_files(
                    self._repository, [addition], repo_type=_KIND, free_memory=False
                )
                progress(SUMS, done, len(large))
            made = self._api.create_commit(
                self._repository,
                [*additions, *(CommitOperationDelete(path) for path in stale)],
                commit_message=f"{release.name} {release.version}",
                repo_type=_KIND,
                # Refused where somebody else has made another commit in between.
                parent_commit=parent,
            )
        self._commit_id = made.oid

    def _stale(self, release: Release, commit: str) -> list[str]:
        """The files of a commit that an earlier version had and this one has not.

        RemoteFailure where files are there that no version of it has put there.
        """
        tree = self._api.list_repo_tree(
            self._repository, repo_type=_KIND, revision=commit, recursive=True
        )
        there = {each.path for each in tree if isinstance(each, RepoFile)} - _OWN
        earlier = self._earlier(commit) if SUMS in there else set()
        if there and DESCRIPTOR not in earlier:
            raise RemoteFailure(
                f"{self.shown(release)}: expected a new repository or an earlier version, got "
                "files of something else; choose another repository"
            )
        return sorted((earlier & there) - set(release.sums) - {README})

    def _earlier(self, commit: str) -> set[str]:
        address = f"datasets/{self._repository}/resolve/{commit}/{SUMS}"
        answer = self._reader.ask("GET", address)
        assert answer is not None
        try:
            return set(parsed(answer.text))
        except InvalidInput:
            return set()

    def _complete(self, release: Release) -> None:
        """Tags the commit, whose last file is the release's too."""
        commit = self._committed()
        last = self.items(release)[-1]
        if self._digest(last, commit) != last.sha256:
            raise RemoteFailure(
                f"{self.shown(release)}: expected the commit of the release, got another one; "
                "publish again"
            )
        with self._telling():
            self._api.create_tag(
                self._repository, tag=_tag(release.version), revision=commit, repo_type=_KIND
            )
        self._tagged = True

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turns what the library raises into a failure in one line, without the token."""
        try:
            yield
        except json.JSONDecodeError:
            # No word of the service's, but another form of answer.
            raise
        except (httpx2.HTTPError, ConnectionError, RuntimeError, ValueError) as error:
            raise self._told(error) from None

    def _told(self, error: Exception) -> RemoteFailure:
        behind = [error, *([error.__cause__] if error.__cause__ is not None else [])]
        for each in behind:
            if isinstance(each, HfHubHTTPError):
                return self._refused(each)
            if isinstance(each, httpx2.HTTPError):
                return RemoteFailure(
                    f"Hugging Face: expected an answer, got none ({cause(each)}); check the "
                    "address and the network, then repeat the command: it goes on where it stopped"
                )
        said = " ".join(" ".join(map(str, behind)).split())[:300].replace(self._reader.token, "…")
        return RemoteFailure(f"hf:{self._repository}: cannot be published: {said}")

    def _refused(self, error: HfHubHTTPError) -> RemoteFailure:
        answer = error.response
        said = str(error.server_message or "").replace(self._reader.token, "…")
        got = f"{answer.status_code} {answer.reason_phrase}{f' ({said[:300]})' if said else ''}"
        if answer.status_code in (401, 403):
            return RemoteFailure(
                f"hf:{self._repository}: expected a token that may write here in HF_TOKEN, got "
                f"{got}; give one with the rights that the documentation names"
            )
        return RemoteFailure(f"hf:{self._repository}: expected success, got {got}")


def _tag(version: str) -> str:
    return f"v{version}"


def _card_item(release: Release, text: bytes) -> Item:
    """The card, which lies in no file: it is made of the README and the descriptor."""
    sha256 = hashlib.sha256(text).hexdigest()
    return Item(README, release.folder / README, len(text), sha256)
