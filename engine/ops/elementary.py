"""Elementary functions, element by element.

Symbols: x the input; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial

from engine.ops.declare import op
from engine.ops.op import Spoken, Trouble

function = partial(op, group="arithmetic")

function(
    "exp", "eˣ", "x", "exp(x)",
    local=("y",),
    title="Exponential",
    tooltip="e to the power of x: its own derivative.",
    latex="e^{{{x}}}",
    gradient=Spoken("e^x is its own slope: the local derivative is the value {y} itself.",
                    "e^x is its own slope: element by element, the local derivative is the value of {node} itself."),
    responsibility=Spoken("{source} is {y} times as responsible as {node}: e^x grows as fast as its own value.",
                          "Each element x of {source} is e^x times as responsible as the matching element of {node}."),
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
    gradient=Spoken("The slope of ln x at {x} is 1/{x} = {local}.",
                    "The slope of ln x is 1/x: each element's gradient is divided by the element itself."),
    responsibility=Spoken("{source} is 1/{x} = {local} times as responsible as {node}.",
                          "Each element x of {source} is 1/x times as responsible as the matching element of {node}: the smaller x is, the more."),
    trouble=Trouble("x <= 0", "the logarithm only exists above zero", "Keep its input above 0, for example with a softplus or by adding a small constant.", (0.0,)),
    domain=(0.2, 3.0),
    aliases=("ln",),
)  # fmt: skip
function(
    "sqrt", "√", "x", "sqrt(x)",
    local=("0.5 / y",),
    title="Square root",
    tooltip="√x: its slope is 1/(2√x), steeper and steeper towards 0.",
    latex=r"\sqrt{{{x}}}",
    gradient=Spoken("The slope of the root is 1/(2√x) = 1/(2·{y}) = {local}.",
                    "The slope of the root is 1/(2√x): each element's gradient is divided by twice the value of {node} there."),
    slope="1/(2√x)",
    trouble=Trouble("x < 0", "a negative number has no real root", "Keep its input at or above 0, for example by squaring it.", (-1.0,)),
    domain=(0.2, 3.0),
    spelled_out="x ** 0.5",
)  # fmt: skip
function(
    "abs", "|x|", "x", "abs(x)",
    local=("sign(x)",),
    title="Absolute value",
    tooltip="|x|: passes the gradient on with the sign of x. At exactly 0 it has no slope; by convention it is 0.",
    latex=r"\left|{x}\right|",
    gradient=Spoken("The slope of |x| is the sign of x: {local}.",
                    "The slope of |x| is the sign of x: where {source} is negative, the gradient's sign is flipped; at 0 nothing passes."),
    responsibility=Spoken("{source} is as responsible as {node}, with the sign of x: {local}.",
                          "Each element of {source} is as responsible as the matching element of {node}, with the sign of x."),
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
    gradient=Spoken("The slope of sin is cos {x} = {local}.", "The slope of sin x is cos x, element by element."),
    slope="cos {x}",
)  # fmt: skip
function(
    "cos", "cos", "x", "cos(x)",
    local=("-sin(x)",),
    title="Cosine",
    tooltip="cos x (x in radians): its slope is −sin x.",
    latex=r"\cos {x}",
    gradient=Spoken("The slope of cos is −sin {x} = {local}.", "The slope of cos x is −sin x, element by element."),
    slope="−sin {x}",
)  # fmt: skip
function(
    "erf", "erf", "x", "erf(x)",
    # 1.1283… = 2/√π.
    local=("1.1283791670955126 * exp(-x * x)",),
    title="Error function",
    tooltip="erf x: from −1 to 1 in an S, as the normal distribution adds up. Its slope is 2/√π · e^(−x²).",
    latex=r"\mathrm{{erf}}({x})",
    gradient=Spoken("The slope of erf is 2/√π · e^(−x²): at {x} it is {local}.",
                    "The slope of erf is 2/√π · e^(−x²), element by element: largest at 0, and soon nothing further away."),
    slope="2/√π · e^(−x²)",
)  # fmt: skip
