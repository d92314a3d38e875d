"""Expressions put in place of names, and the body of a lambda in place of a call: over Python's syntax trees."""

import ast
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any


def parsed(text: str) -> ast.expr:
    """A text as an expression of its own, free to be changed."""
    return ast.parse(text, mode="eval").body


@cache
def names_in(text: str) -> frozenset[str]:
    """The names that an expression says."""
    return frozenset(n.id for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Name))


def substitute(text: str, names: Mapping[str, str]) -> str:
    """The text with each name replaced by the expression given for it, parenthesised where it must be."""
    parts = {name: parsed(by) for name, by in names.items() if name in names_in(text)}
    return ast.unparse(put_in(parsed(text), parts))


def put_in(tree: ast.expr, names: Mapping[str, ast.expr], rest: Mapping[str, Sequence[ast.expr]] = {}) -> ast.expr:
    """The tree with expressions in place of names, and several in place of `*name` for those of `rest`."""
    result: ast.expr = _PutIn(names, rest).visit(tree)
    return result


def chosen_product(g: str, slope: str) -> str | None:
    """g times a slope that is a choice, `where(condition, slope, 0.0)`, with g inside: what is not chosen gives 0.

    None for any other slope. The plain product would be nan where g is ∞ and the choice is 0.
    """
    tree = parsed(slope)
    if not isinstance(tree, ast.Call) or ast.unparse(tree.func) != "where":
        return None
    condition, *sides = map(ast.unparse, tree.args)
    if "0.0" not in sides:
        return None
    a, b = (side if side == "0.0" else g if side == "1.0" else f"{g} * ({side})" for side in sides)
    return f"where({condition}, {a}, {b})"


def inlined(said: str, call: ast.Call) -> ast.expr:
    """What a call means, where the text `said` is a lambda: its body over the arguments of the call."""
    meaning = parsed(said)
    assert isinstance(meaning, ast.Lambda)
    args = meaning.args
    names = [arg.arg for arg in args.args]
    by_default = dict(zip(names[len(names) - len(args.defaults) :], args.defaults, strict=True))
    given = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    rest = {args.vararg.arg: call.args[len(names) :]} if args.vararg else {}
    return put_in(meaning.body, by_default | given, rest)


class _PutIn(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, ast.expr], rest: Mapping[str, Sequence[ast.expr]]) -> None:
        self.names = names
        self.rest = rest

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self.names[node.id]) if node.id in self.names else node

    def visit_Starred(self, node: ast.Starred) -> Any:
        named = isinstance(node.value, ast.Name) and self.rest.get(node.value.id)
        return list(named) if isinstance(named, Sequence) else self.generic_visit(node)
