"""Targets by the scheme of what names them.

A target is a module with `opened(dest)`, which gives a Target for as long as a `with` block lasts.
A module whose versions can be had again has `fetched(location, into)` too, which `fetch` calls.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from importlib import import_module
from types import ModuleType

from dateline.build.issues import EnvironmentFailure, UsageError, did_you_mean
from dateline.build.targets.target import Target

# By scheme: the module, and the extra that it needs.
_MODULES = {
    "file": ("folder", ""),
    "s3": ("s3", "s3"),
    "postgres": ("postgresql", "sql"),
    "postgresql": ("postgresql", "sql"),
    "sqlite": ("sqlite", "sql"),
    "duckdb": ("duckdb", ""),
    "oci": ("oci", "oci"),
    "zenodo": ("zenodo", ""),
    "github": ("github", ""),
    "hf": ("hf", "hf"),
}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)


def opened(dest: str) -> AbstractContextManager[Target]:
    """The target that DEST names, for a `with` block; a path without a scheme is a folder.

    UsageError where there is none of its scheme, EnvironmentFailure where its extra is missing.
    """
    target: AbstractContextManager[Target] = module_of(dest).opened(dest)
    return target


def scheme_of(text: str) -> str:
    """The scheme of what is named, in lower case; empty for a path."""
    scheme = _SCHEME.match(text)
    return scheme[1].lower() if scheme else ""


def is_known(text: str) -> bool:
    """Whether a text begins with the scheme of a target."""
    return scheme_of(text) in _MODULES


def module_of(dest: str) -> ModuleType:
    """The module of the target that DEST names; errors as for `opened`."""
    scheme = scheme_of(dest) or "file"
    if scheme not in _MODULES:
        known = ", ".join(f"{name}:" for name in _MODULES)
        hint = did_you_mean(scheme, _MODULES)
        raise UsageError(f"expected a folder or one of {known}; got {scheme}:{hint}")
    name, extra = _MODULES[scheme]
    try:
        return import_module(f"dateline.build.targets.{name}")
    except ModuleNotFoundError as error:
        if not extra:
            raise
        raise EnvironmentFailure(
            f"{scheme}: needs {error.name}; install it with `pip install 'dateline[{extra}]'`"
        ) from None
