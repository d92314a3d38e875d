"""A table of numbers and labels, and how a CSV is read as one: whole, or refused with its first bad line."""

import contextlib
import csv
import math
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper

import numpy as np
from numpy.typing import NDArray

from engine.data.outside import TABLE, read_bytes, refusal
from engine.errors import FileError
from engine.values.progress import advance

Numbers = NDArray[np.float64]
MOST_CLASSES = 20  # whole numbers of more kinds than this are measured, not classes
MOST_ROWS_NAMED = 3
MOST_WORDS = 1_000  # different words in a column of labels: more are names or notes
MOST_COLUMNS = 10_000
MOST_NUMBERS = 32_000_000  # of all rows: 256 MB
LONGEST_LINE = 1_000_000  # characters
SAID_EVERY = 1_000  # lines
MOST_LISTED, MOST_SAID = 20, 60  # columns, and letters of a cell, that a sentence has room for

# A spreadsheet takes a cell that begins so for a formula, and runs it; a quote before it says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"


def guarded(text: str) -> str:
    """A cell of text that no spreadsheet takes for a formula; a number is left as it is."""
    if not text.lstrip(" \n").startswith(FORMULA) and not text.startswith(FORMULA):
        return text
    return text if _is_number(text) else QUOTE + text


def unguarded(text: str) -> str:
    """What stood in a cell before it was guarded."""
    return text[1:] if text.startswith(QUOTE) and guarded(text[1:]) == text else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and "_" not in text


@dataclass(frozen=True, eq=False)
class Table:
    """Rows as they are: `features` (rows, columns), and of each row its class, by number, or the number to hit."""

    columns: tuple[str, ...]
    features: Numbers
    label: str
    labels: Numbers
    classes: tuple[str, ...] = ()  # empty: the labels are numbers


def read_csv(path: str, label: str = "") -> Table:
    """A CSV file: a header, columns of numbers, one column of labels (the last, or the one called `label`).

    Labels that are words, or whole numbers of at most 20 kinds, are classes; any others are numbers to hit. Says how
    far it is; raises FileError, and `where` names the first line that is wrong.
    """
    data = read_bytes(path, TABLE)
    try:
        return parse_csv(data, label)
    except UnicodeDecodeError:
        raise refusal(path, "cannot be read: it is not UTF-8 text") from None
    except FileError as error:
        raise FileError(error.sentence, where=f"{path}, {error.where}" if error.where else path) from None


def parse_csv(data: bytes, label: str = "") -> Table:
    """The table that a CSV's text holds: all of it, or a FileError."""
    lines = _lines(data)
    first = next(lines, None)
    if first is None:
        raise FileError("there is no header: the first line must name the columns", where="line 1")
    header = [unguarded(name.strip()) for name in first[1]]
    _refuse_numbers(header)
    rows = _Rows(header, _label_column(header, label))
    for number, cells in lines:
        rows.add(number, cells)
    return rows.table()


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with its number. Commas, semicolons or tabs stand between cells."""
    raw = BytesIO(data)
    text = TextIOWrapper(raw, "utf-8-sig")
    head = text.readline(LONGEST_LINE)
    text.seek(0)
    reader = csv.reader(_short_lines(text), delimiter=max(",;\t", key=head.count))
    try:
        for cells in reader:
            if reader.line_num % SAID_EVERY == 0:
                advance(raw.tell(), len(data))
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise FileError(f"this is not CSV: {error}", where=f"line {reader.line_num}") from None


def _short_lines(text: TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise FileError(f"the line is too long: {LONGEST_LINE:,} characters and more", where=f"line {number}")
        yield line


class _Rows:
    """Takes the rows one by one, in as little memory as the numbers need."""

    def __init__(self, header: list[str], at: int) -> None:
        self.header, self.at = header, at
        self.numbers, self.labels = array("d"), _Labels(header[at])
        self.bad: list[tuple[int, str]] = []  # line and complaint: the first few
        self.bad_count = 0

    def add(self, line: int, cells: list[str]) -> None:
        if len(self.numbers) >= MOST_NUMBERS:
            raise FileError(f"these are too many numbers: more than {MOST_NUMBERS:,}", where=f"line {line}")
        try:
            self._take(cells)
        except ValueError as error:
            self.bad_count += 1
            self.bad = [*self.bad, (line, str(error))][: 1 + MOST_ROWS_NAMED]

    def _take(self, cells: list[str]) -> None:
        at = self.at
        if len(cells) != len(self.header):
            raise ValueError(f"{len(cells)} cells, but the header has {len(self.header)}")
        try:
            numbers = [*map(float, cells[:at]), *map(float, cells[at + 1 :])]
        except ValueError:
            numbers = []
        if not numbers or not all(map(math.isfinite, numbers)):  # look again, for what to complain of
            numbers = [_number(self.header[i], cell) for i, cell in enumerate(cells) if i != at]
        self.labels.add(unguarded(cells[at].strip()))
        self.numbers.extend(numbers)

    def table(self) -> Table:
        if self.bad:
            raise FileError(_complaint(self.bad, self.bad_count), where=f"line {self.bad[0][0]}")
        if not self.numbers:
            raise FileError("there are no rows below the header", where="line 2")
        columns = tuple(name for i, name in enumerate(self.header) if i != self.at)
        features = np.frombuffer(self.numbers).reshape(-1, len(columns))
        return Table(columns, features, self.header[self.at], *self.labels.read())


class _Labels:
    """The labels of the rows: as numbers while all are numbers, and by kind while the kinds are few."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.numbers, self.all_numbers = array("d"), True
        self.kinds: dict[str, int] = {}  # word → its place
        self.places = array("d")

    def add(self, word: str) -> None:
        if not word:
            raise ValueError(f"“{self.title}” is empty")
        if self.all_numbers:
            try:
                self.numbers.append(float(word))
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


def _refuse_numbers(header: list[str]) -> None:
    """Where the header is missing, the first row would be lost; whole numbers are names that tables do have."""
    for name in header:
        with contextlib.suppress(ValueError):
            if not float(name).is_integer():
                raise FileError(f"the first line must name the columns, but “{name}” is a number", where="line 1")


def _label_column(header: list[str], label: str) -> int:
    if len(header) < 2:
        raise FileError("a dataset needs at least one column of numbers and one of labels", where="line 1")
    if len(header) > MOST_COLUMNS:
        raise FileError(f"{len(header):,} columns are too many: at most {MOST_COLUMNS:,} are read", where="line 1")
    twice = next((name for name, count in Counter(header).items() if count > 1), None)
    if twice is not None:
        raise FileError(f"two columns are called “{twice}”", where="line 1")
    if label and label not in header:
        raise FileError(f"there is no column “{label}”; the columns are {_listed(header)}", where="line 1")
    return header.index(label) if label else len(header) - 1


def _listed(header: list[str]) -> str:
    return ", ".join(header[:MOST_LISTED]) + (" …" if len(header) > MOST_LISTED else "")


def _number(name: str, cell: str) -> float:
    said = cell.strip()
    try:
        number = float(said)
    except ValueError:
        raise ValueError(f"“{_cut(said)}” in “{name}” is not a number" if said else f"“{name}” is empty") from None
    if not math.isfinite(number):
        raise ValueError(f"“{_cut(said)}” in “{name}” is not finite")
    return number


def _cut(said: str) -> str:
    return said if len(said) <= MOST_SAID else said[:MOST_SAID] + "…"


def _complaint(bad: list[tuple[int, str]], count: int) -> str:
    first = bad[0][1]
    if count == 1:
        return first
    others = ", ".join(str(number) for number, _ in bad[1:])
    more = f" and {count - len(bad)} more" if count > len(bad) else ""
    return f"{first} (also wrong: line{'s' if count > 2 else ''} {others}{more}; nothing was read)"
