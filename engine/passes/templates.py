"""An op's texts as the compiler writes them: for floats, for arrays, or as they stand; each a template, made once.

FLOATS   plain Python floats, for graphs of numbers only: 20 times as fast as NumPy's scalars. Words are inlined where
         that pays. Where IEEE has a result but Python raises (1/0, exp(1000)) it raises: the caller computes in NumPy.
ARRAYS   NumPy, to the last bit the numbers of the stepper: literals become arrays without axes (NumPy converts a Python
         number anew in every call), words made of others are spelled out, and what then occurs twice is computed once.
MATRICES the same where the first two inputs are matrices: what is transposed is plain.
PLAIN    NumPy, the text as it stands: for the single numbers within a graph of arrays.
"""

import ast
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from engine.ops.kernel import forward_text, placeholders, rule_text
from engine.ops.op import Op, Settings
from engine.ops.spelling import PLAIN, Spelling, spell
from engine.ops.substitute import chosen_product, inlined, parsed
from engine.ops.words import images
from engine.ops.words.arrays import product_shaped
from engine.ops.words.table import MATH, NUMPY, WORDS


class Dialect(Enum):
    """What the numbers of a text are."""

    FLOATS = "floats"
    ARRAYS = "arrays"
    MATRICES = "matrices"
    PLAIN = "plain"


class Rule(Enum):
    """What the text of a backward rule gives."""

    PASS = "the upstream gradient goes on as it is"
    FLIP = "the upstream gradient with its sign flipped"
    LOCAL = "the local derivative"
    WHOLE = "the contribution itself"


@dataclass(frozen=True)
class Texts:
    """Templates for `str.format` over the inputs, then y, g and a number that makes names unique.

    `forward` of an op that folds takes two inputs. `rules` are by port, None where none was asked for.
    """

    forward: str
    rules: tuple[tuple[Rule, str] | None, ...]


class NotForFloats(Exception):
    """The text says something that has no meaning for a single number: a matrix product, a class id …"""


@lru_cache(maxsize=8192)
def texts(op: Op, arity: int, settings: Settings, dialect: Dialect, ports: tuple[int, ...]) -> Texts:
    """The templates of an op with `arity` inputs, with rules for `ports`. Raises NotForFloats."""
    inputs = placeholders(arity)
    chosen = op.chosen(settings)
    ruled = [_chosen(*rule_text(op, port, inputs, "y", "g", chosen, ALL)) for port in ports]
    forward = forward_text(op, inputs[:2] if op.folds else inputs, chosen, ALL)
    written = _written([forward, *(text for text, _ in ruled)], dialect)
    rules: list[tuple[Rule, str] | None] = [None] * arity
    for port, (_, is_local), text in zip(ports, ruled, written[1:], strict=True):
        rule, body = _kind(text) if is_local else (Rule.WHOLE, text)
        rules[port] = (rule, _template(body, arity))
    return Texts(_template(written[0], 2 if op.folds else arity), tuple(rules))


def _written(source: list[str], dialect: Dialect) -> list[str]:
    if dialect in _SPELLINGS:
        source = [spell(text, {}, _SPELLINGS[dialect]) for text in source]
    trees = [parsed(text) for text in source]
    if dialect is Dialect.FLOATS:
        trees = [_ToFloats().visit(tree) for tree in trees]
    elif dialect is not Dialect.PLAIN:
        trees = _shared([_Literals().visit(tree) for tree in trees])
    return [ast.unparse(ast.fix_missing_locations(tree)) for tree in trees]


def _chosen(text: str, is_local: bool) -> tuple[str, bool]:
    """A local derivative that is a choice as the contribution that it makes; all others as they are."""
    product = chosen_product("g", text) if is_local else None
    return (text, is_local) if product is None else (product, False)


def _kind(text: str) -> tuple[Rule, str]:
    if text in ("1", "1.0"):
        return Rule.PASS, ""
    if text in ("-1", "-1.0"):
        return Rule.FLIP, ""
    return Rule.LOCAL, text


_TAG = "TAG"
ALL = "xs"  # of an op that is made of all its inputs together: the name of these
_PLACE = re.compile(r"'[^']*'|\bin(\d+)\b|\b(y|g|xs)\b")  # but for what stands in quotes


def _template(text: str, arity: int) -> str:
    """Names of inputs become {0}, {1} …; y, g, the tag of held names and all inputs together come behind the last."""
    last = {"y": arity, "g": arity + 1, ALL: arity + 3}
    placed = _PLACE.sub(lambda m: "{" + (m[1] or str(last[m[2]])) + "}" if m[1] or m[2] else m[0], text)
    return placed.replace(_TAG, "{" + str(arity + 2) + "}")


# --- floats

FLOATS: Mapping[str, Any] = {
    **MATH, "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "expm1": math.expm1,
    "inf": math.inf,
}  # fmt: skip

# Words whose meaning for a single number is an expression, which is cheaper than a call.
_INLINE = {name: meaning for name, word in WORDS.items() if (meaning := word.inline or word.alone)}


class _ToFloats(ast.NodeTransformer):
    """Rewrite a text for single numbers."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return ast.Constant(float(node.value))
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if not isinstance(node.func, ast.Name) or node.func.id not in MATH:
            raise NotForFloats(ast.unparse(node))
        word = node.func.id
        call = ast.Call(node.func, [self.visit(arg) for arg in node.args], node.keywords)
        return inlined(_INLINE[word], call) if word in _INLINE and _cheap(_INLINE[word], call) else call

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("power"), [left, right], [])
        return ast.BinOp(left, node.op, right)


def _cheap(meaning: str, call: ast.Call) -> bool:
    """Whether a lambda may be put in place of a call: nothing may be computed twice by that."""
    said = Counter(re.findall(r"\w+", meaning.partition(":")[2]))
    return max(said.values()) < 2 or all(isinstance(arg, ast.Name | ast.Constant) for arg in call.args)


# --- arrays


def _shifted(x: Any, axis: Any) -> Any:
    """x less its largest along an axis, found column by column where there are few: a reduction takes longer."""
    if axis == -1 and x.ndim and x.shape[-1] <= _FEW:
        return x - reduce(np.maximum, [x[..., i : i + 1] for i in range(x.shape[-1])])
    return x - np.maximum.reduce(x, axis=_along(axis), keepdims=True) if x.ndim else x - x


def _kept(x: Any, axis: Any) -> Any:
    """The sum along an axis, which is kept with length 1."""
    return np.add.reduce(x, axis=_along(axis), keepdims=True) if x.ndim else x


def _along(axis: Any) -> Any:
    return None if axis == "all" else axis


_FEW = 8

# All that NumPy's texts name: with every literal that a template has met.
ARRAYS: dict[str, Any] = {**NUMPY, "shifted": _shifted, "kept": _kept, "total": np.add.reduce}
ARRAYS |= {"product_shaped": product_shaped}
ARRAYS |= {"columns": images.columns, "conv2d_of": images.conv2d_of, "kernel_of": images.kernel_of}

_HOW = "stride, padding, dilation, groups"
# Words that are made of others, spelled out.
_OF_OTHERS = {
    **PLAIN.words,
    "softmax": "lambda x, axis: exp(shifted(x, axis)) / kept(exp(shifted(x, axis)), axis)",
    "log_softmax": "lambda x, axis: shifted(x, axis) - log(kept(exp(shifted(x, axis)), axis))",
    "conv2d": f"lambda x, w, {_HOW}: conv2d_of(columns(x, w, {_HOW}), w)",
    "conv2d_right": f"lambda g, x, w, {_HOW}: kernel_of(g, columns(x, w, {_HOW}), w)",
    "sum": "lambda x, axis='all', keep=False:"
    " kept(x, axis) if keep else total(x, None) if axis == 'all' else sum(x, axis)",
    "mean": "lambda x, axis='all', keep=False:"
    " total(x, None) / length(x) if axis == 'all' and not keep else mean(x, axis, keep)",
}
_OF_MATRICES = _OF_OTHERS | {
    "swap": "lambda x: x.T",
    "pull_left": "lambda g, a, b: matmul(product_shaped(g, a, b), b.T)",
    "pull_right": "lambda g, a, b: matmul(a.T, product_shaped(g, a, b))",
}
_SPELLINGS = {
    Dialect.ARRAYS: Spelling("NumPy", _OF_OTHERS),
    Dialect.MATRICES: Spelling("NumPy", _OF_MATRICES),
}


class _Literals(ast.NodeTransformer):
    """Numbers that are operands of elementwise words become names of arrays without axes."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            node.left, node.right = _named(node.left), _named(node.right)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        node.comparators = [_named(part) for part in node.comparators]
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if ast.unparse(node.func) in ("maximum", "minimum", "where"):
            node.args = [_named(arg) for arg in node.args]
        return node


def _named(node: ast.expr) -> ast.expr:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, int | float):
        return node
    name = "number_" + repr(float(node.value)).replace(".", "_").replace("-", "m").replace("+", "p")
    held = np.array(float(node.value))
    held.setflags(write=False)
    ARRAYS[name] = held
    return ast.Name(name)


def _shared(trees: list[ast.expr]) -> list[ast.expr]:
    """What occurs twice in an op's texts gets a name where it is met first: `(held := …)`."""
    seen = Counter(ast.unparse(n) for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call | ast.BinOp))
    repeated = [text for text, count in seen.items() if count > 1]
    share = _Share({text: f"held{i}_{_TAG}" for i, text in enumerate(repeated)})
    return [share.visit(tree) for tree in trees] if repeated else trees


class _Share(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.met: set[str] = set()

    def visit(self, node: Any) -> Any:
        name = self.names.get(ast.unparse(node)) if isinstance(node, ast.Call | ast.BinOp) else None
        if name is None:
            return self.generic_visit(node)
        if name in self.met:
            return ast.Name(name)
        self.met.add(name)
        whole: Any = self.generic_visit(node)
        return ast.NamedExpr(ast.Name(name, ast.Store()), whole)
