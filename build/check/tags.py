"""Codes of other registers in an article's source: its language and its licence (rule 72)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from dateline.build.issues import Finding, shown


def check_tags(source: dict[str, Any]) -> Iterator[Finding]:
    """Findings on a language or licence that no register has."""
    language, licence = source.get("language"), source.get("license")
    if language is not None and not is_language(language):
        message = (
            f"/source/language: expected a BCP 47 tag of registered parts, got {shown(language)}; "
            "take the language's own, such as en, ar or pt-BR, or und where it is not known"
        )
        yield Finding("article-language", "/source/language", message)
    if licence is not None and (known := spdx(licence)) != licence:
        hint = f"write {known}" if known else "take LicenseRef-proprietary where it has none"
        message = (
            "/source/license: expected an SPDX identifier, or one that begins with LicenseRef-, "
            f"got {shown(licence)}; {hint}"
        )
        yield Finding("article-license", "/source/license", message)


@lru_cache
def is_language(tag: str) -> bool:
    """Whether a tag is well formed and each of its parts registered."""
    from langcodes import tag_is_valid

    return tag_is_valid(tag)


@lru_cache
def spdx(licence: str) -> str | None:
    """An SPDX licence expression as SPDX spells it; null for none."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        return None
