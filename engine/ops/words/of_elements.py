"""Words that work element by element: see `engine.ops.words.table`."""

import math
from collections.abc import Mapping

import numpy as np

from engine.ops.words import arrays, floats, outlines
from engine.ops.words.word import Word

_COUNTED = "lambda c: 1.0 * c"
_PICKED = r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}"

OF_ELEMENTS: Mapping[str, Word] = {
    "exp": Word(np.exp, floats.exp, "np.exp", "torch.exp", "jnp.exp", latex="e^{{{0}}}", onnx="Exp", text="e^{p0}"),
    "expm1": Word(np.expm1, floats.expm1, "np.expm1", "torch.expm1", "jnp.expm1", onnx="lambda x: exp(x) - 1.0", latex=r"\left(e^{{{0}}} - 1\right)", text="(e^{p0} − 1)"),
    "log": Word(np.log, floats.log, "np.log", "torch.log", "jnp.log", latex=r"\ln {p0}", onnx="Log", text="ln({0})"),
    "sqrt": Word(np.sqrt, floats.sqrt, "np.sqrt", "torch.sqrt", "jnp.sqrt", "lambda x: x ** 0.5", r"\sqrt{{{0}}}", "Sqrt", text="√({0})"),
    "sin": Word(np.sin, math.sin, "np.sin", "torch.sin", "jnp.sin", latex=r"\sin {p0}", onnx="Sin"),
    "cos": Word(np.cos, math.cos, "np.cos", "torch.cos", "jnp.cos", latex=r"\cos {p0}", onnx="Cos"),
    "tan": Word(np.tan, math.tan, "np.tan", "torch.tan", "jnp.tan", latex=r"\tan {p0}", onnx="lambda x: sin(x) / cos(x)", text="tan({0})"),
    "log1p": Word(
        np.log1p, floats.log1p, "np.log1p", "torch.log1p", "jnp.log1p", latex=r"\ln(1 + {0})", onnx="lambda x: log(1.0 + x)", text="ln(1 + {0})",
    ),
    "log2": Word(
        np.log2, floats.log2, "np.log2", "torch.log2", "jnp.log2", latex=r"\log_2 {p0}",
        onnx="lambda x: log(x) / 0.6931471805599453", text="log₂({0})",
    ),
    "log10": Word(
        np.log10, floats.log10, "np.log10", "torch.log10", "jnp.log10", latex=r"\log_{{10}} {p0}",
        onnx="lambda x: log(x) / 2.302585092994046", text="log₁₀({0})",
    ),
    "mod": Word(
        np.mod, lambda a, b: a % b, "np.mod", "torch.remainder", "jnp.mod", latex=r"{p0} \bmod {p1}",
        onnx="lambda a, b: a - b * floor_div(a, b)", text="{p0} mod {p1}",
    ),
    "floor_div": Word(
        np.floor_divide, lambda a, b: a // b, "np.floor_divide", "lambda a, b: torch.div(a, b, rounding_mode='floor')", "jnp.floor_divide",
        latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor", onnx="lambda a, b: floor(a / b)", text="⌊{p0} / {p1}⌋",
    ),
    "floor": Word(np.floor, onnx="Floor"),
    "inf": Word(np.inf, None, "np.inf", "torch.inf", "jnp.inf"),
    "clip": Word(
        arrays.clip, floats.clip, "np.clip", "lambda x, low, high: torch.clamp(x, min=low, max=high)",
        "lambda x, low, high: jnp.where(jnp.clip(x, low, high) == x, x, jnp.clip(x, low, high))",
        latex=r"\min(\max({0}, {1}), {2})", text="min(max({0}, {1}), {2})",
    ),
    "bounds": Word(arrays.bounds, floats.bounds, outline=outlines.working(2)),
    "tanh": Word(np.tanh, math.tanh, "np.tanh", "torch.tanh", "jnp.tanh", latex=r"\tanh {p0}", onnx="Tanh"),
    "erf": Word(arrays.erf, math.erf, "erf", "torch.erf", "jax.scipy.special.erf", latex=r"\operatorname{{erf}}({0})", outline=outlines.working(4)),
    "softplus": Word(
        arrays.softplus, floats.softplus, "lambda x: np.logaddexp(x, 0.0)",
        "lambda x: torch.logaddexp(x, torch.zeros_like(x))", "jax.nn.softplus",
        onnx="lambda x: maximum(x, 0.0) + log(1.0 + exp(-abs(x)))",
        latex=r"\ln(1 + e^{{{0}}})", text="ln(1 + e^{p0})",
    ),
    "abs": Word(
        np.abs, abs, "np.abs", "torch.abs", "lambda x: jnp.sign(x) * x", "lambda x: x.relu() + (-x).relu()",
        r"\left|{0}\right|", "Abs",
        text="|{0}|",
    ),
    "sign": Word(
        np.sign, floats.sign, "np.sign", "torch.sign", "jnp.sign", latex=r"\operatorname{{sgn}}({0})", onnx="Sign",
    ),
    "square": Word(
        np.square, None, "np.square", "torch.square", "jnp.square", "lambda x: x ** 2", "{p0}^2",
        "lambda x: x * x", inline="lambda x: x * x",
        text="{p0}²",
    ),
    "power": Word(
        np.power, floats.power, "np.power", "lambda a, b: a ** b", "jnp.power", "lambda a, b: a ** b",
        "{{{p0}}}^{{{1}}}", "Pow",
        text="{p0}^{p1}",
    ),
    "maximum": Word(
        np.maximum, None, "np.maximum", "torch.maximum", "jnp.maximum", "lambda a, b: 0.5 * (a + b + (a - b).relu() + (b - a).relu())",
        r"\max({0}, {1})", "Max", inline="lambda a, b: a if a > b or a != a else b",
        text="max({0}, {1})",
    ),
    "minimum": Word(
        np.minimum, None, "np.minimum", "torch.minimum", "jnp.minimum", "lambda a, b: 0.5 * (a + b - (a - b).relu() - (b - a).relu())",
        r"\min({0}, {1})", "Min", inline="lambda a, b: a if a < b or a != a else b",
        text="min({0}, {1})",
    ),
    "truth": Word(
        arrays.truth, None, _COUNTED, _COUNTED, _COUNTED, latex="[{0}]", inline=_COUNTED, text="[{0}]",
    ),
    "where": Word(
        arrays.where, None, "np.where", "torch.where", "jnp.where", latex=_PICKED, onnx="Where",
        inline="lambda c, a, b: a if c else b",
        text="{1} if {0} else {2}",
    ),
    "xlogy": Word(
        arrays.xlogy, floats.xlogy, "xlogy", "torch.xlogy", "jax.scipy.special.xlogy", latex=r"{p0} \ln {p1}",
        onnx="lambda x, y: where(x == 0.0, 0.0, x * log(y))",
        text="{p0} ln({1})",
        outline=outlines.working(1),
    ),
    "ratio": Word(arrays.ratio, floats.ratio, "ratio", latex=r"\frac{{{0}}}{{{1}}}", text="{p0} / {p1}", outline=outlines.working(1)),
}  # fmt: skip
