"""The functions that a generated program needs beside its library's own: taken from the engine's very sources.

The vocabulary has a few words that NumPy lacks (`swap`, `xlogy` …), and gradients must be summed where a value was
broadcast. Their definitions are read from the engine's modules, without annotations, so that there is no second copy.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import Any

import numpy as np

from engine.values import unbroadcast
from engine.vocabulary import NUMPY

OWN_WORDS: Mapping[str, FunctionType] = {
    name: word
    for name, word in NUMPY.items()
    if isinstance(word, FunctionType) and word.__module__.startswith("engine.") and not hasattr(np, name)
}
UNBROADCAST = "unbroadcast"
HELPERS: dict[str, Any] = {**OWN_WORDS, UNBROADCAST: unbroadcast}


def array_words(library: str) -> dict[str, str]:
    """The vocabulary for a library with NumPy's names: `np.exp`; the words that NumPy lacks are helpers."""
    return {word: word if word in OWN_WORDS else f"{library}.{_numpy_name(word)}" for word in NUMPY}


def _numpy_name(word: str) -> str:
    found = NUMPY[word]
    return word if getattr(np, word, None) is found else str(found.__name__)


def helper_sources(program: str, library: str = "np") -> str:
    """The definitions of all helpers that `program` calls, and that these call, ready to be put before it."""
    definitions: dict[str, ast.FunctionDef] = {}
    for name, function in HELPERS.items():
        if re.search(rf"(?<![.\w]){name}\(", program):
            _gather(name, function, library, definitions)
    return "\n\n\n".join(ast.unparse(definition) for definition in definitions.values())


def reserved_names() -> Iterator[str]:
    """What no node may be called in a program that has helpers."""
    definitions: dict[str, ast.FunctionDef] = {}
    for name, function in HELPERS.items():
        _gather(name, function, "np", definitions)
    yield from definitions


def _gather(name: str, function: FunctionType, library: str, into: dict[str, ast.FunctionDef]) -> None:
    """Put a definition after those of the engine's functions that it calls itself."""
    if name in into:
        return
    definition = _definition(name, function, library)
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            for used in (node.id, f"_{node.id}"):
                other = function.__globals__.get(used)
                if isinstance(other, FunctionType) and other.__module__.startswith("engine."):
                    _gather(node.id, other, library, into)
    into[name] = definition


def _definition(name: str, function: FunctionType, library: str) -> ast.FunctionDef:
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.name = name
    bare = ast.fix_missing_locations(_Bare(library).visit(definition))
    while unused := _unused(bare):
        bare.body = [s for s in bare.body if s not in unused]
    assert isinstance(bare, ast.FunctionDef)
    return bare


class _Bare(ast.NodeTransformer):
    """A function over the program's library without annotations and without checks: the graph has passed them."""

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

    def visit_If(self, node: ast.If) -> ast.AST | None:
        refuses = not node.orelse and isinstance(node.body[-1], ast.Raise)
        return None if refuses else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.library if node.id == "np" else node.id.lstrip("_") or node.id
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """The engine's `_where` is NumPy's, made a number again where it can be: nothing that a program needs."""
        if isinstance(node.func, ast.Name) and node.func.id == "_where":
            node.func = ast.Attribute(ast.Name("np", ast.Load()), "where", ast.Load())
        return self.generic_visit(node)


def _unused(function: ast.FunctionDef) -> list[ast.stmt]:
    """Assignments to names that nothing reads: what was computed for a check alone."""
    read = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return [
        s
        for s in function.body
        if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) and s.targets[0].id not in read
    ]
