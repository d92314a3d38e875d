"""Data computed from a formula: each is a function that is found by its name, with noise that its seed decides.

Symbols: x, y a point in the plane; φ an angle.
"""

from __future__ import annotations  # as the random numbers of NumPy are imported where some are asked for

import math
from collections.abc import Callable
from itertools import pairwise, product
from typing import TypeAlias

import numpy as np

from engine.data.csv import Numbers, Table

Formula: TypeAlias = "Callable[[np.random.Generator], Table]"
FORMULAS: dict[str, Formula] = {}


def formula(make: Formula) -> Formula:
    """Declare the decorated function as a dataset that is called as it is."""
    FORMULAS[make.__name__] = make
    return make


def _two_classes(rng: np.random.Generator, first: Numbers, second: Numbers, noise: float) -> Table:
    points = np.concatenate([first, second])
    return _plane(points + rng.normal(0, noise, points.shape), np.repeat([0.0, 1.0], [len(first), len(second)]))


def _plane(points: Numbers, labels: Numbers) -> Table:
    return Table(("x", "y"), points, "class", labels, ("0", "1"))


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


_WORDS = (
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred thousand spring summer autumn winter morning evening north south east west"
)
LETTERS = (".", *"abcdefghijklmnopqrstuvwxyz")  # the dot is where a word begins and ends


@formula
def bigrams(rng: np.random.Generator) -> Table:
    """Each letter of some sixty words, and the letter after it, as ids: 0 is the end of a word, 1 is a."""
    pairs = [pair for word in _WORDS.split() for pair in pairwise(f".{word}.")]
    ids = np.array([[LETTERS.index(letter) for letter in pair] for pair in pairs], dtype=float)
    return Table(("letter",), ids[:, :1], "next", ids[:, 1], LETTERS)


@formula
def echo(rng: np.random.Generator) -> Table:
    """Four of the ids 0 to 3 in any order, each as often as it likes, and the same four once more: all 256 of them."""
    four = np.array(list(product(range(4), repeat=4)), dtype=float)
    rows = np.concatenate([four, four], axis=1)
    return Table(tuple(f"t{i}" for i in range(8)), rows, "last", rows[:, -1], ("0", "1", "2", "3"))
