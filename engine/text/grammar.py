"""What a program text may contain, and where in it something stands. Python's own parser reads it; nothing is executed.

A text is first made Python: see `engine.text.typed`. Whatever Python cannot read, and whatever would keep it busy too
long, is a TextError with its line and column.
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
from engine.text.slips import slip
from engine.text.typed import Typed

LONGEST = 1_000_000  # characters
DEEPEST = 80  # brackets in brackets: Python's parser slows down, then gives up, beyond 200

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.MatMult: "matmul",
    ast.Mod: "mod", ast.FloorDiv: "floor_div",
}  # fmt: skip
COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Gt: "greater", ast.GtE: "greater_equal", ast.Lt: "less", ast.LtE: "less_equal", ast.Eq: "equal",
    ast.NotEq: "not_equal",
}  # fmt: skip
SIGNS: Mapping[str, str] = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "matmul": "@"}

_KINDS: Mapping[type[ast.AST], str] = {
    ast.Dict: "a dictionary", ast.Set: "a set", ast.SetComp: "a set", ast.DictComp: "a dictionary",
    ast.Await: "“await”", ast.Yield: "“yield”", ast.YieldFrom: "“yield”", ast.Starred: "a *",
    ast.While: "“while”", ast.AsyncFor: "an asynchronous loop", ast.AsyncWith: "“async with”",
    ast.AsyncFunctionDef: "an asynchronous function", ast.TryStar: "“try”",
    ast.ClassDef: "a class", ast.Return: "“return”", ast.Delete: "“del”", ast.Raise: "“raise”", ast.Try: "“try”",
    ast.Global: "“global”", ast.Nonlocal: "“nonlocal”", ast.Break: "“break”", ast.Continue: "“continue”",
    ast.Match: "“match”", ast.BitXor: "“^”", ast.BitAnd: "“&”", ast.BitOr: "“|”",
    ast.LShift: "“<<”", ast.RShift: "“>>”", ast.Not: "“not”", ast.Invert: "“~”", ast.Slice: "a slice",
    ast.In: "“in”", ast.NotIn: "“not in”", ast.Is: "“is”", ast.IsNot: "“is not”",
}  # fmt: skip
_INSTEAD: Mapping[type[ast.AST], str] = {
    ast.BitXor: "write ** for a power",
    ast.Set: "write x**2 for x^{2}",
    ast.Not: "compare instead, as in x == 0",
    ast.BitAnd: "it joins comparisons, as in (x > 0) & (x < 1)",
    ast.BitOr: "it joins comparisons, as in (x < 0) | (x > 1)",
    ast.Invert: "it turns a comparison round, as in ~(x > 0)",
    ast.LShift: "write x * 2**n",
    ast.RShift: "write x // 2**n",
    ast.While: "write “for i in range(…)”, which is laid out step by step",
    ast.Break: "every round of a loop is laid out",
    ast.Continue: "every round of a loop is laid out",
    ast.Global: "hand the value over as an argument, and give it back with “return”",
    ast.Nonlocal: "hand the value over as an argument, and give it back with “return”",
    ast.Try: "paste only what it tries",
}


_POWER_OF_E = re.compile(r"(?<!\w)e\s*\^")


class Source:
    """A program text as Python statements, which knows the line and column of everything in it."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise TextError(f"the text is too long: {len(text):,} characters; at most {LONGEST:,} are allowed")
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            raise TextError("there is a NUL character in this line", where=f"line {line}")
        self._typed = Typed(text.removeprefix("\ufeff"))
        self.console = self._typed.is_console
        self._lines = self._typed.text.split("\n")
        self._check_nesting()
        self.statements = self._parsed()

    def where(self, node: ast.AST) -> str:
        """`line 2, column 7`, counted in characters from 1."""
        line: int = getattr(node, "lineno", 1)
        ahead = self._lines[line - 1].encode("utf-8", "replace")[: getattr(node, "col_offset", 0)]
        return self._typed.place(line, len(ahead.decode("utf-8", "ignore")) + 1)

    def remark_behind(self, node: ast.AST) -> str:
        """What is said behind a statement, or where that was too long, in the line above it."""
        line: int = getattr(node, "end_lineno", 1)
        behind = self._lines[line - 1][getattr(node, "end_col_offset", 0) :]
        if "  # " in behind or behind.lstrip(",").startswith("# "):
            return behind.partition("# ")[2].strip()
        above = self._lines[getattr(node, "lineno", 1) - 2].strip() if getattr(node, "lineno", 1) > 1 else ""
        return above.removeprefix("# ") if above.startswith("# ") else ""

    def line_of(self, said: str) -> int:
        """The line that says just this; 0 where none does."""
        return self._lines.index(said) + 1 if said in self._lines else 0

    def refuse(self, node: ast.AST, sentence: str) -> NoReturn:
        """Raise the TextError that says this of the place where the node stands."""
        raise TextError(sentence, where=self.where(node))

    def refuse_kind(self, node: ast.AST, kind: ast.AST | None = None) -> NoReturn:
        """Say that such a thing has no place in a program; `kind` where it has no line of its own (an operator)."""
        what, instead = _KINDS.get(type(kind or node), "this"), _INSTEAD.get(type(kind or node), "")
        if isinstance(kind or node, ast.BitXor) and _POWER_OF_E.search(self._typed.text):
            instead = "write exp(x) for e^x"
        self.refuse(node, f"{what} is not understood here" + (f": {instead}" if instead else ""))

    def _check_nesting(self) -> None:
        depth = 0
        if not any(sign in self._typed.text for sign in "([{"):
            return
        for row, line in enumerate(self._lines):
            if not any(sign in line for sign in "([{"):
                depth = max(0, depth - sum(map(line.count, ")]}")))
                continue
            for column, sign in enumerate(line.partition("#")[0]):
                depth = max(0, depth + (sign in "([{") - (sign in ")]}"))
                if depth > DEEPEST:
                    where = self._typed.place(row + 1, column + 1)
                    raise TextError("brackets are nested too deeply here", where=where)

    def _parsed(self) -> list[ast.stmt]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's own advice about Python
                return ast.parse(self._typed.text).body
        except SyntaxError as error:
            line = min(max(error.lineno or 1, 1), max(len(self._lines), 1))
            where = self._typed.place(line, max(error.offset or 1, 1))
            raise TextError(_syntax_sentence(error), where=where) from None
        except (RecursionError, MemoryError):
            raise TextError(
                "an expression in this text is too long or nested too deeply: give its parts names"
            ) from None
        except ValueError:
            raise TextError("there is a character in this text that cannot be read") from None


def _syntax_sentence(error: SyntaxError) -> str:
    message = (error.msg or "").partition(". Perhaps")[0].partition(". Maybe")[0].partition(". Did")[0]
    if message.startswith("Exceeds the limit"):
        return "this number has too many digits"
    if isinstance(error, IndentationError):
        missing = message.startswith("expected an indented block")
        return "an indented line must follow here" if missing else "this line is not indented like the one before it"
    instead = slip(error.text or "", message)
    if instead:
        return f"this cannot be read: {instead}"
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


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean “sigmoid”?`, where one name is so near that it can only have been mistyped."""
    short = name[:40].lower()
    slack = 1 if len(short) < 8 else 2
    alike = [other for other in known if other[:1] == short[:1] and abs(len(other) - len(short)) <= slack]
    near = get_close_matches(short, alike, n=1, cutoff=0.65 if len(short) == 3 else 0.72)
    return f"; did you mean “{near[0]}”?" if near else ""
