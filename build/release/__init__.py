"""`dateline release`: a version of a dataset that is built, compared, gated, sealed and packed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateline.build.commands import Outcome, project_of, settling
from dateline.build.diff import difference
from dateline.build.diff.bump import at_least
from dateline.build.diff.model import Bump, Difference
from dateline.build.engine import How, Progress, codebook_issue, rule_variables
from dateline.build.issues import Report, UsageError, printable
from dateline.build.produce import Rejected, Settle, produce
from dateline.build.project import CHANGES, Project
from dateline.build.read import Limits
from dateline.build.release import gate
from dateline.build.release.archive import pack
from dateline.build.release.changelog import entry, first_entry
from dateline.build.release.contents import add_ledger, announce_ledger, described, seal
from dateline.build.release.entries import Ask
from dateline.build.release.gate import Refusal
from dateline.build.release.ledger import Gone, ledger
from dateline.build.release.previous import NONE, Previous, previous
from dateline.build.release.reasons import COLUMNS, Reason, read_reasons
from dateline.build.signing import kind_of
from dateline.build.staging import clean_all, place, scratch
from dateline.build.sums import SUFFIX, digest
from dateline.build.verify import Checks, verify
from dateline.schema import TABLES, Codebook, CodebookError, load_codebook

_NOTHING = "nothing was written"


@dataclass(frozen=True)
class Asked:
    """What a release is asked for.

    `previous` is a release or `none`, null for the newest; `out` the folder of releases, null for
    the project's; `key` signs; `reason` is that of all rows that are gone without another.
    """

    previous: str | None = None
    out: Path | None = None
    key: Path | None = None
    reason: str | None = None


class _Refused(Exception):
    """The version must not be released; `difference` is null where nothing was compared."""

    def __init__(self, reasons: Sequence[Refusal], difference: Difference | None = None) -> None:
        super().__init__(f"{len(reasons)} reasons")
        self.reasons = reasons
        self.difference = difference


@dataclass(frozen=True)
class _Release:
    """A release in the making: of what, where to, on what it goes on, and what explains it."""

    project: Project
    codebook: Codebook
    releases: Path
    asked: Asked
    reasons: Sequence[Reason]

    @property
    def version(self) -> str:
        return str(self.project.metadata["version"])

    @property
    def outs(self) -> tuple[Path, Path, Path]:
        """Where the archive, its digest and the folder go, in this order."""
        folder = self.releases / self.project.release
        packed = folder.with_name(f"{folder.name}.zip")
        return packed, packed.with_name(packed.name + SUFFIX), folder


def release(paths: Sequence[str], asked: Asked, how: How, progress: Progress) -> Outcome:
    """Releases the version of a project; what is invalid or refused leaves everything as it was."""
    project, issues = project_of(paths)
    if project is None:
        return Outcome(Report.of(issues), _NOTHING)
    if not project.named:
        raise UsageError("expected a project, got articles; start one with `dateline init`")
    try:
        codebook = load_codebook(project.settings.codebook)
        reasons, wrong = read_reasons(project.changes, codebook)
        if wrong:
            raise Rejected(Report.of([*issues, *wrong]))
        releases = asked.out if asked.out is not None else project.releases
        making = _Release(project, codebook, releases, asked, reasons)
        return _released(making, _strictly(settling(project, issues)), how, progress)
    except Rejected as rejected:
        return Outcome(rejected.report, _NOTHING)
    except CodebookError as error:
        return Outcome(Report.of([codebook_issue(project, error)]), _NOTHING)
    except _Refused as refused:
        return _told_refusal(making, refused)


def _strictly(settle: Settle) -> Settle:
    """As `settle`, but a warning that is not waived rejects too."""

    def strictly(found: Report) -> tuple[Report, Mapping[str, Any]]:
        report, metadata = settle(found)
        if report.issues:
            raise Rejected(report)
        return report, metadata

    return strictly


def _released(making: _Release, settle: Settle, how: How, progress: Progress) -> Outcome:
    if refused := gate.not_semver(making.version):
        raise _Refused(refused)
    if making.asked.key is not None:
        # Nobody waits for a build whose key does not fit.
        kind_of(making.asked.key)
    with scratch(making.outs[-1]) as aside:
        clean_all(making.releases)
        spill, unpacked = aside / "spill", aside / "previous"
        spill.mkdir()
        unpacked.mkdir()
        name, limits = making.project.metadata["name"], Limits(**making.project.settings.limits)
        before = previous(name, making.asked.previous, making.releases, limits, unpacked)
        folder = aside / making.outs[-1].name
        report, _ = produce(
            making.project, how, folder, settle=settle, force=False, progress=progress
        )
        found, gone = _compared(making, before, folder, spill, progress)
        _sealed(making, before, folder, found, gone)
        if errors := verify(folder, Checks(progress=progress)).errors:
            raise Rejected(Report.of([*report.issues, *errors], report.counts))
        pack(folder, aside / making.outs[0].name, described(folder)["created"])
        shutil.rmtree(spill)
        shutil.rmtree(unpacked)
        _place(making, aside)
    return Outcome(report, *_told(making, report, before, found))


def _compared(
    making: _Release, before: Previous | None, folder: Path, spill: Path, progress: Progress
) -> tuple[Difference | None, list[Gone]]:
    """What differs from the release before, null where there is none, and what is gone.

    The ledger is in the package then. Raises _Refused where the gate is shut, Rejected where the
    reasons cannot hold.
    """
    project, reasons = making.project, making.reasons if before is not None else ()
    old = before.folder if before is not None else None
    ask = Ask(
        old,
        folder,
        making.version,
        project.settings.profile,
        making.codebook,
        reasons,
        making.asked.reason,
    )
    # Before anything is compared: releases are.
    announce_ledger(folder, making.codebook, rule_variables(project))
    refused, found = gate.exists(making.version, making.outs), None
    with ledger(ask, spill) as told:
        if before is not None:
            found = difference(str(old), str(folder), listener=told.hear, progress=progress)
            refused += gate.bumps(found, before.version, making.version)
        told.settle()
        if wrong := told.wrong:
            raise Rejected(Report.of(wrong))
        refused += gate.ids(told.missing, told.returned)
        if refused:
            raise _Refused(refused, found)
        add_ledger(folder, told.rows(), making.codebook)
        return found, told.gone


def _sealed(
    making: _Release,
    before: Previous | None,
    folder: Path,
    found: Difference | None,
    gone: Sequence[Gone],
) -> None:
    content = described(folder)
    day = datetime.fromisoformat(content["created"]).astimezone(UTC).strftime("%Y-%m-%d")
    if found is None:
        rows = {each["name"]: each.get("dateline:rows", 0) for each in content["resources"]}
        text = first_entry(making.version, day, {name: rows[name] for name in TABLES})
    else:
        text = entry(making.version, day, found, gone)
    old = before.folder if before is not None else None
    seal(folder, making.codebook, text, old, making.asked.key, day)


def _place(making: _Release, aside: Path) -> None:
    try:
        place(aside, making.outs)
    except FileExistsError:
        # Another run was faster.
        raise _Refused(gate.exists(making.version, making.outs)) from None


def _told(
    making: _Release, report: Report, before: Previous | None, found: Difference | None
) -> tuple[str, dict[str, Any]]:
    packed, _, folder = making.outs
    bump = gate.bump_of(found).name.lower() if found is not None else None
    since = f"a {bump} change" if bump != "none" else "nothing but the version changed"
    why = f"no earlier one in {making.releases}, and --previous names none elsewhere"
    if making.asked.previous == NONE:
        why = f"--previous is {NONE}"
    lines = [
        f"{since} from {before.version} to {making.version}"
        if before is not None
        else f"the first release, {making.version}: {why}",
        f"released {folder} and {packed.name}",
        f"next: read {folder / 'CHANGELOG.md'}, check it with `dateline validate {folder}`",
    ]
    made = {
        "release": str(folder),
        "archive": str(packed),
        "sha256": digest(packed),
        "version": making.version,
        "previous": before.version if before is not None else None,
        "bump": bump,
    }
    return "\n".join(lines), made


def _told_refusal(making: _Release, refused: _Refused) -> Outcome:
    lines = [f"{each.rule}  {each.message}" for each in refused.reasons]
    made: dict[str, Any] = {"refused": [each.values for each in refused.reasons]}
    found = refused.difference
    if found is not None:
        bump = gate.bump_of(found)
        wanted = at_least(found.versions[0], max(bump, Bump.PATCH))
        made |= {"bump": bump.name.lower(), "at_least": wanted}
    answers = [each.line for each in refused.reasons if each.line is not None]
    if answers:
        file = making.project.changes or making.project.root / CHANGES
        lines += [f"lines for {file} ({', '.join(COLUMNS)}), or give --reason for all:", *answers]
    text = "\n".join([*map(printable, lines), f"{making.project.release} is refused; {_NOTHING}"])
    return Outcome(Report(), text, made, code=4)
