"""The text of an op written in other languages: as source for another library, and as LaTeX.

An op's texts (see `engine.op`) are expressions over its ports and the words of `engine.vocabulary`. A target says in a
`Spelling` how it writes the words; the rest of a text, sums and products and comparisons, is the same everywhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.ops.op import Op, forward_text, rule_text
from engine.ops.words import NUMPY


@dataclass(frozen=True)
class Spelling:
    """How a target writes the vocabulary.

    `words`: word → a name (`np.exp`) or a lambda whose body is put in place (`lambda x: x ** 2`).
    `idioms`: op → what is written in the place of its forward text, over the same ports, settings and words: where the
    target has a function of its own, or another convention at a kink.
    """

    title: str
    words: Mapping[str, str]
    idioms: Mapping[str, str] = field(default_factory=dict)


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
    text, is_local = rule_text(op, port, names, "y", "g", settings)
    known = dict(zip(names, inputs, strict=True)) | {"y": y, "g": g}
    return spell(f"g * ({text})" if is_local else text, known, spelling)


def placeholders(count: int) -> tuple[str, ...]:
    """Names that stand in an op text for its inputs until the real ones are put in."""
    return tuple(f"in{i}" for i in range(count))


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
            return _parsed(self.names[node.id])
        if node.id in self.words:
            return _parsed(self.words[node.id])
        if node.id in NUMPY:
            raise MissingWord(node.id)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        word = self.words.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if word is None or not word.startswith("lambda"):
            return self.generic_visit(node)
        said = ast.parse(word, mode="eval").body
        assert isinstance(said, ast.Lambda)
        node.args = [self.visit(arg) for arg in node.args]
        node.keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        put_in = _PutIn(*_bound(said.args, node))
        return put_in.visit(said.body)  # type: ignore[no-any-return]

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Of a choice that a setting has made already, only the chosen side is written."""
        test = _Settled().visit(self.visit(node.test))
        known = _constant_truth(test)
        if known is None:
            return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))
        return self.visit(node.body if known else node.orelse)  # type: ignore[no-any-return]


def _bound(args: ast.arguments, call: ast.Call) -> tuple[dict[str, ast.expr], str, list[ast.expr]]:
    """Which expression goes in for each name of a lambda, and for its *names."""
    names = [arg.arg for arg in args.args]
    by_default = dict(zip(names[len(names) - len(args.defaults) :], args.defaults, strict=True))
    given = dict(zip(names, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    return by_default | given, args.vararg.arg if args.vararg else "", call.args[len(names) :]


class _PutIn(ast.NodeTransformer):
    """Put expressions in the place of names, and a list of them in the place of `*rest`."""

    def __init__(self, names: Mapping[str, ast.expr], rest: str, others: list[ast.expr]) -> None:
        self.names = names
        self.rest = rest
        self.others = others

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.names.get(node.id, node)

    def visit_Starred(self, node: ast.Starred) -> Any:
        is_rest = isinstance(node.value, ast.Name) and node.value.id == self.rest
        return self.others if is_rest else self.generic_visit(node)


class _Settled(ast.NodeTransformer):
    """Leaves out what says nothing: choices between literals, factors of one, arguments that are the default."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        known = _constant_truth(node.test)
        return node if known is None else node.body if known else node.orelse

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _folded(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords = [k for k in node.keywords if not (k.arg in _OPTIONS and _says_nothing(k.value))]
        alone = isinstance(node.func, ast.Attribute) and node.func.attr == "broadcast" and len(node.args) == 1
        return node.args[0] if alone else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A transpose of a transpose is what it was."""
        self.generic_visit(node)
        twice = node.attr in ("T", "mT") and isinstance(node.value, ast.Attribute) and node.value.attr == node.attr
        return node.value.value if twice and isinstance(node.value, ast.Attribute) else node


_OPTIONS = ("axis", "keepdims", "keepdim")


def _says_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False)


def _parsed(text: str) -> ast.expr:
    return ast.Name(text, ast.Load()) if text.isidentifier() else ast.parse(text, mode="eval").body


def _constant_truth(test: ast.expr) -> bool | None:
    """Whether a condition over literals alone holds; None if it speaks of anything else."""
    spoken = (ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.cmpop, ast.boolop, ast.unaryop)
    if not all(isinstance(node, spoken) for node in ast.walk(test)):
        return None
    tree = ast.fix_missing_locations(ast.Expression(test))
    return bool(eval(compile(tree, "<literals>", "eval"), {"__builtins__": {}}))


def _folded(node: ast.BinOp) -> ast.expr:
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


# What is left of the words for tensors where every value is one number.
ONE_NUMBER = {
    "sum": "lambda x, axis=0, keep=0: x",
    "mean": "lambda x, axis=0, keep=0: x",
    "swap": "lambda x: x",
    "spread": "lambda g, axis=0, *like: g",
    "matching": "lambda d, t: d",
    "length": "lambda x, axis=0: 1",
    "count": "lambda *xs: 1",
}


# --- LaTeX

# A word of the vocabulary in LaTeX: {0} is its first argument, {p0} the same, in parentheses where it needs them.
_TEX_WORDS = {
    "exp": "e^{{{0}}}", "log": r"\ln {p0}", "tanh": r"\tanh {p0}", "sin": r"\sin {p0}", "cos": r"\cos {p0}",
    "sqrt": r"\sqrt{{{0}}}", "abs": r"\left|{0}\right|", "sign": r"\operatorname{{sgn}}({0})",
    "maximum": r"\max({0}, {1})", "minimum": r"\min({0}, {1})", "square": "{p0}^2",
    "where": r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}",
    "matmul": r"{p0} \, {p1}", "swap": r"{p0}^{{\top}}", "xlogy": r"{p0} \ln {p1}", "ratio": r"\frac{{{0}}}{{{1}}}",
    "count": "n",
}  # fmt: skip
_TEX_FACTORS = {"log", "tanh", "sin", "cos", "matmul", "xlogy"}  # these bind like a product
_TEX_COMPARE = {
    ast.Gt: ">", ast.GtE: r"\ge", ast.Lt: "<", ast.LtE: r"\le", ast.Eq: "=", ast.NotEq: r"\ne",
}  # fmt: skip
_TEX_BETWEEN = {
    ast.Add: (1, "+"), ast.Sub: (1, "-"), ast.BitAnd: (0, r"\land"), ast.BitOr: (0, r"\lor"),
    ast.Mult: (2, r"\cdot"), ast.MatMult: (2, r"\,"), ast.Mod: (2, r"\bmod"),
}  # fmt: skip
_CHOICE, _SUM, _PRODUCT, _POWER, _ATOM = range(5)  # how tightly a piece of LaTeX holds together
Piece = tuple[str, int]


def expression_tex(text: str, names: Mapping[str, str]) -> str:
    """An expression in the notation of op texts as LaTeX; `names` are given as LaTeX (a minus gets parentheses)."""
    return _piece(ast.parse(text, mode="eval").body, names)[0]


def vjp_tex(
    op: Op, port: int, inputs: tuple[str, ...], y: str, g: str, settings: Mapping[str, Any], scalar: bool
) -> tuple[str, bool]:
    """A port's backward rule as LaTeX over these pieces of LaTeX, and whether it is a local derivative.

    `scalar`: all inputs are single numbers, so that sums and means over them are left out.
    """
    names = placeholders(len(inputs))
    text, is_local = rule_text(op, port, names, "y", "g", settings)
    plain = spell(text, {}, _SCALAR if scalar else PLAIN)
    return expression_tex(plain, dict(zip(names, inputs, strict=True)) | {"y": y, "g": g}), is_local


def forward_tex(op: Op, inputs: tuple[str, ...], settings: Mapping[str, Any], scalar: bool) -> str:
    """A node's forward formula over these pieces of LaTeX: as the op writes it, or with other settings its text."""
    if not op.latex or any(settings.get(name) != value for name, value in op.defaults.items()):
        names = placeholders(len(inputs))
        plain = spell(forward_text(op, names, settings), {}, _SCALAR if scalar else PLAIN)
        return expression_tex(plain, dict(zip(names, inputs, strict=True)))
    held = [_held((text, _tightness(text)), _POWER) for text in inputs]
    if op.infix:
        held[0] = inputs[0]
    if not op.folds:
        last = ", ".join(held[len(op.ports) - 1 :])
        text = op.latex.format(**dict(zip(op.ports, [*held[: len(op.ports) - 1], last], strict=True)))
        return re.sub(r"\((\(-[^()]*\))\)", r"\1", text)  # σ((−2)) needs one pair only
    text = held[0]
    for nxt in held[1:]:
        text = op.latex.format(**{op.ports[0]: text, op.ports[1]: nxt})
    return text


PLAIN = Spelling("LaTeX", {word: word for word in NUMPY})
_SCALAR = Spelling("LaTeX", {**PLAIN.words, **ONE_NUMBER})


def tex_name(name: str) -> str:
    """A name as LaTeX: one letter italic, letters and digits with an index, anything longer upright."""
    stem = name.rstrip("0123456789").rstrip("_")
    digits = name[len(stem) :].lstrip("_")
    if len(stem) == 1 and stem.isalpha():
        return f"{_tex_letter(stem)}_{{{digits}}}" if digits else _tex_letter(stem)
    letters = "".join(map(_tex_letter, " ".join(name.split())))
    joined = _LONE_LETTERS.sub(lambda run: r"\text{" + "".join(_LONE_LETTERS_INSIDE.findall(run[0])) + "}", letters)
    return rf"\mathrm{{{joined}}}"


_LONE_LETTERS, _LONE_LETTERS_INSIDE = re.compile(r"(?:\\text\{[^{}]\})+"), re.compile(r"\{(.)\}")


_TEX_LETTERS = {letter: rf"\{letter}" for letter in "_%#&${}"} | {
    " ": "~", "\\": r"\backslash{}", "~": r"\sim{}", "^": r"\wedge{}", "−": "-",
    "α": r"\alpha{}", "β": r"\beta{}", "γ": r"\gamma{}", "δ": r"\delta{}", "ε": r"\epsilon{}", "η": r"\eta{}",
    "θ": r"\theta{}", "κ": r"\kappa{}", "λ": r"\lambda{}", "μ": r"\mu{}", "ν": r"\nu{}", "π": r"\pi{}",
    "ρ": r"\rho{}", "σ": r"\sigma{}", "τ": r"\tau{}", "φ": r"\phi{}", "χ": r"\chi{}", "ψ": r"\psi{}",
    "ω": r"\omega{}", "Δ": r"\Delta{}", "Σ": r"\Sigma{}", "Φ": r"\Phi{}", "Ω": r"\Omega{}", "∂": r"\partial{}",
    "·": r"\cdot{}", "×": r"\times{}", "²": "^2", "½": r"\tfrac12{}",
}  # fmt: skip


def _tex_letter(letter: str) -> str:
    if letter in _TEX_LETTERS or letter.isascii():
        return _TEX_LETTERS.get(letter, letter) if letter.isprintable() else ""
    return rf"\text{{{letter}}}" if letter.isprintable() else ""  # LaTeX has no ü in its mathematics


def tex_number(text: str) -> str:
    """A number text as LaTeX: the minus sign and the power of ten."""
    text = text.replace("−", "-").replace("∞", r"\infty")
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if e and exponent.lstrip("-").isdigit() else text


def _tightness(tex: str) -> int:
    return _SUM if tex.startswith("-") else _PRODUCT if r" \cdot " in tex else _ATOM


def _held(piece: Piece, need: int) -> str:
    """A piece in parentheses, unless it holds together as tightly as its place needs."""
    if piece[1] >= need:
        return piece[0]
    tall = any(word in piece[0] for word in (r"\frac", r"\begin"))
    return rf"\left({piece[0]}\right)" if tall else f"({piece[0]})"


def _piece(node: ast.expr, names: Mapping[str, str]) -> Piece:
    """An expression as LaTeX, and how tightly it holds together."""
    if isinstance(node, ast.Name):
        tex = names.get(node.id, rf"\mathrm{{{node.id}}}")
        return tex, _tightness(tex)
    if isinstance(node, ast.Constant):
        return _literal(node.value), _ATOM
    if isinstance(node, ast.BinOp):
        return _between(node, names)
    if isinstance(node, ast.UnaryOp):
        sign = "-" if isinstance(node.op, ast.USub) else r"\lnot "
        return sign + _held(_piece(node.operand, names), _PRODUCT), _SUM
    if isinstance(node, ast.Compare):
        return _comparison(node, names), _CHOICE
    if isinstance(node, ast.Call):
        return _call(node, names)
    return _other(node, names)


def _literal(value: object) -> str:
    if isinstance(value, str):
        return rf"\text{{{''.join(map(_tex_letter, value))}}}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _between(node: ast.BinOp, names: Mapping[str, str]) -> Piece:
    left, right = _piece(node.left, names), _piece(node.right, names)
    if isinstance(node.op, (ast.Div, ast.FloorDiv)):
        tex = rf"\frac{{{left[0]}}}{{{right[0]}}}"
        return (tex, _PRODUCT) if isinstance(node.op, ast.Div) else (rf"\left\lfloor {tex} \right\rfloor", _ATOM)
    if isinstance(node.op, ast.Pow):
        return rf"{{{_held(left, _ATOM)}}}^{{{right[0]}}}", _POWER
    tightness, sign = _TEX_BETWEEN[type(node.op)]
    after = tightness + (1 if sign in "+-" else 0)  # a − (b − c), and a + (−b)
    return f"{_held(left, tightness)} {sign} {_held(right, after)}", tightness


def _comparison(node: ast.Compare, names: Mapping[str, str]) -> str:
    text = _held(_piece(node.left, names), _SUM)
    for sign, right in zip(node.ops, node.comparators, strict=True):
        text += f" {_TEX_COMPARE[type(sign)]} {_held(_piece(right, names), _SUM)}"
    return text


def _call(node: ast.Call, names: Mapping[str, str]) -> Piece:
    args = [_piece(arg, names) for arg in node.args]
    word = node.func.id if isinstance(node.func, ast.Name) else None
    if word in _TEX_WORDS:
        held = {f"p{i}": _held(arg, _ATOM) for i, arg in enumerate(args)}
        tightness = _PRODUCT if word in _TEX_FACTORS else _CHOICE if word == "where" else _POWER
        return _TEX_WORDS[word].format(*(arg[0] for arg in args), **held), tightness
    said = word or _piece(node.func, names)[0]
    inside = [arg[0] for arg in args]
    inside += [rf"\text{{{_tex_words(k.arg)}}} {_piece(k.value, names)[0]}" for k in node.keywords]
    return rf"\operatorname{{{_tex_words(said)}}}\left({', '.join(inside)}\right)", _ATOM


def _tex_words(name: str | None) -> str:
    return (name or "").replace("_", " ")


def _other(node: ast.expr, names: Mapping[str, str]) -> Piece:
    """What is rare in op texts: attributes, indices, tuples and choices."""
    if isinstance(node, ast.Attribute):
        return rf"\operatorname{{{_tex_words(node.attr)}}}\left({_piece(node.value, names)[0]}\right)", _ATOM
    if isinstance(node, ast.Subscript):
        return rf"{{{_held(_piece(node.value, names), _ATOM)}}}_{{{_piece(node.slice, names)[0]}}}", _ATOM
    if isinstance(node, (ast.Tuple, ast.List)):
        return rf"({', '.join(_piece(item, names)[0] for item in node.elts)})", _ATOM
    if isinstance(node, ast.IfExp):
        sides = (_piece(part, names)[0] for part in (node.test, node.body, node.orelse))
        return _TEX_WORDS["where"].format(*sides), _CHOICE
    return rf"\text{{{''.join(map(_tex_letter, ast.unparse(node)))}}}", _ATOM
