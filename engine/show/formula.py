"""Formulas: the text of an op as LaTeX, and names, numbers and expressions as LaTeX writes them."""

import ast
import re
from collections.abc import Mapping
from typing import Any

from engine.ops.kernel import forward_text, placeholders, rule_text
from engine.ops.op import Op
from engine.ops.spelling import PLAIN, PLAIN_NUMBERS, spell
from engine.ops.words.table import WORDS

_TEX_COMPARE = {
    ast.Gt: ">", ast.GtE: r"\ge", ast.Lt: "<", ast.LtE: r"\le", ast.Eq: "=", ast.NotEq: r"\ne",
}  # fmt: skip
_TEX_BETWEEN = {
    ast.Add: (1, "+"), ast.Sub: (1, "-"), ast.BitAnd: (0, r"\land"), ast.BitOr: (0, r"\lor"),
    ast.Mult: (2, r"\cdot"), ast.MatMult: (2, r"\,"), ast.Mod: (2, r"\bmod"),
}  # fmt: skip
_CHOICE, _SUM, _PRODUCT, _POWER, _ATOM = range(5)  # how tightly a piece of LaTeX holds together
Piece = tuple[str, int]
_OPEN_END = re.compile(r"\{p\d\}$")


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
    plain = spell(text, {}, PLAIN_NUMBERS if scalar else PLAIN)
    return expression_tex(plain, dict(zip(names, inputs, strict=True)) | {"y": y, "g": g}), is_local


def forward_tex(op: Op, inputs: tuple[str, ...], settings: Mapping[str, Any], scalar: bool) -> str:
    """A node's forward formula over these pieces of LaTeX: as the op writes it, or with other settings its text."""
    if not op.latex or any(settings.get(name) != value for name, value in op.defaults.items()):
        names = placeholders(len(inputs))
        plain = spell(forward_text(op, names, settings), {}, PLAIN_NUMBERS if scalar else PLAIN)
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


TEX_ESCAPED = {letter: rf"\{letter}" for letter in "_%#&${}"}
_TEX_LETTERS = TEX_ESCAPED | {
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
    tex = WORDS[word].latex if word and word in WORDS else None
    if tex is not None:
        held = {f"p{i}": _held(arg, _ATOM) for i, arg in enumerate(args)}
        # What ends in an argument, as ln x does, binds like a product; a choice holds nothing together.
        tightness = _CHOICE if tex.startswith(r"\begin") else _PRODUCT if _OPEN_END.search(tex) else _POWER
        return tex.format(*(arg[0] for arg in args), **held), tightness
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
        return str(WORDS["where"].latex).format(*sides), _CHOICE
    return rf"\text{{{''.join(map(_tex_letter, ast.unparse(node)))}}}", _ATOM
