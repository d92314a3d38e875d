"""What ops say about themselves: templates, and what may be put into them.

A template may name
    {source} {node}          the two ends of the edge, by name
    {a} {b} …                an input, by the op's own name for its port: its number; {a.name} is its name in the graph
    {y} {g} {local}          the op's output, what reached it, the local derivative along this edge: numbers
    {other}                  the other input of an op with two: its number; {other.name} its name
    {slope}                  the op's `slope` over this graph's numbers, worked out: `2·3 = 6`; for tensors over its names
    {increase} {moves}       of linear ops: `increase x by 1`, `decreases by 4`
    {responsible}            `x is 3 times as responsible as y`, of this edge alone where there are other ways
    {through}                `through y, ` where the source has other ways to the target; else nothing
    {averaged}               over how many a loss or a mean averages; {each} is `/6`, nothing where it is one
    {settings[alpha]}        a setting
With a capital, {Increase} {Responsible} {Through} begin a sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.values.values import MINUS, Value, value_text

# What an op says about a contribution: a template, or a function of the numbers that gives one; one for all ports, or
# one a port.
Said = str | Callable[..., str]
Words = Said | tuple[Said, ...]


@dataclass(frozen=True)
class Spoken:
    """What is said about numbers, and what about tensors, whose digits would fill the screen."""

    number: str
    tensor: str

    def __call__(self, **facts: Any) -> str:
        has_axes = any(fact.ndim for fact in facts.values() if isinstance(fact, np.ndarray))
        return self.tensor if has_axes else self.number


@dataclass(frozen=True)
class Given:
    """An input or the output in a sentence: its number as a short text, or its name."""

    name: str
    value: Value

    def __str__(self) -> str:
        return value_text(self.value)

    def __format__(self, spec: str) -> str:
        return str(self)


def template(words: Words, port: int, facts: dict[str, Any]) -> str:
    """What is said at a port, still to be filled."""
    said = words[min(port, len(words) - 1)] if isinstance(words, tuple) else words
    return said(**facts) if callable(said) else said


_ALONG = {-1: "the last axis", -2: "the second-to-last axis"}


def along(settings: dict[str, Any], x: Any) -> str:
    """Over which axes of x, in a sentence: nothing where it is over all of them, and of a number."""
    axis = settings["axis"]
    if axis in ("all", None) or not np.ndim(x):
        return ""
    if isinstance(axis, tuple):
        return f", along axes {', '.join(map(str, axis[:-1]))} and {axis[-1]}".replace("-", MINUS)
    return f", along {_ALONG.get(axis, f'axis {axis}')}".replace("axis -", f"axis {MINUS}")
