"""Make a student's exercise of a graph: other numbers, hidden values, locked nodes.

With --seed each student gets other numbers, chosen so that they come out well, and always the same for the same seed;
gradloom grade takes them from the student's file. A node that is locked can only be moved. --hide asks for the value
and the gradient of a node; --answer gives an answer, and is for students. --build leaves only the leaves, and asks for
the graph of the formula. What is asked stands in the file, and in a note above the graph.

  gradloom exercise solution.gradloom ada.gradloom --seed 7 --hide q --hide f --lock x
  gradloom exercise solution.gradloom ada.gradloom --seed 7 --build
  gradloom exercise ada.gradloom ada.gradloom --answer q.value=3 --answer q.gradient=-4
"""

import argparse
from pathlib import Path
from typing import Any

from engine import edits
from engine.commands._source import add_source, read_source
from engine.errors import GradloomError
from engine.files.disk import SUFFIX, save
from engine.graph.graph import Graph
from engine.teach.exercises import Handed, handed_out
from engine.values.literal import parse_value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser, seed=False)
    add = parser.add_argument
    many: dict[str, Any] = {"action": "append", "default": []}
    add("out", metavar="OUT", help="the .gradloom file to write")
    add("--seed", dest="student", metavar="N", type=int, help="the student's number, from which values are drawn")
    add("--hide", metavar="NODE", help="ask for the value and the gradient of a node", **many)
    add("--lock", metavar="NODE", help="a node that can only be moved", **many)
    add("--build", action="store_true", help="leave only the leaves, and ask for the rest")
    add("--question", metavar="TEXT", default="", help="what is asked, in your own words")
    add("--answer", metavar="NODE.value=NUMBER", help="answer what is asked (or NODE.gradient=NUMBER)", **many)


def handle(args: argparse.Namespace) -> int:
    if Path(args.out).suffix.lower() != SUFFIX:
        raise GradloomError(f"“{args.out}” must end in {SUFFIX}")
    if args.student is not None and args.student < 0:
        raise GradloomError("--seed takes a whole number, 0 or above")
    graph = read_source(args, known=True)
    asks = args.student is not None or args.hide or args.lock or args.build or args.question
    if args.answer and asks:
        raise GradloomError("--answer is for a student's file: give it alone")
    if args.answer:
        save(_answered(graph, args.answer), args.out)
        return 0
    if not asks:
        raise GradloomError("say what the exercise is: --seed, --hide, --lock, --build or --question")
    how = Handed(
        args.student, tuple(dict.fromkeys(args.hide)), tuple(dict.fromkeys(args.lock)), args.question, args.build
    )
    save(handed_out(graph, how), args.out)
    return 0


def _answered(graph: Graph, answers: list[str]) -> Graph:
    for text in answers:
        place, equals, number = text.partition("=")
        node, dot, kind = place.strip().rpartition(".")
        if not equals or not dot:
            raise GradloomError(f"--answer takes NODE.value=NUMBER or NODE.gradient=NUMBER, not “{text}”")
        try:
            value = parse_value(number)
        except ValueError as error:
            raise GradloomError(f"--answer {place.strip()}: {error}") from None
        graph = graph.apply(edits.set_answer(graph, node, kind, value))
    return graph
