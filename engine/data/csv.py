"""A table of numbers and labels, and how a CSV is read as one: whole, or refused with its first bad line."""

import contextlib
import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.outside import TABLE, read_bytes, refusal
from engine.errors import FileError

Numbers = NDArray[np.float64]
MOST_CLASSES = 20  # whole numbers of more kinds than this are measured, not classes
MOST_ROWS_NAMED = 3

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


@dataclass(frozen=True)
class Table:
    """Rows as they are: `features` (rows, columns), and of each row its class, by number, or the number to hit."""

    columns: tuple[str, ...]
    features: Numbers
    label: str
    labels: Numbers
    classes: tuple[str, ...] = ()  # empty: the labels are numbers


def read_csv(path: str, label: str = "") -> Table:
    """A CSV file: a header, columns of numbers, one column of labels (the last, or the one called `label`).

    Labels that are words, or whole numbers of at most 20 kinds, are classes; any others are numbers to hit. Raises
    FileError; `where` names the first line that is wrong.
    """
    if not path:
        raise FileError("choose a CSV file for this dataset")
    data = read_bytes(path, TABLE)
    try:
        return parse_csv(data.decode("utf-8-sig"), label)
    except UnicodeDecodeError:
        raise refusal(path, "cannot be read: it is not UTF-8 text") from None
    except FileError as error:
        raise FileError(error.sentence, where=f"{path}, {error.where}" if error.where else path) from None


def parse_csv(text: str, label: str = "") -> Table:
    """The table that a CSV's text holds: all of it, or a FileError."""
    lines = _lines(text)
    if not lines:
        raise FileError("there is no header: the first line must name the columns", where="line 1")
    header = [unguarded(name.strip()) for name in lines[0][1]]
    _refuse_numbers(header)
    at = _label_column(header, label)
    if len(lines) < 2:
        raise FileError("there are no rows below the header", where="line 2")
    columns = tuple(name for i, name in enumerate(header) if i != at)
    good, bad = [], []
    for number, cells in lines[1:]:
        try:
            good.append(_row(header, cells, at))
        except ValueError as error:
            bad.append((number, str(error)))
    if bad:
        raise FileError(_complaint(bad), where=f"line {bad[0][0]}")
    features = np.array([numbers for numbers, _ in good])
    return Table(columns, features, header[at], *_labels([word for _, word in good]))


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with its number. Commas, semicolons or tabs stand between cells."""
    head = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=max(",;\t", key=head.count))
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise FileError(f"this is not CSV: {error}", where=f"line {reader.line_num}") from None


def _refuse_numbers(header: list[str]) -> None:
    """Where the header is missing, the first row would be lost; whole numbers are names that tables do have."""
    for name in header:
        with contextlib.suppress(ValueError):
            if not float(name).is_integer():
                raise FileError(f"the first line must name the columns, but “{name}” is a number", where="line 1")


def _label_column(header: list[str], label: str) -> int:
    if len(header) < 2:
        raise FileError("a dataset needs at least one column of numbers and one of labels", where="line 1")
    twice = next((name for i, name in enumerate(header) if name in header[:i]), None)
    if twice is not None:
        raise FileError(f"two columns are called “{twice}”", where="line 1")
    if label and label not in header:
        raise FileError(f"there is no column “{label}”; the columns are {', '.join(header)}", where="line 1")
    return header.index(label) if label else len(header) - 1


def _row(header: list[str], cells: list[str], at: int) -> tuple[list[float], str]:
    if len(cells) != len(header):
        raise ValueError(f"{len(cells)} cells, but the header has {len(header)}")
    numbers = [_number(name, cell) for i, (name, cell) in enumerate(zip(header, cells, strict=True)) if i != at]
    if not cells[at].strip():
        raise ValueError(f"“{header[at]}” is empty")
    return numbers, unguarded(cells[at].strip())


def _number(name: str, cell: str) -> float:
    said = cell.strip()
    try:
        number = float(said)
    except ValueError:
        raise ValueError(f"“{said}” in “{name}” is not a number" if said else f"“{name}” is empty") from None
    if not math.isfinite(number):
        raise ValueError(f"“{said}” in “{name}” is not finite")
    return number


def _labels(words: Sequence[str]) -> tuple[Numbers, tuple[str, ...]]:
    """The labels as numbers, and the names of the classes, if they are classes."""
    try:
        numbers = np.array([float(word) for word in words])
    except ValueError:
        classes = sorted(set(words))
        place = {name: i for i, name in enumerate(classes)}
        return np.array([float(place[word]) for word in words]), tuple(classes)
    kinds = np.unique(numbers)
    if len(kinds) > MOST_CLASSES or not np.array_equal(kinds, np.floor(kinds)):
        return numbers, ()
    return np.searchsorted(kinds, numbers).astype(np.float64), tuple(f"{kind:g}" for kind in kinds)


def _complaint(bad: list[tuple[int, str]]) -> str:
    first = bad[0][1]
    if len(bad) == 1:
        return first
    others = ", ".join(str(number) for number, _ in bad[1 : 1 + MOST_ROWS_NAMED])
    more = f" and {len(bad) - 1 - MOST_ROWS_NAMED} more" if len(bad) - 1 > MOST_ROWS_NAMED else ""
    return f"{first} (also wrong: line{'s' if len(bad) > 2 else ''} {others}{more}; nothing was read)"
