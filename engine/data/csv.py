"""A table of numbers and labels, and how a CSV is read as one: whole, or refused with its first bad line."""

import math
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.cells import (
    COLUMNS,
    GAPS,
    CellSpelling,
    Line,
    guarded,
    headed,
    lines,
    names_in,
    no_rows,
    spelling_of,
    unguarded,
)
from engine.data.outside import TABLE, read_bytes, refusal
from engine.data.survey import MOST_CLASSES, MOST_WORDS, Survey, cut, survey
from engine.errors import FileError

__all__ = ["ALL", "Table", "Wanted", "guarded", "parse_csv", "read_csv", "survey_csv", "unguarded"]

Numbers = NDArray[np.float64]
MOST_ROWS_NAMED = 3
MOST_NUMBERS = 32_000_000  # of all rows: 256 MB
MOST_LISTED = 20  # columns that a sentence has room for


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a CSV: its column of labels (empty: the last), and those of features (empty: all others)."""

    label: str = ""
    columns: str = ""  # their names, as a line of a CSV
    header: bool = True  # the first line names the columns
    skips: bool = False  # rows with a gap are left out; or else they are refused

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> "Wanted":
        """As the settings of a dataset say."""
        return cls(chosen["label"], chosen["columns"], chosen["header"], chosen["skips"])


ALL = Wanted()


@dataclass(frozen=True, eq=False)
class Table:
    """Rows as they are: `features` (rows, columns), and of each row its class, by number, or the number to hit."""

    columns: tuple[str, ...]
    features: Numbers
    label: str
    labels: Numbers
    classes: tuple[str, ...] = ()  # empty: the labels are numbers


def read_csv(path: str, wanted: Wanted = ALL) -> Table:
    """A CSV file: columns of numbers, one column of labels.

    Labels that are words, or whole numbers of at most 20 kinds, are classes; any others are numbers to hit. Says how
    far it is; raises FileError, and `where` names the first line that is wrong.
    """
    with naming(path):
        return parse_csv(read_bytes(path, TABLE), wanted)


def survey_csv(path: str, has_header: bool | None = None) -> Survey:
    """What a CSV file holds. Raises FileError, as reading it would."""
    with naming(path):
        return survey(read_bytes(path, TABLE), has_header)


@contextmanager
def naming(path: str) -> Iterator[None]:
    """What is wrong with the text is told of its file."""
    try:
        yield
    except UnicodeDecodeError:
        raise refusal(path, "cannot be read: it is not UTF-8 text") from None
    except FileError as error:
        if not error.where.startswith("line "):
            raise
        raise FileError(error.sentence, where=f"{path}, {error.where}", kind=error.kind) from None


def parse_csv(data: bytes, wanted: Wanted = ALL) -> Table:
    """The table that a CSV's text holds: all of it, or a FileError."""
    spelling = spelling_of(data)
    names, below = headed(lines(data, spelling), wanted.header)
    rows = _Rows(names, wanted, spelling, survey(data, wanted.header) if wanted.skips else None)
    for line in below:
        rows.add(line)
    return rows.table()


class _Rows:
    """Takes the rows one by one, in as little memory as the numbers need."""

    def __init__(self, names: list[str], wanted: Wanted, spelling: CellSpelling, gaps: Survey | None) -> None:
        self.names, self.gaps = names, gaps
        self.at = _place(names, wanted.label) if wanted.label else len(names) - 1
        self.features = _features(names, wanted, self.at)
        self._has_points = not spelling.decimal_comma
        self._spelling, self._used = spelling, [*self.features, self.at]
        self.numbers, self.labels = array("d"), _Labels(names[self.at], spelling)
        self.bad: list[tuple[int, str]] = []  # line and complaint: the first few
        self.bad_count = 0

    def add(self, line: Line) -> None:
        number, cells = line
        if len(self.numbers) >= MOST_NUMBERS:
            raise FileError(f"these are too many numbers: more than {MOST_NUMBERS:,}", where=f"line {number}")
        if self.gaps is not None and not self.gaps.is_usable(cells, self._used):
            return
        try:
            self._take(cells)
        except ValueError as error:
            self.bad_count += 1
            self.bad = [*self.bad, (number, str(error))][: 1 + MOST_ROWS_NAMED]

    def _take(self, cells: list[str]) -> None:
        if len(cells) != len(self.names):
            raise ValueError(f"{len(cells)} cells, but the header has {len(self.names)}")
        numbers = self._quickly([cells[at] for at in self.features])
        if not numbers:  # look again, for what to complain of
            numbers = [self._number(at, cells[at]) for at in self.features]
        self.labels.add(unguarded(cells[self.at].strip()))
        self.numbers.extend(numbers)

    def _quickly(self, cells: list[str]) -> list[float]:
        try:
            numbers = [*map(float, cells)] if self._has_points else [*map(self._spelling.number, cells)]
        except ValueError:
            return []
        return numbers if all(map(math.isfinite, numbers)) else []

    def _number(self, at: int, cell: str) -> float:
        name, said = self.names[at], cell.strip()
        if not said:
            raise ValueError(f"“{name}” is empty")
        try:
            return self._spelling.number(said)
        except ValueError as error:
            raise ValueError(f"“{cut(said)}” in “{name}” {error}") from None

    def table(self) -> Table:
        if self.bad:
            told, where = _complaint(self.bad, self.bad_count), f"line {self.bad[0][0]}"
            raise FileError(told, where=where, kind=GAPS if self.gaps is None else "")
        if not self.numbers:
            if self.gaps is not None:
                raise FileError("every row has a gap: none is left", where="line 2")
            raise no_rows()
        columns = tuple(self.names[at] for at in self.features)
        features = np.frombuffer(self.numbers).reshape(-1, len(columns))
        return Table(columns, features, self.names[self.at], *self.labels.read())


def _features(names: list[str], wanted: Wanted, label: int) -> list[int]:
    """Where the features stand, in their order."""
    chosen = {_place(names, name) for name in names_in(wanted.columns)}
    if label in chosen:
        raise FileError(f"“{names[label]}” cannot be a feature and the label at once", where="line 1", kind=COLUMNS)
    return sorted(chosen) or [at for at in range(len(names)) if at != label]


def _place(names: list[str], name: str) -> int:
    if name not in names:
        raise FileError(f"there is no column “{name}”; the columns are {_listed(names)}", where="line 1", kind=COLUMNS)
    return names.index(name)


class _Labels:
    """The labels of the rows: as numbers while all are numbers, and by kind while the kinds are few."""

    def __init__(self, title: str, spelling: CellSpelling) -> None:
        self.title, self._has_points, self._number = title, not spelling.decimal_comma, spelling.number
        self.numbers, self.all_numbers = array("d"), True
        self.kinds: dict[str, int] = {}  # word → its place
        self.places = array("d")

    def add(self, word: str) -> None:
        if not word:
            raise ValueError(f"“{self.title}” is empty")
        if self.all_numbers:
            try:
                self.numbers.append(float(word) if self._has_points else self._number(word))
            except ValueError:
                self.all_numbers = False
        if len(self.kinds) <= MOST_WORDS:
            self.places.append(self.kinds.setdefault(word, len(self.kinds)))
        if not self.all_numbers and len(self.kinds) > MOST_WORDS:
            raise FileError(f"“{self.title}” holds more than {MOST_WORDS:,} different words: these are no classes")

    def read(self) -> tuple[Numbers, tuple[str, ...]]:
        """The labels as numbers, and the names of the classes, if they are classes."""
        if not self.all_numbers:
            names = sorted(self.kinds)
            order = np.array([float(names.index(word)) for word in self.kinds])
            return order[np.frombuffer(self.places).astype(int)], tuple(names)
        numbers = np.frombuffer(self.numbers)
        kinds = np.unique(numbers)
        if len(kinds) > MOST_CLASSES or not np.array_equal(kinds, np.floor(kinds)):
            return numbers, ()
        return np.searchsorted(kinds, numbers).astype(np.float64), tuple(f"{kind:g}" for kind in kinds)


def _listed(header: list[str]) -> str:
    return ", ".join(header[:MOST_LISTED]) + (" …" if len(header) > MOST_LISTED else "")


def _complaint(bad: list[tuple[int, str]], count: int) -> str:
    first = bad[0][1]
    if count == 1:
        return first
    others = ", ".join(str(number) for number, _ in bad[1:])
    more = f" and {count - len(bad)} more" if count > len(bad) else ""
    return f"{first} (also wrong: line{'s' if count > 2 else ''} {others}{more}; nothing was read)"
