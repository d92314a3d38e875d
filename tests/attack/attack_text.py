"""Programs: random ones whose numbers Python knows, spoilt ones, and heaps of words."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from engine.errors import TextError
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.text.read import parse
from tests.attack import mutate, oracle
from tests.attack.attack import FOLDER, Broken

TRIES = "A program is refused in a clean sentence with a place inside it, or runs; where Python can run it, it means the same."

PYTHON = "# as Python has it\n"  # begins a text that we made, and that may be run
WORDS = [
    "def",
    "return",
    "for",
    "in",
    "range",
    "if",
    "else",
    "while",
    "class",
    "lambda",
    "import",
    "from",
    "as",
    "np",
    "torch",
    "jnp",
    "x",
    "y",
    "z",
    "w",
    "f",
    "q",
    "a",
    "b",
    "L",
    "nn",
    "Linear\nrelu",
    "sigmoid",
    "tanh",
    "exp",
    "log",
    "sqrt",
    "sum",
    "mean",
    "max",
    "min",
    "abs",
    "where",
    "dot",
    "matmul",
    "stack",
    "concatenate",
    "reshape",
    "T",
    "shape",
    "backward",
    "grad\nrequires_grad",
    "True",
    "tensor",
    "array",
    "zeros",
    "ones",
    "randn",
    "Parameter",
    "Value",
    "None",
    "print",
    "axis",
    "dim",
    "keepdim",
    "0",
    "1",
    "2",
    "-1",
    "3.5",
    "1e308",
    "1e999",
    "0x1f\n+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "@",
    "=",
    "+=",
    "*=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    ".",
    "==",
    "<",
    ">",
    "<=",
    "!=",
    "not",
    "and",
    "or",
    "\n",
    "\n",
    "\n\t",
    '"',
    "'",
    "#",
    "\\",
    "\u202e",
    "é",
    "∂",
    "𝐱",
    "\x00",
    "_",
    "...",
    "->",
    ":=",
    "|",
    "&",
    "^",
    "~",
    "<<",
]


NAMED_NUMBER = re.compile(r"^(\w+ = )(-?\d+)$", re.MULTILINE)


def start() -> None:
    oracle.strict()


def make(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.35:
        return (PYTHON + program(random)).encode()
    if kind < 0.45:
        return random.choice(HEAPS)(random).encode("utf-8", "surrogatepass")
    text = program(random) if kind < 0.55 else random.choice(snippets())
    if random.random() < 0.85:
        text = mutate.words(random, text, WORDS)
    data = text.encode("utf-8", "surrogatepass")
    return mutate.raw(random, data) if random.random() < 0.15 else data


def check(data: bytes) -> None:
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    try:
        graph = parse(text)
    except TextError as error:
        oracle.refusal(error)
        _is_inside(error, text)
        return
    oracle.round_trip(graph)
    oracle.lives(graph, Random(data))
    if text.startswith(PYTHON):
        _means_the_same(text, graph)


def _is_inside(error: TextError, text: str) -> None:
    place = re.fullmatch(r"line (\d+), column (\d+)", error.where)
    lines = re.split(r"\r\n|[\n\r]", text)
    if place and not (1 <= int(place[1]) <= len(lines) and 1 <= int(place[2]) <= len(lines[int(place[1]) - 1]) + 1):
        raise Broken("the place of a refusal is not in the text") from error


def _means_the_same(text: str, graph: Graph) -> None:
    """Both by us and by Python; where Python raises, there is nothing to compare."""
    theirs = _by_python(text)
    if theirs is None or theirs.dtype.kind not in "biuf":  # complex numbers, or integers without end
        return
    trace = run(graph)
    ours = trace.value("f")
    if ours is not None and _close(np.asarray(ours), theirs):
        return
    floats = _by_python(NAMED_NUMBER.sub(r"\1\2.0", text))  # what has a name is a float here, with a zero below 0 too
    if ours is None or floats is None or not _close(np.asarray(ours), floats):
        raise Broken("a program means something else than in Python") from ValueError(f"{ours!r}, not {theirs!r}")


def _by_python(text: str) -> np.ndarray | None:
    scope: dict[str, Any] = {"np": np}
    with np.errstate(all="ignore"):
        try:
            exec(compile(text, "program", "exec"), {"__builtins__": builtins}, scope)
            return np.asarray(scope["f"])
        except (ArithmeticError, ValueError, TypeError):
            return None


def _close(ours: Any, theirs: Any) -> bool:
    if ours.shape != theirs.shape:
        return False
    return not np.isfinite(theirs).all() or bool(np.allclose(ours, theirs, rtol=1e-8, atol=1e-9))


# --- programs


def program(random: Random) -> str:
    """Assignments of numbers, small arrays, and what is computed of them; the last is `f`."""
    names: dict[str, int] = {}  # name → axes
    lines = []
    for i in range(random.randrange(1, 4)):
        names[f"x{i}"] = random.choice((0, 0, 0, 1, 2))
        lines.append(f"x{i} = {_literal(random, names[f'x{i}'])}")
    for i in range(random.randrange(0, 5)):
        name = random.choice((f"t{i}", f"x{random.randrange(len(names) + 1)}"))
        axes = random.choice((0, 0, *names.values()))
        lines.append(f"{name} = {_expression(random, names, axes, 2)}")
        names[name] = axes
    lines.append(
        f"f = {_expression(random, names, random.choice((0, 0, 1, 2)), 3)} + 1.5"
    )  # one more name for x is no node
    return "import numpy as np\n" + "\n".join(lines) + "\n"


def _literal(random: Random, axes: int) -> str:
    number = lambda: repr(round(random.uniform(-3, 3), random.choice((0, 1, 3))))  # noqa: E731
    if axes == 0:
        return random.choice((number(), number(), str(random.randrange(-3, 9))))
    row = lambda: "[" + ", ".join(number() for _ in range(3)) + "]"  # noqa: E731
    return f"np.array({row()})" if axes == 1 else f"np.array([{row()}, {row()}, {row()}])"


def _expression(random: Random, names: dict[str, int], axes: int, depth: int) -> str:
    known = [name for name, has in names.items() if has == axes]
    if depth == 0 or random.random() < 0.15:
        return random.choice(known) if known else _literal(random, axes)
    again = lambda axes: _expression(random, names, axes, depth - 1)  # noqa: E731
    kind = random.random()
    if kind < 0.45:
        sign = random.choice(("+", "-", "*", "*", "/", "**" if axes == 0 else "+"))
        right = str(random.choice((2, 3, -1))) if sign == "**" else again(random.choice((axes, 0)))
        return f"({again(axes)} {sign} {right})"
    if kind < 0.75:
        word = random.choice(("np.exp", "np.tanh", "np.sin", "np.cos", "np.abs", "np.sqrt", "np.log", "-", "np.square"))
        return f"{word}({again(axes)})"
    if kind < 0.85:
        word = random.choice(("np.maximum", "np.minimum"))
        return f"{word}({again(axes)}, {again(axes)})"
    if axes == 0:
        inner = random.choice((1, 2))
        return f"np.{random.choice(('sum', 'mean', 'max', 'min'))}({again(inner)})"
    if axes == 1:
        return random.choice(
            (
                f"({again(2)} @ {again(1)})",
                f"np.{random.choice(('sum', 'mean'))}({again(2)}, axis={random.choice((0, 1, -1))})",
                f"{again(2)}[{random.choice((0, 1, -1))}]",
            )
        )
    return random.choice((f"({again(2)} @ {again(2)})", f"{again(2)}.T"))


# --- heaps

HEAPS: tuple[Callable[[Random], str], ...] = (
    lambda random: " ".join(random.choice(WORDS) for _ in range(random.choice((1, 3, 10, 60)))),
    lambda random: random.choice("([{-~") * random.choice((5, 90, 250, 1000, 20_000)) + "x",
    lambda random: "(" * (n := random.choice((5, 90, 250, 1000))) + "x" + ")" * n,
    lambda random: (
        random.choice(("x+", "x*", "x-", "-", "relu(", "x**", "x.T", "x,", "x;", "not "))
        * random.choice((3, 100, 3000))
        + "x"
    ),
    lambda random: "f = " + "+".join(f"x{i}" for i in range(random.choice((10, 300, 900)))),
    lambda random: (
        f"for i in range({random.choice((3, 10**3, 10**9, 10**30))}):\n    x = x {random.choice('+*')} {random.choice(('x', '1', 'i'))}\n"
    ),
    lambda random: "\n".join(f"x{i + 1} = x{i} + 1" for i in range(random.choice((3, 200)))),
    lambda random: (
        f"x = {random.choice(('zeros', 'ones', 'normal', 'np.zeros', 'torch.randn', 'np.arange'))}({random.choice(('3', '10**9', '100000', '100000, 100000', '-1', '0', '1e9', '2,' * 40))})\ny = x.sum()"
    ),
    lambda random: f"x = 2 ** {random.choice((9, 999, 10**9))} ** {random.choice((2, 9))}\ny = x",
    lambda random: f"x = {'9' * random.choice((20, 400, 5000))}\ny = x * 2",
    lambda random: (
        "y = x["
        + ", ".join(
            random.choice(("0", ":", "...", "None", "::2", "[0]", "-1", "10**9"))
            for _ in range(random.choice((1, 4, 40)))
        )
        + "]"
    ),
    lambda random: f"y = [x for i in range({random.choice((3, 10**8))}) for j in range({random.choice((3, 10**8))})]",
)


@cache
def snippets() -> list[str]:
    """What the tests of pasted programs hold, and what else is in the repository as a program."""
    folder = FOLDER.parent / "interop" / "snippets"
    texts = [block for path in sorted(folder.glob("*.txt")) for block in _blocks(path)]
    return texts


def _blocks(path: Path) -> list[str]:
    return [block.partition("\n")[2].split("!!! ")[0] for block in path.read_text("utf-8").split("### ")[1:]]
