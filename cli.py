"""The command line: options and one call each; results on stdout, messages on stderr.

Exit codes: 0 done and valid · 1 the data are invalid · 2 wrong usage · 3 the environment or I/O
failed · 4 the version must be another · 5 a remote refused or failed. Heavy imports stand inside
the commands, so that `--help` is instant.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

FORMATS = ("table", "table-schema", "json-schema", "arrow", "sql", "markdown")
REPORTS = ("text", "json", "github", "sarif", "junit")
UNITS = (
    "code-points",
    "utf-16",
    "newlines",
    "graphemes",
    "bytes",
    "code-points-inclusive",
    "utf-16-inclusive",
)
PROFILES = ("quotes", "no_verbatim", "full")
REASONS = ("correction", "new_information", "duplicate", "out_of_scope", "privacy")

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on stdout and nothing else."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print no messages on stderr.")
jobs_option = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    show_default="the cores",
    help="How many processes check articles.",
)


class Commands(click.Group):
    """The commands, with every error that stops one turned into a line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; no traceback reaches a user for what a user can mend."""
        from dateline.build.issues import DatelineError
        from dateline.schema import CodebookError

        try:
            return super().invoke(ctx)
        except CodebookError as error:
            stop(str(error), 1)
        except DatelineError as error:
            stop(str(error), error.exit_code)
        except UnicodeEncodeError:
            stop("a path whose name is not UTF-8 cannot be used; rename it", 3)
        except BrokenPipeError:
            # The reader has seen enough, as `head` does: click ends without a word.
            raise
        except OSError as error:
            stop(f"{error.filename or 'input or output'}: {(error.strerror or str(error))}", 3)


def stop(message: str, code: int) -> NoReturn:
    """Ends the command with a line on stderr and an exit code."""
    from dateline.build.issues import printable

    click.echo(f"Error: {printable(message)}", err=True)
    sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline")
def main() -> None:
    """Turn annotated news articles into data that others can load, cite and check."""


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option
def init(folder: Path, as_json: bool) -> None:
    """Write a new project into DIR, which must be new or empty."""
    from dateline.build.scaffold import scaffold

    show(scaffold(folder), as_json)


@main.command(short_help="Say whether articles, projects or packages are valid.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@jobs_option
@click.option(
    "--format",
    "form",
    type=click.Choice(REPORTS),
    default="text",
    help="Form of the report.",
)
@click.option("--allow-remote", is_flag=True, help="Fetch what a package names by its address.")
@click.option(
    "--reference",
    is_flag=True,
    help="Judge every article by jsonschema and every cell by frictionless too; takes far longer.",
)
@click.option(
    "--allowed-signers",
    "signers",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who may sign a release: allowed signers of OpenSSH, or a public key of minisign.",
)
@json_option
@quiet_option
def validate(
    paths: tuple[str, ...],
    strict: bool,
    jobs: int,
    form: str,
    allow_remote: bool,
    reference: bool,
    signers: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say whether articles, projects or packages are valid, and where they are not."""
    from dateline.build.commands import validate as run
    from dateline.build.console import progress
    from dateline.build.validate import Asked

    with progress(quiet=quiet) as told:
        outcome = run(paths, Asked(jobs, allow_remote, reference, signers), told)
    finish(outcome, "json" if as_json else form, quiet, strict=strict)


@main.command(short_help="Check annotated articles and write a data package.")
@click.argument("paths", metavar="[PATH...]", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the package.")
@click.option("--profile", type=click.Choice(PROFILES), help="How much verbatim is published.")
@click.option("--force", is_flag=True, help="Replace a folder that this tool did not write.")
@click.option("--no-cache", is_flag=True, help="Parse every article again.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Who checks articles: processes of this machine, or a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="The cluster's; without it one starts here.")
@click.option(
    "--storage",
    metavar="ADDRESS",
    help="Folder or s3://BUCKET/PATH that all workers reach, where they share no other.",
)
@jobs_option
@json_option
@quiet_option
def build(
    paths: tuple[str, ...],
    out: Path | None,
    profile: str | None,
    force: bool,
    no_cache: bool,
    engine: str,
    scheduler: str | None,
    storage: str | None,
    jobs: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Read, check and assemble annotated articles, and write a data package.

    PATH is a project (default: the current folder), or articles: files, folders, globs.
    """
    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler is for --engine dask")
    if storage is not None and engine != "dask":
        raise click.UsageError("--storage is for --engine dask")
    from dateline.build.workers import start_server

    if engine == "local" and jobs > 1:
        # Its imports take as long as those that follow here.
        start_server()
    from dateline.build.commands import build as run
    from dateline.build.console import progress
    from dateline.build.engine import How

    with progress(quiet=quiet) as told:
        how = How(jobs, not no_cache, engine=engine, scheduler=scheduler, storage=storage)
        outcome = run(paths, out, how, profile=profile, force=force, progress=told)
    finish(outcome, "json" if as_json else "text", quiet)


@main.command(short_help="Build, compare, gate, seal and pack a version of a project.")
@click.argument("project", metavar="[PROJECT]", required=False)
@click.option(
    "--previous",
    metavar="PATH|none",
    help="The release before; without it the newest in the folder of releases.",
)
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder of the releases."
)
@click.option(
    "--sign",
    "key",
    metavar="KEY",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Sign with a key of OpenSSH or a secret key of minisign.",
)
@click.option(
    "--reason",
    type=click.Choice(REASONS),
    help="Why rows are gone that the file of reasons does not name.",
)
@jobs_option
@json_option
@quiet_option
def release(
    project: str | None,
    previous: str | None,
    out: Path | None,
    key: Path | None,
    reason: str | None,
    jobs: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Release the version of PROJECT (default: the current folder), which never changes then."""
    from dateline.build.workers import start_server

    if jobs > 1:
        start_server()
    from dateline.build.console import progress
    from dateline.build.engine import How
    from dateline.build.release import Asked
    from dateline.build.release import release as run

    with progress(quiet=quiet) as told:
        paths = [project] if project is not None else []
        outcome = run(paths, Asked(previous, out, key, reason), How(jobs), told)
    finish(outcome, "json" if as_json else "text", quiet, strict=True)


@main.command("import", short_help="Turn the files of an annotation tool into annotated articles.")
@click.argument("form", metavar="FORMAT", required=False)
@click.argument("paths", metavar="SRC...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--into", metavar="DIR", type=click.Path(path_type=Path), help="Folder of the articles."
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What labels mean; without it the format's own.",
)
@click.option(
    "--metadata",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV or TSV of publishers, dates and addresses, a row a document.",
)
@click.option("--language", help="The language of all documents, as BCP 47 has it.")
@click.option("--publisher", help="The publisher of all documents.")
@click.option("--annotator", metavar="NAME", help="Take what one annotator has made.")
@click.option("--adjudicated", is_flag=True, help="Take what annotators have agreed on.")
@click.option("--each-annotator", is_flag=True, help="Take each annotator's as an own article.")
@click.option("--unit", type=click.Choice(UNITS), help="What the offsets of all documents count.")
@click.option(
    "--option", "options", metavar="NAME=VALUE", multiple=True, help="An option of the format."
)
@click.option("--list", "as_list", is_flag=True, help="List the formats and their options.")
@click.option("--describe", is_flag=True, help="Show labels with counts, and a mapping to edit.")
@click.option("--force", is_flag=True, help="Replace a folder that this tool did not write.")
@json_option
@quiet_option
def import_(
    form: str | None,
    paths: tuple[Path, ...],
    into: Path | None,
    mapping: Path | None,
    metadata: Path | None,
    language: str | None,
    publisher: str | None,
    annotator: str | None,
    adjudicated: bool,
    each_annotator: bool,
    unit: str | None,
    options: tuple[str, ...],
    as_list: bool,
    describe: bool,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Turn the files of an annotation tool, in a FORMAT, into annotated articles in DIR."""
    from dateline.build import imports
    from dateline.build.console import progress
    from dateline.build.formats.annotators import Choice

    if as_list:
        show(imports.listed(), as_json)
        return
    if form is None or not paths:
        raise click.UsageError("expected a FORMAT and its files; --list shows the formats")
    if sum([annotator is not None, adjudicated, each_annotator]) > 1:
        raise click.UsageError("expected one of --annotator, --adjudicated and --each-annotator")
    chosen = dict(_pair(option) for option in options)
    with progress(quiet=quiet) as told:
        if describe:
            show(imports.describe(form, paths, chosen, told), as_json)
            return
        if into is None:
            raise click.UsageError("expected a folder for the articles; name it with --into")
        about = {"language": language, "publisher": publisher}
        given = imports.Given(
            mapping,
            metadata,
            {name: value for name, value in about.items() if value is not None},
            Choice(annotator, adjudicated, each_annotator),
            unit,
            chosen,
        )
        outcome = imports.run(form, paths, into, given, force=force, progress=told)
    finish(outcome, "json" if as_json else "text", quiet)


def _pair(option: str) -> tuple[str, str]:
    name, equals, value = option.partition("=")
    if not equals:
        raise click.UsageError(f"expected --option NAME=VALUE, got {option}")
    return name, value


@main.command(short_help="Write articles in the form of another system.")
@click.argument("form", metavar="FORMAT", type=click.Choice(["w3c"]))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of what is written.",
)
@click.option("--force", is_flag=True, help="Replace a folder that this tool did not write.")
@jobs_option
@json_option
@quiet_option
def export(
    form: str,
    paths: tuple[str, ...],
    into: Path,
    force: bool,
    jobs: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write valid articles as W3C Web Annotation (w3c), which `import` reads without a loss."""
    from dateline.build.console import progress
    from dateline.build.export import export as run
    from dateline.build.validate import Asked

    del form
    with progress(quiet=quiet) as told:
        outcome = run(paths, into, Asked(jobs), force=force, progress=told)
    finish(outcome, "json" if as_json else "text", quiet)


@main.command(short_help="Say what changed between two packages, and which version that asks for.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--changes",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of all that differs in rows, as Parquet.",
)
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the answer as a page too.",
)
@click.option("--allow-remote", is_flag=True, help="Fetch packages and what they name.")
@click.option("--force", is_flag=True, help="Replace a folder that this tool did not write.")
@json_option
@quiet_option
def diff(
    old: str,
    new: str,
    changes: Path | None,
    html: Path | None,
    allow_remote: bool,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say what changed from the package OLD to NEW, and which version that asks for."""
    from dateline.build.console import progress
    from dateline.build.diff.command import diff as run

    with progress(quiet=quiet) as told:
        answer = run(
            old,
            new,
            allow_remote=allow_remote,
            changes=changes,
            html=html,
            force=force,
            progress=told,
        )
    show(answer, as_json)


@main.command(short_help="Publish a release: folder, object store, database, web service.")
@click.argument("release", metavar="RELEASE", type=click.Path(path_type=Path))
@click.argument("dest", metavar="DEST")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@json_option
@quiet_option
def publish(release: Path, dest: str, dry_run: bool, as_json: bool, quiet: bool) -> None:
    """Publish a RELEASE, a folder or its .zip, at DEST, where its version never changes again.

    DEST is a folder, s3://BUCKET/PREFIX, oci://HOST/REPOSITORY, a postgresql:// address,
    sqlite:FOLDER, duckdb:FOLDER, zenodo:, zenodo:RECORD, github:OWNER/REPOSITORY or hf:OWNER/NAME.
    """
    from dateline.build.console import progress
    from dateline.build.publish import run

    with progress(quiet=quiet) as told:
        outcome = run(release, dest, dry_run=dry_run, progress=told)
    finish(outcome, "json" if as_json else "text", quiet)


@main.command(short_help="Show the columns of tables, or the schema of articles.")
@click.argument("table", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    help="Form of the answer; json-schema is that of the articles.",
)
@click.option("--project", type=click.Path(path_type=Path), help="A project, for its codebook.")
@json_option
def schema(table: str | None, form: str, project: Path | None, as_json: bool) -> None:
    """Show the columns of TABLE, or of all tables, or the schema of the articles."""
    from dateline.build.describe import describe

    show(describe(table, "table-schema" if as_json else form, project), as_json)


@main.command(short_help="Say what a rule means, or list all rules.")
@click.argument("rule", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="Form of the answer; markdown without RULE is a page of them all.",
)
@json_option
def explain(rule: str | None, form: str, as_json: bool) -> None:
    """Say what RULE means, why it exists, and show a bad and a good example; or list all rules."""
    from dateline.build.describe import explain as run

    show(run(rule, form), as_json)


def show(answer: Any, as_json: bool) -> None:
    """Prints an answer, which is text and JSON values, as one of the two."""
    from dateline.build.report import dumped

    click.echo(dumped(answer.values) if as_json else answer.text)


def finish(outcome: Any, form: str, quiet: bool, *, strict: bool = False) -> None:
    """Prints the outcome of a run and ends with its exit code."""
    from dateline.build.report import FORMATS, as_json, summary

    report = outcome.report
    if form == "json":
        click.echo(as_json(report, outcome.made))
    else:
        told = as_terminal_text(outcome) if form == "text" else FORMATS[form](report)
        click.echo(told, nl=bool(told))
        if report.issues and not quiet:
            click.echo(summary(report), err=True)
    sys.exit(1 if report.errors or (strict and report.warnings) else outcome.code)


def as_terminal_text(outcome: Any) -> str:
    """The report and the result as people read them, coloured on a terminal that takes colours."""
    from dateline.build.issues import printable
    from dateline.build.report import as_text

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    result = "\n".join(map(printable, outcome.text.split("\n")))
    return "\n".join(filter(None, [as_text(outcome.report, colour=colour), result]))


if __name__ == "__main__":
    main()
