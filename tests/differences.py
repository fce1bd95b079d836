"""Where this tool and frictionless differ on other people's packages, and what decides.

Cases are named as in the index of the folder that DATELINE_FIXTURES names (test_conformance.py).
"""

from dataclasses import dataclass

# Every error of a descriptor counts as one: both tools stop there, and divide it in other ways.
DESCRIPTOR = "descriptor"
LABELS = ("incorrect-label", "missing-label", "extra-label", "extra-cell", "missing-cell")


@dataclass(frozen=True)
class Difference:
    """The sentence of the standard that decides, and the codes that may differ because of it."""

    sentence: str
    types: tuple[str, ...]


DIFFERENCES = {
    "array-item": Difference(
        "a descriptor MAY include any number of properties in additional to those described",
        ("type-error", "constraint-error"),
    ),
    "categories": Difference(
        "The logical representation of data in the field MUST exactly match one of the values in "
        "categories.",
        ("constraint-error",),
    ),
    "contributor-empty": Difference(
        "A Contributor MUST have at least one property.", (DESCRIPTOR,)
    ),
    "contributor-roles": Difference(
        "roles: An array of strings describing the roles of the contributor.", (DESCRIPTOR,)
    ),
    "custom-profile": Difference(
        "A profile is a URL that MUST resolve to a valid JSON Schema descriptor", (DESCRIPTOR,)
    ),
    "custom-property": Difference(
        "a descriptor MAY include any number of properties in additional to those described",
        (DESCRIPTOR, "row-count"),
    ),
    "date-lexical": Difference(
        "The lexical representation MUST be yyyy-mm-dd e.g. 2024-01-26", ("type-error",)
    ),
    "datetime-lexical": Difference(
        "The lexical representation MUST be in a form defined by XML Schema containing required "
        "date and time parts",
        ("type-error",),
    ),
    "delimiter-wrong": Difference(
        "This property specifies the character sequence which separates fields in the data file.",
        ("type-error", "missing-label"),
    ),
    "duration-bounds": Difference(
        "minimum, Fields: integer, number, date, time, datetime, duration, year, yearmonth",
        (DESCRIPTOR, "constraint-error"),
    ),
    "duration-lexical": Difference(
        "We follow the definition of XML Schema duration datatype directly", ("type-error",)
    ),
    "enum-of-list": Difference("enum, Fields: all", (DESCRIPTOR,)),
    "foreign-key-null-part": Difference(
        "They are directly modelled on the concept of foreign keys in SQL.", ("foreign-key",)
    ),
    "foreign-key-target": Difference(
        "describing the field (or fields) references on the destination resource",
        (DESCRIPTOR, "foreign-key"),
    ),
    "geopoint-numbers": Difference(
        "a string parsable as a JSON array, of exactly two items, where each item is a number",
        ("type-error",),
    ),
    "hash-algorithm": Difference(
        "Other algorithms can be indicated by prefixing the hash's value with the algorithm name "
        "in lower-case.",
        ("hash-count",),
    ),
    "header-case": Difference(
        "Except for caseSensitiveHeader and csvddfVersion which are removed, all CSV Dialect "
        "properties are included in Table Dialect",
        (DESCRIPTOR, "type-error", "incorrect-label"),
    ),
    "header-first-row": Difference(
        "If true the first row in the file MUST be interpreted as a header row, not data.",
        ("type-error", *LABELS),
    ),
    "hidden-folder": Difference(
        "hidden folders starting from a dot .hidden MUST NOT be used", (DESCRIPTOR,)
    ),
    "integer-group": Difference(
        "groupChar: A string whose value is used to group digits within the integer.",
        ("type-error",),
    ),
    "integer-lexical": Difference(
        "Integer values are indicated in the standard way for any valid integer.", ("type-error",)
    ),
    "json-schema": Difference(
        "If a field value conforms to the provided JSON Schema then this field value is valid.",
        (DESCRIPTOR, "constraint-error"),
    ),
    "key-null": Difference(
        "the fields cannot be null, so their use in the primary key is equivalent to adding "
        "required: true to their constraints",
        ("primary-key",),
    ),
    "null-sequence": Difference(
        "This property specifies the null sequence, for example, \\N.", ("constraint-error",)
    ),
    "number-lexical": Difference(
        "a non-empty finite-length sequence of decimal digits separated by a period as a decimal "
        "indicator",
        ("type-error",),
    ),
    "resources-none": Difference(
        "The resources property is REQUIRED, with at least one resource.", (DESCRIPTOR,)
    ),
    "source-empty": Difference("A Source object MUST have at least one property.", (DESCRIPTOR,)),
    "source-path": Difference(
        "A URL or Path, that is a fully qualified HTTP address, or a relative POSIX path.",
        (DESCRIPTOR,),
    ),
    "time-lexical": Difference(
        "The lexical representation MUST be hh:mm:ss e.g. 15:00:00", ("type-error",)
    ),
    "unique-keys": Difference(
        "each row has a unique set of logical values in the fields a and b",
        (DESCRIPTOR, "unique-error", "row-error", "cell-error"),
    ),
    "year-lexical": Difference(
        "A calendar year as per XMLSchema gYear. ... as per XMLSchema gYearMonth", ("type-error",)
    ),
}

_HEADER_CASE = "validate/test_missing_primary_key_label_with_shema_sync_issue_1633-source"
# Which difference a case shows.
CASES = {
    "cells/003-array": "array-item",
    "cells/005-array": "array-item",
    "cells/032-integer-default": "integer-lexical",
    "cells/035-list": "integer-lexical",
    "cells/049-number-default": "number-lexical",
    "schema/test_list_read_cell_unsupported_constraint-enum-value1": "enum-of-list",
    "schema/test_validate_required_invalid": "custom-property",
    "standalone/issue-493.csv": "integer-lexical",
    "standalone/issue-811.csv": "integer-lexical",
    "standard/categories-objects": "categories",
    "standard/categories-strings": "categories",
    "standard/composite-foreign-key": "foreign-key-null-part",
    "standard/date-lexical": "date-lexical",
    "standard/datetime-lexical": "datetime-lexical",
    "standard/dialect-null-sequence": "null-sequence",
    "standard/duration-lexical": "duration-lexical",
    "standard/duration-minimum": "duration-bounds",
    "standard/empty-resources": "resources-none",
    "standard/foreign-key-unknown-target": "foreign-key-target",
    "standard/geopoint-array": "geopoint-numbers",
    "standard/hash-sha1-wrong": "hash-algorithm",
    "standard/hash-sha256-upper": "hash-algorithm",
    "standard/hash-sha512-wrong": "hash-algorithm",
    "standard/hidden-folder": "hidden-folder",
    "standard/integer-group": "integer-group",
    "standard/integer-lexical": "integer-lexical",
    "standard/json-schema-as-printed": "json-schema",
    "standard/json-schema-quoted": "json-schema",
    "standard/number-lexical": "number-lexical",
    "standard/package-contributor-empty": "contributor-empty",
    "standard/package-roles-string": "contributor-roles",
    "standard/package-source-empty": "source-empty",
    "standard/primary-key": "key-null",
    "standard/time-lexical": "time-lexical",
    "standard/unique-keys": "unique-keys",
    "standard/unique-keys-unknown-field": "unique-keys",
    "standard/year-lexical": "year-lexical",
    "standard/yearmonth-lexical": "year-lexical",
    "upstream/geopoint-datapackage": "source-path",
    "upstream/multiple-folders.package": "header-first-row",
    "upstream/package-with-dereferencing": "delimiter-wrong",
    "upstream/package-with-missingvalues-993": "custom-property",
    "validate/test_package_external_profile_invalid_local_from_descriptor_unsafe_trusted": (
        "custom-profile"
    ),
    "validate/test_package_profile_unresolvable_ref_issue_1812": "custom-profile",
    "validate/test_package_validate_geopoint_required_constraint_issue_231": "source-path",
    "validate/test_resource_validate_duplicate_labels_ignoring_header_case": "header-case",
    "validate/test_resource_validate_fields_only_distinguished_by_case_are_rejected": (
        "header-case"
    ),
    "validate/test_resource_validate_schema_multiple_errors": "key-null",
    "validate/test_resource_validate_schema_primary_key_error_composite": "key-null",
    "validate/test_resource_validate_stats_rows_invalid": "custom-property",
    "validate/test_validate_resource_ignoring_header_case_issue_1635": "header-case",
    f"{_HEADER_CASE}6-required6-True-0-types_e": "header-case",
    f"{_HEADER_CASE}7-required7-True-0-types_e": "header-case",
}
