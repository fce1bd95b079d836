"""Vocabularies of a package: each file lists what the columns that name it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from dateline.build.issues import Cell, Issue, Place, shown
from dateline.build.standard.model import Package, Resource
from dateline.build.verify.broken import record_lines
from dateline.build.write import VOCABULARY_PREFIX
from dateline.schema import CodebookError, Vocabulary
from dateline.schema.tables import Json
from dateline.schema.vocabulary import read_vocabulary

_RULE = "package-vocabulary"


def vocabulary_issues(package: Package, tables: Sequence[str]) -> list[Issue]:
    """The vocabularies that cannot be read, or differ from the enumeration of a column.

    `tables` are the names of the published tables, whose columns name them. All files are sound.
    """
    named = package.by_name
    read: dict[str, Vocabulary] = {}
    issues: list[Issue] = []
    for name in (name for name in named if name.startswith(VOCABULARY_PREFIX)):
        file = named[name].files[0]
        try:
            read[name] = read_vocabulary(file.local)
        except CodebookError as error:
            message = f"{error.message}; build the package again"
            issues.append(Issue(_RULE, message, (Place(file.path),), cell=Cell(name)))
    said = {resource["name"]: resource for resource in package.descriptor["resources"]}
    for table in tables:
        for column, vocabulary, enum in _enumerations(said[table]):
            if vocabulary not in named:
                message = (
                    f"expected the resource {vocabulary}, which {column} names, got none; build "
                    "the package again"
                )
                issues.append(Issue(_RULE, message, (Place(package.file),)))
            elif vocabulary in read:
                issues += _differences(named[vocabulary], read[vocabulary], column, enum)
    return issues


def _enumerations(resource: Json) -> Iterator[tuple[str, str, Sequence[object]]]:
    """The coded columns of a table: its name and theirs, the vocabulary's resource, the values."""
    for field in resource["schema"]["fields"]:
        vocabulary = field.get("dateline:vocabulary")
        if isinstance(vocabulary, str):
            column = f"{resource['name']}.{field['name']}"
            yield column, vocabulary, field.get("constraints", {}).get("enum", ())


def _differences(
    resource: Resource, vocabulary: Vocabulary, column: str, enum: Sequence[object]
) -> Iterator[Issue]:
    """At most one issue: the first value that is not the one of the enumeration."""
    file = resource.files[0]
    for index, (expected, got) in enumerate(zip_longest(enum, vocabulary.values)):
        if expected != got:
            line = record_lines(file.local, {index}).get(index, 0)
            message = (
                f"expected {'no more values' if expected is None else shown(expected)} as value "
                f"{index + 1}, as in the enumeration of {column}, got "
                f"{'none' if got is None else shown(got)}; build the package again"
            )
            place = Place(file.path, line, row=index + 1)
            yield Issue(_RULE, message, (place,), cell=Cell(resource.name, index + 2, "value", 1))
            return
