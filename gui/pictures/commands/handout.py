"""A handout as a PDF: the graph, and each step with its formula and its numbers, or with blanks to fill in.

With --blank there are blanks, and the solution goes into a second file: OUT-solution.pdf. With --seed each student gets
other numbers, chosen so that they come out well, and always the same for the same seed.

  gradloom handout solution.gradloom ada.pdf --blank --seed 7
  gradloom handout --expr "q = x + y; f = q * z" --set x=-2 --set y=5 --set z=-4 product.pdf
"""

import argparse
from pathlib import Path

from engine import edits
from engine.commands._source import add_source, read_source
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.teach.exercises import drawn
from gui.pictures.commands.render import start_qt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_source(parser, seed=False)
    parser.add_argument("out", metavar="OUT", nargs="?", help="the .pdf file to write")
    parser.add_argument("--blank", action="store_true", help="leave blanks; the solution is a second file")
    parser.add_argument("--seed", dest="student", metavar="N", type=int, help="the student's number, for other values")


def handle(args: argparse.Namespace) -> int:
    """Write one file or two. Raises GradloomError."""
    if args.out is None and args.expr is not None:
        args.source, args.out = None, args.source
    if args.out is None or Path(args.out).suffix.lower() != ".pdf":
        raise GradloomError("give the file to write: it must end in .pdf")
    if args.student is not None and args.student < 0:
        raise GradloomError("--seed takes a whole number, 0 or above")
    graph = _of_student(read_source(args, known=True), args.student)
    trace = run(graph)
    start_qt()
    from gui.pictures.handout_files import write_handout

    write_handout(graph, trace, Path(args.out), args.blank)
    return 0


def _of_student(graph: Graph, student: int | None) -> Graph:
    if student is None:
        return graph
    own = drawn(graph, student)
    said = dict(own.fact("exercise") or {}) | {"student": student}
    return own.apply(edits.set_fact(own, "exercise", said))
