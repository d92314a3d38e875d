"""Where new nodes go: ops from the palette, what is pasted, and copies."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPointF, Qt

from engine import edits
from engine.files.library import outer_group
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, Pos
from engine.layout.layout import COLUMN_GAP, GRID, NODE_WIDTH, node_height
from gui.canvas.desk import Desk
from gui.canvas.model.aside_boxes import around_all, box_of
from gui.canvas.model.asides import rim_round
from gui.canvas.model.free_space import clear_shift, free_place
from gui.canvas.model.geometry import snapped

PASTE_OFFSET = 24.0
Bounds = tuple[float, float, float, float]


class Newcomers:
    """Each is added by one edit, and then selected."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_op(self, op_name: str) -> None:
        """Put an op in the middle of what is seen, on a free place."""
        pos = self.spot(op_name)
        self._take(self._desk.bridge.edit(lambda graph: edits.add_node(graph, op_name, pos)))

    def spot(self, op_name: str) -> Pos:
        """A free place for an op, as near to the middle of what is seen as can be."""
        graph = self._desk.graph
        probe = edits.add_node(graph, op_name, (0, 0))
        after = graph.apply(probe)
        (id,) = probe.nodes
        centre, beside = self._desk.camera.centre(), not after.nodes[id].op.is_leaf
        size = (NODE_WIDTH, node_height(after.port_count(id)))
        return free_place((centre.x(), centre.y()), size, self._desk.scene.stage.node_boxes.tolist(), beside)

    def paste(
        self,
        fragment: Graph,
        at: QPointF | None = None,
        text: str = "Paste",
        done: Callable[[], object] = lambda: None,
        incoming: Sequence[Edge] = (),
    ) -> None:
        """Put a fragment with its middle `at` a place, and tell when it is there; nothing, if it is empty.

        Without a place it comes where the mouse is, or into the middle if the mouse is elsewhere; above or below what
        stands there. The view goes there if it is not seen. `incoming`: edges into it from nodes that are there.
        """
        if not (fragment.nodes or fragment.regions or fragment.notes):
            return
        middle, standing = self._mouse_place() if at is None else at, self._standing()
        within = self._desk.showing.within

        def make(graph: Graph) -> Change:
            """An edit of the document itself: what folded groups hide has names too, and may feed what comes."""
            bounds = _whole_bounds(fragment)
            offset = _clear(bounds, _to_middle(bounds, middle), standing)
            change = edits.paste(graph, fragment, offset, text, incoming)
            return change if within is None else edits.bring_into_group(graph, change, within)

        def show(change: Change) -> None:
            was_empty = bool(change.nodes) and len(change.nodes) == len(self._desk.document.nodes)
            self._take(change)
            if was_empty:
                self._desk.camera.fit_all(animated=False)
            else:
                self._desk.camera.show_nodes(self._desk.selection.nodes)
            done()

        self._desk.bridge.real.steps.edit("Adding the nodes", make, _size(fragment), show)

    def add_block(self, block: Graph, at: QPointF | None = None) -> None:
        """Put a block of the library in with its middle at a place; else to the right of the selected nodes, which
        feed it, or into the middle of what is seen. What stands there stays clear."""
        desk = self._desk
        if desk.showing.within is not None:
            desk.tell("Go back to the whole graph to put a block in: you are looking into a group.")
            return
        feeds = [] if at is not None else self._feeds_of(block)
        middle = at or desk.camera.centre()
        if feeds:
            chosen = desk.scene.nodes_rect(desk.selection.nodes)
            left, _, right, _ = _bounds(block, block.nodes)
            middle = QPointF(chosen.right() + COLUMN_GAP + (right - left) / 2, chosen.center().y())
        corner = self.block_corner(block, middle)
        saw_all = desk.camera.sees_all
        if self._take(desk.edit_document(lambda graph: edits.insert_block(graph, block, corner, feeds))):
            desk.camera.go_on_to(desk.selection.nodes, saw_all)

    def block_corner(self, block: Graph, middle: QPointF) -> Pos:
        """Where a block comes to stand that is put down with its middle at a place: above or below what is there."""
        bounds = _bounds(block, block.nodes)
        regions = (aside.box for aside in self._desk.scene.asides.shown.values() if aside.kind == "region")
        standing = [*self._standing(), *regions]
        dx, dy = _clear(rim_round(bounds), _to_middle(bounds, middle), standing)
        return bounds[0] + dx, bounds[1] + dy

    def _feeds_of(self, block: Graph) -> list[tuple[str, int]]:
        """The selected nodes, from top to bottom, if the block takes so many."""
        graph, group = self._desk.document, outer_group(block)
        inputs = len(block.nodes) - (len(block.grouping.within(group)) if group is not None else 0)
        chosen = sorted(self._desk.picked, key=lambda id: graph.nodes[id].pos[::-1])
        fits = 0 < len(chosen) <= inputs and all(graph.output_count(id) == 1 for id in chosen)
        return [(id, 0) for id in chosen] if fits else []

    def join(
        self,
        expression: Graph,
        aim: bool,
        text: str,
        make: Callable[[Graph, Pos], Change] | None = None,
        at: QPointF | None = None,
    ) -> bool:
        """Put an expression with its middle `at` a place; else to the right of the nodes that it goes on from; without
        any, as `paste` does.

        `make` makes the edit, if it is more than to join the expression, of the graph and how far its nodes move.
        """
        known = edits.known_names(self._desk.graph, expression)
        fresh = [id for id in expression.nodes if id not in known]
        offset = self._beside(expression, fresh, set(known.values()), at) if fresh else (0.0, 0.0)
        camera = self._desk.camera
        saw_all = camera.sees_all
        join = make or (lambda graph, offset: edits.join(graph, expression, offset, aim, text))
        change = self._desk.bridge.edit(lambda graph: join(graph, offset))
        if change and self._take(change) and (at is None or not fresh):
            camera.go_on_to({*self._desk.selection.nodes, *known.values()}, saw_all)
        return change is not None

    def _beside(self, expression: Graph, fresh: list[str], known: set[str], at: QPointF | None) -> Pos:
        """How far the new nodes of an expression move, to stand at a place, or to the right of those that feed them."""
        bounds = _bounds(expression, fresh)
        if at is not None or not known:
            return _clear(bounds, _to_middle(bounds, at or self._mouse_place()), self._standing())
        _, top, right, bottom = _bounds(self._desk.graph, known)
        middle = (top + bottom) / 2 - (bounds[1] + bounds[3]) / 2
        return _clear(bounds, snapped(right + COLUMN_GAP - bounds[0], middle), self._standing())

    def duplicate_selected(self, connected: bool = True) -> None:
        """A copy of what is selected, beside it; if `connected`, fed from outside as that is."""
        chosen = self._desk.selection.real.nodes
        size = len(chosen) + sum(edge.dest in chosen for edge in self._desk.now.graph.edges.values())

        def make(graph: Graph) -> Change:
            ids = [id for id in graph.nodes if id in chosen]
            return edits.duplicate(graph, ids, _off_others(graph, ids, (PASTE_OFFSET, PASTE_OFFSET)), connected)

        if chosen:
            self._desk.bridge.real.steps.edit("Duplicating the nodes", make, size, self._take)

    def _take(self, change: Change | None) -> bool:
        if change is None:
            return False
        self._desk.take_new(change)
        self._desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _standing(self) -> list[Bounds]:
        """The boxes of the nodes and notes that are there, and the frames of open groups that one has not looked into:
        what is no member may not stand in one."""
        scene, own = self._desk.scene, self._desk.document.grouping.chain_of(self._desk.showing.within)
        boxes: list[Bounds] = scene.stage.node_boxes.tolist()
        shown = ((kind, id, aside.box) for (kind, id), aside in scene.asides.shown.items())
        return boxes + [box for kind, id, box in shown if kind == "note" or (kind == "group" and id not in own)]

    def _mouse_place(self) -> QPointF:
        spot, camera = self._desk.mouse.here, self._desk.camera
        return camera.centre() if spot is None else camera.view.mapToScene(spot)


def _clear(bounds: Bounds, offset: Pos, standing: list[Bounds]) -> Pos:
    """The offset, changed so that what comes stands above or below what it would cover."""
    dx, dy = offset
    coming = (bounds[0] + dx, bounds[1] + dy, bounds[2] + dx, bounds[3] + dy)
    return dx, dy + clear_shift(coming, standing, PASTE_OFFSET)


def _off_others(graph: Graph, ids: Sequence[str], offset: Pos) -> Pos:
    """The offset, moved on until no node that comes in covers another one exactly."""
    taken = {node.pos for node in graph.nodes.values()}
    while any((x + offset[0], y + offset[1]) in taken for x, y in (graph.nodes[id].pos for id in ids)):
        offset = (offset[0] + GRID * 6, offset[1] + GRID * 6)
    return offset


def _size(fragment: Graph) -> int:
    return len(fragment.nodes) + len(fragment.edges)


def _bounds(graph: Graph, ids: Iterable[str]) -> Bounds:
    """The rectangle round some nodes: left, top, right, bottom."""
    boxes = [(*graph.nodes[id].pos, node_height(graph.port_count(id))) for id in ids]
    left, top = min(x for x, _, _ in boxes), min(y for _, y, _ in boxes)
    return left, top, max(x for x, _, _ in boxes) + NODE_WIDTH, max(y + high for _, y, high in boxes)


def _whole_bounds(graph: Graph) -> Bounds:
    """The rectangle round the nodes of a graph and the frames of its groups; where there are none, round its regions
    and notes."""
    if graph.nodes:
        around = _bounds(graph, graph.nodes)
        return rim_round(around) if any(not group.folded for group in graph.groups.values()) else around
    boxes = [box_of(region.pos, region.size) for region in graph.regions.values()]
    boxes += [box_of(note.pos, (note.width, GRID * 10)) for note in graph.notes.values()]
    found = around_all(boxes)
    assert found is not None
    return found


def _to_middle(bounds: Bounds, at: QPointF) -> Pos:
    """How far a rectangle moves to have its middle at a place, on the grid."""
    left, top, right, bottom = bounds
    return snapped(at.x() - (left + right) / 2, at.y() - (top + bottom) / 2)
