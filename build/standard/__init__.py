"""Any data package judged by the Data Package standard: its descriptor, files, cells and keys.

Knows nothing of this tool's own tables: `verify` adds what a package of this tool promises beyond
the standard.
"""
