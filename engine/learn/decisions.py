"""What a classifier's output says: which class it chooses, how sure it is, and how surprised by the right answer.

Symbols: p the probability of a class; z a score; σ the logistic function.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.values.values import Value

Numbers = NDArray[np.float64]
Ids = NDArray[np.intp]

# A loss that tells two classes apart → its output and target from which on the answer is yes.
YES_FROM = {"bce": (0.5, 0.5), "bce_with_logits": (0.0, 0.5), "hinge": (0.0, 0.0)}
TELLING = ("cross_entropy", *YES_FROM)  # the losses of classifiers


def chosen_classes(loss: str, outputs: Any) -> Ids:
    """The class that each output stands for: the highest score, or yes (1) or no (0)."""
    if loss == "cross_entropy":
        return np.asarray(np.argmax(outputs, axis=-1))
    return np.asarray(np.asarray(outputs) > YES_FROM[loss][0]).astype(np.intp)


def true_classes(loss: str, targets: Any, outputs: Any) -> Ids:
    """The class that each target names; one-hot rows are of the outputs' shape."""
    if loss != "cross_entropy":
        return np.asarray(np.asarray(targets) > YES_FROM[loss][1]).astype(np.intp)
    if np.shape(targets) == np.shape(outputs):
        return np.asarray(np.argmax(targets, axis=-1))
    return np.asarray(np.rint(targets)).astype(np.intp)


def accuracy_of(loss: str, outputs: Any, targets: Any) -> float:
    """The share of right answers."""
    return float(np.mean(chosen_classes(loss, outputs) == true_classes(loss, targets, outputs)))


def probabilities(loss: str, outputs: Numbers) -> Numbers | None:
    """p of each class, (rows, classes); None where the loss has scores only, as the hinge loss."""
    with np.errstate(all="ignore"):
        if loss == "cross_entropy":
            raised = np.exp(outputs - np.max(outputs, axis=-1, keepdims=True))
            shares: Numbers = raised / np.sum(raised, axis=-1, keepdims=True)
            return shares
        if loss == "hinge":
            return None
        yes = outputs.reshape(len(outputs))
        yes = 0.5 * (1 + np.tanh(yes / 2)) if loss == "bce_with_logits" else yes
        return np.stack([1 - yes, yes], axis=1)


def sureness(loss: str, outputs: Numbers) -> Numbers:
    """How sure the answer of each row is: from 0, any class as well as another, to 1; a hinge score of 1 is sure."""
    p = probabilities(loss, outputs)
    if p is None:
        return np.clip(np.abs(outputs.reshape(len(outputs))), 0.0, 1.0)
    best = np.max(p, axis=1)
    return np.asarray(np.clip((best - 1 / p.shape[1]) / (1 - 1 / p.shape[1]), 0.0, 1.0))


def surprises(loss: str, outputs: Numbers, classes: Ids) -> Numbers:
    """How far each answer is from the right one: 1 − p of it; of hinge scores, how far they are on the wrong side."""
    p = probabilities(loss, outputs)
    if p is None:
        sides = np.where(classes == 1, 1.0, -1.0)
        return np.asarray(-sides * outputs.reshape(len(outputs)))
    return np.asarray(1 - p[np.arange(len(p)), classes])


def nothing_dropped(x: Value, p: float, seed: int) -> Value:
    """What dropout keeps where a model is judged: all of it."""
    return np.ones(x.shape)
