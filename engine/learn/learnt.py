"""What a model has learnt: its answer for any row, unit by unit, over the plane of its two features or along its one.

learnt = Learnt(graph, trace)
answer = learnt.answer(graph, rows)      # with what the parameters hold now
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from engine.data.tables import Dataset, load_dataset
from engine.errors import PlanError
from engine.graph.graph import Graph
from engine.learn.decisions import (
    TELLING,
    YES_FROM,
    Ids,
    Numbers,
    chosen_classes,
    nothing_dropped,
    surprises,
    true_classes,
)
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.trace import Trace
from engine.truth.baseline import compared
from engine.values.values import Value

ROOM = 0.12  # of the width of the data, left on each side of it
Kind = Literal["two classes", "classes", "numbers"]
NO_LOSS = "A map needs one loss that compares the model's output with targets, such as mse or cross-entropy."
NO_DATA = "A map needs a dataset that feeds the model: its rows are the points."
MANY_OUTPUTS = "The output has {count} numbers a row where the loss tells two classes apart: there is no one map of it."
AIMS = "A map needs the targets of each row, but what the output is compared with has {shape} for {rows} rows."
MANY_ANSWERS = (
    "The model gives {count} answers for each row, and a map shows one. Select a node: the inspector shows what it has "
    "computed, number by number."
)
MIXED = "The output has {shape} for {rows} rows: it is not one answer a row."


@dataclass(frozen=True)
class Reply:
    """What the model says to some rows: `outputs` (rows, numbers), and of each hidden node (rows, units)."""

    outputs: Numbers
    units: dict[str, Numbers]


@dataclass(frozen=True)
class Marked:
    """How the model does on some rows of its dataset, by their numbers there: what it chose, and what is right."""

    rows: Ids
    outputs: Numbers
    targets: Numbers
    chosen: Ids  # empty where the answer is a number
    right: Ids
    surprise: Numbers  # how far it is off: 1 − p of the right class, or |output − target|

    @property
    def accuracy(self) -> float | None:
        return float(np.mean(self.chosen == self.right)) if self.chosen.size else None

    def confusion(self, count: int) -> Ids:
        """How often each class (down) was taken for each (across)."""
        table = np.zeros((count, count), np.intp)
        np.add.at(table, (self.right, self.chosen), 1)
        return table

    def worst(self, most: int) -> list[int]:
        """Where the largest mistakes stand among these rows, the largest first; of classes only what is wrong."""
        order = np.argsort(-np.nan_to_num(self.surprise, nan=np.inf), kind="stable")
        wrong = self.chosen != self.right if self.chosen.size else np.ones(len(order), bool)
        return [int(at) for at in order if wrong[at]][:most]


def joined(pieces: Sequence[Marked]) -> Marked:
    """Of several lots of rows, as one."""
    first = pieces[0]
    parts = ([getattr(piece, field.name) for piece in pieces] for field in fields(first))
    return Marked(*(np.concatenate(part) for part in parts))


class Learnt:
    """Answers for the graph that it was made for, and for every other that differs in the leaves' values alone.

    Raises PlanError, with a sentence, where there is no such thing as the model's answer for a row.
    """

    def __init__(self, graph: Graph, trace: Trace) -> None:
        pair = compared(graph, trace)
        if pair is None:
            raise PlanError(NO_LOSS)
        self.loss = pair.node.op_name
        answered, aimed = graph.into(pair.node.id)
        self.output = answered.source
        before = graph.topology.ancestors(self.output)
        sets = [id for id, node in graph.nodes.items() if node.op_name == "dataset" and id in before]
        if len(sets) != 1:
            raise PlanError(NO_DATA)
        self.dataset = sets[0]
        self.data: Dataset = load_dataset(graph.nodes[self.dataset].chosen)
        hidden = [id for id in graph.order if id in before and graph.nodes[id].op.group == "activation"]
        words = {"drop_mask": nothing_dropped}
        watch = [(self.output, answered.output), *((id, 0) for id in hidden)]
        self._answers = Compiled(make_plan(graph, self.output), [], watch, words=words)
        self._aims = Compiled(make_plan(graph, aimed.source), [], [(aimed.source, aimed.output)], words=words)
        self.hidden = hidden
        self._lent: dict[str, Value] = {}
        self.targets = np.asarray(self._called(self._aims, graph, self.data.features)[0])
        self._check(self.answer(graph, self.data.features[:3]), min(3, len(self.data.features)))

    @contextmanager
    def holding(self, parameters: Mapping[str, Value]) -> Iterator[None]:
        """Meanwhile it answers with these, whatever the graph holds."""
        self._lent = dict(parameters)
        try:
            yield
        finally:
            self._lent = {}

    # --- what it is

    @property
    def kind(self) -> Kind:
        return "two classes" if self.loss in YES_FROM else "classes" if self.loss in TELLING else "numbers"

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes; none where the answer is a number."""
        if self.kind == "numbers":
            return ()
        count = 2 if self.kind == "two classes" else self._width
        return tuple(self.data.table.classes) if len(self.data.table.classes) == count else _numbered(count)

    @property
    def columns(self) -> tuple[str, ...]:
        return self.data.table.columns

    # --- what it says

    def answer(self, graph: Graph, rows: Numbers) -> Reply:
        """For any rows of features. Raises RunError where they do not fit."""
        output, *hidden = self._called(self._answers, graph, rows)
        units = {id: np.asarray(value) for id, value in zip(self.hidden, hidden, strict=True)}
        units = {id: value[:, np.newaxis] if value.ndim == 1 else value for id, value in units.items()}
        kept = {id: value for id, value in units.items() if value.ndim == 2 and len(value) == len(rows)}
        flat = np.asarray(output)
        return Reply(flat[:, np.newaxis] if flat.ndim == 1 else flat, kept)

    def marked(self, graph: Graph, rows: Ids) -> Marked:
        """How it does on some rows of its dataset."""
        outputs, targets = self.answer(graph, self.data.features[rows]).outputs, self.targets[rows]
        if self.kind == "numbers":
            apart = np.abs(outputs - targets.reshape(outputs.shape))
            none = np.zeros(0, np.intp)
            return Marked(rows, outputs, targets, none, none, np.max(apart, axis=1))
        chosen = chosen_classes(self.loss, outputs).reshape(len(rows))
        right = true_classes(self.loss, targets, outputs).reshape(len(rows))
        return Marked(rows, outputs, targets, chosen, right, surprises(self.loss, outputs, right))

    def truth(self) -> Numbers:
        """What is right for each row of the dataset: its class by number, or the number to hit."""
        if self.kind == "numbers":
            return np.asarray(self.targets, np.float64).reshape(len(self.targets), -1)[:, 0]
        like = np.zeros((len(self.targets), self._width))
        return np.asarray(true_classes(self.loss, self.targets, like).reshape(len(self.targets)), np.float64)

    def _called(self, compiled: Compiled, graph: Graph, rows: Numbers) -> tuple[Any, ...]:
        is_all = rows is self.data.features
        targets = self.data.targets if is_all else np.zeros((len(rows), *self.data.targets.shape[1:]))
        held = compiled.arguments({**leaf_values(graph), **self._lent, self.dataset: (rows, targets)})
        with np.errstate(all="ignore"):
            _, _, watched = compiled.program(held, floats=False).call(held)
        return tuple(watched)

    def _check(self, reply: Reply, rows: int) -> None:
        outputs = reply.outputs
        if outputs.ndim == 2 and rows and len(outputs) > rows and not len(outputs) % rows:
            raise PlanError(MANY_ANSWERS.format(count=len(outputs) // rows), (self.output,))
        if outputs.ndim != 2 or len(outputs) != rows:
            shape = "×".join(map(str, outputs.shape)) or "one number"
            raise PlanError(MIXED.format(shape=shape, rows=rows), (self.output,))
        self._width = outputs.shape[1]
        if self.kind == "two classes" and self._width > 1:
            raise PlanError(MANY_OUTPUTS.format(count=self._width), (self.output,))
        self._check_targets(len(self.data.features))

    def _check_targets(self, rows: int) -> None:
        """They may come from anywhere, and be copied along the rows by the loss."""
        shape = np.shape(self.targets)
        wanted = {(rows, self._width), (rows,)} if self.kind == "classes" or self._width == 1 else {(rows, self._width)}
        if shape not in wanted and not (self.kind != "numbers" and shape == (rows, 1)):
            told = "×".join(map(str, shape)) or "one number"
            raise PlanError(AIMS.format(shape=told, rows=rows), (self.output,))


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(count))


# --- the plane of the features


@dataclass(frozen=True)
class Plane:
    """Where answers are asked for: across the first feature, up the second; without a second, along the first."""

    across: Numbers
    up: Numbers

    @property
    def rows(self) -> Numbers:
        """Every place as a row of features, line by line from the lowest."""
        if not self.up.size:
            return self.across[:, np.newaxis]
        x, y = np.meshgrid(self.across, self.up)
        return np.stack([x.ravel(), y.ravel()], axis=1)

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.up), len(self.across)) if self.up.size else (len(self.across),)


def plane_of(features: Numbers, points: int) -> Plane:
    """The plane round the data of two features, or the line of one. Raises PlanError for more."""
    if features.shape[1:] not in ((1,), (2,)):
        raise PlanError("A map needs one or two features.")
    ends = list(_ends(features))
    across = np.linspace(*ends[0], points)
    return Plane(across, np.linspace(*ends[1], points) if len(ends) == 2 else np.zeros(0))


def _ends(features: Numbers) -> Iterator[tuple[float, float]]:
    for column in features.T:
        finite = column[np.isfinite(column)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 1.0)
        slack = ROOM * (high - low) or 1.0
        yield low - slack, high + slack
