"""A graph that can learn: compiled, its parameters one vector, its data cut into batches, its answers judged."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.tables import Dataset, load_dataset
from engine.errors import PlanError
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.learn.decisions import TELLING, accuracy_of, nothing_dropped
from engine.learn.health import Health, HealthCheck
from engine.learn.optimisers import norm
from engine.ops.words.arrays import drop_mask
from engine.passes.compile import Compilation, Compiled
from engine.passes.leaves import leaf_values
from engine.passes.run import run
from engine.values.values import Value


@dataclass(frozen=True)
class _Pull:
    """The function for steps that see so many rows: gradients are written `into` arrays, the others copied to them."""

    program: Compilation
    into: tuple[NDArray[np.float64], ...]
    copied: tuple[tuple[int, NDArray[np.float64]], ...]  # the place of the gradient, and where it belongs


class Model:
    """The compiled graph with its parameters in one vector θ, of which each parameter is a view."""

    def __init__(self, graph: Graph) -> None:
        trace = run(graph)  # refuses what is unfinished and what does not fit
        plan = trace.plan
        if plan.target is None:
            raise PlanError("There is no target to train: choose one, usually the loss.", kind="no target")
        self._loss = graph.nodes[plan.target]
        _check_loss(self._loss, trace.value(plan.target))
        names = [id for id, node in graph.nodes.items() if node.op_name == "parameter"]
        self._pulls = 0
        self._pass = Compiled(plan, names, seed=graph.seed, words={"drop_mask": self._drawn_anew})
        self.names = self._pass.wanted
        if not self.names:
            sentence = f"There is nothing to learn: no parameter reaches {graph.nodes[plan.target].name}."
            raise PlanError(sentence, kind="no parameter")
        decision = _decision(graph, plan.target)
        self._decide = decision and decision[0]
        watched = decision[1] if decision else []
        self._health = HealthCheck(graph, plan.target)
        self._judge = Compiled(
            plan, [], [*watched, *self._health.watched], seed=graph.seed, words={"drop_mask": nothing_dropped}
        )
        self.datasets = {id: load_dataset(n.chosen) for id, n in graph.nodes.items() if n.op_name == "dataset"}
        self.row_count = _same_count(self.datasets)
        self._leaves = leaf_values(graph)
        values = [np.asarray(self._leaves[name]) for name in self.names]
        self.theta = np.concatenate([value.ravel() for value in values])
        self._gradient = np.zeros_like(self.theta)
        self._views = _views(self.theta, values)
        self._pieces = _views(self._gradient, values)
        self.health: dict[str, Health] = {}  # of the layers, when they were judged last
        self._pulls_of: dict[int, _Pull] = {}  # by how many rows a step sees; -1: all
        self._data = {id: data.rows(data.training) for id, data in self.datasets.items()}
        self._arguments = self._arguments_for(self._pass, self._data)

    def parameters(self) -> dict[str, Value]:
        return {name: view.copy()[()] for name, view in zip(self.names, self._views, strict=True)}

    def gradient_norms(self) -> dict[str, float]:
        return {name: norm(piece.ravel()) for name, piece in zip(self.names, self._pieces, strict=True)}

    def update_ratios(self, before: NDArray[np.float64]) -> dict[str, float]:
        """‖Δθ‖ / ‖θ‖ by parameter: how far the last step went, against how large what it moved was."""
        ends = np.cumsum([view.size for view in self._views])
        pieces = zip(
            self.names, (slice(end - v.size, end) for end, v in zip(ends, self._views, strict=True)), strict=True
        )
        moved = self.theta - before
        return {name: norm(moved[piece]) / (norm(before[piece]) or math.nan) for name, piece in pieces}

    def pull(self, rows: NDArray[np.intp] | None) -> tuple[float, NDArray[np.float64]]:
        """Loss and gradient over some rows of training (None: all)."""
        self._pulls += 1
        arguments = self._arguments if rows is None else self._batch(rows)
        size = -1 if rows is None else len(rows)
        if size not in self._pulls_of:
            self._pulls_of[size] = self._pull_of(self._pass.program(arguments))
        pull = self._pulls_of[size]
        loss, gradients, _ = self._called(pull, arguments)
        for at, piece in pull.copied:
            piece[...] = gradients[at]
        return self._number(loss), self._gradient

    def _pull_of(self, program: Compilation) -> _Pull:
        pieces = dict(zip(self.names, self._pieces, strict=True))
        into = (pieces[name].T if turned else pieces[name] for name, turned in program.into.items())
        copied = ((at, piece) for at, (name, piece) in enumerate(pieces.items()) if name not in program.into)
        return _Pull(program, tuple(into), tuple(copied))

    def _drawn_anew(self, x: Value, p: float, seed: int) -> Value:
        """What dropout keeps, drawn anew in each step, by the seed and the number of the step alone."""
        return drop_mask(x, p, (seed, self._pulls))

    def rows_seen(self, rows: NDArray[np.intp] | None) -> dict[str, tuple[Value, ...]]:
        """What the datasets hold in a step that sees these rows of training (None: all)."""
        cut = slice(None) if rows is None else rows
        return {id: tuple(np.asarray(part)[cut] for part in data) for id, data in self._data.items()}

    def _batch(self, rows: NDArray[np.intp]) -> list[NDArray[np.float64]]:
        arguments = self._arguments.copy()
        for at, leaf in enumerate(self._pass.leaves):
            if leaf.node in self._data:
                arguments[at] = arguments[at][rows]
        return arguments

    def _called(self, pull: _Pull, arguments: list[NDArray[np.float64]]) -> Any:
        if not pull.program.floats:
            return pull.program.call(arguments, *((pull.into,) if pull.into else ()))
        try:
            return pull.program.call([*self.theta.tolist(), *map(float, arguments[len(self.names) :])])
        except (ArithmeticError, ValueError):  # IEEE has a result where Python has none
            return self._pass.program(arguments, floats=False).call(arguments)

    def _arguments_for(self, compiled: Compiled, data: Mapping[str, Any]) -> list[NDArray[np.float64]]:
        views = dict(zip(self.names, self._views, strict=True))
        return compiled.arguments({**self._leaves, **views, **data})

    @property
    def has_held_out(self) -> bool:
        return bool(self.datasets) and all(len(data.held_out) for data in self.datasets.values())

    def judge(self, held_out: bool) -> tuple[float, float | None]:
        """Loss and accuracy over all rows of training, or of what was held out; of the former `health` too."""
        data = {id: d.rows(d.held_out) for id, d in self.datasets.items()} if held_out else self._data
        arguments = self._arguments_for(self._judge, data)
        loss, _, watched = self._judge.program(arguments, floats=False).call(arguments)
        decided, layers = watched[: len(watched) - len(self._health.watched)], self._health.watched
        if not held_out:
            self.health = self._health.of(watched[len(decided) :]) if layers else {}
        return self._number(loss), self._decide(*decided) if self._decide else None

    def _number(self, loss: Any) -> float:
        """A loss that may be the only element of a tensor. Raises PlanError where these rows give it several."""
        try:
            return float(loss)
        except TypeError:
            _check_loss(self._loss, np.asarray(loss))
            return float(np.asarray(loss).item())


def _views(vector: NDArray[np.float64], like: list[Any]) -> list[NDArray[np.float64]]:
    ends = np.cumsum([value.size for value in like])
    return [vector[end - v.size : end].reshape(v.shape) for end, v in zip(ends, like, strict=True)]


def _check_loss(node: Node, value: Value | None) -> None:
    if value is not None and value.size != 1:
        sentence = (
            f"{node.name} is {value.size} numbers: training needs a target that is a single number, such as a loss."
        )
        raise PlanError(sentence, (node.id,), kind="not one number")


def _same_count(datasets: Mapping[str, Dataset]) -> int:
    """How many rows there are to train on; 1 where there is no dataset, for then each step sees all there is."""
    counts = {len(data.training) for data in datasets.values()}
    if len(counts) > 1:
        sizes = " and ".join(f"{id} has {len(data.training)}" for id, data in datasets.items())
        raise PlanError(f"The datasets must have the same number of rows to train on: {sizes}.", tuple(datasets))
    return counts.pop() if counts else 1


# --- batches


class Batches:
    """Which rows each step sees, `size` at a time (0: all): every epoch all of them, in an order of its own."""

    def __init__(self, count: int, size: int, seed: int) -> None:
        self._count, self._seed = count, seed
        self._size = min(size or count, count)
        self.per_epoch = math.ceil(count / self._size)
        self._epoch, self._order = -1, np.arange(count)

    def rows_of(self, step: int) -> NDArray[np.intp] | None:
        """The rows of a step; None: all, in their own order."""
        if self.per_epoch == 1:
            return None
        epoch, at = divmod(step, self.per_epoch)
        if epoch != self._epoch:
            self._epoch = epoch
            self._order = np.random.default_rng([self._seed, epoch]).permutation(self._count)
        return self._order[at * self._size : (at + 1) * self._size]


# --- accuracy

Decide = Callable[[Any, Any], float]


def _decision(graph: Graph, target: str) -> tuple[Decide, list[tuple[str, int]]] | None:
    """How to tell right from wrong, and the output and target to look at; None: the loss is not a classifier's."""
    on_the_way = graph.topology.ancestors(target) | {target}
    losses = [id for id in graph.nodes if id in on_the_way and graph.nodes[id].op_name in TELLING]
    if len(losses) != 1:
        return None
    watched = [(edge.source, edge.output) for edge in graph.into(losses[0])]
    return partial(accuracy_of, graph.nodes[losses[0]].op_name), watched
