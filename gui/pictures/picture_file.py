"""A graph into a picture file: checks, then writes it whole or not at all, step by step so that it can be cancelled."""

from collections.abc import Generator
from pathlib import Path

from engine.files.replace import replacing
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from gui.pictures import still
from gui.pictures.film import film
from gui.pictures.options import PictureOptions, check_options, kind_of
from gui.pictures.sheet import Sheet

STILLS = {"png": still.png_of, "svg": still.svg_of, "pdf": still.pdf_of}


def write_picture(graph: Graph, trace: Trace, path: Path, options: PictureOptions) -> Generator[float, None, None]:
    """Write a picture or a film of a graph; yields how much is done, from 0 to 1. Closing the iterator cancels.

    Raises ExportError and FileError; whatever was at `path` before is then untouched, as it is when cancelled.
    """
    kind = kind_of(path)
    check_options(kind, options)
    sheet = Sheet(graph, trace, kind, options)
    with replacing(path) as draft:
        yield 0.0
        if kind.film:
            yield from film(sheet, kind, options, draft)
        else:
            at = len(trace) if options.position is None else options.position
            draft.write_bytes(STILLS[kind.ending](sheet, at))
    yield 1.0
