"""The steps of a build, in the order they run; each imports only those above it.

What passes between them: bytes with their places (`read`), parsed articles and issues (`check`),
Arrow tables (`assemble`, `merge`), files (`write`), a descriptor (`package`), a report (`verify`).
`batch` and `engine` call them; what stands behind those serves the commands.
"""

STEPS = (
    "issues",
    "waivers",
    "locate",
    "store",
    "read",
    "standard",
    "check",
    "project",
    "assemble",
    "bulk",
    "batch",
    "parts",
    "cache",
    "mapping",
    "shipping",
    "workers",
    "cluster",
    "rules",
    "merge",
    "located",
    "engine",
    "write",
    "evidence",
    "package",
    "verify",
    "staging",
    "produce",
    "validate",
    "report",
    "commands",
    "describe",
    "scaffold",
    "console",
)
