"""The web page of a graph, its edges led past the cards as they are on the canvas."""

from engine.export.web_page import PageStart, page_text
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.layout.shown import shown_of
from engine.passes.trace import Trace
from engine.show.frame import frame_at
from engine.show.shown_run import shown_frame
from gui.canvas.model.geometry import Array
from gui.canvas.model.stage import Stage


def routed_page(graph: Graph, trace: Trace, start: PageStart | None = None) -> str:
    """The page as text. Raises ExportError for a graph without nodes."""
    return page_text(graph, trace, start, ways_of(graph, trace))


def ways_of(graph: Graph, trace: Trace) -> dict[EdgeKey, str]:
    """The ways of those edges that have something in their straight way, as paths of SVG."""
    if not graph.nodes:
        return {}
    shown = shown_of(graph)
    stage = Stage(shown.graph, shown_frame(frame_at(trace, float(len(trace))), shown))
    stage.lead_more()
    return {key: path_text(stage.route(key)) for key in stage.keys if len(stage.route(key)) > 1}


def path_text(route: Array) -> str:
    """A route (m, 4, 2) as a path of SVG."""
    curves = (" ".join(f"{number:.6g}" for number in curve[1:].ravel()) for curve in route)
    return f"M{route[0, 0, 0]:.6g} {route[0, 0, 1]:.6g}" + "".join(f"C{curve}" for curve in curves)
