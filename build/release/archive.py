"""A release as one .zip: the same bytes for the same files, whoever packs them, and when."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from dateline.build.issues import EnvironmentFailure
from dateline.build.standard.paths import Allowance
from dateline.build.standard.unzip import archive, digest
from dateline.build.sums import SUFFIX, digests, lines
from dateline.build.sums import digest as digest_of

_MODE = 0o100644 << 16
_UNIX = 3
# What a .zip can say: from 1980 on, in steps of two seconds.
_FIRST, _LAST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)
_PIECE = 1 << 20


def pack(folder: Path, target: Path, created: str) -> None:
    """Write a folder's files as a .zip with nothing around them, and its digest beside it.

    Every file is of the moment `created` (RFC 3339). Parquet, which is packed already, is stored.
    EnvironmentFailure where what is read back is not what was written.
    """
    moment = min(max(datetime.fromisoformat(created).astimezone(UTC), _FIRST), _LAST)
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    with ZipFile(target, "x") as packed:
        for name, path in sorted(files.items()):
            _add(packed, name, path, moment)
    found, expected = _read_back(target), digests(folder)
    if {name: found.get(name) for name in expected} != expected:
        raise EnvironmentFailure(f"{target}: reads back with other bytes than were written")
    beside = target.with_name(target.name + SUFFIX)
    beside.write_bytes(lines({target.name: digest_of(target)}).encode())


def _add(packed: ZipFile, name: str, path: Path, moment: datetime) -> None:
    info = ZipInfo(name, moment.timetuple()[:6])
    info.create_system, info.external_attr = _UNIX, _MODE
    info.compress_type = ZIP_STORED if path.suffix == ".parquet" else ZIP_DEFLATED
    # Decides in which of two forms sizes are written.
    info.file_size = path.stat().st_size
    with path.open("rb") as source, packed.open(info, "w") as sink:
        shutil.copyfileobj(source, sink, _PIECE)


def _read_back(target: Path) -> dict[str, str]:
    with archive(target) as opened:
        allowance = Allowance(sum(member.file_size for member in opened.members.values()))
        return {name: digest(opened, name, allowance) for name in opened.members}
