"""The web page of a graph, its edges led past the cards, and their labels placed, as they are on the canvas."""

from typing import Any

from PySide6.QtGui import QFontDatabase, QGuiApplication

from engine.export.page_facts import page_facts
from engine.export.web_page import PageStart, page_text
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.layout.shown import shown_of
from engine.passes.trace import Trace
from engine.show.frame import frame_at
from engine.show.shown_run import shown_frame
from engine.show.story import StoryTrace
from gui.canvas.model.geometry import Array
from gui.canvas.model.levels import level_of
from gui.canvas.model.stage import Stage
from gui.canvas.paint.labels import place_labels


def routed_page(graph: Graph, trace: Trace, start: PageStart | None = None) -> str:
    """The page as text. Raises ExportError for a graph without nodes."""
    stage = _stage(graph, trace)
    return page_text(graph, trace, start, _ways(stage), labels_at(stage))


def drawn_facts(graph: Graph, trace: Trace, story: StoryTrace | None) -> dict[str, Any]:
    """What a page is told of a graph, drawn as on the canvas, to be played alone: nothing is asked about it."""
    stage = _stage(graph, trace)
    return page_facts(graph, trace, _ways(stage), labels_at(stage), story=story)


def ways_of(graph: Graph, trace: Trace) -> dict[EdgeKey, str]:
    """The ways of those edges that have something in their straight way, as paths of SVG."""
    return _ways(_stage(graph, trace)) if graph.nodes else {}


def _stage(graph: Graph, trace: Trace) -> Stage:
    """The canvas at the end of the passes, where labels are widest."""
    shown = shown_of(graph)
    stage = Stage(shown.graph, shown_frame(frame_at(trace, float(len(trace))), shown))
    if graph.nodes:
        stage.lead_more()
    return stage


def _ways(stage: Stage) -> dict[EdgeKey, str]:
    return {key: path_text(stage.route(key)) for key in stage.keys if len(stage.route(key)) > 1}


def labels_at(stage: Stage) -> dict[EdgeKey, list[list[float] | None]]:
    """Where the value and the contribution of each edge stand, with the point of the curve to which a line leads."""
    if QGuiApplication.instance() is None or not QFontDatabase.families():
        return {}  # nothing can be measured: the page places them by itself
    place_labels(stage, stage.keys, 1.0)
    placed = {key: stage.labels.get(key, level_of(1.0)) for key in stage.keys}
    return {
        key: [
            None if spot is None else [round(x, 1) for x in (*spot.centre, *(spot.anchor or ()))] for spot in each.spots
        ]
        for key, each in placed.items()
        if each is not None and key not in stage.wishes.cramped
    }


def path_text(route: Array) -> str:
    """A route (m, 4, 2) as a path of SVG."""
    curves = (" ".join(f"{number:.6g}" for number in curve[1:].ravel()) for curve in route)
    return f"M{route[0, 0, 0]:.6g} {route[0, 0, 1]:.6g}" + "".join(f"C{curve}" for curve in curves)
