"""An expression in the notation of op texts, written down in LaTeX or as plain text over the names it is given."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.ops.substitute import parsed
from engine.ops.words.table import WORDS
from engine.show.notation import CHOICE, MATRICES, POWER, PRODUCT, SERIES, SIGNED, SUM, Notation, Written
from engine.values.values import number_text

# Numbers of op texts that have a name.
_NAMED = {
    0.7071067811865476: "1 / sqrt(2)", 0.3989422804014327: "1 / sqrt(2 * pi)", 1.1283791670955126: "2 / sqrt(pi)",
    0.6931471805599453: "log(2)", 1.4426950408889634: "1 / log(2)", 2.302585092994046: "log(10)",
}  # fmt: skip
# Words that are written without an entry of their own in the table.
_SAID = ("sum", "mean", "matmul", "outer", "where")
_WHOLE = ("length", "count")  # words that leave a single number
_ALONG = {"-1": "the last axis", "-2": "the second-to-last axis"}


@lru_cache(maxsize=4096)
def is_readable(source: str) -> bool:
    """Whether all words of a text have their signs: a student can read it."""
    calls = {n.func.id for n in ast.walk(parsed(source)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    return all(word in _SAID or (word in WORDS and WORDS[word].latex) for word in calls)


def written(tree: ast.expr, names: Mapping[str, Written], notation: Notation, numbers: bool = False) -> Written:
    """An expression over these names. `numbers`: the names are numbers, multiplied with × in place of ·."""
    return _Scribe(names, notation, notation.cross if numbers else notation.times).piece(tree)


class _Scribe:
    def __init__(self, names: Mapping[str, Written], notation: Notation, times: str) -> None:
        self.names = names
        self.notation = notation
        self.times = times

    def piece(self, node: ast.expr) -> Written:
        write = _WAYS.get(type(node))
        return write(self, node) if write else Written(self.notation.words(ast.unparse(node)))

    def name(self, node: ast.Name) -> Written:
        if node.id == "inf":
            return self.notation.number("∞")
        return self.names.get(node.id) or Written(self.notation.words(node.id))

    def constant(self, node: ast.Constant) -> Written:
        if isinstance(node.value, float) and node.value in _NAMED:
            names = {"pi": self.notation.name("π")}
            return _Scribe(names, self.notation, self.times).piece(ast.parse(_NAMED[node.value], mode="eval").body)
        if isinstance(node.value, int | float):
            return self.notation.number(number_text(node.value, 6))
        return Written(self.notation.words(str(node.value)))

    def between(self, node: ast.BinOp) -> Written:
        left, right = self.piece(node.left), self.piece(node.right)
        return self._joined(node.op, left, right)._replace(axes=max(left.axes, right.axes))

    def _joined(self, op: ast.operator, left: Written, right: Written) -> Written:
        held = self.notation.held
        if isinstance(op, ast.Div):
            return self.notation.over(left, right)
        if isinstance(op, ast.FloorDiv):
            return self.notation.floored(left, right)
        if isinstance(op, ast.Pow):
            return self.notation.to_the(left, right)
        if isinstance(op, ast.Mult):
            sign = self.notation.by_element if left.axes and right.axes else self.times
            start = self.notation.group(left.text) if left.tight == SERIES else held(left, SIGNED)
            return Written(f"{start} {sign} {held(right, PRODUCT)}", PRODUCT)
        tight, first, last = _SIGNS[type(op)]
        return Written(f"{held(left, first)} {self.notation.between[type(op)]} {held(right, last)}", tight)

    def signed(self, node: ast.UnaryOp) -> Written:
        inner = self.piece(node.operand)
        return Written(self.notation.between[type(node.op)] + self.notation.held(inner, PRODUCT), SIGNED, inner.axes)

    def comparison(self, node: ast.Compare) -> Written:
        pieces = [self.piece(part) for part in (node.left, *node.comparators)]
        text = self.notation.held(pieces[0], SUM)
        for sign, right in zip(node.ops, pieces[1:], strict=True):
            text += f" {self.notation.between[type(sign)]} {self.notation.held(right, SUM)}"
        return Written(text, CHOICE, max(piece.axes for piece in pieces))

    def call(self, node: ast.Call) -> Written:
        said = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if said in ("sum", "mean"):
            return self.over_an_axis(said, node)
        if said == "where":
            return self._chosen(node.args)
        if said == "outer":
            left, right = (self.notation.held(self.piece(arg), MATRICES) for arg in node.args)
            return Written(f"{left} {self.notation.outer} {right}", PRODUCT, 2)
        args = [self.piece(arg) for arg in (*node.args, *(k.value for k in node.keywords))]
        axes = max((arg.axes for arg in args), default=0)
        if said == "matmul":
            left, right = (self.notation.held(arg, MATRICES) for arg in args)
            return Written(f"{left} {self.notation.between[ast.MatMult]} {right}", MATRICES, axes)
        return self.notation.word(said, args)._replace(axes=0 if said in _WHOLE else axes)

    def over_an_axis(self, said: str, node: ast.Call) -> Written:
        """A sum or a mean of all elements, or along an axis."""
        inner = self.piece(node.args[0])
        axis = ast.unparse(node.args[1]) if len(node.args) > 1 else "'all'"
        several = axis.startswith("(")
        said_axis = f"axes {axis.strip('()')}" if several else f"axis {axis}"
        over = "" if axis == "'all'" or inner.axes == 1 else _ALONG.get(axis, said_axis)
        whole = self.notation.summed(over, inner) if said == "sum" else self.notation.averaged(over, inner)
        left = inner.axes - 1 - axis.count(",") if over else 0
        return whole._replace(axes=inner.axes if len(node.args) > 2 else left)

    def place(self, node: ast.Subscript) -> Written:
        """An element or a part; of `s_[:, 1]`, which is a place alone, what stands between the brackets."""
        if ast.unparse(node.value) in ("s_", "backwards"):
            return Written(self.notation.place(ast.unparse(node.slice)))
        of = self.piece(node.value)
        text = f"[{self.notation.place(ast.unparse(node.slice).strip('()'))}]"
        return Written(self.notation.held(of, POWER) + text, POWER, 0 if isinstance(node.slice, ast.Constant) else 1)

    def choice(self, node: ast.IfExp) -> Written:
        return self._chosen([node.test, node.body, node.orelse])

    def _chosen(self, args: list[ast.expr]) -> Written:
        """A choice, and the choices within what is taken otherwise, as one."""
        test, value, otherwise = args
        pieces = [self.piece(value), self.piece(test)]
        while isinstance(otherwise, ast.Call) and ast.unparse(otherwise.func) == "where":
            test, value, otherwise = otherwise.args
            pieces += [self.piece(value), self.piece(test)]
        last = self.piece(otherwise)
        cases = [(piece.text, when.text) for piece, when in zip(pieces[::2], pieces[1::2], strict=True)]
        return self.notation.choices(cases, last.text)._replace(axes=max(piece.axes for piece in (*pieces, last)))

    def items(self, node: ast.Tuple | ast.List) -> Written:
        return Written(f"({', '.join(self.piece(item).text for item in node.elts)})")


# Of `a + b` and its like: how tight the whole is, and how tight its left and right side must be.
_SIGNS = {
    ast.Add: (SUM, SUM, SERIES), ast.Sub: (SUM, SUM, SERIES), ast.MatMult: (MATRICES, MATRICES, MATRICES),
    ast.Mod: (PRODUCT, PRODUCT, POWER), ast.BitAnd: (CHOICE, CHOICE, CHOICE), ast.BitOr: (CHOICE, CHOICE, CHOICE),
}  # fmt: skip
_WAYS: dict[type, Any] = {
    ast.Name: _Scribe.name, ast.Constant: _Scribe.constant, ast.BinOp: _Scribe.between, ast.UnaryOp: _Scribe.signed,
    ast.Compare: _Scribe.comparison, ast.Call: _Scribe.call, ast.IfExp: _Scribe.choice,
    ast.Subscript: _Scribe.place, ast.Tuple: _Scribe.items, ast.List: _Scribe.items,
}  # fmt: skip
