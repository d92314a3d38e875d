"""A graph lowered to an ordered list of tasks: made once per topology, run as often as a value changes.

Every output has a slot, a number; tasks read and write slots, so a pass touches no graph and no dictionary of names.
A plan covers the part of the graph that is complete; `unready` says what it left out, and why.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import PlanError
from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.ops.kernel import Kernel, Vjp, bind
from engine.ops.op import Op, Settings, unknown_op
from engine.passes.leaves import why_unreadable


@dataclass(frozen=True, slots=True)
class BackEdge:
    """One edge along which a gradient travels: from the task that has the edge's end to the slot of its source."""

    edge: Edge
    slot: int
    vjp: Vjp


@dataclass(frozen=True, slots=True)
class Task:
    """One node to compute: which slots go in (by port), which comes out, and the edges back for its gradient."""

    node: str
    op: Op
    kernel: Kernel
    inputs: tuple[int, ...]
    slot: int
    back_edges: tuple[BackEdge, ...]
    settings: Settings = ()
    name: str = ""  # what its label says, for sentences


@dataclass(frozen=True, slots=True)
class Leaf:
    """A slot that is filled with a value: of a leaf's output `output`."""

    node: str
    output: int
    slot: int


@dataclass(frozen=True)
class Plan:
    """Leaves and tasks, each in the order in which the forward pass visits them.

    `backward` are the tasks that the gradient visits, last first. `target` is None for a forward pass only.
    """

    order: tuple[Leaf | Task, ...]
    backward: tuple[Task, ...]
    target: str | None
    slots: dict[tuple[str, int], int]
    unready: dict[str, str]
    detached: frozenset[str]  # nodes that could get a gradient but do not reach the target
    constant: frozenset[str]  # nodes that depend on constants only: they never get a gradient
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what holds of all its whole runs

    @property
    def size(self) -> int:
        return len(self.slots)


def make_plan(graph: Graph, target: str | None = None) -> Plan:
    """Lower the complete part of `graph`. Its own target counts where none is given.

    Raises PlanError if the target given is not a node of the graph.
    """
    goal = graph.target if target is None else target
    if goal is not None and goal not in graph.nodes:
        raise PlanError(f"There is no node “{goal}” to make the target.", (goal,))
    unready = _unready(graph)
    order = [id for id in graph.order if id not in unready]
    slots = {(id, out): 0 for id in order for out in range(len(graph.nodes[id].op.outputs))}
    slots = {key: slot for slot, key in enumerate(slots)}
    constant = _constant(graph, order)
    reached = ({goal} | graph.topology.ancestors(goal)) - constant if goal and goal not in unready else set()
    steps = [step for id in order for step in _lowered(graph, id, slots, reached)]
    backward = tuple(t for t in reversed(steps) if isinstance(t, Task) and t.node in reached)
    live = None if goal in unready else goal
    detached = frozenset(set(order) - reached - constant) if live else frozenset()
    return Plan(tuple(steps), backward, live, slots, unready, detached, constant)


def without_target(plan: Plan) -> Plan:
    """The plan of the forward pass alone."""
    return replace(plan, backward=(), target=None, detached=frozenset(), kept={})


def _lowered(graph: Graph, id: str, slots: dict[tuple[str, int], int], reached: set[str]) -> list[Leaf | Task]:
    node = graph.nodes[id]
    if node.op.is_leaf:
        return [Leaf(id, output, slots[id, output]) for output in range(len(node.op.outputs))]
    edges = graph.into(id)
    kernel = bind(node.op, len(edges), node.settings)
    back_edges = tuple(
        BackEdge(edge, slots[edge.source, edge.output], kernel.vjps[edge.port])
        for edge in edges
        if edge.source in reached and id in reached
    )
    inputs = tuple(slots[edge.source, edge.output] for edge in edges)
    return [Task(id, node.op, kernel, inputs, slots[id, 0], back_edges, node.settings, node.name)]


def _constant(graph: Graph, order: list[str]) -> frozenset[str]:
    result: set[str] = set()
    for id in order:
        op, edges = graph.nodes[id].op, graph.into(id)
        if op.constant or (edges and all(edge.source in result for edge in edges)):
            result.add(id)
    return frozenset(result)


def _ports_text(names: list[str]) -> str:
    """`its port b`, `its ports a and b`."""
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    return f"its port {listed}" if len(names) == 1 else f"its ports {listed}"


def _unready(graph: Graph) -> dict[str, str]:
    """What cannot be computed yet, each with a sentence: the cause itself, or where it waits for another node."""
    result: dict[str, str] = {}
    for id in graph.order:
        node, edges = graph.nodes[id], graph.into(id)
        missing = [node.op.port_text(port) for port in graph.open_ports(id)] if len(edges) < node.op.fewest else []
        blocked = next((edge.source for edge in edges if edge.source in result), None) if result else None
        if not node.op.known:
            result[id] = f"{node.name}: {unknown_op(node.op)}."
        elif node.op.holds_value and node.value is None:
            result[id] = f"{node.name} has no value yet."
        elif trouble := why_unreadable(node):
            result[id] = f"{node.name}: {trouble}."
        elif missing:
            result[id] = f"{node.name} is not finished: nothing is connected to {_ports_text(missing)}."
        elif blocked:
            result[id] = f"{node.name} is waiting for {graph.nodes[blocked].name}."
    return result
