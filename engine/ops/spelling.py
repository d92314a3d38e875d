"""The text of an op as a target writes it: its names and words put in, and what says nothing left out.

A target says in a `Spelling` how it writes the words; the rest of a text, sums and products and comparisons, is the
same everywhere.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.ops.kernel import contribution_text, forward_text, placeholders
from engine.ops.op import Op
from engine.ops.substitute import inlined, parsed
from engine.ops.words.table import ALONE, WORDS


@dataclass(frozen=True)
class Spelling:
    """How a target writes the words of op texts: see `engine.ops.words.table`.

    `idioms`: op → what is written in the place of its forward text, over the same ports, settings and words: where the
    target has a function of its own, or another convention at a kink.
    """

    title: str
    words: Mapping[str, str]
    idioms: Mapping[str, str] = field(default_factory=dict)


# The words as they stand, for whoever reads on from there.
PLAIN = Spelling("Gradloom", {word: word for word in WORDS})
PLAIN_NUMBERS = Spelling("Gradloom", {**PLAIN.words, **ALONE})


class MissingWord(Exception):
    """The target has no word for what an op text says."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def forward_source(op: Op, inputs: tuple[str, ...], settings: Mapping[str, Any], spelling: Spelling) -> str:
    """A node's forward text over these input expressions, as source. Raises MissingWord."""
    idiom = spelling.idioms.get(op.name)
    spoken = replace(op, forward=idiom) if idiom else op
    names = placeholders(len(inputs))
    return spell(forward_text(spoken, names, settings), dict(zip(names, inputs, strict=True)), spelling)


def vjp_source(
    op: Op, port: int, inputs: tuple[str, ...], y: str, g: str, settings: Mapping[str, Any], spelling: Spelling
) -> str:
    """The contribution to a port, upstream · local or the whole rule, before unbroadcasting. Raises MissingWord."""
    names = placeholders(len(inputs))
    known = dict(zip(names, inputs, strict=True)) | {"y": y, "g": g}
    return spell(contribution_text(op, port, names, "y", "g", settings), known, spelling)


def spell(text: str, names: Mapping[str, str], spelling: Spelling) -> str:
    """A text with its names and words written as the target writes them, and needless factors of one left out."""
    spelled = _Speller(names, spelling.words).visit(ast.parse(text, mode="eval"))
    return ast.unparse(_Settled().visit(spelled))


class _Speller(ast.NodeTransformer):
    """Puts the target's names and words in."""

    def __init__(self, names: Mapping[str, str], words: Mapping[str, str]) -> None:
        self.names = names
        self.words = words

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.names:
            return parsed(self.names[node.id])
        if node.id in self.words:
            return parsed(self.words[node.id])
        if node.id in WORDS:
            raise MissingWord(node.id)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        word = self.words.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if word is None or not word.startswith("lambda"):
            return self.generic_visit(node)
        node.args = [self.visit(arg) for arg in node.args]
        node.keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        return inlined(word, node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Of a choice that a setting has made already, only the chosen side is written."""
        test = _Settled().visit(self.visit(node.test))
        known = _constant_truth(test)
        if known is None:
            return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))
        chosen: ast.AST = self.visit(node.body if known else node.orelse)
        return chosen


class _Settled(ast.NodeTransformer):
    """Leaves out what says nothing: choices between literals, factors of one, arguments that are the default."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        known = _constant_truth(node.test)
        return node if known is None else node.body if known else node.orelse

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _without_ones(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords = [k for k in node.keywords if not (k.arg in _OPTIONS and _says_nothing(k.value))]
        node.args = [part for arg in node.args for part in _unpacked(arg)]
        alone = isinstance(node.func, ast.Attribute) and node.func.attr == "broadcast" and len(node.args) == 1
        return node.args[0] if alone else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """x[np.s_[:, 1]] is x[:, 1]."""
        self.generic_visit(node)
        place = node.slice
        if isinstance(place, ast.Subscript) and ast.unparse(place.value).endswith("s_"):
            node.slice = place.slice
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A transpose of a transpose is what it was."""
        self.generic_visit(node)
        twice = node.attr in ("T", "mT") and isinstance(node.value, ast.Attribute) and node.value.attr == node.attr
        return node.value.value if twice and isinstance(node.value, ast.Attribute) else node


def _unpacked(arg: ast.expr) -> list[ast.expr]:
    """f(*(a, b)) is f(a, b)."""
    return arg.value.elts if isinstance(arg, ast.Starred) and isinstance(arg.value, ast.Tuple) else [arg]


_OPTIONS = ("axis", "keepdims", "keepdim")


def _says_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False)


_LITERAL = (
    ast.Constant, ast.Tuple, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Call,
    ast.cmpop, ast.boolop, ast.unaryop, ast.expr_context,
)  # fmt: skip
_KINDS = {"isinstance": isinstance, "tuple": tuple}


def _is_kind(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in _KINDS


def _constant_truth(test: ast.expr) -> bool | None:
    """Whether a condition over literals alone holds; None if it speaks of anything else."""
    if not all(isinstance(node, _LITERAL) or _is_kind(node) for node in ast.walk(test)):
        return None
    tree = ast.fix_missing_locations(ast.Expression(test))
    return bool(eval(compile(tree, "<literals>", "eval"), {"__builtins__": {}, **_KINDS}))


def _without_ones(node: ast.BinOp) -> ast.expr:
    """x for 1 · x and x / 1, and −x for x · −1: the same to the last bit."""
    if isinstance(node.op, ast.Div) and _is_number(node.right, 1):
        return node.left
    if not isinstance(node.op, ast.Mult):
        return node
    for factor, other in ((node.left, node.right), (node.right, node.left)):
        if _is_number(factor, 1) and not _is_truth(other):
            return other
        if isinstance(factor, ast.UnaryOp) and isinstance(factor.op, ast.USub) and _is_number(factor.operand, 1):
            return ast.UnaryOp(ast.USub(), other)
    return node


def _is_number(node: ast.expr, number: float) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == number


def _is_truth(node: ast.expr) -> bool:
    """Whether an expression may be true/false instead of a number: there a factor of 1.0 is not needless."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor))
    return isinstance(node, (ast.Compare, ast.BoolOp)) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Invert, ast.Not))
    )
