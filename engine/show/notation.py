"""The two notations of mathematics, LaTeX and one line of plain text: what each writes in its own way.

A written piece carries how tightly it holds together, so that parentheses stand where they must and nowhere else.
"""

import ast
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from engine.ops.words.table import WORDS
from engine.values.values import MINUS

# How tightly a piece holds together: `a if c else b`, a + b, −a, Σ a, a · b, A B, aⁿ, a.
CHOICE, SUM, SIGNED, SERIES, PRODUCT, MATRICES, POWER, ATOM = range(8)


class Written(NamedTuple):
    """Something written down, how tightly it holds together, and how many axes its value has (as far as is known)."""

    text: str
    tight: int = ATOM
    axes: int = 0


class Notation(ABC):
    """What LaTeX and plain text write each in its own way."""

    between: Mapping[type, str]  # the signs of sums, comparisons and logic
    times: str  # between names
    cross: str  # between numbers
    by_element: str  # between arrays
    outer: str  # between vectors: each with each
    exp: str  # the function, where e is the name of a node
    side: int  # how tight a side of an equation must be
    is_tex: bool

    def __init__(self, e_is_a_name: bool = False) -> None:
        """`e_is_a_name`: a node is called e, so that eˣ is written exp(x)."""
        self.e_is_a_name = e_is_a_name

    @abstractmethod
    def group(self, text: str) -> str:
        """A piece in parentheses."""

    @abstractmethod
    def name(self, text: str) -> Written:
        """The name of a node."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Words of a language."""

    def place(self, text: str) -> str:
        """What stands between the brackets of x[…]."""
        return self.words(text)

    @abstractmethod
    def partial(self, above: str | Written, below: str, alone: str = "") -> Written:
        """∂above/∂below of two names, `above` perhaps written already; or by what is moved `alone`: ∂above/∂(1st x)."""

    @abstractmethod
    def number(self, text: str) -> Written:
        """A number, given as `engine.values` writes it."""

    @abstractmethod
    def over(self, above: Written, below: Written) -> Written:
        """A fraction."""

    @abstractmethod
    def floored(self, above: Written, below: Written) -> Written:
        """A fraction rounded down."""

    @abstractmethod
    def to_the(self, base: Written, exponent: Written) -> Written:
        """A power."""

    @abstractmethod
    def choices(self, cases: list[tuple[str, str]], otherwise: str) -> Written:
        """The first value whose condition holds, given as (value, condition)."""

    @abstractmethod
    def word(self, said: str, args: list[Written]) -> Written:
        """A word of op texts over its arguments."""

    @abstractmethod
    def summed(self, over: str, of: Written) -> Written:
        """A sum of all elements, or of those that differ only in their place along what is called `over`."""

    @abstractmethod
    def averaged(self, over: str, of: Written) -> Written:
        """The same, divided by how many there are."""

    def held(self, piece: Written, need: int) -> str:
        """A piece in parentheses, unless it holds together as tightly as its place needs."""
        return piece.text if piece.tight >= need else self.group(piece.text)

    def _whole(self, name: str | Written) -> str:
        """What stands behind a ∂: the name of a node, where a label like a + b needs its parentheses."""
        return self.held(self.name(name), SUM) if isinstance(name, str) else self.held(name, POWER)

    def _filled(self, template: str, args: list[Written]) -> str:
        if self.e_is_a_name:
            template = _E_TO_THE.sub(lambda found: f"{self.exp}({{{found[1] or found[2]}}})", template)
        powers = {f"p{i}": self.held(arg, POWER) for i, arg in enumerate(args)}
        return template.format(*(arg.text for arg in args), **powers)


class _Tex(Notation):
    between: Mapping[type, str] = {
        ast.Add: "+", ast.Sub: "-", ast.Gt: ">", ast.GtE: r"\ge", ast.Lt: "<", ast.LtE: r"\le", ast.Eq: "=",
        ast.NotEq: r"\ne", ast.BitAnd: r"\text{ and }", ast.BitOr: r"\text{ or }", ast.Mod: r"\bmod",
        ast.MatMult: r"\,", ast.Invert: r"\text{not }", ast.Not: r"\text{not }", ast.USub: "-", ast.UAdd: "",
    }  # fmt: skip
    times, cross, by_element = r"\cdot", r"\times", r"\odot"
    outer, exp = r"\otimes", r"\exp"
    side = CHOICE
    is_tex = True

    def group(self, text: str) -> str:
        tall = any(word in text for word in (r"\frac", r"\begin", r"\sum"))
        return rf"\left({text}\right)" if tall else f"({text})"

    def name(self, text: str) -> Written:
        return Written(tex_name(text), _tightness(text))

    def words(self, text: str) -> str:
        return tex_text(text)

    def place(self, text: str) -> str:
        """Numbers with their signs are mathematics; ziamath stumbles over \\text{-1} behind a matrix."""
        return re.sub(r"-\d+|[^-]+", lambda run: run[0] if run[0][0] == "-" else self.words(run[0]), text)

    def partial(self, above: str | Written, below: str, alone: str = "") -> Written:
        by = f"({tex_text(alone)})" if alone else self._whole(below)
        return Written(rf"\frac{{\partial {self._whole(above)}}}{{\partial {by}}}", MATRICES)

    def number(self, text: str) -> Written:
        if text == "nan":
            return Written(r"\text{nan}")
        return Written(tex_number(text), SIGNED if text.startswith(MINUS) else PRODUCT if "e" in text else ATOM)

    def over(self, above: Written, below: Written) -> Written:
        return Written(rf"\frac{{{above.text}}}{{{below.text}}}", PRODUCT)

    def floored(self, above: Written, below: Written) -> Written:
        return Written(rf"\left\lfloor {self.over(above, below).text} \right\rfloor")

    def to_the(self, base: Written, exponent: Written) -> Written:
        return Written(f"{{{self.held(base, ATOM)}}}^{{{exponent.text}}}", POWER)

    def choices(self, cases: list[tuple[str, str]], otherwise: str) -> Written:
        rows = [f"{value} & {condition}" for value, condition in cases]
        rows.append(rf"{otherwise} & \text{{otherwise}}")
        return Written(r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", CHOICE)

    def word(self, said: str, args: list[Written]) -> Written:
        template = WORDS[said].latex if said in WORDS else None
        if template is None:
            inside = self.group(", ".join(arg.text for arg in args))
            return Written(rf"\operatorname{{{said.replace('_', ' ')}}}{inside}")
        # What ends in an argument, as ln x does, binds like a product.
        return Written(self._filled(template, args), PRODUCT if _OPEN_END.search(template) else POWER)

    def summed(self, over: str, of: Written) -> Written:
        below = rf"_{{{tex_text(over.removeprefix('the '))}}}" if over else ""
        return Written(rf"\sum{below} {self.held(of, PRODUCT)}", SERIES)

    def averaged(self, over: str, of: Written) -> Written:
        below = rf"_{{{tex_text(over.removeprefix('the '))}}}" if over else ""
        return Written(rf"\overline{{{of.text}}}{below}", POWER)


class _Plain(Notation):
    between: Mapping[type, str] = {
        ast.Add: "+", ast.Sub: MINUS, ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤", ast.Eq: "=",
        ast.NotEq: "≠", ast.BitAnd: "and", ast.BitOr: "or", ast.Mod: "mod", ast.MatMult: "@",
        ast.Invert: "not ", ast.Not: "not ", ast.USub: MINUS, ast.UAdd: "",
    }  # fmt: skip
    times, cross, by_element = "·", "×", "⊙"
    outer, exp = "⊗", "exp"
    side = SUM
    is_tex = False

    def group(self, text: str) -> str:
        return f"({text})"

    def name(self, text: str) -> Written:
        return Written(text, _tightness(text))

    def words(self, text: str) -> str:
        return text

    def partial(self, above: str | Written, below: str, alone: str = "") -> Written:
        by = f"({alone})" if alone else self._whole(below)
        return Written(f"∂{self._whole(above)}/∂{by}", PRODUCT)

    def number(self, text: str) -> Written:
        return Written(text, SIGNED if text.startswith(MINUS) else ATOM)

    def over(self, above: Written, below: Written) -> Written:
        return Written(f"{self.held(above, SIGNED)} / {self.held(below, POWER)}", SERIES)

    def floored(self, above: Written, below: Written) -> Written:
        return Written(f"⌊{self.over(above, below).text}⌋")

    def to_the(self, base: Written, exponent: Written) -> Written:
        raised = exponent.text.translate(_RAISED) if exponent.text.isdigit() else "^" + self.held(exponent, ATOM)
        return Written(self.held(base, ATOM) + raised, POWER)

    def choices(self, cases: list[tuple[str, str]], otherwise: str) -> Written:
        said = ", ".join(f"{value} if {condition}" for value, condition in cases)
        return Written(f"{said}, else {otherwise}", CHOICE)

    def word(self, said: str, args: list[Written]) -> Written:
        template = WORDS[said].text if said in WORDS else None
        if template is None:
            return Written(f"{said}({', '.join(arg.text for arg in args)})")
        is_product = " " in template.split("(")[0]
        return Written(self._filled(template, args), PRODUCT if is_product else POWER)

    def summed(self, over: str, of: Written) -> Written:
        said = f"Σ over {over} of" if over else "Σ"
        return Written(f"{said} {self.held(of, PRODUCT)}", SERIES)

    def averaged(self, over: str, of: Written) -> Written:
        return Written(f"mean over {over} of {self.held(of, PRODUCT)}", SERIES) if over else Written(f"mean({of.text})")


def _tightness(label: str) -> int:
    """A label like `a + b` is held together by parentheses; one of several words where it is raised or divided by."""
    if any(sign in label for sign in "+-−*/×·÷=^,∂"):
        return CHOICE
    return PRODUCT if " " in label.strip() else ATOM


_E_TO_THE = re.compile(r"e\^(?:\{\{\{(\d)\}\}\}|\{p(\d)\})")
_OPEN_END = re.compile(r"\{p\d\}$")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
TEX: Notation = _Tex()
PLAIN: Notation = _Plain()
TEX_BESIDE_E: Notation = _Tex(e_is_a_name=True)
PLAIN_BESIDE_E: Notation = _Plain(e_is_a_name=True)


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th` … `11th`."""
    return f"{number}{'th' if 10 < number % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


# --- letters and numbers of LaTeX

LONGEST_IN_TEX = 32  # characters of a name


@lru_cache(maxsize=4096)
def tex_name(name: str) -> str:
    """A name as LaTeX: one letter italic, letters and digits with an index, anything longer upright.

    One that is very long is cut in the middle: to typeset a formula takes as long as it has letters.
    """
    if len(name) > LONGEST_IN_TEX:
        name = f"{name[: LONGEST_IN_TEX // 2]}…{name[-LONGEST_IN_TEX // 3 :]}"
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


def tex_text(text: str) -> str:
    """A word or a sentence within a formula, set upright."""
    return rf"\text{{{''.join(TEX_ESCAPED.get(letter, letter) for letter in text if letter.isprintable())}}}"
