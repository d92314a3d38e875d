"""Rewiring what is selected: nodes taken out of a chain, and inputs that change places."""

from engine import edits
from engine.graph.records import EdgeKey
from gui.canvas.desk import Desk


def take_out(desk: Desk) -> None:
    """Delete the selected nodes, and let what fed them feed what they fed."""
    chosen = [id for id in desk.graph.nodes if id in desk.selection.nodes]
    if chosen:
        size = len(chosen) + len(desk.scene.stage.edges_at(chosen))
        desk.bridge.steps.edit("Deleting the nodes", lambda graph: edits.delete_and_join(graph, chosen), size)


def swap(desk: Desk) -> None:
    """Let the two inputs of the selected node change places, or two selected edges; or say what is to be selected."""
    ends = _ends(desk)
    if ends is None:
        desk.tell(_needed(desk))
        return
    one, other = ends
    if one[0] == other[0]:
        desk.bridge.edit(lambda graph: edits.swap_inputs(graph, one[0], one[1], other[1]))
        return
    edge = desk.graph.edges[one]
    desk.bridge.edit(lambda graph: edits.exchange(graph, edge.source, *other, edge.output, moving=one))


def can_swap(desk: Desk) -> bool:
    """Whether what is selected says which two inputs are meant."""
    return _ends(desk) is not None


def _ends(desk: Desk) -> tuple[EdgeKey, EdgeKey] | None:
    """Where the two edges end that would change places."""
    nodes, edges = desk.selection.nodes, sorted(desk.selection.edges)
    if len(edges) == 2 and not nodes:
        return edges[0], edges[1]
    if len(nodes) == 1 and not edges:
        (id,) = nodes
        count = max(desk.graph.nodes[id].op.fewest, len(desk.graph.into(id)))
        return ((id, 0), (id, 1)) if count == 2 else None
    return None


def _needed(desk: Desk) -> str:
    if len(desk.selection.nodes) == 1 and not desk.selection.edges:
        (node,) = (desk.graph.nodes[id] for id in desk.selection.nodes)
        count = max(node.op.fewest, len(desk.graph.into(node.id)))
        if count > 2:
            return f"{node.name} has {count} inputs: select the two edges that are to change places."
        return f"{node.name} has no two inputs that could change places."
    return "Select one node with two inputs, or two edges, to let them change places."
