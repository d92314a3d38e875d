"""What is unfinished or suspicious in a document that is legal all the same: sentences, places, and what to do."""

from collections.abc import Callable, Iterator

import numpy as np

from engine.data.access import NO_FILE, NOT_ALLOWED
from engine.data.cells import COLUMNS, EMPTY, GAPS, HEADER, TARGETS
from engine.edits.document import set_target
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.op import ONNX
from engine.passes.leaves import unreadable_kind
from engine.passes.trace import Trace
from engine.truth.diagnosis import diagnose
from engine.truth.numbers import non_finite, non_finite_gradient
from engine.truth.pairs import enlarged_losses, wrong_pairs
from engine.truth.problem import Fix, Problem
from engine.truth.unmoved import unmoved_target

# Of rows that cannot be read, by the kind of the refusal: the settings are called as the inspector shows them.
DATA_REMEDIES = {
    EMPTY: "Choose a file with rows in it.",
    HEADER: "If the first line holds numbers already, select the node, and in the inspector untick "
    "“The first line names the columns”. If not, correct the file.",
    GAPS: "Select the node, and in the inspector tick “Leave out rows with gaps”. Or correct the file.",
    COLUMNS: "Select the node, and name other columns in the inspector.",
    TARGETS: "Select the node, and in the inspector choose another way at “Targets given as”.",
    NO_FILE: "Select the node, and press “Choose …” beside “CSV file” in the inspector.",
    NOT_ALLOWED: "Or choose other data.",
}


def find_problems(graph: Graph, trace: Trace) -> list[Problem]:
    """All problems: what keeps numbers from being computed first, then what is odd about those that were."""
    with np.errstate(all="ignore"):  # what training cannot use may be of any size
        found = [problem for finder in FINDERS for problem in finder(graph, trace)]
    rank = {"unfinished": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda problem: rank[problem.severity])


def unfinished_nodes(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Open ports, leaves without a value, ops of a newer version; not the nodes that merely wait for these."""
    for id, sentence in trace.plan.unready.items():
        op = graph.nodes[id].op
        if not op.known:
            remedy = "Open the file with a newer version of Gradloom, or delete the node."
            if op.name.startswith(ONNX):
                remedy = "Put operations that Gradloom has in its place, or make a node before it the target."
            yield Problem("unknown op", "unfinished", sentence, (id,), remedy)
        elif op.supply:
            yield Problem("no data", "unfinished", sentence, (id,), _data_remedy(graph.nodes[id]))
        elif op.is_leaf:
            yield Problem("no value", "unfinished", sentence, (id,), "Click its number and type one.")
        elif count := len(list(graph.open_ports(id))):
            ports = "the open port" if count == 1 else "each of the open ports"
            yield Problem("open port", "unfinished", sentence, (id,), f"Drag from an output to {ports}.")


def _data_remedy(node: Node) -> str:
    """What to do about rows that cannot be read: often a tick of the dataset is meant, and no other data."""
    return DATA_REMEDIES.get(unreadable_kind(node), "Choose other data, or correct the file.")


def misfits(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Nodes whose inputs have shapes that do not fit together."""
    for id, sentence in trace.failures.items():
        if id not in trace.too_large:
            yield Problem("shapes", "unfinished", sentence, (id,), "Change the shape of one of its inputs.")


def too_large(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Nodes that would take more memory than all values together may; or their gradients, so that none is computed."""
    remedy = "Make its inputs smaller, or allow more: memory=1GB in gradloom.ini, --memory 1GB on the command line."
    for id, sentence in trace.too_large.items():
        without = "" if id in trace.failures else " So there is no backward pass."
        yield Problem("too large", "unfinished", sentence + without, (id,), remedy)


def missing_target(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Without a target nothing is seeded, so there is no backward pass."""
    if graph.target is not None or not graph.edges:
        return
    ends = [id for id in graph.nodes if not graph.out_of(id) and graph.into(id)]
    fix = None
    if ends:
        end = ends[-1]
        fix = Fix(f"Make {graph.nodes[end].name} the target", lambda g: set_target(g, end))
    sentence = "No target is chosen, so there is no backward pass."
    remedy = "Choose the node where it should begin, usually the loss."
    yield Problem("no target", "unfinished", sentence, tuple(ends), remedy, fix)


def detached_leaves(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Parameters that do not reach the target: their gradient is 0 whatever they hold."""
    if trace.plan.target is None:
        return
    target = graph.nodes[trace.plan.target].name
    for id, node in graph.nodes.items():
        if node.op.is_leaf and trace.detached(id):
            sentence = f"{node.name} does not reach the target {target}: its gradient is 0."
            remedy = "Connect it to something that reaches the target, or leave it as it is."
            yield Problem("detached", "note", sentence, (id,), remedy)


# Every finder looks at a graph and its run; a new one is added here.
FINDERS: list[Callable[[Graph, Trace], Iterator[Problem]]] = [
    unfinished_nodes,
    misfits,
    too_large,
    missing_target,
    unmoved_target,
    non_finite,
    non_finite_gradient,
    enlarged_losses,
    wrong_pairs,
    diagnose,
    detached_leaves,
]
