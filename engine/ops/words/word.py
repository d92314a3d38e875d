"""What a word of op texts is: what it computes, and how each target spells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Spelt = str | Mapping[str, str] | None  # by what is true of the inputs' shapes, where it depends on that


@dataclass(frozen=True)
class Word:
    """A word: `array` computes it in NumPy, `number` over plain floats, if no lambda below says it.

    The others are what the targets write: a name (`np.exp`), or a lambda whose body is put in the word's place. A
    target that has None refuses the node, with a sentence. In NumPy a bare name is a function of `export/helpers.txt`.
    """

    array: Any  # a function of arrays; of a few words, such as `inf`, what it is
    number: Callable[..., Any] | None = None
    numpy: Spelt = None
    torch: Spelt = None
    jax: Spelt = None
    micrograd: Spelt = None
    latex: str | None = None  # {0} is the first argument, {p0} the same in parentheses where it needs them
    onnx: str | None = None  # an operator, or a lambda in words of op texts; see also `export/onnx.py`
    inline: str | None = None  # a lambda for plain floats, cheaper than the call
    alone: str | None = None  # a lambda: all that is left of it, in any target, where every value is one number
    outline: Callable[..., Any] | None = None  # how large its result is; else it is elementwise: see `outlines`
    javascript: str | None = None  # a function of numbers, `Math.atan`; else the word is one of `assets/web/words.js`
    text: str | None = None  # one line of plain text, in the manner of `latex`; else it is written as a call


def by_shape(usual: str, **others: str) -> Mapping[str, str]:
    """A spelling that depends on the shapes of the inputs: see `what_holds` in `engine.ops.words.table`."""
    return {"": usual, **others}
