"""The entries that context menus are made of, one or a few at a time."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from engine import edits
from engine.edits.quick import Around
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.graph.sliders import can_slide, slider_of
from engine.ops.op import OPS
from engine.ops.setting import Setting
from engine.values.steps import usual_range
from gui.canvas.desk import Desk
from gui.look.as_is import as_is, unmarked

MOST_NEAR = 16  # nodes to connect with, in a list


def add(menu: QMenu, text: str, do: Callable[[], object], key: str = "", ticked: bool | None = None) -> QAction:
    """An entry; `key` is only shown, the canvas itself listens to it. `ticked`: it is a choice, made or not."""
    action = menu.addAction(unmarked(f"{text}\t{key}" if key else text))
    action.setToolTip(as_is(text))  # else Qt makes one of the text, which it may take for HTML
    action.triggered.connect(lambda: do())
    if ticked is not None:
        action.setCheckable(True)
        action.setChecked(ticked)
    return action


def edit(desk: Desk, make: Callable[..., Change], *args: Any) -> Callable[[], object]:
    """What makes an edit of the graph when it is called."""
    return lambda: desk.bridge.edit(lambda graph: make(graph, *args))


def add_leaf_kinds(desk: Desk, menu: QMenu, node: Node) -> None:
    menu.addSeparator()
    group = QActionGroup(menu)
    for op in (op for op in OPS.values() if op.is_leaf and len(op.outputs) == 1):
        change = edit(desk, edits.change_op, node.id, op.name)
        group.addAction(add(menu, f"Set as {op.title.lower()}", change, ticked=op.name == node.op_name))


def add_slider(desk: Desk, menu: QMenu, id: str) -> None:
    """A tick: the ends are the inspector's."""
    shown, value = slider_of(desk.graph, id) is not None, desk.graph.nodes[id].value
    ends = usual_range(float(value)) if value is not None else (-1.0, 1.0)
    turn = edit(desk, edits.remove_slider, id) if shown else edit(desk, edits.set_slider, id, *ends)
    add(menu, "Slider", turn, ticked=shown)


def add_setting(desk: Desk, menu: QMenu, node: Node, setting: Setting) -> None:
    """A tick for yes and no, a submenu for choices; other settings are the inspector's."""
    chosen = node.setting(setting.name)
    if isinstance(setting.default, bool):
        add(menu, setting.title, edit(desk, edits.set_setting, node.id, setting.name, not chosen), ticked=bool(chosen))
    elif setting.choices:
        submenu = menu.addMenu(unmarked(setting.title))
        for choice in setting.choices:
            choose = edit(desk, edits.set_setting, node.id, setting.name, choice)
            add(submenu, str(choice), choose, ticked=choice == chosen)


# --- ports


def add_sources(desk: Desk, menu: QMenu, id: str, port: int) -> None:
    """A list of what may feed an input port, the nearest first."""
    _add_edges(desk, menu, "Connect from", _sources(desk, id, port), Around(port=(id, port)))


def add_goals(desk: Desk, menu: QMenu, id: str, output: int) -> None:
    """A list of the free ports that an output may feed, the nearest first."""
    _add_edges(desk, menu, "Connect to", _goals(desk, id, output), Around(source=(id, output)))


def _add_edges(desk: Desk, menu: QMenu, title: str, found: Sequence[tuple[str, Edge]], around: Around) -> None:
    """Those that are near; any other is found by its name."""
    if found:
        submenu = menu.addMenu(unmarked(title))
        for text, edge in found[:MOST_NEAR]:
            add(submenu, text, edit(desk, edits.connect, edge.source, edge.dest, edge.port, edge.output))
        if len(found) > MOST_NEAR:
            submenu.addSeparator()
            add(submenu, "Find another by its name…", lambda: desk.quick_add(None, around))


def _sources(desk: Desk, id: str, port: int) -> list[tuple[str, Edge]]:
    graph = desk.graph
    present = graph.edges.get((id, port))
    fitting = _nearest(desk, id, graph.nodes.keys() - {id} - graph.topology.descendants(id))
    edges = [Edge(other, id, port, output) for other in fitting for output in range(graph.output_count(other))]
    return [(_output_text(graph, edge.source, edge.output), edge) for edge in edges if edge != present]


def _goals(desk: Desk, id: str, output: int) -> list[tuple[str, Edge]]:
    """Free ports only: to replace an edge one drags."""
    graph = desk.graph
    fitting = _nearest(desk, id, graph.nodes.keys() - {id} - graph.topology.ancestors(id))
    edges = [Edge(id, other, port, output) for other in fitting for port in _free(graph, other)]
    return [(_port_text(graph, edge.dest, edge.port), edge) for edge in edges]


def _free(graph: Graph, id: str) -> list[int]:
    taken = {edge.port for edge in graph.into(id)}
    return [port for port in range(graph.port_count(id)) if port not in taken]


def _nearest(desk: Desk, id: str, others: Iterable[str]) -> list[str]:
    """Those that an edge may join, the nearest first, and no more than a list can show."""
    x, y = desk.graph.nodes[id].pos
    places = {other: desk.graph.nodes[other].pos for other in others}
    return sorted(places, key=lambda other: abs(places[other][0] - x) + abs(places[other][1] - y))[: 4 * MOST_NEAR]


def _output_text(graph: Graph, id: str, output: int) -> str:
    node = graph.nodes[id]
    return f"{node.name} · {node.op.outputs[output]}" if graph.output_count(id) > 1 else node.name


def _port_text(graph: Graph, id: str, port: int) -> str:
    node = graph.nodes[id]
    return f"{node.name} · {node.op.port_name(port)}" if graph.port_count(id) > 1 else node.name


def add_swaps(desk: Desk, menu: QMenu, id: str, port: int) -> None:
    """To change places with each of the other inputs."""
    node, edges = desk.graph.nodes[id], desk.graph.into(id)
    ports = range(max(node.op.fewest, len(edges)))
    if port not in ports or not edges:
        return
    for other in [other for other in ports if other != port][:MOST_NEAR]:
        add(menu, f"Swap with port {node.op.port_name(other)}", edit(desk, edits.swap_inputs, id, port, other))


def add_node_kinds(desk: Desk, menu: QMenu, id: str) -> None:
    """What a node is: which leaf, with a slider or not, and what else its op lets one choose."""
    node = desk.graph.nodes[id]
    if node.op.holds_value:
        add_leaf_kinds(desk, menu, node)
    if can_slide(desk.graph, id):
        add_slider(desk, menu, id)
    for setting in node.op.settings:
        add_setting(desk, menu, node, setting)
