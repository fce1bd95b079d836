"""Where this tool and frictionless differ on other people's packages.

Ids are those of docs/differences.md, which says what decides. Cases are named as in the index of
the folder that DATELINE_FIXTURES names (test_conformance.py).
"""

# Every error of a descriptor counts as one: both tools stop there, and divide it in other ways.
DESCRIPTOR = "descriptor"
LABELS = ("incorrect-label", "missing-label", "extra-label", "extra-cell", "missing-cell")

# The codes that may differ because of a difference.
DIFFERENCES: dict[str, tuple[str, ...]] = {
    "array-item": ("type-error", "constraint-error"),
    "categories": ("constraint-error",),
    "contributor-empty": (DESCRIPTOR,),
    "contributor-roles": (DESCRIPTOR,),
    "custom-profile": (DESCRIPTOR,),
    "custom-property": (DESCRIPTOR, "row-count"),
    "date-lexical": ("type-error",),
    "datetime-lexical": ("type-error",),
    "delimiter-wrong": ("type-error", "missing-label"),
    "digest-after-size": ("hash-count",),
    "duration-bounds": (DESCRIPTOR, "constraint-error"),
    "duration-lexical": ("type-error",),
    "enum-of-list": (DESCRIPTOR,),
    "field-name-repeated": (DESCRIPTOR,),
    "foreign-key-null-part": ("foreign-key",),
    "foreign-key-target": (DESCRIPTOR, "foreign-key"),
    "geopoint-numbers": ("type-error",),
    "hash-algorithm": ("hash-count",),
    "header-case": (DESCRIPTOR, "type-error", "incorrect-label"),
    "header-first-row": ("type-error", *LABELS),
    "hidden-folder": (DESCRIPTOR,),
    "integer-group": ("type-error",),
    "integer-lexical": ("type-error",),
    "json-schema": (DESCRIPTOR, "constraint-error"),
    "key-null": ("primary-key",),
    "line-terminator": (DESCRIPTOR, "incorrect-label", "extra-label"),
    "null-sequence": ("constraint-error",),
    "number-lexical": ("type-error",),
    "resources-none": (DESCRIPTOR,),
    "source-empty": (DESCRIPTOR,),
    "source-path": (DESCRIPTOR,),
    "time-lexical": ("type-error",),
    "unique-keys": (DESCRIPTOR, "unique-error", "row-error", "cell-error"),
    "year-lexical": ("type-error",),
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
    "standard/dialect-line-terminator": "line-terminator",
    "standard/duplicate-field-names": "field-name-repeated",
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
    "upstream/package-dialect-no-header": "digest-after-size",
    "upstream/package-with-dereferencing": "delimiter-wrong",
    "upstream/package-with-missingvalues-993": "custom-property",
    "validate/test_package_external_profile_invalid_local_from_descriptor_unsafe_trusted": (
        "custom-profile"
    ),
    "validate/test_package_profile_unresolvable_ref_issue_1812": "custom-profile",
    "validate/test_package_validate_geopoint_required_constraint_issue_231": "source-path",
    "validate/test_package_validate_stats_invalid": "digest-after-size",
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
