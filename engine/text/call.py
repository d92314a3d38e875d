"""A call in a program text: its arguments by place and by keyword, read as the called function asks for them."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from engine.ops.op import Op
from engine.text.plain import NotPlain, plain, plain_thing
from engine.text.state import Argument, Known, ReadingState
from engine.text.things import Ref, Thing

# One argument has many names: what PyTorch and NumPy call what we call otherwise.
_CALLED: Mapping[str, str] = {
    "dim": "axis", "keepdim": "keep", "keepdims": "keep", "input": "x", "a": "x", "negative_slope": "slope",
    "axes": "axis", "start_dim": "start", "end_dim": "end",
    "tensor": "x", "mat2": "b", "other": "b", "x1": "x", "x2": "b", "ary": "x",
}  # fmt: skip
_SAYS_NOTHING = frozenset({"dtype", "device", "inplace", "pin_memory"})


class Call:
    """One call. `take` names its arguments; then `operand`, `plain` and `thing` read them."""

    def __init__(self, reading: ReadingState, node: ast.Call, called: str, library: str, name: str | None) -> None:
        self.reading = reading
        self.node = node
        self.called = called  # as the text calls it, without its library
        self.library = library  # "numpy", "torch", "jax", "method" …; nothing for Gradloom's own words
        self.name = name  # of the node that it makes
        self.args: list[ast.expr] = _spread(reading, node.args)
        self.words = _keywords(reading, node)
        self.label = self._label("label_" if called == "dataset" else "label")
        self._taken: dict[str, ast.expr] = {}

    def given(self, base: Thing) -> "Call":
        """The same with a value before the others: the one that a method belongs to."""
        self.args.insert(0, Known(base, self.node))
        return self

    def take(self, names: str, ignored: str = "", exact: bool = False) -> "Call":
        """Give the arguments these names, in this order. Refuses what is too much and what has no such name."""
        self.check_in_place()
        order, skipped = names.split(), _SAYS_NOTHING | frozenset(ignored.split())
        if len(self.args) > len(order):
            self.refuse(f"this is one argument too many for {self.called}", self.args[len(order)])
        self._taken = dict(zip(order, self.args, strict=False))
        for word, value in self.words.items():
            name = word if word in order or exact else _CALLED.get(word, word)
            if name == "axis" and name not in order and "axes" in order:
                name = "axes"
            if name in order:
                if name in self._taken:
                    self.refuse(f"“{word}” is given twice", value)
                self._taken[name] = value
            elif word not in skipped:
                self.refuse(f"{self.called} has no argument “{word}” here", value)
        return self

    def check_in_place(self) -> None:
        """`inplace=True` changes what a name stands for: refused, unless the result gets that very name."""
        place, first = self.words.get("inplace"), self.args[0] if self.args else None
        named = first.node if isinstance(first, Argument) else None
        if place is None or not isinstance(named, ast.Name) or not self._is_true("inplace", place):
            return
        if named.id != self.name:
            said = f"inplace=True changes “{named.id}” itself: leave it out, or write {named.id} = …"
            self.refuse(said, place)

    def _is_true(self, name: str, place: ast.expr) -> bool:
        try:
            return bool(plain(self.reading, place))
        except NotPlain:
            self.refuse(f"“{name}” of {self.called} must be True or False", place)

    def has(self, name: str) -> bool:
        return name in self._taken

    def expression(self, name: str) -> ast.expr:
        if name not in self._taken:
            self.refuse(f"{self.called} needs its argument “{name}”")
        return self._taken[name]

    def thing(self, name: str) -> Thing:
        return self.reading.value(self.expression(name))

    def operand(self, name: str) -> Ref:
        return self.reading.operand(self.expression(name))

    def plain(self, name: str, default: Any = None) -> Any:
        """A plain number, text or tuple; `default` where it is not given."""
        if name not in self._taken:
            return default
        try:
            return plain(self.reading, self._taken[name])
        except NotPlain:
            said = f"“{name}” of {self.called} must be a plain number here, not a value of the graph"
            self.refuse(said, self._taken[name])

    def plain_number(self, *names: str) -> int | float:
        """A plain number that must be given, by whichever of these names."""
        name = next((name for name in names if name in self._taken), names[0])
        place, found = self.expression(name), self.plain(name)
        if not isinstance(found, (int, float)):
            self.refuse(f"“{name}” of {self.called} must be a plain number here", place)
        return found

    def plain_whole_number(self, *names: str) -> int:
        """The same, and a whole one."""
        found = self.plain_number(*names)
        if not isinstance(found, int):
            self.refuse(f"“{names[0]}” of {self.called} must be a whole number here", self.node)
        return found

    def is_plain(self, name: str) -> bool:
        try:
            return name in self._taken and plain(self.reading, self._taken[name]) is not ...
        except NotPlain:
            return False

    def plain_word(self, name: str) -> Any:
        """A keyword argument that is taken off the call, as a plain value."""
        place = self.words.pop(name)
        try:
            return plain(self.reading, place)
        except NotPlain:
            self.refuse(f"“{name}” of {self.called} must be a plain number here", place)

    def settings(self, *names: str) -> dict[str, Any]:
        """The settings of an op that are given, checked where they stand."""
        op = self.reading.ops[self.called]
        found: dict[str, Any] = {}
        for name in names:
            if name in self._taken:
                found |= self.reading.checked(op, {name: self.plain(name)}, self._taken[name])
        return found

    def operand_of_method(self) -> Ref:
        return self.reading.operand(self.args[0])

    def flag(self, name: str, default: bool = False) -> bool:
        found = self.plain(name, default)
        if not isinstance(found, bool) and found not in (0, 1):
            self.refuse(f"“{name}” of {self.called} must be True or False", self._taken[name])
        return bool(found)

    def operands(self, names: str) -> list[Ref]:
        return [self.operand(name) for name in names.split()]

    def make(self, op: Op | str, *inputs: Ref, **settings: Any) -> Ref:
        """The node that this call is."""
        made = self.reading.node(op, inputs, self.node, self.name, self.label, **settings)
        return self.of_library(made)

    def part(self, op: Op | str, *inputs: Ref, **settings: Any) -> Ref:
        """A node on the way to it, which has no name of its own."""
        return self.of_library(self.reading.node(op, inputs, self.node, **settings))

    def number(self, value: float) -> Ref:
        return self.reading.operand(value, self.node)

    def of_library(self, made: Ref) -> Ref:
        if self.library in ("numpy", "torch", "jax"):
            self.reading.made.kinds[made.node] = self.library
        return made

    def _label(self, word: str) -> str:
        """The text that a node is to be called by."""
        if word not in self.words:
            return ""
        place = self.words.pop(word)
        try:
            label = plain(self.reading, place)
        except NotPlain:
            label = None
        if not isinstance(label, str):
            self.refuse("a label must be text in quotes", place)
        return label

    @property
    def speech(self) -> str:
        """Whose meaning holds where two differ: "numpy", "torch", or nothing, where the text does not say."""
        if self.library in ("numpy", "jax", "autograd", "scipy", "math"):
            return "numpy"
        if self.library == "method":
            return self.reading.kind(self.reading.value(self.args[0]))
        return self.library

    @property
    def is_own(self) -> bool:
        """Whether it is a word of Gradloom's own, or of Python's: nothing stands before it."""
        return not self.library

    def refuse(self, sentence: str, place: ast.AST | None = None) -> NoReturn:
        self.reading.refuse(self.node if place is None else place, sentence)


def _spread(reading: ReadingState, args: list[ast.expr]) -> list[ast.expr]:
    """The arguments, those of `*list` one by one."""
    found: list[ast.expr] = []
    for arg in args:
        if not isinstance(arg, ast.Starred):
            found.append(arg if isinstance(arg, Known) else Argument(arg))
            continue
        thing = reading.value(arg.value)
        try:
            items = thing if isinstance(thing, (list, tuple)) else plain_thing(reading, thing)
        except NotPlain:
            items = None
        if not isinstance(items, (list, tuple)):
            reading.refuse(arg, "only a list can be spread out with *")
        found += [Known(item, arg) for item in items]
    return found


def _keywords(reading: ReadingState, node: ast.Call) -> dict[str, ast.expr]:
    words: dict[str, ast.expr] = {}
    for word in node.keywords:
        if word.arg is not None:
            words[word.arg] = Argument(word.value)
            continue
        thing = reading.value(word.value)
        if not isinstance(thing, dict) or not all(isinstance(key, str) for key in thing):
            reading.refuse(word.value, "only a dictionary can be spread out with **")
        words |= {key: Known(item, word.value) for key, item in thing.items()}
    return words


Handler = Callable[[Call], Thing]
WORDS: dict[str, Handler] = {}  # what is read in a way of its own, by its name or by the end of its path


def word(*names: str) -> Callable[[Handler], Handler]:
    """Declare the decorated function as what reads a call of these names: "sum", or "linalg.norm" for that one only."""

    def declare(handler: Handler) -> Handler:
        for name in names:
            if name in WORDS:
                raise ValueError(f"the word {name!r} is declared twice")
            WORDS[name] = handler
        return handler

    return declare


def handler_of(path: str) -> Handler | None:
    """What reads calls of this path: the longest end of it that is declared."""
    parts = path.split(".")
    ends = (".".join(parts[at:]) for at in range(len(parts)))
    return next((WORDS[end] for end in ends if end in WORDS), None)
