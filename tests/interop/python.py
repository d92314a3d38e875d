"""Snippets as they are found: read from files, and run by Python itself with NumPy, PyTorch and micrograd.

A file in `snippets/` holds many: a line `### title`, then the text as somebody would paste it. One that Gradloom
refuses ends in `!!! line:column word`: where it is refused, and a word that the sentence must say; one whose numbers
are a matter of chance in `!!! chance`: then the shapes must be the same.
"""

from __future__ import annotations

import ast
import doctest
import io
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import micrograd.engine
import numpy as np
import torch

from tests.interop.value import Value

FOLDER = Path(__file__).with_name("snippets")


@dataclass(frozen=True)
class Snippet:
    """A text with its file and title; `refused` is (line, column, word) if Gradloom is to refuse it."""

    name: str
    text: str
    refused: tuple[int, int, str] | None = None
    by_chance: bool = False


@dataclass(frozen=True)
class Found:
    """What Python found: the value of what was asked for, the gradients of leaves by name, and those within lists."""

    value: np.ndarray[Any, Any]
    gradients: dict[str, np.ndarray[Any, Any]]
    listed: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]  # (value, gradient)
    without_gradient: set[str]  # the leaves that asked for one and got none


def snippets(file: str) -> Iterator[Snippet]:
    """The snippets of a file, in order."""
    for block in re.split(r"^### ", (FOLDER / file).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = block.partition("\n")
        text, _, expected = text.partition("!!! ")
        place = re.match(r"(\d+):(\d+) ?(.*)", expected)
        refused = place and (int(place[1]), int(place[2]), place[3].strip())
        by_chance = expected.startswith("chance")
        yield Snippet(f"{file.removesuffix('.txt')}: {title}", text.rstrip("\n") + "\n", refused, by_chance)


# --- Python's answer


def run_by_python(text: str) -> Found:
    """Run it with float64 as PyTorch's usual type. What it ends with, or calls `.backward` on, is its value."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    asked: list[Any] = []
    space: dict[str, Any] = {"__name__": "__main__", "Value": Value}
    try:
        with redirect_stdout(io.StringIO()), np.errstate(all="ignore"), _watched(asked), _without_pictures():
            exec(compile(_result_kept(_plain(text)), "<snippet>", "exec"), space)
    finally:
        torch.set_default_dtype(usual)
    last = space.pop("__result", None)
    result = asked[-1] if asked else last
    named = {name: grad for name, held in space.items() if (grad := _gradient(held)) is not None}
    in_lists = [item for held in space.values() if isinstance(held, list) for item in held]
    listed = [(_number(item), grad) for item in in_lists if (grad := _gradient(item)) is not None]
    asking = {
        name for name, held in space.items() if isinstance(held, torch.Tensor) and held.is_leaf and held.requires_grad
    }
    return Found(_number(result), named, listed, asking - named.keys())


@contextmanager
def _without_pictures() -> Iterator[None]:
    """Let `import matplotlib.pyplot as plt` pass, and everything that is drawn with it."""
    names = ("matplotlib", "matplotlib.pyplot")
    sys.modules |= {name: MagicMock() for name in names}
    try:
        yield
    finally:
        for name in names:  # and no others: JAX is not imported twice in one process
            del sys.modules[name]


class _watched:
    """Notes on what `.backward` is called; PyTorch's methods all come to `torch.autograd.backward`."""

    KINDS = (torch.autograd, Value, micrograd.engine.Value)

    def __init__(self, asked: list[Any]) -> None:
        self.asked = asked
        self.own = [kind.backward for kind in self.KINDS]

    def __enter__(self) -> None:
        for kind, own in zip(self.KINDS, self.own, strict=True):
            kind.backward = self._noting(own)

    def __exit__(self, *_: object) -> None:
        for kind, own in zip(self.KINDS, self.own, strict=True):
            kind.backward = own

    def _noting(self, own: Any) -> Any:
        def backward(what: Any, *args: Any, **kwargs: Any) -> None:
            self.asked.append(what)
            own(what, *args, **kwargs)

        return backward


def _plain(text: str) -> str:
    """Without prompts and answers, fences and magic, and without what only paper allows."""
    if text.startswith(">>> "):
        return "".join(example.source for example in doctest.DocTestParser().get_examples(text))
    text = textwrap.dedent(re.sub(r"^(```.*|%.*|In \[\d+\]: ?)", "", text, flags=re.MULTILINE))
    for paper, typed in PAPER.items():
        text = text.replace(paper, typed)
    return text


PAPER = {"²": "**2", "√y": "y**0.5", "−": "-", "2x": "2*x", "3(x": "3*(x"}


def _result_kept(text: str) -> ast.Module:
    """The program with the value of its last expression, or of the last name that it gives, kept as `__result`."""
    tree = ast.parse(text)
    last: Any = next(statement for statement in reversed(tree.body) if _says_something(statement))
    if isinstance(last, ast.Expr):
        at = tree.body.index(last)
        tree.body[at] = ast.Assign([ast.Name("__result", ast.Store())], last.value)
        return ast.fix_missing_locations(tree)
    while isinstance(last, (ast.For, ast.If, ast.With)):
        last = last.body[-1]
    if isinstance(last, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        target = last.targets[-1] if isinstance(last, ast.Assign) else last.target
        tree.body += ast.parse(f"__result = {ast.unparse(target)}").body
    return tree


def _says_something(statement: ast.stmt) -> bool:
    """Whether it gives a name or is a value: not what only prints or asserts."""
    if isinstance(statement, ast.Expr):
        return not ast.unparse(statement).startswith(("print(", "plt."))
    return isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.If))


def _number(held: Any) -> np.ndarray[Any, Any]:
    if isinstance(held, torch.Tensor):
        return held.detach().numpy().astype(float)
    is_value = isinstance(held, (Value, micrograd.engine.Value))
    return np.asarray(held.data if is_value else held, dtype=float)


def _gradient(held: Any) -> np.ndarray[Any, Any] | None:
    """Of a leaf that got one."""
    if isinstance(held, torch.Tensor):
        return held.grad.numpy() if held.is_leaf and held.grad is not None else None
    is_leaf = (isinstance(held, Value) and not held.children) or (
        isinstance(held, micrograd.engine.Value) and not held._prev
    )
    return np.asarray(held.grad, dtype=float) if is_leaf else None
