"""One self-contained web page that plays the passes of a graph, and computes them anew where a value is changed.

It asks for nothing from anywhere: its policy forbids that, and allows only the script and the style that it was written
with. What a file brought in is text everywhere: escaped in the heading, and data beside the script.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from html import escape
from importlib.resources import files

from engine.errors import ExportError
from engine.export.javascript import passes_source
from engine.export.page_facts import STRAIGHT, UNPLACED, LabelPlaces, page_facts
from engine.export.page_questions import PageMistakes
from engine.export.page_story import page_story, story_source
from engine.export.target import export
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.passes.trace import Trace
from engine.show.story import StoryTrace
from engine.show.wording import Wording
from engine.text.write import printable

LIBRARY = ("arrays", "words", "images", "numbers", "passes")  # what the program needs
_SHOWS = ("frame", "overview", "picture", "motion", "captions", "mistakes", "predict", "learning", "page", "begin")
SCRIPTS = (*LIBRARY, *_SHOWS)
_FOLDER = files("assets") / "web"


@dataclass(frozen=True)
class PageStart:
    """How a page looks when it is opened. None: in the colours of the reader's system; at the end of the passes."""

    theme: str | None = None
    wording: Wording = "gradient"
    position: float | None = None
    speed: float = 1.0
    learn: bool = False


@export("web", "Web page", ".html", order=72)
def write_web_page(graph: Graph, trace: Trace) -> str:
    """The whole page. Raises ExportError for a graph without nodes."""
    return page_text(graph, trace)


def page_text(
    graph: Graph,
    trace: Trace,
    start: PageStart | None = None,
    ways: Mapping[EdgeKey, str] = STRAIGHT,
    labels: Mapping[EdgeKey, LabelPlaces] = UNPLACED,
) -> str:
    """The page as text; `ways` of shown edges that do not run straight, as paths of SVG; the places of their `labels`.

    Raises ExportError for a graph without nodes.
    """
    if not graph.nodes:
        raise ExportError("There is nothing to show: the graph has no nodes.")
    story = page_story(graph, trace)
    mistakes = PageMistakes()
    facts = page_facts(graph, trace, ways, labels, mistakes, story) | {"start": asdict(start or PageStart())}
    style, script = asset("page.css"), script_source(graph, trace, story, mistakes)
    parts = {
        "title": escape(printable(graph.title) or "Computational graph"),
        "player": asset("player.html").rstrip(),
        "style": style,
        "style_hash": policy_hash(style),
        "facts": as_data(facts),
        "script": script,
        "script_hash": policy_hash(script),
    }
    return filled("page.html", parts)


def filled(name: str, parts: Mapping[str, str]) -> str:
    """A file of the page with these parts in their places."""
    return re.sub(rf"{{({'|'.join(parts)})}}", lambda place: parts[place[1]], asset(name))


def script_source(graph: Graph, trace: Trace, story: StoryTrace | None, mistakes: PageMistakes) -> str:
    """The script: the files of the page, and before the last the program of this graph and of its mistakes."""
    return scripts(SCRIPTS, [program_source(graph, trace, "program", story), mistakes.script])


def scripts(names: Sequence[str], programs: Sequence[str]) -> str:
    """Files of a page as one script, these programs before the last."""
    sources = [asset(f"{name}.js").replace('"use strict";\n', "") for name in names]
    return "\n".join(['"use strict";', *sources[:-1], *programs, sources[-1]])


def program_source(graph: Graph, trace: Trace, name: str, story: StoryTrace | None = None) -> str:
    """What computes both passes of a graph, and one step of learning where it is asked for, as a function."""
    learning = "" if story is None else f"\nif (!run.learns) return;\n{story_source(graph, trace, story)}"
    return f"function {name}(run) {{\nconst {{ v, g }} = run;\n{passes_source(graph, trace)}{learning}\n}}\n"


def asset(name: str) -> str:
    """A file of the page as it stands."""
    return (_FOLDER / name).read_text("utf-8")


def as_data(facts: object) -> str:
    """JSON in which no text can end the element that it stands in."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def policy_hash(source: str) -> str:
    """What the policy of a page knows a script or a style by."""
    return f"sha256-{b64encode(sha256(source.encode('utf-8')).digest()).decode('ascii')}"
