"""Where a text only looks at something, in a print or an assertion: whether it changes something all the same."""

import ast

from engine.text.state import Argument

_CHANGING = {"append", "extend", "insert", "pop", "reverse", "backward", "grad", "value_and_grad"}


def changes_something(place: ast.expr) -> bool:
    """Whether something is changed, or a target chosen, where this is only looked at."""
    tree = place.node if isinstance(place, Argument) else place
    return any(
        isinstance(node, ast.NamedExpr) or (isinstance(node, ast.Call) and _is_changing(node.func))
        for node in ast.walk(tree)
    )


def _is_changing(function: ast.expr) -> bool:
    said = ast.unparse(function).rpartition(".")[2].partition("(")[0]
    return said in _CHANGING or (isinstance(function, ast.Attribute) and said.endswith("_") and said[:1] != "_")
