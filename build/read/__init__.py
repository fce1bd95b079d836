"""Paths to articles' bytes: which files there are, and each article with the place it starts at."""

from dateline.build.read.articles import Limits, Piece, Record, batches, piece_bytes, records
from dateline.build.read.blocks import Block, block_records, blocks
from dateline.build.read.copies import copied
from dateline.build.read.files import find, label

__all__ = [
    "Block",
    "Limits",
    "Piece",
    "Record",
    "batches",
    "block_records",
    "blocks",
    "copied",
    "find",
    "label",
    "piece_bytes",
    "records",
]
