"""Write a graph as code, text or data: NumPy, PyTorch, LaTeX, Graphviz and others.

TARGET is one of the names that --list shows; without it, the ending of OUT decides. OUT may be -, to print.

  gradloom export --expr "q = x + y; f = q * z" product.dot
  gradloom export product.gradloom - --to numpy
"""

import argparse
import sys

from engine.commands._report import table
from engine.commands._source import add_source, read_source
from engine.errors import GradloomError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("out", metavar="OUT", nargs="?", help="the file to write, or - to print")
    parser.add_argument("--to", metavar="TARGET", help="what to write it as")
    parser.add_argument("--list", action="store_true", help="show the targets")


def handle(args: argparse.Namespace) -> int:
    from engine.export import EXPORTS, target_for, trace_for
    from engine.files.replace import write_atomically

    if args.list:
        print(table(["target", "ending", "writes"], [[e.name, e.ending, e.title] for e in EXPORTS.values()]))
        return 0
    if args.out is None and args.expr is not None:
        args.source, args.out = None, args.source
    if args.out is None:
        raise GradloomError("give the file to write, or - to print")
    target = target_for(args.out, args.to)
    graph = read_source(args)
    written = target.write(graph, trace_for(graph))
    data = written.encode("utf-8") if isinstance(written, str) else written
    if args.out == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    else:
        write_atomically(args.out, data)
    return 0
