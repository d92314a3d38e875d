"""Data to learn from: the shipped sets, those computed from a formula, and any CSV; split, standardised and encoded.

Rows come first: features are (rows, columns), targets (rows, 1) or (rows, classes). What is random depends on the seed
alone. The rows of training are in a shuffled order of their own, the same every time, so that its first few are a fair
sample.

Symbols: μ, σ a column's mean and standard deviation over the training rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.access import table_of
from engine.data.cells import TARGETS
from engine.data.csv import MOST_NUMBERS, Numbers, Table, Wanted, parse_csv
from engine.data.formulas import FORMULAS
from engine.errors import FileError

FOLDER = files("assets") / "datasets"
FILES = sorted(file.name.removesuffix(".csv") for file in FOLDER.iterdir() if file.name.endswith(".csv"))
NAMES = (*FILES, *FORMULAS, "csv")
ENCODINGS = ("auto", "one-hot", "class ids", "numbers")
FEWEST_TO_SPLIT = 10  # rows: of fewer, none are held out


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
    name, seed = settings["name"], _seed(settings)
    if name == "csv":
        return prepared(table_of(settings["path"], Wanted.of(settings)), settings)
    return prepared(_computed(name, seed) if name in FORMULAS else _shipped(name), settings)


def prepared(table: Table, settings: Mapping[str, Any]) -> Dataset:
    """A table split, standardised and encoded as settings say; the last few are kept. Raises FileError."""
    seed, fraction = _seed(settings), float(settings["held_out"])
    if not 0 <= fraction < 1:
        raise FileError(f"the fraction of rows held out must be at least 0 and less than 1, not {fraction:g}")
    return _prepared(table, seed, fraction, bool(settings["standardise"]), settings["targets"])


def _seed(settings: Mapping[str, Any]) -> int:
    if (seed := int(settings["seed"])) < 0:
        raise FileError(f"the seed of a dataset must be a whole number, 0 or above, not {seed}")
    return seed


def first_batch(settings: Mapping[str, Any]) -> tuple[Numbers, Numbers]:
    """What the editor shows of a dataset: its first few training rows, or one row alone. Raises FileError."""
    data, row = load_dataset(settings), int(settings["row"])
    if not 0 <= row <= len(data.features):
        raise FileError(f"there is no row {row} to show: the dataset has {len(data.features):,} rows")
    if row:
        return data.rows(np.array([row - 1]))
    return data.rows(data.training[: max(1, int(settings["batch"]))])


@lru_cache(maxsize=16)
def _prepared(table: Table, seed: int, fraction: float, standardise: bool, how: str) -> Dataset:
    training, held_out = split(table, fraction, seed)
    features = standardised(table.features, training) if standardise else table.features
    made = Dataset(table, features, encoded(table, how), training, held_out)
    for array in (made.features, made.targets, training, held_out):
        array.setflags(write=False)
    return made


def forget_datasets() -> None:
    """Let go of all that was made ready: the documents that it was for are closed."""
    _prepared.cache_clear()


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
    """Targets as a loss wants them. auto: numbers and two classes as (rows, 1), more classes as one-hot rows.

    Raises FileError where numbers are asked for as classes, and where one-hot rows would be too many.
    """
    count = len(table.classes)
    if how == "auto":
        how = "one-hot" if count > 2 else "numbers"
    if how == "numbers":
        return table.labels[:, np.newaxis]
    if not count:
        raise FileError(f"“{table.label}” holds numbers, not classes: its targets cannot be {how}", kind=TARGETS)
    if how == "one-hot" and count * len(table.labels) > MOST_NUMBERS:
        raise FileError(
            f"{len(table.labels):,} rows of {count} classes are too many for one-hot targets: use class ids",
            kind=TARGETS,
        )
    return np.eye(count)[table.labels.astype(int)] if how == "one-hot" else table.labels.copy()


@lru_cache(maxsize=16)
def _computed(name: str, seed: int) -> Table:
    return FORMULAS[name](np.random.default_rng(seed))


@lru_cache(maxsize=16)
def _shipped(name: str) -> Table:
    return parse_csv(FOLDER.joinpath(f"{name}.csv").read_bytes())
