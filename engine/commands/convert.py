"""Save an expression or an older file as a .gradloom file, or a graph as a program.

OUT ends in .gradloom, or in .txt or .py for a program that reads back to the same graph. Values, parameters, target and
seed given here are saved too.

  gradloom convert --expr "q = x + y; f = q * z" product.gradloom
  gradloom convert product.gradloom product.py
"""

import argparse
from pathlib import Path

from engine.commands._source import add_source, read_source
from engine.errors import GradloomError
from engine.files.disk import SUFFIX, save
from engine.files.open import PROGRAM_SUFFIXES
from engine.files.replace import write_atomically
from engine.text.write import unparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("out", metavar="OUT", help="the file to write: .gradloom, .txt or .py")


def handle(args: argparse.Namespace) -> int:
    suffix = Path(args.out).suffix.lower()
    if suffix not in (SUFFIX, *PROGRAM_SUFFIXES):
        raise GradloomError(f"“{args.out}” must end in {SUFFIX}, .txt or .py; gradloom export writes others")
    graph = read_source(args)
    if suffix == SUFFIX:
        save(graph, args.out)
    else:
        write_atomically(args.out, unparse(graph).encode("utf-8"))
    return 0
