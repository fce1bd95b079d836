"""The report as JUnit XML, which CI systems show beside test results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from dateline.build.issues import Issue, Report, printable
from dateline.build.report.groups import at, counted, first_place, further, total

PLACES = 5

# Issues of one rule in one file, with the reason where they are waived.
Case = tuple[Sequence[Issue], str | None]


def as_junit(report: Report) -> str:
    """A suite for each file, in it a case for each rule: errors fail, what is waived is skipped.

    Warnings pass and stand in the output of their case. A file without issues has the one case
    `valid`. There are no times.
    """
    suites = _suites(report)
    root = ET.Element("testsuites", name="dateline")
    failed = [_add_suite(root, name, cases) for name, cases in suites.items()]
    root.set("tests", str(sum(max(1, len(cases)) for cases in suites.values())))
    root.set("failures", str(sum(failed)))
    root.set("errors", "0")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _suites(report: Report) -> dict[str, dict[str, Case]]:
    """Cases by their name, by the file of their issues, in the report's order."""
    by_file: dict[str, dict[tuple[str, str | None], list[Issue]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for task in report.tasks:
        by_file[task.place] = defaultdict(list)
    found: list[tuple[Issue, str | None]] = [(issue, None) for issue in report.issues]
    for issue, reason in [*found, *report.waived]:
        by_file[first_place(issue).file][issue.rule, reason].append(issue)
    suites: dict[str, dict[str, Case]] = {
        file: {
            rule if reason is None else f"{rule} (waived: {reason})": (issues, reason)
            for (rule, reason), issues in cases.items()
        }
        for file, cases in by_file.items()
    }
    return suites or {"dateline": {}}


def _add_suite(root: ET.Element, name: str, cases: dict[str, Case]) -> int:
    """How many cases of the suite fail."""
    suite = ET.SubElement(root, "testsuite", name=printable(name))
    if not cases:
        ET.SubElement(suite, "testcase", name="valid", classname=printable(name))
    for case_name, (issues, reason) in cases.items():
        case = ET.SubElement(
            suite, "testcase", name=printable(case_name), classname=printable(name)
        )
        _outcome(case, issues, reason)
    failures = len(suite.findall("testcase/failure"))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return failures


def _outcome(case: ET.Element, issues: Sequence[Issue], reason: str | None) -> None:
    severity = issues[0].severity
    lines = "\n".join(printable(line) for issue in issues for line in _lines(issue))
    if reason is not None:
        ET.SubElement(case, "skipped", message=printable(f"waived: {reason}")).text = lines
    elif severity == "warning":
        ET.SubElement(case, "system-out").text = lines
    else:
        rule, count = issues[0].rule, counted(total(issues), severity)
        message = printable(f"{count}: {issues[0].message}")
        ET.SubElement(case, "failure", type=rule, message=message).text = lines


def _lines(issue: Issue) -> list[str]:
    more = [f"    and {issue.also:,} more"] if issue.also else []
    others = [f"    {line}" for line in further(issue, PLACES)]
    return [f"{at(first_place(issue))}  {issue.rule}  {issue.message}", *others, *more]
