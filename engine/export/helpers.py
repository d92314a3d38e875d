"""The functions that a generated program needs beside its library's own: taken from the engine's very sources.

The vocabulary has a few words that NumPy lacks (`swap`, `xlogy` …), and gradients must be summed where a value was
broadcast. Their definitions are read from the engine's modules, without annotations, so that there is no second copy.
"""

from __future__ import annotations

import ast
import builtins
import copy
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from engine.ops.words import NUMPY
from engine.values.values import unbroadcast

UNBROADCAST = "unbroadcast"
OWN_WORDS: Mapping[str, FunctionType] = {
    name: word
    for name, word in NUMPY.items()
    if isinstance(word, FunctionType) and word.__module__.startswith("engine.") and name != "where"
}
_Definitions = dict[str, ast.stmt]


def public(name: str) -> str:
    """What a function of the engine is called in a program: without an underscore, and not like a builtin."""
    plain = name.lstrip("_") or name
    return f"{plain}_" if hasattr(builtins, plain) else plain


HELPERS: Mapping[str, Any] = {public(name): word for name, word in OWN_WORDS.items()} | {UNBROADCAST: unbroadcast}


def array_words(library: str) -> dict[str, str]:
    """The vocabulary for a library with NumPy's names: `np.exp`; the words that NumPy lacks are helpers."""
    return {word: public(word) if word in OWN_WORDS else f"{library}.{_numpy_name(word)}" for word in NUMPY}


def _numpy_name(word: str) -> str:
    found = NUMPY[word]
    return word if getattr(np, word, None) is found or word == "where" else str(found.__name__)


def helper_sources(program: str, library: str = "np") -> str:
    """The definitions of all helpers that `program` calls, and that these call, ready to be put before it."""
    definitions: _Definitions = {}
    for name, function in HELPERS.items():
        if re.search(rf"(?<![.\w]){name}\(", program):
            _gather(name, function.__name__, sys.modules[function.__module__], library, definitions)
    return "\n\n\n".join(ast.unparse(definition) for definition in definitions.values())


def reserved_names() -> Iterator[str]:
    """What no node may be called in a program that has helpers."""
    definitions: _Definitions = {}
    for name, function in HELPERS.items():
        _gather(name, function.__name__, sys.modules[function.__module__], "np", definitions)
    yield from definitions


def _gather(name: str, own_name: str, module: ModuleType, library: str, into: _Definitions) -> None:
    """Put what the engine's module calls `own_name` after everything of the engine that it uses itself."""
    found = getattr(module, own_name)
    if name in into:
        return
    home = sys.modules[found.__module__] if isinstance(found, FunctionType) else module
    definition = _definition(own_name, home)
    bare = _bare(definition, name, library)
    kept = {public(n.id) for n in ast.walk(bare) if isinstance(n, ast.Name)}
    for used in {n.id: None for n in ast.walk(definition) if isinstance(n, ast.Name) and n.id != own_name}:
        if public(used) in kept and _is_engines(home, used):
            _gather(public(used), used, home, library, into)
    into[name] = bare


def _is_engines(module: ModuleType, name: str) -> bool:
    """Whether a name stands for a function or a value of the engine, not for a type, a library or a builtin."""
    if name == "_where" or not hasattr(module, name):
        return False
    found = getattr(module, name)
    own = isinstance(found, FunctionType) and found.__module__.startswith("engine.")
    return own or (name.startswith("_") and callable(found))


def _definition(name: str, module: ModuleType) -> ast.stmt:
    """The statement of a module that defines a name."""
    for statement in _module_tree(module.__name__).body:
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            return statement
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return statement
    raise LookupError(name)


@cache
def _module_tree(name: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[name]))


def _bare(definition: ast.stmt, name: str, library: str) -> ast.stmt:
    bare: ast.stmt = ast.fix_missing_locations(_Bare(library).visit(copy.deepcopy(definition)))
    if isinstance(bare, ast.FunctionDef):
        bare.name = name
        while unused := _unused(bare):
            bare.body = [s for s in bare.body if s not in unused]
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
        return self.generic_visit(ast.Assign([node.target], node.value))

    def visit_If(self, node: ast.If) -> ast.AST | None:
        refuses = not node.orelse and isinstance(node.body[-1], ast.Raise)
        return None if refuses else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.library if node.id == "np" else public(node.id) if node.id.startswith("_") else node.id
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
