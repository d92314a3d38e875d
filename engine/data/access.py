"""Which files the datasets of a document may read, and the tables that were read from them.

A document may come from anywhere, and names files as it likes: none is read that nobody has allowed. Who runs the
engine says what is allowed, with `use`; until then nothing is.
"""

import os
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from engine.data.csv import ALL, Table, Wanted, read_csv
from engine.data.outside import real_path
from engine.errors import FileError

MOST_KEPT = 8  # tables that were read and may be asked for again
NOT_ALLOWED, NO_FILE = "not allowed", "no file"  # the kinds of refusals


class Access(Protocol):
    """Gives the table in a file. Raises FileError: it cannot be read, it is not allowed, or it is not there yet."""

    def table(self, path: str, wanted: Wanted = ALL) -> Table: ...


class ReadAtOnce:
    """Reads what is allowed when it is asked for, and again when it has changed. `places` are files or folders."""

    def __init__(self, places: Iterable[str | Path] = (), remedy: str = "") -> None:
        self.places = {str(real_path(place)) for place in places}
        self.remedy = remedy  # a sentence with {path} in it: what to do where a file is not allowed
        self._kept: OrderedDict[tuple[str, Wanted], tuple[tuple[int, int], Table]] = OrderedDict()

    def allow(self, place: str | Path) -> None:
        """From now on this file, or what is in this folder, may be read."""
        self.places.add(str(real_path(place)))

    def may_read(self, path: str) -> bool:
        """Whether a file, with its links followed, is one of the places or in one of them."""
        real = str(real_path(path))
        return any(real == place or real.startswith(place.rstrip(os.sep) + os.sep) for place in self.places)

    def table(self, path: str, wanted: Wanted = ALL) -> Table:
        """The table in a file. Raises FileError."""
        if "\0" not in path and not self.may_read(path):
            raise not_allowed(path, self.remedy.format(path=path))
        stamp = _stamp(path)
        before = self._kept.get((path, wanted))
        if before is not None and before[0] == stamp:
            return before[1]
        table = read_csv(path, wanted)
        self._kept[path, wanted] = stamp, table
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return table


def _stamp(path: str) -> tuple[int, int]:
    """When a file was last written, and its size: what has changed is read again."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_size


def not_allowed(path: str, remedy: str = "") -> FileError:
    """The refusal of a file that nobody has allowed."""
    sentence = f"“{path}” was not read: a document reads another file only when you allow it"
    return FileError(f"{sentence}. {remedy}".strip() if remedy else sentence, kind=NOT_ALLOWED)


_access: Access = ReadAtOnce()


def use(access: Access) -> None:
    """From now on every dataset that names a file asks this one."""
    global _access
    _access = access


def allow_data(*places: str | Path) -> None:
    """Let the datasets of every document read these files, and what is in these folders; nothing else."""
    use(ReadAtOnce(places))


def table_of(path: str, wanted: Wanted = ALL) -> Table:
    """The table in a file that a dataset names. Raises FileError."""
    if not path:
        raise FileError("choose a CSV file for this dataset", kind=NO_FILE)
    return _access.table(path, wanted)
