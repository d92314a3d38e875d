"""Elementary functions, element by element.

Symbols: x the input; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial
from typing import Any

import numpy as np

from engine.ops.declare import op
from engine.ops.op import Trouble
from engine.ops.setting import Setting, bound, high_written, low_written
from engine.ops.speech import Spoken
from engine.values.values import number_text

function = partial(op, group="arithmetic")

function(
    "exp", "eˣ", "x", "exp(x)",
    local=("y",),
    title="Exponential",
    tooltip="e to the power of x: its own derivative.",
    latex="e^{{{x}}}",
    does="raises e to the power of {x}",
    gradient=Spoken("The exponential is its own slope: {y}, the value of {node}.",
                    "The exponential is its own slope: element by element, what reached {node} is multiplied by the value of {node}."),
    responsibility=Spoken("The exponential is its own slope: {responsible}.",
                          "The exponential is its own slope: every element of {node} hands its responsibility on to {source}, multiplied by the value of {node} there."),
    trouble=Trouble(
        "x > 709.78", "e to that power is larger than any 64-bit float", "Keep its input below about 700.", (1000.0,)
    ),
)  # fmt: skip
function(
    "log", "ln", "x", "log(x)",
    local=("1 / x",),
    title="Logarithm",
    tooltip="The natural logarithm; its slope is 1/x. Defined only for x above 0.",
    latex=r"\ln {x}",
    does="is the natural logarithm of {x}",
    slope="1/{x}",
    gradient=Spoken("The slope of the logarithm is 1 over its input: {slope}.",
                    "The slope of the logarithm is 1 over its input: element by element, what reached {node} is divided by {x.name}."),
    trouble=Trouble("x <= 0", "the logarithm only exists above zero", "Keep its input above 0, for example with a softplus; where it only touches 0, adding a small constant is enough.", (0.0,)),
    domain=(0.2, 3.0),
    aliases=("ln",),
)  # fmt: skip
function(
    "sqrt", "√", "x", "sqrt(x)",
    local=("0.5 / y",),
    title="Square root",
    tooltip="√x: its slope is 1/(2√x), steeper and steeper towards 0.",
    latex=r"\sqrt{{{x}}}",
    does="is the square root of {x}",
    slope="1/(2·{y})",
    gradient=Spoken("The slope of the root is 1 over twice the root: {slope}.",
                    "The slope of the root is 1 over twice the root: element by element, what reached {node} is multiplied by {slope}."),
    trouble=Trouble("x < 0", "a negative number has no real root", "Keep its input at or above 0, for example by squaring it.", (-1.0,)),
    domain=(0.2, 3.0),
    spelled_out="x ** 0.5",
)  # fmt: skip


def _side(x: Any, tensor: str, above: str, below: str, at: str) -> str:
    """What is said on either side of a corner at 0, and there."""
    return tensor if np.ndim(x) else above if x > 0 else below if x < 0 else at


function(
    "abs", "|x|", "x", "abs(x)",
    local=("sign(x)",),
    title="Absolute value",
    tooltip="|x|: passes the gradient on with the sign of x. At exactly 0 it has no slope; by convention it is 0.",
    latex=r"\left|{x}\right|",
    does="is the absolute value of {x}",
    convention="At exactly 0 an absolute value has no slope: by convention it is 0.",
    gradient=lambda x, **_: _side(
        x,
        "Where {source} is above 0, all of the gradient passes; where it is below, the sign is flipped.",
        "{source} is above 0, where the absolute value has slope 1: the gradient passes unchanged.",
        "{source} is below 0, where the absolute value has slope −1: the sign of the gradient is flipped.",
        "{source} is exactly at the corner of the absolute value: nothing passes.",
    ),
    responsibility=lambda x, **_: _side(
        x,
        "Where {source} is above 0, every element of {node} hands all of its responsibility on to it; where it is below, the sign is flipped.",
        "{Responsible}: it is above 0, where the absolute value has slope 1.",
        "{Responsible}: it is below 0, where the absolute value has slope −1.",
        "{Responsible}: it is exactly at the corner of the absolute value.",
    ),
    aliases=("absolute",),
    kink="x",
    spelled_out="max(x, -x)",
)  # fmt: skip
function(
    "sin", "sin", "x", "sin(x)",
    local=("cos(x)",),
    title="Sine",
    tooltip="sin x (x in radians): its slope is cos x.",
    latex=r"\sin {x}",
    does="is the sine of {x}, in radians",
    slope="cos {x}",
    gradient=Spoken("The slope of the sine is the cosine: {slope}.",
                    "The slope of the sine is the cosine: element by element, what reached {node} is multiplied by {slope}."),
)  # fmt: skip
function(
    "cos", "cos", "x", "cos(x)",
    local=("-sin(x)",),
    title="Cosine",
    tooltip="cos x (x in radians): its slope is −sin x.",
    latex=r"\cos {x}",
    does="is the cosine of {x}, in radians",
    slope="−sin {x}",
    gradient=Spoken("The slope of the cosine is minus the sine: {slope}.",
                    "The slope of the cosine is minus the sine: element by element, what reached {node} is multiplied by {slope}."),
)  # fmt: skip
function(
    "erf", "erf", "x", "erf(x)",
    # 1.1283… = 2/√π.
    local=("1.1283791670955126 * exp(-x * x)",),
    title="Error function",
    tooltip="erf x: rises from −1 to 1 in an S, like the area under a normal curve. Its slope is 2/√π · e^(−x²).",
    latex=r"\mathrm{{erf}}({x})",
    does="is the error function of {x}",
    slope="2/√π · e^(−{x}²)",
    gradient=Spoken("The slope of the error function is a bell: {slope}.",
                    "The slope of the error function is a bell: element by element, what reached {node} is multiplied by {slope}."),
)  # fmt: skip


def _slope_is(what: str) -> Spoken:
    """What is said of a slope that has a formula."""
    return Spoken(
        f"{what}: {{slope}}.", f"{what}: element by element, what reached {{node}} is multiplied by {{slope}}."
    )


function(
    "tan", "tan", "x", "tan(x)",
    local=("1 + y * y",),
    title="Tangent",
    tooltip="tan x (x in radians): its slope is 1 + tan² x.",
    latex=r"\tan {x}",
    does="is the tangent of {x}, in radians",
    slope="1 + {y}²",
    gradient=_slope_is("The slope of the tangent is 1 plus the tangent squared"),
    domain=(-1.2, 1.2),
    spelled_out="sin(x) / cos(x)",
)  # fmt: skip
function(
    "expm1", "eˣ−1", "x", "expm1(x)",
    local=("exp(x)",),
    title="Exponential minus 1",
    tooltip="eˣ − 1 in one operation, which loses no digits near 0. Its slope is eˣ.",
    latex="e^{{{x}}} - 1",
    does="is e to the power of {x}, minus 1",
    slope="e^{x}",
    gradient=_slope_is("Taking off 1 changes no slope, so it is that of the exponential"),
    trouble=Trouble(
        "x > 709.78", "e to that power is larger than any 64-bit float", "Keep its input below about 700.", (1000.0,)
    ),
    spelled_out="exp(x) - 1",
)  # fmt: skip


def _logarithm(name: str, symbol: str, base: str, factor: str) -> None:
    """A logarithm to another base: ln x divided by the logarithm of the base."""
    function(
        name, symbol, "x", f"{name}(x)",
        local=(f"1 / (x * {factor})",),
        title=f"Log to base {base}",
        tooltip=f"The logarithm to the base {base}; its slope is 1/(x·ln {base}). Defined only for x above 0.",
        latex=rf"\log_{{{{{base}}}}} {{x}}",
        does=f"is the logarithm of {{x}} to the base {base}",
        slope=f"1/({{x}}·ln {base})",
        gradient=_slope_is("The slope of a logarithm is 1 over its input, divided by the natural logarithm of its base"),
        trouble=Trouble("x <= 0", "the logarithm only exists above zero", "Keep its input above 0, for example with a softplus; where it only touches 0, adding a small constant is enough.", (0.0,)),
        domain=(0.2, 3.0),
        spelled_out=f"log(x) / {factor}",
    )  # fmt: skip


_logarithm("log2", "log₂", "2", "0.6931471805599453")
_logarithm("log10", "lg", "10", "2.302585092994046")
function(
    "log1p", "ln1+", "x", "log1p(x)",
    local=("1 / (1 + x)",),
    title="Logarithm of 1 + x",
    tooltip="ln(1 + x) in one operation, which loses no digits near 0; its slope is 1/(1 + x). Defined only for x above −1.",
    latex=r"\ln(1 + {x})",
    does="is the natural logarithm of 1 + {x}",
    slope="1/(1 + {x})",
    gradient=_slope_is("The slope of a logarithm is 1 over what it is taken of"),
    trouble=Trouble("x <= -1", "the logarithm of 1 + x only exists for x above −1", "Keep its input above −1.", (-1.0,)),
    domain=(-0.7, 3.0),
    spelled_out="log(1 + x)",
)  # fmt: skip
function(
    "sign", "±1", "x", "sign(x)",
    local=("0",),
    tooltip="−1, 0 or 1. Its slope is 0, so no gradient passes; at the step itself it is 0 by convention.",
    latex=r"\operatorname{{sgn}}({x})",
    does="is the sign of {x}: −1, 0 or 1",
    convention="At the step itself there is no slope: by convention it is 0.",
    gradient="The sign is a step, flat on either side: nothing goes back to {source} along this edge.",
    responsibility="The sign is a step, flat on either side: {responsible}.",
    aliases=("sgn",),
    kink="x",
)  # fmt: skip


def _clipped(settings: dict[str, Any]) -> str:
    """What clipping does: `is {x}, but not below 0 and not above 1`."""
    bounds = (("below", settings["low"]), ("above", settings["high"]))
    said = [f"not {side} {number_text(bound)}" for side, bound in bounds if bound is not None]
    return "is {x}" + (f", but {' and '.join(said)}" if said else " as it is, as no bounds are set")


function(
    "clip", "clip", "x", "clip(x, low, high)",
    local=("where(clip(x, low, high) == x, 1.0, 0.0)",),
    settings=(Setting("low", 0.0, "Not below (none: no bound)", (0.0, -1.0, None), kind=bound, written=low_written),
              Setting("high", 1.0, "Not above (none: no bound)", (1.0, None), kind=bound, written=high_written)),
    tooltip="x, but not below one bound and not above another: a gate that is open between them, and at both of them.",
    latex=r"\min(\max({x}, 0), 1)",
    does=lambda settings, **_: _clipped(settings),
    convention="Exactly at a bound there is no slope: by convention it is 1.",
    gradient=lambda local, y, settings, **_: _kept(local, y, settings, "what reached {node} goes on to {source} unchanged", "nothing goes back to {source}"),
    responsibility=lambda local, y, settings, **_: _kept(local, y, settings, "{responsible}", "{responsible}"),
    aliases=("clamp",),
    chooses=True,
    kink="bounds(x, low, high)",
)  # fmt: skip


def _kept(local: Any, y: Any, settings: dict[str, Any], inside: str, beyond: str) -> str:
    """What is said of a number that is kept within its bounds."""
    if np.ndim(y):
        inside = inside.replace("{responsible}", "it takes on all of the responsibility of {node}")
        beyond = beyond.replace("{responsible}", "it takes on none")
        return f"Where {{source}} is within the bounds, {inside}; beyond them {{node}} stands still, and {beyond}."
    if local and y in (settings["low"], settings["high"]):
        return f"{{source}} is at a bound, which still lets it through: {inside}."
    if local:
        return f"{{source}} is within the bounds, so {{node}} moves along with it: {inside}."
    return f"{{source}} is beyond a bound, where {{node}} stands still: {beyond}."
