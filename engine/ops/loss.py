"""Losses: one number for how wrong an output is. Each averages over all elements it is given; cross_entropy, whose last
axis are the classes, over all samples.

Symbols: o the output of the model; p a probability; z a logit; t the target that it should have hit; y the loss.
"""

from functools import partial

from engine.ops.declare import op
from engine.ops.op import Setting, Spoken, Trouble

loss = partial(op, group="loss")

_OUTPUT = "Each output's slope is how far it is above its target, divided by how many were averaged."
_TARGET = "Moving a target does the opposite of moving its output."
_MOVED = Spoken("Moving the target up does the opposite of moving the output up: {local}.", _TARGET)
_AS_MUCH = Spoken(
    "The target is just as responsible, in the opposite direction: {local}.",
    "Each target is exactly as responsible as its output, in the opposite direction.",
)


loss(
    "squared_error", "½Δ²", "o t", "mean((0.5 if half else 1.0) * square(t - o))",
    local=("(1.0 if half else 2.0) * (o - t) / count(o, t)", "(1.0 if half else 2.0) * (t - o) / count(o, t)"),
    settings=(Setting("half", True, "With the factor ½"),),
    tooltip="½(t − o)²: how far the output o is from the target t. Its slope is o − t.",
    latex=r"\tfrac12 ({t} - {o})^2",
    gradient=(
        Spoken("The slope of the squared error is how far the output is above its target: {local}.", _OUTPUT),
        _MOVED,
    ),
    responsibility=(
        Spoken("The output is {local} times as responsible as {node}: that is how far off it is.",
               "Each output is responsible in proportion to how far off it is, divided by how many were averaged."),
        _AS_MUCH,
    ),
    aliases=("se",),
    spelled_out=lambda half: f"mean({'0.5 * ' if half else ''}square(t - o), axis='all')",
)  # fmt: skip
loss(
    "mse", "Δ²", "o t", "mean(square(o - t))",
    local=("2 * (o - t) / count(o, t)", "2 * (t - o) / count(o, t)"),
    title="Mean squared error",
    tooltip="The mean of (o − t)²: its slope is 2(o − t)/n.",
    latex=r"\overline{{({o} - {t})^2}}",
    gradient=(
        Spoken("The slope of (o − t)² is 2(o − t) = {local}: twice how far the output is above its target.", "Each output's slope is 2(o − t)/n: twice how far it is above its target, divided by how many there are."),
        _MOVED,
    ),
    responsibility=(
        Spoken("The output is 2(o − t) = {local} times as responsible as {node}: twice how far off it is.",
               "Each output is 2(o − t)/n times as responsible as {node}: twice how far off it is, divided by how many there are."),
        _AS_MUCH,
    ),
    aliases=("mse_loss", "MSELoss"),
    spelled_out="mean(square(o - t), axis='all')",
)  # fmt: skip
loss(
    "mae", "|Δ|", "o t", "mean(abs(o - t))",
    local=("sign(o - t) / count(o, t)", "sign(t - o) / count(o, t)"),
    title="Mean absolute error",
    tooltip="The mean of |o − t|: its slope is only a sign, however far off the output is.",
    latex=r"\overline{{|{o} - {t}|}}",
    gradient=(
        Spoken("The slope of |o − t| is a sign: {local}. Far off or near, it pushes equally hard.",
               "Each output's slope is the sign of o − t, divided by how many there are: far off or near, it pushes equally hard."),
        Spoken("The target pushes the other way: {local}.", _TARGET),
    ),
    responsibility=(
        Spoken("The output is {local} times as responsible as {node}: only the sign of o − t counts.",
               "Only the sign of o − t counts: divided by how many outputs there are, it says how responsible each one is."),
        _AS_MUCH,
    ),
    aliases=("l1_loss", "L1Loss"),
    kink="o - t",
    spelled_out="mean(abs(o - t), axis='all')",
)  # fmt: skip
loss(
    "bce", "H", "p t", "mean(-(xlogy(t, p) + xlogy(1 - t, 1 - p)))",
    local=("(ratio(1 - t, 1 - p) - ratio(t, p)) / count(p, t)", "(log(1 - p) - log(p)) / count(p, t)"),
    title="Binary cross-entropy",
    tooltip="−(t ln p + (1 − t) ln(1 − p)): how surprising t is when p was expected.",
    latex=r"-({t} \ln {p} + (1 - {t}) \ln(1 - {p}))",
    gradient=(
        Spoken("The slope of the cross-entropy at p = {p} is (p − t)/(p(1 − p)) = {local}.",
               "Each probability's slope is (p − t)/(p(1 − p)), divided by how many there are: the more confidently wrong, the steeper."),
        Spoken("As the target moves, the loss changes at the rate of ln((1 − p)/p) = {local}.",
               "As a target moves, the loss changes at the rate of ln((1 − p)/p), divided by how many there are."),
    ),
    responsibility=(
        Spoken("The probability is (p − t)/(p(1 − p)) = {local} times as responsible as {node}: the more confidently wrong, the more.",
               "Each probability is responsible in proportion to (p − t)/(p(1 − p)): the more confidently wrong, the more."),
        Spoken("The target is ln((1 − p)/p) = {local} times as responsible as {node}.",
               "Each target is responsible in proportion to ln((1 − p)/p), divided by how many there are."),
    ),
    trouble=Trouble(
        "(p <= 0) | (p >= 1)", "a probability of exactly 0 or 1, or outside that range, was wrong",
        "Put a sigmoid before it, or use bce_with_logits.", (0.0, 1.0),
    ),
    domain=(0.1, 0.9),
    aliases=("binary_cross_entropy", "BCELoss"),
    spelled_out="mean(-(t * log(p) + (1 - t) * log(1 - p)), axis='all')",
)  # fmt: skip
loss(
    "bce_with_logits", "Hσ", "z t", "mean(t * softplus(-z) + (1 - t) * softplus(z))",
    local=("(1 / (1 + exp(-z)) - t) / count(z, t)", "-z / count(z, t)"),
    title="Binary cross-entropy of logits",
    tooltip="Sigmoid and binary cross-entropy in one operation: stable for any logit. Its slope is σ(z) − t.",
    latex=r"H({t}, \sigma({z}))",
    gradient=(
        Spoken("The sigmoid's slope and the logarithm's cancel: what is left is σ(z) − t = {local}.",
               "The sigmoid's slope and the logarithm's cancel: what is left is σ(z) − t, divided by how many there are."),
        Spoken("As the target moves, the loss changes at the rate of −z = {local}.",
               "As a target moves, the loss changes at the rate of −z, divided by how many there are."),
    ),
    responsibility=(
        Spoken("The logit is σ(z) − t = {local} times as responsible as {node}: that is how far off its probability is.",
               "Each logit is responsible in proportion to σ(z) − t: how far off its probability is."),
        Spoken("The target is −z = {local} times as responsible as {node}.",
               "Each target is responsible in proportion to −z, divided by how many there are."),
    ),
    aliases=("binary_cross_entropy_with_logits", "BCEWithLogitsLoss"),
    spelled_out="bce(sigmoid(z), t)",
)  # fmt: skip
loss(
    "cross_entropy", "CE", "z t", "-sum(onehot(t, z) * log_softmax(z, -1)) * (length(z, -1) / count(z))",
    # The targets of a row may sum to another number than 1: p · Σt − t. Class ids have no slope.
    local=(
        "(softmax(z, -1) * sum(onehot(t, z), -1, True) - onehot(t, z)) * (length(z, -1) / count(z))",
        "matching(-log_softmax(z, -1) * (length(z, -1) / count(z)), t)",
    ),
    title="Cross-entropy",
    tooltip="Softmax and −ln p of the right class in one operation, from logits; targets are one-hot or class ids. Its slope is p − t.",
    latex=r"H({t}, \mathrm{{softmax}}({z}))",
    gradient=(
        "The softmax and the logarithm cancel: what is left is p − t, the probabilities minus the targets; over a batch, divided by the number of samples. The right class is pulled up; every other class is pushed down by its probability.",
        "As a target moves, the loss changes at the rate of −ln p of its class; class ids are names, not amounts, and have no slope.",
    ),
    responsibility=(
        "Each logit is responsible in proportion to p − t: how far its probability is from its target.",
        "Each target is responsible in proportion to −ln p of its class; class ids are names, not amounts.",
    ),
    aliases=("CrossEntropyLoss", "softmax_cross_entropy"),
    spelled_out="mean(-sum(one_hot(t, z) * log_softmax(z)), axis='all')",
    jacobian=(
        ("p − y", "A single row: the probabilities minus the targets, divided by the number of samples."),
        ("row", "A single row: −ln p, divided by the number of samples; 0 for class ids."),
    ),
)  # fmt: skip
loss(
    "hinge", "hng", "o t", "mean(maximum(1 - t * o, 0))",
    local=("-t * (t * o < 1) / count(o, t)", "-o * (t * o < 1) / count(o, t)"),
    tooltip="max(0, 1 − t·o) for targets −1 and +1: no loss once the output is right by a margin of 1.",
    latex=r"\max(0, 1 - {t}\,{o})",
    gradient=(
        Spoken("The slope is −t within the margin and 0 beyond it: here {local}.",
               "Outputs within the margin get −t, divided by how many there are; those right by more than 1 get nothing."),
        Spoken("The slope with respect to the target is −o within the margin and 0 beyond it: here {local}.",
               "Targets of outputs within the margin get −o, divided by how many there are; the others get nothing."),
    ),
    responsibility=(
        Spoken("Within the margin the output is −t times as responsible as {node}, beyond it not at all: {local}.",
               "Outputs within the margin are responsible in proportion to −t; those right by more than 1 are not responsible at all."),
        Spoken("Within the margin the target is −o times as responsible as {node}, beyond it not at all: {local}.",
               "Targets of outputs within the margin are responsible in proportion to −o; the others are not responsible at all."),
    ),
    aliases=("hinge_loss",),
    kink="1 - t * o",
    spelled_out="mean(max(1 - t * o, 0), axis='all')",
)  # fmt: skip
