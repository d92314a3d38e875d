"""Losses: one number for how wrong an output is. Each averages over all elements it is given.

Symbols: o the output of the model; p a probability; t the target that it should have hit; y the loss.
"""

from functools import partial

from engine.op import Setting, Trouble, op

loss = partial(op, group="loss")

loss(
    "squared_error", "½Δ²", "o t", "mean((0.5 if half else 1.0) * square(t - o))",
    local=("(1.0 if half else 2.0) * (o - t) / count(o - t)", "(1.0 if half else 2.0) * (t - o) / count(o - t)"),
    settings=(Setting("half", True, "With the factor ½"),),
    title="Squared error",
    tooltip="½(t − o)²: how far the output o is from the target t. Its slope is o − t.",
    latex=r"\tfrac12 ({t} - {o})^2",
    gradient=(
        "The slope of the squared error is how far the output is above its target: {local}.",
        "Moving the target up does the opposite of moving the output up: {local}.",
    ),
    responsibility=(
        "The output is responsible for the loss by how far it is off: {local}.",
        "The target is responsible by as much, in the other direction: {local}.",
    ),
    aliases=("se",),
)  # fmt: skip
loss(
    "bce", "H", "p t", "mean(-(xlogy(t, p) + xlogy(1 - t, 1 - p)))",
    local=("(ratio(1 - t, 1 - p) - ratio(t, p)) / count(p - t)", "(log(1 - p) - log(p)) / count(p - t)"),
    title="Binary cross-entropy",
    tooltip="−(t ln p + (1 − t) ln(1 − p)): how surprised one is by t when p was expected.",
    latex=r"-({t} \ln {p} + (1 - {t}) \ln(1 - {p}))",
    gradient=(
        "The slope of the cross-entropy at p = {p} is (p − t)/(p(1 − p)) = {local}.",
        "Moving the target changes the loss by ln((1 − p)/p) = {local}.",
    ),
    responsibility=(
        "The probability is responsible by (p − t)/(p(1 − p)) = {local}: the surer it was and wrong, the more.",
        "The target is responsible by ln((1 − p)/p) = {local}.",
    ),
    trouble=Trouble(
        "(p <= 0) | (p >= 1)", "a probability of exactly 0 or 1, or outside, was wrong", "Use a sigmoid before it, or bce_with_logits.", (0.0, 1.0)
    ),
    domain=(0.1, 0.9),
    aliases=("binary_cross_entropy",),
)  # fmt: skip
