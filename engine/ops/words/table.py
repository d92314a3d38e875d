"""Every word that an op text may say, once: what it computes, and how each target spells it.

Everything an op text names beside its ports, `y`, `g` and its settings stands in one of the four parts of this table. To
add a word is to add an entry there:

    "arctan": Word(np.arctan, math.atan, "np.arctan", "torch.arctan", "jnp.arctan", latex=r"\\arctan {p0}", onnx="Atan"),
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal

from engine.ops.words.of_axes import OF_AXES
from engine.ops.words.of_elements import OF_ELEMENTS
from engine.ops.words.of_images import OF_IMAGES
from engine.ops.words.of_shapes import OF_SHAPES
from engine.ops.words.outlines import outlined
from engine.ops.words.word import Spelt, Word
from engine.values.values import Shape

Target = Literal["numpy", "torch", "jax", "micrograd"]

WORDS: Mapping[str, Word] = {**OF_ELEMENTS, **OF_AXES, **OF_SHAPES, **OF_IMAGES}

NUMPY: Mapping[str, Any] = {name: word.array for name, word in WORDS.items()}
MATH: Mapping[str, Any] = {
    name: word.number or eval(word.inline or word.alone or "")
    for name, word in WORDS.items()
    if word.number or word.inline or word.alone
}  # what is not in it means nothing for a single number
OUTLINES: Mapping[str, Any] = {name: outlined(word.array, word.outline) for name, word in WORDS.items()}
ALONE: dict[str, str] = {name: word.alone for name, word in WORDS.items() if word.alone}


def spellings(target: Target, shapes: Iterable[Shape]) -> Mapping[str, str]:
    """Every word that `target` has, as it writes it between inputs of these shapes."""
    return _spellings(target, what_holds(tuple(shapes)))


@cache
def _spellings(target: Target, facts: tuple[str, ...]) -> Mapping[str, str]:
    found = {name: _chosen(getattr(word, target), facts) for name, word in WORDS.items()}
    known = {name: text for name, text in found.items() if text is not None}
    return known | ALONE if "numbers" in facts else known


def _chosen(spelt: Spelt, facts: tuple[str, ...]) -> str | None:
    if spelt is None or isinstance(spelt, str):
        return spelt
    return next((spelt[fact] for fact in facts if fact in spelt), spelt[""])


def what_holds(shapes: tuple[Shape, ...]) -> tuple[str, ...]:
    """What is true of the inputs of a node, as far as a spelling may depend on it."""
    ranks = [len(shape) for shape in shapes]
    facts = {
        "numbers": not any(ranks),
        "some_numbers": 0 in ranks,
        "matrices": ranks[:2] == [2, 2] and not _is_widened(*shapes),
        "matrix": ranks == [2],
        "vectors": ranks == [1, 1],
        "vector": bool(ranks) and ranks[:2][-1] < 2,
        "alike": len(set(shapes)) == 1,
    }
    return tuple(fact for fact, holds in facts.items() if holds)


def _is_widened(a: Shape, b: Shape, added: Shape = (), *_: Shape) -> bool:
    """Whether what is added to a bᵀ broadcasts it to more rows or columns."""
    product = (b[0], a[0])
    return len(added) > 2 or any(n not in (1, m) for n, m in zip(reversed(added), product, strict=False))
