"""Annotated news articles on conflict, checked and published as tables.

`dateline.schema` says what the tables hold, `dateline.build` makes them step by step,
`dateline.cli` is the command line.
"""

__version__: str


def __getattr__(name: str) -> str:
    """Version of the installed distribution, as `__version__`."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Here and not above: reading the metadata takes longer than starting the command line.
    from importlib.metadata import version

    return version("dateline")
