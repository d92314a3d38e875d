"""What the window shows, against what a new session computes of the same graph at the same position."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from engine.graph.graph import Graph
from engine.session import Session
from engine.show.now import Now
from engine.values.values import counted
from gui.canvas.model.texts import edge_picture, node_picture
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.main_window import MainWindow
from gui.panels.inspector import Inspector
from gui.panels.timeline import Timeline
from tests.attack import oracle
from tests.attack.attack import Broken


def is_current(window: MainWindow) -> None:
    """Everything that can be read in the window is true of its graph."""
    graph, shown = window.bridge.now.graph, window.bridge.now
    if shown.graph is not window.bridge.document.graph:
        raise Broken("the views were told of another graph than the document holds")
    fresh = Session(graph)
    fresh.set_wording(shown.wording)
    fresh.player.seek(shown.frame.position)
    _numbers(graph, shown, fresh.now)
    _cards(window, graph, fresh.now)
    _selected(window, graph)
    _words_round_it(window, graph, fresh.now)
    if QApplication.activeModalWidget() is None:
        _panels(window, fresh)
    oracle.round_trip(graph)


def _numbers(graph: Graph, shown: Now, fresh: Now) -> None:
    for id, node in graph.nodes.items():
        for output in range(len(node.op.outputs)):
            _same(shown.frame.value(id, output), fresh.frame.value(id, output), "a value")
        _same(shown.frame.gradient(id), fresh.frame.gradient(id), "a gradient")
    if shown.trace.failures != fresh.trace.failures:
        raise Broken("what cannot be computed is stale")


def _same(shown: Any, fresh: Any, what: str) -> None:
    if (shown is None) != (fresh is None) or (
        shown is not None and np.asarray(shown).tobytes() != np.asarray(fresh).tobytes()
    ):
        raise Broken(f"{what} is stale") from ValueError(f"{shown!r}, not {fresh!r}")


def _cards(window: MainWindow, graph: Graph, fresh: Now) -> None:
    scene = window.canvas.desk.scene
    stage = scene.stage
    if set(scene.node_items) != set(graph.nodes) or set(stage.edges) != set(graph.edges):
        raise Broken("the canvas shows other nodes or edges than the graph has")
    for id, item in scene.node_items.items():
        wanted = node_picture(graph, fresh.frame, id, fresh.wording)
        if item.picture != wanted:
            raise Broken("a card is stale") from ValueError(f"{item.picture!r}, not {wanted!r}")
        if id not in stage.previewed and (item.x(), item.y()) != graph.nodes[id].pos:
            raise Broken("a card stands elsewhere than its node")
    for key, picture in stage.edges.items():
        wanted_edge = edge_picture(fresh.frame, graph.edges[key])
        if picture != wanted_edge:
            raise Broken("the numbers at an edge are stale") from ValueError(f"{picture!r}, not {wanted_edge!r}")
    marked = {id for id, item in scene.node_items.items() if item.marks.selected}
    if not window.canvas.tools.state.busy and marked != set(window.selection.nodes):
        raise Broken("other nodes are marked than are selected")


def _selected(window: MainWindow, graph: Graph) -> None:
    if not window.selection.nodes <= set(graph.nodes) or not window.selection.edges <= set(graph.edges):
        raise Broken("something is selected that is not there")


def _words_round_it(window: MainWindow, graph: Graph, fresh: Now) -> None:
    said = {
        "how many nodes": (window.status.nodes.text(), counted(len(graph.nodes), "node")),
        "how many problems": (
            window.status.problems.text(),
            counted(len(fresh.problems), "problem") if fresh.problems else "No problems",
        ),
        "the zoom": (window.status.zoom.text(), f"{round(window.canvas.camera.zoom * 100)} %"),
        "the title": (window.windowTitle(), f"{window.files.name}[*] — Gradloom"),
        "the star": (window.isWindowModified(), window.bridge.document.modified),
        "the undo text": (
            bool(window.action_set.by_id["undo"].isEnabled()),
            window.bridge.document.undo_text is not None,
        ),
        "the redo text": (
            bool(window.action_set.by_id["redo"].isEnabled()),
            window.bridge.document.redo_text is not None,
        ),
    }
    for what, (shown, true) in said.items():
        if shown != true:
            raise Broken(f"{what} is stale") from ValueError(f"{shown!r}, not {true!r}")


def _panels(window: MainWindow, fresh: Session) -> None:
    """The texts of the timeline and of the step in the inspector are those of new ones."""
    bridge = Bridge(fresh)
    selection = Selection(bridge)
    selection.select(window.selection.nodes, window.selection.edges)
    made: list[QWidget] = []
    try:
        for kind, make in (
            (Timeline, lambda: Timeline(bridge, window.preferences)),
            (Inspector, lambda: Inspector(bridge, selection)),
        ):
            there = window.findChild(kind)
            if there is None or not there.isVisible():
                continue
            new = make()
            made.append(new)
            _same_words(there, new, kind.__name__.lower())
    finally:
        for widget in made:
            widget.deleteLater()
        bridge.deleteLater()


def _same_words(there: QWidget, new: QWidget, what: str) -> None:
    """All that a new one says is said in the same order; sections that were folded open may say more."""
    shown = _texts(there)
    left = iter(shown)
    missing = [text for text in _texts(new) if text not in left]
    if missing:
        raise Broken(f"the {what} is stale") from ValueError(f"{missing[0]!r} is missing in {shown!r}")


def _texts(widget: QWidget) -> list[str]:
    """The texts that one can read."""
    labels = [child for child in widget.findChildren(QLabel) if child.isVisibleTo(widget)]
    return [label.text() for label in labels if label.text()]
