"""Statements that write where there is room already, in place of a new array: the same numbers, sooner.

added_to       a sum whose left part is a new matrix product: it is added to that
written_into   a matrix product that somebody has an array for
zeroed         a gradient that is let through or not: what is not becomes 0 where it lies
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from engine.values.values import Shape

NOTHING = "number_0_0"  # what templates call 0


def added_to(name: str, text: str, shapes: Mapping[str, Shape], shape: Shape) -> list[str]:
    """`name = text` as statements; `shapes` are those of the names in it, `shape` that of the result."""
    tree = _parsed(text)
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add) and _product_shape(tree.left, shapes) == shape:
        return [f"{name} = {ast.unparse(tree.left)}", f"{name} += {ast.unparse(tree.right)}"]
    return [f"{name} = {text}"]


def written_into(text: str, into: str) -> tuple[str, bool] | None:
    """The product written into an array, and whether that has to be turned; None: the text is no matrix product."""
    tree = _parsed(text)
    turned = isinstance(tree, ast.Attribute) and tree.attr == "T"
    product = tree.value if isinstance(tree, ast.Attribute) and turned else tree
    if not _is_product(product):
        return None
    return f"{ast.unparse(product)[:-1]}, out={into}){'.T' if turned else ''}", turned


def zeroed(text: str, g: str) -> str | None:
    """The statement that puts 0 into `g` where the text says 0; None: it says something else."""
    choice = re.fullmatch(rf"where\((.+), {NOTHING}, {g}\)", text)
    return f"putmask({g}, {choice[1]}, {NOTHING})" if choice else None


def is_new(text: str) -> bool:
    """Whether an array that is made by this text is nobody else's, and lies row by row."""
    tree = _parsed(text)
    return isinstance(tree, ast.BinOp) or _is_product(tree)


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _is_product(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "matmul"


def _product_shape(tree: ast.expr, shapes: Mapping[str, Shape]) -> Shape | None:
    """The shape of a product of two matrices, each a name, or one that is turned; None: it is something else."""
    if not isinstance(tree, ast.Call) or not _is_product(tree):
        return None
    left, right = (_matrix_shape(part, shapes) for part in tree.args)
    return (left[0], right[1]) if left and right else None


def _matrix_shape(tree: ast.expr, shapes: Mapping[str, Shape]) -> Shape | None:
    if isinstance(tree, ast.Attribute) and tree.attr == "T":
        turned = _matrix_shape(tree.value, shapes)
        return turned and turned[::-1]
    shape = shapes.get(tree.id) if isinstance(tree, ast.Name) else None
    return shape if shape and len(shape) == 2 else None
