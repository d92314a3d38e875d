"""A picture, a film or a web page of a graph, without a window: the ending of OUT says which.

Pictures are .png, .svg and .pdf; films of the passes .gif, .webp and .mp4; .html is a page that plays them, and on
which values can be changed. POSITION is a number of steps (7.5 is half-way through the eighth), or start, backward or
end. A picture and a page show the end and a film begins at the start unless told otherwise.

  gradloom render --expr "f = (x + y) * z" --set x=-2 --set y=5 --set z=-4 product.svg
  gradloom render product.gradloom product.html
  gradloom render product.gradloom product.gif --theme dark --size 800x600 --speed 2
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from engine.commands._source import add_source, read_source
from engine.errors import ExportError, GradloomError
from engine.graph.graph import Graph
from engine.show.beside import EDGES_SHOWN, OnEdges
from engine.show.wording import WORDINGS

BAR = 30  # letters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_source(parser)
    add = parser.add_argument
    add("out", metavar="OUT", nargs="?", help="the file to write: .png, .svg, .pdf, .gif, .webp, .mp4 or .html")
    add("--at", metavar="POSITION", help="the moment to show, or where a film begins")
    add("--scale", type=float, metavar="FACTOR", help="the size: 1 is as on screen")
    add("--size", metavar="WxH", help="the exact size in pixels; the whole graph is fitted in")
    add("--theme", choices=("light", "dark"), help="the colours (default light; of a page the reader’s)")
    add("--wording", choices=WORDINGS, default="gradient", help="the language of the captions (default gradient)")
    add("--edges", choices=EDGES_SHOWN, default="both", help="what stands beside them (default values and gradients)")
    add("--leaf", metavar="NAME", help="the leaf that moves, for --edges tangents")
    add(
        "--captions", action=argparse.BooleanOptionalAction, help="the step in words and numbers (default: under films)"
    )
    add("--learn", action="store_true", help="and one step of learning behind both passes: update, and forward again")
    add("--train", type=int, metavar="STEPS", help="a film of so many steps of training: the knobs turn, maps change")
    add("--speed", type=float, default=1.0, metavar="FACTOR", help="how fast a film plays (default 1)")
    add("--fps", type=int, metavar="N", help="how many frames a second a film has")
    add("--transparent", action="store_true", help="no background (.png, .svg, .pdf)")


def handle(args: argparse.Namespace) -> int:
    """Render the picture that the arguments ask for. Raises GradloomError."""
    if args.out is None and args.expr is not None:
        args.source, args.out = None, args.source
    if args.out is None:
        raise GradloomError(
            "give the file to write: its ending says what it is (.png, .svg, .pdf, .gif, .webp, .mp4, .html)"
        )
    graph = read_source(args)
    if args.out.lower().endswith(".html"):
        _write_page(graph, args)
        return 0
    _check_training(args)
    start_qt(widgets=args.train is not None)
    from engine.session import Session
    from engine.show.story import story_of
    from gui.pictures.options import THEMES, PictureOptions, read_position, read_size
    from gui.pictures.picture_file import write_picture

    trace = Session(graph).now.trace
    if args.learn:
        graph, trace = story_of(graph)
    options = PictureOptions(
        THEMES[args.theme or "light"],
        args.wording,
        args.captions,
        args.scale,
        None if args.size is None else read_size(args.size),
        None if args.at is None else read_position(args.at, trace),
        args.speed,
        args.fps,
        args.transparent,
        _on_edges(args, graph),
    )
    if args.train is not None:
        from gui.pictures.learning_film import write_learning

        _watch(write_learning(graph, args.train, Path(args.out), options), args.out)
        return 0
    _watch(write_picture(graph, trace, Path(args.out), options), args.out)
    return 0


def _check_training(args: argparse.Namespace) -> None:
    """Raises ExportError for what has no meaning in the film of a training: it shows the ends of passes."""
    given = {"at": args.at, "scale": args.scale, "captions": args.captions, "learn": args.learn or None}
    unfit = [name for name, wish in given.items() if wish is not None]
    if args.train is not None and unfit:
        raise ExportError(
            f"The film of a training takes no --{unfit[0]}: it shows the end of both passes, step by step."
        )


def _write_page(graph: Graph, args: argparse.Namespace) -> None:
    """A web page: it has no size of its own, and needs no fonts; with them labels are placed as on the canvas."""
    from engine.export import trace_for
    from engine.export.page_story import page_story
    from engine.export.web_page import PageStart
    from engine.files.replace import write_atomically
    from gui.pictures.options import Kind, PictureOptions, check_options, read_position
    from gui.pictures.page import routed_page

    unfit = [f"--{name}" for name in ("scale", "size", "captions", "fps") if getattr(args, name) is not None]
    unfit += [f"--{name}" for name in ("transparent", "train") if getattr(args, name)]
    unfit += ["--edges"] if args.edges != "both" else []
    if unfit:
        raise ExportError(f"A web page takes no {unfit[0]}: it fits itself to the window, and says everything.")
    check_options(Kind("html", "Web page"), PictureOptions(speed=args.speed))
    with suppress(ExportError):
        start_qt()
    trace = trace_for(graph)
    if args.learn and page_story(graph, trace) is None:
        raise ExportError(
            "The page can tell no step of learning: the graph needs a target, and parameters that reach it."
        )
    at = None if args.at is None else read_position(args.at, trace)
    write_atomically(
        args.out, routed_page(graph, trace, PageStart(args.theme, args.wording, at, args.speed, args.learn)).encode()
    )


def _on_edges(args: argparse.Namespace, graph: Graph) -> OnEdges:
    """What stands beside the edges. Raises GradloomError where no leaf moves."""
    if args.edges != "tangents":
        return OnEdges(args.edges)
    leaf = args.leaf or ""
    if leaf not in graph.nodes or not graph.nodes[leaf].op.holds_value:
        raise GradloomError(f"tangents need a leaf that moves: --leaf NAME, and there is no leaf “{leaf}”")
    return OnEdges("tangents", leaf)


def start_qt(widgets: bool = False) -> None:
    """Qt without a screen. Raises ExportError where there is nothing to write with."""
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    if QGuiApplication.instance() is None:
        if sys.platform.startswith("linux"):  # the others draw without a screen as they are
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        global _app
        _app = _widgets_app() if widgets else QGuiApplication(["gradloom"])
    if not QFontDatabase.families():
        raise ExportError("This system has no fonts to write with: install some, such as fonts-dejavu-core.")


def _widgets_app() -> object:
    """Parts of the window are in the picture: they are dressed as in the window."""
    from PySide6.QtWidgets import QApplication

    from gui.look import style

    app = QApplication(["gradloom"])
    style.apply(app)
    return app


_app: object = None  # Qt's application must live as long as the process


def _watch(writing: Generator[float, None, None], name: str) -> None:
    """Let it be written; on a terminal, with a bar of how much is done. Raises KeyboardInterrupt between two frames."""
    shows = sys.stderr.isatty()
    with closing(writing), _interrupted() as interrupted:
        for done in writing:
            if shows:
                print(f"\r{name}  {'█' * round(BAR * done):░<{BAR}} {done:4.0%}", end="", file=sys.stderr, flush=True)
            if interrupted() and done < 1:
                raise KeyboardInterrupt
    if shows:
        print(file=sys.stderr)


@contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl+C was pressed. In the midst of a frame it must not end it: Qt would be left with half a drawing."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
