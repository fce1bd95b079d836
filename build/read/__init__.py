"""Paths to articles' bytes: which files there are, and each article with the place it starts at."""

from dateline.build.read.articles import Limits, Record, batches, records
from dateline.build.read.files import find, label

__all__ = ["Limits", "Record", "batches", "find", "label", "records"]
