"""The functions that a generated program needs beside its library's own: taken from the engine's very sources.

The vocabulary has a few words that NumPy lacks (`swap`, `xlogy` …), and gradients must be summed where a value was
broadcast. Their definitions are read from the engine's modules, without annotations, so that there is no second copy.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any

import numpy as np

from engine.values import unbroadcast
from engine.vocabulary import NUMPY

OWN_WORDS: Mapping[str, FunctionType] = {
    name: word for name, word in NUMPY.items() if isinstance(word, FunctionType) and word.__module__.startswith("engine.")
}
UNBROADCAST = "unbroadcast"
HELPERS: Mapping[str, FunctionType] = {**OWN_WORDS, UNBROADCAST: unbroadcast}  # type: ignore[dict-item]


def array_words(library: str) -> dict[str, str]:
    """The vocabulary for a library with NumPy's names: `np.exp`; the words that NumPy lacks are helpers."""
    return {word: word if word in OWN_WORDS else f"{library}.{_numpy_name(word)}" for word in NUMPY}


def _numpy_name(word: str) -> str:
    found = NUMPY[word]
    return word if getattr(np, word, None) is found else str(found.__name__)


def helper_sources(program: str, library: str = "np") -> str:
    """The definitions of all helpers that `program` calls, and that these call, ready to be put before it."""
    called = [name for name in HELPERS if re.search(rf"\b{name}\(", program)]
    functions: dict[str, Callable[..., Any]] = {}
    for name in called:
        _gather(name, HELPERS[name], functions)
    return "\n\n\n".join(_source(name, function, library) for name, function in functions.items())


def _gather(name: str, function: FunctionType, into: dict[str, Callable[..., Any]]) -> None:
    """Put a function after the engine functions that it calls itself."""
    if name in into:
        return
    for used in function.__code__.co_names:
        other = function.__globals__.get(used)
        if isinstance(other, FunctionType) and other.__module__.startswith("engine."):
            _gather(used.lstrip("_"), other, into)
    into[name] = function


class _Bare(ast.NodeTransformer):
    """A function without annotations, with public names, over the library of the program."""

    def __init__(self, library: str) -> None:
        self.library = library

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        node.decorator_list = []
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        assert node.value is not None
        return self.generic_visit(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.library if node.id == "np" else node.id.lstrip("_")
        return node


def _source(name: str, function: Callable[..., Any], library: str) -> str:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.name = name
    return ast.unparse(ast.fix_missing_locations(_Bare(library).visit(tree)))


def reserved_names() -> Iterator[str]:
    """What no node may be called in a program that has helpers."""
    for name, function in HELPERS.items():
        gathered: dict[str, Callable[..., Any]] = {}
        _gather(name, function, gathered)
        yield from gathered
