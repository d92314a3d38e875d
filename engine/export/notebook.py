"""What a notebook shows of a graph or a trace: the web page in a frame of its own, or a picture of the end of the pass.

The picture is drawn without Qt, so widths of letters are guessed; what may be too long is cut short.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape

from engine.export.target import trace_for
from engine.export.web_page import asset, page_text
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.layout.layout import NODE_WIDTH, node_height
from engine.layout.shown import shown_of
from engine.passes.trace import Trace
from engine.show.frame import Frame, frame_at
from engine.show.shown_run import shown_frame
from engine.text.write import printable
from engine.values.notebook import InNotebook
from engine.values.values import value_text

HIGH = 720  # pixels of the frame that the page gets
MARGIN, SEED = 24, 56
MOST_LETTERS, MOST_ELEMENTS = 13, 2
LEAST_REACH, REACH = 48.0, 0.45  # how far an edge runs level, in pixels and as a share of the way, as on the canvas


def notebook_html(thing: InNotebook) -> str | None:
    """The page of a graph or a trace, shut off from the notebook around it."""
    found = _graph_and_trace(thing)
    if found is None:
        return None
    title = escape(_title(found[0]), quote=True)
    page = escape(page_text(*found), quote=True)
    size = f"width: 100%; height: {HIGH}px; border: 0"
    return f'<iframe sandbox="allow-scripts" title="{title}" style="{size}" srcdoc="{page}"></iframe>'


def notebook_svg(thing: InNotebook) -> str | None:
    """A picture of it, with all values and gradients."""
    found = _graph_and_trace(thing)
    if found is None:
        return None
    shown = shown_of(found[0])
    frame = shown_frame(frame_at(found[1], float(len(found[1]))), shown)
    graph = shown.graph
    boxes = [(*node.pos, node.pos[0] + NODE_WIDTH, node.pos[1] + _height(graph, node)) for node in graph.nodes.values()]
    left, top = min(box[0] for box in boxes) - MARGIN, min(box[1] for box in boxes) - MARGIN
    wide = max(box[2] for box in boxes) + MARGIN + SEED - left
    high = max(box[3] for box in boxes) + MARGIN - top
    drawn = [*_edges(graph, frame), *(part for node in graph.nodes.values() for part in _card(graph, frame, node))]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {wide:g} {high:g}" width="{wide:g}"'
        f' height="{high:g}" font-family="Inter, Noto Sans, DejaVu Sans, sans-serif" font-size="13">',
        f"<title>{escape(_title(found[0]))}</title>",
        f'<rect x="{left:g}" y="{top:g}" width="{wide:g}" height="{high:g}" fill="{colours()["canvas"]}"/>',
        *drawn,
        "</svg>",
    ])  # fmt: skip


def _title(graph: Graph) -> str:
    return printable(graph.title) or "Computational graph"


def _graph_and_trace(thing: InNotebook) -> tuple[Graph, Trace] | None:
    if isinstance(thing, Graph):
        return (thing, trace_for(thing)) if thing.nodes else None
    if isinstance(thing, Trace) and thing.graph is not None and thing.graph.nodes:
        return thing.graph, thing
    return None


@cache
def colours() -> dict[str, str]:
    """The light colours, by their use."""
    return dict(re.findall(r"--(\w+): (#\w+);", asset("page.css").split('[data-theme="dark"]')[0]))


def _height(graph: Graph, node: Node) -> int:
    return node_height(graph.port_count(node.id))


def _edges(graph: Graph, frame: Frame) -> Iterator[str]:
    for edge in graph.ordered_edges():
        (x0, y0), (x1, y1) = _start(graph, edge), _end(graph, edge)
        reach = max(LEAST_REACH, abs(x1 - x0) * REACH)
        sent = frame.contribution(edge.key)
        tone = colours()["edge" if sent is None else _tone(value_text(sent))]
        way = f"M{x0:g} {y0:g}C{x0 + reach:g} {y0:g} {x1 - reach:g} {y1:g} {x1:g} {y1:g}"
        yield f'<path d="{way}" fill="none" stroke="{tone}" stroke-width="2"/>'


def _start(graph: Graph, edge: Edge) -> tuple[float, float]:
    node = graph.nodes[edge.source]
    share = (edge.output + 1) / (graph.output_count(node.id) + 1)
    return node.pos[0] + NODE_WIDTH, node.pos[1] + _height(graph, node) * share


def _end(graph: Graph, edge: Edge) -> tuple[float, float]:
    node = graph.nodes[edge.dest]
    return node.pos[0], node.pos[1] + _height(graph, node) * (edge.port + 1) / (graph.port_count(node.id) + 1)


def _card(graph: Graph, frame: Frame, node: Node) -> Iterator[str]:
    tones, high = colours(), _height(graph, node)
    kind = tones.get(node.op.family, tones["faint"])
    yield f'<g transform="translate({node.pos[0]:g} {node.pos[1]:g})">'
    yield f'<rect width="{NODE_WIDTH}" height="{high}" rx="10" fill="{tones["node"]}" stroke="{tones["line"]}"/>'
    yield f'<rect width="5" height="{high - 16}" y="8" rx="2" fill="{kind}"/>'
    sign = "" if node.op.is_leaf else f'<tspan fill="{kind}">{escape(printable(node.op.symbol))}</tspan> '
    yield f'<text x="15" y="26" font-size="15" font-weight="600" fill="{tones["text"]}">{sign}{_cut(node.name)}</text>'
    value, gradient = frame.value(node.id), frame.gradient(node.id)
    for y, word, number in ((50, "value", value), (70, "gradient", gradient)):
        said = "—" if number is None else value_text(number, 4, MOST_ELEMENTS)
        tone = tones["value" if word == "value" else "faint" if number is None else _tone(said)]
        yield f'<text x="15" y="{y}" font-size="11" fill="{tones["faint"]}">{word}</text>'
        yield f'<text x="127" y="{y}" font-weight="600" text-anchor="end" fill="{tone}">{escape(said)}</text>'
    yield "</g>"


def _tone(said: str) -> str:
    """The colour of a gradient, by its sign as it is written; of a tensor that of text."""
    if "×" in said or "[" in said or "-" in said:
        return "soft"
    return "zero" if said == "0" else "warn" if said == "nan" else "neg" if said.startswith("−") else "pos"


def _cut(name: str) -> str:
    said = printable(name)
    return escape(said if len(said) <= MOST_LETTERS else f"{said[:6]}…{said[-6:]}")
