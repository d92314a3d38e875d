"""The leaves: nodes without inputs, which hold the values that everything else is computed from."""

from functools import partial

from engine.ops.declare import op

leaf = partial(op, ports="", forward="", group="leaf")

leaf(
    "input", "x",
    tooltip="Data: a value that comes from outside. It gets a gradient, but training leaves it alone.",
    aliases=("Value", "tensor"),
)  # fmt: skip
leaf(
    "parameter", "w",
    tooltip="A value that learns: training moves it against its gradient.",
    aliases=("param", "weight"),
)  # fmt: skip
leaf(
    "constant", "c",
    tooltip="A fixed number. It never gets a gradient.",
    constant=True,
    aliases=("const",),
)  # fmt: skip
