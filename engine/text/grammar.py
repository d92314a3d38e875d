"""What a program text may contain, and where in it something stands. Python's own parser reads it; nothing is executed.

A text is first made Python: common indentation goes, and the signs −, ×, · and ÷ become what a keyboard has. Whatever
Python cannot read, and whatever would keep it busy too long, is a TextError with its line and column.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NoReturn

from engine import ops as _declared  # noqa: F401 - importing it fills the op table
from engine.errors import TextError
from engine.ops.op import OPS, Op

LONGEST = 1_000_000  # characters
DEEPEST = 80  # brackets in brackets: Python's parser slows down, then gives up, beyond 200

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.MatMult: "matmul",
}  # fmt: skip
SIGNS: Mapping[str, str] = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "matmul": "@"}

# Names before a dot that say nothing: F.relu(x) is relu(x).
MODULES = frozenset({"torch", "nn", "functional", "special", "linalg", "F", "np", "numpy", "jnp", "jax", "math", "tf"})

# What PyTorch and NumPy call our settings, and what they sum over where nothing is said.
SETTING_NAMES: Mapping[str, str] = {
    "dim": "axis", "keepdim": "keep", "keepdims": "keep", "negative_slope": "slope",
}  # fmt: skip
OVER_ALL = frozenset({"sum", "mean"})

_TYPED: Mapping[str, str] = {"−": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "\u00a0": " "}
# What stands in quotes stays.
_TYPED_SIGN = re.compile(r"""('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|[−×·⋅÷\u00a0]""")

_KINDS: Mapping[type[ast.AST], str] = {
    ast.Lambda: "a lambda", ast.Compare: "a comparison", ast.Subscript: "an index in [ ]",
    ast.JoinedStr: "text in quotes",
    ast.BoolOp: "“and” or “or”", ast.IfExp: "“if … else”", ast.Dict: "a dictionary", ast.Set: "a set",
    ast.ListComp: "a loop in [ ]", ast.GeneratorExp: "a loop", ast.SetComp: "a loop", ast.DictComp: "a loop",
    ast.Await: "“await”", ast.Yield: "“yield”", ast.YieldFrom: "“yield”", ast.NamedExpr: "“:=”", ast.Starred: "a *",
    ast.For: "a loop", ast.While: "a loop", ast.AsyncFor: "a loop", ast.If: "“if”", ast.With: "“with”",
    ast.FunctionDef: "a function definition", ast.AsyncFunctionDef: "a function definition",
    ast.ClassDef: "a class", ast.Return: "“return”", ast.Delete: "“del”", ast.Raise: "“raise”", ast.Try: "“try”",
    ast.Assert: "“assert”", ast.Global: "“global”", ast.Nonlocal: "“nonlocal”", ast.Pass: "“pass”",
    ast.Break: "“break”", ast.Continue: "“continue”", ast.Match: "“match”", ast.AnnAssign: "a type annotation",
    ast.Mod: "“%”", ast.FloorDiv: "“//”", ast.BitXor: "“^”", ast.BitAnd: "“&”", ast.BitOr: "“|”",
    ast.LShift: "“<<”", ast.RShift: "“>>”", ast.Not: "“not”", ast.Invert: "“~”",
}  # fmt: skip


class Source:
    """A program text as Python statements, which knows the line and column of everything in it."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise TextError(f"the text is too long: {len(text):,} characters; at most {LONGEST:,} are allowed")
        plain = _TYPED_SIGN.sub(lambda found: found[1] or _TYPED[found[0]], text)
        self._lines = re.split(r"\r\n|\r|\n", plain)
        self._margin = _common_margin(self._lines)
        lines = [line[self._margin :] for line in self._lines]
        self._check_nesting(lines)
        self.statements = self._parsed("\n".join(lines))

    def where(self, node: ast.AST) -> str:
        """`line 2, column 7`, counted in characters from 1."""
        line: int = getattr(node, "lineno", 1)
        ahead = self._lines[line - 1][self._margin :].encode("utf-8", "replace")[: getattr(node, "col_offset", 0)]
        return _place(line, len(ahead.decode("utf-8", "ignore")) + self._margin + 1)

    def refuse(self, node: ast.AST, sentence: str) -> NoReturn:
        raise TextError(sentence, where=self.where(node))

    def refuse_kind(self, node: ast.AST, kind: ast.AST | None = None) -> NoReturn:
        """Say that such a thing has no place in a program; `kind` where it has no line of its own (an operator)."""
        what = _KINDS.get(type(kind or node), "this")
        hint = ": write ** for a power" if isinstance(kind, ast.BitXor) else ""
        self.refuse(node, f"{what} is not understood here{hint or '; only assignments, arithmetic and operations are'}")

    def _check_nesting(self, lines: list[str]) -> None:
        depth = 0
        for row, line in enumerate(lines):
            for column, sign in enumerate(line.partition("#")[0]):
                depth = max(0, depth + (sign in "([{") - (sign in ")]}"))
                if depth > DEEPEST:
                    where = _place(row + 1, column + self._margin + 1)
                    raise TextError("brackets are nested too deeply here", where=where)

    def _parsed(self, text: str) -> list[ast.stmt]:
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            raise TextError("there is a NUL character in this line", where=f"line {line}")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's own advice about Python
                return ast.parse(text).body
        except SyntaxError as error:
            line = min(max(error.lineno or 1, 1), max(len(self._lines), 1))
            where = _place(line, max(error.offset or 1, 1) + self._margin)
            raise TextError(_syntax_sentence(error), where=where) from None
        except (RecursionError, MemoryError):
            raise TextError(
                "an expression in this text is too long or nested too deeply: give its parts names"
            ) from None
        except ValueError:
            raise TextError("there is a character in this text that cannot be read") from None


def _place(line: int, column: int) -> str:
    return f"line {line}, column {column}"


def _common_margin(lines: list[str]) -> int:
    """How far all lines are indented, so that an indented block pastes in."""
    full = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if len({line[: len(line) - len(line.lstrip())][:1] for line in full}) > 1:
        return 0  # tabs and spaces, or some lines without either
    return min((len(line) - len(line.lstrip()) for line in full), default=0)


def _syntax_sentence(error: SyntaxError) -> str:
    message = (error.msg or "").partition(". Perhaps")[0]
    if message.startswith("Exceeds the limit"):
        return "this number has too many digits"
    if isinstance(error, IndentationError):
        return "this line is not indented like the one before it"
    if not message or message.startswith("invalid syntax"):
        return "this cannot be read: it is neither an assignment nor an expression"
    return f"this cannot be read: {message}"


def label_word(op: Op) -> str:
    """The keyword that gives a node its label: `label`, unless the op has a setting of that name."""
    return "label_" if "label" in op.defaults else "label"


def vocabulary() -> dict[str, Op]:
    """The names that operations are called by: their own, their aliases, and their symbols where they are words."""
    called: dict[str, Op] = {}
    for op in OPS.values():
        for name in (op.symbol, op.name.title().replace("_", ""), *op.aliases):
            if name.isidentifier() and (len(name) > 1 or not name.isascii()):
                called.setdefault(name, op)
    return called | OPS


def no_such_op(name: str, known: Iterable[str]) -> str:
    """What to say where there is no such operation."""
    near = get_close_matches(name[:40], known, n=1)
    hint = f"; did you mean “{near[0]}”?" if near else ""
    return f"there is no operation “{name[:40]}”{hint}"
