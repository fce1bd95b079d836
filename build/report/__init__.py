"""Reports in the forms that people, programs and CI systems read; each the same for equal reports.

Values of anybody's data reach a terminal with their control characters escaped.
"""

from __future__ import annotations

from collections.abc import Callable

from dateline.build.issues import Report
from dateline.build.report.github import as_github
from dateline.build.report.junit import as_junit
from dateline.build.report.sarif import as_sarif
from dateline.build.report.text import as_text, summary
from dateline.build.report.values import as_json, dumped

__all__ = ["FORMATS", "as_json", "as_text", "dumped", "summary"]

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}
