"""The backward rule of an op as it is printed: its text, with what the shapes at hand make plain already said.

A matrix product is written with its transposes, a number of elements as that number, a choice between 1 and 0 as a
choice; what is left can be computed and be read. The names: `in0`, `in1` … the inputs, y the output, g the upstream.
"""

import ast
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from engine.ops.kernel import placeholders, rule_text
from engine.ops.op import Op, Settings
from engine.ops.spelling import PLAIN, PLAIN_NUMBERS, spell
from engine.ops.substitute import parsed
from engine.values.values import Shape


@lru_cache(maxsize=4096)
def local_source(op: Op, port: int, settings: Settings, shapes: tuple[Shape, ...]) -> str | None:
    """The local derivative at a port, None where the op has none, only a rule."""
    names = placeholders(len(shapes))
    text, is_local = rule_text(op, port, names, "y", "g", op.chosen(settings))
    return _plain(text, shapes) if is_local else None


@lru_cache(maxsize=4096)
def rule_source(op: Op, port: int, settings: Settings, shapes: tuple[Shape, ...], upstream: Shape) -> str:
    """The contribution to a port, before it is summed back to the port's shape; `upstream` is the shape of g."""
    names = placeholders(len(shapes))
    text, is_local = rule_text(op, port, names, "y", "g", op.chosen(settings))
    return _plain(f"g * ({text})" if is_local else text, shapes, upstream)


def times_nothing(source: str) -> str:
    """A rule for an upstream gradient of 1: without the factor."""
    tree = parsed(source)
    at_front = isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult) and ast.unparse(tree.left) == "g"
    return ast.unparse(tree.right) if at_front and isinstance(tree, ast.BinOp) else source


def _plain(text: str, shapes: tuple[Shape, ...], upstream: Shape | None = None) -> str:
    words = PLAIN if any(shapes) else PLAIN_NUMBERS
    known = dict(zip(placeholders(len(shapes)), shapes, strict=True))
    tree = _Told(known if upstream is None else known | {"g": upstream}).visit(parsed(spell(text, {}, words)))
    return ast.unparse(ast.fix_missing_locations(tree))


class _Told(ast.NodeTransformer):
    """Puts in what the shapes of the inputs tell."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = shapes

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        say: Any = _TELLERS.get(node.func.id) if isinstance(node.func, ast.Name) else None
        told: ast.expr | None = say(self, *node.args) if say else None
        return told or node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult):
            return _product(self._unrepeated(node.left, node.right), node.right)
        if isinstance(node.op, ast.Div):
            return _quotient(node.left, node.right)
        if isinstance(node.op, ast.Add):
            return _one_choice(node)
        return node

    # --- words

    def _shape(self, node: ast.expr) -> Shape | None:
        return self.shapes.get(node.id) if isinstance(node, ast.Name) else None

    def count(self, *args: ast.expr) -> ast.expr | None:
        shapes = [self._shape(arg) for arg in args]
        known = [shape for shape in shapes if shape is not None]
        return ast.Constant(prod(np.broadcast_shapes(*known))) if len(known) == len(shapes) else None

    def length(self, x: ast.expr, axis: ast.expr | None = None) -> ast.expr | None:
        shape, along = self._shape(x), "all" if axis is None else ast.literal_eval(axis)
        if shape is None:
            return None
        numbers = () if along == "all" else along if isinstance(along, tuple) else (along,)
        return ast.Constant(prod(shape[number] for number in numbers) if shape and numbers else prod(shape))

    def freedom(self, x: ast.expr, axis: ast.expr, ddof: ast.expr) -> ast.expr | None:
        count = self.length(x, axis)
        return ast.Constant(count.value - ast.literal_eval(ddof)) if isinstance(count, ast.Constant) else None

    def swap(self, x: ast.expr) -> ast.expr | None:
        """A transpose of a transpose is what it was; of a vector, the vector; of A B it is Bᵀ Aᵀ, of a ⊗ b b ⊗ a."""
        if isinstance(x, ast.Call) and ast.unparse(x.func) == "outer":
            return _call("outer", *reversed(x.args))
        if isinstance(x, ast.Call) and ast.unparse(x.func) == "swap":
            return x.args[0]
        if isinstance(x, ast.Call) and ast.unparse(x.func) == "matmul":
            return _call("matmul", *(self._swapped(arg) for arg in reversed(x.args)))
        shape = self._shape(x)
        return x if shape is not None and len(shape) < 2 else None

    def pull_left(self, g: ast.expr, a: ast.expr, b: ast.expr) -> ast.expr | None:
        of_vector, outer = _call("matmul", b, g), _call("outer", g, b)
        return self._pulled(g, a, b, (_call("matmul", g, self._swapped(b)), of_vector, outer, b), len(self._matrix(a)))

    def pull_right(self, g: ast.expr, a: ast.expr, b: ast.expr) -> ast.expr | None:
        back = _call("matmul", self._swapped(a), g)
        return self._pulled(g, a, b, (back, back, _call("outer", a, g), a), len(self._matrix(b)))

    def _pulled(self, g: ast.expr, a: ast.expr, b: ast.expr, rules: tuple[ast.expr, ...], axes: int) -> ast.expr | None:
        """g bᵀ or aᵀ g of matrices; a product, an outer product or a multiple of the other side where one is a vector.

        `axes` has the side that is asked for. None where what was added to the product widened it, and for batches of
        vectors.
        """
        left, right = self._matrix(a), self._matrix(b)
        if not left or not right or self._shape(g) != _product_shape(left, right):
            return None
        matrices, of_vector, outer, other = rules
        if len(left) > 1 and len(right) > 1:
            return matrices
        if len(left) == len(right) == 1:
            return ast.BinOp(g, ast.Mult(), other)
        return None if max(len(left), len(right)) > 2 else of_vector if axes == 1 else outer

    def _matrix(self, node: ast.expr) -> Shape:
        """The shape of an input, or of its transpose."""
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "swap":
            shape = self._shape(node.args[0]) or ()
            return (*shape[:-2], *reversed(shape[-2:]))
        return self._shape(node) or ()

    def _swapped(self, x: ast.expr) -> ast.expr:
        return self.swap(x) or _call("swap", x)

    def onehot(self, t: ast.expr, z: ast.expr) -> ast.expr | None:
        return t if self._shape(t) == self._shape(z) is not None else None

    def _unrepeated(self, node: ast.expr, other: ast.expr) -> ast.expr:
        """One number, repeated to the shape of what it is multiplied by: the number."""
        if not isinstance(node, ast.Call) or ast.unparse(node.func) != "spread" or self._shape(node.args[0]) != ():
            return node
        shapes = [self._shape(arg) or () for arg in node.args[2:]]
        return node.args[0] if self._shape(other) == np.broadcast_shapes(*shapes) else node

    def matching(self, d: ast.expr, t: ast.expr) -> ast.expr | None:
        """Class ids, with one axis fewer than the logits, have no slope."""
        shape, longest = self._shape(t), max(map(len, (s for n, s in self.shapes.items() if n != "g")))
        if shape is None:
            return None
        return d if len(shape) == longest else _product(ast.Constant(0), t)

    def spread(self, g: ast.expr, axis: ast.expr, *like: ast.expr) -> ast.expr | None:
        """What kept its axis is repeated by broadcasting: it need not be said."""
        kept = isinstance(g, ast.Call) and ast.unparse(g.func) in ("sum", "mean") and len(g.args) == 3
        return g if kept else None

    def part(self, g: ast.expr, xs: ast.expr, i: ast.expr, axis: ast.expr) -> ast.expr | None:
        """The part of a gradient that belongs to one of the inputs that were joined, as a slice."""
        at, along = ast.literal_eval(i), ast.literal_eval(axis)
        shapes = [self._shape(x) for x in xs.elts] if isinstance(xs, ast.Tuple) else []
        most = max((len(shape) for shape in shapes if shape is not None), default=0)
        if isinstance(along, int) and most and along in (most - 1, -most):
            along = 0 if along == -most else -1
        if along not in (0, -1) or any(shape is None for shape in shapes):
            return None
        lengths = [shape[along] if shape else 1 for shape in shapes if shape is not None]
        start = sum(lengths[:at])
        if not shapes[at]:
            return ast.Subscript(g, ast.Constant(start))
        cut = f"{start}:{start + lengths[at]}"
        taken = parsed(f"g[{'..., ' if along and len(shapes[at] or ()) > 1 else ''}{cut}]")
        return ast.Subscript(g, taken.slice) if isinstance(taken, ast.Subscript) else None


_TELLERS = {
    "freedom": _Told.freedom,
    "count": _Told.count, "length": _Told.length, "swap": _Told.swap, "pull_left": _Told.pull_left,
    "pull_right": _Told.pull_right, "onehot": _Told.onehot, "spread": _Told.spread,
    "matching": _Told.matching, "part": _Told.part,
}  # fmt: skip


def _product_shape(left: Shape, right: Shape) -> Shape:
    """The shape of a matrix product."""
    if len(right) == 1:
        return left[:-1]
    batch = np.broadcast_shapes(left[:-2], right[:-2])
    return (*batch, *left[-2:-1], right[-1])


def _call(word: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(word), list(args), [])


def _fraction(node: ast.expr) -> Fraction | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _fraction(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        above, below = _fraction(node.left), _fraction(node.right)
        return above / below if above is not None and below else None
    number = node.value if isinstance(node, ast.Constant) else None
    return Fraction(int(number)) if isinstance(number, int | float) and number == int(number) else None


def _number(value: Fraction) -> ast.expr:
    above: ast.expr = ast.Constant(abs(value.numerator))
    whole = above if value.denominator == 1 else ast.BinOp(above, ast.Div(), ast.Constant(value.denominator))
    return ast.UnaryOp(ast.USub(), whole) if value < 0 else whole


def _product(left: ast.expr, right: ast.expr) -> ast.expr:
    """left · right, with a condition as the choice between 1 and 0, and x · 1/n as x / n."""
    if isinstance(left, ast.Compare) or isinstance(right, ast.Compare):
        test, other = (left, right) if isinstance(left, ast.Compare) else (right, left)
        number = isinstance(other, ast.Constant)
        choice = _call("where", test, other if number else ast.Constant(1.0), ast.Constant(0.0))
        return choice if number else ast.BinOp(other, ast.Mult(), choice)
    a, b = _fraction(left), _fraction(right)
    if a is not None and b is not None:
        return _number(a * b)
    if a is not None and a.denominator != 1:
        a, b, left, right = b, a, right, left
    if b is not None and b.denominator != 1:
        return ast.BinOp(_product(_number(Fraction(b.numerator)), left), ast.Div(), ast.Constant(b.denominator))
    if a == 1 or b == 1:
        return right if a == 1 else left
    return ast.BinOp(left, ast.Mult(), right)


def _quotient(left: ast.expr, right: ast.expr) -> ast.expr:
    a, b = _fraction(left), _fraction(right)
    if b and isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult) and (factor := _fraction(left.left)):
        if b != 1 and factor.denominator == 1 and abs(factor) != 1:
            return ast.BinOp(left, ast.Div(), right)  # 2 (o − t) / 8: 8 are averaged, and that is to be seen
        return _product(_number(factor / b), left.right)
    if b == 1:
        return left
    if a is not None and b:
        return _number(a / b)
    return ast.BinOp(left, ast.Div(), right)


def _one_choice(node: ast.BinOp) -> ast.expr:
    """Two choices of which at most one is not 0 as one: 1 if a > b, ½ if a = b, else 0."""
    sides = [side.args for side in (node.left, node.right) if isinstance(side, ast.Call) and len(side.args) == 3]
    tests = [args[0] for args in sides if isinstance(args[0], ast.Compare)]
    if len(tests) < 2 or any(ast.unparse(args[2]) != "0.0" for args in sides):
        return node
    operands = {frozenset((ast.unparse(t.left), ast.unparse(t.comparators[0]))) for t in tests}
    kinds = {type(test.ops[0]) for test in tests}
    if len(operands) > 1 or len(kinds) < 2 or ast.Eq not in kinds or kinds & {ast.GtE, ast.LtE}:
        return node
    (first, one, _), (second, two, zero) = sides
    return _call("where", first, one, _call("where", second, two, zero))
