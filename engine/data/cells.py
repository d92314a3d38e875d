"""How a CSV is cut into cells, and which of them are numbers: separators, decimal commas, the names of columns."""

from __future__ import annotations

import contextlib
import csv
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice

from engine.errors import FileError
from engine.values.progress import advance

LONGEST_LINE = 1_000_000  # characters
SAID_EVERY = 1_000  # lines
SNIFFED = 1_000  # lines by which it is judged how numbers are written
COMPARED = 20  # lines by which it is judged what stands between the cells
MOST_COLUMNS = 10_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_WITH_COMMA = re.compile(r"\s*[-+]?\d+,\d+([eE][-+]?\d+)?\s*")
_WITH_POINT = re.compile(r"\s*[-+]?\d*\.\d+([eE][-+]?\d+)?\s*")

# The kinds of refusals, for who says what to do about them.
EMPTY, HEADER, GAPS, COLUMNS, TARGETS = "empty file", "header", "gaps", "columns", "targets"

# A spreadsheet takes a cell that begins so for a formula, and runs it; a quote before it says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"
Line = tuple[int, list[str]]  # its number, and its cells


@dataclass(frozen=True)
class CellSpelling:
    """What stands between the cells, and whether 1,5 is one and a half."""

    separator: str
    decimal_comma: bool = False

    def number(self, cell: str) -> float:
        """The finite number in a cell. Raises ValueError with the end of a sentence about the cell."""
        said = cell.strip()
        if self.decimal_comma:
            said = "no number" if "." in said else said.replace(",", ".")
        try:
            number = float(said)
        except ValueError:
            raise ValueError("is not a number") from None
        if not math.isfinite(number):
            raise ValueError("is not finite")
        return number


def spelling_of(data: bytes) -> CellSpelling:
    """Judged by the first lines: a comma is decimal where it separates nothing, and no number has a point."""
    separator = _separator(data)
    if separator == ",":
        return CellSpelling(separator)
    cells = [cell for _, line in islice(lines(data, CellSpelling(separator)), SNIFFED) for cell in line]
    commas = any(map(_WITH_COMMA.fullmatch, cells)) and not any(map(_WITH_POINT.fullmatch, cells))
    return CellSpelling(separator, commas)


def _separator(data: bytes) -> str:
    """What cuts all of the first lines into equally many cells, a comma last, for it may be decimal.

    If nothing does, it is what stands in the first line most often.
    """
    text = TextIOWrapper(BytesIO(data), "utf-8-sig")
    head = [text.readline(LONGEST_LINE) for _ in range(COMPARED)]
    for separator in ("\t", ";", ","):
        with contextlib.suppress(csv.Error):
            counts = {len(cells) for cells in csv.reader(head, delimiter=separator) if cells}
            if len(counts) == 1 and counts != {1}:
                return separator
    return max(SEPARATORS, key=head[0].count)


def lines(data: bytes, spelling: CellSpelling) -> Iterator[Line]:
    """The cells of each line that is not empty, with its number."""
    raw = BytesIO(data)
    reader = csv.reader(_short_lines(TextIOWrapper(raw, "utf-8-sig")), delimiter=spelling.separator)
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


# --- the names of the columns


def headed(found: Iterator[Line], has_header: bool) -> tuple[list[str], Iterator[Line]]:
    """The names of the columns, and the lines below them. Raises FileError."""
    first = next(found, None)
    if first is None:
        raise FileError("the file is empty", where="line 1", kind=EMPTY)
    if has_header:
        names = [unguarded(name.strip()) for name in first[1]]
        _refuse_numbers(names)
    else:
        names = [f"column {at + 1}" for at in range(len(first[1]))]
        found = _again(first, found)
    if len(names) < 2:
        raise FileError("a dataset needs at least one column of numbers and one of labels", where="line 1")
    if len(names) > MOST_COLUMNS:
        raise FileError(f"{len(names):,} columns are too many: at most {MOST_COLUMNS:,} are read", where="line 1")
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise FileError(f"two columns are called “{twice}”", where="line 1")
    return names, found


def no_rows() -> FileError:
    """The refusal of a file with nothing below its first line."""
    return FileError("there are no rows below the header", where="line 2", kind=HEADER)


def _again(first: Line, rest: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from rest


def _refuse_numbers(names: list[str]) -> None:
    """Where the header is missing, the first row would be lost; whole numbers are names that tables do have."""
    for name in names:
        with contextlib.suppress(ValueError):
            if not float(name.replace(",", ".")).is_integer():
                raise FileError(
                    f"the first line must name the columns, but “{name}” is a number", where="line 1", kind=HEADER
                )


def names_text(names: Iterable[str]) -> str:
    """Names of columns as one text: a line of a CSV."""
    text = StringIO()
    csv.writer(text, lineterminator="").writerow(names)
    return text.getvalue()


def names_in(text: str) -> list[str]:
    """The names in such a text; none, where it is empty. Raises FileError."""
    try:
        return [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]
    except csv.Error as error:
        raise FileError(f"the names of the columns cannot be read: {error}") from None


# --- what is no formula


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
