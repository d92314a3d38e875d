"""Data and targets that training cannot make good: features of unlike scale, targets out of reach, another loss's."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from engine.data.tables import load_dataset
from engine.edits.nodes import set_setting
from engine.graph.records import Node
from engine.ops.kernel import bind
from engine.truth.baseline import FEWEST, Comparison, compared
from engine.truth.evidence import Evidence
from engine.truth.magnitudes import root_mean_square, rough
from engine.truth.problem import Fix, Problem
from engine.values.values import number_text

UNLIKE = 100.0  # one feature against another, or against 1
MANY = 8  # rows: so many equal targets are no accident
_REGRESSION = frozenset({"mse", "squared_error", "mae"})
_NEGATIVE = {"bce_with_logits": 0.0, "hinge": -1.0}  # the target whose scores lie below 0
_FAR = 1e6  # an activation that is as large there has no end
_NEAR = np.linspace(-10, 10, 4001)  # where those that dip below their ends do it: GELU to −0.17


# --- features


def scales(evidence: Evidence) -> Iterator[Problem]:
    """Features of which one is a hundred times as large as another, or as 1: one learning rate cannot suit them all."""
    graph = evidence.graph
    for id, node in graph.nodes.items():
        if node.op_name not in ("dataset", "input"):
            continue
        value = evidence.trace.value(id)
        if value is None or value.ndim != 2 or value.shape[0] < FEWEST or not _meets_weights(evidence, id):
            continue
        yield from _unlike(node, value)


def _unlike(node: Node, value: Any) -> Iterator[Problem]:
    sizes = np.sqrt(np.mean(value * value, axis=0))
    used = np.flatnonzero(sizes > 0)
    if not used.size or not np.isfinite(sizes).all():
        return
    high, low = max(used, key=lambda i: sizes[i]), min(used, key=lambda i: sizes[i])
    largest, smallest = float(sizes[high]), float(sizes[low])
    remedy, fix = f"Scale the columns of {node.name} so that each is about 1 in size.", None
    if node.op_name == "dataset":
        if node.chosen["standardise"]:
            return
        remedy = f"Switch “Standardise the features” on in {node.name}."
        fix = Fix("Standardise", partial(set_setting, id=node.id, name="standardise", value=True))
    if largest > UNLIKE * smallest:
        times = rough(largest / smallest)
        said = f"{_column(node, int(high))} is {times} times as large as {_column(node, int(low))}"
        sentence = (
            f"The features in {node.name} are of unlike scale: {said}, so its weights get gradients that much larger."
        )
        yield Problem("unlike features", "warning", sentence, (node.id,), remedy, fix)
    elif largest > UNLIKE:
        said = f"The features in {node.name} are large: {_column(node, int(high))} is about {rough(largest)}"
        sentence = f"{said}, and the gradients of its weights grow with it."
        yield Problem("large features", "warning", sentence, (node.id,), remedy, fix)


def _column(node: Node, at: int) -> str:
    if node.op_name == "dataset" and at < len(names := load_dataset(node.chosen).table.columns):
        return f"“{names[at]}”"
    return f"column {at + 1}"


def _meets_weights(evidence: Evidence, id: str) -> bool:
    """Whether the features of a node go straight into a product with parameters."""
    graph = evidence.graph
    return any(
        graph.nodes[edge.dest].op_name in ("linear", "matmul") and edge.output == 0 and edge.port == 0
        and any(graph.nodes[other.source].op_name == "parameter" for other in graph.into(edge.dest))
        for edge in graph.out_of(id)
    )  # fmt: skip


# --- targets


def unreachable_targets(evidence: Evidence) -> Iterator[Problem]:
    """Targets beyond what the last activation can give, or beyond what the loss is made for."""
    pair = compared(evidence.graph, evidence.trace)
    if pair is None or not np.all(np.isfinite(pair.targets)):
        return
    yield from _out_of_range(evidence, pair)
    yield from _one_sided(evidence, pair)
    yield from _not_for_this_loss(evidence, pair)


def _out_of_range(evidence: Evidence, pair: Comparison) -> Iterator[Problem]:
    graph, op = evidence.graph, pair.node.op
    output, target = (edge.source for edge in graph.into(pair.node.id))
    node = graph.nodes[output]
    if op.name not in _REGRESSION or (limits := _range(node)) is None:
        return
    low, high = limits
    targets = np.asarray(pair.targets)
    out = targets[(targets < low) | (targets > high)]
    if not out.size:
        return
    furthest = float(out[np.argmax(np.abs(out))])
    given = (
        f"of {number_text(low)} or more" if high == np.inf else f"between {number_text(low)} and {number_text(high)}"
    )
    part = "all" if out.size == targets.size else f"{out.size} of"
    many = f"{part} {targets.size} targets in {graph.nodes[target].name} are" if targets.size > 1 else "the target is"
    far = f", the furthest {number_text(furthest, 3)}" if targets.size > 1 else f": {number_text(furthest, 3)}"
    sentence = f"{node.name} can only give numbers {given}, but {many} outside{far}: {pair.node.name} cannot reach 0."
    remedy = f"Leave {node.op.title} out before the loss, or scale the targets into its range."
    yield Problem("targets out of range", "warning", sentence, (output, target, pair.node.id), remedy)


def _one_sided(evidence: Evidence, pair: Comparison) -> Iterator[Problem]:
    """Scores that are never below 0, where a loss reads a class from their sign."""
    graph, op = evidence.graph, pair.node.op
    output = graph.into(pair.node.id)[0].source
    node = graph.nodes[output]
    negative = _NEGATIVE.get(op.name)
    limits = _range(node)
    if negative is None or limits is None or limits[0] < 0 or node.op_name == "sigmoid":
        return  # a sigmoid there is told by another finder
    targets = np.asarray(pair.targets)
    many = int(np.sum(targets == negative))
    if not many:
        return
    read = f"{pair.node.name} reads scores below 0 as the class {number_text(negative)}"
    sentence = (
        f"{node.name} never gives a score below 0, but {read}, and {many} of {targets.size} targets are of that class."
    )
    remedy = f"Leave {node.op.title} out before the loss."
    yield Problem("scores of one sign", "warning", sentence, (output, pair.node.id), remedy)


def _range(node: Node) -> tuple[float, float] | None:
    """What an activation can give, seen from its far ends and about 0; None where both ends are open."""
    if node.op.group != "activation" and node.op_name not in ("softmax", "exp"):
        return None
    if node.op_name == "softmax":
        return 0.0, 1.0
    with np.errstate(all="ignore"):
        given = bind(node.op, 1, node.settings).forward(np.concatenate([[-_FAR, _FAR], _NEAR]))
    low, high = float(np.min(given)), float(np.max(given))
    if low < -_FAR / 1e4:
        return None
    return low, (np.inf if high >= _FAR / 1e4 else high)


def _not_for_this_loss(evidence: Evidence, pair: Comparison) -> Iterator[Problem]:
    name, op, targets = pair.node.name, pair.node.op.name, np.asarray(pair.targets)
    target = evidence.graph.into(pair.node.id)[1].source
    ids = (pair.node.id, target)
    low, high = float(np.min(targets, initial=0.0)), float(np.max(targets, initial=0.0))
    held = f"in {evidence.graph.nodes[target].name} they go from {number_text(low, 3)} to {number_text(high, 3)}"
    if op in ("bce", "bce_with_logits") and (low < 0 or high > 1):
        sentence = f"{name} expects targets from 0 to 1, but {held}: then it has no least value."
        remedy = "Give the classes as 0 and 1, or use the hinge loss for −1 and +1, or mse for amounts."
        yield Problem("targets of another loss", "warning", sentence, ids, remedy)
    if op == "hinge" and targets.size and not np.all(np.abs(targets) == 1):
        zeros = int(np.sum(targets == 0))
        why = f"{zeros} of {targets.size} are 0 and teach nothing" if zeros else held
        sentence = f"{name} expects the targets −1 and +1, but {why}."
        yield Problem(
            "targets of another loss", "warning", sentence, ids, "Use −1 and +1, or bce_with_logits for 0 and 1."
        )
    yield from _classes(evidence, pair, ids)


def _classes(evidence: Evidence, pair: Comparison, ids: tuple[str, ...]) -> Iterator[Problem]:
    name, node = pair.node.name, evidence.graph.nodes[ids[1]]
    if pair.node.op_name == "cross_entropy" and np.ndim(pair.outputs) and np.shape(pair.outputs)[-1] == 1:
        sentence = (
            f"{name} gets a single score for each row: its softmax is always 1, so the loss is 0 whatever the score."
        )
        remedy = "Use bce_with_logits for one score, or give a score for each class."
        yield Problem("single score", "warning", sentence, ids, remedy)
    if node.op_name != "dataset" or pair.node.op_name not in _REGRESSION:
        return
    classes = load_dataset(node.chosen).table.classes
    if len(classes) > 2 and np.shape(pair.targets)[-1] != len(classes):
        numbered = f"{classes[0]} is 0, {classes[1]} is 1, {classes[2]} is 2"
        sentence = f"{name} takes the classes of {node.name} for amounts: {numbered}, as if they lay in a row."
        remedy = "Use cross_entropy with a score for each class, or one-hot targets."
        yield Problem("classes as amounts", "warning", sentence, ids, remedy)


def constant_targets(evidence: Evidence) -> Iterator[Problem]:
    """Targets that are the same for every row: there is nothing to tell apart."""
    pair = compared(evidence.graph, evidence.trace)
    if pair is None or np.ndim(pair.targets) < 1 or len(np.asarray(pair.targets)) < MANY or np.ndim(pair.outputs) < 1:
        return  # one output for all rows is constant whatever the targets are
    targets = np.asarray(pair.targets)
    if np.all(targets == targets[0]) and root_mean_square(pair.outputs - np.mean(pair.outputs, axis=0)) > 0:
        source = evidence.graph.into(pair.node.id)[1].source
        held = f"The targets in {evidence.graph.nodes[source].name} are the same {evidence.where(len(targets))}"
        sentence = f"{held}: a constant output is all there is to learn."
        remedy = "Look at the column that is chosen as the label, or at the rows."
        yield Problem("constant targets", "warning", sentence, (source, pair.node.id), remedy)
