"""Words of a text: every one that is read, of every library, with arguments that fit and that do not."""

from __future__ import annotations

from random import Random

from engine.errors import TextError
from engine.ops.op import OPS
from engine.text.call import WORDS
from engine.text.read import parse
from tests.attack import oracle

TRIES = "Any call of a word that texts may use is read, or refused with its place."

BEGIN = """import math, random, torch, jax, numpy as np
import jax.numpy as jnp
import torch.nn.functional as F
from torch import nn
x = np.array([1.0, 2.0, 3.0])
"""
ROOTS = (
    "",
    "np.",
    "torch.",
    "F.",
    "jnp.",
    "math.",
    "nn.",
    "jax.nn.",
    "random.",
    "np.random.",
    "np.linalg.",
    "torch.nn.init.",
)
ARGUMENTS = (
    "x", "x", "x", "None", "'a'", "[]", "1.5", "-1", "0", "1", "2", "True", "(0, 1)", "(2, 3)", "10**30", "99999999", "*x", "**x", "{}",
    "...", "x[0]", "[x]", "[None]", "['a']", "lambda q: q", "1j", "float('nan')", "float('inf')", "-float('inf')", "()", "[x, x]",
    "[[1], [1, 2]]", "[1, 2]", "x @ x", "1(x)", "x > 0", "slice(1)", "'sum'", "'mean'", "-0.0", "range(3)",
)  # fmt: skip
NAMES = (
    "axis", "dim", "keepdims", "dtype", "eps", "p", "size", "shape", "out", "reduction", "num", "steps", "start", "stop", "beta", "n",
    "fill_value", "weight", "bias", "inplace", "training", "alpha", "ord", "axes", "num_classes", "generator", "label",
)  # fmt: skip


def make(random: Random) -> bytes:
    word = random.choice(sorted({*WORDS, *OPS}))
    given = [random.choice(ARGUMENTS) for _ in range(random.choice((0, 1, 1, 2, 2, 3, 4)))]
    given += [f"{random.choice(NAMES)}={random.choice(ARGUMENTS)}" for _ in range(random.choice((0, 0, 0, 1, 2)))]
    last = word.rpartition(".")[2]
    base = (
        random.choice(("x.", "(x * 2).", "np.array([1.0, 2.0]).", "[x, x]."))
        if random.random() < 0.3
        else random.choice(ROOTS)
    )
    called = f"{base}{last}({', '.join(given)})" + random.choice(("", "", "(x)", "[0]", ".T"))
    return f"{BEGIN}y = {called}\nz = {random.choice(('y * 2', 'y', 'sum(y)', 'y + x'))}\n".encode()


def check(data: bytes) -> None:
    try:
        parse(data.decode())
    except TextError as error:
        oracle.refusal(error)
