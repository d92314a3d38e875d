"""The files of a handout: one with blanks and one with the solution, or the solution alone; both or neither."""

from pathlib import Path

from engine.export.target import Export
from engine.files.replace import write_atomically
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from gui.pictures.handout import handout_pdf

HANDOUT = Export("handout", "Handout", ".pdf", lambda graph, trace: handout_pdf(graph, trace, False).data, binary=True)


def solution_path(path: Path) -> Path:
    """Where the solution of a handout goes: `ada.pdf` → `ada-solution.pdf`."""
    return path.with_name(f"{path.stem}-solution{path.suffix}")


def write_handout(graph: Graph, trace: Trace, path: Path, blank: bool) -> list[Path]:
    """Write a handout and its solution; not `blank`: only that. Raises ExportError, FileError."""
    solution = handout_pdf(graph, trace, solved=True).data
    if not blank:
        write_atomically(path, solution)
        return [path]
    asked = handout_pdf(graph, trace, solved=False).data
    write_atomically(solution_path(path), solution)
    write_atomically(path, asked)
    return [path, solution_path(path)]
