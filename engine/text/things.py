"""What an expression of a program text can stand for while it is read: a node, a number, a list, a function …

Lists, tuples, dictionaries, text, True, False and None stand for themselves, and so does a number that was worked out
(a length, the counter of a loop). A number that is written in the text is kept as it was written.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Thing = Any


@dataclass(frozen=True, slots=True)
class Ref:
    """A node of the graph, and which of its outputs; `copy` tells apart what NumPy keeps in different places."""

    node: str
    output: int = 0
    copy: int = 0


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as it is written: 3, −0.5, or 2 · 3, which is arithmetic of constants."""

    value: int | float
    tree: ast.expr


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """Numbers that are not in the graph yet. `op`: the leaf that they become; where it is empty, a name decides."""

    data: Any  # of NumPy, whole numbers as whole numbers
    op: str = ""
    library: str = ""


@dataclass(frozen=True, slots=True)
class LibraryWord:
    """A name of a library, `numpy.linalg.norm`, or of Gradloom itself: `relu`."""

    path: str

    @property
    def library(self) -> str:
        return self.path.rpartition(".")[0].partition(".")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Method:
    """A name behind a dot, of a value that is known."""

    base: Thing
    name: str


@dataclass(frozen=True, slots=True)
class Callee:
    """Something that can be called: a layer, a loss, a function made by another. `parts` are its attributes."""

    title: str
    call: Callable[[Any], Thing]
    parts: dict[str, Thing] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Defined:
    """A function of the text itself, with the names that it sees."""

    name: str
    args: ast.arguments
    body: list[ast.stmt]
    scope: Any


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A class of the text itself."""

    name: str
    members: dict[str, Defined] = field(hash=False)
    is_module: bool = False


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the text, with its attributes."""

    of: Blueprint
    parts: dict[str, Thing]


@dataclass(frozen=True, slots=True)
class Several:
    """What a function gives back under several names: torch.max(x, dim) has values and indices."""

    parts: Mapping[str, Thing] = field(hash=False)

    def items(self) -> tuple[Thing, ...]:
        return tuple(self.parts.values())


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the computation: a gradient, an optimiser, a generator. It is never a value of the graph."""

    what: str
    hint: str = ""
    reckoned: bool = False  # whether something was made of it: a text that ends in that means it


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """That a function has given something back."""

    thing: Thing


def is_number(thing: Thing) -> bool:
    return isinstance(thing, (WrittenNumber, int, float))


def number_of(thing: Thing) -> int | float:
    """The number that a written or worked-out number is."""
    value: int | float = thing.value if isinstance(thing, WrittenNumber) else thing
    return value


def all_numbers(thing: Thing) -> bool:
    """Whether this is a list of numbers, or of lists of them."""
    if isinstance(thing, (list, tuple)):
        return bool(thing) and all(is_number(item) or all_numbers(item) for item in thing)
    return False


def as_lists(thing: Thing) -> Any:
    """Nested lists of plain numbers."""
    return [as_lists(item) for item in thing] if isinstance(thing, (list, tuple)) else number_of(thing)
