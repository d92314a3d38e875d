"""Data to learn from: the shipped sets, those computed from a formula, and any CSV; split, standardised and encoded.

Rows come first: features are (rows, columns), targets (rows, 1) or (rows, classes). What is random depends on the seed
alone. The rows of training are in a shuffled order of their own, the same every time, so that its first few are a fair
sample.

Symbols: x, y a point in the plane; φ an angle; μ, σ a column's mean and standard deviation over the training rows.
"""

from __future__ import annotations

import contextlib
import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import FileError

Numbers = NDArray[np.float64]
ENCODINGS = ("auto", "one-hot", "class ids", "numbers")
MOST_CLASSES = 20  # whole numbers of more kinds than this are measured, not classes
FEWEST_TO_SPLIT = 10  # rows: of fewer, none are held out
MOST_ROWS_NAMED = 3


@dataclass(frozen=True)
class Table:
    """Rows as they are: `features` (rows, columns), and of each row its class, by number, or the number to hit."""

    columns: tuple[str, ...]
    features: Numbers
    label: str
    labels: Numbers
    classes: tuple[str, ...] = ()  # empty: the labels are numbers


@dataclass(frozen=True)
class Dataset:
    """A table made ready: all its rows, and which of them are for training and which are held out."""

    table: Table
    features: Numbers
    targets: Numbers
    training: NDArray[np.intp]
    held_out: NDArray[np.intp]

    def rows(self, which: NDArray[np.intp]) -> tuple[Numbers, Numbers]:
        """Features and targets of some rows."""
        return self.features[which], self.targets[which]


def load_dataset(settings: Mapping[str, Any]) -> Dataset:
    """The data that a dataset node's settings ask for. Raises FileError; `where` is the line of a CSV."""
    path = str(settings["path"])
    if settings["name"] == "csv":
        return _prepared(path, _changed(path), tuple(sorted(settings.items())))
    return _prepared("", 0.0, tuple(sorted(settings.items())))


def first_batch(settings: Mapping[str, Any]) -> tuple[Numbers, Numbers]:
    """What the editor shows of a dataset: its first few training rows."""
    data = load_dataset(settings)
    return data.rows(data.training[: max(1, int(settings["batch"]))])


def _changed(path: str) -> float:
    """When a file was last written, so that another content is read anew."""
    try:
        return Path(path).stat().st_mtime
    except (OSError, ValueError):
        return 0.0


@lru_cache(maxsize=16)
def _prepared(path: str, changed: float, chosen: tuple[tuple[str, Any], ...]) -> Dataset:
    settings = dict(chosen)
    seed, fraction = int(settings["seed"]), float(settings["held_out"])
    if seed < 0:
        raise FileError(f"the seed of a dataset must be a whole number, 0 or above, not {seed}")
    if not 0 <= fraction < 1:
        raise FileError(f"the fraction of rows held out must be at least 0 and less than 1, not {fraction:g}")
    table = read_csv(path, settings["label"]) if settings["name"] == "csv" else _shipped(settings["name"], seed)
    training, held_out = split(table, fraction, seed)
    features = standardised(table.features, training) if settings["standardise"] else table.features
    made = Dataset(table, features, encoded(table, settings["targets"]), training, held_out)
    for array in (made.features, made.targets, training, held_out):
        array.setflags(write=False)
    return made


# --- made ready


def split(table: Table, fraction: float, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numbers of rows for training and held out, class by class in equal parts, in a random order."""
    order = np.random.default_rng(seed).permutation(len(table.features))
    if len(order) < FEWEST_TO_SPLIT:
        return order, order[:0]
    kinds = table.labels[order] if table.classes else np.zeros(len(order))
    held = np.zeros(len(order), dtype=bool)
    for kind in np.unique(kinds):
        own = np.flatnonzero(kinds == kind)
        held[own[: round(fraction * len(own))]] = True
    return order[~held], order[held]


def standardised(features: Numbers, training: NDArray[np.intp]) -> Numbers:
    """(x − μ) / σ by columns; μ and σ come from the training rows only. A column that is constant becomes 0."""
    mean, deviation = features[training].mean(axis=0), features[training].std(axis=0)
    scaled: Numbers = (features - mean) / np.where(deviation > 0, deviation, 1.0)
    return scaled


def encoded(table: Table, how: str) -> Numbers:
    """Targets as a loss wants them. auto: numbers and two classes as (rows, 1), more classes as one-hot rows."""
    count = len(table.classes)
    if how == "auto":
        how = "one-hot" if count > 2 else "numbers"
    if how == "numbers":
        return table.labels[:, np.newaxis]
    if not count:
        raise FileError(f"“{table.label}” holds numbers, not classes: its targets cannot be {how}")
    return np.eye(count)[table.labels.astype(int)] if how == "one-hot" else table.labels.copy()


# --- from a formula

Formula = Callable[[np.random.Generator], Table]
FORMULAS: dict[str, Formula] = {}


def formula(make: Formula) -> Formula:
    """Declare the decorated function as a dataset that is called as it is."""
    FORMULAS[make.__name__] = make
    return make


@formula
def xor(rng: np.random.Generator) -> Table:
    points = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return _plane(points, np.array([0.0, 1.0, 1.0, 0.0]))


@formula
def moons(rng: np.random.Generator) -> Table:
    """Two half circles that reach into each other, with a noise of 0.1."""
    angle = np.linspace(0, math.pi, 100)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return _two_classes(rng, upper, lower, noise=0.1)


@formula
def circles(rng: np.random.Generator) -> Table:
    """A circle within a circle, radius 0.5 and 1, with a noise of 0.08."""
    angle = np.linspace(0, 2 * math.pi, 100, endpoint=False)
    outer = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _two_classes(rng, outer, 0.5 * outer, noise=0.08)


@formula
def spirals(rng: np.random.Generator) -> Table:
    """Two spirals of one and a half turns, opposite to each other, with a noise of 0.03."""
    along = np.sqrt(np.linspace(0.02, 1, 150))
    angle = 3 * math.pi * along
    arm = along[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _two_classes(rng, arm, -arm, noise=0.03)


@formula
def line(rng: np.random.Generator) -> Table:
    """y = 2x + 1 with a noise of 0.3, for x from −2 to 2."""
    x = np.linspace(-2, 2, 100)
    return Table(("x",), x[:, np.newaxis], "y", 2 * x + 1 + rng.normal(0, 0.3, x.shape))


def _two_classes(rng: np.random.Generator, first: Numbers, second: Numbers, noise: float) -> Table:
    points = np.concatenate([first, second])
    return _plane(points + rng.normal(0, noise, points.shape), np.repeat([0.0, 1.0], [len(first), len(second)]))


def _plane(points: Numbers, labels: Numbers) -> Table:
    return Table(("x", "y"), points, "class", labels, ("0", "1"))


FILES = {
    Path(file.name).stem: file for file in files("assets").joinpath("datasets").iterdir() if file.name.endswith(".csv")
}
NAMES = (*sorted(FILES), *FORMULAS, "csv")


def _shipped(name: str, seed: int) -> Table:
    if name in FORMULAS:
        return FORMULAS[name](np.random.default_rng(seed))
    return parse_csv(FILES[name].read_text("utf-8"))


# --- from a file


def read_csv(path: str, label: str = "") -> Table:
    """A CSV file: a header, columns of numbers, one column of labels (the last, or the one called `label`).

    Labels that are words, or whole numbers of at most 20 kinds, are classes; any others are numbers to hit. Raises
    FileError; `where` names the first line that is wrong.
    """
    if not path:
        raise FileError("choose a CSV file for this dataset")
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else _reason(error)
        raise FileError(f"“{path}” cannot be read: {reason}") from None
    try:
        return parse_csv(text, label)
    except FileError as error:
        raise FileError(error.sentence, where=f"{path}, {error.where}" if error.where else path) from None


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return (isinstance(error, OSError) and error.strerror) or str(error)


def parse_csv(text: str, label: str = "") -> Table:
    """The table that a CSV's text holds: all of it, or a FileError."""
    lines = _lines(text)
    if not lines:
        raise FileError("there is no header: the first line must name the columns", where="line 1")
    header = [name.strip() for name in lines[0][1]]
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
    return numbers, cells[at].strip()


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
