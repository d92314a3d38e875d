"""Losses: one number for how wrong an output is. Each averages over all elements it is given; cross_entropy, whose last
axis are the classes, over all samples.

Symbols: o the output of the model; p a probability; z a logit; t the target that it should have hit; y the loss.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from engine.ops.declare import op
from engine.ops.op import Trouble
from engine.ops.setting import Setting
from engine.ops.speech import Said, Spoken

loss = partial(op, group="loss")

_GETS = "Each {element} of {source} gets what reached {node}, times {slope}"
_IS_HANDED = "Each {element} of {source} takes on the responsibility of {node}, times {slope}"
_AVERAGED = ", divided by how many are averaged"


def _slope_words(number: str, tensor: str) -> tuple[Spoken, Spoken]:
    """What is said in either wording of a loss's slope, for numbers and for tensors, of which it averages."""
    return (
        Spoken(f"{number}: {{slope}}.", f"{_GETS}: {tensor}."),
        Spoken(f"{{Responsible}}. {number}: {{slope}}.", f"{_IS_HANDED}: {tensor}."),
    )


_OUTPUT = _slope_words(
    "The slope of the squared error is how far the output is above its target",
    "how far each output is above its target" + _AVERAGED,
)
_TARGET = _slope_words(
    "Along the target, the slope of the squared error is how far the target is above the output",
    "how far each target is above its output" + _AVERAGED,
)
_TWICE = _slope_words(
    "The slope of the squared error is twice how far the output is above its target",
    "twice how far each output is above its target" + _AVERAGED,
)
_TARGET_TWICE = _slope_words(
    "Along the target, the slope of the squared error is twice how far the target is above the output",
    "twice how far each target is above its output" + _AVERAGED,
)


def _told(does: str) -> Callable[..., str]:
    """What a loss is, with the average that it takes where there is more than one element."""
    return lambda settings, y, **given: (
        does + (", on average over all elements" if any(map(np.ndim, given.values())) else "")
    )


def _halved(with_half: Spoken, without: Spoken) -> Said:
    return lambda settings, **facts: (with_half if settings["half"] else without)(**facts)


def _difference(first: str, second: str) -> Said:
    """o − t, over n where they are averaged, or twice that."""

    def slope(settings: dict[str, Any], local: Any, contribution: Any, **_: Any) -> str:
        difference = f"{{{first}}} − {{{second}}}"
        if settings.get("half"):
            return f"({difference}){{each}}" if np.ndim(local) or np.ndim(contribution) else difference
        return f"2·({difference}){{each}}"

    return slope


loss(
    "squared_error", "½Δ²", "o t", "mean((0.5 if half else 1.0) * square(t - o))",
    local=("(1.0 if half else 2.0) * (o - t) / count(o, t)", "(1.0 if half else 2.0) * (t - o) / count(o, t)"),
    settings=(Setting("half", True, "With the factor ½"),),
    tooltip="½(t − o)², or (t − o)² without its factor: how far the output o is from the target t, squared.",
    latex=r"\tfrac12 ({t} - {o})^2",
    roles="output, target",
    does=lambda settings, **facts: _told(f"is {'half ' if settings['half'] else ''}the squared distance of {{o}} from its target {{t}}")(settings=settings, **facts),
    slope=(_difference("o", "t"), _difference("t", "o")),
    gradient=(_halved(_OUTPUT[0], _TWICE[0]), _halved(_TARGET[0], _TARGET_TWICE[0])),
    responsibility=(_halved(_OUTPUT[1], _TWICE[1]), _halved(_TARGET[1], _TARGET_TWICE[1])),
    aliases=("se",),
    spelled_out=lambda half: f"mean({'0.5 * ' if half else ''}square(t - o))",
)  # fmt: skip
loss(
    "mse", "Δ²", "o t", "mean(square(o - t))",
    local=("2 * (o - t) / count(o, t)", "2 * (t - o) / count(o, t)"),
    title="Mean squared error",
    tooltip="The mean of (o − t)²: its slope is 2(o − t)/n.",
    latex=r"\overline{{({o} - {t})^2}}",
    roles="output, target",
    does=_told("is the squared distance of {o} from its target {t}"),
    slope=(_difference("o", "t"), _difference("t", "o")),
    gradient=(_TWICE[0], _TARGET_TWICE[0]),
    responsibility=(_TWICE[1], _TARGET_TWICE[1]),
    aliases=("mse_loss", "MSELoss"),
    spelled_out="mean(square(o - t))",
)  # fmt: skip


def _absolute(above: str, number: str, tensor: str) -> Said:
    """What is said of |o − t|: its slope is a sign, however far off the output is."""

    def say(o: Any, t: Any, local: Any, contribution: Any, **_: Any) -> str:
        if np.ndim(local) or np.ndim(contribution):
            return tensor
        if o == t:
            return "The output is exactly on its target."
        return number.format(side="above" if (o > t) == (above == "o") else "below")

    return say


_FAR = "Far off or near, the slope is the same size."

loss(
    "mae", "|Δ|", "o t", "mean(abs(o - t))",
    local=("sign(o - t) / count(o, t)", "sign(t - o) / count(o, t)"),
    title="Mean absolute error",
    tooltip="The mean of |o − t|: its slope, sign(o − t)/n, does not depend on how far off the output is.",
    latex=r"\overline{{|{o} - {t}|}}",
    roles="output, target",
    does=_told("is the distance of {o} from its target {t}"),
    slope=("sign({o} − {t}){each}", "sign({t} − {o}){each}"),
    convention="Where output and target are equal, there is no slope: by convention it is 0.",
    gradient=(
        _absolute("o", "The output is {side} its target, so the slope is {{local}}. " + _FAR,
                  _GETS + ": only the sign of the difference counts" + _AVERAGED + "."),
        _absolute("t", "The target is {side} the output, so the slope is {{local}}. " + _FAR,
                  _GETS + ": only the sign of the difference counts" + _AVERAGED + "."),
    ),
    responsibility=(
        _absolute("o", "The output is {side} its target: {{responsible}}. " + _FAR,
                  _IS_HANDED + ": only the sign of the difference counts" + _AVERAGED + "."),
        _absolute("t", "The target is {side} the output: {{responsible}}. " + _FAR,
                  _IS_HANDED + ": only the sign of the difference counts" + _AVERAGED + "."),
    ),
    aliases=("l1_loss", "L1Loss"),
    kink="o - t",
    spelled_out="mean(abs(o - t))",
)  # fmt: skip


def _certain(local: Any, p: Any, t: Any, **_: Any) -> str:
    """(p − t)/(p(1 − p)); where a probability of 0 or 1 was right, that would be 0/0."""
    right = not np.ndim(p) and not np.ndim(t) and p == t and p in (0, 1)
    return "{local}" if right else "({p} − {t})/({p}·(1 − {p})){each}"


_PROBABILITY = _slope_words(
    "The more confidently the probability is wrong, the steeper the slope",
    "large where a probability is confidently wrong, and divided by how many are averaged",
)
_SURPRISE = _slope_words(
    "Along the target, the slope is the logarithm of the odds against a target of 1",
    "the logarithm of the odds against a target of 1" + _AVERAGED,
)

loss(
    "bce", "H", "p t", "mean(-(xlogy(t, p) + xlogy(1 - t, 1 - p)))",
    local=("(ratio(1 - t, 1 - p) - ratio(t, p)) / count(p, t)", "(log(1 - p) - log(p)) / count(p, t)"),
    title="Binary cross-entropy",
    tooltip="−(t ln p + (1 − t) ln(1 − p)): how surprising t is when p was expected.",
    latex=r"-({t} \ln {p} + (1 - {t}) \ln(1 - {p}))",
    roles="probability, target",
    does=_told("is how surprising the target {t} is when {p} was expected"),
    slope=(_certain, "ln((1 − {p})/{p}){each}"),
    gradient=(_PROBABILITY[0], _SURPRISE[0]),
    responsibility=(_PROBABILITY[1], _SURPRISE[1]),
    trouble=(
        Trouble("(p < 0) | (p > 1)", "a probability must lie between 0 and 1", "Put a sigmoid before it, or use bce_with_logits.", (1.5, 0.0)),
        Trouble("((p == 0) & (t != 0)) | ((p == 1) & (t != 1))", "a probability of exactly 0 or 1 was wrong",
                "Put a sigmoid before it, or use bce_with_logits.", (0.0, 1.0)),
    ),
    domain=(0.1, 0.9),
    aliases=("binary_cross_entropy", "BCELoss"),
    spelled_out="mean(-(t * log(p) + (1 - t) * log(1 - p)))",
)  # fmt: skip

_LOGIT = _slope_words(
    "The sigmoid's slope and the logarithm's cancel, and the probability minus the target is left",
    "the sigmoid's slope and the logarithm's cancel, and the probability minus the target is left" + _AVERAGED,
)

loss(
    "bce_with_logits", "Hσ", "z t", "mean(t * softplus(-z) + (1 - t) * softplus(z))",
    local=("(1 / (1 + exp(-z)) - t) / count(z, t)", "-z / count(z, t)"),
    title="Binary cross-entropy of logits",
    tooltip="Sigmoid and binary cross-entropy in one operation: stable for any logit. Its slope is (σ(z) − t)/n.",
    latex=r"H({t}, \sigma({z}))",
    roles="logit, target",
    does=_told("is how surprising the target {t} is when the sigmoid of {z} was expected"),
    slope=(
        lambda local, contribution, **_: "(σ({z}) − {t}){each}" if np.ndim(local) or np.ndim(contribution) else "σ({z}) − {t}",
        "−{z}{each}",
    ),
    gradient=(
        _LOGIT[0],
        Spoken("Along the target, the slope is minus the logit: {local}.", _GETS + ": minus the logit" + _AVERAGED + "."),
    ),
    responsibility=(
        _LOGIT[1],
        Spoken("{Responsible}: along the target, the slope is minus the logit, {local}.", _IS_HANDED + ": minus the logit" + _AVERAGED + "."),
    ),
    aliases=("binary_cross_entropy_with_logits", "BCEWithLogitsLoss"),
    spelled_out="bce(sigmoid(z), t)",
)  # fmt: skip


def _over_samples(z: Any) -> str:
    return ", divided by the {averaged} samples" if np.ndim(z) > 1 and z.size > z.shape[-1] else ""


def _logits(gets: str) -> Said:
    """What a logit gets: p − t; where the targets of a sample do not sum to 1, p · Σt − t."""

    def say(z: Any, t: Any, **_: Any) -> str:
        above = "how far its probability lies above its target" + _over_samples(z)
        sums = np.sum(t, axis=-1)
        if t.shape != z.shape or np.allclose(sums, 1) or np.isnan(sums).any():
            return f"The softmax and the logarithm cancel: each logit {gets} {above}."
        above = above.replace("probability", "probability, multiplied by the sum of its sample's targets,")
        return f"Here the targets do not sum to 1 for every sample: each logit {gets} {above}."

    return say


def _classes(gets: str) -> Said:
    """What a target gets: −ln p of its class; a class id gets nothing."""

    def say(z: Any, t: Any, **_: Any) -> str:
        if t.shape != z.shape:
            return "Class ids are names, not amounts: they have no slope, so nothing goes back to {source}."
        return f"Each target {gets} minus the logarithm of its class's probability{_over_samples(z)}."

    return say


loss(
    "cross_entropy", "CE", "z t", "-sum(onehot(t, z) * log_softmax(z, -1)) * (length(z, -1) / count(z))",
    # The targets of a row may sum to another number than 1: p · Σt − t. Class ids have no slope.
    local=(
        "(softmax(z, -1) * sum(onehot(t, z), -1, True) - onehot(t, z)) * (length(z, -1) / count(z))",
        "matching(-log_softmax(z, -1) * (length(z, -1) / count(z)), t)",
    ),
    title="Cross-entropy",
    tooltip="Softmax and −ln p of the right class in one operation, from logits, on average over the samples; targets are one-hot or class ids. Its slope is (p − t)/n.",
    latex=r"H({t}, \mathrm{{softmax}}({z}))",
    roles="logits, targets",
    does=lambda z, **_: "is how surprising the targets {t} are when the softmax of {z} was expected" + (
        ", on average over all samples" if z.ndim > 1 else ""
    ),
    gradient=(_logits("gets what reached {node}, times"), _classes("gets what reached {node}, times")),
    responsibility=(_logits("takes on the responsibility of {node}, times"), _classes("takes on the responsibility of {node}, times")),
    aliases=("CrossEntropyLoss", "softmax_cross_entropy"),
    spelled_out="mean(-sum(one_hot(t, z) * log_softmax(z), axis=-1))",
    cell=("The logarithm undoes the exponential in the softmax: of a sample with the logits z the loss is ln Σ exp(z) − Σ t · z. The slope of the first part is p, that of the second t. At {at} p − t is left, divided by how many samples there are.", ""),
    beside=(("p", "softmax(z, -1)"), ("t", "onehot(t, z)"), ("p − t", "softmax(z, -1) - onehot(t, z)")),
    jacobian=(
        ("p − t", "A single row: the probabilities minus the targets, divided by the number of samples."),
        ("row", "A single row: −ln p, divided by the number of samples; 0 for class ids."),
    ),
)  # fmt: skip


def _margin(side: str, gets: str, number: str) -> Said:
    """What is said within the margin and beyond it; `side` is the other side of the product."""

    def say(o: Any, t: Any, local: Any, contribution: Any, **_: Any) -> str:
        if np.ndim(local) or np.ndim(contribution):
            return f"Where output times target is below 1, each {{element}} of {{source}} {gets} −{{{side}.name}}{{each}}; elsewhere nothing."
        if o * t < 1:
            return f"Output times target is below 1, within the margin: {number}."
        if o * t > 1:
            return "Output times target is above 1, beyond the margin, where there is no loss: nothing goes back."
        return "Output times target is exactly 1, at the edge of the margin: nothing goes back."

    return say


_TIMES, _TAKES = "gets what reached {node} times", "takes on the responsibility of {node} times"

loss(
    "hinge", "hng", "o t", "mean(maximum(1 - t * o, 0))",
    local=("where(t * o < 1, -t / count(o, t), 0.0)", "where(t * o < 1, -o / count(o, t), 0.0)"),
    tooltip="max(0, 1 − t·o) for targets −1 and +1: no loss once the output is right by a margin of 1.",
    latex=r"\max(0, 1 - {t}\,{o})",
    roles="output, target",
    does=_told("is how far {o} times its target {t} falls short of 1, or 0 if it does not"),
    convention="Exactly at the margin there is no slope: by convention it is 0.",
    gradient=(
        _margin("t", _TIMES, "the slope is minus the target, {local}"),
        _margin("o", _TIMES, "the slope along the target is minus the output, {local}"),
    ),
    responsibility=(_margin("t", _TAKES, "{responsible}"), _margin("o", _TAKES, "{responsible}")),
    aliases=("hinge_loss",),
    kink="1 - t * o",
    spelled_out="mean(max(1 - t * o, 0))",
)  # fmt: skip
